"""A run that stood still while its lock was broken and another run did its work writes nothing over that when it goes on."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from invented_news import NOW_TEXT, put, stories, write_portal
from loopback_web import LoopbackWeb
from newsloom.adapters.files.lock import PortalLock
from newsloom.adapters.pages.thumbnails import ThumbnailShelf
from newsloom.errors import PortalLocked
from newsloom.model.portal import Thumbnail
from portal_runs import done, ended, newsloom, one_error, record_bytes, record_files, start, tree

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


def overtaken(_: PortalLock) -> None:
    raise PortalLocked("this run was overtaken: the portal's lock was removed or taken over while it stood still")


def files_of(portal: Path) -> dict[str, bytes]:
    """Return every file but the lock, the cache of parsed records (it is checked at each reading), and what SQLite keeps by itself."""
    names = (".newsloom/lock", ".newsloom/records.sqlite", ".newsloom/state.sqlite-wal", ".newsloom/state.sqlite-shm")
    return {path: data for path, data in tree(portal, but=()).items() if path not in names}


@pytest.mark.parametrize(
    "command",
    [
        ("takedown", "example.org", "--reason", "asked for"),
        ("import", "records", "OTHER"),
        ("repair", "--force"),
        ("purge", "--now", "2027-03-03T20:00:00Z"),
        ("publish", "--now", "2027-03-03T20:00:00Z"),
        ("rework",),
    ],
    ids=lambda command: command[0],
)
def test_no_command_changes_a_file_without_asking_first(
    portal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """Each changes something when it holds the portal, and nothing when it holds it no longer."""
    other = write_portal(tmp_path / "other")
    (other / "_news").mkdir()
    (other / "_news/2026-03-02-of-another.md").write_text("---\ncategory: news\n---\n\n")
    words = [str(other) if word == "OTHER" else word for word in command]
    if command == ("rework",):
        words = ["review", "hold", whole_ids(portal)[0]]
    before = files_of(portal)
    with monkeypatch.context() as patched:
        patched.setattr(PortalLock, "check", overtaken)
        told = newsloom(*words, "--portal", portal)
    assert told.code == 5, told
    assert "this run was overtaken" in one_error(told)
    assert files_of(portal) == before
    done(*words, "--portal", portal)
    assert files_of(portal) != before


def whole_ids(portal: Path) -> list[str]:
    return [file.record.bookkeeping.id for file in record_files(portal) if file.record.bookkeeping]


def test_no_picture_is_kept_or_forgotten_without_asking_first(tmp_path: Path) -> None:
    made = Thumbnail("images/a.webp", 3, 2, b"webp")
    shelf = ThumbnailShelf(tmp_path, pixels=300, make=lambda _: made)
    shelf.put("https://a.example/1.png", b"png")
    before = tree(tmp_path, but=())

    def guard() -> None:
        raise PortalLocked("overtaken")

    fenced = ThumbnailShelf(tmp_path, pixels=300, make=lambda _: made, guard=guard)
    with pytest.raises(PortalLocked):
        fenced.put("https://a.example/2.png", b"png")
    with pytest.raises(PortalLocked):
        fenced.put_failure("https://a.example/3.png", datetime(2026, 3, 2, tzinfo=UTC))
    assert tree(tmp_path, but=()) == before
