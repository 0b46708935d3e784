"""A person's corrections of stories hold in every later run, without the working state too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from invented_bench import NOW, Desk
from invented_news import feed, page, stories
from newsloom.errors import UsageError
from newsloom.flow.corrections import merge_stories, move_item, pin_lead, split_story
from newsloom.flow.insights import tell_story
from newsloom.flow.reconcile import reconcile
from newsloom.model.record import Bookkeeping
from newsloom.model.source import Source
from newsloom.pipeline import rework

BASE = "https://harborpost.example"
NEWS = stories(4)
PAGES = {
    f"{BASE}/feed.xml": ("application/rss+xml", feed(NEWS, BASE)),
    **{BASE + story.path: ("text/html", page(story, BASE)) for story in NEWS},
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path, (Source(f"{BASE}/feed.xml"),))
    desk.run(PAGES)
    yield desk
    desk.store.close()


def books(desk: Desk) -> list[Bookkeeping]:
    return [file.record.bookkeeping for file in desk.records.read_all()[0] if file.record.bookkeeping]


def state(desk: Desk) -> dict[str, tuple[str | None, bool | None]]:
    return {book.id: (book.story, book.lead) for book in books(desk)}


def again(desk: Desk) -> dict[str, tuple[str | None, bool | None]]:
    """Return where everything stands after a run that lost the working state."""
    desk.lose_state()
    desk.run(PAGES, timedelta(hours=1))
    return state(desk)


def test_a_pinned_lead_leads_until_another_is_pinned(desk: Desk) -> None:
    first, second, third = books(desk)[:3]
    merge_stories(desk.bench, first.id, [second.id, third.id], by="Ann", now=NOW)
    rework(desk.bench, NOW)
    leads = [key for key, (story, lead) in state(desk).items() if story == first.story and lead]
    follower = next(book.id for book in books(desk) if book.story == first.story and book.id not in leads)
    for chosen in (follower, leads[0]):
        pin_lead(desk.bench, chosen, by="Ann", now=NOW)
        rework(desk.bench, NOW)
        now = [key for key, (story, lead) in state(desk).items() if story == first.story and lead]
        assert now == [chosen]
        assert [key for key, (story, lead) in again(desk).items() if story == first.story and lead] == [chosen]
        told = tell_story(desk.bench, chosen, NOW)
        assert told["lead"] == chosen
        assert told["lead_rule"] == "a person made it lead"
    assert sum(decision.field == "lead" for book in books(desk) for decision in book.decisions) == 1


def test_a_moved_item_stays_where_it_was_put_and_apart_from_where_it_was(desk: Desk) -> None:
    first, second, third = books(desk)[:3]
    merge_stories(desk.bench, first.id, [second.id], by="Ann", now=NOW)
    rework(desk.bench, NOW)
    move_item(desk.bench, second.id, third.id, by="Ann", now=NOW)
    rework(desk.bench, NOW)
    assert state(desk)[second.id][0] == third.story
    assert again(desk)[second.id][0] == third.story
    assert reconcile(desk.bench, NOW).constraints.apart == {(min(first.id, second.id), max(first.id, second.id))}
    with pytest.raises(UsageError, match="in that story already"):
        move_item(desk.bench, second.id, third.id, by="Ann", now=NOW)


def test_a_split_is_kept_apart_and_a_merge_takes_that_back(desk: Desk) -> None:
    first, second = books(desk)[:2]
    merge_stories(desk.bench, first.id, [second.id], by="Ann", now=NOW)
    rework(desk.bench, NOW)
    new = split_story(desk.bench, [second.id], by="Ann", now=NOW)
    rework(desk.bench, NOW)
    assert state(desk)[second.id] == (new, True)
    assert reconcile(desk.bench, NOW).constraints.apart
    assert again(desk)[second.id] == (new, True)
    merge_stories(desk.bench, first.id, [second.id], by="Ann", now=NOW)
    rework(desk.bench, NOW)
    assert not reconcile(desk.bench, NOW).constraints.apart
    assert again(desk)[second.id][0] == first.story


def test_what_cannot_lead_or_move_is_refused_with_what_to_do(desk: Desk) -> None:
    with pytest.raises(UsageError, match="no record answers"):
        pin_lead(desk.bench, "nowhere", by="Ann", now=NOW)
    with pytest.raises(UsageError, match="no record answers"):
        move_item(desk.bench, books(desk)[0].id, "nowhere", by="Ann", now=NOW)


def test_corrections_that_are_made_twice_change_no_record(desk: Desk) -> None:
    first, second = books(desk)[:2]
    merge_stories(desk.bench, first.id, [second.id], by="Ann", now=NOW)
    pin_lead(desk.bench, second.id, by="Ann", now=NOW)
    rework(desk.bench, NOW)
    before = dict(desk.records.files)
    pin_lead(desk.bench, second.id, by="Ann", now=NOW)
    rework(desk.bench, NOW)
    assert desk.records.files == before


def test_copies_go_where_their_original_goes_unless_a_person_put_them_elsewhere(tmp_path: Path) -> None:
    copier = "https://canalnews.example"
    desk = Desk(tmp_path, (Source(f"{BASE}/feed.xml"), Source(f"{copier}/feed.xml")))
    desk.run(
        PAGES
        | {
            f"{copier}/feed.xml": ("application/rss+xml", feed(NEWS[:1], copier)),
            copier + NEWS[0].path: ("text/html", page(NEWS[0], copier)),
        }
    )
    copy = next(book for book in books(desk) if book.duplicate_of)
    original = next(book for book in books(desk) if book.id == copy.duplicate_of)
    others = [book for book in books(desk) if book.id not in (copy.id, original.id)]
    with pytest.raises(UsageError, match="whole of their story"):
        split_story(desk.bench, [original.id], by="Ann", now=NOW)
    merge_stories(desk.bench, others[0].id, [others[1].id], by="Ann", now=NOW)
    move_item(desk.bench, original.id, others[0].id, by="Ann", now=NOW)
    rework(desk.bench, NOW)
    assert state(desk)[copy.id][0] == state(desk)[original.id][0] == others[0].story
    assert again(desk)[copy.id][0] == others[0].story
    desk.store.close()
