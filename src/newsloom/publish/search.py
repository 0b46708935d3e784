"""The search index: JSON that the search page's script reads. Cut into parts that stay, so that one new item changes one."""

from __future__ import annotations

import json
from collections.abc import Iterator

from newsloom.model.portal import PublishedFile
from newsloom.publish.addresses import Addresses
from newsloom.publish.entries import Entry
from newsloom.publish.pagination import stable_pages
from newsloom.publish.stories import Newsroom
from newsloom.publish.words import Words

_ITEMS_PER_PART = 1000


def search_files(news: Newsroom, places: Addresses, words: Words) -> Iterator[PublishedFile]:
    """Yield `search/index.json`, which names the parts newest first, and the parts.

    A part is a list of items newest first: page address, title, excerpt, provider, topics, instant, date in words, language,
    direction.
    """
    names: list[str] = []
    for part in stable_pages(news.published, _ITEMS_PER_PART):
        name = f"search/{part.number}.json" if part.number else "search/latest.json"
        names.append(places.local(name))
        yield PublishedFile(name, _json([_row(entry, places, words) for entry in part.items]))
    yield PublishedFile("search/index.json", _json({"parts": names, "items": len(news.published)}))


def _row(entry: Entry, places: Addresses, words: Words) -> list[object]:
    return [
        places.local(entry.page),
        entry.title,
        entry.excerpt,
        entry.provider,
        [topic.name for topic in entry.topics],
        entry.at.isoformat(),
        words.date_time(entry.at),
        entry.language or "",
        entry.direction,
    ]


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"
