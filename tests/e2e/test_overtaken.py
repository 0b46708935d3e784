"""A run that stood still while its lock was broken and another run did its work writes nothing over that when it goes on."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from invented_news import NOW_TEXT, put, stories, write_portal
from loopback_web import LoopbackWeb
from portal_runs import done, ended, one_error, record_bytes, start, tree

LATER = "2026-03-03T20:00:00Z"
_SLOW_DISK = """import os, time
_fsync = os.fsync
def fsync(descriptor):
    time.sleep(0.3)
    _fsync(descriptor)
os.fsync = fsync if os.environ.get("SLOW_DISK") else os.fsync
"""


@pytest.fixture
def web() -> Iterator[LoopbackWeb]:
    with LoopbackWeb() as web:
        put(web, stories(6))
        yield web


@pytest.fixture
def portal(web: LoopbackWeb, tmp_path: Path) -> Path:
    portal = write_portal(tmp_path / "portal", web.url + "/feed.xml")
    done("run", "--portal", portal, "--now", NOW_TEXT)
    return portal


def whole_records(portal: Path) -> dict[str, bytes]:
    """Return the records, without what a run at work is just writing."""
    return {path: data for path, data in record_bytes(portal).items() if path.endswith(".md")}


def site(portal: Path) -> dict[str, bytes]:
    return tree((portal / "_site").resolve())


def break_lock(portal: Path, how: str) -> None:
    if how == "the lock":
        (portal / ".newsloom" / "lock").unlink()
    else:
        shutil.rmtree(portal / ".newsloom")


@pytest.mark.parametrize("how", ["the lock", "the working state"])
def test_while_it_read_pages(portal: Path, web: LoopbackWeb, how: str) -> None:
    put(web, [story.corrected("Corrected: " + story.title) for story in stories(6)] + stories(4, first=40))
    web.hold = "/2026/03/41.html"
    first = start("run", "--portal", portal, "--now", LATER)
    assert web.held.wait(60)
    first.send_signal(signal.SIGSTOP)
    break_lock(portal, how)
    web.let_go()
    done("run", "--portal", portal, "--now", LATER)
    records, published = whole_records(portal), site(portal)
    assert len(records) == 10
    first.send_signal(signal.SIGCONT)
    told = ended(first)
    assert told.code == 5, told
    assert "this run was overtaken" in one_error(told)
    assert (whole_records(portal), site(portal)) == (records, published)
    done("run", "--portal", portal, "--now", LATER)
    assert (whole_records(portal), site(portal)) == (records, published)


def test_while_it_wrote_records(portal: Path, web: LoopbackWeb, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(_SLOW_DISK)
    put(web, stories(12))
    first = start("run", "--portal", portal, "--now", LATER, SLOW_DISK="1", PYTHONPATH=str(tmp_path))
    assert first.stderr
    while "Writing records" not in first.stderr.readline():
        assert first.poll() is None
    first.send_signal(signal.SIGSTOP)
    break_lock(portal, "the lock")
    put(web, [story.corrected("Corrected: " + story.title) for story in stories(12)])
    done("run", "--portal", portal, "--now", "2026-03-03T22:00:00Z")
    records, published = whole_records(portal), site(portal)
    assert len(records) == 12
    first.send_signal(signal.SIGCONT)
    told = ended(first)
    assert told.code == 5, told
    assert "this run was overtaken" in one_error(told)
    assert (whole_records(portal), site(portal)) == (records, published)
