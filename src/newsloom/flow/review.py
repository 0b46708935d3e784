"""A person's decisions: found by any short name, kept in the record, obeyed by every later run."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from datetime import datetime

from newsloom.errors import UsageError
from newsloom.flow.owed import decision_event
from newsloom.flow.world import Bench
from newsloom.model.event import Event
from newsloom.model.record import Decision, RecordFile
from newsloom.stages.record import decide, is_tombstone, item_from, parse_value


def find_record(files: Sequence[RecordFile], name: str) -> RecordFile:
    """Return the record that *name* means: an id or its first 4 or more digits, a path, a file name, or an address.

    Raises:
        UsageError: nothing, or more than one record, answers to *name*.
    """
    wanted = name.strip()
    found = [file for file in files if _answers(file, wanted)]
    exact = [file for file in found if wanted in (item_from(file).id, file.path)]
    if len(exact or found) == 1:
        return (exact or found)[0]
    if not found:
        raise UsageError(
            "no record answers to that",
            where=wanted,
            hint="`newsloom review list` shows ids; `newsloom search` finds them",
        )
    some = ", ".join(f"{item_from(file).id} ({file.record.title[:40]})" for file in found[:4])
    raise UsageError(f"{len(found)} records answer to that: {some}", where=wanted, hint="Give more of the id")


def find_live(files: Sequence[RecordFile], name: str) -> RecordFile:
    """Return the record that *name* means, as `find_record` does, where something can still be decided about it.

    Raises:
        UsageError: nothing, or more than one record, answers to *name*; or it was taken down.
    """
    file = find_record(files, name)
    if is_tombstone(file.record):
        raise UsageError(
            "that item was taken down; nothing can be decided about it",
            where=name,
            hint="To let it in again, take its lines out of _data/takedowns.jsonl and delete its record",
        )
    return file


def _answers(file: RecordFile, wanted: str) -> bool:
    record, key = file.record, item_from(file).id
    if key == wanted or (len(wanted) >= 4 and key.startswith(wanted)):
        return True
    return wanted in (file.path, file.path.rpartition("/")[2], record.web_url, record.original_url)


def publish_or_hold(bench: Bench, name: str, *, published: bool, by: str, now: datetime) -> RecordFile:
    """Decide that the record is published or held; return it as it now is."""
    return edit(bench, name, "published", "true" if published else "false", by=by, now=now)


def edit(bench: Bench, name: str, field: str, value: str, *, by: str, now: datetime) -> RecordFile:
    """Give the record's *field* the value that *value* writes; it is theirs from then on.

    Raises:
        UsageError: no such record, no such field, a value the field cannot have, or a topic that is not declared.
    """
    files, _ = bench.ports.records.read_all()
    file = find_live(files, name)
    changes = parse_value(field, value)
    for topic in changes.get("topics") or ():
        require_topic(bench.declared.topic_names, topic)
    decision = Decision(field=field, by=by, at=now)
    record = decide(file.record, item_from(file).id, decision, changes)
    return store_record(bench, RecordFile(file.path, record), decision_event(item_from(file).id, decision))


def require_topic(known: Sequence[str], name: str) -> None:
    """Raise UsageError when *name* is not in *known*; a portal without topics knows none to compare with."""
    if known and name not in known:
        folded = {topic.casefold(): topic for topic in known}
        close = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.5)
        hint = f"Did you mean {folded[close[0]]!r}?" if close else f"Topics are {', '.join(known)}"
        raise UsageError(f"there is no topic {name!r}", where="topics", hint=hint)


def store_record(bench: Bench, file: RecordFile, event: Event) -> RecordFile:
    """Write a decided record, log *event*, and have its item decided again; return *file*."""
    bench.ports.records.write(file.path, file.record)
    bench.ports.log.append([event])
    with bench.ports.store.begin() as work:
        if work.items.find(event.item) is not None:
            work.items.mark_pending([event.item])
    return file
