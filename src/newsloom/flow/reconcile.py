"""Before a run: bring the working state in line with the records, which are the truth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import datetime

from newsloom.flow.departed import left_behind
from newsloom.flow.owed import decision_event, owe, owed
from newsloom.flow.past import state
from newsloom.flow.takedown import enforce
from newsloom.flow.vanished import require_meant
from newsloom.flow.world import Bench
from newsloom.model.event import Event
from newsloom.model.item import Item
from newsloom.model.notice import Notice
from newsloom.model.record import Record, RecordFile
from newsloom.ports.deciding import StoryConstraints
from newsloom.ports.storing import UnitOfWork
from newsloom.stages.record import edited_fields, is_tombstone, item_from
from newsloom.vocab.urls import identity


@dataclass(frozen=True, slots=True)
class Shelf:
    """The records as they lie in the portal when a run begins.

    `files` are the readable ones by item id. `blocked` are paths that must not be written (quarantined). `barred` are ids
    of items that must not be made anew: a person deleted their record, it was taken down, or it cannot be read. `foreign` are ids of records
    without bookkeeping: wholly a person's. `decided` are the fields that are a person's, by item id; `edited` the ids of
    records in which something is new of that, so that they are decided again. `stated` are hashes of what the log last said
    readers can see of each item, `revised` what it already tells of publishers' changes, by item and moment.
    """

    files: Mapping[str, RecordFile]
    blocked: frozenset[str]
    barred: frozenset[str]
    foreign: frozenset[str]
    decided: Mapping[str, frozenset[str]]
    edited: frozenset[str]
    constraints: StoryConstraints
    stated: Mapping[str, int] = field(default_factory=dict)
    revised: frozenset[tuple[str, datetime]] = frozenset()


@dataclass(frozen=True, slots=True)
class _Logged:
    """What the log tells: item id → path of its record, → hash of its last state; whose record was deleted; which debts are in it."""

    recorded: Mapping[str, str]
    removed: frozenset[str]
    paid: frozenset[Event]
    stated: Mapping[str, int]
    revised: frozenset[tuple[str, datetime]]


def reconcile(bench: Bench, now: datetime) -> Shelf:
    """Read all records, take into the working state what it does not know, and notice what a person edited or deleted.

    A record written before its row (a crash between the two) is healed here, and what the crash kept from the log is
    added to it. A store that was just made is rebuilt from the records alone; the log then tells which were deleted.

    Raises:
        RecordsMissing: all records are gone, or most of them, and nobody said that this is meant.
        StorageError: the disk or the store did not take what must be kept.
    """
    files, quarantined = bench.ports.records.read_all()
    for bad in quarantined:
        bench.notify(Notice("quarantined", bad.path, bad.reason))
    files = enforce(bench, files, now)
    blocked = frozenset(bad.path for bad in quarantined)
    by_item: dict[str, RecordFile] = {}
    for file in files:
        first = by_item.setdefault(item_from(file).id, file)
        if first is not file:
            bench.notify(
                Notice("same-item", file.path, f"the same item as {first.path}, which counts: delete one of them")
            )
    taken_down = {key for key, file in by_item.items() if is_tombstone(file.record)}
    fresh_edits = {key: edits for key, file in by_item.items() if (edits := edited_fields(file.record))}
    stories = dict(_decided_stories(by_item, fresh_edits))
    with bench.ports.store.begin() as work:
        debts = (*owed(work), *_decisions(by_item))
        logged = _read_log(bench, debts)
        known = {item.id: item for item in work.items.iter_all()}
        pending = {item.id for item in work.items.pending()}
        for key, file in by_item.items():
            if not is_tombstone(file.record):
                _take_in(work, known.get(key), file, is_pending=key in pending)
        moved = {key for key, story in stories.items() if key in known and known[key].story not in (None, story)}
        edited = fresh_edits.keys() | moved
        work.items.mark_pending(edited)
        paths = _paths(known, logged)
        gone = {key: path for key, path in paths.items() if key not in by_item}
        deleted = {key: path for key, path in gone.items() if path not in blocked and key not in logged.removed}
        require_meant(bench, len(deleted), len(paths.keys() - logged.removed))
        back = {key: item_from(by_item[key]) for key in (logged.removed & by_item.keys()) - taken_down}
        foreign = frozenset(key for key, file in by_item.items() if file.record.bookkeeping is None)
        _part(work, known, deleted.keys() | taken_down, back, foreign)
    _pay(bench, known, by_item, debts, logged, deleted, now)
    for path in deleted.values():
        bench.notify(Notice("removed", path, "its record was deleted; it will not come back"))
    return Shelf(
        files=by_item,
        blocked=blocked,
        barred=(logged.removed | deleted.keys() | (gone.keys() - known.keys())) - by_item.keys() | taken_down,
        foreign=foreign,
        decided=_decided_fields(by_item, fresh_edits),
        edited=frozenset(edited),
        constraints=StoryConstraints(must=stories, apart=_pairs_apart(by_item)),
        stated={**logged.stated, **{key: hash(state(by_item[key])) for key in back}},
        revised=logged.revised,
    )


def identity_keys(urls: Iterable[str | None]) -> tuple[str, ...]:
    """Return the keys under which an item with these addresses is recognised again."""
    return tuple(dict.fromkeys(identity(url) for url in urls if url))


def record_keys(record: Record) -> tuple[str, ...]:
    """Return the identity keys of all addresses of *record*."""
    return identity_keys((record.web_url, record.original_url, record.amp_web_url))


def _take_in(work: UnitOfWork, known: Item | None, file: RecordFile, *, is_pending: bool) -> None:
    if known is None:
        item = item_from(file)
        work.items.put(item, keys=record_keys(file.record))
        work.items.mark_recorded([item.id])
    elif known.path != file.path:
        # Written before its row, or moved by a person: the file is right, and what was pending stays pending.
        work.items.put(replace(known, path=file.path))
        if not is_pending:
            work.items.mark_recorded([known.id])


def _part(
    work: UnitOfWork, known: Mapping[str, Item], gone: Set[str], back: Mapping[str, Item], foreign: Set[str]
) -> None:
    """Forget the items that are *gone*, and have decided again what they, or those that are *back*, leave undone."""
    lost = {known[key].story for key in gone & known.keys()}
    # A story that comes back whole is as it was; one that went on meanwhile regains a member.
    regained = {item.story for item in back.values()} & {item.story for item in known.values()}
    stories = {story for story in lost | regained if story}
    for key in gone & known.keys():
        work.items.remove(key)
    there = {key: item for key, item in {**known, **back}.items() if key not in foreign}
    for item in left_behind(there, gone, stories):
        work.items.put(item)


def _read_log(bench: Bench, debts: Iterable[Event]) -> _Logged:
    recorded: dict[str, str] = {}
    removed: set[str] = set()
    stated: dict[str, int] = {}
    revised: set[tuple[str, datetime]] = set()
    wanted, paid = frozenset(debts), set()
    for event in bench.ports.log.iter_all():
        if event.kind == "recorded":
            recorded[event.item] = event.detail
            removed.discard(event.item)  # it came back
        elif event.kind == "stated":
            stated[event.item] = hash(event.detail)
        elif event.kind == "revised":
            revised.add((event.item, event.at))
        elif event.kind == "removed":
            removed.add(event.item)
            stated.pop(event.item, None)  # the past knows nothing of it any more
        if event in wanted:
            paid.add(event)
    return _Logged(recorded, frozenset(removed), frozenset(paid), stated, frozenset(revised))


def _paths(known: Mapping[str, Item], logged: _Logged) -> dict[str, str]:
    """Return item id → where its record was last known to lie."""
    return {**logged.recorded, **{key: item.path for key, item in known.items() if item.path}}


def _pay(
    bench: Bench, known: Mapping[str, Item], by_item: Mapping[str, RecordFile], debts: Iterable[Event], logged: _Logged,
    deleted: Mapping[str, str], now: datetime,
) -> None:  # fmt: skip
    """Bring the log in line: what an interrupted run left out of it, what a person deleted, and what came back."""
    healed = [key for key, item in known.items() if item.path is None and key in by_item and key not in logged.recorded]
    back = [(key, by_item[key]) for key in sorted(logged.removed & by_item.keys())]
    events = [
        *(Event(now, "recorded", key, by_item[key].path) for key in healed),
        *(Event(now, "recorded", key, file.path) for key, file in back),
        *(Event(now, "stated", key, state(file)) for key, file in back if not is_tombstone(file.record)),
        *(event for event in dict.fromkeys(debts) if event not in logged.paid),
        *(Event(now, "removed", key, path) for key, path in deleted.items()),
    ]
    if events:
        bench.ports.log.append(events)
        with bench.ports.store.begin() as work:
            owe(work, ())


def _decisions(by_item: Mapping[str, RecordFile]) -> Iterable[Event]:
    for key, file in by_item.items():
        for decision in file.record.bookkeeping.decisions if file.record.bookkeeping else ():
            yield decision_event(key, decision)


def _decided_stories(
    by_item: Mapping[str, RecordFile], fresh_edits: Mapping[str, tuple[str, ...]]
) -> Iterable[tuple[str, str]]:
    for key, file in by_item.items():
        book = file.record.bookkeeping
        if book is None:
            continue
        for decision in book.decisions:
            if decision.field == "story" and decision.value:
                yield key, decision.value
        if book.story and "story" in fresh_edits.get(key, ()):
            yield key, book.story


def _pairs_apart(by_item: Mapping[str, RecordFile]) -> frozenset[tuple[str, str]]:
    """Return the pairs of item ids, the smaller first, that people keep apart."""
    return frozenset(
        (min(key, decision.value), max(key, decision.value))
        for key, file in by_item.items()
        for decision in (file.record.bookkeeping.decisions if file.record.bookkeeping else ())
        if decision.field == "apart" and decision.value and decision.value != key
    )


def _decided_fields(
    by_item: Mapping[str, RecordFile], fresh_edits: Mapping[str, tuple[str, ...]]
) -> dict[str, frozenset[str]]:
    found = {}
    for key, file in by_item.items():
        book = file.record.bookkeeping
        fields = frozenset(decision.field for decision in book.decisions) if book else frozenset()
        if fields := fields.union(fresh_edits.get(key, ())):
            found[key] = fields
    return found
