"""An item: an Article on its way through the stages, and what the stages decided about it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from newsloom.model.article import Article
from newsloom.model.record import RecordFile, RelationNote
from newsloom.model.score import Score
from newsloom.model.topic import TopicLabel


def item_id(canonical_url: str) -> str:
    """Return the content-derived id of the item at *canonical_url*: 16 hex digits of its SHA-256."""
    return hashlib.sha256(canonical_url.encode("utf-8", "replace")).hexdigest()[:16]


def recorded_id(file: RecordFile) -> str:
    """Return the id of the item whose record *file* is; one that newsloom did not make gets that of its address."""
    record = file.record
    if record.bookkeeping is not None:
        return record.bookkeeping.id
    return item_id(record.web_url or record.original_url or file.path)


def story_id(founder: str) -> str:
    """Return the id of the story that item *founder* opens. It stays when members come and go."""
    return "s" + founder[:12]


@dataclass(frozen=True, slots=True)
class JudgedTopic:
    """What a model answered when it was asked whether an item belongs to *topic*; kept, so that it is not asked again."""

    topic: str
    belongs: bool
    model: str


@dataclass(frozen=True, slots=True)
class Item:
    """An article and what has been decided about it so far. None / empty: not decided yet.

    `first_seen` is when newsloom saw it first. `source` is the address of the source that brought it.
    `path` is its record's path once it has one. `topics` None: not classified yet; empty: nothing fits.
    `quality` None: not scored. `story_heat` is the heat of the item's story when it last changed.
    """

    id: str
    article: Article
    first_seen: datetime
    source: str | None = None
    duplicate_of: str | None = None
    story: str | None = None
    topics: tuple[TopicLabel, ...] | None = None
    quality: Score | None = None
    heat: Score | None = None
    lead: bool | None = None
    published: bool | None = None
    relations: tuple[RelationNote, ...] = ()
    path: str | None = None
    judged: tuple[JudgedTopic, ...] = ()

    @property
    def seen_at(self) -> datetime:
        """Return when the item counts as reported: its claimed date, but never later than when it was first seen."""
        claimed = self.article.published_date_time
        return min(claimed, self.first_seen) if claimed else self.first_seen


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The decision that *item* is a copy of *primary*. `kind` says how it was recognised, `containment` is in 0..1."""

    item: str
    primary: str
    kind: Literal["same-url", "same-text", "near-copy", "partial-copy"]
    containment: float = 1.0


@dataclass(frozen=True, slots=True)
class StoryChoice:
    """The decision that *item* joins *story* (or opens it, when `opens`), with the similarity and the words that decided."""

    item: str
    story: str
    opens: bool
    similarity: float = 0.0
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoryRevision:
    """The decision that *item*, so far in the story *before*, belongs to *story* by what is known now.

    `kind` is "merged" when its old story is no more, "split" when it left others behind there. `evidence` are the words that
    both have in common, and those that tell it from the others.
    """

    item: str
    before: str
    story: str
    kind: Literal["merged", "split"]
    evidence: tuple[str, ...] = ()
