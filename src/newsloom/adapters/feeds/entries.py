"""One item of RSS or RDF, or one entry of Atom, as `FeedEntry`: the union of what all of them and their extensions say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from lxml import etree

from newsloom.adapters.feeds.pictures import enclosures_of, images_of
from newsloom.adapters.feeds.text import plain_text
from newsloom.adapters.feeds.values import (
    MAX_ID,
    MAX_LIST,
    MAX_SUMMARY,
    MAX_TITLE,
    Fields,
    Reading,
    absolute,
    distinct,
    first_instant,
    instant,
    language_tag,
    raw_text,
)
from newsloom.model.page import FeedEntry

MAX_ENTRIES = 5000

_TITLES = ("title", "media:title", "dc:title", "itunes:title")
_SUMMARIES = (
    "description", "summary", "abstract", "dc:description", "dcterms:abstract", "media:description", "itunes:summary",
    "googleplay:description", "itunes:subtitle", "tagline",
)  # fmt: skip
_CONTENTS = ("content:encoded", "content", "xhtml:body", "xhtml:div", "fullitem", "body")
_PUBLISHED = (
    "pubdate",
    "published",
    "issued",
    "dc:date",
    "dcterms:issued",
    "created",
    "dcterms:created",
    "prism:publicationdate",
    "date",
)
_UPDATED = ("updated", "modified", "dcterms:modified", "lastbuilddate")
_ORIGINAL_LINKS = ("feedburner:origlink", "pheedo:origlink")
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json")
_RDF_ABOUT = ("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about", "about", "rdf:about")
_NAME_IN_PARENTHESES = re.compile(r"\s*\S+@\S+\s*\((.+)\)\s*")


def entry_of(item: etree._Element, reading: Reading, feed_authors: tuple[str, ...] = ()) -> FeedEntry:
    """Return what *item* tells; *feed_authors* are its authors when it names none (RFC 4287 §4.2.1)."""
    fields = reading.fields(item)
    if "media:group" in fields:
        for group in fields["media:group"][:MAX_LIST]:
            for name, found in reading.fields(group).items():
                fields.setdefault(name, []).extend(found)
    base = reading.base_of(item)
    enclosures = enclosures_of(fields, reading)
    contents = [e for name in _CONTENTS for e in fields.get(name, ())[:4] if not e.get("src")]
    source = fields.get("source")
    return FeedEntry(
        link=link_of(item, fields, reading) or next((e.url for e in enclosures if e.url), None),
        id=_identity(item, fields, reading),
        title=reading.first_plain(fields, _TITLES, MAX_TITLE),
        summary=reading.first_plain(fields, _SUMMARIES, MAX_SUMMARY),
        content_html=reading.clean_longest(contents) or None,
        published=first_instant(fields, _PUBLISHED),
        updated=first_instant(fields, _UPDATED) or instant(_attribute(item, "lastmod")),
        authors=authors_of(fields, reading) or feed_authors,
        categories=_categories(fields, reading),
        language=_language(item, fields, reading),
        images=images_of(fields, enclosures, reading, base),
        enclosure_type=next((e.media_type for e in enclosures if e.media_type), None),
        publisher=_publisher(source[0], reading) if source else None,
    )


def with_telling_ids(entries: Iterable[FeedEntry]) -> tuple[FeedEntry, ...]:
    """Return *entries* without the ids that several of them share: such an id names the feed, not the entry."""
    found = tuple(entries)
    links: dict[str | None, set[str | None]] = {}
    for entry in found:
        links.setdefault(entry.id, set()).add(entry.link)
    return tuple(
        replace(entry, id=None) if entry.id and entry.link and len(links[entry.id]) > 1 else entry for entry in found
    )


def link_of(thing: etree._Element, fields: Fields, reading: Reading) -> str | None:
    """Return the address of the page that *thing*, an item or a whole feed, stands for.

    FeedBurner replaces links by counting ones and keeps the publisher's own beside them: that comes first. Of several RSS
    links the last counts, of several Atom alternates the first (an HTML one before others): so do the parsers that most
    readers use. Failing those, a GUID that is an address and does not say that it is none.
    """
    for name in _ORIGINAL_LINKS:
        for element in fields.get(name, ()):
            if found := absolute(raw_text(element), reading.base_of(element)):
                return found
    ranked = sorted(_links(fields, reading), key=lambda link: link[0])
    candidates = [(value, element) for _, value, element in ranked]
    if own := _attribute(thing, "href"):
        candidates.append((own, thing))
    for element in fields.get("guid") or fields.get("id") or ():
        if raw_text(element).lstrip().startswith(("http://", "https://")) and _is_permanent_link(element):
            candidates.append((raw_text(element), element))
    if about := _about(thing):
        candidates.append((about, thing))
    for value, element in candidates:
        if found := absolute(value, reading.base_of(element)):
            return found
    return None


def _links(fields: Fields, reading: Reading) -> Iterator[tuple[int, str, etree._Element]]:
    """Yield (rank, address, element) for each link that may be the page, the lowest rank first to be tried."""
    for number, element in enumerate(fields.get("link", ())[:MAX_LIST]):
        href = element.get("href")
        if href is None:
            yield -number, raw_text(element), element
            continue
        relation = (element.get("rel") or "").strip().lower().rpartition("/")[2]
        media_type = (element.get("type") or "").strip().lower()
        if relation not in ("", "alternate") or media_type in _FEED_TYPES:
            if relation in ("", "alternate", "via", "related"):
                yield 2 * MAX_LIST, href, element
        elif not reading.is_atom and "tom" not in element.tag:  # in RSS, and not of Atom's namespace or prefix
            yield -number, href, element
        else:
            yield (1 if "html" in media_type else MAX_LIST), href, element


def authors_of(fields: Fields, reading: Reading) -> tuple[str, ...]:
    """Return who wrote it: names without the mail addresses that RSS asks for."""
    names: list[str] = []
    for element in fields.get("author", ())[:MAX_LIST]:
        inner = reading.fields(element) if len(element) else {}
        names.append(reading.first_plain(inner, ("name",), 400) or "" if inner else reading.plain(element, 400))
    names += reading.each_plain(fields, "dc:creator", 400)
    if not any(names):
        for other in ("itunes:author", "googleplay:author", "dc:author", "dc:contributor"):
            names += reading.each_plain(fields, other, 400)
    return distinct(map(author_name, names))


def author_name(text: str) -> str:
    """Return the name in *text*, "" when it holds an address and no name: `ann@x.example (Ann Bell)` → `Ann Bell`."""
    match = _NAME_IN_PARENTHESES.fullmatch(text[:400])
    name = plain_text(match[1] if match else text, 200)
    return "" if "@" in name or name.startswith(("http://", "https://")) else name


def _is_permanent_link(element: etree._Element) -> bool:
    return (_attribute(element, "ispermalink") or "").strip().lower() != "false"


def _attribute(element: etree._Element, name: str) -> str | None:
    """Return the attribute *name*, in whatever case it is written."""
    value: str | None = element.get(name)
    if value is None and len(element.attrib) < MAX_LIST:
        value = next((found for key, found in element.attrib.items() if key.lower() == name), None)
    return value


def _about(item: etree._Element) -> str | None:
    return next((value for name in _RDF_ABOUT if (value := item.get(name))), None)


def _identity(item: etree._Element, fields: Fields, reading: Reading) -> str | None:
    for name in ("guid", "id", "dc:identifier"):
        for element in fields.get(name, ()):
            if found := " ".join(raw_text(element).split())[:MAX_ID]:
                if (
                    reading.has_bases and reading.is_atom and ":" not in found
                ):  # an Atom id is an IRI, and may be relative
                    return absolute(found, reading.base_of(element)) or found
                return found
    return " ".join((_about(item) or "").split())[:MAX_ID] or None


def _categories(fields: Fields, reading: Reading) -> tuple[str, ...]:
    found = [
        plain_text(element.get("label") or element.get("term") or element.get("text") or "", 200)
        or reading.plain(element, 200)
        for element in fields.get("category", ())[:MAX_LIST]
    ]
    found += reading.each_plain(fields, "dc:subject", 200)
    for name in ("media:keywords", "itunes:keywords"):
        for text in reading.each_plain(fields, name, 2000):
            found += [word.strip()[:200] for word in text.split(",")]
    return distinct(found)


def _language(item: etree._Element, fields: Fields, reading: Reading) -> str | None:
    for name in ("dc:language", "language"):
        for element in fields.get(name, ()):
            if found := language_tag(raw_text(element)):
                return found
    return reading.language_of(item)


def _publisher(source: etree._Element, reading: Reading) -> str | None:
    inner = reading.fields(source) if len(source) else {}
    return reading.first_plain(inner, ("title",), 300) if "title" in inner else reading.plain(source, 300) or None
