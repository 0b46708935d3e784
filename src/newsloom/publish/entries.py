"""A record as the site shows it: every address checked, its time in the site's zone, its picture a local one or none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from markupsafe import Markup

from newsloom.errors import ConfigError
from newsloom.model.item import item_id
from newsloom.model.portal import Edition, Thumbnail
from newsloom.model.record import Record, RecordFile
from newsloom.model.version import Revision
from newsloom.publish.addresses import item_pages, safe_link, topic_pages
from newsloom.publish.markup import rendered
from newsloom.publish.words import Direction, direction

_EMBED = re.compile(r"""<iframe\b[^>]{0,2000}?\bsrc\s*=\s*["']([^"']{1,2000})["']""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TopicLink:
    """A topic an entry has. `page` is None when the portal has no such topic any more; `confidence` None when unknown."""

    name: str
    page: str | None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One term of a score and its points."""

    name: str
    points: int

    @property
    def label(self) -> str:
        """Return the name for people."""
        return self.name.replace("_", " ").replace("-", " ")

    @property
    def size(self) -> int:
        """Return how much it weighs, whichever way."""
        return abs(self.points)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A score and what it is made of. `by_hand` says that the parts do not add up because a person set the total."""

    total: int
    parts: tuple[Part, ...]
    by_hand: bool = False

    def share(self, part: Part) -> int:
        """Return the weight of *part* in 0..100, 100 being that of the heaviest."""
        return round(100 * part.size / max(1, *(p.size for p in self.parts)))


@dataclass(frozen=True, slots=True)
class Entry:
    """One record, ready for templates.

    Attributes:
        id: the item's id.
        page: its page on this site. Only a published entry has that page written.
        link: the provider's address of it, http(s), None when the record has no usable one.
        at: publication, in the site's time zone.
        language: BCP 47 tag or None; direction: `auto` when the language is unknown.
        picture: a local thumbnail; picture_link the provider's picture, by the portal's image policy; never both.
        heat: live where the edition has it, else the record's; −1 for one that does not lead; None when unranked.
        revisions: what its publisher changed, oldest first, in the site's time zone.
        story: the story it belongs to, None outside any. copy_of: the id of the item it copies.
        withheld: a person held it, or it was taken down: it is shown nowhere, not even as coverage.
    """

    id: str
    page: str
    record: Record
    link: str | None
    at: datetime
    modified: datetime | None
    language: str | None
    direction: Direction
    authors: tuple[str, ...]
    topics: tuple[TopicLink, ...]
    picture: Thumbnail | None
    picture_link: str | None
    heat: int | None
    revisions: tuple[Revision, ...]
    story: str | None
    leads: bool
    copy_of: str | None
    published: bool
    withheld: bool

    @property
    def title(self) -> str:
        """Return the headline."""
        return self.record.title

    @property
    def excerpt(self) -> str:
        """Return the excerpt, "" when it only repeats the headline."""
        return "" if self.record.excerpt.strip() == self.record.title.strip() else self.record.excerpt

    @property
    def seen(self) -> datetime:
        """Return when newsloom first saw it, in the site's time zone; its publication where that is not known."""
        kept = self.record.bookkeeping
        return kept.first_seen.astimezone(self.at.tzinfo) if kept and kept.first_seen else self.at

    @property
    def provider(self) -> str:
        """Return the provider's name, its domain where it has none."""
        return self.record.provider.name or self.record.provider.domain

    @property
    def is_video(self) -> bool:
        """Return whether it is a video."""
        return self.record.type == "video"

    @property
    def is_paywalled(self) -> bool:
        """Return whether the provider asks for money to read it."""
        return self.record.bookkeeping is not None and self.record.bookkeeping.access == "paywalled"

    @property
    def quality_receipt(self) -> Receipt | None:
        """Return the record's quality and its parts, None when it is not ranked."""
        kept = self.record.bookkeeping
        return _receipt(self.record.quality, kept.quality_parts if kept else {})

    @property
    def heat_receipt(self) -> Receipt | None:
        """Return the record's own heat (not the live one) and its parts, None when it is not ranked."""
        kept = self.record.bookkeeping
        return _receipt(self.record.heat, kept.heat_parts if kept else {})

    @property
    def note(self) -> Markup:
        """Return what a person wrote below the front matter, as safe HTML. Text that newsloom put there stays unpublished."""
        kept = self.record.bookkeeping
        if kept is not None and "body" in kept.digests:
            return Markup("")
        return rendered(self.record.body)


def record_id(file: RecordFile) -> str:
    """Return the id of the item in *file*: the one it keeps, else derived from its address, else from its path."""
    kept = file.record.bookkeeping
    return kept.id if kept else item_id(file.record.web_url or file.record.original_url or file.path)


def time_zone(name: str) -> ZoneInfo:
    """Return the IANA time zone *name*. Raises ConfigError when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigError(
            f"there is no time zone {name!r}", where="time_zone", hint="Use an IANA name like Europe/Berlin"
        ) from error


def entries(edition: Edition) -> Sequence[Entry]:
    """Return every record of *edition* as an entry, in the edition's order. Cost: O(records)."""
    zone = time_zone(edition.site.time_zone)
    pages = item_pages(file.path for file in edition.records)
    topics = topic_pages(edition.topics)
    return [_entry(file, pages[file.path], zone, topics, edition) for file in edition.records]


def _entry(file: RecordFile, page: str, zone: ZoneInfo, topics: Mapping[str, str], edition: Edition) -> Entry:
    record, kept, identity = file.record, file.record.bookkeeping, record_id(file)
    held = record.published is not True and kept is not None and any(d.field == "published" for d in kept.decisions)
    taken_down = kept is not None and kept.tombstone is not None
    picture, picture_link = _picture(record, edition)
    language = kept.language if kept else None
    return Entry(
        id=identity,
        page=page,
        record=record,
        link=original_link(record),
        at=record.published_date_time.astimezone(zone),
        modified=kept.modified.astimezone(zone) if kept and kept.modified else None,
        language=language,
        direction=direction(language),
        authors=kept.authors if kept else (),
        topics=tuple(
            TopicLink(name, topics.get(name), kept.topics.get(name) if kept else None) for name in record.topics
        ),
        picture=picture,
        picture_link=picture_link,
        heat=edition.heats.get(identity, record.heat),
        revisions=tuple(Revision(r.at.astimezone(zone), r.changes) for r in edition.revisions.get(identity, ())),
        story=kept.story if kept else None,
        leads=bool(kept and kept.lead),
        copy_of=kept.duplicate_of if kept else None,
        published=record.published is True and not taken_down,
        withheld=held or taken_down,
    )


def original_link(record: Record) -> str | None:
    """Return where the reader finds the original: the page, or, of a video that stands on no page, what it embeds."""
    embed = _EMBED.search(record.featured_content or "")
    embedded = embed.group(1).replace("&amp;", "&") if embed else record.featured_content
    if embedded and embedded.startswith("//"):
        embedded = "https:" + embedded
    return safe_link(record.web_url) or safe_link(record.original_url) or safe_link(embedded)


def _picture(record: Record, edition: Edition) -> tuple[Thumbnail | None, str | None]:
    if edition.site.images == "thumbnail":
        return next((edition.thumbnails[i.url] for i in record.images if i.url in edition.thumbnails), None), None
    if edition.site.images == "link":
        return None, next((link for i in record.images if (link := safe_link(i.url))), None)
    return None, None


def _receipt(total: int | None, parts: Mapping[str, int]) -> Receipt | None:
    if total is None:
        return None
    lines = tuple(Part(name, points) for name, points in parts.items())
    return Receipt(total, lines, by_hand=bool(lines) and sum(part.points for part in lines) != total)
