"""A broken feed made well-formed: what browsers forgive, an XML parser does not.

Junk before the root goes, so does the document type (its plain entities are remembered), HTML's entities become characters,
stray `<` and `&` become text, attributes get quotes, end tags close what is open and nothing else. One pass over the text;
every scan is linear.
"""

from __future__ import annotations

import html.entities
import re
from collections.abc import Mapping

from newsloom.errors import FeedError

MAX_DEPTH = 200
MAX_ATTRIBUTES = 300
"""Most attributes a repaired tag keeps; a tag with more is hostile."""

_HEAD = 8192
# What an element may be called that a feed begins with behind junk: a warning of the server's, a page around the feed.
_START = re.compile(r"<(?:[a-zA-Z_][\w.-]{0,30}:)?(?:rss|feed|rdf|urlset|sitemapindex)[\s>/]", re.IGNORECASE)
# These two are words of other formats too: only where nothing but a declaration and comments stands before them.
_LONELY_START = re.compile(
    r"(?:\s|<\?[^>]*\?>|<!--(?:[^-]|-(?!->))*+-->)*+(<(?:[\w.-]{1,30}:)?(?:channel|entry)[\s>/])", re.IGNORECASE
)
_TAG = re.compile(
    r"""<(/?)((?:[^\W\d]|_)[\w.-]*(?::[\w.-]+)?)((?:[^<>"']|"[^"<]*"|'[^'<]*'|["'])*+)>""",
)
_ATTRIBUTE = re.compile(r"""([^\s=<>"'/]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")
# One or two attributes as XML wants them, which nothing needs to be done to.
_FEW_ATTRIBUTES = re.compile(r"""\s+([\w-]+)="[^"<&]*"(?:\s+(?!\1=)[\w-]+="[^"<&]*")?\s*""", re.ASCII)
_NAME = re.compile(r"(?:[^\W\d]|_)[\w.-]*(?::(?:[^\W\d]|_)[\w.-]*)?")
_AMPERSAND = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos);)(?:(#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,7}|[A-Za-z_][\w.-]{0,31});)?", re.ASCII
)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ENTITY = re.compile(r"""<!ENTITY\s+([A-Za-z_][\w.-]{0,60})\s+(?:"([^"<%]{0,500})"|'([^'<%]{0,500})')\s*>""", re.ASCII)
_MAX_ENTITIES = 100
_MAX_AMPERSANDS = 2_000_000
_MAX_EXPANDED = 1_000_000
# Elements of HTML that nothing closes: unescaped HTML in a description must not swallow what follows it.
_VOID = frozenset(("br", "hr", "img", "input", "wbr", "area", "col", "embed", "param", "track"))
_ITEMS = frozenset(("item", "entry"))


def repaired(text: str) -> tuple[str, bool]:
    """Return *text* as a well-formed document from its root on, and whether it broke off before its root was closed.

    Undeclared namespace prefixes stay as they are. Elements deeper than `MAX_DEPTH` lose their tags, not their text.

    Raises:
        FeedError: there is no root of a feed or sitemap, or a tag has too many attributes.
    """
    if text.count("&") > _MAX_AMPERSANDS:
        raise FeedError(f"the feed has more than {_MAX_AMPERSANDS} entities")
    rooted_text, entities = _rooted(_NOT_XML.sub("", text))
    return _Mender(rooted_text, entities).mended()


def rooted(text: str) -> str:
    """Return *text* without what stands before its root and without document type. Raises FeedError when there is no root."""
    return _rooted(text)[0]


def plain_ampersands(text: str) -> str:
    """Return *text*, whole tags and characters of a document, with no control characters and no entities but XML's five."""
    return _Mender("", {}).characters(_NOT_XML.sub("", text))


def _rooted(text: str) -> tuple[str, dict[str, str]]:
    text, entities = _without_doctype(text)
    lonely = _LONELY_START.match(text)
    start = None if lonely else _START.search(text, 0, _HEAD)
    if lonely is None and start is None:
        raise no_feed(text)
    return text[lonely.start(1) if lonely else start.start() if start else 0 :], entities


class _Mender:
    """One pass over *text*: markup is copied, put right or left out."""

    def __init__(self, text: str, entities: Mapping[str, str]) -> None:
        self._text = text
        self._entities = entities
        self._expanded = 0
        self._out: list[str] = []
        self._open: list[str] = []
        self._counts: dict[str, int] = {}
        self._lost: set[str] = set()
        self._is_whole = False

    def mended(self) -> tuple[str, bool]:
        text, out = self._text, self._out
        position, end = 0, len(text)
        while position < end and not self._is_whole:
            mark = text.find("<", position)
            if mark < 0:
                mark = end
            if mark > position and self._open:
                out.append(self.characters(text[position:mark]))
            if mark == end:
                break
            position = self._markup(mark)
        is_cut = bool(self._open)
        while self._open:
            self._close()
        return "".join(out), is_cut

    def _markup(self, mark: int) -> int:
        """Deal with what begins with the `<` at *mark*; return where to go on."""
        text = self._text
        follows = text[mark + 1 : mark + 2]
        if follows not in ("!", "?"):
            return self._tag_or_text(mark)
        if text.startswith("<![CDATA[", mark):
            stop = self._find("]]>", mark)
            content = text[mark + 9 : stop if stop >= 0 else len(text)]
            if self._open:
                self._out.append(_escaped(content))
            return stop + 3 if stop >= 0 else len(text)
        for opening, closing in (("<!--", "-->"), ("<?", "?>")):
            if text.startswith(opening, mark):
                stop = self._find(closing, mark)
                if stop >= 0:
                    return stop + len(closing)
                break
        if follows == "!" and (stop := self._find(">", mark)) >= 0:
            return stop + 1
        return self._tag_or_text(mark)

    def _tag_or_text(self, mark: int) -> int:
        text = self._text
        tag = _TAG.match(text, mark)
        if tag is not None:
            self._tag(tag[1] == "/", tag[2], tag[3])
            return tag.end()
        if text.find(">", mark, mark + 100_000) < 0 and text.find("<", mark + 1) < 0:
            return len(text)  # a tag that the end of the feed cut off
        if self._open:
            self._out.append("&lt;")
        return mark + 1

    def _find(self, what: str, start: int) -> int:
        """Return where *what* comes next; once it was not found it is not searched for again."""
        if what in self._lost:
            return -1
        found = self._text.find(what, start)
        if found < 0:
            self._lost.add(what)
        return found

    def _tag(self, is_end: bool, name: str, attributes: str) -> None:
        if is_end:
            if self._counts.get(name):
                while self._close() != name:
                    pass
                self._is_whole = not self._open
            return
        local = name.rpartition(":")[2].lower()
        if local in _ITEMS and self._counts.get(name):  # items do not nest: the one before lost its end
            while self._close() != name:
                pass
        is_empty = attributes.endswith("/")
        if len(self._open) >= MAX_DEPTH:
            return
        rest = self._attributes(attributes.removesuffix("/")) if attributes.strip(" \t\r\n/") else ""
        if is_empty or (local in _VOID and self._open):
            self._out.append(f"<{name}{rest}/>")
            self._is_whole = not self._open
            return
        self._out.append(f"<{name}{rest}>")
        self._open.append(name)
        self._counts[name] = self._counts.get(name, 0) + 1

    def _close(self) -> str:
        name = self._open.pop()
        self._counts[name] -= 1
        self._out.append(f"</{name}>")
        return name

    def _attributes(self, text: str) -> str:
        if _FEW_ATTRIBUTES.fullmatch(text):
            return text
        found: dict[str, str] = {}
        for match in _ATTRIBUTE.finditer(text):
            name, value = match[1], match[2] or ""
            if _NAME.fullmatch(name):
                found.setdefault(name, value[1:-1] if value[:1] in ("'", '"') else value)
                if len(found) > MAX_ATTRIBUTES:
                    raise FeedError(f"a tag has more than {MAX_ATTRIBUTES} attributes")
        return "".join(
            f' {name}="{self.characters(value).replace("<", "&lt;").replace(chr(34), "&quot;")}"'
            for name, value in found.items()
        )

    def characters(self, text: str) -> str:
        """Return *text* with its entities as XML can hold them."""
        return _AMPERSAND.sub(self._character, text) if "&" in text else text

    def _character(self, match: re.Match[str]) -> str:
        """Return what an entity stands for, as XML can hold it; an ampersand that is none is escaped."""
        name = match[1]
        if name is None:
            return "&amp;"
        if name[0] == "#":
            # `unescape` maps 128–159 to what Windows meant and refuses what is no character.
            return _escaped(_NOT_XML.sub("", html.unescape(f"&{name};")))
        known = self._entities.get(name)
        if known is not None:
            self._expanded += len(known)
            return _escaped(known) if self._expanded <= _MAX_EXPANDED else ""
        known = html.entities.html5.get(name + ";")
        return f"&amp;{name};" if known is None else _escaped(known)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def no_feed(text: str) -> FeedError:
    """Return the error that says what *text*, which is no feed, seems to be."""
    head = text[:_HEAD].lower()
    if "<opml" in head:
        return FeedError(
            "this is a list of feeds (OPML), not a feed", hint="Take its feeds over: `newsloom import opml FILE`"
        )
    is_html = "<html" in head or "<!doctype html" in head or "<body" in head
    return FeedError("this is an HTML page, not a feed" if is_html else "this is no feed and no sitemap")


def _without_doctype(text: str) -> tuple[str, dict[str, str]]:
    """Cut the document type out; return the text and the entities it declares as plain text.

    Nothing is loaded, and what stands for other entities or for markup is not remembered.
    """
    start = text.find("<!DOCTYPE", 0, _HEAD)
    if start < 0:
        return text, {}
    bracket, end = text.find("[", start), text.find(">", start)
    entities: dict[str, str] = {}
    if 0 <= bracket < end:
        end = text.find("]", bracket)
        while end >= 0 and not re.match(r"\]\s*>", text[end : end + 20]):
            end = text.find("]", end + 1)
        subset = text[bracket : end if end >= 0 else bracket]
        for match in _ENTITY.finditer(subset):
            value = html.unescape(match[2] if match[2] is not None else match[3])
            if "&" not in value and "<" not in value and len(entities) < _MAX_ENTITIES:
                entities.setdefault(match[1], value)
        end = text.find(">", end) if end >= 0 else -1
    return (text[:start] + text[end + 1 :] if end >= 0 else text[:start]), entities
