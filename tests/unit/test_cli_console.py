"""Messages, exit codes and cells: what the commands share."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import typer

from newsloom.cli.console import Watcher, failures, moment, parse_every, print_json, run_async
from newsloom.cli.export import _cell
from newsloom.errors import FetchError, NewsloomError, PortalLocked, StorageError, UsageError
from newsloom.model.notice import Notice


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("15m", 900), ("2h", 7200), ("1d", 86400), ("15M", 900)])
def test_intervals(text: str, seconds: float) -> None:
    assert parse_every(text) == seconds


@pytest.mark.parametrize("text", ["", "m", "15", "0m", "-5m", "1.5h", "²m", "٣m", "10001m", "5 m"])
def test_what_is_no_interval(text: str) -> None:
    with pytest.raises(UsageError, match="is no interval"):
        parse_every(text)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NewsloomError("x"), 1),
        (UsageError("x"), 2),
        (FetchError("x"), 3),
        (StorageError("x"), 4),
        (PortalLocked("x"), 5),
    ],
)
def test_each_error_has_its_exit_code(error: NewsloomError, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended, failures():
        raise error
    assert ended.value.exit_code == code
    assert capsys.readouterr().err == "error: x.\n"


def test_an_error_says_where_and_what_next(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit), failures():
        raise UsageError("this [is] wrong", where="a/[b].toml", hint="Did you mean [c]?")
    assert capsys.readouterr().err == "error: a/[b].toml: this [is] wrong.\n  Did you mean [c]?\n"


def test_ctrl_c_is_told_and_has_its_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended, failures():
        raise KeyboardInterrupt
    assert ended.value.exit_code == 130
    assert "run again" in capsys.readouterr().err


def test_other_errors_are_bugs_and_come_out() -> None:
    with pytest.raises(ZeroDivisionError), failures():
        _ = 1 / 0


def test_ctrl_c_interrupts_what_computes(caplog: pytest.LogCaptureFixture) -> None:
    undone = []

    async def compute() -> None:
        try:
            os.kill(os.getpid(), signal.SIGINT)
            for _ in range(1_000_000):  # no await: asyncio's own handler would let this end first
                pass
            undone.append("too late")
        finally:
            undone.append("undone")

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        run_async(compute())
    assert undone == ["undone"]
    assert signal.getsignal(signal.SIGINT) is before
    assert caplog.text == ""


def test_ctrl_c_interrupts_what_waits(caplog: pytest.LogCaptureFixture) -> None:
    undone = []

    async def wait() -> None:
        threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)
            undone.append("undone")

    with pytest.raises(KeyboardInterrupt):
        run_async(wait())
    assert undone == ["undone"]
    assert caplog.text == ""


def test_what_runs_gives_its_result_and_its_errors() -> None:
    async def seven() -> int:
        return 7

    async def fail() -> None:
        raise StorageError("x")

    assert run_async(seven()) == 7
    with pytest.raises(StorageError):
        run_async(fail())


def test_moments_are_utc_to_the_second() -> None:
    assert moment(datetime(2026, 3, 2, 12)) == datetime(2026, 3, 2, 12, tzinfo=UTC)  # noqa: DTZ001 - as typer gives it
    zone = timezone(timedelta(hours=2))
    assert moment(datetime(2026, 3, 2, 12, tzinfo=zone)) == datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert moment(None).microsecond == 0


def test_json_speaks_utc_and_keeps_letters(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"at": datetime(2026, 3, 2, 12, tzinfo=UTC), "where": Path("a/b"), "title": "Übung – 日"})
    told = capsys.readouterr().out
    assert '"2026-03-02T12:00:00Z"' in told
    assert '"a/b"' in told
    assert "Übung – 日" in told


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"), ("+x", "'+x"), ("-x", "'-x"), ("@x", "'@x"), ("\t=1", "'\t=1"), ("\r=1", "'\r=1"), ("plain", "plain"),
        (-1, "-1"), (True, "true"), (None, ""), (["=a", "b"], "'=a; b"), ([], ""),
    ],
)  # fmt: skip
def test_no_cell_is_a_formula(value: object, cell: str) -> None:
    assert _cell(value) == cell


def test_the_watcher_shows_trouble_and_counts_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    with Watcher() as watcher:
        watcher.notify(Notice("step", "sources", "Polling sources", 3))
        watcher.notify(Notice("new", "https://x.example/a", "A title"))
        watcher.notify(Notice("source-failed", "https://x.example/[feed]", "answered [500]"))
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == "Polling sources (3)\n  source-failed https://x.example/[feed]: answered [500]\n"
    assert watcher.counts == {"step": 1, "new": 1, "source-failed": 1}
    with Watcher(quiet=True) as quiet:
        quiet.notify(Notice("source-failed", "x", "y"))
    assert capsys.readouterr().err == ""
