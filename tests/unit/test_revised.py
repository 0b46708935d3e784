"""What publishers changed, kept in the log: once each, without the working state, and no more of it than may be shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from invented_bench import NOW, Desk
from invented_edition import record_file
from invented_news import feed, page, stories
from newsloom.flow.revised import revised_events, revisions_told
from newsloom.model.event import Event
from newsloom.model.record import Decision, RecordFile
from newsloom.model.source import Source
from newsloom.model.version import Change, Revision

BASE = "https://harborpost.example"
FILE = record_file(3, "Fourteen die in quake")
KEY = FILE.record.bookkeeping.id  # type: ignore[union-attr]
REVISION = Revision(
    NOW,
    (
        Change("title", "Nine die in quake", "Fourteen die in quake"),
        Change("figures", "9", "14"),
        Change("byline", "Ann Writer", ""),
        Change("text", "1 paragraph of 2", ""),
    ),
)


def noted(**changes: Any) -> RecordFile:
    notes = FILE.record.bookkeeping
    assert notes is not None
    return replace(FILE, record=replace(FILE.record, bookkeeping=replace(notes, **changes)))


def told(file: RecordFile, events: list[Event], later: timedelta = timedelta(0)) -> list[str]:
    found = revisions_told([file], events, NOW + later)
    return [change.field for revision in found.get(KEY, ()) for change in revision.changes]


def test_headline_figures_and_byline_go_through_the_log_and_the_text_does_not() -> None:
    (event,) = revised_events(KEY, [REVISION], frozenset())
    assert (event.kind, event.item, event.at) == ("revised", KEY, NOW)
    assert revisions_told([FILE], [event, event], NOW) == {KEY: (Revision(NOW, REVISION.changes[:3]),)}
    assert revised_events(KEY, [REVISION], {(KEY, NOW)}) == []
    assert revised_events(KEY, [Revision(NOW, REVISION.changes[3:])], frozenset()) == []


def test_what_may_not_be_quoted_or_was_decided_by_a_person_is_not_told() -> None:
    events = revised_events(KEY, [REVISION], frozenset())
    assert told(FILE, events) == ["title", "figures", "byline"]
    assert told(noted(rights=("max-snippet:50",)), events) == ["title", "byline"]
    assert told(noted(decisions=(Decision("title", "ada", NOW),)), events) == ["figures", "byline"]
    assert told(FILE, events, -timedelta(seconds=1)) == []
    assert revisions_told([], events, NOW) == {}


@pytest.mark.parametrize(
    "detail", ["", "[]", "{", '{"title":"x"}', '{"title":[1,2]}', '{"title":["a"]}', '{"x":["a","b"]}']
)
def test_what_is_not_of_our_form_counts_as_none(detail: str) -> None:
    assert told(FILE, [Event(NOW, "revised", KEY, detail)]) == []


def test_there_are_bounds_on_length_and_number() -> None:
    many = [Revision(NOW - timedelta(hours=n), (Change("title", "x" * 5000, "y"),)) for n in range(60)]
    events = revised_events(KEY, many, frozenset())
    found = revisions_told([FILE], events, NOW)[KEY]
    assert len(found) == 20 and found[-1].at == NOW
    assert max(len(event.detail) for event in events) < 1000


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path, (Source(f"{BASE}/feed.xml"),))
    yield desk
    desk.store.close()


def pages(story: Any) -> dict[str, Any]:
    return {
        f"{BASE}/feed.xml": ("application/rss+xml", feed([story], BASE)),
        BASE + story.path: ("text/html", page(story, BASE)),
    }


def test_a_run_logs_a_changed_headline_once(desk: Desk) -> None:
    first = stories(1)[0]
    edited = replace(first, title=f"{first.title}, 14 hurt")
    desk.run(pages(first))
    assert list(desk.log.iter_all("revised")) == []
    desk.run(pages(edited), timedelta(hours=7))
    desk.run(pages(edited), timedelta(hours=14))
    (event,) = desk.log.iter_all("revised")
    assert event.at == NOW + timedelta(hours=7)
    assert first.title in event.detail and edited.title in event.detail
    files, _ = desk.records.read_all()
    (found,) = revisions_told(files, [event], NOW + timedelta(days=1)).values()
    assert found[0].changes[0] == Change("title", first.title, edited.title)
