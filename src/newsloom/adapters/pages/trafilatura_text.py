"""The article's text by trafilatura, for those who choose it (`[fetch] extractor`). Imported only then."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from newsloom.vocab.plain import paragraphs

_TOO_SHORT = 250
"""Characters. What precision leaves is so short only when it threw the article away with the rest: then fast mode is asked."""


def trafilatura_text(page: str) -> str:
    """Return the article text of the HTML *page*, paragraphs separated by one empty line; "" when there is none.

    Cost: a parse of its own and 20–60 ms.
    """
    text = _extract(page, favor_precision=True)
    if len(text) < _TOO_SHORT:
        text = max(text, _extract(page, fast=True), key=len)
    return paragraphs(text)


def _extract(page: str, *, favor_precision: bool = False, fast: bool = False) -> str:
    import trafilatura

    try:
        found = trafilatura.bare_extraction(
            page, include_comments=False, favor_precision=favor_precision, fast=fast, config=_config()
        )
    except (ValueError, TypeError, AttributeError, IndexError, KeyError, RecursionError, AssertionError):
        return ""  # it lets lxml's and its own errors through on broken pages: such a page has no text we can find
    return str(getattr(found, "text", None) or "")


@lru_cache(maxsize=1)
def _config() -> Any:
    """Return trafilatura's settings with its own clock off: a page is bounded here by its tags, not by a signal."""
    from copy import deepcopy

    from trafilatura.settings import DEFAULT_CONFIG

    config = deepcopy(DEFAULT_CONFIG)
    config["DEFAULT"]["EXTRACTION_TIMEOUT"] = "0"
    return config
