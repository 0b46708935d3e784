"""A person's decisions: found by any short name, kept in the record, obeyed by every later run."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from newsloom.errors import UsageError
from newsloom.flow.owed import decision_event
from newsloom.flow.world import Bench
from newsloom.model.event import Event
from newsloom.model.record import Decision, RecordFile
from newsloom.stages.record import decide, item_from, parse_value


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
    file = find_record(files, name)
    changes = parse_value(field, value)
    _refuse_unknown_topics(bench.declared.topic_names, changes.get("topics") or ())
    decision = Decision(field=field, by=by, at=now)
    record = decide(file.record, item_from(file).id, decision, changes)
    return _store(bench, RecordFile(file.path, record), decision_event(item_from(file).id, decision))


def _refuse_unknown_topics(known: Sequence[str], named: Sequence[str]) -> None:
    """Raise UsageError for a topic in *named* that is not in *known*; a portal without topics knows none to compare with."""
    for name in named:
        if known and name not in known:
            folded = {topic.casefold(): topic for topic in known}
            close = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.5)
            hint = f"Did you mean {folded[close[0]]!r}?" if close else f"Topics are {', '.join(known)}"
            raise UsageError(f"there is no topic {name!r}", where="topics", hint=hint)


def merge_stories(bench: Bench, into: str, others: Sequence[str], *, by: str, now: datetime) -> int:
    """Put all members of the stories *others* into the story *into*; return how many items moved."""
    files, _ = bench.ports.records.read_all()
    target = _story_of(files, into)
    moved = 0
    for other in others:
        story = _story_of(files, other)
        if story == target:
            raise UsageError("that is one story already", where=other)
        for file in files:
            if file.record.bookkeeping and file.record.bookkeeping.story == story:
                _move(bench, file, target, by, now)
                moved += 1
    return moved


def split_story(bench: Bench, names: Sequence[str], *, by: str, now: datetime) -> str:
    """Take the named items out of their story into one of their own; return its id.

    Raises:
        UsageError: no such record, or nothing else would be left in the story.
    """
    files, _ = bench.ports.records.read_all()
    chosen = [find_record(files, name) for name in names]
    _refuse_whole_story(files, chosen)
    new = "s" + item_from(chosen[0]).id[:12]
    taken = {file.record.bookkeeping.story for file in files if file.record.bookkeeping}
    if new in taken:
        # The first item founded the story it leaves: the new one is named by the moment as well.
        new = f"{new}-{now.strftime('%Y%m%d%H%M%S')}"
    for file in chosen:
        _move(bench, file, new, by, now)
    return new


def _refuse_whole_story(files: Sequence[RecordFile], chosen: Sequence[RecordFile]) -> None:
    stories = {item_from(file).story for file in chosen}
    story = stories.pop()
    if stories or story is None:
        return
    members = {item_from(file).id for file in files if item_from(file).story == story}
    if members <= {item_from(file).id for file in chosen}:
        what = "is alone in its story already" if len(members) == 1 else "these are the whole of their story already"
        raise UsageError(what, where=chosen[0].record.title)


def _story_of(files: Sequence[RecordFile], name: str) -> str:
    for file in files:
        if file.record.bookkeeping and file.record.bookkeeping.story == name:
            return name
    book = find_record(files, name).record.bookkeeping
    if book is None or book.story is None:
        raise UsageError("that item is in no story", where=name)
    return book.story


def _move(bench: Bench, file: RecordFile, story: str, by: str, now: datetime) -> None:
    key = item_from(file).id
    decision = Decision(field="story", by=by, at=now, value=story)
    record = decide(file.record, key, decision, {})
    if record.bookkeeping is not None:
        record = replace(record, bookkeeping=replace(record.bookkeeping, story=story))
    _store(bench, RecordFile(file.path, record), decision_event(key, decision))
    with bench.ports.store.begin() as work:
        item = work.items.find(key)
        if item is None:
            return
        left = [member.id for member in work.items.story(item.story)] if item.story else []
        work.items.put(replace(item, story=story, heat=None, lead=None))
        # The story it leaves lost a member: its lead and heat are decided again.
        for member in left:
            if member != key:
                work.items.put(replace(work.items.get(member), heat=None))


def _store(bench: Bench, file: RecordFile, event: Event) -> RecordFile:
    bench.ports.records.write(file.path, file.record)
    bench.ports.log.append([event])
    with bench.ports.store.begin() as work:
        if work.items.find(event.item) is not None:
            work.items.mark_pending([event.item])
    return file
