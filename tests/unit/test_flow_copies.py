"""A better original that comes later takes over: copies, story, scores, and the log says so. Once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from invented_bench import Desk
from invented_news import feed, page, stories
from newsloom.model.item import Item
from newsloom.model.source import Source

EARLY, LATE = "https://canalnews.example", "https://harborpost.example"
FULL = stories(1)[0]
TEASER = replace(FULL, path="/teaser.html", paragraphs=FULL.paragraphs[:1])


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path, (Source(f"{EARLY}/feed.xml"), Source(f"{LATE}/feed.xml")))
    yield desk
    desk.store.close()


def web(late: bool) -> dict[str, Any]:
    return {
        f"{EARLY}/feed.xml": ("application/rss+xml", feed([TEASER], EARLY)),
        EARLY + TEASER.path: ("text/html", page(TEASER, EARLY)),
        f"{LATE}/feed.xml": ("application/rss+xml", feed([FULL] if late else [], LATE)),
        LATE + FULL.path: ("text/html", page(FULL, LATE)),
    }


def items(desk: Desk) -> dict[str, Item]:
    with desk.store.begin() as work:
        return {"early" if EARLY in item.article.url else "late": item for item in work.items.iter_all()}


def test_the_full_text_takes_over_the_story_of_the_teaser_seen_before(desk: Desk) -> None:
    desk.run(web(late=False))
    before = items(desk)["early"]
    assert before.lead
    assert before.duplicate_of is None
    desk.run(web(late=True), timedelta(hours=8))
    after = items(desk)
    assert (after["early"].duplicate_of, after["late"].duplicate_of) == (after["late"].id, None)
    assert after["early"].story == after["late"].story == before.story
    assert (after["early"].lead, after["late"].lead) == (False, True)
    assert after["early"].quality != before.quality, "a copy scores as one"
    copied = [event for event in desk.log.iter_all() if event.kind == "copied"]
    assert [(event.item, event.detail) for event in copied] == [(before.id, after["late"].id)]
    records = {
        file.record.bookkeeping.id: file.record for file in desk.records.read_all()[0] if file.record.bookkeeping
    }
    kept = records[before.id].bookkeeping
    assert kept is not None
    assert kept.duplicate_of == after["late"].id


def test_the_same_input_again_changes_nothing(desk: Desk) -> None:
    desk.run(web(late=False))
    desk.run(web(late=True), timedelta(hours=8))
    once, told = items(desk), len(list(desk.log.iter_all()))
    for hours in (16, 24):
        desk.run(web(late=True), timedelta(hours=hours))
    assert items(desk) == once
    assert len(list(desk.log.iter_all())) == told


def test_a_copy_whose_original_was_deleted_stands_by_itself(desk: Desk) -> None:
    desk.run(web(late=False))
    desk.run(web(late=True), timedelta(hours=8))
    original = items(desk)["late"]
    assert original.path
    del desk.records.files[original.path]
    desk.run(web(late=True), timedelta(hours=16))
    (left,) = items(desk).values()
    assert (left.duplicate_of, left.lead) == (None, True)
    (file,) = desk.records.read_all()[0]
    assert file.record.bookkeeping
    assert (file.record.bookkeeping.duplicate_of, file.record.bookkeeping.lead) == (None, True)
