"""Search the items at hand, by their own words and by those a person gave them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from newsloom.flow.world import Bench
from newsloom.model.item import recorded_id
from newsloom.model.record import RecordFile
from newsloom.stages.record import edited_fields

_HEADLINE = frozenset({"title", "excerpt"})


def search(bench: Bench, files: Sequence[RecordFile], words: str, limit: int) -> list[RecordFile]:
    """Return at most *limit* of *files* that match all of *words*: those whose edited title or excerpt does, then best first.

    The working state holds what publishers wrote; headlines of our own, and records that came since the last run, are in
    the records alone.
    """
    by_item: dict[str, RecordFile] = {}
    for file in files:
        by_item.setdefault(recorded_id(file), file)
    told = _telling(by_item, words)
    edited = [key for key in told if _has_own_headline(by_item[key])]
    with bench.ports.store.begin() as work:
        found = dict.fromkeys(key for key in (*edited, *work.items.search(words, limit)) if key in by_item)
        if len(found) < limit:
            found |= dict.fromkeys(key for key in told if work.items.find(key) is None)
    return [by_item[key] for key in found][:limit]


def _telling(by_item: dict[str, RecordFile], words: str) -> list[str]:
    """Return the ids of the records with all of *words* in title or excerpt."""
    wanted = set(re.findall(r"\w+", words.casefold()))
    if not wanted:
        return []
    texts = ((key, f"{file.record.title} {file.record.excerpt}".casefold()) for key, file in by_item.items())
    return [
        key for key, text in texts if all(word in text for word in wanted) and wanted <= set(re.findall(r"\w+", text))
    ]


def _has_own_headline(file: RecordFile) -> bool:
    book = file.record.bookkeeping
    decided = {decision.field for decision in book.decisions} if book else set()
    return not _HEADLINE.isdisjoint(decided.union(edited_fields(file.record)))
