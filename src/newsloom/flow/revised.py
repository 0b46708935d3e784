"""What publishers changed in their reports, as the log keeps it: it outlives the working state, and leaves with a takedown.

Kept are headline, byline and figures, before and after; what else changed stays in the working state (`newsloom explain`).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from datetime import datetime

from newsloom.model.event import Event
from newsloom.model.item import recorded_id
from newsloom.model.record import Bookkeeping, RecordFile
from newsloom.model.version import Change, ChangedField, Revision
from newsloom.vocab.rights import snippet_limit

_KEPT: tuple[ChangedField, ...] = ("title", "figures", "byline")
_OF_DECISION: Mapping[str, ChangedField] = {"title": "title", "authors": "byline"}
_LONGEST = 300
_MOST = 20


def revised_events(item: str, found: Iterable[Revision], logged: Set[tuple[str, datetime]]) -> list[Event]:
    """Return the events that tell of *found*, the changes of *item*, without those in *logged* by item and moment."""
    events = []
    for revision in found:
        told = {
            change.field: [_short(change.before), _short(change.after)]
            for change in revision.changes
            if change.field in _KEPT
        }
        if told and (item, revision.at) not in logged:
            detail = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
            events.append(Event(revision.at, "revised", item, detail))
    return events


def revisions_told(
    files: Iterable[RecordFile], events: Iterable[Event], now: datetime
) -> dict[str, tuple[Revision, ...]]:
    """Return item id → what its publisher changed until *now*, oldest first, the last 20 times at most.

    Of a page that limits how much of its text may be quoted, figures are left out: they come from the text. Where a person
    decided the headline or the byline, what the publisher wrote there before and after is nobody's business any more.
    """
    untold = {recorded_id(file): _untold(file.record.bookkeeping) for file in files}
    found: dict[str, dict[datetime, Revision]] = defaultdict(dict)
    for event in events:
        if event.kind == "revised" and event.at <= now and event.item in untold:
            changes = tuple(one for one in _changes(event.detail) if one.field not in untold[event.item])
            if changes:
                found[event.item][event.at] = Revision(event.at, changes)
    return {item: tuple(by_time[at] for at in sorted(by_time)[-_MOST:]) for item, by_time in found.items()}


def _untold(notes: Bookkeeping | None) -> frozenset[ChangedField]:
    if notes is None:
        return frozenset()
    untold = {_OF_DECISION[decision.field] for decision in notes.decisions if decision.field in _OF_DECISION}
    if snippet_limit(notes.rights, _LONGEST) < _LONGEST:
        untold.add("figures")
    return frozenset(untold)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _changes(detail: str) -> tuple[Change, ...]:
    """Return the changes that *detail* tells; what is not of our form counts as none, since anybody may write in the log."""
    try:
        told = json.loads(detail)
    except (ValueError, RecursionError):
        return ()
    pairs = [(field, told.get(field)) for field in _KEPT] if isinstance(told, dict) else []
    return tuple(
        Change(field, _short(pair[0]), _short(pair[1]))
        for field, pair in pairs
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(text, str) for text in pair)
    )
