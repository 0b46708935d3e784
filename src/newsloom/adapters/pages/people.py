"""Candidates for the authors of a page, each a whole list of names as the page credits them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborNode

from newsloom.adapters.pages import jsonld
from newsloom.adapters.pages.document import stands_aside, text_of
from newsloom.adapters.pages.evidence import Candidates, Evidence, item_value
from newsloom.model.article import Candidate
from newsloom.vocab import credits, schema_org

_MAX_BYLINE = 200
_LONGEST_BOX = 120
_MAX_ANCESTORS = 12
_BYLINE_NAME = re.compile(r"byline[-_]*name|author[-_]{0,2}name", re.IGNORECASE)
_AUTHOR_PAGE = re.compile(r"/(?:authors?|autor|auteur)/", re.IGNORECASE)
_AUTHOR_BOX = re.compile(r"author|byline", re.IGNORECASE)
_SOMEBODY_ELSE = re.compile(
    r"image|photo|picture|avatar|caption|bio(?![a-z])|social|comment|follow|more|related|about", re.IGNORECASE
)


def authors(evidence: Evidence) -> tuple[Candidate[tuple[str, ...]], ...]:
    """Return who the page credits: JSON-LD, meta, microdata, then the visible byline."""
    found = Candidates[tuple[str, ...]]()
    for name in ("author", "creator"):
        found.add(_structured(evidence, name), f"json-ld:{name}")
    for name in (
        "parsely-author",
        "sailthru.author",
        "author",
        "byl",
        "article:author",
        "dc.creator",
        "dcterms.creator",
        "citation_author",
        "cxenseparse:author",
        "og:article:author",
        "article:author_name",
        "mrf:authors",
    ):
        found.add(credits.names(content for _, content in evidence.document.meta(name)), f"meta:{name}")
    found.add(credits.names(_microdata_names(evidence)), "microdata:author")
    for method, nodes in _bylines(evidence):
        texts = [text for node in nodes[:12] if 0 < len(text := text_of(node)) <= _MAX_BYLINE]
        found.add(credits.names(texts[:1] if method == "html:byline" and len(texts) > 8 else texts[:6]), method)
    found.add(_boxed(evidence), "html:author-box")
    return found.found()


def _bylines(evidence: Evidence) -> Iterator[tuple[str, list[LexborNode]]]:
    """Yield (method, elements) of the ways in which pages mark who wrote them, most trusted first."""
    links, named, lines, authors = [], [], [], []
    for node, attributes in evidence.document.credited:
        marks = (attributes.get("class") or "").lower()
        if node.tag == "a" and _AUTHOR_PAGE.search(attributes.get("href") or ""):
            links.append(node)
        if not marks and "id" not in attributes:
            continue
        words = marks.split()
        if _BYLINE_NAME.search(marks):
            named.append(node)
        if "byline" in words:
            named.extend(node.css("a")[:6])
        if "byline" in marks:
            lines.append(node)
        if "author" in words or (attributes.get("id") or "").lower() == "author":
            authors.append(node)
        if "vcard" in words:
            authors.extend(node.css('[class~="fn" i]')[:2])
    yield "html:rel-author", _in_row(evidence.related("author"))
    yield "html:byline", named
    yield "html:byline", lines
    yield "html:author", links
    yield "html:author", authors


def _boxed(evidence: Evidence) -> tuple[str, ...]:
    """Return the names in the first box of the article that is called after its author, and in those beside it.

    Of boxes in boxes the innermost count. Biographies, captions and what stands in teasers are passed over.
    """
    boxes: list[tuple[LexborNode, str]] = []
    for node, attributes in evidence.document.credited:
        marks = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        if (
            node.tag in ("body", "html", "article", "main")
            or not _AUTHOR_BOX.search(marks)
            or _SOMEBODY_ELSE.search(marks)
        ):
            continue
        if boxes and boxes[-1][0].mem_id in _ancestors(node) and node.text(strip=True):
            boxes.pop()
        text = node.text(separator="\n", strip=True)
        if 0 < len(text) <= _LONGEST_BOX and not stands_aside(node):
            boxes.append((node, text))
        if len(boxes) > credits.MAX_NAMES:
            break
    for first, _ in boxes:
        alike = [node for node, _ in boxes if node.attributes.get("class") == first.attributes.get("class")]
        beside = {node.mem_id for node in _in_row([first, *alike])}
        lines = [line for node, text in boxes if node.mem_id in beside for line in text.split("\n")]
        named = credits.names(lines)
        people = tuple(name for name in named if credits.is_personal(name))
        if people:
            return people
    return ()


def _ancestors(node: LexborNode) -> list[int]:
    found: list[int] = []
    parent = node.parent
    while parent is not None and len(found) < _MAX_ANCESTORS:
        found.append(parent.mem_id)
        parent = parent.parent
    return found


def _in_row(nodes: list[LexborNode]) -> list[LexborNode]:
    """Return the elements that stand in one row with the first: under the same parent, or their parents under the same one."""
    if not nodes:
        return []
    places = _ancestors(nodes[0])[:2]
    return [node for node in nodes if set(places) & set(_ancestors(node)[:2])]


def organizations(evidence: Evidence) -> frozenset[str]:
    """Return the names, in lower case, that the page's JSON-LD credits as organisations."""
    found: set[str] = set()
    for _, value in evidence.of_article("author", "creator"):
        if isinstance(value, dict) and jsonld.types_of(value) & schema_org.ORGANIZATION_TYPES:
            found.update(name.casefold() for name in credits.names(_names_of(value)))
    return frozenset(found)


def _structured(evidence: Evidence, name: str) -> tuple[str, ...]:
    """Return the names under a JSON-LD property; a Person's name is one name, however it is written."""
    whole: list[str] = []
    for _, value in evidence.of_article(name):
        whole.extend(_names_of(value))
    return credits.names(whole)


def _names_of(value: Any) -> list[str]:
    if isinstance(value, dict):
        names = value.get("name")
        if names is None and (value.get("givenName") or value.get("familyName")):
            names = f"{jsonld.text(value.get('givenName'))} {jsonld.text(value.get('familyName'))}"
        return [jsonld.text(name) for name in (names if isinstance(names, list) else [names])][: credits.MAX_NAMES]
    return [jsonld.text(value)]


def _microdata_names(evidence: Evidence) -> list[str]:
    found = []
    for node in evidence.items("author"):
        inner = node.css_first('[itemprop~="name"]')
        text = item_value(inner) if inner is not None else item_value(node)
        if len(text) <= _MAX_BYLINE:
            found.append(text)
    return found
