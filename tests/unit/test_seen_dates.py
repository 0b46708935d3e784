"""Days that only readers see: found in running text, told apart by where they stand."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from newsloom.adapters.pages.document import PageDocument
from newsloom.adapters.pages.evidence import Evidence
from newsloom.adapters.pages.moments import published
from newsloom.adapters.pages.seen_dates import seen_day
from newsloom.vocab.date_finding import days_in

NOW = datetime(2026, 3, 20, tzinfo=UTC)
URL = "https://harborpost.example/news/pier"
OTHER_NEWS = "<ul class=teasers>" + "".join(f"<li><a>Item {n}</a> {n}.03.2026</li>" for n in range(10, 19)) + "</ul>"


def evidence(body: str, *, lang: str = "de", head: str = "", url: str = URL) -> Evidence:
    return Evidence(PageDocument(f"<html lang={lang}><head>{head}</head><body>{body}</body></html>".encode(), url))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("am 2. März 2026 beschlossen", date(2026, 3, 2)),
        ("March 2nd, 2026", date(2026, 3, 2)),
        ("2 de marzo de 2026", date(2026, 3, 2)),
        ("2026-03-02", date(2026, 3, 2)),
        ("02.03.26, 12:00", date(2026, 3, 2)),
        ("2026年3月2日", date(2026, 3, 2)),
        ("25/12/2025", date(2025, 12, 25)),
        ("12/25/2025", date(2025, 12, 25)),
    ],
)
def test_days_are_found_in_running_text(text: str, day: date) -> None:
    assert [moment.instant.date() for _, moment in days_in(f"Posted: {text} by a writer")] == [day]


@pytest.mark.parametrize(
    "text", ["30.02.2026", "version 2.3.2026.1", "04/11/2020", "13.13.2025", "10.0.2026-03-02.1", "Room 12 2026"]
)
def test_what_is_no_day_or_could_be_two_is_left_out(text: str) -> None:
    assert list(days_in(text)) == []


def test_a_numeric_day_is_read_the_way_the_page_writes() -> None:
    assert [m.instant.date() for _, m in days_in("04/11/2020", day_first=True)] == [date(2020, 11, 4)]
    american = evidence("<h1>Pier</h1><p class=date>04/11/2020</p>", lang="en-US")
    british = evidence("<h1>Pier</h1><p class=date>04/11/2020</p>", lang="en-GB")
    assert seen_day(american, NOW).day.instant.date() == date(2020, 4, 11)  # type: ignore[union-attr]
    assert seen_day(british, NOW).day.instant.date() == date(2020, 11, 4)  # type: ignore[union-attr]


def test_the_day_under_the_heading_stands_out_among_those_of_teasers_and_footers() -> None:
    page = evidence(
        f"{OTHER_NEWS}<article><h1>Der Pier</h1><p class=date>2. März 2026</p><p>Text vom Pier.</p></article>{OTHER_NEWS}<footer>© 01.01.2020</footer>"
    )
    assert seen_day(page, NOW).day.instant.date() == date(2026, 3, 2)  # type: ignore[union-attr]


def test_no_day_after_the_latest_is_believed() -> None:
    assert seen_day(evidence("<h1>Pier</h1><p class=date>2. April 2026</p>"), NOW) is None


def test_a_clear_day_in_the_text_goes_before_a_vague_one_in_the_data_and_never_before_a_named_one() -> None:
    text = "<article><h1>Der Pier</h1><p class=date>2. März 2026</p></article>"
    vague = published(evidence(text, head="<meta name=date content=2026-03-09>"), NOW)
    named = published(evidence(text, head="<meta property=article:published_time content=2026-03-09T10:00:00Z>"), NOW)
    assert [c.method for c in vague] == ["text:day", "meta:date"]
    assert [c.method for c in named] == ["meta:article:published_time"]


def test_scripts_tell_the_instant_unless_they_tell_of_several_articles() -> None:
    one = '<script>window.state = {"publishedAt": "2026-03-02T10:00:00Z"}</script>'
    other = '<script>window.more = {"publishedAt": "2026-02-11T10:00:00Z"}</script>'
    told = published(evidence(one), NOW)
    assert [(c.method, c.value.instant) for c in told] == [("script:published", datetime(2026, 3, 2, 10, tzinfo=UTC))]
    assert published(evidence(one + other), NOW) == ()
