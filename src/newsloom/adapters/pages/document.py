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

# The parser takes time in the square of the nesting depth, but 15,000 tags cannot nest deep enough to hurt (0.4 s).
_TAGS_THAT_CANNOT_HURT = 15_000
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_INSIDE = r"""(?:[^>"']++|"[^"]*+"|'[^']*+')*+"""
_WHOLE_TAG = re.compile(rf"<(script|style)\b({_INSIDE})>.*?(?:</\1|\Z)|<[a-z]({_INSIDE})", re.IGNORECASE | re.DOTALL)
_QUOTED = re.compile(r""""[^"]*+"|'[^']*+'""")
_SHORT_TAG = 2 * MAX_ATTRIBUTES  # characters: fewer cannot hold too many attributes
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "dt",
        "dd",
        "tr",
        "td",
        "th",
        "option",
        "thead",
        "tbody",
        "tfoot",
        "path",
        "circle",
        "rect",
        "use",
    ]
)


class PageDocument:
    """A page as parsed once. Everything it gives is bounded and may be hostile text.

    Args:
        text: the decoded page.
        url: address the page came from, for relative links.

    Raises:
        PageError: the page holds too many tags, or nests them too deep, to be one that people read.
    """

    def __init__(self, text: str, url: str) -> None:
        _refuse_tag_bombs(text, url)
        self.text = text
        self.url = url
        self.tree = LexborHTMLParser(text)
        base = self.tree.css_first("base[href]")
        self.base_url = (urls.resolve(url, attribute(base, "href")) if base is not None else None) or url

    @cached_property
    def metas(self) -> dict[str, list[str]]:
        """Contents of `<meta>` by lower-case name or property, in document order, blank ones left out."""
        found: dict[str, list[str]] = {}
        for node in self.tree.css("meta[content]")[:MAX_ELEMENTS_PER_KIND]:
            attributes = node.attributes
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
        for node in self.tree.css("link[href]")[:MAX_ELEMENTS_PER_KIND]:
            attributes = {name: value or "" for name, value in node.attributes.items()}
            found.append((frozenset(attributes.get("rel", "").lower().split()), attributes))
        return found

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
    return node.attributes.get(name) or ""


def text_of(node: LexborNode) -> str:
    """Return the text inside *node* as one plain line."""
    return one_line(node.text(separator=" "))


def _refuse_tag_bombs(text: str, url: str) -> None:
    for match in _WHOLE_TAG.finditer(text):
        inside = match[2] or match[3] or ""
        if len(inside) > _SHORT_TAG and len(_QUOTED.sub(" ", inside).split()) > MAX_ATTRIBUTES:
            raise PageError(f"a tag of the page has more than {MAX_ATTRIBUTES} attributes", where=url)
    tags = text.count("<")
    if tags <= _TAGS_THAT_CANNOT_HURT:
        return
    if tags > MAX_TAGS:
        raise PageError(f"the page holds about {tags} tags, more than {MAX_TAGS}", where=url)
    depth = deepest = 0
    for match in _TAG.finditer(text):
        if match[2].lower() in _VOID:
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        raise PageError(f"the page nests its tags about {deepest} deep, more than {MAX_DEPTH}", where=url)
