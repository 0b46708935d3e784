"""A feed whose ids, addresses, dates and titles do not hold still, and what became of its items."""

from __future__ import annotations

import html
import itertools
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from invented_bench import Desk
from invented_news import page, stories

BASE = "https://harborpost.example"
FEED = f"{BASE}/feed.xml"


@dataclass(frozen=True)
class Told:
    """An entry as a feed tells it: which story, under which id and path, with which time and title."""

    story: int
    id: str
    path: str = ""
    at: datetime | None = None
    title: str = ""


NEWS = stories(12)
_lengths = itertools.count(1)  # the fetcher without a network knows a body by its length


def told(number: int, **changes: Any) -> Told:
    return Told(**({"story": number, "id": f"urn:harbor:{number}"} | changes))


def web(*entries: Told, text_of_page: bool = True) -> dict[str, Any]:
    """Return the pages and the feed of *entries*, newest first."""
    pages: dict[str, Any] = {}
    items = []
    for entry in entries:
        story = NEWS[entry.story]
        link = BASE + (entry.path or story.path)
        title = entry.title or story.title
        at = format_datetime(entry.at or story.published, usegmt=True)
        items.append(
            f"<item><title>{html.escape(title)}</title><link>{link}</link><guid>{entry.id}</guid><pubDate>{at}</pubDate></item>"
        )
        # The page names the address it stands at, as a site that moved does.
        body = page(story, BASE).replace((BASE + story.path).encode(), link.encode())
        body = body.replace(story.title.encode(), title.encode())
        if entry.at:
            body = body.replace(story.published.isoformat().encode(), entry.at.isoformat().encode())
        pages[link] = ("text/html", body) if text_of_page else 500
    pages[FEED] = (
        "application/rss+xml",
        f"<rss version='2.0'><channel><title>{'H' * next(_lengths)}</title>{''.join(items)}</channel></rss>".encode(),
    )
    return pages


def words(desk: Desk) -> list[str]:
    """Return the first word of each record's text: every story has its own."""
    return sorted(file.record.excerpt.split(":")[0] for file in desk.records.read_all()[0])


def own(*numbers: int) -> list[str]:
    return sorted(NEWS[number].paragraphs[0].split(":")[0] for number in numbers)
