"""What a person wrote in Markdown, as HTML that is safe to publish; and the only way any HTML gets into a page."""

from __future__ import annotations

import re

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from newsloom.publish.addresses import safe_link

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
_LONGEST_EMBED = 10_000
_EMBED_ATTRIBUTES = frozenset(("src", "width", "height", "title", "frameborder", "allow", "allowfullscreen", "loading"))
_FEATURES = frozenset(
    ("accelerometer", "autoplay", "clipboard-write", "encrypted-media", "fullscreen", "gyroscope", "picture-in-picture", "web-share")
)  # fmt: skip
_FRAME = re.compile(r'<iframe(?: [a-z]+="[^"]*")*>')
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


def embed(markup: str | None) -> str | None:
    """Return the first frame in *markup* as HTML that is safe to publish, None when it holds no frame of an https address.

    One `<iframe>` with its size, title and what a player may use; nothing before, in or after it. One that newsloom wrote
    comes back as it is, to the byte.
    """
    if not markup or len(markup) > _LONGEST_EMBED:
        return None
    clean = nh3.clean(
        markup,
        tags={"iframe"},
        attributes={"iframe": set(_EMBED_ATTRIBUTES)},
        attribute_filter=_embed_attribute,
        url_schemes={"https"},
    )
    frame = _FRAME.search(clean)
    if frame is None or ' src="' not in frame[0]:
        return None
    made = f"{frame[0]}</iframe>"
    return markup if made == markup.replace(" allowfullscreen>", ' allowfullscreen="">') else made


def _embed_attribute(_: str, name: str, value: str) -> str | None:
    if name == "src":
        link = safe_link(f"https:{value}" if value.startswith("//") else value)
        return link if link and link.lower().startswith("https:") else None
    if name == "allow":
        return value if all(feature.strip() in _FEATURES for feature in value.split(";")) else None
    return value
