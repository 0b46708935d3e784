"""Feeds of the whole portal and of each topic: RSS 2.0, Atom, JSON Feed 1.1.

An item's link is the original at its provider; the portal's own page of it stands beside it. Ids come from the item alone, so
that an item stays the same one when its title, its address or the portal's address changes. A feed is as old as its newest
item, not as the run that wrote it, so that its bytes change only with its news.

Source: RSS Advisory Board, "RSS 2.0 Specification"; RFC 4287; jsonfeed.org, "JSON Feed Version 1.1".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from newsloom.model.portal import Edition, PublishedFile
from newsloom.model.version import Revision
from newsloom.publish.addresses import Addresses, addresses, safe_link
from newsloom.publish.entries import Entry
from newsloom.publish.stories import Newsroom, newsroom

_ENTRIES = 50
_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/elements/1.1/"
_MEDIA = "http://search.yahoo.com/mrss/"
# An empty feed needs a date too, and it must not be today's.
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
# What XML 1.0 does not allow, even escaped.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


# Where an HTML parser would begin a tag, a comment or a declaration.
_MARKUP = re.compile(r"<(?=[A-Za-z/!?])")


def xml_text(text: str) -> str:
    """Return *text* without the characters that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)


def _inert(text: str) -> str:
    """Return *text* so that a reader which takes it for HTML finds no element in it.

    RSS has no way to say that a title is text, and many readers take it for HTML. Only what would begin markup is escaped
    once more, so that other titles stay exactly what they are.
    """
    return _MARKUP.sub("&lt;", text)


@dataclass(frozen=True, slots=True)
class _Feed:
    """One list of entries under one page: what all three forms of it share."""

    page: str
    title: str
    description: str
    entries: Sequence[Entry]
    news: Newsroom
    places: Addresses

    @property
    def id(self) -> str:
        return _urn(f"feed {self.places.url} {self.page}")

    @property
    def updated(self) -> datetime:
        return max((_updated(entry) for entry in self.entries), default=_NEVER)

    def story_address(self, entry: Entry) -> str | None:
        story = self.news.story_of.get(entry.id)
        return self.places.absolute(story.page if story is not None else entry.page)

    def thumbnail_address(self, entry: Entry) -> str | None:
        return self.places.absolute(entry.picture.path) if entry.picture else None


class Feeds:
    """The feeds: `feed.xml`, `atom.xml` and `feed.json`, on top and under each topic's page."""

    name = "feeds"

    def files(self, edition: Edition) -> Iterator[PublishedFile]:
        """Yield the feeds of *edition*, newest item first, at most 50 items each."""
        news, places, site = newsroom(edition), addresses(edition.site), edition.site
        yield from _files(_Feed("", site.title, site.description, news.published[:_ENTRIES], news, places))
        for view in news.topics.values():
            title = f"{site.title}: {view.name}"
            yield from _files(_Feed(view.page, title, view.topic.description, view.entries[:_ENTRIES], news, places))


def _files(feed: _Feed) -> Iterator[PublishedFile]:
    yield PublishedFile(f"{feed.page}feed.xml", _bytes(_rss(feed)))
    yield PublishedFile(f"{feed.page}atom.xml", _bytes(_atom(feed)))
    yield PublishedFile(f"{feed.page}feed.json", _json_feed(feed))


def _urn(text: str) -> str:
    return uuid5(NAMESPACE_URL, f"newsloom {text}").urn


def _updated(entry: Entry) -> datetime:
    published = entry.record.published_date_time
    return max(published, entry.modified.astimezone(UTC)) if entry.modified else published


def _bytes(root: etree._Element) -> bytes:
    etree.indent(root, " ")
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return written + b"\n"


def _add(parent: etree._Element, tag: str, text: str | None = None, **attributes: str | None) -> etree._Element:
    told = {name.rstrip("_"): xml_text(value) for name, value in attributes.items() if value is not None}
    child = etree.SubElement(parent, tag, told)
    if text is not None:
        child.text = xml_text(text)
    return child


def _rss(feed: _Feed) -> etree._Element:
    root = etree.Element("rss", {"version": "2.0"}, nsmap={"atom": _ATOM, "dc": _DC, "media": _MEDIA})
    channel = _add(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", feed.places.absolute(feed.page) or feed.places.local(feed.page))
    _add(channel, "description", feed.description or feed.title)
    _add(channel, "language", feed.news.site.language)
    _add(channel, "lastBuildDate", format_datetime(feed.updated, usegmt=True))
    _add(channel, "generator", "newsloom")
    if address := feed.places.absolute(f"{feed.page}feed.xml"):
        _add(channel, f"{{{_ATOM}}}link", rel="self", href=address, type="application/rss+xml")
    for entry in feed.entries:
        _rss_item(_add(channel, "item"), entry, feed)
    return root


def _rss_item(item: etree._Element, entry: Entry, feed: _Feed) -> None:
    _add(item, "title", _inert(entry.title))
    if link := entry.link or feed.places.absolute(entry.page):
        _add(item, "link", link)
    _add(item, "guid", _urn(entry.id), isPermaLink="false")
    _add(item, "pubDate", format_datetime(entry.record.published_date_time, usegmt=True))
    # Readers take a description for HTML; ours is text, so its own angle brackets are escaped once more.
    _add(item, "description", entry.record.excerpt.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    for name in entry.authors or (entry.provider,):
        _add(item, f"{{{_DC}}}creator", _inert(name))
    for topic in entry.topics:
        _add(item, "category", _inert(topic.name), domain=feed.places.absolute(topic.page) if topic.page else None)
    if comments := feed.story_address(entry):
        _add(item, "comments", comments)
    source = safe_link(entry.record.bookkeeping.source if entry.record.bookkeeping else None)
    # A source's query can carry a subscriber's key.
    if source and "?" not in source:
        _add(item, "source", _inert(entry.provider), url=source)
    if entry.picture and (picture := feed.thumbnail_address(entry)):
        size = {"width": str(entry.picture.width), "height": str(entry.picture.height)}
        _add(item, f"{{{_MEDIA}}}thumbnail", url=picture, **size)


def _atom(feed: _Feed) -> etree._Element:
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM, "media": _MEDIA})
    root.set("{http://www.w3.org/XML/1998/namespace}lang", feed.news.site.language)
    _add(root, f"{{{_ATOM}}}id", feed.id)
    _add(root, f"{{{_ATOM}}}title", feed.title)
    if feed.description:
        _add(root, f"{{{_ATOM}}}subtitle", feed.description)
    _add(root, f"{{{_ATOM}}}updated", _instant(feed.updated))
    _add(_add(root, f"{{{_ATOM}}}author"), f"{{{_ATOM}}}name", feed.news.site.title)
    for relation, page, kind in (
        ("alternate", feed.page, "text/html"),
        ("self", f"{feed.page}atom.xml", "application/atom+xml"),
    ):
        if address := feed.places.absolute(page):
            _add(root, f"{{{_ATOM}}}link", rel=relation, href=address, type=kind)
    _add(root, f"{{{_ATOM}}}generator", "newsloom")
    for entry in feed.entries:
        _atom_entry(_add(root, f"{{{_ATOM}}}entry"), entry, feed)
    return root


def _atom_entry(element: etree._Element, entry: Entry, feed: _Feed) -> None:
    if entry.language:
        element.set("{http://www.w3.org/XML/1998/namespace}lang", xml_text(entry.language))
    _add(element, f"{{{_ATOM}}}id", _urn(entry.id))
    _add(element, f"{{{_ATOM}}}title", entry.title)
    own = feed.places.absolute(entry.page)
    # RFC 4287 §4.1.2: an entry without content must have an alternate link.
    _add(
        element,
        f"{{{_ATOM}}}link",
        rel="alternate",
        href=entry.link or own or feed.places.local(entry.page),
        type="text/html",
    )
    if own:
        _add(element, f"{{{_ATOM}}}link", rel="related", href=feed.story_address(entry), type="text/html")
    _add(element, f"{{{_ATOM}}}published", _instant(entry.record.published_date_time))
    _add(element, f"{{{_ATOM}}}updated", _instant(_updated(entry)))
    for name in entry.authors or (entry.provider,):
        _add(_add(element, f"{{{_ATOM}}}author"), f"{{{_ATOM}}}name", name)
    for topic in entry.topics:
        _add(element, f"{{{_ATOM}}}category", term=topic.name)
    _add(element, f"{{{_ATOM}}}summary", entry.record.excerpt, type="text")
    if entry.picture and (picture := feed.thumbnail_address(entry)):
        size = {"width": str(entry.picture.width), "height": str(entry.picture.height)}
        _add(element, f"{{{_MEDIA}}}thumbnail", url=picture, **size)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _json_feed(feed: _Feed) -> bytes:
    told: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.places.absolute(feed.page),
        "feed_url": feed.places.absolute(f"{feed.page}feed.json"),
        "description": feed.description or None,
        "language": feed.news.site.language,
        "items": [_json_item(entry, feed) for entry in feed.entries],
    }
    text = json.dumps(_given(told), ensure_ascii=False, indent=1)
    return text.encode("utf-8", "replace") + b"\n"


def _json_item(entry: Entry, feed: _Feed) -> dict[str, object]:
    story = feed.news.story_of.get(entry.id)
    return _given(
        {
            "id": _urn(entry.id),
            "url": feed.places.absolute(entry.page) or entry.link,
            "external_url": entry.link,
            "title": entry.title,
            "content_text": entry.record.excerpt,
            "image": feed.thumbnail_address(entry),
            "date_published": _instant(entry.record.published_date_time),
            "date_modified": _instant(entry.modified) if entry.modified else None,
            "authors": [{"name": name} for name in entry.authors or (entry.provider,)],
            "tags": [topic.name for topic in entry.topics] or None,
            "language": entry.language,
            "_newsloom": _given(
                {
                    "provider": entry.record.provider.domain,
                    "quality": entry.record.quality,
                    "heat": entry.record.heat,
                    "story": story.id if story else None,
                    "changes": [_change(revision) for revision in entry.revisions] or None,
                }
            ),
        }
    )


def _change(revision: Revision) -> dict[str, object]:
    return {
        "date": _instant(revision.at),
        **{change.field: {"before": change.before, "after": change.after} for change in revision.changes},
    }


def _given(values: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in values.items() if value is not None}
