"""Before a run: bring the working state in line with the records, which are the truth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from newsloom.flow.world import Bench
from newsloom.model.event import Event
from newsloom.model.item import Item
from newsloom.model.notice import Notice
from newsloom.model.record import Record, RecordFile
from newsloom.ports.deciding import StoryConstraints
from newsloom.ports.storing import UnitOfWork
from newsloom.stages.record import item_from
from newsloom.vocab.urls import identity


@dataclass(frozen=True, slots=True)
class Shelf:
    """The records as they lie in the portal when a run begins.

    `files` are the readable ones by item id. `blocked` are paths that must not be written (quarantined). `removed` are ids
    of items whose record a person deleted. `foreign` are ids of records without bookkeeping: wholly a person's.
    """

    files: Mapping[str, RecordFile]
    blocked: frozenset[str]
    removed: frozenset[str]
    foreign: frozenset[str]
    constraints: StoryConstraints


def reconcile(bench: Bench, now: datetime) -> Shelf:
    """Read all records, take into the working state what it does not know, and notice what a person deleted.

    A record written before its row (a crash between the two) is healed here. A store that was just made is rebuilt from
    the records alone.
    """
    files, quarantined = bench.ports.records.read_all()
    for bad in quarantined:
        bench.notify(Notice("quarantined", bad.path, bad.reason))
    by_item: dict[str, RecordFile] = {}
    for file in files:
        by_item.setdefault(item_from(file).id, file)
    removed = _removed_before(bench, by_item)
    with bench.ports.store.begin() as work:
        known = {item.id: item for item in work.items.iter_all()}
        for key, file in by_item.items():
            _take_in(work, known.get(key), file)
        blocked = frozenset(bad.path for bad in quarantined)
        lost = [item for item in known.values() if item.path and item.id not in by_item and item.path not in blocked]
        for item in lost:
            work.items.remove(item.id)
    if lost:
        bench.ports.log.append([Event(now, "removed", item.id, item.path or "") for item in lost])
        for item in lost:
            bench.notify(Notice("removed", item.path or item.id, "its record was deleted; it will not come back"))
    return Shelf(
        files=by_item,
        blocked=blocked,
        removed=removed | {item.id for item in lost},
        foreign=frozenset(key for key, file in by_item.items() if file.record.bookkeeping is None),
        constraints=StoryConstraints(must=dict(_decided_stories(by_item.values()))),
    )


def identity_keys(urls: Iterable[str | None]) -> tuple[str, ...]:
    """Return the keys under which an item with these addresses is recognised again."""
    return tuple(dict.fromkeys(identity(url) for url in urls if url))


def record_keys(record: Record) -> tuple[str, ...]:
    """Return the identity keys of all addresses of *record*."""
    return identity_keys((record.web_url, record.original_url, record.amp_web_url))


def _take_in(work: UnitOfWork, known: Item | None, file: RecordFile) -> None:
    if known is None:
        item = item_from(file)
        work.items.put(item, keys=record_keys(file.record))
        work.items.mark_recorded([item.id])
    elif known.path != file.path:
        # Written before its row, or moved by a person: the file is right, and what was pending stays pending.
        work.items.put(replace(known, path=file.path))
        if known.path is not None:
            work.items.mark_recorded([known.id])


def _removed_before(bench: Bench, by_item: Mapping[str, RecordFile]) -> frozenset[str]:
    """Return ids that the log says were removed and that have no record now."""
    return frozenset(event.item for event in bench.ports.log.iter_all() if event.kind == "removed") - by_item.keys()


def _decided_stories(files: Iterable[RecordFile]) -> Iterable[tuple[str, str]]:
    for file in files:
        book = file.record.bookkeeping
        for decision in book.decisions if book else ():
            if book and decision.field == "story" and decision.value:
                yield book.id, decision.value
