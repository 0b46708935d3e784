"""`newsloom run`."""

from __future__ import annotations

import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from newsloom.cli.console import (
    HERE,
    JsonOption,
    NowOption,
    PortalOption,
    Watcher,
    err,
    failures,
    moment,
    parse_every,
    print_json,
    run_async,
    say,
    tell,
)  # fmt: skip
from newsloom.errors import NewsloomError


def run(
    portal: PortalOption = HERE,
    now: NowOption = None,
    publish: Annotated[
        bool, typer.Option(" /--no-publish", help="Write records only, leave the site as it is.")
    ] = True,
    every: Annotated[
        str | None,
        typer.Option("--every", metavar="15m", help="Go on for ever, one run each interval, until interrupted."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Collect, group, score, write the records and publish. What a run cannot finish, the next one takes up.

    One bad source never stops a run: it is named in the summary, and tried again ever more rarely.
    """
    with failures():
        pause = parse_every(every) if every else None
        _report(portal, now, publish, as_json)
        while pause is not None:
            err.print(f"next run in {every}; Ctrl-C ends")
            time.sleep(pause)
            try:
                _report(portal, now, publish, as_json)
            except NewsloomError as error:
                # Nobody may be watching: a full disk, a settings file half edited or another run in the way will pass.
                tell(error)


def _report(portal: Path, now: datetime | None, publish: bool, as_json: bool) -> None:
    from newsloom.app import open_portal

    counts = run_async(_once(open_portal(portal), moment(now), publish, as_json))
    if as_json:
        print_json(counts)
    else:
        summarise(counts)


async def _once(portal, now: datetime, publish: bool, quiet: bool) -> dict[str, int]:  # type: ignore[no-untyped-def]
    from newsloom.app import run as run_once

    with Watcher(quiet=quiet) as watcher:
        await run_once(portal, now, watcher.notify, publish=publish)
    return totals(watcher.counts)


def totals(counts: Counter[str]) -> dict[str, int]:
    """Return the closing figures of a run by name."""
    return {
        "sources_polled": counts["polled"],
        "sources_unchanged": counts["unchanged"],
        "sources_failed": counts["source-failed"],
        "new_items": counts["new"],
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
        "site_files_changed": counts["site"],
    }


def summarise(counts: dict[str, int]) -> None:
    """Print the closing summary of a run."""
    c = counts
    say(
        f"[bold]new[/] {c['new_items']} items ({c['updated_items']} updated, {c['feed_only']} from the feed only)   "
        f"[bold]grouped[/] {c['stories_opened']} new stories, {c['copies']} copies folded"
    )
    say(
        f"[bold]published[/] {c['published']}   [bold]held[/] {c['held']}   "
        f"[bold]written[/] {c['records_written']} records, {c['site_files_changed']} site files"
        + (f"   [bold]your edits kept[/] {c['edits_kept']}" if c["edits_kept"] else "")
    )
    problems = {
        "sources failed": c["sources_failed"], "pages failed": c["pages_failed"], "records quarantined": c["quarantined"],
    }  # fmt: skip
    if any(problems.values()):
        say(
            "[yellow]failed[/] "
            + ", ".join(f"{n} {what}" for what, n in problems.items() if n)
            + "; see `newsloom doctor`"
        )
    say(f"sources: {c['sources_polled']} with news, {c['sources_unchanged']} unchanged")
