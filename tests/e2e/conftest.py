"""The demo, run once for all tests that look at what it leaves, and small portals over a web on loopback."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from invented_news import NOW_TEXT, Story, put, stories, write_portal
from loopback_web import LoopbackWeb
from portal_runs import Demo, done, ended, start


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Run `newsloom demo --json` in a process of its own."""
    portal = tmp_path_factory.mktemp("demo") / "portal"
    told = ended(start("demo", portal, "--json"))
    assert told.code == 0, told
    assert told.err == ""
    return Demo(portal, json.loads(told.out))


@pytest.fixture
def web() -> Iterator[LoopbackWeb]:
    """An empty web on loopback."""
    with LoopbackWeb() as web:
        yield web


@pytest.fixture
def news() -> list[Story]:
    """Six invented articles."""
    return stories(6)


@pytest.fixture
def portal(web: LoopbackWeb, news: list[Story], tmp_path: Path) -> Path:
    """A portal that has run once over `news`."""
    put(web, news)
    portal = write_portal(tmp_path / "portal", web.url + "/feed.xml")
    done("run", "--portal", portal, "--now", NOW_TEXT)
    return portal


@pytest.fixture(scope="session")
def shared_web() -> Iterator[LoopbackWeb]:
    """A web with five articles, one for all tests that do not change it."""
    with LoopbackWeb() as web:
        put(web, stories(5))
        yield web


@pytest.fixture(scope="session")
def ran(shared_web: LoopbackWeb, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A portal that ran once over `shared_web`; not to be changed."""
    portal = write_portal(tmp_path_factory.mktemp("ran") / "portal", shared_web.url + "/feed.xml")
    done("run", "--portal", portal, "--now", NOW_TEXT)
    return portal


@pytest.fixture
def copied(ran: Path, tmp_path: Path) -> Path:
    """A copy of `ran` to do anything to."""
    shutil.copytree(ran, tmp_path / "portal")
    return tmp_path / "portal"
