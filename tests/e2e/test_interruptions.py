"""Two runs at once, Ctrl-C, and disks that take no more: one clear message, the right exit code, nothing lost."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from invented_news import NOW_TEXT, put, stories, write_pages, write_portal
from loopback_web import LoopbackWeb
from portal_runs import done, ended, one_error, record_bytes, refused, start, tree


@pytest.fixture
def web() -> Iterator[LoopbackWeb]:
    with LoopbackWeb() as web:
        put(web, stories(8))
        yield web


@pytest.fixture
def portal(web: LoopbackWeb, tmp_path: Path) -> Path:
    return write_portal(tmp_path / "portal", web.url + "/feed.xml")


@pytest.fixture
def whole(web: LoopbackWeb, tmp_path: Path) -> dict[str, bytes]:
    """The records of a run that nothing interrupted."""
    portal = write_portal(tmp_path / "whole", web.url + "/feed.xml")
    done("run", "--portal", portal, "--now", NOW_TEXT)
    web.asked.clear()
    return record_bytes(portal)


def test_a_portal_is_for_one_run_at_a_time(portal: Path, web: LoopbackWeb, whole: dict[str, bytes]) -> None:
    web.hold = "/2026/03/3.html"
    first = start("run", "--portal", portal, "--now", NOW_TEXT)
    assert web.held.wait(60)
    first.send_signal(signal.SIGSTOP)
    try:
        for command in (["run"], ["publish"], ["review", "hold", "0000"], ["import", "html", "."], ["search", "ferry"]):
            message = refused(5, *command, "--portal", portal)
            assert "another run is at work in this portal" in message
            assert str(first.pid) in message
    finally:
        first.send_signal(signal.SIGCONT)
        web.let_go()
    assert ended(first).code == 0
    assert record_bytes(portal) == whole


def test_ctrl_c_while_asking_the_network(portal: Path, web: LoopbackWeb, whole: dict[str, bytes]) -> None:
    web.hold = "/2026/03/3.html"
    run = start("run", "--portal", portal, "--now", NOW_TEXT)
    assert web.held.wait(60)
    run.send_signal(signal.SIGINT)
    told = ended(run)
    assert told.code == 130, told
    assert "interrupted: what was stored is kept" in told.err
    assert "Traceback" not in told.err
    web.let_go()
    web.asked.clear()
    done("run", "--portal", portal, "--now", NOW_TEXT)
    assert record_bytes(portal) == whole
    assert "/feed.xml" not in web.paths(), "what the feed told was kept"


def test_ctrl_c_in_the_midst_of_computing(portal: Path, whole: dict[str, bytes], tmp_path: Path) -> None:
    """No await to notice it at: the signal comes while records are written, with a disk that takes its time."""
    slow = tmp_path / "sitecustomize.py"
    slow.write_text(
        "import os, time\n_fsync = os.fsync\n"
        "def fsync(descriptor):\n    time.sleep(0.5)\n    _fsync(descriptor)\n"
        "os.fsync = fsync if os.environ.get('SLOW_DISK') else os.fsync\n"
    )
    run = start("run", "--portal", portal, "--now", NOW_TEXT, SLOW_DISK="1", PYTHONPATH=str(tmp_path))
    assert run.stderr
    while "Writing records" not in run.stderr.readline():
        assert run.poll() is None
    time.sleep(1)
    run.send_signal(signal.SIGINT)
    told = ended(run)
    assert told.code == 130, told
    assert "Traceback" not in told.err
    assert 0 < len(record_bytes(portal)) < len(whole)
    done("run", "--portal", portal, "--now", NOW_TEXT)
    assert record_bytes(portal) == whole


def test_the_unattended_run_goes_on_until_it_is_interrupted(portal: Path, web: LoopbackWeb) -> None:
    run = start("run", "--portal", portal, "--every", "1s")
    assert run.stdout
    summaries = 0
    while summaries < 2:
        summaries += "new" in run.stdout.readline()
    # A mistake in the settings, made while it runs, is told each time and does not end it.
    settings = (portal / "newsloom.toml").read_text()
    (portal / "newsloom.toml").write_text(settings + "[sight]\n")
    assert run.stderr
    while "there is no setting 'sight'" not in run.stderr.readline():
        assert run.poll() is None
    (portal / "newsloom.toml").write_text(settings)
    while "sources:" not in run.stdout.readline():
        assert run.poll() is None
    run.send_signal(signal.SIGINT)
    told = ended(run)
    assert told.code == 130, told
    assert "Traceback" not in told.err


class Disk:
    """Makes the *fail*-th change of a file or folder fail, and all after it, as a full disk does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.changes = 0
        self.fail = 0
        for name in ("fsync", "replace", "rename", "write"):
            monkeypatch.setattr(os, name, self._counted(getattr(os, name)))

    def _counted(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            self.changes += 1
            if self.fail and self.changes >= self.fail:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(*arguments, **named)

        return call


def test_a_disk_that_is_full_from_any_write_on(portal: Path, whole: dict[str, bytes], tmp_path: Path) -> None:
    """For each write of a run: the run that fails there says so, and the next one ends where the first would have."""
    done("run", "--portal", portal, "--now", NOW_TEXT, "--no-publish")
    feed = (portal / "sources.opml").read_text().split('xmlUrl="')[1].split('"')[0]
    # Read in this process: what a worker writes to us goes through a pipe, not to a disk.
    clean = write_portal(tmp_path / "clean", feed, settings="parse_workers = 0\n")
    with pytest.MonkeyPatch.context() as monkeypatch:
        disk = Disk(monkeypatch)
        copy = tmp_path / "counted"
        shutil.copytree(clean, copy)
        done("run", "--portal", copy, "--now", NOW_TEXT, "--no-publish")
        writes = disk.changes
    assert writes > 2 * len(whole)
    for fail in range(1, writes + 1, 4):
        copy = tmp_path / f"fail-{fail}"
        shutil.copytree(clean, copy)
        with pytest.MonkeyPatch.context() as monkeypatch:
            Disk(monkeypatch).fail = fail
            message = refused(4, "run", "--portal", copy, "--now", NOW_TEXT, "--no-publish")
        assert "No space left on device" in message
        assert "free some space" in message
        for path, data in record_bytes(copy).items():
            assert whole[path] == data, "a torn file"
        done("run", "--portal", copy, "--now", NOW_TEXT, "--no-publish")
        assert record_bytes(copy) == whole
        assert not [path for path in tree(copy, but=()) if path.endswith(".tmp")]
        shutil.rmtree(copy)


def test_a_disk_that_is_full_for_the_working_state(portal: Path, web: LoopbackWeb, whole: dict[str, bytes]) -> None:
    """SQLite's own writes fail too: no article is degraded, no source is blamed, nothing is given up."""
    done("doctor", "--portal", portal)  # makes the working state

    def small_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (120_000, 120_000))

    told = ended(start("run", "--portal", portal, "--now", NOW_TEXT, prepare=small_files))
    assert told.code == 4, told
    assert "the working state cannot be written" in one_error(told)
    assert "source-failed" not in told.err
    assert "feed-only" not in told.err
    done("run", "--portal", portal, "--now", NOW_TEXT)
    assert record_bytes(portal) == whole


def test_an_import_that_the_disk_cuts_short_is_not_taken_for_whole(tmp_path: Path, web: LoopbackWeb) -> None:
    archive = write_pages(tmp_path / "archive", stories(6), web.url)
    portal = write_portal(tmp_path / "portal")
    (portal / "sources.opml").write_text(
        '<opml version="2.0" xmlns:newsloom="https://newsloom.org/ns/opml"><body>'
        f'<outline newsloom:kind="html" text="Old" url="{archive}"/></body></opml>'
    )
    done("doctor", "--portal", portal)

    def small_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    told = ended(start("run", "--portal", portal, "--now", NOW_TEXT, prepare=small_files))
    assert told.code == 4, told
    done("run", "--portal", portal, "--now", NOW_TEXT)
    assert len(record_bytes(portal)) == 6


def test_a_terminal_of_another_time_shows_every_script(portal: Path, web: LoopbackWeb) -> None:
    done("run", "--portal", portal, "--now", NOW_TEXT)
    path = next((portal / "_news").iterdir())
    title = "港の夜 – مرفأ ليلي"
    done("review", "edit", path.name, "title", title, "--portal", portal)
    for command in (["review", "list"], ["export", "jsonl"]):
        told = ended(start(*command, "--portal", portal, PYTHONIOENCODING="ascii"))
        assert told.code == 0, told
        assert title in told.out


def test_a_reader_who_has_enough_is_no_error(portal: Path) -> None:
    done("run", "--portal", portal, "--now", NOW_TEXT)
    run = start("export", "jsonl", "--portal", portal)
    assert run.stdout
    run.stdout.close()
    assert run.stderr
    assert run.wait(60) == 0
    assert run.stderr.read() == ""
