"""What the owner sends to one source, no other place is sent: neither a page the feed names nor where the source moved to."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from fake_web import FakeFetcher
from invented_bench import NOW, Desk
from newsloom import pipeline
from newsloom.model.source import Source
from newsloom.vocab.tdmrep import PATH

FEED = "https://harborpost.example/feed.xml"
HEADERS = {FEED: {"X-Key": "k"}}


def told(desk: Desk, link: str) -> dict[str, bool]:
    """Run on a feed that names *link*; return for each address asked whether it got the owner's header."""
    body = f"<rss version='2.0'><channel><item><title>Ferry sails</title><link>{link}</link></item></channel></rss>"
    web = FakeFetcher(dict.fromkeys((FEED, "https://moved.example/feed.xml"), ("application/rss+xml", body.encode())))
    bench = replace(desk.bench, declared=replace(desk.bench.declared, headers=HEADERS))
    asyncio.run(pipeline.run(bench, web, NOW))
    for request in web.asked:
        assert not (request.url.endswith(PATH) and request.headers), (
            "what is asked of a whole site is asked as a stranger"
        )
    return {request.url: request.headers == HEADERS[FEED] for request in web.asked if not request.url.endswith(PATH)}


@pytest.mark.parametrize(
    ("link", "may_see"),
    [
        ("https://harborpost.example/a", True),
        ("http://harborpost.example/a", False),
        ("https://harborpost.example:8443/a", False),
        ("https://other.example/a", False),
    ],
)
def test_pages_of_another_origin_are_not_sent_them(link: str, may_see: bool, tmp_path: Path) -> None:
    assert told(Desk(tmp_path, (Source(FEED),)), link) == {FEED: True, link: may_see}


def test_a_source_that_moved_elsewhere_is_not_sent_them(tmp_path: Path) -> None:
    desk = Desk(tmp_path, (Source(FEED),))
    with desk.store.begin() as work:
        work.sources.put_state(
            replace(work.sources.get_state(FEED), moved_to="https://moved.example/feed.xml", moved_count=9)
        )
    assert told(desk, "https://harborpost.example/a") == {
        "https://moved.example/feed.xml": False,
        "https://harborpost.example/a": True,
    }
