"""The contract of `EventLog`, held by the log on disk and by the fake; then what only a disk can do."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from in_memory_files import MemoryEventLog
from newsloom.adapters.files import log as log_module
from newsloom.adapters.files.log import JsonlEventLog
from newsloom.errors import StorageError
from newsloom.model.event import Event
from newsloom.ports.storing import EventLog

JANUARY = datetime(2026, 1, 31, 23, 59, 59, 5000, tzinfo=UTC)
FEBRUARY = JANUARY + timedelta(seconds=1)


@pytest.fixture(params=["disk", "memory"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> EventLog:
    return JsonlEventLog(tmp_path) if request.param == "disk" else MemoryEventLog()


def test_an_empty_log_has_no_events(log: EventLog) -> None:
    assert list(log.iter_all()) == []
    log.append([])
    assert list(log.iter_all()) == []


def test_events_come_back_in_order(log: EventLog) -> None:
    events = [
        Event(JANUARY, "recorded", "a1", "_news/x.md"),
        Event(JANUARY, "joined", "a1", "s1"),
        Event(FEBRUARY, "held", "a1", "“quoted”\nline\u2028 😀 \ud800".replace("\ud800", "?")),
        Event(FEBRUARY, "lead", "b2"),
    ]
    log.append(events[:1])
    log.append(events[1:])
    assert list(log.iter_all()) == events


def test_events_of_one_kind_come_alone(log: EventLog) -> None:
    told = Event(FEBRUARY, "revised", "a1", '{"title":["held","\\"held\\""]}')
    log.append([Event(JANUARY, "held", "a1", "revised"), told, Event(FEBRUARY, "held", "revised")])
    assert list(log.iter_all("revised")) == [told]


def test_each_month_has_its_file_of_lines(tmp_path: Path) -> None:
    JsonlEventLog(tmp_path).append([Event(JANUARY, "held", "a1"), Event(FEBRUARY, "published", "a1", "x")])
    assert sorted(path.name for path in (tmp_path / "_log").iterdir()) == ["2026-01.jsonl", "2026-02.jsonl"]
    text = (tmp_path / "_log/2026-02.jsonl").read_text()
    assert text == '{"at": "2026-02-01T00:00:00.005000Z", "kind": "published", "item": "a1", "detail": "x"}\n'


@pytest.mark.parametrize(
    "left", ['{"at": "2026-01-', "{}\n", "[1]\n", '{"at": 5, "kind": "held", "item": "a"}\n', "\n", "\x00\n"]
)
def test_a_torn_line_is_passed_over_and_the_next_one_stands_alone(tmp_path: Path, left: str) -> None:
    log = JsonlEventLog(tmp_path)
    log.append([Event(JANUARY, "held", "a1")])
    path = tmp_path / "_log/2026-01.jsonl"
    path.write_text(path.read_text() + left)
    assert [event.item for event in log.iter_all()] == ["a1"]
    log.append([Event(JANUARY, "held", "b2")])
    assert [event.item for event in log.iter_all()] == ["a1", "b2"]
    assert path.read_text().startswith('{"at"')


def test_a_full_disk_leaves_no_half_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = JsonlEventLog(tmp_path)
    log.append([Event(JANUARY, "held", "a1")])
    before = (tmp_path / "_log/2026-01.jsonl").read_bytes()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(log_module.os, "fsync", full)
    with pytest.raises(StorageError) as caught:
        log.append([Event(JANUARY, "held", "b2")])
    assert "full" in caught.value.hint
    assert (tmp_path / "_log/2026-01.jsonl").read_bytes() == before


def test_a_state_is_an_object_in_the_file_and_the_same_text_when_read(tmp_path: Path) -> None:
    log = JsonlEventLog(tmp_path)
    event = Event(JANUARY, "stated", "a1", '{"title":"“Ferry”","lead":true}')
    log.append([event])
    assert list(log.iter_all()) == [event]
    line = next((tmp_path / "_log").iterdir()).read_text("utf-8")
    assert '"state": {"title": "“Ferry”", "lead": true}' in line


def test_what_a_takedown_forgets_is_gone_and_nothing_else(log: EventLog) -> None:
    kept = [Event(JANUARY, "joined", "b2", "s1"), Event(FEBRUARY, "held", "c3")]
    log.append(
        [Event(JANUARY, "recorded", "a1", "_news/x.md"), kept[0], Event(FEBRUARY, "copied", "b2", "a1"), kept[1]]
    )
    log.forget(["a1"])
    assert list(log.iter_all()) == kept
    log.forget(["a1"])
    log.append([Event(FEBRUARY, "taken-down", "a1", "asked to")])
    assert list(log.iter_all()) == [*kept, Event(FEBRUARY, "taken-down", "a1", "asked to")]
