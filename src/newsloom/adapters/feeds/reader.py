"""Any feed or sitemap, read by its dialect's reader: the `FeedReader` port."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

import fastfeedparser
import feedparser

from newsloom.adapters.feeds.entries import MAX_ENTRIES, absolute, entry_of, feed_link, language_tag, with_telling_ids
from newsloom.adapters.feeds.json_feed import read_json_feed
from newsloom.adapters.feeds.markup import MAX_DEPTH, depth_of, feed_text, mended_xml, root_of, with_plain_dates
from newsloom.adapters.feeds.sitemap import read_sitemap
from newsloom.adapters.feeds.text import plain_text
from newsloom.errors import FeedError
from newsloom.model.page import FeedDocument, FetchedPage

_HEAD = 65_536
_LANGUAGE = re.compile(r"<(?:dc:)?language>\s*(?:<!\[CDATA\[)?\s*([A-Za-z_-]{2,35})\s*(?:\]\]>)?\s*</", re.IGNORECASE)
_ROOT_LANGUAGE = re.compile(r"""\sxml:lang\s*=\s*["']([A-Za-z_-]{2,35})["']""")
_ROOT_BASE = re.compile(r"""\sxml:base\s*=\s*["']([^"'<>]{1,2000})["']""")
_VERSION = re.compile(r"""\sversion\s*=\s*["']([\d.]{1,8})["']""")
_MINUTES = re.compile(r"<ttl>\s*(\d{1,6})\s*</ttl>", re.IGNORECASE)
_PERIOD = re.compile(r"<sy:updatePeriod>\s*(hourly|daily|weekly|monthly|yearly)\s*</", re.IGNORECASE)
_FREQUENCY = re.compile(r"<sy:updateFrequency>\s*(\d{1,4})\s*</", re.IGNORECASE)
_PERIOD_SECONDS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
# A title with elements in it: fastfeedparser stops at the first.
_TITLE_MARKUP = re.compile(r"<(?:[\w.-]{1,30}:)?title(?:\s[^<>]*)?>[^<]*<(?!/|!)")
_FIRST_ENTRY = re.compile(r"<(?:[\w.-]{1,30}:)?(?:item|entry)[\s>]", re.IGNORECASE)

# feedparser takes time without bound on these (quadratic in each): beyond them it is not asked.
_FALLBACK_CHARACTERS = 4_000_000
_FALLBACK_LIMITS = {
    "<!--": 2000,
    "&lt;!--": 2000,
    "<category": 5000,
    "<dc:subject": 5000,
    "<a ": 20_000,
    "&lt;a ": 20_000,
}


class DefaultFeedReader:
    """Reads RSS, Atom, RDF, JSON Feed and sitemaps. Stateless; see `newsloom.ports.reading.FeedReader`.

    fastfeedparser reads first, since it is some fifty times faster; feedparser where the other fails, finds nothing, or is
    known to lose what the feed says.
    """

    def read(self, page: FetchedPage) -> FeedDocument:
        """Return the feed in *page*. Raises FeedError."""
        try:
            return self._read(page)
        except FeedError as error:
            error.where = error.where or page.url
            raise

    def _read(self, page: FetchedPage) -> FeedDocument:
        text = feed_text(page.body, page.charset)
        if not text.strip():
            raise FeedError("the feed is empty")
        if text.lstrip("\ufeff \t\r\n")[:1] == "{":
            return read_json_feed(text.lstrip("\ufeff"), page.final_url)
        xml = mended_xml(text)
        root, attributes = root_of(xml)
        if depth_of(xml) > MAX_DEPTH:
            raise FeedError(f"elements nest more than {MAX_DEPTH} deep")
        if root in ("urlset", "sitemapindex"):
            return read_sitemap(xml, page.final_url)
        xml = with_plain_dates(xml)
        first = _FIRST_ENTRY.search(xml)
        head = xml[: first.start() if first else _HEAD][:_HEAD]
        parsed = self._parse(xml, attributes, has_entries=first is not None)
        return _document(parsed, root, attributes, head, page.final_url)

    def _parse(self, xml: str, attributes: str, *, has_entries: bool) -> Mapping[str, Any]:
        """Return what the first library to understand *xml* says."""
        order = (
            [_by_feedparser, _by_fastfeedparser]
            if _is_beyond_fastfeedparser(xml, attributes)
            else [_by_fastfeedparser, _by_feedparser]
        )
        empty: Mapping[str, Any] | None = None
        problem = "no entries and no title"
        for parse in order:
            try:
                parsed = parse(xml)
            except FeedError as error:
                problem = error.message
                continue
            if parsed.get("entries") or (not has_entries and parsed.get("feed")):
                return parsed
            if empty is None and (parsed.get("feed") or parsed.get("version")):
                empty = parsed
        if empty is not None:
            return empty
        raise FeedError(f"the feed cannot be read: {problem}")


def _is_beyond_fastfeedparser(xml: str, attributes: str) -> bool:
    """Return whether *xml* has what fastfeedparser 0.6 is known to lose.

    That is: inner bases, base64, markup in titles, titles in Dublin Core only, FeedBurner's original links, and items with
    no link but a GUID, which may or may not be one.
    """
    if xml.count("xml:base") > attributes.count("xml:base") or "<feedburner:origLink" in xml:
        return True
    if 'mode="base64"' in xml or "mode='base64'" in xml or ("<title" not in xml and "<dc:title" in xml):
        return True
    if xml.count("<link") < xml.count("<item") + xml.count("<entry"):
        return True
    return _TITLE_MARKUP.search(xml) is not None


def _by_fastfeedparser(xml: str) -> Mapping[str, Any]:
    try:
        parsed = fastfeedparser.parse(xml.encode("utf-8"))
    except Exception as error:
        raise FeedError(f"{type(error).__name__}: {str(error)[:200]}") from error
    return dict(parsed)


def _by_feedparser(xml: str) -> Mapping[str, Any]:
    if len(xml) > _FALLBACK_CHARACTERS or any(xml.count(sign) > most for sign, most in _FALLBACK_LIMITS.items()):
        raise FeedError("too large or too intricate for the second reader")
    try:
        # A file object: given bytes, feedparser would first try to open a file of that name.
        data = io.BytesIO(b'<?xml version="1.0" encoding="utf-8"?>' + xml.encode("utf-8"))
        parsed = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:
        raise FeedError(f"{type(error).__name__}: {str(error)[:200]}") from error
    return dict(parsed)


def _document(parsed: Mapping[str, Any], root: str, attributes: str, head: str, address: str) -> FeedDocument:
    feed = parsed.get("feed") or {}
    root_base = _ROOT_BASE.search(attributes)
    base = absolute(root_base[1], address) if root_base else None
    link = feed_link(feed, base or address)
    raws = parsed.get("entries") or []
    # An Atom link is relative to the document (RFC 4287 §2); RSS has no rule, and its authors mean the site.
    entry_base = base or (address if root == "feed" else link or address)
    language = _LANGUAGE.search(head) or _ROOT_LANGUAGE.search(attributes)
    left_out = len(raws) - MAX_ENTRIES
    return FeedDocument(
        dialect=_dialect(root, attributes, head),
        entries=with_telling_ids(entry_of(raw, entry_base) for raw in raws[:MAX_ENTRIES]),
        title=plain_text(str(feed.get("title") or ""), 2000) or None,
        link=link,
        id=str(feed.get("id") or "")[:2000] or None,
        language=language_tag(language[1]) if language else None,
        minimum_interval_seconds=_interval(head),
        notes=(f"{left_out} entries beyond {MAX_ENTRIES} left out",) if left_out > 0 else (),
    )


def _dialect(root: str, attributes: str, head: str) -> str:
    version = _VERSION.search(attributes)
    if root == "feed":
        return "atom-0.3" if "purl.org/atom/ns#" in head else "atom-1.0"
    if root == "rdf":
        return "rdf-0.9" if "my.netscape.com" in head else "rdf-1.0"
    return f"rss-{version[1]}" if version else "rss"


def _interval(head: str) -> int | None:
    """Return how long the feed asks to be left alone, in seconds, at most a day."""
    minutes = _MINUTES.search(head)
    if minutes:
        return min(int(minutes[1]) * 60, 86_400) or None
    period = _PERIOD.search(head)
    if period is None:
        return None
    frequency = _FREQUENCY.search(head)
    times = max(int(frequency[1]), 1) if frequency else 1
    return min(_PERIOD_SECONDS[period[1].lower()] // times, 86_400)
