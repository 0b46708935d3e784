"""Other feed parsers, their results in newsloom's terms so that all are held against the same facts."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from newsloom.adapters.feeds.text import plain_text
from newsloom.adapters.feeds.values import absolute, instant
from newsloom.errors import DataLayoutError
from newsloom.model.page import FeedDocument, FeedEntry, FetchedPage

PEERS = ("feedparser",)


class PeerRefused(Exception):
    """A peer found no feed."""


def peer_reader(name: str) -> tuple[Callable[[FetchedPage], FeedDocument], str]:
    """Return what reads a feed as the peer *name* does, and the peer's version.

    Raises:
        DataLayoutError: there is no such peer, or it is not installed.
    """
    if name not in PEERS:
        raise DataLayoutError(f"there is no peer {name!r}", hint=f"Peers are: {', '.join(PEERS)}")
    try:
        import feedparser
    except ImportError as error:
        raise DataLayoutError(f"{name} is not installed", hint=f"pip install {name}") from error

    def read(page: FetchedPage) -> FeedDocument:
        parsed = feedparser.parse(io.BytesIO(page.body), response_headers={"content-location": page.final_url})
        if not parsed.get("version") and not parsed.get("entries") and not parsed.get("feed"):
            raise PeerRefused
        return _lowered(parsed, page.final_url)

    return read, str(feedparser.__version__)


def _lowered(parsed: Mapping[str, Any], address: str) -> FeedDocument:
    feed = parsed.get("feed") or {}
    return FeedDocument(
        dialect="",
        entries=tuple(_entry(dict(raw), address) for raw in parsed.get("entries") or []),
        title=plain_text(str(feed.get("title") or ""), 2000) or None,
        link=absolute(feed.get("link"), address),
    )


def _entry(raw: Mapping[str, Any], address: str) -> FeedEntry:
    return FeedEntry(
        link=absolute(raw.get("link"), address),
        id=" ".join(str(raw.get("id") or "").split()) or None,
        title=plain_text(str(raw.get("title") or ""), 2000) or None,
        published=_instant(raw, "published"),
        updated=_instant(raw, "updated"),
    )


def _instant(raw: Mapping[str, Any], name: str) -> datetime | None:
    parsed = raw.get(f"{name}_parsed")
    if parsed:
        try:
            year, month, day, hour, minute, second = parsed[:6]
            return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        except (TypeError, ValueError):
            return None
    return instant(raw.get(name))
