"""Candidates for the images of a page, with the sizes that the page declares, without what is no picture of the news."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from selectolax.lexbor import LexborNode

from newsloom.adapters.pages import jsonld
from newsloom.adapters.pages.document import attribute
from newsloom.adapters.pages.evidence import MAX_CANDIDATES, Evidence
from newsloom.adapters.pages.picture_sizes import MAX_SIDE, size_in_address, size_in_elements
from newsloom.model.article import Candidate
from newsloom.model.record import Image
from newsloom.vocab import urls
from newsloom.vocab.plain import one_line

MIN_SIDE = 100
"""Pixels. Anything declared smaller on a side is an icon, a counter or an avatar."""

MAX_RATIO = 6.0
"""Longer than six times its height is a banner or a rule."""

_DECORATION = re.compile(
    r"(?:^|[^a-z])(?:logos?|favicons?|icons?|sprites?|placeholders?|avatars?|gravatar|default|defaultimage|fallback|blank|spacer|pixel|transparent|noimage|no-image|no_image"
    r"|dummy|share-?image|social-?share|social-?card|og-?image-?default|apple-touch|badge|button|masthead|loading|loader|emoji|captcha|1x1|site-?image|facebook-?share|twitter-?card)(?:[^a-z]|$)",
    re.IGNORECASE,
)
_TRACKER_HOST = re.compile(
    r"(?:^|\.)(?:doubleclick\.net|facebook\.com|google-analytics\.com|scorecardresearch\.com|quantserve\.com|chartbeat\.net|gravatar\.com|ioam\.de|pixel\.\w+\.\w+|adnxs\.com|2mdn\.net)$"
)
_MAX_METAS = 600
_FEW = 1  # with so many named pictures those of the text are not looked for: the walk costs as much as all fields
_NO_PHOTO = re.compile(r"\.(?:svg|ico|cur|swf|pdf|html?|php|js|css|mp4|m3u8|webm)$", re.IGNORECASE)
_LEAD_IMAGES = "article figure img, main figure img, article picture img, [class*='lead' i] img, [class*='hero' i] img, article img[width][height]"


def images(evidence: Evidence) -> tuple[Candidate[Image], ...]:
    """Return the page's pictures, the lead one first: Open Graph, JSON-LD, Twitter, microdata, then figures of the article.

    One picture named by several syntaxes stands once, with the size that any of them declares.
    """
    found: dict[str, Candidate[Image]] = {}
    for image, method in _named(evidence):
        _keep(found, image, method)
    if len(found) < _FEW:
        for node in evidence.document.select(_LEAD_IMAGES, 5):
            _keep(found, _from_element(evidence, node), "html:figure")
    return tuple(_lead_sized(evidence, list(found.values())))


def _lead_sized(evidence: Evidence, found: list[Candidate[Image]]) -> list[Candidate[Image]]:
    """Return *found*, the lead picture with the size that the text shows it with, when nothing else told one."""
    if found and found[0].value.width is None:
        lead = found[0].value
        if size := size_in_elements(evidence.document, lead.url):
            sized = replace(lead, width=size[0], height=size[1])
            return [Candidate(sized, found[0].method), *found[1:]] if is_picture(sized) else found[1:]
    return found


def _keep(found: dict[str, Candidate[Image]], image: Image | None, method: str) -> None:
    """Keep *image* under its address unless it is no picture; one that is there already gets the size if it had none."""
    if image is None or not is_picture(image):
        return
    key = urls.identity(image.url)
    known = found.get(key)
    if known is None and len(found) < MAX_CANDIDATES:
        found[key] = Candidate(image, method)
    elif known is not None and known.value.width is None and image.width is not None:
        sized = Image(known.value.url, image.width, image.height, known.value.title or image.title)
        found[key] = Candidate(sized, known.method)


def is_picture(image: Image) -> bool:
    """Return True unless *image* is by its address or declared size a logo, icon, placeholder, stock card, counter or banner.

    Words count only in the path, never in the host, and never as part of another word (`iconic` is no icon).
    """
    parsed = urls.parse_web(image.url)
    if parsed is None or _TRACKER_HOST.search(str(parsed.hostname)):
        return False
    path = str(parsed.pathname)
    if (
        _NO_PHOTO.search(path)
        or _DECORATION.search(path.rsplit("/", 1)[-1])
        or _DECORATION.search("/".join(path.split("/")[-3:-1]))
    ):
        return False
    if image.width is None or image.height is None:
        return True
    longer, shorter = max(image.width, image.height), min(image.width, image.height)
    return shorter >= MIN_SIDE and longer <= MAX_SIDE and longer <= MAX_RATIO * shorter


def _named(evidence: Evidence) -> Iterator[tuple[Image | None, str]]:
    yield from _open_graph(evidence)
    for name, value in evidence.of_article("image", "thumbnailUrl"):
        yield _from_jsonld(evidence, value), f"json-ld:{name}"
    for name, content in evidence.document.meta(
        "twitter:image", "twitter:image:src", "sailthru.image.full", "parsely-image-url"
    ):
        yield _image(evidence, content), f"meta:{name}"
    for video in evidence.videos[:1]:
        for value in evidence.graph.each(video.get("thumbnailUrl")):
            yield _from_jsonld(evidence, value), "json-ld:VideoObject.thumbnailUrl"
    for link in evidence.document.linked("image_src"):
        yield _image(evidence, link["href"]), "link:image_src"
    for name, value in evidence.of_pages("primaryImageOfPage", "image"):
        yield _from_jsonld(evidence, value), f"json-ld:WebPage.{name}"
    for node in evidence.items("image", 3):
        yield (
            _image(evidence, attribute(node, "src") or attribute(node, "content") or attribute(node, "href")),
            "microdata:image",
        )


def _open_graph(evidence: Evidence) -> Iterator[tuple[Image | None, str]]:
    """Yield og:image, with the og:image:width, height and alt that follow each (ogp.me, "Arrays")."""
    address: str | None = None
    properties: dict[str, str] = {}
    for _, attributes in evidence.document.described("meta")[:_MAX_METAS]:
        name = (attributes.get("property") or attributes.get("name") or "").lower().strip()
        if not name.startswith("og:image"):
            continue
        content = (attributes.get("content") or "").strip()
        if name in ("og:image", "og:image:url") and content and content != address:
            if address is not None:
                yield _sized(evidence, address, properties), "opengraph:og:image"
            early = properties if address is None else {}
            address, properties = content, dict(early)
        else:
            properties[name.removeprefix("og:image:")] = content
    if address is not None:
        yield _sized(evidence, address, properties), "opengraph:og:image"


def _sized(evidence: Evidence, address: str, properties: dict[str, str]) -> Image | None:
    return _image(evidence, address, properties.get("width"), properties.get("height"), properties.get("alt", ""))


def _from_jsonld(evidence: Evidence, value: Any) -> Image | None:
    if not isinstance(value, dict):
        return _image(evidence, jsonld.address(value))
    title = jsonld.text(value.get("caption")) or jsonld.text(value.get("name"))
    return _image(
        evidence, jsonld.address(value), jsonld.text(value.get("width")), jsonld.text(value.get("height")), title
    )


def _from_element(evidence: Evidence, node: LexborNode) -> Image | None:
    source = attribute(node, "src")
    if not source or source.startswith("data:"):
        source = attribute(node, "data-src") or attribute(node, "data-lazy-src") or attribute(node, "data-original")
    return _image(evidence, source, attribute(node, "width"), attribute(node, "height"), attribute(node, "alt"))


def _image(
    evidence: Evidence, address: str, width: str | None = None, height: str | None = None, title: str = ""
) -> Image | None:
    url = evidence.document.absolute(address) if address else None
    if url is None:
        return None
    wide, high = size_in_address(url) or (_pixels(width), _pixels(height))
    both = wide is not None and high is not None
    return Image(url, wide if both else None, high if both else None, one_line(title)[:300] or None)


def _pixels(text: str | None) -> int | None:
    match = re.fullmatch(r"\s*(\d{1,6})(?:\.\d+)?\s*(?:px)?\s*", text or "")
    return int(match[1]) if match and int(match[1]) > 0 else None
