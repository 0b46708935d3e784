"""Sources: what the owner wants watched, and how watching goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

SourceKind = Literal["feed", "sitemap", "page", "html", "warc"]
SourceCondition = Literal["ok", "degraded", "dead", "gone"]

MOST_VISITS = 20
"""How many runs of a host are remembered: some days of a busy source, and a few kilobytes."""


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to poll, as sources.opml declares it.

    `url` is an http(s) address for feed, sitemap and page; a path relative to the portal, or absolute, for html and warc.
    `folders` is the outline path it stands in (outermost first). `categories` are OPML categories (`/tech/ai`).
    `topics` are topic names that every item of this source gets with certainty.
    `standing` is 0..100 for how much the owner trusts it; None: unknown.
    `licence` names the licence under which article text may be kept in records; None: text stays out of them.
    """

    url: str
    kind: SourceKind = "feed"
    title: str | None = None
    site_url: str | None = None
    folders: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    standing: int | None = None
    licence: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class SourceState:
    """What newsloom remembers of polling one source. Derived; may be lost.

    `etag` and `last_modified` are sent back verbatim. `next_poll` is never None after the first poll, whatever the condition:
    probes never stop. `moved_to` and `moved_count` remember a permanent redirect until it is adopted.
    """

    url: str
    condition: SourceCondition = "ok"
    etag: str | None = None
    last_modified: str | None = None
    content_digest: str | None = None
    next_poll: datetime | None = None
    interval: timedelta = timedelta(hours=1)
    failures: int = 0
    first_failure: datetime | None = None
    last_success: datetime | None = None
    last_change: datetime | None = None
    last_error: str | None = None
    moved_to: str | None = None
    moved_count: int = 0


@dataclass(frozen=True, slots=True)
class HostVisit:
    """What one run asked of one host, as it was seen at the door: the evidence of politeness.

    `requests` were sent, robots.txt included, `most_at_once` at the same time; `shortest_pause_seconds` lay between the end of one
    and the start of the next (None for a single one), and `hurried` came sooner than the pause in force. `conditional` carried a
    validator, `not_modified` were answered 304, `throttled` 429 or 503. `withheld` were not sent because the host wanted silence,
    `early` were sent although it did; `forbidden` were not sent because of its robots.txt.
    """

    at: datetime
    requests: int = 0
    most_at_once: int = 0
    shortest_pause_seconds: float | None = None
    hurried: int = 0
    conditional: int = 0
    not_modified: int = 0
    throttled: int = 0
    withheld: int = 0
    early: int = 0
    forbidden: int = 0


@dataclass(frozen=True, slots=True)
class HostState:
    """What newsloom remembers of one host: do not ask before `not_before` (Retry-After, 429, 503), and its robots.txt.

    `visits` are those of the latest runs, oldest first, at most `MOST_VISITS`.
    """

    host: str
    not_before: datetime | None = None
    reason: str | None = None
    robots_text: str | None = None
    robots_status: int | None = None
    robots_fetched: datetime | None = None
    visits: tuple[HostVisit, ...] = ()
