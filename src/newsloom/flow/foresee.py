"""What a run would change, in words: the records before it against the records after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newsloom.flow.world import Bench
from newsloom.model.item import recorded_id
from newsloom.model.record import Bookkeeping, Record, RecordFile
from newsloom.stages.record import RECORD_KEYS, field_digest

_TOLD = frozenset({"topics", "quality", "heat", "published", "related"})
"""Keys of a record whose changes have words of their own."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would change about one record.

    Attributes:
        item: its item's id. title: as it reads now.
        gains, loses: topics it would get and lose, in order of the alphabet.
        changes: everything that would change, in words: `topic + Energy`, `quality 53 → 68`, `published: no → yes (why)`.
    """

    item: str
    title: str
    gains: tuple[str, ...]
    loses: tuple[str, ...]
    changes: tuple[str, ...]


def foreseen(bench: Bench, before: Sequence[RecordFile], after: Sequence[RecordFile]) -> tuple[Foreseen, ...]:
    """Return how the records *after* differ from those *before*, newest first.

    Args:
        bench: where *after* was decided; it knows why something is published.
    """
    olds, news = ({recorded_id(file): file for file in files} for files in (before, after))
    found = []
    for key in olds.keys() | news.keys():
        old, new = olds.get(key), news.get(key)
        if old != new:
            found.append(_told(bench, key, old.record if old else None, new.record if new else None))
    moments = {key: file.record.published_date_time for key, file in {**news, **olds}.items()}
    return tuple(sorted(found, key=lambda one: (-moments[one.item].timestamp(), one.item)))


def _told(bench: Bench, key: str, old: Record | None, new: Record | None) -> Foreseen:
    had, has = set(old.topics if old else ()), set(new.topics if new else ())
    gains, loses = tuple(sorted(has - had)), tuple(sorted(had - has))
    changes = [f"topic + {name}" for name in gains] + [f"topic − {name}" for name in loses]
    if old is None or new is None:
        changes.insert(0, "its record is removed" if new is None else "its record is written")
    else:
        changes += _numbers(old, new)
    if new is not None and bool(new.published) is not bool(old and old.published):
        was, is_now = ("yes", "no") if old and old.published else ("no", "yes")
        changes.append(f"published: {was} → {is_now}{_why(bench, key, old, new)}")
    if old is not None and new is not None:
        changes += _place(old.bookkeeping, new.bookkeeping) + _rest(old, new)
    shown = old or new
    return Foreseen(key, shown.title if shown else "", gains, loses, tuple(changes) or ("its notes",))


def _numbers(old: Record, new: Record) -> list[str]:
    pairs = (("quality", old.quality, new.quality), ("heat", old.heat, new.heat))
    return [
        f"{name} {'–' if before is None else before} → {'–' if after is None else after}"
        for name, before, after in pairs
        if before != after
    ]


def _why(bench: Bench, key: str, old: Record | None, new: Record) -> str:
    """Return why the item is published or not; nothing when it is as a person wants it."""
    if new.bookkeeping and any(decision.field == "published" for decision in new.bookkeeping.decisions):
        return ""
    with bench.ports.store.begin() as work:
        item = work.items.find(key)
    if item is None or item.quality is None:
        return ""
    return f" ({bench.stages.score.published(item, before=old.published if old else None)[1]})"


def _place(old: Bookkeeping | None, new: Bookkeeping | None) -> list[str]:
    """Return how the item stands otherwise among others, by which terms, and how much surer or less sure its topics are."""
    if old is None or new is None:
        return []
    told = []
    if old.story != new.story:
        told.append(f"story {old.story} → {new.story}")
    if old.duplicate_of != new.duplicate_of:
        told.append(f"copy of {new.duplicate_of}" if new.duplicate_of else f"no copy of {old.duplicate_of} any more")
    if old.lead != new.lead:
        told.append("leads its story" if new.lead else "does not lead its story any more")
    parts = (("quality", old.quality_parts, new.quality_parts), ("heat", old.heat_parts, new.heat_parts))
    for name, before, after in parts:
        if before != after and sum(before.values()) == sum(after.values()):
            told.append(f"other terms of the same {name}")
    return told + _surer(old.topics, new.topics)


def _surer(old: Mapping[str, float], new: Mapping[str, float]) -> list[str]:
    return [f"{name} {old[name]:.2f} → {new[name]:.2f}" for name in new if name in old and old[name] != new[name]]


def _rest(old: Record, new: Record) -> list[str]:
    """Return the other keys of the record whose values differ."""
    keys = [key for key in RECORD_KEYS if key not in _TOLD and field_digest(old, key) != field_digest(new, key)]
    gone, come = _links(old) - _links(new), _links(new) - _links(old)
    if gone or come:
        keys.append(f"related coverage (+{len(come)} −{len(gone)})")
    elif old.related != new.related:
        keys.append("what its related coverage says")
    return keys


def _links(record: Record) -> set[str]:
    return {other.web_url or other.title for other in record.related}
