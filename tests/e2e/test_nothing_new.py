"""A run with nothing new changes nothing and asks for nothing that it need not: on the demo's web."""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from newsloom import app
from newsloom.app import WebOptions
from newsloom.demo.server import DemoWeb
from newsloom.demo.world import STEPS, load_world
from newsloom.model.notice import Notice
from newsloom.portal import open_portal
from portal_runs import Demo, tree

END = STEPS[-1]


@dataclass
class Ran:
    """What a run told, and what it asked of the web: (host, target, status)."""

    notices: list[Notice] = field(default_factory=list)
    requests: list[tuple[str, str, int]] = field(default_factory=list)

    def kinds(self) -> Counter[str]:
        """Return what happened, and how often: not what was gone through, nor how much there is."""
        return Counter(notice.kind for notice in self.notices if notice.kind not in ("step", "total", "idle"))


def run(portal: Path, now: datetime, *, web_at: datetime | None = None) -> Ran:
    """Run at *now* on the demo's web as it stands at *web_at*."""
    ran = Ran()

    async def work() -> None:
        async with DemoWeb(load_world(), lambda: web_at or now) as web:
            host, port = web.address
            options = WebOptions(dict.fromkeys(web.hosts, f"{host}:{port}"), (f"{host}:{port}",), delay_seconds=0.0)
            await app.run(open_portal(portal), now, ran.notices.append, web=options)
            ran.requests = [request for request in web.requests if request[1] != "/robots.txt"]

    asyncio.run(work())
    return ran


@pytest.fixture
def portal(demo: Demo, tmp_path: Path) -> Path:
    shutil.copytree(demo.portal, tmp_path / "portal")
    return tmp_path / "portal"


def test_a_second_run_changes_no_byte_and_asks_nobody(portal: Path) -> None:
    before = tree(portal)
    ran = run(portal, END)
    assert tree(portal) == before
    assert ran.requests == []
    assert ran.kinds() == {}


def test_only_due_sources_are_asked_and_only_whether_they_changed(portal: Path) -> None:
    # Eight hours after the last run some sources are due again, others bring news so seldom that they are not.
    world = load_world()
    feeds = {provider.feed_url.removeprefix("http://") for provider in world.providers.values()}
    before = tree(portal, but=(".newsloom", "_site", ".site"))
    ran = run(portal, END + timedelta(hours=8), web_at=END)
    asked = {host + target for host, target, _ in ran.requests}
    assert asked
    assert asked < feeds, "a source that is not due, an article or a picture was asked for"
    assert {status for _, _, status in ran.requests} == {304}
    assert tree(portal, but=(".newsloom", "_site", ".site")) == before


@pytest.mark.parametrize("later", [timedelta(days=3), timedelta(days=40)])
def test_time_alone_changes_no_record(portal: Path, later: timedelta) -> None:
    before = tree(portal, but=(".newsloom", "_site", ".site"))
    ran = run(portal, END + later, web_at=END)
    assert tree(portal, but=(".newsloom", "_site", ".site")) == before
    assert not {"new", "updated", "written", "read", "published", "held"} & ran.kinds().keys()


def test_losing_the_working_state_changes_no_byte(portal: Path) -> None:
    before = tree(portal)
    shutil.rmtree(portal / ".newsloom")
    ran = run(portal, END)
    assert ran.kinds()["read"] > 50, "articles that feeds still name are read again, for their text"
    assert not {"new", "updated", "written", "removed"} & ran.kinds().keys()
    assert tree(portal) == before
    told = [notice.text for notice in ran.notices if notice.kind == "feed-only"]
    assert any("scripts" in text and "kept what the feed says" in text for text in told), "a page without text is named"
    assert any("robots.txt" in text for text in told)
    assert run(portal, END).kinds() == {}


@pytest.mark.parametrize("noticed", [True, False])
def test_a_deleted_record_does_not_come_back(portal: Path, noticed: bool) -> None:
    """Not when the working state is lost either, whether or not a run noticed the deletion before."""
    doomed = sorted((portal / "_news").glob("*.md"))[-40::20]
    for path in doomed:
        path.unlink()
    ran = run(portal, END) if noticed else Ran()
    shutil.rmtree(portal / ".newsloom")
    again = run(portal, END)
    assert [ran.kinds()["removed"], again.kinds()["removed"]] == ([2, 0] if noticed else [0, 2])
    assert "new" not in ran.kinds() | again.kinds()
    assert not any(path.exists() for path in doomed)
