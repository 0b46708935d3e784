"""Politeness over days of runs against a real server: what is asked, when, and what the report says of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from invented_news import NOW, put, stories, write_portal
from loopback_web import Answer, LoopbackWeb
from newsloom.adapters.files.lock import PortalLock
from newsloom.flow.politeness import politeness
from newsloom.model.source import HostState, HostVisit
from portal_runs import Told, done, newsloom, refused


def run(portal: Path, hours: float) -> Told:
    return done("run", "--portal", portal, "--now", (NOW + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ"))


def test_the_report_says_what_the_host_saw(web: LoopbackWeb, tmp_path: Path) -> None:
    news = stories(3)
    put(web, news)
    web.pages["/robots.txt"] = Answer(f"User-agent: *\nDisallow: {news[0].path}\n".encode(), "text/plain")
    portal = write_portal(tmp_path / "portal", web.url + "/feed.xml")
    for hours in (0, 30, 60):
        run(portal, hours)
    host = web.url.removeprefix("http://")
    told = done("politeness", "--portal", portal, "--json").json
    (row,) = told["by_host"]
    assert row["host"] == host
    assert row["requests"] == told["requests"] == len(web.asked)
    assert (row["conditional"], row["not_modified"], told["not_modified_share"]) == (2, 2, 1.0)
    assert (row["runs"], row["forbidden"], row["robots_status"], row["breaches"]) == (3, 1, 200, 0)
    assert row["most_at_once"] == 1
    line = done("politeness", "--portal", portal).out
    assert f"Harbor Post, {host}  " in line
    assert "304: 2 of 2" in line


def test_a_wish_for_silence_is_kept_across_runs_and_told(web: LoopbackWeb, tmp_path: Path) -> None:
    put(web, stories(2))
    good = web.pages["/feed.xml"]
    other = Answer(good.body, good.content_type)
    web.pages["/other.xml"] = other
    portal = write_portal(tmp_path / "portal", web.url + "/feed.xml", web.url + "/other.xml")
    web.pages["/feed.xml"] = Answer(b"", "text/plain", 503, {"Retry-After": str(9 * 3600)})
    run(portal, 0)
    asked = len(web.asked)
    told = newsloom("politeness", "--portal", portal, "--json", "--now", "2026-03-03T13:00:00Z").json
    assert told["by_host"][0]["silent_until"] == "2026-03-03T21:00:00Z"
    for hours in (1, 3, 6, 8.9):
        run(portal, hours)
    assert len(web.asked) == asked, "nothing of that host is asked for nine hours"
    web.pages["/feed.xml"] = good
    run(portal, 9.1)
    assert len(web.asked) > asked
    told = done("politeness", "--portal", portal, "--json").json
    assert told["throttled"] == 1
    assert told["breaches"] == 0


def test_a_breach_is_one() -> None:
    kind = HostVisit(NOW, requests=5, most_at_once=1, shortest_pause_seconds=2.0)
    rude = [HostVisit(NOW, requests=2, hurried=1), HostVisit(NOW, early=1), HostVisit(NOW, requests=2, most_at_once=2)]
    assert politeness([HostState("a.example", visits=(kind,)), HostState("b.example")], NOW)["breaches"] == 0
    for visit in rude:
        told = politeness([HostState("a.example", visits=(kind, visit))], NOW)
        assert told["breaches"] == 1
        assert told["by_host"][0]["shortest_pause_seconds"] == 2.0


def test_add_keeps_a_wish_for_silence_and_hands_it_on(web: LoopbackWeb, tmp_path: Path) -> None:
    """Real clock: `add` knows no other."""
    put(web, stories(1), feed_path="/good.xml")
    web.pages["/busy.xml"] = Answer(b"", "text/plain", 429, {"Retry-After": "3600"})
    portal = write_portal(tmp_path / "portal")
    assert "429" in refused(3, "add", web.url + "/busy.xml", "--portal", portal)
    asked = len(web.asked)
    told = refused(3, "add", web.url + "/good.xml", "--portal", portal)
    assert "is not asked before" in told
    with PortalLock(portal):  # while a run is at work, too
        assert "is not asked before" in refused(3, "add", web.url + "/good.xml", "--portal", portal)
    assert len(web.asked) == asked
    (row,) = done("politeness", "--portal", portal, "--json").json["by_host"]
    assert (row["throttled"], row["withheld"] > 0, row["early"]) == (1, True, 0)
