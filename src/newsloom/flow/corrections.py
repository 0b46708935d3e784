"""A person's corrections of stories: merge, split, move, lead. Kept in the records, obeyed by every later run.

Where an item belongs is the decision `story` of its record, whom it may share no story with are its decisions `apart`, and
that it leads is its decision `lead`.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime

from newsloom.errors import UsageError
from newsloom.flow.owed import decision_event
from newsloom.flow.review import find_live, find_record, store_record
from newsloom.flow.world import Bench
from newsloom.model.record import Decision, RecordFile
from newsloom.stages.record import decide, item_from, withdraw


def merge_stories(bench: Bench, into: str, others: Sequence[str], *, by: str, now: datetime) -> int:
    """Put all members of the stories *others* into the story *into*; return how many items moved.

    What was said before of keeping members of these stories apart, and who leads those that end, is taken back.

    Raises:
        UsageError: a name means no story, or the same one twice.
    """
    files, _ = bench.ports.records.read_all()
    target = story_named(files, into)
    moved = 0
    for other in others:
        story = story_named(files, other)
        if story == target:
            raise UsageError("that is one story already", where=other)
        together = {item_from(file).id for file in files if item_from(file).story in (story, target)}
        for file in files:
            kept = item_from(file).story
            if kept not in (story, target):
                continue
            plain = _without_apart(file, together)
            if kept == story:
                _Move(bench, by, now).to(_without_pin(plain), target)
                moved += 1
            elif plain is not file:
                bench.ports.records.write(plain.path, plain.record)
        files, _ = bench.ports.records.read_all()
    return moved


def split_story(bench: Bench, names: Sequence[str], *, by: str, now: datetime) -> str:
    """Take the named items, and their copies that nobody put anywhere, out of their story into one of their own; return its id.

    Each is kept apart from what leads the rest of the story it leaves, so that no later pass merges the two again.

    Raises:
        UsageError: no such record, or nothing else would be left in the story.
    """
    files, _ = bench.ports.records.read_all()
    chosen = [find_live(files, name) for name in names]
    ids = {item_from(file).id for file in chosen}
    along = [copy for file in chosen for copy in _copies(files, file) if item_from(copy).id not in ids]
    stay = _rest(files, [*chosen, *along])
    new = "s" + item_from(chosen[0]).id[:12]
    if new in {item_from(file).story for file in files}:
        # The first item founded the story it leaves: the new one is named by the moment as well.
        new = f"{new}-{now.strftime('%Y%m%d%H%M%S')}"
    for file in chosen:
        _Move(bench, by, now).to(_without_pin(file), new, apart_from=stay)
    for file in along:
        _Move(bench, by, now).to(file, new)
    return new


def move_item(bench: Bench, name: str, story: str, *, by: str, now: datetime) -> RecordFile:
    """Put the item *name* into *story* (an id, or any of its items), and keep it apart from the story it leaves.

    Its copies go along, but for those that a person put somewhere.

    Raises:
        UsageError: no such record or story, or it is there already.
    """
    files, _ = bench.ports.records.read_all()
    file, target = find_live(files, name), story_named(files, story)
    before = item_from(file).story
    if before == target:
        raise UsageError("that item is in that story already", where=name)
    along = _copies(files, file)
    taken = {file.path, *(copy.path for copy in along)}
    left = [other for other in files if other.path not in taken and item_from(other).story == before]
    there = {item_from(other).id for other in files if item_from(other).story == target}
    stay = _representative(left) if before and left else None
    moved = _without_apart(_without_pin(file), there)
    moved = _Move(bench, by, now).to(moved, target, apart_from=stay if stay not in there else None)
    for copy in along:
        _Move(bench, by, now).to(copy, target)
    return moved


def pin_lead(bench: Bench, name: str, *, by: str, now: datetime) -> RecordFile:
    """Let the item *name* lead its story from now on; whoever was pinned before is not any more.

    Raises:
        UsageError: no such record, it is in no story, or it is a copy.
    """
    files, _ = bench.ports.records.read_all()
    file = find_live(files, name)
    item = item_from(file)
    if item.story is None:
        raise UsageError("that item is in no story", where=name, hint="It gets one in the next run")
    if item.duplicate_of is not None:
        raise UsageError(
            f"that item is a copy of {item.duplicate_of}",
            where=name,
            hint="Pin the original instead: a copy stands under it",
        )
    for other in files:
        if other.path != file.path and item_from(other).story == item.story and _is_pinned(other):
            free = _without_pin(other)
            bench.ports.records.write(free.path, free.record)
    decision = Decision(field="lead", by=by, at=now)
    record = decide(file.record, item.id, decision, {})
    if record.bookkeeping is not None:
        record = replace(record, bookkeeping=replace(record.bookkeeping, lead=True))
    pinned = store_record(bench, RecordFile(file.path, record), decision_event(item.id, decision))
    _decide_again(bench, item.story)
    return pinned


def story_named(files: Sequence[RecordFile], name: str) -> str:
    """Return the id of the story that *name* means: its id, or any of its items (`find_record`).

    Raises:
        UsageError: it means neither, or an item that is in no story.
    """
    for file in files:
        if file.record.bookkeeping and file.record.bookkeeping.story == name:
            return name
    book = find_record(files, name).record.bookkeeping
    if book is None or book.story is None:
        raise UsageError("that item is in no story", where=name)
    return book.story


@dataclass(frozen=True, slots=True)
class _Move:
    """Moving items between stories at one moment, by one person."""

    bench: Bench
    by: str
    now: datetime

    def to(self, file: RecordFile, story: str, apart_from: str | None = None) -> RecordFile:
        key, before = item_from(file).id, item_from(file).story
        decision = Decision(field="story", by=self.by, at=self.now, value=story)
        record = decide(file.record, key, decision, {})
        if apart_from is not None and ("apart", apart_from) not in {(d.field, d.value) for d in _decisions(file)}:
            record = decide(record, key, Decision(field="apart", by=self.by, at=self.now, value=apart_from), {})
        if record.bookkeeping is not None:
            record = replace(record, bookkeeping=replace(record.bookkeeping, story=story))
        moved = store_record(self.bench, RecordFile(file.path, record), decision_event(key, decision))
        with self.bench.ports.store.begin() as work:
            item = work.items.find(key)
            if item is not None:
                work.items.put(replace(item, story=story, heat=None, lead=None))
        # The story it leaves lost a member: its lead and heat are decided again.
        _decide_again(self.bench, before)
        return moved


def _decide_again(bench: Bench, story: str | None) -> None:
    """Have lead and heat of *story* decided in the next pass."""
    with bench.ports.store.begin() as work:
        for member in work.items.story(story) if story else ():
            work.items.put(replace(member, heat=None))


def _copies(files: Sequence[RecordFile], original: RecordFile) -> list[RecordFile]:
    """Return the copies of *original* that stand in its story because they are copies, and for no person's decision."""
    item = item_from(original)
    return [
        file
        for file in files
        if (copy := item_from(file)).duplicate_of == item.id
        and copy.story == item.story
        and all(decision.field != "story" for decision in _decisions(file))
    ]


def _rest(files: Sequence[RecordFile], chosen: Sequence[RecordFile]) -> str | None:
    """Return the item that stands for what *chosen* leave behind, None when they come from several stories."""
    stories = {item_from(file).story for file in chosen}
    story = stories.pop()
    if stories or story is None:
        return None
    ids = {item_from(file).id for file in chosen}
    left = [file for file in files if item_from(file).story == story and item_from(file).id not in ids]
    if not left:
        what = "is alone in its story already" if len(ids) == 1 else "these are the whole of their story already"
        raise UsageError(what, where=chosen[0].record.title)
    return _representative(left)


def _representative(files: Sequence[RecordFile]) -> str:
    """Return the id of the item that stands for *files*: the lead, else the first that is no copy."""
    items = [item_from(file) for file in files]
    return min(items, key=lambda item: (not item.lead, item.duplicate_of is not None, item.seen_at, item.id)).id


def _is_pinned(file: RecordFile) -> bool:
    return any(decision.field == "lead" for decision in _decisions(file))


def _without_pin(file: RecordFile) -> RecordFile:
    return RecordFile(file.path, withdraw(file.record, "lead")) if _is_pinned(file) else file


def _without_apart(file: RecordFile, ids: Set[str]) -> RecordFile:
    """Return *file* without the decisions that keep it apart from *ids*; itself when there are none."""
    values = {d.value for d in _decisions(file) if d.field == "apart" and d.value in ids}
    return RecordFile(file.path, withdraw(file.record, "apart", values)) if values else file


def _decisions(file: RecordFile) -> tuple[Decision, ...]:
    return file.record.bookkeeping.decisions if file.record.bookkeeping else ()
