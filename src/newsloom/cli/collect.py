"""`newsloom run`."""

from __future__ import annotations

import time
import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from newsloom.adapters.memory import give_back
from newsloom.cli.console import (
    HERE,
    AcceptDeletionsOption,
    JsonOption,
    NowOption,
    PortalOption,
    Watcher,
    clock_from,
    counted,
    err,
    failures,
    parse_every,
    print_json,
    run_async,
    say,
    tell,
    uninterrupted,
)  # fmt: skip
from newsloom.errors import FetchError, NewsloomError, UsageError

if TYPE_CHECKING:
    from newsloom.portal import Portal


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a run does besides collecting: publish the site, commit to git; whether many deletions are meant."""

    publish: bool
    commit: bool
    accept_deletions: bool


def run(
    portal: PortalOption = HERE,
    now: NowOption = None,
    publish: Annotated[
        bool, typer.Option(" /--no-publish", help="Write records only, leave the site as it is.")
    ] = True,
    commit: Annotated[
        bool, typer.Option("--commit", help="Commit records and log to the portal's git repository when they changed.")
    ] = False,
    every: Annotated[
        str | None,
        typer.Option("--every", metavar="15m", help="Go on for ever, one run each interval, until interrupted."),
    ] = None,
    accept_deletions: AcceptDeletionsOption = False,
    as_json: JsonOption = False,
) -> None:
    """Collect, group, score, write the records and publish. What a run cannot finish, the next one takes up.

    One bad source never stops a run: it is named in the summary, and tried again ever more rarely. Exit code 3 when no
    source could be reached at all.
    """
    with failures():
        pause = parse_every(every) if every else None
        chosen = Chosen(publish, commit, accept_deletions)
        if pause is None:
            if not _report(portal, now, chosen, as_json):
                raise typer.Exit(FetchError.exit_code)
            return
        is_first = True
        while True:
            try:
                _report(portal, now, chosen, as_json)
            except BrokenPipeError:
                raise
            except Exception as error:
                if is_first and isinstance(error, UsageError):  # whoever typed it is still there
                    raise
                _go_on(error)
            # What is gone later was not meant now.
            is_first, chosen = False, replace(chosen, accept_deletions=False)
            with uninterrupted():
                give_back()
            err.print(f"next run in {every}; Ctrl-C ends")
            time.sleep(pause)


def _report(portal: Path, now: datetime | None, chosen: Chosen, as_json: bool) -> bool:
    """Do one run and tell its figures; return whether the web could be reached."""
    from newsloom.portal import open_portal

    watcher = run_async(_once(open_portal(portal), clock_from(now), chosen, as_json))
    figures, held_for = totals(watcher.counts), dict(watcher.held_for.most_common())
    if as_json:
        print_json(figures | {"held_for": held_for})
    else:
        summarise(figures, held_for)
    return not watcher.counts["unreachable"]


async def _once(portal: Portal, clock: Callable[[], datetime], chosen: Chosen, quiet: bool) -> Watcher:
    from newsloom.app import run as run_once
    from newsloom.upkeep import is_purge_due, purge

    with Watcher(quiet=quiet) as watcher:
        await run_once(
            portal, clock(), watcher.notify, publish=chosen.publish, commit=chosen.commit,
            accept_deletions=chosen.accept_deletions, clock=clock,
        )  # fmt: skip
        if is_purge_due(portal, clock(), watcher.notify):
            purge(portal, clock(), watcher.notify)
    return watcher


def _go_on(error: Exception) -> None:
    """Name what ended one run of many."""
    if isinstance(error, NewsloomError):
        tell(error)
        return
    *_, (frame, line) = traceback.walk_tb(error.__traceback__)
    place = f"{Path(frame.f_code.co_filename).name}:{line}"
    err.print(f"[red]error:[/] this run ended by an unexpected {type(error).__name__}: {escape(str(error))} ({place})")


def totals(counts: Counter[str]) -> dict[str, int]:
    """Return the closing figures of a run by name."""
    return {
        "sources_polled": counts["polled"],
        "sources_with_news": counts["with-news"],
        "sources_unchanged": counts["unchanged"],
        "sources_failed": counts["source-failed"],
        "new_items": counts["recorded"],
        "updated_items": counts["updated"],
        "feed_only": counts["feed-only"],
        "pages_failed": counts["page-failed"],
        "copies": counts["copy"],
        "stories_opened": counts["opened"],
        "published": counts["published"],
        "held": counts["held"],
        "edits_kept": counts["kept-edit"],
        "records_written": counts["written"],
        "records_removed": counts["removed"],
        "quarantined": counts["quarantined"],
        "same_item": counts["same-item"],
        "site_files_changed": counts["site"],
        "commits": counts["committed"],
        "items": counts["total-items"],
        "items_published": counts["total-published"],
    }


def summarise(counts: Mapping[str, int], held_for: Mapping[str, int]) -> None:
    """Print the closing summary of a run; *held_for* is how many of the newly held items are held for what."""
    c = counts
    aside = ", ".join(
        f"{c[name]} {what}"
        for name, what in (("updated_items", "updated"), ("feed_only", "from the feed only"))
        if c[name]
    )
    say(
        f"[bold]new[/] {counted(c['new_items'], 'item')}" + (f" ({aside})" if aside else "") + "   "
        f"[bold]grouped[/] {counted(c['stories_opened'], 'new story', 'new stories')}, "
        f"{counted(c['copies'], 'copy', 'copies')} folded"
    )
    say(
        f"[bold]published[/] {c['published']}   [bold]held[/] {c['held']}   "
        f"[bold]written[/] {counted(c['records_written'], 'record')}, {counted(c['site_files_changed'], 'site file')}"
        + (f"   [bold]your edits kept[/] {c['edits_kept']}" if c["edits_kept"] else "")
    )
    if held_for:
        reasons = ", ".join(f"{number} {escape(reason)}" for reason, number in held_for.items())
        say(f"held: {reasons}; `newsloom review list --only held`, then `newsloom explain ID`")
    say(f"[bold]in all[/] {counted(c['items'], 'item')}, {c['items_published']} published")
    problems = (
        (c["sources_failed"], "source failed", "sources failed"),
        (c["pages_failed"], "page failed", "pages failed"),
        (c["quarantined"], "record quarantined", "records quarantined"),
        (c["same_item"], "second record of an item", "second records of an item"),
    )
    if told := [counted(number, one, many) for number, one, many in problems if number]:
        say(f"[yellow]wrong[/] {', '.join(told)}; see `newsloom doctor`")
    without = c["sources_polled"] + c["sources_unchanged"] - c["sources_with_news"]
    say(f"sources: {c['sources_with_news']} with news, {without} without")
