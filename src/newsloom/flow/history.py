"""What the records tell of the portal's past, and scoring needs to know: what is usual, and what was there before us."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsloom.model.item import Item
from newsloom.model.record import RecordFile
from newsloom.ports.deciding import Scorer, StoryView
from newsloom.stages.record import item_from
from newsloom.vocab.urls import public_address

_REACH = timedelta(days=30)
"""Stories without a member seen within this time say nothing of what is usual now: their records need not be read."""


@dataclass(frozen=True, slots=True)
class History:
    """What was seen first of each source (by its public address), and what is usual for each topic (`Scorer.usual`)."""

    first_polls: Mapping[str, datetime]
    usual: Mapping[str, float]

    def view(self, story: str, members: Iterable[Item]) -> StoryView:
        """Return *story* as scoring sees it."""
        inside = tuple(sorted(members, key=lambda item: (item.seen_at, item.id)))
        return StoryView(story, inside, self.usual, _backlog(inside, self.first_polls))


def history(files: Iterable[RecordFile], fresh: Sequence[Item], score: Scorer, now: datetime) -> History:
    """Return the history that *files* hold at *now*; *fresh* are items that have no record yet."""
    firsts: dict[str, datetime] = {}
    recent: dict[str, list[Item]] = defaultdict(list)
    for file in files:
        notes = file.record.bookkeeping
        if notes is None or notes.first_seen is None:
            continue
        if notes.source:
            firsts[notes.source] = min(firsts.get(notes.source, notes.first_seen), notes.first_seen)
        if notes.story and notes.first_seen >= now - _REACH:
            recent[notes.story].append(item_from(file))
    for item in fresh:
        if item.source:
            source = public_address(item.source)
            firsts[source] = min(firsts.get(source, item.first_seen), item.first_seen)
    plain = History(firsts, {})
    return History(firsts, score.usual((plain.view(story, members) for story, members in recent.items()), now))


def _backlog(members: Sequence[Item], firsts: Mapping[str, datetime]) -> frozenset[str]:
    return frozenset(m.id for m in members if m.source and firsts.get(public_address(m.source)) == m.first_seen)
