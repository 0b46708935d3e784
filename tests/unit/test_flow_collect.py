"""When nothing is polled, when nothing can be reached, and what is counted as new."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from invented_bench import NOW, Desk
from invented_news import feed, page, stories
from newsloom.model.source import Source

BASES = ("https://harborpost.example", "https://canalnews.example")
SOURCES = tuple(Source(f"{base}/feed.xml") for base in BASES)
NEWS = stories(3)
PAGES = {
    f"{BASES[0]}/feed.xml": ("application/rss+xml", feed(NEWS, BASES[0])),
    f"{BASES[1]}/feed.xml": ("application/rss+xml", feed([], BASES[1])),
    **{BASES[0] + story.path: ("text/html", page(story, BASES[0])) for story in NEWS},
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path, SOURCES)
    yield desk
    desk.store.close()


def told(desk: Desk, kind: str) -> list[str]:
    return [notice.text for notice in desk.notices if notice.kind == kind]


def test_nothing_due_says_when_it_is_and_nothing_declared_what_to_do(desk: Desk) -> None:
    desk.run(PAGES)
    assert told(desk, "idle") == []
    desk.run(PAGES, timedelta(minutes=1))
    with desk.store.begin() as work:
        soonest = min(work.sources.get_state(source.url).next_poll or NOW for source in SOURCES)
    assert told(desk, "idle") == [f"2 sources not due, next at {soonest:%H:%M} UTC"]
    desk.sources = ()
    desk.run(PAGES)
    assert told(desk, "idle") == ["no source is declared: `newsloom add ADDRESS`"]


@pytest.mark.parametrize("kind", ["dns", "connect"])
def test_without_a_network_one_line_is_told_and_no_source_waits_longer(desk: Desk, kind: str) -> None:
    dead = dict.fromkeys(PAGES, kind)
    for hours in range(6):
        desk.run(dead, timedelta(hours=hours))
        assert len(told(desk, "unreachable")) == 1
        assert "no source could be reached" in told(desk, "unreachable")[0]
        assert told(desk, "source-failed") == told(desk, "page-failed") == []
        with desk.store.begin() as work:
            for source in SOURCES:
                after = work.sources.get_state(source.url).next_poll
                assert after
                assert after <= NOW + timedelta(hours=hours, minutes=15)
    desk.run(PAGES, timedelta(hours=6))
    assert len(told(desk, "recorded")) == len(NEWS)


def test_one_source_that_cannot_be_reached_is_named_and_asked_more_rarely(desk: Desk) -> None:
    desk.run({**PAGES, f"{BASES[1]}/feed.xml": "dns"})
    assert told(desk, "unreachable") == []
    assert ["degraded" in text for text in told(desk, "source-failed")] == [True]
    with desk.store.begin() as work:
        after = work.sources.get_state(SOURCES[1].url).next_poll
    assert after
    assert after > NOW + timedelta(minutes=20)


def test_pages_waiting_lose_no_try_while_offline(desk: Desk) -> None:
    desk.run({**PAGES, BASES[0] + NEWS[0].path: 500})
    desk.run(dict.fromkeys(PAGES, "connect"), timedelta(days=2))
    with desk.store.begin() as work:
        assert [queued.tries for queued in work.queue.due(NOW + timedelta(days=3))] == [1]


def test_news_is_told_by_the_entries_that_came(desk: Desk) -> None:
    desk.run(PAGES)
    assert sorted(notice.count for notice in desk.notices if notice.kind == "polled") == [0, len(NEWS)]


def test_two_files_of_one_item_are_named_once_each_run(desk: Desk) -> None:
    desk.run(PAGES)
    file = desk.records.read_all()[0][0]
    desk.records.write("_news/zzz-a-copy.md", replace(file.record, layout=None))
    desk.run(PAGES, timedelta(minutes=1))
    named = [notice for notice in desk.notices if notice.kind == "same-item"]
    assert [notice.subject for notice in named] == ["_news/zzz-a-copy.md"]
    assert file.path in named[0].text
