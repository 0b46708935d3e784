"""Putting a person's decision into a record."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from typing import Any

from newsloom.errors import UsageError
from newsloom.model.record import Bookkeeping, Decision, Record
from newsloom.stages.record.digests import OWNED, RECORD_KEYS, digests
from newsloom.vocab.record_keys import FIELDS, read_key
from newsloom.vocab.typed_values import WrongValue
from newsloom.vocab.yaml12 import Plain, Tree, YamlError, read_tree

_STRUCTURED = frozenset({"provider", "images", "related"})
_TYPED = frozenset({"publishedDateTime", "type", "quality", "heat", "published"})
_ALWAYS = frozenset({"category", "title", "publishedDateTime", "type", "provider"})
MOST_QUALITY = 200
"""The highest quality a person can set. What a key may have in a file has no bound, but no item of any portal seen came to more
than 189, so a higher one was meant otherwise."""
MOST_HEAT = 1000
"""The highest heat a person can set: over thirty million independent reports by the default profile."""
_KEYS = {name: key for key in RECORD_KEYS for name in (key, FIELDS[key])}


def decide(record: Record, item_id: str, decision: Decision, changes: Mapping[str, Any]) -> Record:
    """Return *record* with *decision* taken: it is remembered, and later runs leave that field alone.

    Args:
        record: the record as it lies in the portal.
        item_id: its item's id, for a record that has no notes of newsloom's yet.
        decision: what was decided; a former decision on the same field gives way to it.
        changes: the fields of `Record` to set (`parse_value`); may be empty.
    """
    notes = record.bookkeeping or Bookkeeping(id=item_id)
    earlier = tuple(d for d in notes.decisions if d.field != decision.field or decision.field not in OWNED)
    changed = replace(record, **changes)
    parts: dict[str, Any] = {}
    if decision.field == "quality":
        parts["quality_parts"] = {}
    elif decision.field == "heat":
        parts["heat_parts"] = {}
    elif decision.field == "topics":
        parts["topics"] = {topic: notes.topics.get(topic, 1.0) for topic in changed.topics}
    notes = replace(
        notes,
        decisions=(*(d for d in earlier if d != decision), decision),
        digests={key: digest for key, digest in notes.digests.items() if key != decision.field},
        methods={key: method for key, method in notes.methods.items() if key != decision.field},
        **parts,
    )
    return replace(changed, bookkeeping=notes)


def withdraw(record: Record, field: str, values: Set[str | None] | None = None) -> Record:
    """Return *record* without the decisions on *field* (with one of *values*, where given): it is newsloom's again.

    What stands there now counts as written by newsloom, so that the next run does not take it for an edit.
    """
    notes = record.bookkeeping
    if notes is None:
        return record
    kept = tuple(d for d in notes.decisions if d.field != field or (values is not None and d.value not in values))
    own = dict(notes.digests)
    if field in OWNED and not any(d.field == field for d in kept) and (digest := digests(record).get(field)):
        own[field] = digest
    return replace(record, bookkeeping=replace(notes, decisions=kept, digests=own))


def parse_value(field: str, value: str) -> dict[str, Any]:
    """Return the change to a `Record` that setting *field* to the text *value* means.

    Args:
        field: a key of the record (`publishedDateTime`), or the name of its field (`published_date_time`).
        value: text as it stands; a number (quality up to `MOST_QUALITY`, heat up to `MOST_HEAT`), a moment or true / false where the key is one; topics with commas between
            them; YAML for provider, images and related (`{name: Harbor Post, domain: harborpost.example}`). Empty takes
            the value away.

    Raises:
        UsageError: there is no such field, or it cannot have that value.
    """
    key = _KEYS.get(field)
    if key is None:
        raise UsageError("a record has no such field", where=field, hint=f"Fields are {', '.join(RECORD_KEYS)}")
    try:
        found = read_key(key, _tree(key, value))
    except (WrongValue, YamlError) as error:
        raise UsageError(error.message, where=field) from None
    _require_likely(key, found)
    if found is None or found == "":
        if key in _ALWAYS:
            raise UsageError(f"`{key}` cannot be empty", where=field)
        found = {"excerpt": "", "topics": (), "images": (), "related": ()}.get(key)
    return {FIELDS[key]: found}


def _require_likely(key: str, found: Any) -> None:
    """Raise UsageError when *found* is no number that a person would set for *key*."""
    lowest, highest = {"quality": (0, MOST_QUALITY), "heat": (-1, MOST_HEAT)}.get(key, (None, None))
    if lowest is not None and found is not None and found > highest:
        raise UsageError(f"`{key}` must be a whole number from {lowest} to {highest}, not {found}", where=key)


def _tree(key: str, value: str) -> Tree:
    if not value.strip():
        return Plain()
    if key in _TYPED:
        return Plain(value.strip())
    if key == "topics":
        return [topic.strip() for topic in value.split(",") if topic.strip()]
    if key in _STRUCTURED:
        tree = read_tree(value)
        return Plain() if tree is None else tree
    return value
