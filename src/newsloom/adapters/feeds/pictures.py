"""What an entry attaches: pictures and enclosures, from RSS, Atom, Media RSS and the podcast extensions."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from newsloom.adapters.feeds.values import MAX_LIST, Fields, Reading, absolute, raw_text
from newsloom.model.record import Image

_IMAGE_PATH = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:$|\?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that an entry attaches; `url` is absolute, None when it is no web address."""

    url: str | None
    media_type: str | None


def enclosures_of(fields: Fields, reading: Reading) -> tuple[Enclosure, ...]:
    """Return the enclosures of an entry, RSS's first."""
    found = [(e.get("url") or e.get("href"), e) for e in fields.get("enclosure", ())[:MAX_LIST]]
    for link in fields.get("link", ())[:MAX_LIST]:
        if (link.get("rel") or "").strip().lower().rpartition("/")[2] == "enclosure":
            found.append((link.get("href"), link))
    return tuple(
        Enclosure(absolute(url, reading.base_of(element)), (element.get("type") or "").strip().lower()[:100] or None)
        for url, element in found
    )


def images_of(fields: Fields, enclosures: tuple[Enclosure, ...], reading: Reading, base: str) -> tuple[Image, ...]:
    """Return the pictures of an entry in order of how surely they are its own, each address once."""
    found: dict[str, Image] = {}

    def add(address: object, width: object = None, height: object = None) -> None:
        url = absolute(address, base)
        if url and url not in found and len(found) < MAX_LIST:
            wide, high = pixels(width), pixels(height)
            found[url] = Image(url, wide, high) if wide and high else Image(url)

    thumbnails: list[etree._Element] = list(fields.get("media:thumbnail", ())[:MAX_LIST])
    for media in fields.get("media:content", ())[:MAX_LIST]:
        if _is_picture(media):
            add(media.get("url"), media.get("width"), media.get("height"))
        if len(media):
            thumbnails += reading.fields(media).get("media:thumbnail", ())[:MAX_LIST]
    for thumbnail in thumbnails:
        add(thumbnail.get("url") or raw_text(thumbnail), thumbnail.get("width"), thumbnail.get("height"))
    for enclosure in enclosures:
        kind = enclosure.media_type or ""
        if kind.startswith("image/") or (not kind and enclosure.url and is_image_path(enclosure.url)):
            add(enclosure.url)
    for name in ("itunes:image", "googleplay:image", "image"):
        for image in fields.get(name, ())[:MAX_LIST]:
            inner = reading.fields(image) if len(image) else {}
            url = inner["url"][0].text if "url" in inner else image.get("href") or image.get("url") or image.text
            add(url)
    return tuple(found.values())


def is_image_path(url: str) -> bool:
    """Return whether *url* ends as pictures' addresses do."""
    return bool(_IMAGE_PATH.search(url))


def pixels(value: object) -> int | None:
    """Return a width or height in pixels, None when *value* is none."""
    text = str(value).strip().removesuffix("px") if isinstance(value, (int, str)) else ""
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text) else None


def _is_picture(media: etree._Element) -> bool:
    kind, medium = (media.get("type") or "").strip().lower(), (media.get("medium") or "").strip().lower()
    if medium == "image" or kind.startswith("image/"):
        return True
    return not medium and not kind and is_image_path(media.get("url") or "")
