"""What a portal is, as its owner set it: the settings that publishing needs, and the whole that outlets read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from newsloom.model.insight import StoryInsight
from newsloom.model.record import RecordFile
from newsloom.model.source import Source
from newsloom.model.topic import Organization, Topic
from newsloom.model.version import Revision

ImagePolicy = Literal["thumbnail", "link", "none"]


@dataclass(frozen=True, slots=True)
class SiteOptions:
    """How the portal presents itself.

    Attributes:
        url: absolute address of the published site without trailing slash (`https://news.example/portal`), "" when not known:
            then links in feeds are relative to nothing and the sitemap is left out.
        base_path: path part under which it is served, "" or `/portal`.
        language: BCP 47 tag of the site's own words; `locale` is what the origin-compatible API prints (`en-us`).
        time_zone: IANA name used wherever a person reads a time.
        colors: theme colour name → CSS colour (`accent`, `background`, `text`).
        stories_on_front / items_per_page: counts, over zero.
        images: `thumbnail` copies at most `thumbnail_pixels` wide or high, `link` links to the publisher's, `none`.
        api_instants: how the API prints instants: `utc`, or an IANA zone as the origin did.
    """

    title: str = "newsloom portal"
    description: str = ""
    url: str = ""
    base_path: str = ""
    language: str = "en"
    locale: str = "en-us"
    time_zone: str = "UTC"
    colors: Mapping[str, str] = field(default_factory=dict)
    stories_on_front: int = 30
    items_per_page: int = 25
    images: ImagePolicy = "thumbnail"
    thumbnail_pixels: int = 800
    api_instants: str = "UTC"
    api_page_size: int = 25
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A local copy of a picture: `path` relative to the site (`images/ab12….webp`), its size in pixels.

    `original` is the width and height of the picture itself, upright.
    """

    path: str
    width: int
    height: int
    body: bytes = b""
    original: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """All that outlets may read: records (never articles), topics, organisations, settings, thumbnails and the moment.

    `records` hold every readable record, published or not, newest first (then by path). `thumbnails` are keyed by the
    picture's original URL. `heats` are live heats at `now`, item id → heat. `insights` are by story id. `revisions` are what
    publishers changed until `now`, item id → changes, oldest first.
    """

    records: tuple[RecordFile, ...]
    topics: tuple[Topic, ...]
    organizations: tuple[Organization, ...]
    site: SiteOptions
    now: datetime
    thumbnails: Mapping[str, Thumbnail] = field(default_factory=dict)
    heats: Mapping[str, int] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    insights: Mapping[str, StoryInsight] = field(default_factory=dict)
    revisions: Mapping[str, tuple[Revision, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """One file of an outlet: path relative to the site folder, forward slashes, and its bytes."""

    path: str
    body: bytes
