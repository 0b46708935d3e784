"""`newsloom politeness`."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.markup import escape

from newsloom.cli.console import HERE, JsonOption, NowOption, PortalOption, counted, failures, moment, print_json, say


def politeness(
    portal: PortalOption = HERE,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Most hosts to print, the most asked first.")] = 40,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what the latest runs asked of each host: requests, pauses, 304s, silence kept, robots.txt.

    Counted at the door, apart from what decides. Exit code 1 when a pause or a wish for silence was not kept.
    """
    with failures():
        from newsloom.app import at_work
        from newsloom.flow.politeness import politeness as report
        from newsloom.listing import provider_names
        from newsloom.portal import open_portal
        from newsloom.vocab.urls import registrable_domain

        with at_work(open_portal(portal), lambda _: None) as bench, bench.ports.store.begin() as work:
            told = report(work.sources.get_hosts(), moment(now))
            names = provider_names(bench.ports.records.read_all()[0])
        for row in told["by_host"]:
            row["provider"] = names.get(registrable_domain(row["host"].rpartition(":")[0] or row["host"]))
        if as_json:
            print_json(told)
        else:
            for row in told["by_host"][:limit]:
                say(_line(row))
            share = told["not_modified_share"]
            unchanged = "" if share is None else f", {share:.0%} of conditional ones answered 304"
            say(
                f"{counted(told['requests'], 'request')} to {counted(told['hosts'], 'host')}{unchanged}; "
                f"{told['withheld']} withheld, {told['forbidden']} forbidden by robots.txt, {told['breaches']} breaches"
            )
        if told["breaches"]:
            raise typer.Exit(1)


def _line(row: dict[str, Any]) -> str:
    parts = [counted(row["requests"], "request"), f"in {counted(row['runs'], 'run')}"]
    if row["shortest_pause_seconds"] is not None:
        parts.append(f"pauses from {row['shortest_pause_seconds']:g} s")
    if row["conditional"]:
        parts.append(f"304: {row['not_modified']} of {row['conditional']}")
    if row["throttled"] or row["withheld"]:
        parts.append(f"throttled {row['throttled']}, withheld {row['withheld']}")
    if row["silent_until"]:
        parts.append(f"silent until {row['silent_until']:%Y-%m-%d %H:%M} UTC")
    if row["robots_status"] is not None:
        parts.append(
            f"robots.txt {row['robots_status']}" + (f", {row['forbidden']} forbidden" if row["forbidden"] else "")
        )
    if row["breaches"]:
        parts.append(
            f"[red]{row['hurried']} too soon, {row['early']} in spite of its silence, {row['most_at_once']} at once[/]"
        )
    who = f"{escape(row['provider'])}, " if row["provider"] else ""
    return f"{who}{escape(row['host'])}  [dim]{'; '.join(parts)}[/]"
