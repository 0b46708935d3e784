"""What is refused as no article: front pages, lists, empty pages, pages that need their scripts."""

from __future__ import annotations

import re

from newsloom.errors import NeedsJavascript, PageError
from newsloom.model.article import PageReading
from newsloom.model.page import FeedEntry
from newsloom.vocab import urls

LISTING_TEXT = 1_500
"""Characters from which on a text is an article's, whatever the address looks like."""

_LISTING = re.compile(
    r"/(?:tags?|topics?|categor(?:y|ies)|authors?|search|archives?|sections?|label|keyword|thema|schlagwort|page/\d+)(?:/[^/]+){0,2}/?$",
    re.IGNORECASE,
)
_STUMP = 80


def refuse_non_articles(reading: PageReading, entry: FeedEntry | None) -> None:
    """Raise PageError on strong evidence that *reading* is no article. One signal alone is never enough."""
    if reading.needs_javascript:
        raise NeedsJavascript(
            "the page shows nothing without running its scripts",
            where=reading.url,
            hint="newsloom does not run scripts; look for a feed that carries the text",
        )
    says_article = bool(reading.types) or any(
        not candidate.method.startswith(("url:", "text:", "script:", "html:")) for candidate in reading.published
    )
    if says_article or entry is not None:
        return
    length = max((len(body.value) for body in reading.bodies), default=0)
    if urls.is_home_page(reading.url):
        raise PageError(
            "this is the front page of a site, not an article",
            where=reading.url,
            hint="Add it as a source to find its feed",
        )
    if _LISTING.search(reading.url.split("?")[0]) and length < LISTING_TEXT:
        raise PageError("this is a list of articles, not an article", where=reading.url)
    if length < _STUMP and not reading.published and not reading.descriptions:
        raise PageError("the page carries no article: no text, no date, no description", where=reading.url)
