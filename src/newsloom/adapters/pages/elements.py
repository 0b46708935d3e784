"""What the elements of a page are to its text: kinds of tags, and how elements say that they are furniture or not shown."""

from __future__ import annotations

import re
from functools import lru_cache

from newsloom.adapters.pages.notices import names_a_notice

_SKIPPED = frozenset(
    [
        "script",
        "style",
        "svg",
        "noscript",
        "template",
        "iframe",
        "select",
        "option",
        "textarea",
        "input",
        "object",
        "embed",
        "video",
        "audio",
        "canvas",
        "map",
        "head",
        "title",
        "math",
        "datalist",
    ]
)
FURNITURE = frozenset(["nav", "footer", "button", "dialog"])
_FURNITURE_ROLES = frozenset(
    [
        "navigation",
        "banner",
        "contentinfo",
        "complementary",
        "search",
        "dialog",
        "alertdialog",
        "menu",
        "menubar",
        "toolbar",
    ]
)
_BREAKING = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "button",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
OTHER, SKIP, TEXT, LINE_BREAK, PICTURE, BREAK, LINK, EMPHASIS = range(8)
KINDS = {
    **dict.fromkeys(_SKIPPED, SKIP),
    **dict.fromkeys(["", "-comment", "-undef", "-document", "!doctype", "-end-of-file"], SKIP),
    **dict.fromkeys(_BREAKING, BREAK),
    **dict.fromkeys(["b", "strong", "em", "i"], EMPHASIS),
    **dict.fromkeys(["img", "picture"], PICTURE),
    "-text": TEXT,
    "br": LINE_BREAK,
    "a": LINK,
}
MAX_NAMES = 1_000  # characters of an element's class names and id that are looked at
# Class names that hide for good. Of what is hidden, text that waits for a subscriber to log in is the article's all the same.
_HIDDEN_NAMES = frozenset(
    [
        "hidden",
        "hide",
        "d-none",
        "is-hidden",
        "u-hidden",
        "invisible",
        "sr-only",
        "visually-hidden",
        "visuallyhidden",
        "screen-reader-text",
    ]
)
_WAITING = re.compile(r"paywall|subscri|premium|member|locked", re.IGNORECASE)
_NOT_SHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# Class names and ids of readers' comments, as whole names: `comment-list` is one, `has-comments` on an article is not.
_COMMENT = r"comment(?:s|list)?|disqus|repl(?:y|ies)|respond|(?:leser)?kommentare?|commentaires?|comentarios?|commenti"
_COMMENT_PART = r"list|area|body|content|text|section|thread|wrapper|container|item|block|s|\d"
_COMMENTS = re.compile(
    rf"(?!(?:has|no|with|show|hide|open|allow)[-_])(?:[a-z0-9]+[-_])?(?:{_COMMENT})(?:[-_]?(?:{_COMMENT_PART}))*+",
    re.IGNORECASE,
)


_SAYS_COMMENT = re.compile(
    r"comment|coment|repl|respond|disqus|kommentar"
)  # every name that `_COMMENTS` fits has one of these


def is_furniture(attributes: dict[str, str | None], names: str) -> bool:
    """Return True for elements that are not shown, that say they are no content, or that hold readers' comments.

    Args:
        attributes: those of the element.
        names: its class names and id, as `names_of` gives them.
    """
    if "role" in attributes and (attributes["role"] or "").lower() in _FURNITURE_ROLES:
        return True
    told = _told_by(names)
    if (
        told == _HIDDEN
        or "hidden" in attributes
        or ("style" in attributes and _NOT_SHOWN.search(attributes["style"] or ""))
    ):
        return _WAITING.search(names) is None
    return told in (_IS_COMMENTS, _IS_NOTICE)


def is_notice_box(names: str) -> bool:
    """Return True where class names and id tell a consent dialog or an offer: never an article's, whatever else is not read."""
    return _told_by(names) == _IS_NOTICE


def names_of(attributes: dict[str, str | None]) -> str:
    """Return class names and id of an element, bounded."""
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:MAX_NAMES]


_HIDDEN, _IS_COMMENTS, _IS_NOTICE, _NOTHING = "hidden", "comments", "notice", ""


@lru_cache(maxsize=4_096)
def _told_by(names: str) -> str:
    """Return what class names and id tell of an element: that it is hidden, holds comments or a notice, or nothing."""
    each = names.split()
    if not _HIDDEN_NAMES.isdisjoint(each):
        return _HIDDEN
    if _SAYS_COMMENT.search(names.lower()) and any(_COMMENTS.fullmatch(name) for name in each):
        return _IS_COMMENTS
    return _IS_NOTICE if names_a_notice(names) else _NOTHING
