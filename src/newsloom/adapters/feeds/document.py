"""A feed in XML as `FeedDocument`: its items, and what it says of itself."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from newsloom.adapters.feeds.entries import MAX_ENTRIES, authors_of, entry_of, link_of, with_telling_ids
from newsloom.adapters.feeds.names import Names
from newsloom.adapters.feeds.repair import no_feed
from newsloom.adapters.feeds.tree import ROOTS, FeedTree
from newsloom.adapters.feeds.values import MAX_ID, MAX_TITLE, Fields, Reading, language_tag, raw_text
from newsloom.errors import FeedError
from newsloom.model.page import FeedDocument, FeedEntry

_TITLES = ("title", "dc:title", "media:title", "itunes:title")
_ITEMS = ("item", "entry")
_HOLDERS = frozenset(("rss", "feed", "rdf", "channel", "items", "seq", "rdf:seq"))
_PERIOD_SECONDS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_LONGEST_INTERVAL = 86_400


def read_document(tree: FeedTree, address: str) -> FeedDocument:
    """Return the feed in *tree*, which came from *address*.

    Raises:
        FeedError: the document is no feed.
    """
    root, names = tree.root, Names(tree.root)
    kind = names[root.tag].rpartition(":")[2]
    if kind not in ROOTS:
        raise FeedError("this is no feed and no sitemap")
    is_atom = kind in ("feed", "entry")
    reading = Reading(
        names, address, address, is_atom, has_bases="xml:base" in tree.source, has_languages="xml:lang" in tree.source
    )
    fields = {} if kind == "entry" else _feed_fields(root, reading)
    channel = _channel(root, reading)
    link = link_of(channel, fields, reading)
    # An Atom link is relative to the document (RFC 4287 §2); RSS has no rule, and its authors mean the site.
    reading.base = reading.base_of(root) if is_atom else link or address
    authors = authors_of(fields, reading) if is_atom else ()
    entries: list[FeedEntry] = []
    left_out = 0
    for item in _items(root, reading):
        if len(entries) < MAX_ENTRIES:
            entries.append(entry_of(item, reading, authors))
        else:
            left_out += 1
    if tree.is_embedded and not entries:
        raise no_feed(tree.source)
    title = reading.first_plain(fields, _TITLES, MAX_TITLE)
    if tree.is_cut and len(entries) > 1:
        entries.pop()  # it is not all there, and told like this it would be taken for known when it is
    notes = [f"{left_out} entries beyond {MAX_ENTRIES} left out"] if left_out else []
    if tree.is_cut:
        notes.append("the feed broke off: what came whole was read")
    return FeedDocument(
        dialect=_dialect(root, kind),
        entries=with_telling_ids(entries),
        title=title,
        link=link,
        id=next((text for e in fields.get("id", ()) if (text := raw_text(e).strip()[:MAX_ID])), None),
        language=_language(channel, fields, reading),
        minimum_interval_seconds=_interval(fields),
        notes=tuple(notes),
        repairs=tree.repairs,
    )


def _channel(root: etree._Element, reading: Reading) -> etree._Element:
    return next((child for child in root.iterchildren("*") if reading.names[child.tag] == "channel"), root)


def _feed_fields(root: etree._Element, reading: Reading) -> Fields:
    """Return what the feed says of itself: in its channel, and beside it, where some put it."""
    fields = reading.fields(root)
    channels = fields.get("channel", ())
    for channel in channels[:1]:
        inner = reading.fields(channel)
        fields = inner | {name: found for name, found in fields.items() if name not in inner}
    return {name: found for name, found in fields.items() if name not in _ITEMS}


def _items(root: etree._Element, reading: Reading) -> Iterator[etree._Element]:
    """Yield the items wherever they stand: in the channel, beside it, in a list of their own; never one inside another."""
    names = reading.names
    if names[root.tag] == "entry":
        yield root
        return
    for child in root.iterchildren("*"):
        name = names[child.tag]
        if name in _ITEMS:
            yield child
        elif name in _HOLDERS:
            yield from _items(child, reading)


def _dialect(root: etree._Element, kind: str) -> str:
    namespaces = " ".join(uri for uri in root.nsmap.values() if uri)
    if kind in ("feed", "entry"):
        return "atom-0.3" if "purl.org/atom/ns#" in namespaces else "atom-1.0"
    if kind == "rdf":
        return "rdf-0.9" if "netscape.com" in namespaces else "rdf-1.0"
    if kind == "channel":
        return "cdf" if root.tag == "CHANNEL" or root.get("HREF") else "rss"
    version = (root.get("version") or "").strip()
    return f"rss-{version}" if 0 < len(version) <= 8 and version.replace(".", "").isdigit() else "rss"


def _language(channel: etree._Element, fields: Fields, reading: Reading) -> str | None:
    for name in ("language", "dc:language"):
        for element in fields.get(name, ()):
            if found := language_tag(raw_text(element)):
                return found
    return reading.language_of(channel)


def _interval(fields: Fields) -> int | None:
    """Return how long the feed asks to be left alone, in seconds, at most a day."""
    minutes = _number(fields, "ttl")
    if minutes:
        return min(minutes * 60, _LONGEST_INTERVAL)
    period = next((_PERIOD_SECONDS.get(raw_text(e).strip().lower()) for e in fields.get("sy:updateperiod", ())), None)
    if period is None:
        return None
    return min(period // (_number(fields, "sy:updatefrequency") or 1), _LONGEST_INTERVAL)


def _number(fields: Fields, name: str) -> int | None:
    text = next((raw_text(element).strip() for element in fields.get(name, ())), "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None
