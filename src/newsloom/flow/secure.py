"""Private fields of records: set, shown, sealed with a new key, taken over from the origin's form.

A record's file is written only when a text or a key changes: sealing the same text anew would make a commit without news.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from newsloom.errors import RecordChanged, SecuredError, UsageError
from newsloom.flow.owed import decision_event
from newsloom.flow.review import find_live
from newsloom.flow.world import Bench
from newsloom.model.item import recorded_id
from newsloom.model.notice import Notice
from newsloom.model.record import Decision, Record, RecordFile
from newsloom.ports.sealing import Sealer
from newsloom.stages.record import decide
from newsloom.vocab.secured import LegacyValue, SealedField, is_field_name, read_secured, write_secured

KEY = "secured"
ORIGIN_FIELD = "origin"
"""The private field that takes what the origin had sealed in a record."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """What a pass over the records' private fields did.

    Attributes:
        changed: records written anew.
        unchanged: records that were so already.
        passed: records whose value has the other form, which the pass does not concern.
        failed: path and reason of each record that was left as it is, since its value does not open or it was just edited.
    """

    changed: int
    unchanged: int
    passed: int
    failed: tuple[tuple[str, str], ...]


def set_field(bench: Bench, sealer: Sealer, name: str, field: str, text: str, *, by: str, now: datetime) -> bool:
    """Give the record that *name* means the private *field*; an empty *text* takes it away. Return whether anything changed.

    Raises:
        UsageError: no such record, or no name for a field.
        SecuredError: the record holds a value of the origin's, or one that does not open.
    """
    if not is_field_name(field):
        raise UsageError(
            "this cannot name a private field", where=field, hint="Use a–z, 0–9 and hyphens, such as note or contact"
        )
    file = find_live(bench.ports.records.read_all()[0], name)
    item = recorded_id(file)
    fields = _fields(file)
    before = sealer.open(fields[field], record=item, field=field) if field in fields else ""
    if before == text:
        return False
    fields.pop(field, None)
    if text:
        fields[field] = sealer.seal(text, record=item, field=field)
    decision = Decision(field=KEY, by=by, at=now)
    record = decide(file.record, item, decision, {KEY: write_secured(fields)})
    bench.ports.records.write(file.path, record)
    bench.ports.log.append([decision_event(item, decision)])
    return True


def show_fields(sealer: Sealer, file: RecordFile) -> dict[str, str]:
    """Return the private fields of the record *file*, name → text, in order of name.

    Raises:
        SecuredError: a value does not open, or is one of the origin's.
    """
    item = recorded_id(file)
    return {name: sealer.open(sealed, record=item, field=name) for name, sealed in sorted(_fields(file).items())}


def rotate(bench: Bench, sealer: Sealer, *, by: str, now: datetime) -> Renewal:
    """Seal with the current key what is sealed with another. Stopped anywhere, every record can be read; run again to go on."""

    def renewed(file: RecordFile) -> str | None:
        item, fields = recorded_id(file), _fields(file)
        # Opened even where nothing is to be done: a value that was tampered with is told, not counted as well kept.
        texts = {name: sealer.open(sealed, record=item, field=name) for name, sealed in fields.items()}
        return write_secured(
            {
                name: sealed if sealed.key == sealer.current else sealer.seal(texts[name], record=item, field=name)
                for name, sealed in fields.items()
            }
        )

    return _renew(bench, renewed, lambda value: not isinstance(value, LegacyValue), by, now)


def migrate(
    bench: Bench, sealer: Sealer, open_legacy: Callable[[LegacyValue], str], *, by: str, now: datetime
) -> Renewal:
    """Turn the origin's values into newsloom's own: each text becomes the private field `origin`.

    Args:
        open_legacy: returns the text of an old value, or raises SecuredError.
    """

    def renewed(file: RecordFile) -> str | None:
        value = read_secured(file.record.secured or "")
        assert isinstance(value, LegacyValue)
        return write_secured(
            {ORIGIN_FIELD: sealer.seal(open_legacy(value), record=recorded_id(file), field=ORIGIN_FIELD)}
        )

    return _renew(bench, renewed, lambda value: isinstance(value, LegacyValue), by, now)


def _renew(
    bench: Bench,
    renewed: Callable[[RecordFile], str | None],
    concerns: Callable[[dict[str, SealedField] | LegacyValue], bool],
    by: str,
    now: datetime,
) -> Renewal:
    """Write each record whose value *concerns* accepts with the value that *renewed* returns; one that fails stops no other."""
    files = [file for file in bench.ports.records.read_all()[0] if file.record.secured]
    bench.notify(Notice("step", "secured", "Sealing private fields", len(files)))
    changed = unchanged = passed = 0
    failed: list[tuple[str, str]] = []
    for file in files:
        try:
            if not concerns(read_secured(file.record.secured or "")):
                passed += 1
                continue
            value = renewed(file)
            if value == file.record.secured:
                unchanged += 1
                continue
            bench.ports.records.write(file.path, _with_value(file, value, by, now))
            changed += 1
        except (SecuredError, RecordChanged) as error:
            failed.append((file.path, str(error)))
        bench.notify(Notice("written", file.path))
    return Renewal(changed, unchanged, passed, tuple(failed))


def _with_value(file: RecordFile, value: str | None, by: str, now: datetime) -> Record:
    """Return the record with *value*; that the key is a person's is remembered once, and not written anew each time."""
    notes = file.record.bookkeeping
    if notes is not None and any(decision.field == KEY for decision in notes.decisions):
        return replace(file.record, secured=value)
    return decide(file.record, recorded_id(file), Decision(field=KEY, by=by, at=now), {KEY: value})


def _fields(file: RecordFile) -> dict[str, SealedField]:
    """Return the sealed fields of *file*. Raises SecuredError, as `read_secured`, and for a value of the origin's."""
    if not file.record.secured:
        return {}
    value = read_secured(file.record.secured)
    if isinstance(value, LegacyValue):
        raise SecuredError(
            "the record holds a value of the origin's, which nobody can vouch for",
            where=file.path,
            hint="`newsloom secure show --old-key-file FILE` reads it, `newsloom secure migrate` seals it anew",
        )
    return value
