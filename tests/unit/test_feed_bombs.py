"""Feeds made to cost: each ends in a result or a FeedError, and what grows is cut (parsers that follow them take minutes)."""

from __future__ import annotations

import pytest

from fake_web import MOMENT
from newsloom.adapters.feeds.reader import DefaultFeedReader
from newsloom.errors import FeedError
from newsloom.model.page import FeedDocument, FetchedPage

ADDRESS = "https://harborpost.example/feed"


def read(body: str) -> FeedDocument:
    return DefaultFeedReader().read(FetchedPage(ADDRESS, ADDRESS, 200, body.encode(), MOMENT))


def content(markup: str, items: int = 1) -> str:
    item = f"<item><title>t</title><content:encoded><![CDATA[{markup}]]></content:encoded></item>"
    return f"<rss version='2.0'><channel><title>t</title>{item * items}</channel></rss>"


@pytest.mark.parametrize(
    "markup",
    [
        "<p>" + "".join(f"<font color={n}>" for n in range(4000)) + "<p>x" * 4000,  # opened again in every paragraph
        "<div>" * 15_000,
        "<div></x>" * 9000,
        "<table><tr><td>" * 5000,
        "<a " * 15_000,
        "<!--" * 15_000,
    ],
)
def test_html_that_parsers_choke_on_stays_small(markup: str) -> None:
    (entry,) = read(content(markup)).entries
    assert len(entry.content_html or "") < 3 * len(markup)


def test_values_that_grow_are_text_after_a_while() -> None:
    markup = "<p><b><i><u><s><em><tt><big><small>" + "<p>x" * 140
    entries = read(content(markup, items=200)).entries
    assert sum(len(entry.content_html or "") for entry in entries) < 200 * len(markup) + 1_000_000
    assert "<" not in (entries[-1].content_html or "").removeprefix("<p>").removesuffix("</p>")


@pytest.mark.parametrize(
    "body",
    [
        "<rss><channel><item>" + "<a b='1'/>" * 400_001 + "</item></channel></rss>",
        "<rss><channel><item><a " + " ".join(f"a{n}=1" for n in range(5000)) + "></item></channel></rss>",
        '{"version": "1", "items": [' + "{}," * 400_001 + "{}]}",
        "<rss><channel>&nbsp;" + "&amp;" * 2_000_001 + "</channel></rss>",
    ],
)
def test_more_of_anything_than_a_feed_has_is_refused(body: str) -> None:
    with pytest.raises(FeedError, match="more"):
        read(body)


def test_depth_is_cut_and_text_kept() -> None:
    (entry,) = read("<rss><channel><item><title>" + "<b>" * 5000 + "deep</title></item></channel></rss>").entries
    assert entry.title == "deep"
