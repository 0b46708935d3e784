"""What to show where a feed gives no title."""

from __future__ import annotations

from newsloom.model.page import FeedEntry
from newsloom.vocab.plain import ELLIPSIS, markup_text

_LONGEST = 100  # characters: what miniflux and the like show of an untitled post


def heading_of(entry: FeedEntry) -> str | None:
    """Return the title of *entry*, else how its text begins, else its address; None when it has none of them.

    Posts of micro blogs have no title; they need one in lists, records and feeds.
    """
    if entry.title:
        return entry.title
    text = " ".join((entry.summary or markup_text(entry.content_html or "")).split())
    if len(text) > _LONGEST:
        return text[:_LONGEST].rstrip() + ELLIPSIS
    return text or entry.link
