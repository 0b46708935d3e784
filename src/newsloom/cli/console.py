"""What a person sees: progress and messages on standard error, results on standard output, stable exit codes."""

from __future__ import annotations

import asyncio
import json
import math
import os
import re
import shlex
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from newsloom.errors import NewsloomError, UsageError
from newsloom.model.notice import Notice, NoticeKind

if TYPE_CHECKING:
    from newsloom.flow.foresee import Foreseen

_COMMAND = re.compile(r"`newsloom ([a-z][^`]*)`")
_NO_PORTAL = frozenset({"init", "demo", "read", "restore", "eval"})
_named_portal: list[Path] = []
"""The portal that was named on the command line, when one was: what is told to be typed next must name it, too."""


class _Told(Console):
    """A console on which every command it tells of can be typed as it stands: by run.py, from outside of the portal."""

    def print(self, *objects: Any, **options: Any) -> None:
        super().print(*(typable(part) if isinstance(part, str) else part for part in objects), **options)


def typable(text: str) -> str:
    """Return *text* with each command in it, written `` `newsloom …` ``, as whoever reads it has to type it.

    The variable NEWSLOOM_COMMAND, which run.py sets, tells what stands for `newsloom`.
    """
    command = escape(os.environ.get("NEWSLOOM_COMMAND") or "newsloom")

    def shown(match: re.Match[str]) -> str:
        words = match[1]
        if _named_portal and words.split()[0] not in _NO_PORTAL and "--portal" not in words:
            words += f" --portal {escape(shlex.quote(str(_named_portal[0])))}"
        return f"`{command} {words}`"

    return _COMMAND.sub(shown, text)


out = _Told(highlight=False, soft_wrap=True)
err = _Told(stderr=True, highlight=False, soft_wrap=True)


def _portal_named(context: typer.Context, value: Path) -> Path:
    source = context.get_parameter_source("portal")
    _named_portal[:] = [value] if source is not None and source.name == "COMMANDLINE" else []
    return value


PortalOption = Annotated[
    Path,
    typer.Option(
        "--portal", "-p", help="Folder of the portal.", envvar="NEWSLOOM_PORTAL", show_default="this folder",
        callback=_portal_named,
    ),
]  # fmt: skip
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON value on standard output and nothing else there.")
]
_MOMENTS = ("%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M", "%Y-%m-%d")


def parse_moment(text: str) -> datetime:
    """Return the moment that *text* writes: ISO 8601, naive where it names no offset. Raises typer.BadParameter."""
    for form in _MOMENTS:
        with suppress(ValueError):
            return datetime.strptime(text, form)  # noqa: DTZ007 - `moment` takes a naive one for UTC
    raise typer.BadParameter(f"{text!r} is no moment like 2026-03-02T12:00Z")


NowOption = Annotated[
    datetime | None,
    typer.Option(
        "--now",
        parser=parse_moment,
        metavar="MOMENT",
        help="Act as if it were this moment: ISO 8601, such as 2026-03-02T12:00Z; UTC unless it names an offset.",
    ),
]
AcceptDeletionsOption = Annotated[
    bool,
    typer.Option("--accept-deletions", help="All records are gone, or most of them, and that is meant: go on without."),
]
HERE = Path()

T = TypeVar("T")

EXIT_INTERRUPTED = 130
_FIRST_YEAR, _LAST_YEAR = 1970, 9000


@contextmanager
def failures() -> Iterator[None]:
    """Turn newsloom's errors and Ctrl-C into one clear message and the right exit code; never a stack trace for them."""
    try:
        yield
        sys.stdout.flush()
    except NewsloomError as error:
        tell(error)
        raise typer.Exit(error.exit_code) from error
    except KeyboardInterrupt as error:
        err.print("interrupted: what was stored is kept; run again to go on.")
        raise typer.Exit(EXIT_INTERRUPTED) from error
    except BrokenPipeError as error:
        # Whoever read our output has enough. What is still buffered has nowhere to go, and must not be tried again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from error


def tell(error: NewsloomError) -> None:
    """Print *error* for a person: what happened, where, what next."""
    place = f"[bold]{escape(error.where)}[/]: " if error.where else ""
    err.print(f"[red]error:[/] {place}{escape(_sentence(error.message))}")
    if error.hint:
        err.print(f"  {escape(_sentence(error.hint))}")


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else text + "."


def run_async(main: Coroutine[Any, Any, T]) -> T:
    """Run *main* to its end. Ctrl-C interrupts it wherever it is, in the midst of computing too.

    asyncio's own handler cancels the task, which it notices no sooner than it next waits for something: after minutes, in a
    large portal, or never.
    """

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    async def watched() -> tuple[T | None, KeyboardInterrupt | None]:
        try:
            return await main, None
        except KeyboardInterrupt as interrupted:  # handed on as a value: asyncio would print it as a task's lost error
            return None, interrupted

    if threading.current_thread() is not threading.main_thread():
        return asyncio.run(main)
    before = signal.signal(signal.SIGINT, interrupt)
    try:
        result, interrupted = asyncio.run(watched())
    finally:
        signal.signal(signal.SIGINT, before)
    if interrupted is not None:
        raise interrupted
    return result  # type: ignore[return-value]


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Put Ctrl-C off until the block ends: for what would lose it, as finalisers do whose exceptions Python only prints."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: asked.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if asked:
        raise KeyboardInterrupt


def moment(now: datetime | None) -> datetime:
    """Return *now* as UTC, or the present moment, to the second.

    Raises:
        UsageError: it lies before 1970 or after 9000: time must have room for what is looked for around it.
    """
    if now is None:
        return datetime.now(UTC).replace(microsecond=0)
    if not _FIRST_YEAR <= now.year <= _LAST_YEAR:
        raise UsageError(
            "there is no news of that moment",
            where=now.isoformat(),
            hint=f"Name one of the years {_FIRST_YEAR} to {_LAST_YEAR}",
        )
    return now.replace(tzinfo=UTC) if now.tzinfo is None else now.astimezone(UTC)


def clock_from(now: datetime | None, seconds: Callable[[], float] = time.monotonic) -> Callable[[], datetime]:
    """Return the clock of one command: it stands still at *now* when that is given, else goes on from the present moment."""
    begin, started = moment(now), seconds()
    return lambda: begin if now is not None else begin + timedelta(seconds=int(seconds() - started))


def print_json(value: Any) -> None:
    """Print *value* as JSON on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=_plain) + "\n")
    sys.stdout.flush()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, Path):
        return str(value)
    raise TypeError(type(value).__name__)


def say_foreseen(found: Sequence[Foreseen]) -> None:
    """Print how many items would change, then each with everything that would."""
    say(f"{counted(len(found), 'item')} would change")
    for one in found:
        say(f"{one.item} {escape(one.title)}  [dim]{escape('; '.join(one.changes))}[/]")


def counted(number: int, one: str, many: str = "") -> str:
    """Return *number* with the word for it: `1 item`, `2 items`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def say(text: str) -> None:
    """Print a line of the result, with rich markup."""
    out.print(text)


def parse_every(text: str) -> float:
    """Return the seconds that *text* such as `15m`, `2h` or `90s` means. Raises UsageError."""
    units = {"s": 1, "m": 60, "h": 3600, "d": 86400}
    number, unit = text[:-1], text[-1:].lower()
    if unit not in units or not (number.isascii() and number.isdigit()) or not 0 < int(number) <= 10_000:
        raise UsageError(f"{text!r} is no interval", hint="Write it as 15m, 2h or 1d")
    return float(int(number) * units[unit])


# Kinds that a sentence of their own tells.
_TOLD: dict[NoticeKind, str] = {"idle": "cyan", "unreachable": "yellow", "committed": "green"}
# Kinds shown as they happen, with their colour; the rest is counted and told in the summary.
_SHOWN: dict[NoticeKind, str] = {
    "source-failed": "yellow", "page-failed": "yellow", "skipped": "yellow", "feed-only": "yellow", "quarantined": "red", "kept-edit": "cyan",
    "removed": "cyan", "taken-down": "cyan", "judge": "cyan", "source-moved": "cyan", "same-item": "yellow",
}  # fmt: skip
_ADVANCES = frozenset({"polled", "unchanged", "source-failed", "read", "feed-only", "page-failed", "written"})
# Where no bar can move, a line says how far a step is: after these seconds, and then as often.
_FIRST_LINE_SECONDS, _LINE_SECONDS = 2.0, 5.0


@dataclass(slots=True)
class Watcher:
    """Counts notices, shows how far the work is, and prints what a person must know. Use as a context manager.

    At most *most_lines* lines name what happened; the last tells how many more there would be. Without *steps* the steps are
    named only when they take their time: they say nothing to whoever decided on one item.
    """

    quiet: bool = False
    steps: bool = True
    most_lines: int | None = None
    clock: Callable[[], float] = time.monotonic
    counts: Counter[str] = field(default_factory=Counter)
    held_for: Counter[str] = field(default_factory=Counter)
    _lines: int = 0
    _step_notice: Notice = field(default_factory=lambda: Notice("step"))
    _advanced: int = 0
    _next_line: float = math.inf  # before the first step
    _progress: Progress | None = None
    _task: TaskID | None = None

    def __enter__(self) -> Watcher:
        if not self.quiet and self.steps and err.is_terminal:
            self._progress = Progress(
                SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
                console=err, transient=True,
            )  # fmt: skip
            self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._progress is not None:
            self._progress.stop()
        if self.most_lines is not None and self._lines > self.most_lines:
            err.print(f"  … and {self._lines - self.most_lines} more")

    def notify(self, notice: Notice) -> None:
        """Take *notice*."""
        self._count(notice)
        if notice.kind == "step":
            self._step(notice)
        elif notice.kind in _ADVANCES:
            self._advance()
        if self.quiet:
            return
        if notice.kind in _TOLD:
            err.print(f"  [{_TOLD[notice.kind]}]{escape(notice.text)}[/]")
        elif notice.kind in _SHOWN:
            self._lines += 1
            if self.most_lines is None or self._lines <= self.most_lines:
                err.print(f"  [{_SHOWN[notice.kind]}]{notice.kind}[/] {escape(notice.subject)}: {escape(notice.text)}")

    def _count(self, notice: Notice) -> None:
        if notice.kind == "total":
            self.counts[f"total-{notice.subject}"] = notice.count
            return
        self.counts[notice.kind] += 1
        if notice.kind == "unreachable":
            self.counts["source-failed"] += notice.count
        if notice.kind == "held":
            self.held_for[notice.text] += 1
        if notice.kind == "polled" and notice.count:
            self.counts["with-news"] += 1

    def _advance(self) -> None:
        if self._progress is not None and self._task is not None:
            self._progress.advance(self._task)
        self._advanced += 1
        if self._progress is None and not self.quiet and self.clock() >= self._next_line:
            self._next_line = self.clock() + _LINE_SECONDS
            step = self._step_notice
            amount = f"{self._advanced} of {step.count}" if step.count else f"{self._advanced} pages"
            err.print(f"{escape(step.text)}: {amount}")

    def _step(self, notice: Notice) -> None:
        self._step_notice, self._advanced = notice, 0
        self._next_line = self.clock() + _FIRST_LINE_SECONDS
        if self._progress is not None:
            if self._task is not None:
                self._progress.remove_task(self._task)
            self._task = self._progress.add_task(notice.text, total=notice.count or None)
        elif not self.quiet and self.steps:
            err.print(f"{escape(notice.text)} ({notice.count})" if notice.count else escape(notice.text))
