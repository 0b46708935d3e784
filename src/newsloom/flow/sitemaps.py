"""The sitemaps that an index names, fetched and put together within bounds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from newsloom.errors import FeedError
from newsloom.model.page import FeedDocument, FetchedPage, FetchRequest
from newsloom.ports.fetching import Fetcher
from newsloom.ports.reading import FeedReader

MAX_SITEMAPS = 50
"""Most sitemaps fetched for one source in one run."""
MAX_DEPTH = 3
"""Indexes may name indexes; deeper than this they are a loop or a trap."""


async def with_sitemaps(
    document: FeedDocument, fetcher: Fetcher, reader: FeedReader, skipped: Callable[[str, str], None]
) -> FeedDocument:
    """Return *document* with the entries of the sitemaps it names, and of those that they name in turn.

    Each address is fetched once. What a bound leaves out stands in the notes of the result.

    Args:
        skipped: called with the address of a sitemap that could not be had, and why.
    """
    entries, notes = list(document.entries), list(document.notes)
    asked: set[str] = set()
    named = document.next_sitemaps
    for _ in range(MAX_DEPTH):
        fresh = [url for url in dict.fromkeys(named) if url not in asked]
        room = MAX_SITEMAPS - len(asked)
        if len(fresh) > room:
            notes.append(f"{len(fresh) - room} sitemaps beyond {MAX_SITEMAPS} left out")
        asked.update(fresh[:room])
        parts: list[FeedDocument] = []
        async for request, outcome in fetcher.fetch_all([FetchRequest(url, accept="feed") for url in fresh[:room]]):
            if not isinstance(outcome, FetchedPage):
                skipped(request.url, "a sitemap of the index could not be fetched")
                continue
            try:
                part = reader.read(outcome)
            except FeedError as error:
                skipped(request.url, error.message)
                continue
            parts.append(part)
            notes.extend(f"{request.url}: {note}" for note in part.notes)
        entries.extend(entry for part in parts for entry in part.entries)
        named = tuple(url for part in parts for url in part.next_sitemaps)
        if not named:
            break
    else:
        notes.append(f"{len(set(named) - asked)} sitemaps behind more than {MAX_DEPTH} indexes left out")
    return replace(document, entries=tuple(entries), notes=tuple(notes))
