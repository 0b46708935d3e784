"""Records after a takedown: a tombstone in place of one, and the others without their links to it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from newsloom.model.item import recorded_id
from newsloom.model.record import Bookkeeping, Record, RecordFile
from newsloom.stages.record.digests import digests

TITLE = "Taken down"


def tombstone(file: RecordFile, reason: str) -> Record:
    """Return what is left of the record *file*: that there was an item, when, of whom, and why it went. No words or addresses of it."""
    record = file.record
    notes = record.bookkeeping
    return Record(
        title=TITLE,
        excerpt="",
        published_date_time=record.published_date_time,
        type=record.type,
        provider=replace(record.provider, images=()),
        quality=0,
        heat=-1,
        published=False,
        bookkeeping=Bookkeeping(id=recorded_id(file), first_seen=notes.first_seen if notes else None, tombstone=reason),
    )


def is_tombstone(record: Record) -> bool:
    """Return True when *record* is what a takedown left."""
    return record.bookkeeping is not None and record.bookkeeping.tombstone is not None


def without_links(record: Record, items: Collection[str], gone: Collection[int]) -> Record:
    """Return *record* without the related links at the places *gone*, and without newsloom's notes on the *items* taken down.

    That the list is newsloom's, or a person's, stays as it was.
    """
    related = tuple(link for place, link in enumerate(record.related) if place not in gone)
    changed = replace(record, related=related)
    notes = record.bookkeeping
    if notes is None:
        return changed
    kept = replace(
        notes,
        relations=tuple(note for note in notes.relations if note.item not in items),
        duplicate_of=None if notes.duplicate_of in items else notes.duplicate_of,
    )
    changed = replace(changed, bookkeeping=kept)
    fresh = digests(changed)
    own = {
        key: fresh.get(key, digest) if key in ("related", "duplicateOf") else digest
        for key, digest in notes.digests.items()
        if key not in ("related", "duplicateOf") or key in fresh
    }
    return replace(changed, bookkeeping=replace(kept, digests=own))
