"""JSON-LD as pages really carry it: several blocks, graphs, references, broken syntax; and the node that is this page's own.

Source: JSON-LD 1.1 (W3C), "Embedding JSON-LD in HTML Documents"; schema.org.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from newsloom.vocab import schema_org, urls
from newsloom.vocab.plain import letters_and_digits, one_line

Node = dict[str, Any]

MAX_BLOCKS = 64
MAX_BLOCK_CHARACTERS = 2_000_000
MAX_NODES = 5_000
MAX_DEPTH = 20

_WRAPPERS = re.compile(r"<!\[CDATA\[|\]\]>|<!--|-->|^/\*|\*/$")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})')
_DECODER = json.JSONDecoder(strict=False)


def parse_blocks(blocks: list[str]) -> list[Any]:
    """Return the JSON values in *blocks*, the texts of a page's `application/ld+json` scripts; what cannot be mended is left out."""
    values: list[Any] = []
    for block in blocks[:MAX_BLOCKS]:
        if len(block) <= MAX_BLOCK_CHARACTERS:
            values.extend(_parse_leniently(block))
    return values


def _parse_leniently(block: str) -> list[Any]:
    text = block.strip().strip(";﻿").strip()
    if not text:
        return []
    value = _loads(text)
    if value is not None:
        return [value]
    mended = _mended(text)
    value = _loads(mended)
    return [value] if value is not None else _leading_values(mended)


def _mended(text: str) -> str:
    if text.startswith(("{&quot;", "[{&quot;")):
        text = html.unescape(text)
    text = _WRAPPERS.sub(" ", text.strip()).strip().strip(";").strip()
    if text.startswith("//"):
        text = text.partition("\n")[2]
    return _TRAILING_COMMA.sub(r"\1", _BAD_ESCAPE.sub(r"\\\\", text))


def _loads(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _leading_values(text: str) -> list[Any]:
    """Return the whole values at the start of *text*: some pages write one object after the other in a block."""
    values: list[Any] = []
    position = 0
    while len(values) < MAX_BLOCKS:
        while position < len(text) and text[position] in " \t\r\n,;":
            position += 1
        try:
            value, position = _DECODER.raw_decode(text, position)
        except (ValueError, RecursionError):
            return values
        values.append(value)
    return values


class Graph:
    """The nodes of a page's JSON-LD, flattened, with references by `@id` resolved on demand."""

    def __init__(self, values: list[Any]) -> None:
        self.own: list[Node] = []
        """Nodes that can speak for the page: at the top, in a graph, or as a main entity."""
        self._by_id: dict[str, Node] = {}
        self._seen = 0
        for value in values:
            self._walk(value, own=True, depth=0)

    def _walk(self, value: Any, *, own: bool, depth: int) -> None:
        if depth > MAX_DEPTH or self._seen > MAX_NODES:
            return
        if isinstance(value, list):
            for part in value:
                self._walk(part, own=own, depth=depth + 1)
        elif isinstance(value, dict):
            self._seen += 1
            identifier = value.get("@id")
            if isinstance(identifier, str) and len(value) > 1 and len(value) >= len(self._by_id.get(identifier, ())):
                self._by_id[identifier] = value
            if own and "@type" in value:
                self.own.append(value)
            for key, part in value.items():
                if isinstance(part, (dict, list)):
                    self._walk(part, own=own and key not in schema_org.LISTED_IN, depth=depth + 1)

    def nodes_of(self, types: frozenset[str]) -> list[Node]:
        """Return the page's own nodes that are of one of *types*, in document order."""
        return [node for node in self.own if types_of(node) & types]

    def follow(self, value: Any) -> Any:
        """Return the node that *value* refers to by nothing but an `@id`, else *value* itself."""
        if isinstance(value, dict) and set(value) <= {"@id", "@type"} and isinstance(value.get("@id"), str):
            return self._by_id.get(value["@id"], value)
        return value

    def each(self, value: Any) -> Iterator[Any]:
        """Yield the values of a property, one or a list of them, references followed."""
        for part in (value if isinstance(value, list) else [value])[:MAX_NODES]:
            if part is not None:
                yield self.follow(part)


def types_of(node: Node) -> frozenset[str]:
    """Return the bare schema.org types of *node*."""
    types = node.get("@type")
    return frozenset(
        schema_org.local_name(name) for name in (types if isinstance(types, list) else [types]) if isinstance(name, str)
    )


def text(value: Any) -> str:
    """Return *value*, a text or a thing with a name or value, as one plain line, "" when it is none."""
    if isinstance(value, list):
        value = next(iter(value), None)
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or ""
        return text(value) if isinstance(value, list) else (one_line(value) if isinstance(value, str) else "")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return one_line(value) if isinstance(value, str) else ""


def address(value: Any) -> str:
    """Return the address in *value*: a text, or a thing with `url`, `contentUrl` or `@id`; "" when there is none."""
    if isinstance(value, list):
        value = next(iter(value), None)
    if isinstance(value, dict):
        for key in ("url", "contentUrl", "@id"):
            found = address(value.get(key)) if not isinstance(value.get(key), dict) else ""
            if found:
                return found
        return ""
    return value.strip() if isinstance(value, str) else ""


def own_article(graph: Graph, page_urls: set[str], titles: set[str]) -> Node | None:
    """Return the node that is the article of this page, or None when none can be told.

    A lone article node is it. Among several, it is the one that names one of the page's addresses, else the one whose
    headline is a title of the page; a page of many articles with neither is a list and has none.

    Args:
        graph: the page's JSON-LD.
        page_urls: `urls.identity` of the addresses the page is known under.
        titles: `letters_and_digits` of the page's h1, og:title and title.
    """
    candidates = [
        node
        for node in graph.nodes_of(schema_org.ARTICLE_TYPES)
        if node.get("headline") or node.get("name") or node.get("datePublished")
    ]
    if len(candidates) <= 1:
        return candidates[0] if candidates else None
    named = [node for node in candidates if page_urls & {urls.identity(found) for found in _addresses(node)}]
    titled = [
        node for node in candidates if letters_and_digits(text(node.get("headline") or node.get("name"))) in titles
    ]
    for group in ([node for node in named if node in titled], named, titled):
        if group:
            return max(group, key=len)
    return candidates[0] if len(candidates) == 2 else None


def _addresses(node: Node) -> Iterator[str]:
    for key in ("url", "mainEntityOfPage", "@id"):
        found = address(node.get(key))
        if found.startswith("http"):
            yield found
