"""`newsloom review`."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.markup import escape

from newsloom.cli.console import (
    HERE,
    JsonOption,
    NowOption,
    PortalOption,
    Watcher,
    counted,
    failures,
    moment,
    print_json,
    say,
)

if TYPE_CHECKING:
    from newsloom.flow.explain import Outcome
    from newsloom.flow.world import Bench
    from newsloom.model.record import RecordFile

app = typer.Typer(
    no_args_is_help=True,
    help="See what newsloom decided, and decide yourself. What you decide is kept in the record and always wins.",
)
_Item = Annotated[str, typer.Argument(help="Id (4 digits are enough), path, file name or address of an item.")]
ByOption = Annotated[str | None, typer.Option("--by", help="Who decides.", show_default="your user name")]


@app.command("list")
def list_items(
    portal: PortalOption = HERE,
    what: Annotated[Literal["all", "published", "held", "copies"], typer.Option("--only", help="Which items.")] = "all",
    limit: Annotated[int, typer.Option("--limit", "-n", min=0, help="At most so many; 0 for all.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """List items newest first, with quality, heat and state: P published, – held, C copy, ✎ decided by a person."""
    with failures():
        from newsloom.listing import read_records
        from newsloom.portal import open_portal
        from newsloom.publish.export import row

        files, quarantined = read_records(open_portal(portal))
        rows = [row(file) for file in files]
        fitting = [r for r in rows if what == "all" or _state(r) == what]
        chosen = fitting[:limit] if limit else fitting
        if as_json:
            print_json(chosen)
            return
        if chosen:
            say(f"[dim]{'id':<16}    qual heat  {'date':<10}  title, provider[/]")
        for r in chosen:
            mark = {"published": "[green]P[/]", "held": "–", "copies": "[dim]C[/]"}[_state(r)]
            edited = "✎" if r["decided"] else " "
            say(
                f"{r['id']} {mark}{edited} {_figure(r['quality'])} {_figure(r['heat'])}  {str(r['published_date_time'])[:10]}  "
                f"{escape(str(r['title']))}  [dim]{escape(str(r['provider']))}[/]"
            )
        if chosen:
            say("[dim]P published, – held, C copy, ✎ decided by a person; `newsloom explain ID` says why[/]")
        kind = {"all": "", "published": "published ", "held": "held ", "copies": "copied "}[what]
        say(
            f"{len(chosen)} of {counted(len(fitting), kind + 'item')}"
            + (f" ({len(files)} in all)" if what != "all" else "")
            + ("; --limit 0 or -n for more" if len(chosen) < len(fitting) else "")
            + (f"; {counted(len(quarantined), 'file')} quarantined" if quarantined else "")
        )


def _state(row: dict[str, object]) -> str:
    return "published" if row["published"] else "copies" if row["duplicate_of"] else "held"


def _figure(value: object) -> str:
    return f"{value:>4}" if isinstance(value, int) else "   ?"


@app.command()
def show(item: _Item, portal: PortalOption = HERE) -> None:
    """Print one record as its file has it."""
    with failures():
        import sys

        from newsloom.flow.review import find_record
        from newsloom.listing import read_records
        from newsloom.portal import open_portal

        opened = open_portal(portal)
        file = find_record(read_records(opened)[0], item)
        say(f"[dim]{escape(file.path)}[/]")
        sys.stdout.write((opened.paths.root / file.path).read_text("utf-8"))


def decide_at_bench(
    portal: Path, now: datetime | None, by: str | None, act: Callable[[Bench, str, datetime], RecordFile | str]
) -> None:
    """Let *act* decide at the portal's bench, then bring stories, scores and links in line with it."""
    from newsloom import pipeline
    from newsloom.app import at_work
    from newsloom.flow.explain import outcome
    from newsloom.portal import open_portal

    at = moment(now)
    with Watcher(steps=False) as watcher, at_work(open_portal(portal), watcher.notify) as bench:
        done = act(bench, by or getpass.getuser(), at)
        pipeline.rework(bench, at)
        if not isinstance(done, str):
            _tell_outcome(outcome(bench, done.path))
            return
    say(done)


def _tell_outcome(told: Outcome) -> None:
    """Say that a decision is done, and what readers will see of it."""
    record = told.file.record
    done = f"{escape(record.title)}: done ({escape(told.file.path)})"
    if record.published:
        say(f"{done}; `newsloom publish` shows it")
    elif told.is_decided:
        say(f"{done}; `newsloom publish` takes it off the site")
    else:
        other = told.shown_instead.record if told.shown_instead else None
        seen = f"“{escape(other.title)}” ({escape(other.provider.name)})" if other else "nothing"
        say(f"{done}\n[yellow]it is held[/] ({escape(told.why)}): readers see {seen} of its story")
        say(f"`newsloom review publish {told.id}` publishes it")


@app.command()
def publish(item: _Item, portal: PortalOption = HERE, now: NowOption = None, by: ByOption = None) -> None:
    """Publish an item, whatever its scores."""
    with failures():
        from newsloom.flow.review import publish_or_hold

        decide_at_bench(
            portal, now, by, lambda bench, who, at: publish_or_hold(bench, item, published=True, by=who, now=at)
        )


@app.command()
def hold(item: _Item, portal: PortalOption = HERE, now: NowOption = None, by: ByOption = None) -> None:
    """Hold an item back, whatever its scores."""
    with failures():
        from newsloom.flow.review import publish_or_hold

        decide_at_bench(
            portal, now, by, lambda bench, who, at: publish_or_hold(bench, item, published=False, by=who, now=at)
        )


@app.command()
def edit(
    item: _Item,
    field: Annotated[str, typer.Argument(help="Record key: title, excerpt, topics, quality, …")],
    value: Annotated[str, typer.Argument(help="The new value; topics separated by commas.")],
    portal: PortalOption = HERE,
    now: NowOption = None,
    by: ByOption = None,
) -> None:
    """Change one field. It is yours from then on. (Editing the file itself does the same.)"""
    with failures():
        from newsloom.flow.review import edit as edit_field

        decide_at_bench(portal, now, by, lambda bench, who, at: edit_field(bench, item, field, value, by=who, now=at))
