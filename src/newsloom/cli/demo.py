"""`newsloom demo`."""

from __future__ import annotations

import shlex
import shutil
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from newsloom.cli.collect import totals
from newsloom.cli.console import JsonOption, err, failures, print_json, run_async, say

_MARK = ".newsloom-demo"


def demo(
    folder: Annotated[Path, typer.Argument(help="Where to put the demo portal; remade when it is one.")] = Path(
        "newsloom-demo"
    ),
    serve: Annotated[bool, typer.Option("--serve", help="Show the portal in a browser afterwards.")] = False,
    port: Annotated[int, typer.Option(help="Port for --serve.", min=0, max=65535)] = 8000,
    as_json: JsonOption = False,
    stream: Annotated[
        int | None, typer.Option(min=1, help="Only write a labelled stream of so many invented items to --out.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Which stream --stream writes.")] = 0,
    per_day: Annotated[int, typer.Option(min=10, help="About how many items a day of --stream has.")] = 2_000,
    out: Annotated[Path | None, typer.Option(help="The file that --stream writes (.jsonl).")] = None,
) -> None:
    """Run the whole job on an invented little web: ten days of news from its own providers, in about a minute of processor time.

    Serves the invented web on this machine over real HTTP, runs newsloom on it three times a day, compares the result with
    the truth, and leaves a portal to look at. Asks nothing of the internet. Exit code 1 when the portal falls short of what
    newsloom promises: stories told apart (B-cubed F1 of 0.90 or more, no look-alikes merged), one record an article, no
    spam published.

    With --stream it writes a labelled, dated stream for `newsloom eval` instead, of any size, the same for the same seed.
    """
    with failures():
        if stream is not None or out is not None:
            _write_stream(stream, seed, per_day, out)
            return
        if serve:
            from newsloom.cli.publish import require_free_port

            require_free_port("127.0.0.1", port)
        result = run_async(_ten_days(folder, quiet=as_json))
        if as_json:
            print_json(result)
        else:
            _tell(result)
        for promise in result["broken_promises"]:
            err.print(f"[red]broken promise:[/] {escape(promise)}")
        if serve:
            from newsloom.cli.publish import serve as serve_portal

            serve_portal(portal=folder, port=port, host="127.0.0.1")
        elif not as_json:
            say(f"\nlook at it: `newsloom serve --portal {escape(shlex.quote(str(folder)))}`")
        if result["broken_promises"]:
            raise typer.Exit(1)


def _write_stream(count: int | None, seed: int, per_day: int, out: Path | None) -> None:
    from newsloom.demo.stream import write_stream
    from newsloom.errors import StorageError, UsageError

    if count is None or out is None:
        raise UsageError("--stream and --out go together", hint="`newsloom demo --stream 10000 --out stream.jsonl`")
    try:
        write_stream(out, count, seed, per_day=per_day)
    except OSError as error:
        raise StorageError(f"cannot be written ({error.strerror})", where=str(out)) from error
    err.print(f"{count:,} items written to {escape(str(out))}")


def _prepare(folder: Path) -> None:
    from newsloom.errors import StorageError, UsageError

    try:
        if folder.exists() and not folder.is_dir():
            raise UsageError("this is a file, not a folder", where=str(folder), hint="Name another folder")
        if folder.exists() and any(folder.iterdir()) and not (folder / _MARK).exists():
            raise UsageError(
                "that folder is not empty and holds no demo", where=str(folder), hint="Name another folder"
            )
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _MARK).write_text("Made by `newsloom demo`; remade when it is run again.\n")
    except OSError as error:
        raise StorageError(f"cannot be made ({error.strerror})", where=str(folder)) from error


async def _ten_days(folder: Path, *, quiet: bool) -> dict[str, Any]:
    from newsloom.app import WebOptions
    from newsloom.app import run as run_once
    from newsloom.cli.console import Watcher
    from newsloom.demo.judge import broken_promises, judge
    from newsloom.demo.portal import portal_files
    from newsloom.demo.server import DemoWeb
    from newsloom.demo.world import STEPS, load_world
    from newsloom.listing import read_records
    from newsloom.portal import open_portal

    _prepare(folder)
    world = load_world()
    clock = [STEPS[0]]
    days: dict[str, Counter[str]] = {}
    async with DemoWeb(world, lambda: clock[0]) as web:
        for path, data in portal_files(world).items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        host, port = web.address
        options = WebOptions(
            hosts=dict.fromkeys(web.hosts, f"{host}:{port}"), allow=(f"{host}:{port}",), delay_seconds=0.0
        )
        if not quiet:
            err.print(f"an invented web of {len(world.providers)} providers answers on {host}:{port}")
        for step in STEPS:
            clock[0] = step
            with Watcher(quiet=True) as watcher:
                # One published state a day is what a reader would see; records are written at every step.
                await run_once(
                    open_portal(folder), step, watcher.notify, publish=step == STEPS[-1] or step.hour >= 16, web=options
                )
            day = days.setdefault(step.strftime("%Y-%m-%d"), Counter())
            day.update(totals(watcher.counts))
            if not quiet and (step == STEPS[-1] or step.hour >= 16):
                _tell_day(step.strftime("%a %d %b"), day)
    judged = judge(read_records(open_portal(folder))[0], world)
    return {
        "portal": str(folder),
        "days": {day: dict(counts) for day, counts in days.items()},
        "evaluation": judged,
        "broken_promises": broken_promises(judged),
    }


def _tell_day(name: str, c: Counter[str]) -> None:
    say(
        f"{name}  {c['new_items']:>3} new  {c['updated_items']:>2} updated  {c['copies']:>2} copies  {c['stories_opened']:>2} stories  "
        f"{c['published']:>3} published  {c['held']:>3} held  {c['sources_failed']:>2} sources failed  {c['pages_failed']:>2} pages failed"
    )


def _tell(result: dict[str, Any]) -> None:
    say("[dim]sources that failed do so on purpose: some invented publishers are down, throttle or vanish[/]")
    say("\n[bold]compared with the truth[/]")
    for name, value in result["evaluation"].items():
        if isinstance(value, list):
            say(f"  {name.replace('_', ' '):<34} {len(value)}")
            for line in value[:10] if name != "copies_found" else ():
                say(f"      {escape(str(line))}")
        else:
            say(f"  {name.replace('_', ' '):<34} {f'{value:.3f}' if isinstance(value, float) else value}")
