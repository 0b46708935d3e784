"""From the dictionaries of feedparser and fastfeedparser, which share their keys, to `FeedEntry`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from newsloom.adapters.feeds.text import plain_text
from newsloom.model.page import FeedEntry
from newsloom.model.record import Image
from newsloom.vocab import urls
from newsloom.vocab.dates import parse_instant

MAX_ENTRIES = 5000
MAX_TITLE = 2000
MAX_SUMMARY = 20_000
MAX_CONTENT = 2_000_000
MAX_LIST = 50
MAX_ID = 2000

_NAME_IN_PARENTHESES = re.compile(r"\s*\S+@\S+\s*\((.+)\)\s*")
_IMAGE_PATH = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:$|\?)", re.IGNORECASE)

Raw = Mapping[str, Any]


def entry_of(raw: Raw, base: str) -> FeedEntry:
    """Return the entry that *raw* tells, its links absolute against *base*."""
    raw = dict(raw)  # feedparser's own dictionaries answer for keys that the feed does not have
    identity = _text(raw.get("id"), MAX_ID)
    links = [link for link in _dicts(raw.get("links")) if _string(link.get("href"))]
    enclosures = [*_dicts(raw.get("enclosures")), *(link for link in links if link.get("rel") == "enclosure")]
    return FeedEntry(
        link=_link(raw, links, base),
        id=identity or None,
        title=plain_text(_string(raw.get("title")), MAX_TITLE) or None,
        summary=plain_text(_string(raw.get("summary") or raw.get("description")), MAX_SUMMARY) or None,
        content_html=_content(raw),
        published=instant(raw.get("published")),
        updated=instant(raw.get("updated")),
        authors=_authors(raw),
        categories=_distinct(
            plain_text(_string(tag.get("label")) or _string(tag.get("term")), 200) for tag in _dicts(raw.get("tags"))
        ),
        language=_language(raw),
        images=_images(raw, enclosures, base),
        enclosure_type=next((kind for e in enclosures if (kind := _string(e.get("type")).lower()[:100])), None),
        publisher=plain_text(_string(_dict(raw.get("source")).get("title")), 300) or None,
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


def instant(value: object) -> datetime | None:
    """Return the instant that a feed's date tells, None when it is not certain."""
    moment = parse_instant(value) if isinstance(value, str) else None
    return moment.instant if moment else None


def absolute(value: object, base: str) -> str | None:
    """Return *value* as an absolute http(s) address, None when it is none."""
    text = _string(value).strip()
    return urls.resolve(base, text) if text else None


def feed_link(feed: Raw, base: str) -> str | None:
    """Return the address of the site that *feed*, a library's feed-level dictionary, belongs to."""
    return _link(feed, [link for link in _dicts(feed.get("links")) if _string(link.get("href"))], base)


def _link(raw: Raw, links: list[Raw], base: str) -> str | None:
    # FeedBurner replaces links by counting ones and keeps the publisher's own beside them.
    candidates = [raw.get("feedburner_origlink"), raw.get("link")]
    candidates += [link.get("href") for link in links if link.get("rel") in (None, "", "alternate")]
    identity = _string(raw.get("id"))
    if identity.startswith(("http://", "https://")) and raw.get("guidislink") is not False:
        candidates.append(identity)
    return next((found for value in candidates if (found := absolute(value, base))), None)


def _content(raw: Raw) -> str | None:
    texts = [_string(part.get("value")) for part in _dicts(raw.get("content"))]
    longest = max(texts, key=len, default="")
    return longest[:MAX_CONTENT] or None


def _authors(raw: Raw) -> tuple[str, ...]:
    names = [_string(author.get("name")) for author in _dicts(raw.get("authors"))] or [_string(raw.get("author"))]
    cleaned = []
    for name in names:
        match = _NAME_IN_PARENTHESES.fullmatch(name[:400])
        name = plain_text(match[1] if match else name, 200)
        if name and "@" not in name and not name.startswith(("http://", "https://")):
            cleaned.append(name)
    return _distinct(cleaned)


def _images(raw: Raw, enclosures: list[Raw], base: str) -> tuple[Image, ...]:
    found: dict[str, Image] = {}
    media = _dicts(raw.get("media_content"))
    pictures = [
        m for m in media if m.get("medium") == "image" or _string(m.get("type")).startswith("image/") or _named_image(m)
    ]
    pictures += _dicts(raw.get("media_thumbnail"))
    pictures += [
        e for e in enclosures if _string(e.get("type")).startswith("image/") or (not e.get("type") and _named_image(e))
    ]
    image = raw.get("image")
    pictures.append({"url": image} if isinstance(image, str) else _dict(image))
    for picture in pictures[:MAX_LIST]:
        address = absolute(picture.get("url") or picture.get("href"), base)
        width, height = _pixels(picture.get("width")), _pixels(picture.get("height"))
        if address and address not in found:
            found[address] = Image(address, width, height) if width and height else Image(address)
    return tuple(found.values())


def _named_image(picture: Raw) -> bool:
    return (
        not picture.get("medium") and not picture.get("type") and bool(_IMAGE_PATH.search(_string(picture.get("url"))))
    )


def _pixels(value: object) -> int | None:
    text = str(value).strip().removesuffix("px") if isinstance(value, (int, str)) else ""
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text) else None


def _language(raw: Raw) -> str | None:
    detail = _dict(raw.get("title_detail"))
    return language_tag(raw.get("language") or detail.get("language"))


def language_tag(value: object) -> str | None:
    """Return *value* when it looks like a BCP 47 tag, `_` made `-`; None otherwise."""
    text = _string(value).strip().replace("_", "-")[:35]
    return text if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*", text) else None


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))[:MAX_LIST]


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _text(value: object, limit: int) -> str:
    return " ".join(_string(value).split())[:limit]


def _dict(value: object) -> Raw:
    return value if isinstance(value, Mapping) else {}


def _dicts(value: object) -> list[Raw]:
    if not isinstance(value, (list, tuple)):
        return []
    return [item for item in value[:MAX_LIST] if isinstance(item, Mapping)]
