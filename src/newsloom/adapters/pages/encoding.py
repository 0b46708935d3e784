"""Bytes of a page → UTF-8, by the order of the HTML standard.

Source: HTML Living Standard, 13.2.3 "The input byte stream": byte order mark, transport, `<meta>`, then a guess.
"""

from __future__ import annotations

import codecs
import re

_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_META_CHARSET = re.compile(
    rb"<(?:meta|\?xml)\b[^>]*?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE
)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_PRESCAN_BYTES = 4096
_GUESS_BYTES = 65_536
_PIECE_BYTES = 262_144

# What pages call ASCII or Latin-1 is windows-1252 in every browser; the Asian supersets likewise (WHATWG Encoding, 4.2).
_LABELS = {
    "ascii": "cp1252", "us-ascii": "cp1252", "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252",
    "windows-1252": "cp1252", "iso-8859-9": "cp1254", "tis-620": "cp874", "iso-8859-11": "cp874", "gb2312": "gb18030",
    "gb_2312-80": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932",
    "sjis": "cp932", "windows-31j": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "korean": "cp949", "big5": "big5hkscs",
    "utf8": "utf-8", "utf8mb4": "utf-8", "unicode": "utf-8", "utf-16": "utf-8", "utf-16le": "utf-8", "utf-16be": "utf-8", "utf-7": "cp1252",
}  # fmt: skip


def as_utf8(body: bytes, charset: str | None = None) -> bytes:
    """Return *body* in UTF-8, itself where it is that already; bytes that do not fit become U+FFFD.

    A declared encoding is believed unless the bytes are clean UTF-8 with characters beyond ASCII: pages often claim Latin-1 and send
    UTF-8, and text of another encoding almost never happens to be valid UTF-8.

    Args:
        body: the page, any bytes.
        charset: from the Content-Type header, if it named one.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return _recoded(body[len(mark) :], encoding)
    for start, encoding in ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be")):
        if body.startswith(start):
            return _recoded(body, encoding)
    # Japanese in seven bits is valid UTF-8, and wrong; it has escapes.
    is_utf8 = _is_utf8(body)
    if is_utf8 and b"\x1b" not in body:
        return body
    encodings = [name for name in map(_python_codec, (charset, _declared(body))) if name is not None]
    if is_utf8 and not any(name.startswith("iso2022") for name in encodings):
        return body
    return _recoded(body, encodings[0] if encodings else _guess(body))


def _recoded(body: bytes, encoding: str) -> bytes:
    return body.decode(encoding, "replace").encode("utf-8", "ignore")


def _is_utf8(body: bytes) -> bool:
    """Return True when *body* is UTF-8 from end to end; looks at a piece at a time, since as text it takes up to four times the room."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(body), _PIECE_BYTES):
            decoder.decode(body[start : start + _PIECE_BYTES])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _declared(body: bytes) -> str | None:
    match = _META_CHARSET.search(_COMMENT.sub(b"", body[:_PRESCAN_BYTES]))
    return match[1].decode("ascii", "replace") if match else None


def _python_codec(label: str | None) -> str | None:
    if not label:
        return None
    name = label.strip().strip("\"'").lower()
    name = _LABELS.get(name, name)
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    # Python also looks up byte-to-byte and str-to-str codecs by name (zip, rot13): no page is written in those.
    return info.name if getattr(info, "_is_text_encoding", True) and info.name not in _NO_PAGE_ENCODINGS else None


_NO_PAGE_ENCODINGS = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem", "utf-7"}
)


def _guess(body: bytes) -> str:
    """Return the likeliest encoding of undeclared bytes: UTF-8 with a few broken bytes, else what the statistics say."""
    sample = body[:_GUESS_BYTES]
    broken = sample.decode("utf-8", "replace").count("\ufffd")
    beyond_ascii = sum(byte > 127 for byte in sample)
    if broken * 10 < beyond_ascii:
        return "utf-8"
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    return best.encoding if best is not None else "cp1252"
