"""What a person wrote in Markdown, as HTML that is safe to publish; and the only way any HTML gets into a page."""

from __future__ import annotations

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

# No images: they would be requests to someone else's server. No raw HTML from the file: the parser escapes it.
_TAGS = frozenset(
    (
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "code",
        "dd",
        "del",
        "dl",
        "dt",
        "em",
        "h2",
        "h3",
        "h4",
        "hr",
        "i",
        "ins",
        "kbd",
        "li",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "small",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "u",
        "ul",
    )
)
_LONGEST_BODY = 200_000
_parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable(["table", "strikethrough"])


def rendered(markdown: str) -> Markup:
    """Return *markdown* as sanitised HTML; headings start at level 2. "" for a body of white space.

    Args:
        markdown: a record's body; what is beyond 200,000 characters is left out.
    """
    if not markdown.strip():
        return Markup("")
    html = _parser.render(markdown[:_LONGEST_BODY]).replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    clean = nh3.clean(
        html,
        tags=set(_TAGS),
        attributes={"a": {"href", "title"}, "ol": {"start"}, "abbr": {"title"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    )
    return Markup(clean)
