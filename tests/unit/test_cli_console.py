"""Messages, exit codes and cells: what the commands share."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from newsloom.cli import collect
from newsloom.cli.console import (
    Watcher,
    clock_from,
    counted,
    failures,
    moment,
    parse_every,
    print_json,
    run_async,
    uninterrupted,
)
from newsloom.cli.export import _cell
from newsloom.cli.main import app
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


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00", "1969-12-31"])
def test_a_moment_with_no_time_around_it_is_a_wrong_one(text: str) -> None:
    with pytest.raises(UsageError, match="no news of that moment"):
        moment(datetime.fromisoformat(text))


def test_the_clock_goes_on_unless_a_moment_is_given() -> None:
    seconds = iter([5.0, 5.2, 65.9, 5.0, 900.0])
    clock = clock_from(None, lambda: next(seconds))
    start = clock()
    assert clock() - start == timedelta(seconds=60)
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    frozen = clock_from(noon, lambda: next(seconds))
    assert frozen() == frozen() == noon


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


def test_what_is_told_to_be_typed_can_be_typed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NEWSLOOM_COMMAND", "python3 ../run.py")
    folder = tmp_path / "my [p]"
    told = CliRunner().invoke(app, ["explain", "ID", "--portal", str(folder)]).stderr
    assert "`python3 ../run.py init --portal" not in told
    assert "`python3 ../run.py init`" in told
    folder.mkdir()
    (folder / "newsloom.toml").write_text("")
    told = CliRunner().invoke(app, ["explain", "abcd", "--portal", str(folder)]).stderr
    assert f"`python3 ../run.py review list --portal '{folder}'` shows ids" in told
    monkeypatch.delenv("NEWSLOOM_COMMAND")
    monkeypatch.setenv("NEWSLOOM_PORTAL", str(folder))
    assert "`newsloom review list` shows ids" in CliRunner().invoke(app, ["explain", "abcd"]).stderr


def test_a_decision_on_one_item_names_no_steps(capsys: pytest.CaptureFixture[str]) -> None:
    with Watcher(steps=False) as watcher:
        watcher.notify(Notice("step", "weave", "Weaving", 1))
        watcher.notify(Notice("kept-edit", "_news/a.md", "title is yours from now on"))
        watcher.notify(Notice("written", "_news/a.md"))
    assert capsys.readouterr().err == "  kept-edit _news/a.md: title is yours from now on\n"


def test_the_watcher_names_some_and_counts_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    with Watcher(most_lines=2) as watcher:
        for number in range(5):
            watcher.notify(Notice("skipped", f"page {number}", "damaged"))
    told = capsys.readouterr().err.splitlines()
    assert told == ["  skipped page 0: damaged", "  skipped page 1: damaged", "  … and 3 more"]
    assert watcher.counts["skipped"] == 5


def test_where_no_bar_can_move_lines_tell_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    seconds = iter(range(1000))  # each look at the clock is a second later
    with Watcher(clock=lambda: float(next(seconds))) as watcher:
        watcher.notify(Notice("step", "archive", "Reading archive"))
        for number in range(12):
            watcher.notify(Notice("read", f"https://x.example/{number}"))
        watcher.notify(Notice("step", "sources", "Polling sources", 40))
        for number in range(4):
            watcher.notify(Notice("polled", f"https://x.example/{number}"))
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "Reading archive"
    assert told[1] == "Reading archive: 2 pages"
    assert told[2].startswith("Reading archive: ")
    assert told[-2:] == ["Polling sources (40)", "Polling sources: 2 of 40"]


def test_a_sentence_of_its_own_and_figures_of_a_run(capsys: pytest.CaptureFixture[str]) -> None:
    with Watcher() as watcher:
        watcher.notify(Notice("idle", "sources", "40 sources not due, next at 10:15 UTC"))
        watcher.notify(Notice("unreachable", "https://x.example", "no source could be reached", 40))
        watcher.notify(Notice("polled", "a", count=3))
        watcher.notify(Notice("polled", "b"))
        watcher.notify(Notice("total", "items", count=142))
    told = capsys.readouterr().err.splitlines()
    assert told == ["  40 sources not due, next at 10:15 UTC", "  no source could be reached"]
    figures = collect.totals(watcher.counts)
    assert (figures["sources_failed"], figures["sources_with_news"], figures["items"]) == (40, 1, 142)
    collect.summarise(figures, {"under quality 70": 2, "copied from another": 1})
    summary = capsys.readouterr().out
    assert "new 0 items   grouped 0 new stories, 0 copies folded" in summary
    assert "held: 2 under quality 70, 1 copied from another; `newsloom review list --only held`" in summary
    assert "in all 142 items" in summary
    assert "1 with news, 1 without" in summary


def test_words_follow_their_number() -> None:
    assert [counted(number, "item") for number in (0, 1, 2)] == ["0 items", "1 item", "2 items"]
    assert counted(2, "copy", "copies") == "2 copies"


def test_a_run_each_interval_survives_whatever_ends_one(monkeypatch: pytest.MonkeyPatch) -> None:
    ends = iter([ZeroDivisionError("by zero"), UsageError("half edited"), StorageError("full"), None])
    slept: list[float] = []

    def report(*_: object) -> bool:
        end = next(ends)
        if end is not None:
            raise end
        return True

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 4:
            raise KeyboardInterrupt

    monkeypatch.setattr(collect, "_report", report)
    monkeypatch.setattr("time.sleep", sleep)
    told = CliRunner().invoke(app, ["run", "--every", "15m"])
    assert told.exit_code == 130
    assert slept == [900.0] * 4
    for words in ("unexpected ZeroDivisionError: by zero", "half edited", "full"):
        assert words in told.stderr


def test_what_was_typed_wrongly_is_no_reason_to_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def report(*_: object) -> bool:
        raise UsageError("no portal")

    monkeypatch.setattr(collect, "_report", report)
    assert CliRunner().invoke(app, ["run", "--every", "15m"]).exit_code == 2


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-03-02T12:00:30Z", datetime(2026, 3, 2, 12, 0, 30, tzinfo=UTC)),
        ("2026-03-02T14:00+02:00", datetime(2026, 3, 2, 12, tzinfo=UTC)),
        ("2026-03-02T14:00:00+02:00", datetime(2026, 3, 2, 12, tzinfo=UTC)),
        ("2026-03-02T12:00Z", datetime(2026, 3, 2, 12, tzinfo=UTC)),
        ("2026-03-02T12:00", datetime(2026, 3, 2, 12, tzinfo=UTC)),
        ("2026-03-02", datetime(2026, 3, 2, tzinfo=UTC)),
    ],
)
def test_now_is_iso_8601(text: str, meant: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[datetime] = []

    def report(_portal: object, now: datetime, *_: object) -> bool:
        asked.append(moment(now))
        return True

    monkeypatch.setattr(collect, "_report", report)
    assert CliRunner().invoke(app, ["run", "--now", text]).exit_code == 0
    assert asked == [meant]


def test_a_run_that_reaches_nothing_has_the_exit_code_of_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collect, "_report", lambda *_: False)
    assert CliRunner().invoke(app, ["run"]).exit_code == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "--now", "yesterday"], "'yesterday' is no moment like 2026-03-02T12:00Z"),
        (["front", "--at", "2026-13-01"], "'2026-13-01' is no moment like"),
        (["review", "list", "--only", "x"], "'x' is not one of 'all'"),
    ],
)
def test_a_wrong_value_is_told_in_our_own_words(arguments: list[str], said: str) -> None:
    told = CliRunner().invoke(app, arguments, env={"COLUMNS": "200"})
    assert told.exit_code == 2
    assert said in told.stderr
    assert "Value error" not in told.stderr


@pytest.mark.skipif(os.name != "posix", reason="pipes of a POSIX shell")
@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"]])
def test_whoever_reads_only_the_beginning_of_the_help_is_no_failure(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    told = subprocess.run(
        [sys.executable, "-m", "newsloom", *arguments], stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert (told.returncode, told.stderr) == (0, b"")


def test_a_list_of_records_waits_for_no_heavy_library(tmp_path: Path) -> None:
    (tmp_path / "newsloom.toml").write_text("")
    script = (
        "import sys; from newsloom.cli.main import app\n"
        "try: app(sys.argv[1:])\n"
        "except SystemExit: print(sorted({'numpy', 'sqlalchemy', 'aiohttp', 'jinja2', 'trafilatura'} & set(sys.modules)))"
    )
    for command in (["review", "list"], ["records", "check"], ["export", "jsonl"]):
        asked = [sys.executable, "-c", script, *command, "--portal", str(tmp_path)]
        told = subprocess.run(asked, capture_output=True, text=True, check=True)
        assert told.stdout.endswith("[]\n"), (command, told.stdout)


def test_an_interruption_waits_where_it_would_be_lost() -> None:
    before = signal.getsignal(signal.SIGINT)
    steps = []
    with pytest.raises(KeyboardInterrupt), uninterrupted():
        os.kill(os.getpid(), signal.SIGINT)
        steps.append("went on")
    assert steps == ["went on"]
    assert signal.getsignal(signal.SIGINT) is before
    with uninterrupted():
        steps.append("nobody asked")
    assert len(steps) == 2
