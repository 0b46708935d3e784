"""Bytes of a feed as text: which encoding they are really in."""

from __future__ import annotations

import codecs
import re

from newsloom.errors import FeedError

MAX_FEED_BYTES = 15 * 1024 * 1024

_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""", re.IGNORECASE)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# `<?` or `<` and a letter, as the wide encodings write it without a mark.
_WIDE_STARTS = (
    (re.compile(rb"<\0[?!A-Za-z]\0"), "utf-16-le"),
    (re.compile(rb"\0<\0[?!A-Za-z]"), "utf-16-be"),
    (re.compile(rb"<\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\0<"), "utf-32-be"),
)
# WHATWG Encoding Standard: what a label means to everyone who writes it.
_MEANT = {
    "iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
    "iso-8859-9": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030",
    "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "big5": "big5hkscs",
}  # fmt: skip
_FOREIGN = re.compile("[\u0080-\ufffc\U00010000-\U0010ffff]")
_NOT_TEXT = ("utf-7", "unicode-1-1-utf-7", "idna", "punycode")


def feed_text(body: bytes, charset: str | None) -> str:
    """Return *body* as text: by byte order mark, else UTF-8 when it is, else as the header or the declaration says.

    Valid UTF-8 with non-ASCII in it is next to never anything else, while headers and declarations are often wrong. What no
    label fits is read as UTF-8 when it nearly is (a broken byte here and there becomes U+FFFD), else as windows-1252.

    Args:
        body: the feed, at most `MAX_FEED_BYTES`.
        charset: what Content-Type says, None when nothing.

    Raises:
        FeedError: too long.
    """
    if len(body) > MAX_FEED_BYTES:
        raise FeedError(f"the feed is longer than {MAX_FEED_BYTES} bytes")
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    for start, name in _WIDE_STARTS:
        if start.match(body):
            return body.decode(name, "replace")
    declared = _DECLARED.search(body[:8192])
    labels = [label for label in (charset, declared[1].decode("ascii", "replace") if declared else None) if label]
    if b"\x1b" not in body[:100_000]:  # ISO-2022 text is ASCII to the eye
        labels.insert(0, "utf-8")
    for label in [*labels, "utf-8"]:
        text = _decoded(body, label)
        if text is not None:
            return text
    nearly = body.decode("utf-8", "replace")
    broken = nearly.count("\ufffd")
    whole = len(_FOREIGN.findall(nearly, 0, 1_000_000))
    return nearly if whole >= 3 * broken else body.decode("cp1252", "replace")


def _decoded(body: bytes, label: str) -> str | None:
    name = _MEANT.get(label.lower(), label)
    if name.lower().replace("_", "-") in _NOT_TEXT:
        return None
    try:
        if getattr(codecs.lookup(name), "_is_text_encoding", True):
            return body.decode(name)
    except (LookupError, UnicodeError, ValueError):
        pass
    return None
