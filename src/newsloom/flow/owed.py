"""Events that were decided and are not in the log yet: kept with the decision, so that a crash between the two loses none."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from newsloom.model.event import Event
from newsloom.model.record import Decision
from newsloom.ports.storing import UnitOfWork

_KEY = "events owed to the log"


def decision_event(item_id: str, decision: Decision) -> Event:
    """Return how the log tells of *decision*."""
    detail = f"story {decision.value}" if decision.field == "story" else decision.field
    return Event(decision.at, "decided", item_id, detail)


def owe(work: UnitOfWork, events: Sequence[Event]) -> None:
    """Remember *events* in the unit of work that stores what they tell of. None: nothing is owed any more."""
    rows = [(event.at.isoformat(), event.kind, event.item, event.detail) for event in events]
    work.put_meta(_KEY, json.dumps(rows, ensure_ascii=False))


def owed(work: UnitOfWork) -> tuple[Event, ...]:
    """Return the events that an interrupted run owes the log; some may be in it already."""
    rows = json.loads(work.get_meta(_KEY) or "[]")
    return tuple(Event(datetime.fromisoformat(at), kind, item, detail) for at, kind, item, detail in rows)
