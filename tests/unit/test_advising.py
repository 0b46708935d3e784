"""Advice from decisions: right on the numbers, silent where there are too few."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from invented_items import NOW
from newsloom.stages.advising import Decided, advise, days_between, propose_standings, wilson


def test_wilson_is_honest_about_small_counts() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    low, high = wilson(3, 3)
    assert 0.4 < low < 0.5 and high == pytest.approx(1.0)
    assert wilson(8, 10) == pytest.approx((0.490, 0.943), abs=0.001)  # R: binom::binom.wilson(8, 10)
    assert wilson(800, 1000)[0] > 0.77


def test_each_threshold_counts_what_lies_at_or_over_it() -> None:
    decided = [(60.0, False), (70.0, True), (70.0, False), (90.0, True)]
    advice = advise(decided, [50.0, 70.0, 90.0, 95.0], 2.0, [60, 70, 80, 100])
    assert [(row.published, row.decided, row.per_day) for row in advice.rows] == [
        (2, 4, 1.5),
        (2, 3, 1.5),
        (1, 1, 1.0),
        (0, 0, 0.0),
    ]
    assert [row.kept for row in advice.rows] == [1.0, 1.0, 0.5, 0.0]
    assert advice.advised is None  # four decisions bear no advice


def test_the_lowest_sure_threshold_is_advised() -> None:
    decided = [(float(quality), quality >= 75) for quality in range(50, 100) for _ in range(3)]
    advice = advise(decided, [], 1.0, range(40, 105, 5))
    assert advice.advised == 75
    assert advise([(80.0, False)] * 50, [], 1.0, [70]).advised is None
    assert advise([], [], 1.0, [70]).rows[0].kept is None


def test_standings_follow_decisions_as_far_as_they_go() -> None:
    def votes(domain: str, *published: bool) -> list[Decided]:
        return [Decided(vote, 70, 0.9, domain) for vote in published]

    decided = [
        *votes("good.example", *[True] * 12),
        *votes("bad.example", *[False] * 6),
        *votes("few.example", True, True),
        *votes("even.example", True, False, True, False),
    ]
    found = {standing.domain: standing for standing in propose_standings(decided, {"bad.example": 40})}
    assert set(found) == {"good.example", "bad.example"}
    assert (found["good.example"].before, found["good.example"].proposed) == (None, 83)
    assert (found["bad.example"].before, found["bad.example"].proposed) == (40, 20)


def test_days_are_at_least_one() -> None:
    assert days_between([]) == days_between([NOW]) == 1.0
    assert days_between([NOW, NOW - timedelta(days=3)]) == 3.0


def test_the_commands_read_a_portals_decisions(tmp_path: Path) -> None:
    from invented_news import NOW_TEXT, put, stories, write_portal
    from loopback_web import LoopbackWeb
    from portal_runs import done, record_bytes, record_files

    with LoopbackWeb() as web:
        put(web, stories(6))
        portal = write_portal(tmp_path / "portal", web.url + "/feed.xml")
        done("run", "--portal", portal, "--now", NOW_TEXT)
    originals = [
        file for file in record_files(portal) if file.record.bookkeeping and not file.record.bookkeeping.duplicate_of
    ]
    for file in originals[:4]:
        done("review", "hold", file.path, "--portal", portal, "--now", NOW_TEXT, "--by", "mara")
    before = record_bytes(portal)
    told = done("review", "advise", "--portal", portal, "--json").json
    assert told["quality"]["decided"] == 4 and told["quality"]["advised"] is None
    assert "too few decisions" in done("review", "advise", "--portal", portal).out
    proposals = done("quality", "learn", "--portal", portal, "--json").json
    assert sum(proposal["decided"] for proposal in proposals) <= 4
    assert all("standing: " in proposal["text"] for proposal in proposals)
    assert "nothing was changed" in done("quality", "learn", "--portal", portal).out
    assert record_bytes(portal) == before
