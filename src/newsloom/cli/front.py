"""`newsloom front`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.markup import escape

from newsloom.cli.console import (
    HERE,
    JsonOption,
    PortalOption,
    counted,
    err,
    failures,
    moment,
    parse_moment,
    print_json,
    say,
)

AtOption = Annotated[
    datetime | None,
    typer.Option(
        "--at",
        parser=parse_moment,
        metavar="MOMENT",
        help="As it stood at this moment: ISO 8601, such as 2026-03-02T12:00Z; UTC unless it names an offset.",
    ),
]


def front(
    portal: PortalOption = HERE,
    at: AtOption = None,
    topic: Annotated[str | None, typer.Option(help="Only stories on this topic.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Print the front page as it stands, or as it stood at a moment of the past: made again from the log and the records.

    The same moment gives the same bytes, whenever it is asked for, while the portal's settings, topics and providers stay.
    """
    with failures():
        from newsloom.portal import open_portal
        from newsloom.queries import front_page

        then = moment(at)
        lines, unlogged = front_page(open_portal(portal), then, topic)
        if as_json:
            print_json({"at": then, "topic": topic, "stories": lines})
        else:
            say(f"[dim]{then:%Y-%m-%d %H:%M} UTC" + (f", {escape(topic)}" if topic else "") + "[/]")
            for line in lines:
                also = counted(line["reports"], "report") + (
                    f", {counted(line['copies'], 'copy', 'copies')}" if line["copies"] else ""
                )
                say(
                    f"{line['place']:>3}  {line['heat']:>4}  {escape(line['title'])}  "
                    f"[dim]{escape(line['provider'])}; {also}; {line['item']}[/]"
                )
            if not lines:
                say("no story was published then")
        if unlogged:
            err.print(f"records without a state in the log, shown as they are today: {unlogged}")
