"""An HTTP response as crawlers store it: headers, body, its codings undone within bounds.

Many crawlers undo the codings themselves and keep the headers that named them; so a coding that the bytes do not have is no
damage, and the bytes are taken as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from newsloom.adapters.http.decoding import BodyDecoder, CutCoding, UnreadableCoding
from newsloom.errors import TooLarge

_MAX_HEAD = 256 * 1024
_MAX_HEADERS = 500
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(r"HTTP/\d(?:\.\d)?\s+(\d{3})", re.IGNORECASE)
_CHUNK_SIZE = re.compile(rb"\s*([0-9A-Fa-f]{1,8})[^\r\n]{0,1000}\r?\n")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_MARKUP = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html)[\s>]",
    re.I | re.S,
)
_UNTOLD = ("", "application/octet-stream", "text/plain", "unk", "unknown")


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """What a server answered: `media_type` and `charset` from Content-Type, lower case; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """Return the media type; HTML where the server told none and the body shows it."""
        told = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        return "text/html" if told in _UNTOLD and _MARKUP.match(self.body[:4096]) else told

    @property
    def charset(self) -> str | None:
        """Return the charset that Content-Type names."""
        match = _CHARSET.search(self.headers.get("content-type", ""))
        return match[1].lower() if match else None


def stored_head(raw: bytes) -> StoredResponse | None:
    """Return status and headers of the response that *raw* begins, None when it is no HTTP response.

    Its body is what of it stands in *raw*, as stored.
    """
    end = _HEAD_END.search(raw, 0, _MAX_HEAD)
    head = raw[: end.start()] if end else raw[:_MAX_HEAD]
    lines = head.decode("latin-1").splitlines()
    status = _STATUS.match(lines[0]) if lines else None
    if status is None:
        return None
    headers: dict[str, str] = {}
    for line in lines[1:_MAX_HEADERS]:
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.strip().lower(), value.strip())
    return StoredResponse(int(status[1]), headers, raw[end.end() :] if end else b"")


def stored_response(raw: bytes, limit: int) -> StoredResponse | None:
    """Return the response in *raw*, None when it is no HTTP response.

    Args:
        raw: status line, headers and body as stored.
        limit: most bytes of the body, decoded.

    Raises:
        TooLarge: the body is longer.
        UnreadableCoding: the compressed body breaks off.
    """
    stored = stored_head(raw)
    if stored is None:
        return None
    headers, body = stored.headers, stored.body
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _joined(body)
    return replace(stored, body=_decoded(body, headers.get("content-encoding", ""), limit))


def _decoded(body: bytes, coding: str, limit: int) -> bytes:
    try:
        decoder = BodyDecoder(coding, limit)
        found = decoder.feed(body)
        decoder.end()
        return found
    except CutCoding:
        raise
    except UnreadableCoding:
        if len(body) > limit:
            raise TooLarge(f"more than {limit} bytes") from None
        return body


def _joined(body: bytes) -> bytes:
    """Return *body* without the marks of chunked transfer coding; as it is when it has none."""
    parts: list[bytes] = []
    position = 0
    while (size := _CHUNK_SIZE.match(body, position)) is not None:
        length = int(size[1], 16)
        if length == 0:
            return b"".join(parts)
        parts.append(body[size.end() : size.end() + length])
        position = size.end() + length
        while body[position : position + 1] in (b"\r", b"\n"):
            position += 1
    return b"".join(parts) if parts and position >= len(body) else body
