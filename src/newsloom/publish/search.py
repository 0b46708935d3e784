"""The search index: JSON that the search page's script reads. Cut into parts that stay, so that one new item changes one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice

from newsloom.model.portal import PublishedFile
from newsloom.publish.addresses import Addresses
from newsloom.publish.entries import Entry
from newsloom.publish.pagination import stable_pages
from newsloom.publish.stories import Newsroom, Story
from newsloom.publish.words import Words

_ITEMS_PER_PART = 1000
_PARTS_OF_REPORTS = 10


def search_files(news: Newsroom, places: Addresses, words: Words) -> Iterator[PublishedFile]:
    """Yield `search/index.json`, which names the parts newest first, and the parts.

    A part is a list of items newest first: page address, title, excerpt, provider, topics, instant, date in words, language,
    direction. Reports of a story that have no page of their own stand in parts of their own, without excerpt and topics, and
    lead to the story: the newest 10,000 to 11,000 of them.
    """
    names: list[str] = []
    for part in stable_pages(news.published, _ITEMS_PER_PART):
        name = f"search/{part.number}.json" if part.number else "search/latest.json"
        names.append(places.local(name))
        yield PublishedFile(name, _json([_row(entry, places, words) for entry in part.items]))
    reports = _reports(news)
    for piece in islice(stable_pages(reports, _ITEMS_PER_PART), _PARTS_OF_REPORTS):
        if piece.items:
            name = f"search/reports-{piece.number or 'latest'}.json"
            names.append(places.local(name))
            yield PublishedFile(name, _json([_report_row(entry, story, places, words) for entry, story in piece.items]))
    yield PublishedFile("search/index.json", _json({"parts": names, "items": len(news.published) + len(reports)}))


def _reports(news: Newsroom) -> list[tuple[Entry, Story]]:
    """Return the reports that only their story's page shows, newest first; copies say what their original says."""
    found = [(c.entry, story) for story in news.stories for c in story.coverage if not c.entry.published]
    return sorted(found, key=lambda pair: (pair[0].at, pair[0].id), reverse=True)


def _report_row(entry: Entry, story: Story, places: Addresses, words: Words) -> list[object]:
    row = _row(entry, places, words)
    row[0], row[2], row[4] = places.local(story.page), "", []
    return row


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
