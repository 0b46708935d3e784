"""One parsed page: the lexbor tree and what every reader of fields asks of it, looked up once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser, LexborNode

from newsloom.errors import PageError
from newsloom.vocab import urls
from newsloom.vocab.plain import one_line

MAX_PAGE_BYTES = 10 * 1024 * 1024
MAX_TAGS = 60_000
"""Three times what the largest of 729 real news pages holds; extraction takes some 60 µs for each."""

MAX_DEPTH = 4_000
MAX_ATTRIBUTES = 10_000
"""Of one tag. The parser compares each with all before it: 10,000 take 0.2 s, 40,000 four; a lost quote can make some thousand."""

MAX_ELEMENTS_PER_KIND = 2_000
MAX_GATHERED = 12_000

# The parser takes time in the square of the nesting depth, but 15,000 tags cannot nest deep enough to hurt (0.4 s).
_TAGS_THAT_CANNOT_HURT = 15_000
_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# One tag with its attributes; what a script or style holds is passed over, since its quotes pair by other rules.
_ATTRIBUTES = rb"""[^>"']*+(?:(?:"[^"]*+"|'[^']*+')[^>"']*+)*+"""
_WHOLE_TAG = re.compile(
    rb"<(?:(?:script|style)\b%b>[^<]*+(?:<(?!/(?:script|style))[^<]*+)*+|[a-z]%b)" % (_ATTRIBUTES, _ATTRIBUTES),
    re.IGNORECASE,
)
_ITS_ATTRIBUTES = re.compile(_ATTRIBUTES)
_QUOTED = re.compile(rb""""[^"]*+"|'[^']*+'""")
_ATTRIBUTE = re.compile(rb"[^\s/]+")
_SHORT_TAG = 2 * MAX_ATTRIBUTES  # bytes: fewer cannot hold too many attributes
_SHORTEST_TAG = 3  # bytes
_COMMENT_OR_TEASER = re.compile(r"comment|related|sidebar|teaser|recommend|latest|most-read|popular")
_NEVER_CREDITS = frozenset(["meta", "link", "script", "html", "body"])
_CREDITS = re.compile(r"author|byline|vcard|/aut(?:or|eur)/")
_VOID = frozenset(
    {
        b"area", b"base", b"br", b"col", b"embed", b"hr", b"img", b"input", b"link", b"meta", b"param", b"source", b"track", b"wbr",
        b"p", b"li", b"dt", b"dd", b"tr", b"td", b"th", b"option", b"thead", b"tbody", b"tfoot", b"path", b"circle", b"rect", b"use",
    }
)  # fmt: skip
# Everything the readers of fields ask for, in one walk over the tree: each selector alone costs as much as all together.
_GATHERED = (
    "meta, link[href], base[href], title, h1, time, iframe, html, body, article, main, script[type*='ld+json' i], [itemprop], [rel~=author], [rel~=tag], "
    "[class*=byline i], [class*=author i], [id=author i], [class*=vcard i], a[href*='/aut']"
)


class PageDocument:
    """A page as parsed once. Everything it gives is bounded and may be hostile text.

    Args:
        markup: the page in UTF-8, which the parser takes as it is: decoded, a large page would take four times its size.
        url: address the page came from, for relative links.

    Raises:
        PageError: the page holds too many tags, or nests them too deep, to be one that people read.
    """

    def __init__(self, markup: bytes, url: str) -> None:
        _refuse_tag_bombs(markup, url)
        self.markup = markup
        self.url = url
        self.tree = LexborHTMLParser(markup)
        base = next(iter(self.elements("base")), None)
        self.base_url = (urls.resolve(url, attribute(base, "href")) if base is not None else None) or url

    @cached_property
    def gathered(self) -> list[tuple[LexborNode, dict[str, str | None]]]:
        """The elements that fields are read from, each with its attributes, in document order."""
        found = []
        last = 0
        for node in self.tree.css(_GATHERED)[:MAX_GATHERED]:
            # The parser names an element once for each selector it matches, one after the other.
            if node.mem_id != last:
                last = node.mem_id
                found.append((node, node.attributes))
        return found

    @cached_property
    def _by_tag(self) -> dict[str, list[tuple[LexborNode, dict[str, str | None]]]]:
        found: dict[str, list[tuple[LexborNode, dict[str, str | None]]]] = {}
        for node, attributes in self.gathered:
            found.setdefault(node.tag or "", []).append((node, attributes))
        return found

    @cached_property
    def credited(self) -> list[tuple[LexborNode, dict[str, str | None]]]:
        """The gathered elements that are called after an author or lead to one, in document order."""
        found = []
        for node, attributes in self.gathered:
            name, address = attributes.get("class") or attributes.get("id"), attributes.get("href")
            if (name or address) and _CREDITS.search(f"{name} {attributes.get('id')} {address}".lower()):
                found.append((node, attributes))
        return [(node, attributes) for node, attributes in found if node.tag not in _NEVER_CREDITS]

    def described(self, tag: str) -> list[tuple[LexborNode, dict[str, str | None]]]:
        """Return the gathered elements called *tag* with their attributes, in document order."""
        return self._by_tag.get(tag, [])

    def elements(self, tag: str, limit: int = MAX_ELEMENTS_PER_KIND) -> list[LexborNode]:
        """Return up to *limit* of the gathered elements called *tag*, in document order."""
        return [node for node, _ in self._by_tag.get(tag, ())[:limit]]

    @cached_property
    def metas(self) -> dict[str, list[str]]:
        """Contents of `<meta>` by lower-case name or property, in document order, blank ones left out."""
        found: dict[str, list[str]] = {}
        for _, attributes in self._by_tag.get("meta", ())[:MAX_ELEMENTS_PER_KIND]:
            content = (attributes.get("content") or "").strip()
            if not content:
                continue
            for key in ("property", "name", "itemprop", "http-equiv"):
                for name in (attributes.get(key) or "").lower().split()[:4]:
                    contents = found.setdefault(name, [])
                    if content not in contents[-1:]:
                        contents.append(content)
        return found

    @cached_property
    def links(self) -> list[tuple[frozenset[str], dict[str, str]]]:
        """`<link>` elements with an address: their relations in lower case and their attributes."""
        found = []
        for _, raw in self._by_tag.get("link", ())[:MAX_ELEMENTS_PER_KIND]:
            attributes = {name: value or "" for name, value in raw.items()}
            if "href" in attributes:
                found.append((frozenset(attributes.get("rel", "").lower().split()), attributes))
        return found

    @cached_property
    def title(self) -> str:
        """The text of `<title>`, plain; "" when there is none."""
        return next(map(text_of, self.elements("title", 1)), "")

    @cached_property
    def headings(self) -> list[tuple[LexborNode, str]]:
        """The first `<h1>` elements with their plain text, those without text left out."""
        return [(node, text) for node in self.elements("h1", 10) if (text := text_of(node))]

    def meta(self, *names: str) -> Iterator[tuple[str, str]]:
        """Yield (name, content) of the `<meta>` elements with *names*, by order of *names*."""
        for name in names:
            for content in self.metas.get(name.lower(), ()):
                yield name, content

    def linked(self, relation: str) -> Iterator[dict[str, str]]:
        """Yield the attributes of the `<link>` elements with *relation*."""
        for relations, attributes in self.links:
            if relation in relations:
                yield attributes

    def select(self, selector: str, limit: int = 50) -> list[LexborNode]:
        """Return up to *limit* elements that match *selector*, in document order."""
        return self.tree.css(selector)[:limit]

    def absolute(self, reference: str) -> str | None:
        """Return *reference*, as written in the page, as an absolute http(s) address, or None."""
        return urls.resolve(self.base_url, reference.strip()) if reference and reference.strip() else None

    @cached_property
    def root_attributes(self) -> dict[str, str | None]:
        """Attributes of the `<html>` element."""
        return dict(self.tree.root.attributes) if self.tree.root is not None else {}


def attribute(node: LexborNode, name: str) -> str:
    """Return the attribute *name* of *node*, "" when it has none."""
    # A fifth of what it costs to make a dict of all.
    return node.attrs.get(name) or "" if node.is_element_node else ""


def text_of(node: LexborNode) -> str:
    """Return the text inside *node* as one plain line."""
    return one_line(node.text(separator=" "))


def stands_aside(node: LexborNode) -> bool:
    """Return True when *node* stands in a teaser, a list, a comment or the frame of the page rather than in its article."""
    parent = node.parent
    for _ in range(6):
        if parent is None:
            return False
        if parent.tag in ("aside", "nav", "footer", "li"):
            return True
        name, identifier = attribute(parent, "class"), attribute(parent, "id")
        if (name or identifier) and _COMMENT_OR_TEASER.search(f"{name} {identifier}".lower()):
            return True
        parent = parent.parent
    return False


def _refuse_tag_bombs(markup: bytes, url: str) -> None:
    for tag in _WHOLE_TAG.findall(markup) if len(markup) > _SHORT_TAG else ():
        if len(tag) <= _SHORT_TAG:
            continue
        inside = _ITS_ATTRIBUTES.match(tag)
        if inside and len(_ATTRIBUTE.findall(_QUOTED.sub(b" ", inside[0]))) > MAX_ATTRIBUTES:
            raise PageError(f"a tag of the page has more than {MAX_ATTRIBUTES} attributes", where=url)
    if len(markup) <= _SHORTEST_TAG * _TAGS_THAT_CANNOT_HURT:
        return
    tags = markup.count(b"<")
    if tags <= _TAGS_THAT_CANNOT_HURT:
        return
    if tags > MAX_TAGS:
        raise PageError(f"the page holds about {tags} tags, more than {MAX_TAGS}", where=url)
    depth = deepest = 0
    for match in _TAG.finditer(markup):
        if match[2].lower() in _VOID:
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        raise PageError(f"the page nests its tags about {deepest} deep, more than {MAX_DEPTH}", where=url)
