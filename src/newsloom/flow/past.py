"""The past: what the log must say of an item so that a past front page can be made again, and the records as they stood.

Each time something that readers can see of an item changes, its state is logged (`stated`): title, address, provider,
dates, story, lead, original, topics, quality and heat, publication. A past moment is the records of today with these fields as the last
state before that moment has them; items that came later are left out, deleted ones come back with what their state says.
What no state holds is as it is today: excerpt, authors, pictures, the portal's settings, topics and providers; and links to related
coverage: of today's those to items that were there, so what later links took the place of is missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from newsloom.model.event import Event
from newsloom.model.item import recorded_id
from newsloom.model.record import Bookkeeping, Decision, Provider, Record, RecordFile
from newsloom.vocab.typed_values import instant_text

_BY_LOG = "log"


@dataclass(frozen=True, slots=True)
class Past:
    """The records as they stood at a moment.

    `unlogged` counts those of which the log held no state yet: they stand as they are today, from when they were first seen.
    """

    files: tuple[RecordFile, ...]
    unlogged: int


def state(file: RecordFile) -> str:
    """Return what readers can see of the record *file*, as one JSON object; equal states give equal text."""
    record = file.record
    notes = record.bookkeeping or Bookkeeping(recorded_id(file))
    decided = {decision.field for decision in notes.decisions}
    fields: dict[str, Any] = {
        "title": record.title,
        "url": record.web_url or record.original_url,
        "type": record.type if record.type != "article" else None,
        "provider": record.provider.name,
        "domain": record.provider.domain,
        "date": instant_text(record.published_date_time),
        "modified": instant_text(notes.modified) if notes.modified else None,
        "seen": instant_text(notes.first_seen) if notes.first_seen else None,
        "source": notes.source,
        "path": file.path,
        "story": notes.story,
        "lead": notes.lead or None,
        "copyOf": notes.duplicate_of,
        "topics": {name: round(notes.topics.get(name, 1.0), 3) for name in record.topics},
        "quality": record.quality,
        "qualityParts": dict(notes.quality_parts),
        "heat": record.heat,
        "heatParts": dict(notes.heat_parts),
        "published": record.published or None,
        "held": ("published" in decided and not record.published) or None,
        "down": notes.tombstone,
    }
    kept = {key: value for key, value in fields.items() if value is not None and value != {}}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class _State:
    """One state as the log tells it: what is not of the kind its key needs counts as absent, since anybody may write there."""

    fields: Mapping[str, Any]

    def text(self, key: str) -> str | None:
        value = self.fields.get(key)
        return value if isinstance(value, str) else None

    def flag(self, key: str) -> bool:
        return self.fields.get(key) is True

    def whole(self, key: str) -> int | None:
        value = self.fields.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def table(self, key: str) -> dict[str, float]:
        value = self.fields.get(key)
        return {k: v for k, v in value.items() if isinstance(v, int | float)} if isinstance(value, dict) else {}

    def instant(self, key: str) -> datetime | None:
        try:
            moment = datetime.fromisoformat(self.text(key) or "")
            return moment.astimezone(UTC) if moment.tzinfo else None
        except (ValueError, OverflowError):
            return None


def records_as_of(files: Sequence[RecordFile], events: Iterable[Event], at: datetime) -> Past:
    """Return the records as they stood at *at*, in order of path.

    Args:
        files: the records of today.
        events: the whole log, in order of being written.
        at: the moment; what happened at that very moment has happened.
    """
    then: dict[str, str] = {}
    stated: set[str] = set()
    for event in events:
        if event.kind == "stated":
            stated.add(event.item)
        if event.at > at:
            continue
        if event.kind == "stated":
            then[event.item] = event.detail
        elif event.kind == "removed":
            then.pop(event.item, None)
    today = {recorded_id(file): file for file in files}
    found = [_as_stated(key, today.get(key), _State(json.loads(told)), at) for key, told in then.items()]
    unlogged = [file for key, file in today.items() if key not in stated and _seen(file) <= at]
    found += [_known_then(file, at) for file in unlogged]
    there = {recorded_id(file) for file in found}
    return Past(tuple(sorted((_with_links(file, there) for file in found), key=lambda file: file.path)), len(unlogged))


def _seen(file: RecordFile) -> datetime:
    notes = file.record.bookkeeping
    return (notes.first_seen if notes else None) or file.record.published_date_time


def _as_stated(key: str, file: RecordFile | None, told: _State, at: datetime) -> RecordFile:
    """Return the record of item *key* with what *told* says; made of that alone where its file is gone."""
    date, topics = told.instant("date") or at, told.table("topics")
    if file is not None:
        path, record = file.path, file.record
    else:
        is_video = told.text("type") == "video"
        bare = Record(told.text("title") or key, "", date, "video" if is_video else "article", Provider("", ""))
        path, record = told.text("path") or key, replace(bare, excerpt=bare.title, web_url=told.text("url"))
    notes = record.bookkeeping or Bookkeeping(key)
    decisions = tuple(decision for decision in notes.decisions if decision.at <= at)
    if told.flag("held"):
        decisions = (*(d for d in decisions if d.field != "published"), Decision("published", _BY_LOG, at))
    notes = replace(
        notes,
        first_seen=told.instant("seen") or notes.first_seen,
        source=told.text("source"),
        modified=told.instant("modified"),
        story=told.text("story"),
        lead=told.flag("lead"),
        duplicate_of=told.text("copyOf"),
        topics=topics,
        decisions=decisions,
        tombstone=told.text("down"),
        quality_parts={name: int(points) for name, points in told.table("qualityParts").items()},
        heat_parts={name: int(points) for name, points in told.table("heatParts").items()},
    )
    quality = told.whole("quality")
    changed = replace(
        record,
        title=told.text("title") or record.title,
        published_date_time=date,
        provider=replace(record.provider, name=told.text("provider") or "", domain=told.text("domain") or ""),
        topics=tuple(topics),
        quality=quality,
        heat=told.whole("heat"),
        published=told.flag("published") if quality is not None else None,
        bookkeeping=notes,
    )
    return RecordFile(path, changed)


def _known_then(file: RecordFile, at: datetime) -> RecordFile:
    notes = file.record.bookkeeping
    if notes is None:
        return file
    decisions = tuple(decision for decision in notes.decisions if decision.at <= at)
    return RecordFile(file.path, replace(file.record, bookkeeping=replace(notes, decisions=decisions)))


def _with_links(file: RecordFile, there: set[str]) -> RecordFile:
    """Return *file* with links to items in *there* only, where it says which items its links mean."""
    record, notes = file.record, file.record.bookkeeping
    if notes is None or len(notes.relations) != len(record.related):
        return file
    pairs = [pair for pair in zip(notes.relations, record.related, strict=True) if pair[0].item in there]
    kept = replace(notes, relations=tuple(note for note, _ in pairs))
    return RecordFile(file.path, replace(record, related=tuple(link for _, link in pairs), bookkeeping=kept))
