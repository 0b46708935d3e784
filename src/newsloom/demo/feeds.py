"""Feeds of the invented web, each provider in its own dialect, with the faults that real feeds have."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from newsloom.demo.pages import environment, named_entities
from newsloom.demo.world import Article, Provider, World

ENTRIES_SHOWN = 15

CONTENT_TYPES = {
    "rss20": "application/rss+xml; charset=utf-8",
    "mediarss": "text/xml; charset=utf-8",
    "rss091": "text/xml",
    "rss092": "text/html",  # a wrong content type, as found in the wild
    "rdf10": "application/rdf+xml",
    "atom10": "application/atom+xml",
    "jsonfeed": "application/feed+json",
    "newssitemap": "application/xml",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as a template prints it. `date` and `modified` carry the provider's own zone."""

    title: str
    link: str
    guid: str
    number: int
    excerpt: str
    paragraphs: tuple[str, ...]
    author: str
    date: datetime | None
    modified: datetime
    picture: str | None


def feed(world: World, provider: Provider, now: datetime) -> tuple[bytes, str]:
    """Return the feed of *provider* at *now* and its content type."""
    shown = world.of(provider.id, now)[:ENTRIES_SHOWN]
    entries = [_entry(article, now) for article in shown]
    if provider.feed == "jsonfeed":
        body = _json_feed(provider, entries)
    else:
        updated = max((article.at(now).since for article in shown), default=datetime(2026, 3, 1, tzinfo=now.tzinfo))
        template = environment().get_template(f"feeds/{provider.feed}.xml.j2")
        text = template.render(p=provider, entries=entries, updated=updated)
        body = text.encode("iso-8859-1" if provider.feed == "rss091" else "utf-8", "xmlcharrefreplace")
    return body, CONTENT_TYPES[provider.feed]


def _entry(article: Article, now: datetime) -> Entry:
    provider, version = article.provider, article.at(now)
    zone = timezone(timedelta(minutes=provider.offset))
    link = article.redirect_url or article.url
    guid = link
    if provider.guids_change:
        # A new publishing system: other ids and tracking parameters for articles that were there before.
        moved = now >= provider.guids_change
        guid = (
            f"tag:{provider.domain},2026:{article.number}" if moved else f"http://{provider.host}/?p={article.number}"
        )
        link = f"{link}?utm_source=feed&utm_medium=atom&utm_campaign=relaunch" if moved else link
    title, excerpt = version.title, article.excerpt(now)
    if provider.entities_twice:
        title, excerpt = named_entities(title), named_entities(excerpt)
    return Entry(
        title=title,
        link=link,
        guid=guid,
        number=article.number,
        excerpt=excerpt,
        paragraphs=version.paragraphs,
        author=article.author,
        date=article.feed_date.astimezone(zone) if article.feed_date else None,
        modified=version.since.astimezone(zone),
        picture=article.picture_url,
    )


def _json_feed(provider: Provider, entries: list[Entry]) -> bytes:
    items: list[dict[str, Any]] = []
    for entry in entries:
        item: dict[str, Any] = {
            "id": entry.guid,
            "url": entry.link,
            "title": entry.title,
            "summary": entry.excerpt,
            "content_text": entry.excerpt,
            "date_modified": entry.modified.isoformat(),
            "authors": [{"name": entry.author}],
        }
        if entry.date:
            item["date_published"] = entry.date.isoformat()
        if entry.picture:
            item["image"] = entry.picture
        items.append(item)
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": provider.name,
        "home_page_url": f"http://{provider.host}/",
        "feed_url": provider.feed_url,
        "language": provider.language,
        "items": items,
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()
