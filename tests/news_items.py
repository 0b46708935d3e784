"""Invented items for tests of the stages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from newsloom.model.article import Article
from newsloom.model.item import Item, item_id
from newsloom.model.record import Provider

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def news(
    title: str,
    body: str = "",
    *,
    excerpt: str = "",
    hours: float = 0.0,
    provider: str = "Harbor Post",
    url: str = "",
    lang: str | None = "en",
    story: str | None = None,
    duplicate_of: str | None = None,
    source: str | None = None,
    authors: tuple[str, ...] = (),
) -> Item:
    """Return an item first seen *hours* after the start; its address follows from provider and title."""
    domain = provider.lower().replace(" ", "") + ".example"
    address = url or f"https://{domain}/{title.lower().replace(' ', '-')}"
    article = Article(
        url=address,
        original_url=address,
        title=title,
        excerpt=excerpt,
        type="article",
        provider=Provider(provider, domain),
        in_language=lang,
        article_body=body,
        authors=authors,
    )
    seen = START + timedelta(hours=hours)
    return Item(item_id(address), article, seen, source=source, story=story, duplicate_of=duplicate_of)
