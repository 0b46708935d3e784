"""The past is made again from the log and the records: the same moment gives the same front page, whatever came later."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from invented_bench import NOW, Desk
from invented_news import feed, page, stories
from newsloom.flow.corrections import merge_stories
from newsloom.flow.editions import edition_of
from newsloom.flow.past import records_as_of, state
from newsloom.flow.review import edit, publish_or_hold
from newsloom.model.event import Event
from newsloom.model.item import recorded_id
from newsloom.model.portal import SiteOptions
from newsloom.model.record import RecordFile
from newsloom.model.source import Source
from newsloom.pipeline import rework
from newsloom.publish.front import front

BASE = "https://harborpost.example"
NEWS = stories(4)
DAY = timedelta(days=1)


def pages(count: int) -> dict[str, tuple[str, bytes]]:
    told = NEWS[:count]
    return {
        f"{BASE}/feed.xml": ("application/rss+xml", feed(told, BASE)),
        **{BASE + story.path: ("text/html", page(story, BASE)) for story in told},
    }


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path, (Source(f"{BASE}/feed.xml"),))
    yield desk
    desk.store.close()


def front_at(desk: Desk, at: datetime) -> bytes:
    past = records_as_of(desk.records.read_all()[0], desk.log.iter_all(), at)
    made = edition_of(
        past.files,
        score=desk.bench.stages.score,
        topics=desk.topics,
        organizations=(),
        sources=(),
        site=SiteOptions(),
        now=at,
    )
    return json.dumps(front(made), default=str).encode()


def test_every_past_front_page_is_made_again_to_the_byte(desk: Desk) -> None:
    kept: dict[datetime, bytes] = {}

    def keep(at: datetime) -> None:
        kept[at] = front_at(desk, at)

    desk.run(pages(2))
    keep(NOW)
    desk.run(pages(3), DAY)
    keep(NOW + DAY)
    ids = [recorded_id(file) for file in desk.records.read_all()[0]]
    merge_stories(desk.bench, ids[0], [ids[1]], by="Ann", now=NOW + 2 * DAY)
    edit(desk.bench, ids[0], "title", "Another headline", by="Ann", now=NOW + 2 * DAY)
    rework(desk.bench, NOW + 2 * DAY)
    keep(NOW + 2 * DAY)
    publish_or_hold(desk.bench, ids[2], published=False, by="Ann", now=NOW + 3 * DAY)
    edit(desk.bench, ids[0], "heat", "77", by="Ann", now=NOW + 3 * DAY)
    rework(desk.bench, NOW + 3 * DAY)
    keep(NOW + 3 * DAY)
    path = next(file.path for file in desk.records.read_all()[0] if recorded_id(file) == ids[2])
    del desk.records.files[path]
    desk.run(pages(4), 4 * DAY)
    keep(NOW + 4 * DAY)
    desk.lose_state()
    desk.run(pages(4), 5 * DAY)
    assert {at: front_at(desk, at) for at in kept} == kept
    assert len(set(kept.values())) == len(kept), "each day had a front page of its own"
    assert front_at(desk, NOW - DAY) == b"[]"


def test_an_edit_in_the_file_is_in_the_log_with_the_next_run(desk: Desk) -> None:
    desk.run(pages(1))
    path, data = next(iter(desk.records.files.items()))
    title = NEWS[0].title
    desk.records.files[path] = data.replace(f'title: "{title}"'.encode(), b'title: "By hand"')
    desk.run(pages(1), DAY)
    assert json.loads(front_at(desk, NOW))[0]["title"] == title
    assert json.loads(front_at(desk, NOW + DAY))[0]["title"] == "By hand"


def test_a_run_without_news_states_nothing(desk: Desk) -> None:
    desk.run(pages(3))
    before = list(desk.log.events)
    desk.run(pages(3), DAY)
    assert desk.log.events == before


def test_records_that_the_log_never_stated_stand_as_today_from_when_they_were_seen(desk: Desk) -> None:
    desk.run(pages(2))
    old = [event for event in desk.log.events if event.kind != "stated"]
    files = desk.records.read_all()[0]
    past = records_as_of(files, old, NOW + DAY)
    assert (past.files, past.unlogged) == (tuple(sorted(files, key=lambda file: file.path)), 2)
    assert records_as_of(files, old, NOW - DAY).files == ()


def test_what_a_publisher_changed_later_is_not_changed_yet(desk: Desk) -> None:
    desk.run(pages(1))
    (file,) = desk.records.read_all()[0]
    notes = file.record.bookkeeping
    assert notes is not None
    later = RecordFile(file.path, replace(file.record, bookkeeping=replace(notes, modified=NOW + DAY)))
    events = [*desk.log.events, Event(NOW + DAY, "stated", notes.id, state(later))]
    for at, expected in ((NOW, notes.modified), (NOW + DAY, NOW + DAY)):
        (then,) = records_as_of([later], events, at).files
        assert then.record.bookkeeping is not None
        assert then.record.bookkeeping.modified == expected


def test_a_state_that_somebody_broke_is_no_reason_to_fail(desk: Desk) -> None:
    desk.run(pages(1))
    key = recorded_id(desk.records.read_all()[0][0])
    strange = Event(NOW, "stated", key, '{"title":5,"topics":[],"date":"soon","seen":7,"published":"yes"}')
    assert records_as_of(desk.records.read_all()[0], [*desk.log.events, strange], NOW).files
