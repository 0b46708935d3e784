"""Takedowns are kept: whatever the list names leaves records, working state and links, at the start of every run.

A command only adds to the list; a crash on the way is made up for by the next run, and so is a record that came back by a merge
or from a backup.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from newsloom.flow.world import Bench
from newsloom.model.event import Event
from newsloom.model.item import recorded_id
from newsloom.model.notice import Notice
from newsloom.model.record import Record, RecordFile
from newsloom.stages.record import is_tombstone, tombstone, without_links


def enforce(bench: Bench, files: Sequence[RecordFile], now: datetime) -> Sequence[RecordFile]:
    """Return *files* as they are once everything that was taken down has become a tombstone, and no other links to it.

    Raises:
        StorageError: a record could not be written; what was done stays done.
    """
    takedowns = bench.declared.takedowns
    named: dict[str, str] = {}
    for file in files:
        reason = (
            takedowns.items.get(recorded_id(file))
            or takedowns.reason(addresses(file.record))
            or takedowns.reason_for_domain(file.record.provider.domain)
        )
        if reason is not None and not is_tombstone(file.record):
            named[recorded_id(file)] = reason
    left = [_left_of(bench, file, named, now) for file in files]
    away = {recorded_id(file) for file in left if is_tombstone(file.record)}
    # A crash may have left the old file beside its tombstone: both are the one tombstone now.
    return [_unlinked(bench, file, away) for file in {file.path: file for file in left}.values()]


def addresses(record: Record) -> tuple[str | None, ...]:
    """Return every address that *record* has of its own item."""
    return record.web_url, record.original_url, record.amp_web_url


def _left_of(bench: Bench, file: RecordFile, named: Mapping[str, str], now: datetime) -> RecordFile:
    item, notes = recorded_id(file), file.record.bookkeeping
    if notes is not None and notes.tombstone is not None:
        # What was written into a tombstone since has no place there.
        plain = replace(tombstone(file, notes.tombstone), layout=file.record.layout)
        return RecordFile(file.path, plain) if bench.ports.records.write(file.path, plain) else file
    if item not in named:
        return file
    record = tombstone(file, named[item])
    # The name of the file tells the title, so it goes too. First the new one: a crash between the two leaves both.
    path = bench.ports.records.free_path(record, item)
    bench.ports.records.write(path, record)
    if path != file.path:
        bench.ports.records.remove(file.path)
    bench.ports.log.forget([item])
    bench.ports.log.append([Event(now, "taken-down", item, named[item]), Event(now, "recorded", item, path)])
    bench.notify(Notice("taken-down", path, named[item]))
    return RecordFile(path, record)


def _unlinked(bench: Bench, file: RecordFile, away: set[str]) -> RecordFile:
    record, takedowns = file.record, bench.declared.takedowns
    if is_tombstone(record):
        return file
    gone = [
        place
        for place, link in enumerate(record.related)
        if takedowns.reason((link.web_url, link.amp_web_url))
        or takedowns.reason_for_domain(link.provider.domain)
        or _noted(record, place) in away
    ]
    notes = record.bookkeeping
    noted = notes is not None and (notes.duplicate_of in away or any(note.item in away for note in notes.relations))
    if not gone and not noted:
        return file
    changed = without_links(record, away, gone)
    bench.ports.records.write(file.path, changed)
    with bench.ports.store.begin() as work:
        if work.items.find(recorded_id(file)) is not None:
            work.items.mark_pending([recorded_id(file)])
    return bench.ports.records.read(file.path)


def _noted(record: Record, place: int) -> str | None:
    """Return the id of the item that the related link at *place* means, None where newsloom did not write the list."""
    notes = record.bookkeeping
    if (
        notes is None
        or len(notes.relations) != len(record.related)
        or any(d.field == "related" for d in notes.decisions)
    ):
        return None
    return notes.relations[place].item
