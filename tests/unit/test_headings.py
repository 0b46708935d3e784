"""What is shown where a feed gives no title."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newsloom.model.page import FeedEntry
from newsloom.model.source import Source
from newsloom.stages.extract.article import article_from_entry
from newsloom.vocab.headings import heading_of

LINK = "https://harborpost.example/1"


@pytest.mark.parametrize(
    ("entry", "heading"),
    [
        (FeedEntry(LINK, title="Own title", summary="text"), "Own title"),
        (FeedEntry(LINK, summary="Fog over the harbor"), "Fog over the harbor"),
        (
            FeedEntry(LINK, content_html="<p>Fog <b>over</b></p><p>the harbor &amp; more</p>"),
            "Fog over the harbor & more",
        ),
        (FeedEntry(LINK, summary="word " * 40), ("word " * 20).strip() + "…"),
        (FeedEntry(LINK), LINK),
        (FeedEntry(None), None),
    ],
)
def test_headings(entry: FeedEntry, heading: str | None) -> None:
    assert heading_of(entry) == heading


def test_a_post_without_title_becomes_an_article_and_a_bare_address_does_not() -> None:
    def article(entry: FeedEntry) -> object:
        source = Source("https://harborpost.example/feed")
        return article_from_entry(entry, source=source, organizations={}, first_seen=datetime(2026, 3, 2, tzinfo=UTC))

    assert getattr(article(FeedEntry(LINK, summary="Fog over the harbor")), "title", None) == "Fog over the harbor"
    assert article(FeedEntry(LINK)) is None
