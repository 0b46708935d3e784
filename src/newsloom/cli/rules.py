"""`newsloom rules`."""

from __future__ import annotations

from dataclasses import asdict

import typer
from rich.markup import escape

from newsloom.cli.console import HERE, JsonOption, PortalOption, counted, failures, print_json, say

app = typer.Typer(no_args_is_help=True, help="Your rules in rules.toml: try them before they act.")


@app.command()
def test(portal: PortalOption = HERE, as_json: JsonOption = False) -> None:
    """Try each rule on its own examples. Exit code 1 when one decides an example otherwise than it is marked."""
    with failures():
        from newsloom.portal import open_portal
        from newsloom.stages.rules import try_rules

        trials = try_rules(open_portal(portal).rules)
        if as_json:
            print_json([asdict(trial) for trial in trials])
        else:
            for trial in trials:
                mark = "[red]✗[/]" if trial.wrong else "[green]✓[/]" if trial.examples else "–"
                say(f"{mark} {escape(trial.rule)}  [dim]line {trial.line}, {counted(trial.examples, 'example')}[/]")
                for wrong in trial.wrong:
                    say(f"    {escape(wrong)}")
            say(f"{counted(len(trials), 'rule')}, {sum(bool(trial.wrong) for trial in trials)} wrong")
        if any(trial.wrong for trial in trials):
            raise typer.Exit(1)


@app.command()
def preview(portal: PortalOption = HERE, as_json: JsonOption = False) -> None:
    """Show every item that the rules as they are now would change, the number first. Nothing is written."""
    with failures():
        from newsloom.portal import open_portal
        from newsloom.queries import preview_rules

        found = preview_rules(open_portal(portal))
        if as_json:
            print_json([asdict(change) for change in found])
            return
        say(f"{counted(len(found), 'item')} would change")
        for change in found:
            say(f"{change.item} {escape(change.title)}  [dim]{escape('; '.join(change.changes))}[/]")
