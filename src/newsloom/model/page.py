"""What comes back from outside before it is understood: pages as bytes, feeds as lists of entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from newsloom.model.record import Image

FailureKind = Literal[
    "refused_by_gate",
    "robots",
    "dns",
    "connect",
    "tls",
    "timeout",
    "too_large",
    "truncated",
    "redirects",
    "http_status",
    "throttled",
    "gone",
    "content_type",
    "unreadable",
    "needs_javascript",
]


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """One thing to ask for. `headers` are the owner's own for this source (never sent to another host)."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    accept: Literal["feed", "page", "image", "any"] = "any"


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """Bytes of one address, whole and decoded from any transfer or content coding.

    `url` is what was asked, `final_url` where redirects ended; `permanent_url` is set when every hop was 301 or 308.
    `headers` have lower-case names. `charset` is from Content-Type only, None when it named none.
    """

    url: str
    final_url: str
    status: int
    body: bytes
    fetched: datetime
    content_type: str = ""
    charset: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    permanent_url: str | None = None


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server said 304: what we have is current. `permanent_url` as in `FetchedPage`."""

    url: str
    fetched: datetime
    permanent_url: str | None = None


@dataclass(frozen=True, slots=True)
class FetchFailure:
    """Nothing usable came. `retry_at` is when the host allows another try, if it said so."""

    url: str
    kind: FailureKind
    message: str
    at: datetime
    status: int | None = None
    retry_at: datetime | None = None


FetchOutcome = FetchedPage | NotModified | FetchFailure


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry of a feed or sitemap, as the feed tells it, text already plain.

    `id` is the GUID or Atom id. `link` is absolute. `summary` is plain text; `content_html` the full content if given, untrusted.
    `published` / `updated` are None when the feed's date cannot be read with certainty.
    """

    link: str | None
    id: str | None = None
    title: str | None = None
    summary: str | None = None
    content_html: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    language: str | None = None
    images: tuple[Image, ...] = ()
    enclosure_type: str | None = None
    publisher: str | None = None


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """A feed or sitemap read whole. `next_sitemaps` are further sitemaps an index named. `dialect` e.g. `rss-2.0`, `atom-1.0`.

    `notes` say what is missing from it, `repairs` what was broken in it and put right.
    """

    dialect: str
    entries: tuple[FeedEntry, ...]
    title: str | None = None
    link: str | None = None
    id: str | None = None
    language: str | None = None
    next_sitemaps: tuple[str, ...] = ()
    minimum_interval_seconds: int | None = None
    notes: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """A page out of an archive (WARC, folder), with the id the archive gives it. `fetched` None when the archive does not say.

    `headers` are those of the server's answer that say something of the page, names in lower case.
    """

    id: str
    url: str
    body: bytes
    fetched: datetime | None = None
    content_type: str = "text/html"
    charset: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ArchivedMove:
    """A redirect out of an archive: who asked for `url` was sent to `target`. Both are absolute."""

    url: str
    target: str


@dataclass(frozen=True, slots=True)
class QueuedEntry:
    """A feed entry whose page is still to be fetched.

    `key` is the entry's first key (`stages.identity.entry_keys`), `keys` are all that are its own. `source` is the source's address.
    `first_seen` is when the entry was seen; `tries` counts fetches that failed; it is not due before `not_before`.
    """

    key: str
    keys: tuple[str, ...]
    source: str
    entry: FeedEntry
    first_seen: datetime
    tries: int = 0
    not_before: datetime | None = None
