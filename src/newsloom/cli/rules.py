"""`newsloom rules`."""

from __future__ import annotations

from dataclasses import asdict

import typer
from rich.markup import escape

from newsloom.cli.console import (
    HERE,
    JsonOption,
    NowOption,
    PortalOption,
    counted,
    failures,
    moment,
    print_json,
    say,
    say_foreseen,
)  # fmt: skip

app = typer.Typer(no_args_is_help=True, help="Your rules in rules.toml: try them before they act.")

_NO_RULES = """there are no rules yet. Write one into rules.toml beside newsloom.toml, then try it again:

\\[\\[rule]]
name = "No lottery numbers"
action = "hold"
title.word = \\["lottery", "jackpot"]
examples = \\[{ title = "Jackpot rolls over again", hits = true }]"""
_NO_EXAMPLES = 'none has examples, so nothing was tried: add examples = [{ title = "…", hits = true }] to a rule'


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
            say(
                f"{counted(len(trials), 'rule')}, {sum(bool(trial.wrong) for trial in trials)} wrong"
                if trials
                else _NO_RULES
            )
            if trials and not any(trial.examples for trial in trials):
                say(_NO_EXAMPLES)
        if any(trial.wrong for trial in trials):
            raise typer.Exit(1)


@app.command()
def preview(portal: PortalOption = HERE, now: NowOption = None, as_json: JsonOption = False) -> None:
    """Show every item that the next run would change by the rules as they are now, the number first. Nothing is written.

    It does what a run does, where nothing lasts: topics, rules, quality, leads and publication are those of the run.
    """
    with failures():
        from newsloom.portal import open_portal
        from newsloom.previews import preview as foresee

        opened = open_portal(portal)
        found = foresee(opened, moment(now))
        if as_json:
            print_json([asdict(change) for change in found.changes])
            return
        if not opened.rules:
            say(_NO_RULES)
        say_foreseen(found.changes)
        if others := sorted(found.changed - {"rules"}):
            say(f"[dim]{' and '.join(others)} changed too since the last run; what that changes is in the list[/]")
