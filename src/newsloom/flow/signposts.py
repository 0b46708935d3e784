"""What the feeds and redirects of an archive say of its pages: a crawl is read as the web was that it is of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from newsloom.errors import NewsloomError
from newsloom.flow.keep import Keeper
from newsloom.flow.world import Bench, said
from newsloom.model.notice import Notice
from newsloom.model.page import ArchivedMove, ArchivedPage, FeedEntry, FetchedPage, QueuedEntry
from newsloom.model.source import Source
from newsloom.stages.collect import entry_notes
from newsloom.stages.identity import listed
from newsloom.vocab.urls import identity

MOST_ENTRIES = 100_000
MOST_MOVES = 200_000
_MOST_HOPS = 10
"""As many redirects as the fetcher follows."""


class Moves:
    """The redirects of an archive, by what is the same address however it is written. The first of an address counts."""

    def __init__(self) -> None:
        self._targets: dict[str, str] = {}

    def add(self, move: ArchivedMove) -> None:
        """Remember *move*, up to `MOST_MOVES`."""
        if len(self._targets) < MOST_MOVES and identity(move.url) != identity(move.target):
            self._targets.setdefault(identity(move.url), identity(move.target))

    def place(self, url: str) -> str:
        """Return the identity of the address that *url* leads to in the end; its own where nothing moved it, or in a circle."""
        here = start = identity(url)
        for _ in range(_MOST_HOPS):
            if here not in self._targets:
                return here
            here = self._targets[here]
        return start


class Signposts:
    """The entries that an archive's feeds list, each found by the address of its page; what no page answered is left over."""

    def __init__(self, bench: Bench, keeper: Keeper, source: Source) -> None:
        self._bench, self._keeper, self._source = bench, keeper, source
        self._entries: dict[str, QueuedEntry] = {}
        self._moves = Moves()
        self._by_place: dict[str, str] = {}
        self._answered: set[str] = set()

    def read(self, found: Iterable[ArchivedPage | ArchivedMove]) -> None:
        """Take in all feeds and redirects. A feed that cannot be read is noted."""
        for one in found:
            if isinstance(one, ArchivedMove):
                self._moves.add(one)
            else:
                self._feed(one)
        for key, queued in self._entries.items():
            self._by_place.setdefault(self._moves.place(queued.entry.link or ""), key)

    def queued(self, page: ArchivedPage) -> QueuedEntry:
        """Return what leads to *page*: the entry of a feed, else its address alone."""
        key = self._by_place.get(identity(page.url))
        if key is not None:
            self._answered.add(key)
            return self._entries[key]
        return replace(
            self._keeper.queued(self._source, FeedEntry(link=page.url)), first_seen=page.fetched or self._keeper.now
        )

    def left_over(self) -> Iterator[QueuedEntry]:
        """Yield the entries whose page the archive does not hold, in the order of the feeds."""
        for key in self._by_place.values():
            if key not in self._answered:
                yield self._entries[key]

    def _feed(self, page: ArchivedPage) -> None:
        try:
            document = self._bench.ports.feeds.read(fetched(page, page.url, self._keeper.now))
        except NewsloomError as error:
            self._bench.notify(Notice("skipped", page.url, said(error, page.url)))
            return
        for note in entry_notes(document):
            self._bench.notify(Notice("skipped", page.url, note))
        # Whose GUIDs they are, the feed's address tells: an archive holds those of many publishers.
        for one in listed(document, replace(self._source, url=page.url)):
            queued = self._keeper.queued(self._source, one.entry, one.keys)
            seen = page.fetched or self._keeper.now
            if known := self._entries.get(queued.key):
                seen = min(seen, known.first_seen)
            elif len(self._entries) == MOST_ENTRIES:
                return
            self._entries[queued.key] = replace(queued, first_seen=seen)


def fetched(page: ArchivedPage, url: str, now: datetime) -> FetchedPage:
    """Return *page* as it was fetched, asked for at *url*; at *now* where its archive does not tell when."""
    return FetchedPage(
        url=url,
        final_url=page.url,
        status=200,
        body=page.body,
        fetched=page.fetched or now,
        content_type=page.content_type,
        charset=page.charset,
        headers=page.headers,
    )
