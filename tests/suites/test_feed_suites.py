"""The feed reader on other parsers' suites (floors) and on hostile feeds (an entry list or a FeedError, never anything else)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newsloom.adapters.feeds.reader import DefaultFeedReader
from newsloom.errors import DataLayoutError, FeedError
from newsloom.evaluation.feeds import evaluate_feeds
from newsloom.model.page import FetchedPage
from shared_data import ROOT, shared

# Cases with every fact right. What is missed on purpose: docs/explanation/feeds.md.
FLOORS = {"gofeed": 0.99, "feed-rs": 1.0, "feedparser": 0.985, "miniflux": 0.95}


@pytest.mark.parametrize("suite", FLOORS)
def test_cases_are_read_right(suite: str) -> None:
    result = evaluate_feeds(shared("suites", suite))
    assert result["exceptions"] == 0
    assert isinstance(result["correct"], int)
    assert isinstance(result["cases"], int)
    assert result["correct"] / result["cases"] >= FLOORS[suite]


@pytest.mark.parametrize("suite", ["feedvalidator", "feedjira"])
def test_nothing_escapes(suite: str) -> None:
    result = evaluate_feeds(shared("suites", suite))
    assert result["exceptions"] == 0
    assert (result["correct"], result["facts"]) == (None, None)


def test_peers_are_measured_in_the_same_run() -> None:
    result = evaluate_feeds(shared("suites", "feed-rs"), peer="feedparser")
    peer = result["peer"]
    assert isinstance(peer, dict)
    assert (peer["reader"], peer["cases"]) == ("feedparser", result["cases"])


def test_what_is_no_suite_is_refused() -> None:
    with pytest.raises(DataLayoutError):
        evaluate_feeds(ROOT)
    with pytest.raises(DataLayoutError):
        evaluate_feeds(shared("suites", "feed-rs"), peer="nobody")


def test_hostile_feeds() -> None:
    reader = DefaultFeedReader()
    cases = [file for file in sorted((shared("suites", "hostile") / "cases").rglob("*")) if file.is_file()]
    assert cases
    for file in cases:
        page = FetchedPage(
            "http://h.example/", "http://h.example/", 200, file.read_bytes(), datetime(2026, 3, 2, tzinfo=UTC)
        )
        try:
            document = reader.read(page)
        except FeedError:
            continue
        assert len(document.entries) <= 5000
        assert "root:x:0" not in repr(document)
