"""What reading a page gives: candidates for each field, each with its method; and the Article chosen from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Literal, TypeVar

from newsloom.model.record import Image, ItemType, Provider

T = TypeVar("T")
Precision = Literal["second", "minute", "day"]
Access = Literal["free", "metered", "paywalled"]
AuthorKind = Literal["person", "organization"]


@dataclass(frozen=True, slots=True)
class Candidate(Generic[T]):
    """A value some method found for a field, e.g. `Candidate("Council votes", "json-ld:headline")`.

    Methods are named `<syntax>:<what>`: json-ld, opengraph, microdata, meta, html, link, url, feed, text (of the page), script, trafilatura.
    """

    value: T
    method: str


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant in UTC, and how precisely it was told. A `day` stands at 00:00:00 UTC.

    `utc_offset_minutes` is the zone it was told in, None when UTC or unknown; it takes no part in comparing.
    """

    instant: datetime
    precision: Precision
    utc_offset_minutes: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class PageReading:
    """Everything a page says of itself, best first per field, nothing decided yet. Text is plain, addresses absolute.

    `site_names` are for people; `publisher_url` helps to find the provider. `images` carry declared sizes.
    `robots` holds the page's robots meta directives, lower case (`noindex`, `max-snippet:50`, `max-image-preview:none`).
    `organizations` are the names that the page's data credit as organisations, in lower case.
    `tdm_reservation` is whether rights for text and data mining are reserved (TDMRep), None when the page does not say.
    `needs_javascript` is True when the page carries no article without running its scripts.
    """

    url: str
    titles: tuple[Candidate[str], ...] = ()
    descriptions: tuple[Candidate[str], ...] = ()
    published: tuple[Candidate[Moment], ...] = ()
    modified: tuple[Candidate[Moment], ...] = ()
    canonical_urls: tuple[Candidate[str], ...] = ()
    amp_urls: tuple[Candidate[str], ...] = ()
    types: tuple[Candidate[ItemType], ...] = ()
    site_names: tuple[Candidate[str], ...] = ()
    images: tuple[Candidate[Image], ...] = ()
    authors: tuple[Candidate[tuple[str, ...]], ...] = ()
    languages: tuple[Candidate[str], ...] = ()
    access: tuple[Candidate[Access], ...] = ()
    keywords: tuple[Candidate[tuple[str, ...]], ...] = ()
    sections: tuple[Candidate[str], ...] = ()
    bodies: tuple[Candidate[str], ...] = ()
    embeds: tuple[Candidate[str], ...] = ()
    feeds: tuple[str, ...] = ()
    robots: frozenset[str] = frozenset()
    organizations: frozenset[str] = frozenset()
    tdm_reservation: bool | None = None
    is_amp: bool = False
    needs_javascript: bool = False


@dataclass(frozen=True, slots=True)
class Article:
    """One provider's text, each field decided.

    Attributes:
        url: canonical address, tracking parameters removed; the item's id is derived from it.
        original_url: address as the source gave it, tracking parameters removed.
        excerpt: at most 300 characters, one line.
        published_date_time: None when neither page nor feed tells.
        featured_content: embed address of a video (https), None for articles.
        article_body: plain text, paragraphs separated by one empty line; "" when unknown.
        keywords: as the page gives them.
        author_kinds: for each of `authors` whether it is a person or an organisation.
        article_section: the part of the site it is filed under.
        robots: see `PageReading.robots`.
        tdm_reservation: see `PageReading.tdm_reservation`.
        methods: record key → method that found it.
        unread: why the page itself was not read, and the feed's word is all there is: a kind of failure, such as `robots` or
            `needs_javascript`; "" when it was.
        agreement: record key → share in 0..1 of the page's own sources that agree with the value, where several tell it.
    """

    url: str
    original_url: str
    title: str
    excerpt: str
    type: ItemType
    provider: Provider
    published_date_time: datetime | None = None
    date_modified: datetime | None = None
    amp_web_url: str | None = None
    cdn_amp_web_url: str | None = None
    featured_content: str | None = None
    images: tuple[Image, ...] = ()
    authors: tuple[str, ...] = ()
    author_kinds: tuple[AuthorKind, ...] = ()
    in_language: str | None = None
    access: Access | None = None
    keywords: tuple[str, ...] = ()
    article_section: str | None = None
    article_body: str = ""
    robots: frozenset[str] = frozenset()
    tdm_reservation: bool | None = None
    methods: Mapping[str, str] = field(default_factory=dict)
    agreement: Mapping[str, float] = field(default_factory=dict)
    unread: str = ""
