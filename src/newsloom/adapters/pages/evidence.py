"""What a page brings to its reading: the parsed document, its JSON-LD, and its microdata, each looked up once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from selectolax.lexbor import LexborNode

from newsloom.adapters.pages import jsonld
from newsloom.adapters.pages.document import PageDocument, attribute, text_of
from newsloom.model.article import Candidate
from newsloom.vocab import schema_org, urls
from newsloom.vocab.plain import letters_and_digits

T = TypeVar("T")

MAX_CANDIDATES = 12


class Candidates(Generic[T]):
    """Collects the candidates of one field in order of trust.

    The first method to bring a value keeps it. With *witnesses* a value stands once per method, for fields where it matters
    how many agree.
    """

    def __init__(self, *, witnesses: bool = False) -> None:
        self._witnesses = witnesses
        self._found: dict[tuple[T, str], Candidate[T]] = {}

    def add(self, value: T | None, method: str) -> None:
        """Keep *value* as found by *method* unless it is empty or there already."""
        if value and len(self._found) < MAX_CANDIDATES:
            self._found.setdefault((value, method if self._witnesses else ""), Candidate(value, method))

    def found(self) -> tuple[Candidate[T], ...]:
        """Return what was kept, most trusted first."""
        return tuple(self._found.values())

    def __bool__(self) -> bool:
        return bool(self._found)


@dataclass(frozen=True)
class Evidence:
    """One page's document and structured data. `article` is the JSON-LD node of the page's own article, if it has one."""

    document: PageDocument

    @cached_property
    def graph(self) -> jsonld.Graph:
        """The page's JSON-LD."""
        scripts = [
            node
            for node, attributes in self.document.gathered
            if node.tag == "script" and "ld+json" in (attributes.get("type") or "").lower()
        ]
        return jsonld.Graph(jsonld.parse_blocks([script.text() for script in scripts[: jsonld.MAX_BLOCKS]]))

    @cached_property
    def article(self) -> jsonld.Node | None:
        """The JSON-LD node of this page's article."""
        known = {urls.identity(self.document.url)}
        known |= {
            urls.identity(found)
            for link in self.document.linked("canonical")
            if (found := self.document.absolute(link["href"]))
        }
        return jsonld.own_article(self.graph, known, {letters_and_digits(title) for title in self.visible_titles})

    @cached_property
    def pages(self) -> list[jsonld.Node]:
        """JSON-LD nodes of the page as such (WebPage and its like)."""
        return self.graph.nodes_of(schema_org.PAGE_TYPES)

    @cached_property
    def videos(self) -> list[jsonld.Node]:
        """JSON-LD nodes of videos that stand for the page themselves, not as something in an article."""
        return self.graph.nodes_of(schema_org.VIDEO_TYPES)

    @cached_property
    def visible_titles(self) -> list[str]:
        """The page's h1 elements, og:title and title, plain."""
        headings = [text for _, text in self.document.headings]
        named = [content for _, content in self.document.meta("og:title")]
        return [text for text in [*headings, *named, self.document.title] if text]

    def of_article(self, *properties: str) -> Iterator[tuple[str, Any]]:
        """Yield (property, value) of the article's node, lists opened and references followed."""
        if self.article is not None:
            yield from self._values([self.article], properties)

    def of_pages(self, *properties: str) -> Iterator[tuple[str, Any]]:
        """Yield (property, value) of the page nodes, lists opened and references followed."""
        yield from self._values(self.pages, properties)

    def _values(self, nodes: Iterable[jsonld.Node], properties: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
        for node in nodes:
            for name in properties:
                for value in self.graph.each(node.get(name)):
                    yield name, value

    @cached_property
    def _items(self) -> dict[str, list[LexborNode]]:
        found: dict[str, list[LexborNode]] = {}
        for node, attributes in self.document.gathered:
            for name in (attributes.get("itemprop") or "").split()[:4]:
                found.setdefault(name.lower(), []).append(node)
        return found

    def items(self, name: str, limit: int = 10) -> list[LexborNode]:
        """Return the microdata elements with property *name*, in document order."""
        return self._items.get(name.lower(), [])[:limit]

    def related(self, relation: str) -> list[LexborNode]:
        """Return the links of the text (`<a>`) with *relation*, in document order."""
        return [
            node
            for node, attributes in self.document.described("a")
            if relation in (attributes.get("rel") or "").lower().split()
        ]

    @cached_property
    def times(self) -> list[LexborNode]:
        """`<time>` elements with an instant, in document order."""
        return [node for node in self.document.elements("time", 200) if attribute(node, "datetime")][:40]


def item_value(node: LexborNode) -> str:
    """Return what a microdata element says: its `content` or `datetime`, else its text."""
    return attribute(node, "content") or attribute(node, "datetime") or text_of(node)
