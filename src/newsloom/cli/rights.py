"""`newsloom takedown` and `newsloom audit rights`."""

from __future__ import annotations

import getpass
from dataclasses import asdict
from typing import Annotated

import typer
from rich.markup import escape

from newsloom.cli.console import (
    HERE,
    JsonOption,
    NowOption,
    PortalOption,
    Watcher,
    clock_from,
    counted,
    failures,
    print_json,
    run_async,
    say,
)

audit_app = typer.Typer(no_args_is_help=True, help="Check what the portal shows against what it may.")


@audit_app.command("rights")
def audit_rights(portal: PortalOption = HERE, as_json: JsonOption = False) -> None:
    """Say what publishers reserve of the items kept here, and where the portal shows more. Exit code 1 when it does."""
    with failures():
        from newsloom.portal import open_portal
        from newsloom.rights import audit

        told = audit(open_portal(portal))
        if as_json:
            print_json(asdict(told))
        else:
            for right, count in told.reserved.items():
                say(f"{count:>6}  {right}")
            say(f"{told.paywalled:>6}  published, behind a paywall")
            say(f"{told.taken_down:>6}  taken down")
            for finding in told.findings:
                say(f"[red]{escape(finding.path)}[/]: {finding.what}")
            if not told.findings:
                say("nothing shows more than its page allows")
        if told.findings:
            raise typer.Exit(1)


def takedown(
    target: Annotated[
        str,
        typer.Argument(help="An item (id, path, file name or address), any address, or a domain with all below it."),
    ],
    reason: Annotated[str, typer.Option("--reason", help="Why; it stays in the records, for whoever asks.")],
    portal: PortalOption = HERE,
    now: NowOption = None,
    by: Annotated[str | None, typer.Option("--by", help="Who decides.", show_default="your user name")] = None,
) -> None:
    """Remove something for good: from records, working state, links and the published site. It never comes in again.

    A tombstone stays: that there was an item, of whom, when, and why it went. `_data/takedowns.jsonl` keeps the list; taking a
    line out of it lets the address in again. What git's history keeps is yours to remove.
    """
    with failures():
        from newsloom.app import publish
        from newsloom.portal import open_portal
        from newsloom.rights import take_down
        from newsloom.upkeep import purge

        clock = clock_from(now)
        with Watcher() as watcher:
            take_down(
                open_portal(portal),
                target,
                reason=reason,
                by=by or getpass.getuser(),
                now=clock(),
                notify=watcher.notify,
            )
            again = open_portal(portal)
            changed = run_async(publish(again, clock(), watcher.notify, clock=clock))
            purge(again, clock(), watcher.notify)
        say(
            f"{counted(watcher.counts['taken-down'], 'item')} taken down, {counted(len(changed), 'file')} of the site changed; "
            f"{escape(target)} will not come in again"
        )
