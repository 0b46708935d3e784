"""What may be written over a record that is there: a person's edit always wins."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from newsloom.model.record import Bookkeeping, Decision, Record
from newsloom.stages.record.digests import FACTS, OWNED, RECORD_KEYS, digests
from newsloom.vocab.record_keys import FIELDS
from newsloom.vocab.urls import public_address

T = TypeVar("T")


def field_digest(record: Record, key: str) -> str | None:
    """Return the 12 hexadecimal digits that stand for *record*'s value of *key*, None when it has none.

    *key* is one of the record, or a fact under `newsloom` (language, story, …).
    """
    return digests(record).get(key)


def merge(machine: Record, on_file: Record | None, *, now: datetime) -> tuple[Record, tuple[Decision, ...]]:
    """Return the record to write, and the edits found in the file, which are a person's from now on.

    A value that differs from what newsloom wrote there last (added and deleted ones too) was written by a person: it is
    kept and remembered as a decision, once and for ever, so that setting it back does not give it away. A record
    that newsloom did not make, or that was taken down, is returned as it is. When nothing differs the result serialises
    to the bytes of the file.

    Args:
        machine: what newsloom would write (`machine_record`).
        on_file: the record as it lies in the portal, None when there is none.
        now: the moment the edits are dated.
    """
    if on_file is None:
        return machine, ()
    notes = on_file.bookkeeping
    if notes is None or not notes.digests or notes.tombstone is not None or machine.bookkeeping is None:
        return on_file, ()
    edits = tuple(
        Decision(key, by="file", at=now, value=notes.story if key == "story" else None)
        for key in edited_fields(on_file)
    )
    theirs = {decision.field for decision in (*notes.decisions, *edits)}
    fields: dict[str, Any] = {FIELDS[key]: getattr(on_file, FIELDS[key]) for key in RECORD_KEYS if key in theirs}
    merged = replace(machine, **fields, body=on_file.body, layout=on_file.layout)
    merged = _consistent(merged, on_file, theirs)
    kept = _notes(machine.bookkeeping, notes, theirs, merged.topics)
    merged = replace(merged, bookkeeping=replace(kept, decisions=(*notes.decisions, *edits)))
    own = _without(digests(merged), theirs)
    return replace(merged, bookkeeping=replace(kept, decisions=(*notes.decisions, *edits), digests=own)), edits


def _consistent(merged: Record, on_file: Record, theirs: Set[str]) -> Record:
    """Return *merged* with the machine's values made to fit those of the person, where the format ties them together."""
    if "featuredContent" in theirs and "webUrl" not in theirs:
        # A page of our own has no webUrl; whether it is one follows from what the person wrote.
        web_url = on_file.web_url if merged.featured_content else merged.web_url or merged.original_url
        merged = replace(merged, web_url=web_url)
    if not merged.topics and merged.published and "published" not in theirs:
        merged = replace(merged, published=False)
    return merged


def edited_fields(on_file: Record) -> tuple[str, ...]:
    """Return the keys that a person changed since newsloom wrote *on_file* and that no decision names yet.

    Empty for a record that newsloom did not make, or that was taken down: there is nothing to compare it with.
    """
    notes = on_file.bookkeeping
    if notes is None or not notes.digests or notes.tombstone is not None:
        return ()
    decided = {decision.field for decision in notes.decisions}
    present = digests(on_file)
    # Sub-keys of somebody's own would be lost if newsloom wrote the key anew.
    extended = on_file.layout.extended if on_file.layout else frozenset()
    return tuple(
        key for key in OWNED if key not in decided and (present.get(key) != notes.digests.get(key) or key in extended)
    )


def _notes(machine: Bookkeeping, notes: Bookkeeping, theirs: Set[str], topics: tuple[str, ...]) -> Bookkeeping:
    """Return newsloom's fresh notes, without what explained values that are now a person's."""
    facts: dict[str, Any] = {field: getattr(notes, field) for key, field in FACTS.items() if key in theirs}
    return replace(
        machine,
        **facts,
        id=notes.id,
        first_seen=notes.first_seen or machine.first_seen,
        source=public_address(notes.source) if notes.source else machine.source,
        methods=_without(machine.methods, theirs),
        topics={topic: notes.topics.get(topic, 1.0) for topic in topics} if "topics" in theirs else machine.topics,
        quality_parts={} if "quality" in theirs else machine.quality_parts,
        heat_parts={} if "heat" in theirs else machine.heat_parts,
        relations=notes.relations if "related" in theirs else machine.relations,
        extra=notes.extra,
    )


def _without(table: Mapping[str, T], keys: Set[str]) -> dict[str, T]:
    return {key: value for key, value in table.items() if key not in keys}
