"""`newsloom review advise` and `newsloom quality learn`: what your own decisions say. Nothing is changed."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer
from rich.markup import escape

from newsloom.cli.console import HERE, JsonOption, PortalOption, counted, failures, print_json, say

if TYPE_CHECKING:
    from newsloom.stages.advising import Advice

quality_app = typer.Typer(no_args_is_help=True, help="Quality: what your decisions say about providers.")


def advise(portal: PortalOption = HERE, as_json: JsonOption = False) -> None:
    """Show what each threshold would have done by your publish and hold decisions: precision with its interval, and volume.

    Only items that you decided count, so decide on some above and below the line, not on its edge alone.
    """
    with failures():
        from newsloom.portal import open_portal
        from newsloom.queries import advise_thresholds

        quality, confidence = advise_thresholds(open_portal(portal))
        if as_json:
            print_json({"quality": asdict(quality), "topic_confidence": asdict(confidence)})
            return
        for name, advice in (("quality", quality), ("topic confidence", confidence)):
            _print(name, advice)


def _print(name: str, advice: Advice) -> None:
    from newsloom.stages.advising import ENOUGH, WANTED

    say(f"[bold]{name}[/]  {counted(advice.decided, 'decision')}")
    say("[dim]  from   published by you         surely       of all you publish   items a day[/]")
    for row in advice.rows:
        share = f"{row.published:>4} of {row.decided:<4}" + (
            f" {row.published / row.decided:4.0%}" if row.decided else "     "
        )
        kept = "   –" if row.kept is None else f"{row.kept:4.0%}"
        say(
            f"{row.threshold:>6g}   {share}          {row.low:4.0%}–{row.high:4.0%}      {kept}                 {row.per_day:.1f}"
        )
    if advice.advised is not None:
        say(f"  [green]{advice.advised:g}[/] is the lowest at which you surely publish {WANTED:.0%} or more")
    elif advice.decided < ENOUGH:
        say(f"  too few decisions to advise a threshold: {advice.decided}, {ENOUGH} are needed")
    else:
        say(f"  at no threshold do you surely publish {WANTED:.0%}: other things decide, see `newsloom rules`")


@quality_app.command("learn")
def learn(portal: PortalOption = HERE, as_json: JsonOption = False) -> None:
    """Propose standings of providers from your publish and hold decisions, as lines to paste. Nothing is changed."""
    with failures():
        from newsloom.portal import open_portal
        from newsloom.queries import learn_standings

        found = learn_standings(open_portal(portal))
        if as_json:
            print_json([asdict(standing) | {"file": path, "text": text} for standing, path, text in found])
            return
        for standing, path, text in found:
            before = "unknown" if standing.before is None else str(standing.before)
            say(
                f"[bold]{escape(standing.domain)}[/]  {before} → {standing.proposed}  [dim]you published {standing.published} of "
                f"{standing.decided}, surely {standing.low:.0%}–{standing.high:.0%}; in {escape(path)}:[/]"
            )
            say(escape(text))
        say(f"{counted(len(found), 'proposal')}; nothing was changed")
