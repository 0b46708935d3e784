"""The Google AMP Cache's addresses for AMP documents.

Source: "AMP Cache URL Format and Request Handling", amp.dev/documentation/guides-and-tutorials/learn/amp-caches-and-cors/amp-cache-urls
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from typing import Literal

import ada_url

from newsloom.vocab import urls

DEFAULT_CACHE = "cdn.ampproject.org"

_MAX_LABEL = 63
_IMAGE_PATH = re.compile(r"\.(?:avif|bmp|gif|ico|jpe?g|png|svg|tiff?|webp)$", re.IGNORECASE)
_FONT_PATH = re.compile(r"\.(?:eot|otf|ttc|ttf|woff2?)$", re.IGNORECASE)
_AFTER_AUTHORITY = re.compile(r"^[a-z]+:[/\\]*[^/\\?#]*([^#]*)", re.IGNORECASE | re.DOTALL)


def cdn_amp_url(
    url: str, suffix: str = DEFAULT_CACHE, *, serving: Literal["content", "viewer"] = "content"
) -> str | None:
    """Return where the AMP cache at *suffix* serves *url*, or None when *url* is no http(s) address.

    Args:
        url: address of an AMP document, or of an image or font of one; path and query are taken as written.
        suffix: domain of the cache.
        serving: `viewer` asks for the form that opens in a viewer.
    """
    written = url.strip()
    parsed = urls.parse_web(written)
    rest = _AFTER_AUTHORITY.match(written)
    if parsed is None or rest is None:
        return None
    kind = "v" if serving == "viewer" else _content_kind(str(parsed.pathname))
    secure = "s/" if parsed.protocol == "https:" else ""
    return f"https://{cache_subdomain(str(parsed.hostname))}.{suffix}/{kind}/{secure}{parsed.host}{rest[1]}"


def cache_subdomain(host: str) -> str:
    """Return the one label that stands for *host* (lower-case ASCII, as a parsed URL has it) in the cache's domain.

    Readable where it can be (`www-example-com`), else a hash of the host: record-format.md, section 5.
    """
    readable = _readable_label(host)
    return readable if readable is not None else _hashed_label(host)


def _readable_label(host: str) -> str | None:
    if "." not in host or len(host) > _MAX_LABEL:
        return None
    shown = ada_url.idna_to_unicode(host)
    if _mixes_directions(shown):
        return None
    label = shown.replace("-", "--").replace(".", "-")
    if not label.isascii():
        label = "xn--" + label.encode("punycode").decode("ascii").lower()
    if label[2:4] == "--" and not label.startswith("xn--"):
        label = f"0-{label}-0"
    breaks_idna = label[2:4] == "--" and not label.startswith("xn--")
    return None if breaks_idna or len(label) > _MAX_LABEL else label


def _hashed_label(host: str) -> str:
    return base64.b32encode(hashlib.sha256(host.encode()).digest()).decode("ascii").rstrip("=").lower()


def _mixes_directions(text: str) -> bool:
    directions = {unicodedata.bidirectional(character) for character in text}
    return "L" in directions and bool(directions & {"R", "AL"})


def _content_kind(path: str) -> str:
    if _IMAGE_PATH.search(path):
        return "i"
    return "r" if _FONT_PATH.search(path) else "c"
