"""Put decisions into the records: a file changes only when its bytes do, and never over a person's edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from newsloom.errors import RecordChanged
from newsloom.flow.owed import decision_event, owe
from newsloom.flow.past import state
from newsloom.flow.reconcile import Shelf
from newsloom.flow.revised import revised_events
from newsloom.flow.weave import Woven
from newsloom.flow.world import Bench
from newsloom.model.event import Event
from newsloom.model.item import Item
from newsloom.model.notice import Notice
from newsloom.model.record import Record, RecordFile
from newsloom.stages.record import is_tombstone, item_from, machine_record, merge
from newsloom.stages.versions import revisions

# Rows are marked after their files, so many at a time: a crash between the two repeats at most this many writes.
_CHUNK = 50


def write_records(bench: Bench, shelf: Shelf, woven: Woven, now: datetime) -> None:
    """Write the record of every woven item, file before row, then log what happened.

    Raises:
        StorageError: the disk did not take a record; what was written stays, the rest is pending for the next run.
    """
    bench.notify(Notice("step", "records", "Writing records", len(woven.items)))
    events: dict[str, list[Event]] = {}
    for event in woven.events:
        events.setdefault(event.item, []).append(event)
    pool = {item.id: item for item in woven.items}
    for start in range(0, len(woven.items), _CHUNK):
        done: list[Item] = []
        happened: list[Event] = []
        try:
            for item in woven.items[start : start + _CHUNK]:
                written, told = _write(bench, shelf, item, pool, now)
                if written is not None:
                    done.append(written)
                happened += told + events.get(item.id, [])
        finally:
            bench.ports.log.append(happened)
            with bench.ports.store.begin() as work:
                for item in done:
                    work.items.put(item)
                work.items.mark_recorded(item.id for item in done)
    if woven.events:
        with bench.ports.store.begin() as work:
            owe(work, ())


def _write(
    bench: Bench, shelf: Shelf, item: Item, pool: Mapping[str, Item], now: datetime
) -> tuple[Item | None, list[Event]]:
    """Write one record; return the item with its path and what happened.

    The item is None when its file is quarantined, or was changed meanwhile: it stays pending.
    """
    file = shelf.files.get(item.id)
    path = file.path if file else item.path
    is_first = path is None
    if path and path in shelf.blocked:
        return None, []
    machine = machine_record(item, _related_items(bench, shelf, item, pool))
    record, decisions = merge(machine, file.record if file else None, now=now)
    for decision in decisions:
        bench.notify(Notice("kept-edit", path or item.id, f"{decision.field} is yours from now on"))
    events = [decision_event(item.id, decision) for decision in decisions]
    if path is None:
        path = bench.ports.records.free_path(record, item.id)
        events.insert(0, Event(now, "recorded", item.id, path))
    try:
        if bench.ports.records.write(path, record):
            bench.notify(Notice("written", path))
        if is_first:
            bench.notify(Notice("recorded", path))
    except RecordChanged as error:
        # Its person was quicker. It stays pending, and the next run takes the edit over.
        bench.notify(Notice("skipped", path, error.message))
        return None, []
    _tell_publication(bench, item, file.record if file else None, record)
    told = state(RecordFile(path, record))
    if hash(told) != shelf.stated.get(item.id):
        events.append(Event(now, "stated", item.id, told))
    if not is_first:
        with bench.ports.store.begin() as work:
            found = revisions(work.items.versions(item.id), item.article)
        events += revised_events(item.id, found, shelf.revised)
    return replace(item, path=path), events


def _tell_publication(bench: Bench, item: Item, before: Record | None, after: Record) -> None:
    if after.published and not (before and before.published):
        bench.notify(Notice("published", after.title))
    elif before is None or (before.published and not after.published):
        decided = after.bookkeeping is not None and any(d.field == "published" for d in after.bookkeeping.decisions)
        holds = ("by a person",) if decided else bench.stages.score.holds(item) or ("not scored",)
        bench.notify(Notice("held", after.title, holds[0]))


def _related_items(bench: Bench, shelf: Shelf, item: Item, pool: Mapping[str, Item]) -> Sequence[Item]:
    """Return the items that *item*'s relations name, as their records tell them: a person's headline counts here too."""
    found = []
    with bench.ports.store.begin() as work:
        for note in item.relations:
            other = pool.get(note.item) or work.items.find(note.item)
            file = shelf.files.get(note.item)
            if file is not None and is_tombstone(file.record):
                continue
            if file is not None:
                other = _as_recorded(file, other)
            if other is not None:
                found.append(other)
    return found


def _as_recorded(file: RecordFile, item: Item | None) -> Item:
    recorded = item_from(file)
    if item is None or not _edited(file.record):
        return item or recorded
    return replace(recorded, quality=item.quality or recorded.quality)


def _edited(record: Record) -> bool:
    return record.bookkeeping is None or bool(record.bookkeeping.decisions)
