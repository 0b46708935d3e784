"""HTML out of feeds made harmless by nh3, within a budget: parsing hostile HTML can take quadratic time.

A browser's parser opens formatting elements again in every paragraph that follows a wrongly nested one, and looks through
all open elements at each tag. So formatting elements lose their attributes first (they would anyway; then only three equal
ones are opened again), values of absurd depth become plain text, and so does the rest of a feed whose values keep growing.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

import nh3

from newsloom.adapters.feeds.text import plain_text

MAX_MARKUP = 2_000_000
MAX_TAGS = 20_000
MAX_DEPTH = 200
MAX_GROWTH = 300_000
"""Characters that the values of one feed may grow by in total when they are parsed as HTML."""
MAX_ALL_TAGS = 300_000
"""Tags that the values of one feed may have in total; those of long values count three times."""

_FEW_TAGS = 300  # what so few can cost is caught by MAX_GROWTH
_MANY_TAGS = 2000  # nested as deep as that, they cost 10 ms
_FORMATTING = "b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u"
_FORMATTING_TAG = re.compile(rf"<({_FORMATTING})[\s/][^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
_VOID = frozenset(
    ("br", "hr", "img", "input", "wbr", "area", "col", "embed", "param", "source", "track", "link", "meta")
)
_ALLOWED = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "big",
        "blockquote",
        "br",
        "caption",
        "center",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "font",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "mark",
        "nobr",
        "ol",
        "p",
        "pre",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "tt",
        "u",
        "ul",
        "var",
        "wbr",
    ]
)
_ATTRIBUTES = {
    "a": {"href", "title"}, "abbr": {"title"}, "blockquote": {"cite"}, "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"}, "q": {"cite"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "time": {"datetime"},
}  # fmt: skip


class Sanitiser:
    """Cleans the values of one feed. Deterministic; keeps count of how much they grew."""

    def __init__(self) -> None:
        self._growth = 0
        self._tags = 0

    def clean(self, markup: str, base: str | None) -> str:
        """Return *markup* with only harmless elements and attributes, its relative addresses absolute against *base*.

        What is too long is cut, what is too intricate comes back as its text in one paragraph. Addresses come out as the
        WHATWG algorithm writes them: nothing that could be taken for another scheme by a laxer reader is left in them.
        """
        markup = markup[:MAX_MARKUP].strip()
        if "<" not in markup and "&" not in markup:
            return markup
        tags = markup.count("<")
        self._tags += tags if tags <= _FEW_TAGS else 3 * tags
        is_spent = self._growth > MAX_GROWTH or self._tags > MAX_ALL_TAGS
        if is_spent or tags > MAX_TAGS or (tags > _MANY_TAGS and _depth(markup) > MAX_DEPTH):
            return f"<p>{html.escape(plain_text(markup, MAX_MARKUP), quote=False)}</p>"
        if tags > _FEW_TAGS:
            markup = _FORMATTING_TAG.sub(r"<\1>", markup)
        clean = _cleaner(base).clean(markup)
        self._growth += max(0, len(clean) - 2 * len(markup) - 100)
        return clean.strip()


@lru_cache(maxsize=256)
def _cleaner(base: str | None) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(_ALLOWED),
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
        url_relative=("rewrite_with_base", base) if base else "deny",
    )


def _depth(markup: str) -> int:
    """Return how deeply elements nest at most, an end tag closing only what is open."""
    open_tags: dict[str, int] = {}
    depth = deepest = 0
    for closing, name in _TAG.findall(markup):
        name = name.lower()
        if closing:
            if open_tags.get(name):
                open_tags[name] -= 1
                depth -= 1
        elif name not in _VOID:
            open_tags[name] = open_tags.get(name, 0) + 1
            depth += 1
            if depth > deepest:
                deepest = depth
    return deepest
