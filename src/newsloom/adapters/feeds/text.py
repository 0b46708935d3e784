"""Plain text out of the little markup that feeds put into titles and summaries."""

from __future__ import annotations

import html
import re

_HIDDEN = re.compile(r"<(script|style)\b[^<>]*>.{0,100000}?</\1\s*>|<!--.{0,100000}?-->", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(
    r"</?(?:p|div|br|li|ul|ol|h[1-6]|tr|td|th|table|blockquote|section|article|figure|figcaption)\b[^<>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<![^<>]*>|<\?[^<>]*>")
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2060\ufeff\ud800-\udfff\ufffe\uffff]")
_MAX_HIDDEN = 200


def plain_text(value: str, limit: int) -> str:
    """Return *value* (HTML or text) as one line of text: tags dropped, entities decoded once, blanks collapsed.

    At most *limit* characters. What was escaped on purpose stays to be read: `&lt;b&gt;` becomes `<b>`.
    """
    value = value[: 20 * limit]
    if "<" in value:
        if value.count("<!--") + value.lower().count("<s") < _MAX_HIDDEN:
            value = _HIDDEN.sub(" ", value)
        value = _TAG.sub("", _BREAK.sub(" ", value)).partition("<!--")[0]  # a comment that does not end hides the rest
    if "&" in value:
        value = html.unescape(value)
    return " ".join(_INVISIBLE.sub("", value).split())[:limit].rstrip()
