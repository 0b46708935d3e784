"""Text from the web made plain: entities decoded, markup gone, one line, cut where a reader would cut."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_MARKUP = re.compile(
    r"</?(?:a|abbr|article|b|big|blockquote|br|center|cite|code|div|em|figure|font|h[1-6]|hr|i|img|li|mark|ol|p|q|s|section|small|span|strong|sub|sup|table|tbody|td|tr|u|ul|wbr)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_HIDDEN = re.compile(
    r"<!--.*?(?:-->|$)|<(script|style|template|noscript)\b.*?(?:</\1\s*>|$)", re.IGNORECASE | re.DOTALL
)
_ANY_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)\b[^<>]*>")
_BLOCK = re.compile(
    r"(?:address|article|aside|blockquote|br|dd|div|dl|dt|figcaption|figure|h[1-6]|header|hr|li|main|ol|p|pre|section|table|td|tr|ul)$",
    re.IGNORECASE,
)
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\ufffe\uffff\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*(?=\s|$)|[。！？][」』”’）]*")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"'“‘])(?:\w|(?:\w\.)+\w|mr|mrs|ms|dr|prof|st|sen|rep|gov|gen|lt|col|sgt|jr|sr|vs|no|inc|ltd|co|corp|bzw|ca|nr|mio|mrd|vgl|approx|est|fig"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.$",
    re.IGNORECASE,
)
_DRESS = re.compile(r"[\W_]+")
_MAX_DECODINGS = 3
_LONGEST_TITLE = 500

ELLIPSIS = "…"


def decode_entities(text: str) -> str:
    """Return *text* with HTML character references decoded, those encoded twice included.

    Only references that end in a semicolon count: in text that is plain already, `&copy=1` is no reference.
    """
    for _ in range(_MAX_DECODINGS):
        decoded = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
        if decoded == text:
            break
        text = decoded
    return text


def one_line(text: str) -> str:
    """Return *text* as one plain line: entities decoded, HTML tags and invisible characters gone, blanks run together, NFC."""
    if text.isascii() and text.isprintable() and "&" not in text and "<" not in text:
        return " ".join(text.split())  # nothing to mend: so are most
    text = decode_entities(text)
    if "<" in text:
        text = _MARKUP.sub(" ", text)
    text = _SURROGATE.sub("\ufffd", _INVISIBLE.sub("", text))
    return unicodedata.normalize("NFC", " ".join(text.split()))


def paragraphs(text: str) -> str:
    """Return *text* as plain paragraphs, each on one line, separated by one empty line."""
    visible = (
        line if line.isprintable() else _SURROGATE.sub("\ufffd", _INVISIBLE.sub("", line)) for line in text.splitlines()
    )
    lines = (" ".join(line.split()) for line in visible)
    return unicodedata.normalize("NFC", "\n\n".join(line for line in lines if line))


def markup_text(markup: str) -> str:
    """Return the text of an HTML fragment as plain paragraphs: blocks become paragraphs, scripts and styles vanish.

    For fragments out of feeds, whose text is all that is wanted; the result is text and must be escaped where HTML leaves.
    """
    text = _HIDDEN.sub(" ", markup)
    text = _ANY_TAG.sub(lambda match: "\n" if _BLOCK.match(match[1]) else "", " ".join(text.split()))
    return paragraphs(decode_entities(text))


def shorten(text: str, limit: int) -> str:
    """Return one-line *text* in at most *limit* characters, cut after a sentence, else after a word with an ellipsis.

    A sentence end counts when at least two fifths of the room is used by then, so that little is lost for a clean cut.
    """
    if len(text) <= limit:
        return text
    if limit < 2:
        return ""
    ends = [match.end() for match in _SENTENCE_END.finditer(text[: limit + 1]) if match.end() <= limit]
    for end in reversed(ends):
        if end < limit * 2 // 5:
            break
        if not _ABBREVIATION.search(text[:end]):
            return text[:end].rstrip()
    room = text[: limit - len(ELLIPSIS)]
    word, blank, _ = room.rpartition(" ")
    if not blank or len(word) < limit // 2 or text[len(room)].isspace():
        word = room
    return word.rstrip(" ,;:–—-([{\"'“‘«") + ELLIPSIS


def letters_and_digits(text: str) -> str:
    """Return *text* case-folded with all but letters and digits dropped: equal for titles that differ in dress only."""
    return _undressed(text) if len(text) <= _LONGEST_TITLE else _undressed.__wrapped__(text)


@lru_cache(maxsize=1024)
def _undressed(text: str) -> str:
    # Titles and names are compared over and over within a page; longer texts are not worth remembering.
    return _DRESS.sub("", unicodedata.normalize("NFKC", text).casefold())
