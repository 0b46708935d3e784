"""What an answer of the network means: its body read whole, or the failure it amounts to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import aiohttp

from newsloom.adapters.http.decoding import BodyDecoder, CutCoding
from newsloom.errors import GateRefused, ReadError, TooLarge
from newsloom.model.page import FailureKind, FetchedPage

Expected = Literal["feed", "page", "image", "any"]

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
ACCEPT: Mapping[str, str] = {
    "feed": "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5",
    "page": "text/html, application/xhtml+xml;q=0.9, */*;q=0.1",
    "image": "image/*, */*;q=0.1",
    "any": "*/*",
}
_UNFIT: Mapping[str, re.Pattern[str]] = {
    "feed": re.compile(r"(?:image|audio|video|font)/|application/(?:pdf|zip|gzip|wasm|vnd\.ms|msword)"),
    "page": re.compile(
        r"(?!text/html|application/xhtml|text/plain|application/xml|text/xml|application/octet-stream).+"
    ),
    "image": re.compile(r"(?!image/|application/octet-stream|binary/).+"),
    "any": re.compile(r"(?!)"),
}


class Failed(Exception):
    """One hop failed; carries what the failure will say."""

    def __init__(
        self, kind: FailureKind, message: str, *, status: int | None = None, retry_at: datetime | None = None
    ) -> None:
        super().__init__(message)
        self.kind, self.message, self.status, self.retry_at = kind, message, status, retry_at


async def read_page(
    response: aiohttp.ClientResponse, *, url: str, final_url: str, expected: Expected, limit: int, now: datetime
) -> FetchedPage:
    """Return the page that *response* (status 200 or 203) carries.

    Raises:
        Failed: its media type does not fit what was expected.
        TooLarge, ReadError, aiohttp.ClientPayloadError: its body exceeds *limit* bytes or is not whole.
    """
    content_type = response.headers.get("Content-Type", "")
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type and _UNFIT[expected].match(media_type):
        raise Failed("content_type", f"{media_type[:80]} where a {expected} was expected", status=response.status)
    body = await read_body(response, limit)
    charset = _CHARSET.search(content_type)
    return FetchedPage(
        url=url,
        final_url=final_url,
        status=response.status,
        body=body,
        fetched=now,
        content_type=media_type,
        charset=charset[1].lower() if charset else None,
        headers=_lower(response.headers),
    )


async def read_body(response: aiohttp.ClientResponse, limit: int, *, cut: bool = False) -> bytes:
    """Return the whole decoded body, at most *limit* bytes: more raises TooLarge, or is left unread when *cut*."""
    length = response.content_length
    if length is not None and length > limit and not cut:
        raise TooLarge(f"announces {length} bytes, more than {limit}")
    decoder = BodyDecoder(response.headers.get("Content-Encoding", ""), limit if not cut else 64 * limit)
    body = bytearray()
    async for piece in response.content.iter_any():
        body += decoder.feed(piece)
        if cut and len(body) > limit:
            return bytes(body[:limit])
    decoder.end()
    return bytes(body)


def failure_of(error: Exception) -> Failed:
    """Return what *error* of the network means. Order matters: aiohttp's classes inherit from each other."""
    kinds: tuple[tuple[type[Exception] | tuple[type[Exception], ...], FailureKind], ...] = (
        (GateRefused, "refused_by_gate"),
        (TooLarge, "too_large"),
        (CutCoding, "truncated"),
        (ReadError, "unreadable"),
        (aiohttp.ClientPayloadError, "truncated"),
        (aiohttp.ClientConnectorDNSError, "dns"),
        ((aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError), "tls"),
        ((aiohttp.ClientConnectionError, OSError), "connect"),
    )
    message = getattr(error, "message", "") or str(error) or type(error).__name__
    if isinstance(error, aiohttp.ClientConnectorError):  # its own words speak of sockets and "ssl:default"
        message = f"no connection to {error.host} ({error.os_error.strerror or error.os_error})"
    if "WRONG_VERSION_NUMBER" in str(error):  # OpenSSL's words for an answer that is no TLS
        message = f"{getattr(error, 'host', 'it')} does not speak https on that port; try http://"
    # Some quote what the server sent, over several lines.
    message = " ".join(_CONTROL.sub(" ", str(message)).split())[:300]
    for classes, kind in kinds:
        if isinstance(error, classes):
            return Failed(kind, message)
    return Failed("unreadable", message)


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in headers.items():
        lower = name.lower()
        joined[lower] = f"{joined[lower]}, {value}" if lower in joined else value
    return joined
