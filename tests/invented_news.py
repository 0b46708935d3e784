"""Invented articles as pages and feeds, and small portals that read them."""

from __future__ import annotations

import html
import json
import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from loopback_web import Answer, LoopbackWeb

START = datetime(2026, 3, 2, 6, tzinfo=UTC)
NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
NOW_TEXT = "2026-03-03T12:00:00Z"

_ACTS = (
    ("council votes to pause face scans", "council vote cameras facial recognition"),
    ("warehouse trains robots to ask for help", "warehouse workers robots automation shift"),
    ("ferry company adds a night boat", "ferry harbor night passengers timetable"),
    ("school kitchen wins a soup prize", "kitchen pupils soup recipe prize"),
    ("bridge closes after crack is found", "bridge engineers crack steel traffic"),
)  # fmt: skip
_SYLLABLES = [
    "ba",
    "be",
    "bo",
    "da",
    "del",
    "dun",
    "fen",
    "gar",
    "hol",
    "ker",
    "lan",
    "lor",
    "mar",
    "mil",
    "nor",
    "pel",
    "rin",
    "sal",
    "tor",
    "vel",
    "wick",
    "yar",
    "zan",
]


@dataclass(frozen=True)
class Story:
    """One article of an invented publisher."""

    path: str
    title: str
    paragraphs: tuple[str, ...]
    published: datetime
    modified: datetime | None = None

    def corrected(self, title: str) -> Story:
        """Return it with another headline, as its publisher corrects it."""
        return replace(self, title=title, modified=self.published + timedelta(hours=5))


def stories(count: int, *, first: int = 0) -> list[Story]:
    """Return *count* articles of different events, always the same ones, oldest first."""
    made = []
    for number in range(first, first + count):
        dice = random.Random(number)
        names = ["".join(dice.sample(_SYLLABLES, 3)).capitalize() for _ in range(25)]
        act, words = _ACTS[number % len(_ACTS)]
        paragraphs = tuple(
            f"{names[0]}: " + " ".join(dice.choice([*names, *words.split()]) for _ in range(40)) + "." for _ in range(5)
        )
        published = START + timedelta(minutes=10 * number)
        made.append(Story(f"/2026/03/{number}.html", f"{names[0]} {names[1]} {act}", paragraphs, published))
    return made


def page(story: Story, base: str) -> bytes:
    """Return the page of *story*."""
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": story.published.isoformat(),
        "dateModified": (story.modified or story.published).isoformat(),
        "author": {"@type": "Person", "name": "Ann Doe"},
        "publisher": {"@type": "Organization", "name": "Harbor Post"},
    }
    body = "\n".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in story.paragraphs)
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(story.title)}</title>
<link rel="canonical" href="{base}{story.path}">
<meta name="description" content="{html.escape(story.paragraphs[0][:150])}">
<script type="application/ld+json">{json.dumps(facts)}</script></head>
<body><article><h1>{html.escape(story.title)}</h1>{body}</article></body></html>""".encode()


def feed(news: list[Story], base: str) -> bytes:
    """Return an RSS feed of *news*, newest first."""
    items = "\n".join(
        f"<item><title>{html.escape(s.title)}</title><link>{base}{s.path}</link><guid>{base}{s.path}</guid>"
        f"<pubDate>{format_datetime(s.published, usegmt=True)}</pubDate>"
        f"<description>{html.escape(s.paragraphs[0][:150])}</description></item>"
        for s in reversed(news)
    )
    return f"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Harbor Post</title>
<link>{base}/</link><description>News</description>{items}</channel></rss>""".encode()


def put(web: LoopbackWeb, news: list[Story], *, feed_path: str = "/feed.xml") -> None:
    """Let *web* show *news*: their pages, and a feed of them."""
    for story in news:
        web.pages[story.path] = Answer(page(story, web.url))
    web.pages[feed_path] = Answer(feed(news, web.url), "application/rss+xml")


TOPICS = {
    "01-robots.yaml": """taxonomy: topic
_id: robots
name: Robots
keywords: [robots, automation]
examples:
  yes: ["Warehouse robots learn to ask for help"]
  no: ["Ferry line adds a night boat"]
""",
    "02-faces.yaml": """taxonomy: topic
_id: faces
name: Face Scans
keywords: [face scans, facial recognition]
""",
    "03-town.yaml": """taxonomy: topic
_id: town
name: Town Life
keywords: [ferry, kitchen, bridge, council]
""",
}


def write_portal(folder: Path, *feeds: str, settings: str = "", topics: dict[str, str] | None = None) -> Path:
    """Write a portal that reads *feeds* from loopback, without pauses and pictures; return its folder."""
    (folder / "_data" / "topics").mkdir(parents=True)
    (folder / "newsloom.toml").write_text(
        '[site]\ntitle = "Test portal"\nimages = "none"\nurl = "https://news.example"\ncontact = "desk@news.example"\n'
        '[fetch]\ndelay_seconds = 0.0\nallow_networks = ["127.0.0.1"]\n' + settings
    )
    write_sources(folder, *feeds)
    for name, text in (TOPICS if topics is None else topics).items():
        (folder / "_data" / "topics" / name).write_text(text)
    return folder


def write_sources(folder: Path, *feeds: str) -> None:
    """Let the portal in *folder* read *feeds*."""
    outlines = "".join(f'<outline type="rss" text="Source" xmlUrl="{html.escape(url)}"/>' for url in feeds)
    (folder / "sources.opml").write_text(f'<opml version="2.0"><head/><body>{outlines}</body></opml>')


def write_pages(folder: Path, news: list[Story], base: str) -> Path:
    """Write *news* as a folder of pages with a manifest; return it."""
    (folder / "pages").mkdir(parents=True)
    rows = []
    for number, story in enumerate(news):
        (folder / "pages" / f"p{number}.html").write_bytes(page(story, base))
        rows.append({"id": f"p{number}", "url": base + story.path, "fetched": "2026-03-03T09:00:00Z"})
    (folder / "manifest.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder
