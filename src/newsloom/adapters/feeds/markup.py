"""Bytes of a feed made fit for an XML parser: one encoding, no document type, no junk, nothing that XML cannot hold.

What feeds get wrong again and again is mended here, once, so that the parsers behind see the same clean text. All scans are
linear; what only an attacker writes is refused.
"""

from __future__ import annotations

import codecs
import html.entities
import re

from newsloom.errors import FeedError
from newsloom.vocab.dates import parse_instant

MAX_FEED_BYTES = 15 * 1024 * 1024
MAX_ATTRIBUTES = 300
MAX_NAMESPACES = 500
MAX_DEPTH = 200

_HEAD = 8192
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)
_START = re.compile(
    r"<\?xml\s|<(?:[a-zA-Z_][\w.-]{0,30}:)?(?:rss|feed|rdf|channel|urlset|sitemapindex|opml)[\s>/]", re.IGNORECASE
)
_ROOT = re.compile(
    r"(?:\s|<\?[^>]*\?>|<!--.*?-->)*<((?:[a-zA-Z_][\w.-]{0,30}:)?[a-zA-Z_][\w.-]{0,30})((?:\s[^<>]*)?)>", re.DOTALL
)
_AMPERSAND = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos);)(?:(#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});)?"
)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONG_TAG = re.compile(rf"<[^<>]{{{4 * MAX_ATTRIBUTES},}}")  # shorter ones cannot hold so many
_DATE = re.compile(
    r"(<(?:[\w.-]{1,30}:)?(?:pubDate|date|published|updated|issued|modified|created)(?:\s[^<>]{0,200})?>)"
    r"(?:([^<]{0,200})|\s{0,50}<!\[CDATA\[([^\]<]{0,200})\]\]>\s{0,50})(?=</)",
    re.IGNORECASE,
)
_TAG = re.compile(r"<(/?)[a-zA-Z_][^<>]*?(/?)>")
# WHATWG Encoding Standard: what a label means to everyone who writes it.
_MEANT = {
    "iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
    "iso-8859-9": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030",
    "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "big5": "big5hkscs",
}  # fmt: skip


def feed_text(body: bytes, charset: str | None) -> str:
    """Return *body* as text: by byte order mark, else UTF-8 when it is, else as the header or the declaration says.

    Valid UTF-8 with non-ASCII in it is next to never anything else, while headers and declarations are often wrong.

    Args:
        body: the feed, at most `MAX_FEED_BYTES`.
        charset: what Content-Type says, None when nothing.

    Raises:
        FeedError: too long.
    """
    if len(body) > MAX_FEED_BYTES:
        raise FeedError(f"the feed is longer than {MAX_FEED_BYTES} bytes")
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    for start, name in (
        (b"<\0?\0", "utf-16-le"),
        (b"\0<\0?", "utf-16-be"),
        (b"<\0\0\0", "utf-32-le"),
        (b"\0\0\0<", "utf-32-be"),
    ):
        if body.startswith(start):
            return body.decode(name, "replace")
    declared = _DECLARED.search(body[:_HEAD])
    labels = [label for label in (charset, declared[1].decode("ascii", "replace") if declared else None) if label]
    if b"\x1b" not in body[:100_000]:  # ISO-2022 text is ASCII to the eye
        labels.insert(0, "utf-8")
    for label in [*labels, "utf-8"]:
        name = _MEANT.get(label.lower(), label)
        if name.lower().replace("_", "-") in ("utf-7", "unicode-1-1-utf-7", "idna", "punycode"):
            continue
        try:
            if getattr(codecs.lookup(name), "_is_text_encoding", True):
                return body.decode(name)
        except (LookupError, UnicodeError, ValueError):
            continue
    return body.decode("cp1252", "replace")


def mended_xml(text: str) -> str:
    """Return *text* as a document an XML parser can read: from its root on, without document type or foreign entities.

    Raises:
        FeedError: there is no root of a feed or sitemap, or a bound on tags, namespaces or depth is broken.
    """
    text = _NOT_XML.sub("", text.lstrip("\ufeff"))
    start = _START.search(text, 0, _HEAD)
    if start is None:
        raise FeedError("this is an HTML page, not a feed" if _is_html(text) else "this is no feed and no sitemap")
    text = _DECLARATION.sub("", text[start.start() :], count=1)
    text = _without_doctype(text)
    # Attributes cost fastfeedparser and feedparser quadratic time; long ones (pictures in data: addresses) are harmless.
    if any(tag[0].count('="') + tag[0].count("='") > MAX_ATTRIBUTES for tag in _LONG_TAG.finditer(text)):
        raise FeedError(f"a tag has more than {MAX_ATTRIBUTES} attributes")
    if text.count("xmlns:") > MAX_NAMESPACES:
        raise FeedError(f"more than {MAX_NAMESPACES} namespaces")
    return "".join(part if is_cdata else _AMPERSAND.sub(_character, part) for part, is_cdata in _sections(text))


def with_plain_dates(xml: str) -> str:
    """Return *xml* with every date in ISO 8601, and emptied where it cannot be read with certainty.

    The parsers would guess: `04/11/2020` by the American reading, an unknown zone as UTC.
    """

    def plain(match: re.Match[str]) -> str:
        moment = parse_instant(match[2] if match[2] is not None else match[3])
        return match[1] + (
            moment.instant.strftime("%Y-%m-%dT%H:%M:%SZ") if moment and moment.instant.year > 999 else ""
        )

    return _DATE.sub(plain, xml)


def root_of(text: str) -> tuple[str, str]:
    """Return the name of the root element, lower case without prefix, and its attributes as written; "" when there is none."""
    match = _ROOT.match(text[: _HEAD * 4])
    if match is None:
        return "", ""
    return match[1].rpartition(":")[2].lower(), match[2]


def depth_of(text: str) -> int:
    """Return how deeply elements nest in *text*, counted up to a little over `MAX_DEPTH`."""
    depth = deepest = 0
    for part, is_cdata in _sections(text):
        if is_cdata:
            continue
        for closing, empty in _TAG.findall(part):
            if closing:
                depth -= 1
            elif not empty:
                depth += 1
                deepest = max(deepest, depth)
                if deepest > MAX_DEPTH:
                    return deepest
    return deepest


def _is_html(text: str) -> bool:
    head = text[:_HEAD].lower()
    return "<html" in head or "<!doctype html" in head or "<body" in head


def _without_doctype(text: str) -> str:
    """Cut the document type out: nothing newsloom reads needs one, and entities are declared in it."""
    start = text.find("<!DOCTYPE", 0, _HEAD)
    if start < 0:
        return text
    bracket, end = text.find("[", start), text.find(">", start)
    if 0 <= bracket < end:
        end = text.find("]", bracket)
        while end >= 0 and not re.match(r"\]\s*>", text[end : end + 20]):
            end = text.find("]", end + 1)
        end = text.find(">", end) if end >= 0 else -1
    return text[:start] + text[end + 1 :] if end >= 0 else text[:start]


def _sections(text: str) -> list[tuple[str, bool]]:
    """Split *text* into stretches outside and inside CDATA; an unclosed one is what it is to a parser: text."""
    parts: list[tuple[str, bool]] = []
    position = 0
    while True:
        start = text.find("<![CDATA[", position)
        end = text.find("]]>", start) if start >= 0 else -1
        if start < 0 or end < 0:
            parts.append((text[position:], False))
            return parts
        parts.append((text[position:start], False))
        parts.append((text[start : end + 3], True))
        position = end + 3


def _character(match: re.Match[str]) -> str:
    """Return what an entity stands for, as XML can hold it; an ampersand that is none is escaped."""
    name = match[1]
    if name is None:
        return "&amp;"
    if name[0] == "#":
        shown = html.unescape(f"&{name};")  # maps 128–159 to what Windows meant and refuses what is no character
        return _NOT_XML.sub("", shown).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    known = html.entities.html5.get(name + ";")
    return f"&amp;{name};" if known is None else known.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
