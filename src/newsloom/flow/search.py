"""Search the items at hand, by their own words and by those a person gave them."""

from __future__ import annotations

import re

from newsloom.flow.reconcile import Shelf
from newsloom.flow.world import Bench
from newsloom.model.record import RecordFile


def search(bench: Bench, shelf: Shelf, words: str, limit: int) -> list[RecordFile]:
    """Return at most *limit* records that match all of *words*: those whose edited title or excerpt does, then best first.

    The working state holds what publishers wrote; headlines of our own are in the records alone.
    """
    with bench.ports.store.begin() as work:
        found = [*_edited(shelf, words), *work.items.search(words, limit)]
    return [shelf.files[key] for key in dict.fromkeys(found) if key in shelf.files][:limit]


def _edited(shelf: Shelf, words: str) -> list[str]:
    wanted = set(re.findall(r"\w+", words.casefold()))
    found = []
    for key, fields in shelf.decided.items():
        if wanted and not fields.isdisjoint(("title", "excerpt")):
            record = shelf.files[key].record
            if wanted <= set(re.findall(r"\w+", f"{record.title} {record.excerpt}".casefold())):
                found.append(key)
    return found
