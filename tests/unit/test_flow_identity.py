"""One item stays one item, and two never become one, whatever their source does to ids, addresses, dates and titles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from fake_web import FakeFetcher
from invented_bench import NOW, Desk
from newsloom.model.source import Source
from restless_feed import BASE, FEED, NEWS, Told, own, told, web, words


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path, (Source(FEED),))
    yield desk
    desk.store.close()


def run(desk: Desk, hours: float, *entries: Told) -> None:
    desk.run(web(*entries), timedelta(hours=hours))


@pytest.mark.parametrize("later", [3.0, 24.0 * 9])
def test_new_ids_and_addresses_at_once_make_no_new_item(desk: Desk, later: float) -> None:
    run(desk, 0, told(1), told(0))
    run(desk, later, *(told(n, id=f"https://new.example/?p={n}", path=f"/archive/{n}") for n in (1, 0)))
    assert words(desk) == own(0, 1)
    run(desk, later + 30, *(told(n, id=f"https://newer.example/{n}", path=f"/archive/{n}") for n in (1, 0)))
    assert words(desk) == own(0, 1)


@pytest.mark.parametrize("later", [3.0, 24.0 * 9])
def test_an_id_that_belongs_to_the_place_and_not_to_the_item(desk: Desk, later: float) -> None:
    run(desk, 0, told(0, id="entry-number-0"))
    run(desk, later, told(1, id="entry-number-0"))
    run(desk, 2 * later, told(2, id="entry-number-0"), told(1, id="entry-number-1"))
    assert words(desk) == own(0, 1, 2)


def test_one_id_for_all_entries(desk: Desk) -> None:
    run(desk, 0, told(1, id="urn:the:one"), told(0, id="urn:the:one"))
    run(desk, 5, told(2, id="urn:the:one"), told(1, id="urn:the:one"))
    assert words(desk) == own(0, 1, 2)


def test_a_column_under_one_headline_is_many_items(desk: Desk) -> None:
    for day in range(3):
        title, at = "Morning notes from the harbor", NOW + timedelta(days=day)
        run(desk, 24 * day, *(told(n, title=title, at=at - timedelta(days=day - n)) for n in range(day, -1, -1)))
    assert words(desk) == own(0, 1, 2)


def test_notices_with_one_headline_and_one_time_are_many_items(desk: Desk) -> None:
    run(desk, 0, *(told(n, title="Notice of a meeting", at=NOW) for n in (0, 1, 2)))
    run(desk, 9, *(told(n, title="Notice of a meeting", at=NOW) for n in (3, 1, 2)))
    assert words(desk) == own(0, 1, 2, 3)


def test_a_notice_that_takes_the_place_of_one_with_its_headline_and_time_is_read(desk: Desk) -> None:
    run(desk, 0, told(0, title="Notice of a meeting", at=NOW))
    run(desk, 9, told(1, title="Notice of a meeting", at=NOW))
    assert words(desk) == own(0, 1)


def test_an_item_that_is_dated_anew_keeps_its_date(desk: Desk) -> None:
    run(desk, 0, told(0))
    run(desk, 60, told(0, at=NOW + timedelta(hours=60), title=NEWS[0].title + " again"))
    (file,) = desk.records.read_all()[0]
    assert file.record.published_date_time == NEWS[0].published
    assert file.record.title.endswith("again"), "the correction is taken, the date is not"


def test_a_date_in_the_future_is_not_believed_and_does_not_come_true(desk: Desk) -> None:
    far = NOW + timedelta(days=5)
    run(desk, 0, told(0, at=far))
    run(desk, 24 * 5.5, told(0, at=far, title=NEWS[0].title + " again"))
    (file,) = desk.records.read_all()[0]
    assert file.record.published_date_time <= NOW + timedelta(days=1)


def test_a_page_that_fails_is_not_asked_again_because_its_feed_changed(desk: Desk) -> None:
    """What waits for its next try keeps its place, its tries and the moment it was first seen."""
    asked: list[str] = []

    def go(minutes: int, entries: Sequence[Told]) -> None:
        fetcher = FakeFetcher({**web(*entries), BASE + NEWS[0].path: 500})
        desk.run(fetcher.pages, timedelta(minutes=minutes))
        with desk.store.begin() as work:
            waiting = work.queue.find((BASE + NEWS[0].path).removeprefix("https://"))
        asked.append(f"{waiting.tries} of {waiting.first_seen:%H:%M}" if waiting else "given up")

    for number, minutes in enumerate((0, 20, 80, 300, 24 * 60)):
        go(minutes, [told(n) for n in range(number, -1, -1)])
    begun = f"{NOW:%H:%M}"
    assert asked == [f"1 of {begun}", f"1 of {begun}", f"2 of {begun}", f"3 of {begun}", "given up"]


def test_a_feed_that_dates_every_entry_anew_costs_few_readings(desk: Desk) -> None:
    readings = 0
    for hour in range(60):
        entry = told(0)
        pages = web(entry)
        at = (NOW + timedelta(hours=hour)).isoformat()
        atom = (
            f"<feed xmlns='http://www.w3.org/2005/Atom'><title>{'H' * (hour + 1)}</title><entry><title>{NEWS[0].title}</title><id>urn:harbor:0</id>"
            f"<link href='{BASE + NEWS[0].path}'/><updated>{at}</updated></entry></feed>"
        )
        pages[FEED] = ("application/atom+xml", atom.encode())
        readings += sum(notice.kind == "read" for notice in desk.run(pages, timedelta(hours=hour)))
    assert 2 <= readings <= 9
    assert words(desk) == own(0)
