"""The record: what newsloom keeps of one news item. The field names are the record's keys in snake case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

ItemType = Literal["article", "video"]


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of an item or a logo of a provider.

    `width` and `height` are pixels, real or declared, both or neither. `is_cached` is the origin's mark.
    """

    url: str
    width: int | None = None
    height: int | None = None
    title: str | None = None
    is_cached: bool = False


@dataclass(frozen=True, slots=True)
class Provider:
    """Who publishes: a name for people and a registrable domain (`bbc.co.uk`, no `www.`) for machines."""

    name: str
    domain: str
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True)
class Related:
    """One entry of a record's `related` list, in the record's own terms."""

    title: str
    excerpt: str
    published_date_time: datetime
    web_url: str | None
    type: ItemType
    provider: Provider
    quality: int | None
    amp_web_url: str | None = None
    cdn_amp_web_url: str | None = None
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """Something a person decided about one item, and that every later run obeys.

    `field` is the record key that is theirs from then on (`title`, `published`, `provider`, …) or `story`.
    `by` says who or how: a name, `file` for an edit found in the file, `review` for the command.
    `value` is what was decided where the record does not show it itself (a story id for `story`).
    """

    field: str
    by: str
    at: datetime
    value: str | None = None


FOLLOW_UP, FOLLOWED = "follow-up", "what it follows"
"""Reasons of links between a story and another that follows it up: to the later one, and back."""


@dataclass(frozen=True, slots=True)
class RelationNote:
    """Why one related link is there: the other item's id, the reason in a few words, and a score in 0..1."""

    item: str
    reason: str
    score: float


@dataclass(frozen=True, slots=True)
class Bookkeeping:
    """The record's `newsloom` mapping: what cannot be recomputed from the record and the settings.

    Attributes:
        id: the item's content-derived id (16 hex digits).
        first_seen: when newsloom first saw the item.
        source: address of the source that brought it, without credentials; None for imports by hand.
        language: BCP 47 language tag of the text, lower case primary tag (`en`, `zh`), None when unknown.
        access: `free`, `metered` or `paywalled`, None when unknown.
        authors: names as the page credits them, in order.
        modified: when the publisher last changed the text, if it said so.
        rights: what the page reserves: robots directives that limit what may be shown (`nosnippet`, `max-snippet:50`,
            `noimageindex`, `max-image-preview:none`, …) and `tdm-reservation`; in order of the alphabet.
        story: id of the story the item belongs to; None before it was clustered.
        lead: whether it leads its story.
        duplicate_of: id of the item this one is a copy of.
        methods: record key → name of the method that found the value.
        topics: topic name → confidence in 0..1, for every topic given.
        judged: topic name → `yes` or `no` and the model that answered so (`yes by small-model`); it is not asked again.
        quality_parts: term name → points; they sum to the record's quality (unless a person set it).
        heat_parts: term name → points; they sum to the record's heat (unless a person set it).
        relations: why each related link is there, in the order of `related`.
        decisions: what people decided, oldest first.
        digests: record key → 12 hex digits of the value newsloom last wrote there; a key with a value in the
            record but no digest here was written by a person.
        tombstone: why the item was taken down; None for a living one.
        extra: sub-keys that newsloom does not know, with their values, kept for whoever wrote them.
    """

    id: str
    first_seen: datetime | None = None
    source: str | None = None
    language: str | None = None
    access: Literal["free", "metered", "paywalled"] | None = None
    authors: tuple[str, ...] = ()
    modified: datetime | None = None
    rights: tuple[str, ...] = ()
    story: str | None = None
    lead: bool | None = None
    duplicate_of: str | None = None
    methods: Mapping[str, str] = field(default_factory=dict)
    topics: Mapping[str, float] = field(default_factory=dict)
    judged: Mapping[str, str] = field(default_factory=dict)
    quality_parts: Mapping[str, int] = field(default_factory=dict)
    heat_parts: Mapping[str, int] = field(default_factory=dict)
    relations: tuple[RelationNote, ...] = ()
    decisions: tuple[Decision, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict)
    tombstone: str | None = None
    extra: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of front matter as it stands in the file: the top-level key it holds (None: blank or comment lines)."""

    key: str | None
    raw: str


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file wrote its record, so that what newsloom does not change stays as it is, byte for byte.

    `blocks` in file order cover everything between the two `---` lines (`opening` and `closing`, which may carry blanks).
    `newline` is what the file uses, and line ends are LF here; in a file that mixes them it is LF, and each CR stays where
    it is. `byte_order_mark` says whether the file starts with one. `extended` names the known keys under which somebody
    put sub-keys of their own. `read` is the record as it was read, so that a change can be told from what stood there.
    """

    blocks: tuple[Block, ...]
    newline: Literal["\n", "\r\n"] = "\n"
    byte_order_mark: bool = False
    opening: str = "---\n"
    closing: str = "---\n"
    extended: frozenset[str] = frozenset()
    read: Record | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Record:
    """One news item as its file tells it.

    Attributes:
        published_date_time: UTC, to the second.
        quality: 0 or more. heat: −1 or more. Both and `published` are None together on an unranked record.
        topics: names, most certain first; empty when none fits.
        featured_content: HTML of an embedded video.
        secured: opaque, kept verbatim.
        body: Markdown after the front matter, as the file has it (line ends LF); "\\n" for newsloom's own.
        layout: how the file wrote it; not part of the value. None for a record that has no file yet.
    """

    title: str
    excerpt: str
    published_date_time: datetime
    type: ItemType
    provider: Provider
    category: str = "news"
    original_url: str | None = None
    web_url: str | None = None
    amp_web_url: str | None = None
    cdn_amp_web_url: str | None = None
    quality: int | None = None
    heat: int | None = None
    published: bool | None = None
    featured_content: str | None = None
    topics: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    related: tuple[Related, ...] = ()
    secured: str | None = None
    bookkeeping: Bookkeeping | None = None
    body: str = "\n"
    layout: Layout | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class RecordFile:
    """A record and where it lies: `path` is relative to the portal (`_news/2026-03-02-title.md`), with forward slashes."""

    path: str
    record: Record


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A record file that cannot be read: left untouched, not published, never overwritten."""

    path: str
    reason: str
