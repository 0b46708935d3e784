"""A run that is killed anywhere loses nothing, doubles nothing, tears nothing: the next one ends where it would have ended.

The gate takes a sample. `NEWSLOOM_KILLS=200` kills that many runs at random moments, `NEWSLOOM_FAULTS=all` lets every single
change of the disk in a run go wrong, in four ways:

    NEWSLOOM_KILLS=200 NEWSLOOM_FAULTS=all .venv/bin/pytest tests/e2e/test_crashes.py
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from invented_news import NOW_TEXT, put, stories, write_pages, write_portal, write_sources
from loopback_web import LoopbackWeb
from newsloom.adapters.files.log import JsonlEventLog
from newsloom.model.event import Event
from portal_runs import record_bytes, record_files, tree

HARNESS = Path(__file__).parents[1] / "run_and_kill.py"
LATER = "2026-03-03T20:00:00Z"
KILLS = 7
ROUNDS = max(1, int(os.environ.get("NEWSLOOM_KILLS", "28")) // (2 * KILLS))
FAULTS = ("error", "full", "kill", "killed-after")
SAMPLE = 2


@pytest.fixture(scope="module")
def web() -> Iterator[LoopbackWeb]:
    with LoopbackWeb() as web:
        yield web


class Runs:
    """Runs of the command that can be killed (see run_and_kill.py)."""

    def __init__(self, errors: Path) -> None:
        self._errors = errors
        self._process = subprocess.Popen(
            [sys.executable, HARNESS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors.open("w"), text=True
        )

    def run(self, portal: Path, now: str, *, kill_after: float | None = -1.0) -> tuple[float, int]:
        """Run the portal; return how long it took and how it ended."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps([kill_after, "run", "--portal", str(portal), "--now", now]) + "\n")
        self._process.stdin.flush()
        took, code, _ = self._answer()
        return float(took), int(code)

    def run_with_fault(self, portal: Path, now: str, at: int, fault: str) -> tuple[int, int]:
        """Run the portal on a disk whose *at*-th change goes wrong; return how it ended and how many changes there were."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps([[at, fault], "run", "--portal", str(portal), "--now", now]) + "\n")
        self._process.stdin.flush()
        _, code, changes = self._answer()
        return int(code), int(changes)

    def _answer(self) -> list[str]:
        assert self._process.stdout
        answer = self._process.stdout.readline().split()
        assert "Traceback" not in self._errors.read_text(), self._errors.read_text()
        return answer

    def close(self) -> None:
        self._process.communicate(timeout=60)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    runs = Runs(tmp_path_factory.mktemp("runs") / "errors")
    yield runs
    runs.close()


def events(portal: Path) -> Counter[Event]:
    return Counter(JsonlEventLog(portal).iter_all())


def same_as(portal: Path, whole: Path) -> None:
    """See that *portal* came to be what *whole* is: files, site, and what the log tells."""
    assert record_bytes(portal) == record_bytes(whole)
    assert tree(portal).keys() == tree(whole).keys(), "something was left behind"
    site = {path: data for path, data in tree(whole / "_site").items() if not path.startswith(".newsloom-")}
    assert {path: data for path, data in tree(portal / "_site").items() if not path.startswith(".newsloom-")} == site
    assert events(portal) == events(whole)


def kill_and_compare(runs: Runs, start: Path, whole: Path, now: str, took: float, seed: int) -> None:
    """Kill runs of a copy of *start* at random moments of a run, then let one end, and compare with *whole*."""
    dice = random.Random(seed)
    for number in range(ROUNDS):
        portal = whole.parent / f"killed-{seed}-{number}"
        shutil.copytree(start, portal)
        # Each kill leaves less to do, so the later ones come sooner after the start.
        ends = [runs.run(portal, now, kill_after=took * dice.random() / (1 + k / 2))[1] for k in range(KILLS)]
        assert ends.count(-9) >= 1
        assert runs.run(portal, now)[1] == 0
        same_as(portal, whole)
    assert runs.run(portal, now)[1] == 0
    same_as(portal, whole)


@pytest.fixture(scope="module")
def declared(web: LoopbackWeb, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A portal with a feed and a folder of pages, never run."""
    news = stories(30)
    put(web, news[:20])
    portal = write_portal(tmp_path_factory.mktemp("crash") / "declared")
    write_pages(portal / "archive", news[20:], web.url)
    write_sources(portal, web.url + "/feed.xml")
    text = (portal / "sources.opml").read_text()
    archive = (
        '<outline xmlns:newsloom="https://newsloom.org/ns/opml" newsloom:kind="html" text="Old" url="archive"/></body>'
    )
    (portal / "sources.opml").write_text(text.replace("</body>", archive))
    return portal


@pytest.fixture(scope="module")
def first(runs: Runs, declared: Path) -> tuple[Path, float]:
    """The portal after a first run that nobody killed, and how long such a run takes."""
    took = 0.0
    for place, kill_after in (("warm", None), ("first", -1.0)):
        portal = declared.parent / place
        shutil.copytree(declared, portal)
        took, code = runs.run(portal, NOW_TEXT, kill_after=kill_after)
        assert code == 0
    assert len(record_files(portal)) == 30
    return portal, took


def test_a_first_run_that_is_killed_is_taken_up(runs: Runs, declared: Path, first: tuple[Path, float]) -> None:
    whole, took = first
    kill_and_compare(runs, declared, whole, NOW_TEXT, took, seed=1)


def test_an_update_that_is_killed_is_taken_up(runs: Runs, web: LoopbackWeb, first: tuple[Path, float]) -> None:
    """Corrections, new articles, another topic file and an edit by hand at once."""
    begun = first[0].parent / "begun"
    shutil.copytree(first[0], begun)
    news = stories(20)
    put(web, [story.corrected("Corrected: " + story.title) for story in news] + stories(6, first=60))
    topic = begun / "_data/topics/03-town.yaml"
    topic.write_text(topic.read_text().replace("Town Life", "Harbour Towns"))
    edited = begun / record_files(begun)[3].path
    edited.write_text(edited.read_text().replace("published: true", "published: false"))
    whole = begun.parent / "updated"
    shutil.copytree(begun, whole)
    took, code = runs.run(whole, LATER)
    assert code == 0
    assert len(record_files(whole)) == 36
    kill_and_compare(runs, begun, whole, LATER, took, seed=2)


@pytest.fixture(scope="module")
def small(runs: Runs, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path, int]]:
    """A portal with an update before it, what that update makes of it, and how many changes of the disk it takes."""
    folder = tmp_path_factory.mktemp("small") / "begun"
    with LoopbackWeb() as web:
        put(web, stories(4))
        begun = write_portal(folder, web.url + "/feed.xml", settings="parse_workers = 0\n")
        assert runs.run(begun, NOW_TEXT, kill_after=None)[1] == 0  # in the parent: it loads what runs load
        put(web, [story.corrected("Corrected: " + story.title) for story in stories(3)] + stories(2, first=60))
        whole = begun.parent / "whole"
        shutil.copytree(begun, whole, symlinks=True)
        code, changes = runs.run_with_fault(whole, LATER, 0, "error")
        assert code == 0
        assert len(record_files(whole)) == 6
        yield begun, whole, changes


@pytest.mark.parametrize("fault", FAULTS)
def test_any_change_of_the_disk_can_go_wrong(runs: Runs, small: tuple[Path, Path, int], fault: str) -> None:
    """For every write, fsync, rename, link and commit of a run: no record is torn, and the next run ends as an undisturbed one."""
    begun, whole, changes = small
    wanted, before = record_bytes(whole), record_bytes(begun)
    dice = random.Random(fault)
    every = range(1, changes + 1)
    for at in every if os.environ.get("NEWSLOOM_FAULTS") == "all" else sorted(dice.sample(every, SAMPLE)):
        portal = begun.parent / f"{fault}-{at}"
        shutil.copytree(begun, portal, symlinks=True)
        code, _ = runs.run_with_fault(portal, LATER, at, fault)
        # A fault in what is only a cache, or in tidying up, is passed over.
        assert code in ((-9,) if fault.startswith("kill") else (0, 4)), (fault, at)
        for path, data in record_bytes(portal).items():
            assert not path.endswith(".md") or data in (wanted.get(path), before.get(path)), (fault, at, path)
        assert runs.run(portal, LATER)[1] == 0
        same_as(portal, whole)
        shutil.rmtree(portal)
