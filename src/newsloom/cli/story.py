"""`newsloom story`: what is known of a story, and a person's corrections of it."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.markup import escape

from newsloom.cli.console import HERE, JsonOption, NowOption, PortalOption, counted, failures, moment, print_json, say
from newsloom.cli.review import ByOption, decide_at_bench

app = typer.Typer(
    no_args_is_help=True,
    help="Look into a story, and correct it. What you decide is kept in the records, and every later run obeys.",
)
_Story = Annotated[str, typer.Argument(help="A story: its id, or any of its items (id, path, file name, address).")]
_Item = Annotated[str, typer.Argument(help="Id (4 digits are enough), path, file name or address of an item.")]


@app.command()
def show(story: _Story, portal: PortalOption = HERE, now: NowOption = None, as_json: JsonOption = False) -> None:
    """Print who reported it first and how that is known, who followed when, and how many independent sources that makes."""
    with failures():
        from newsloom.portal import open_portal
        from newsloom.queries import story_insight

        told = story_insight(open_portal(portal), story, moment(now))
        if as_json:
            print_json(told)
        else:
            _tell(told)


def _tell(told: dict[str, Any]) -> None:
    say(f"[bold]{escape(told['headline'])}[/]  [dim]{told['id']}[/]")
    say(f"  headline and lead: {escape(told['lead_rule'])}")
    say(
        f"  heat {told['heat']} at {told['at']:%Y-%m-%d %H:%M} UTC; {counted(told['reports'], 'report')}, "
        f"{counted(told['copies'], 'copy', 'copies')}, {told['independent_sources']:.1f} independent sources in effect"
    )
    first = told["first"]
    say(f"\nreported first by [bold]{escape(first['provider'])}[/]: {escape(first['title'])}")
    for line in first["evidence"]:
        say(f"  {escape(line)}")
    say("\ntimeline")
    for line in told["timeline"]:
        mark = "lead" if line["lead"] else "copy" if line["copy_of"] else ""
        say(
            f"  {line['at']:%Y-%m-%d %H:%M} {line['item']} {mark:<4} {escape(line['provider'])}: {escape(line['title'])}"
        )
    for part in ("follows", "followed_by"):
        for other in told[part]:
            say(f"  {part.replace('_', ' ')} {other['story']}: {escape(other['title'])}")
    for change in told["changes"]:
        say(f"  {escape(change)}")
    for decision in told["decisions"]:
        say(f"  decided: {escape(decision)}")


@app.command()
def merge(
    into: Annotated[str, typer.Argument(help="Story to keep: its id, or any of its items.")],
    others: Annotated[list[str], typer.Argument(help="Stories that are the same: ids, or any of their items.")],
    portal: PortalOption = HERE,
    now: NowOption = None,
    by: ByOption = None,
) -> None:
    """Make one story of several. Every later run obeys."""
    with failures():
        from newsloom.flow.corrections import merge_stories

        decide_at_bench(
            portal, now, by,
            lambda bench, who, at: f"{counted(merge_stories(bench, into, others, by=who, now=at), 'item')} moved",
        )  # fmt: skip


@app.command()
def split(
    items: Annotated[list[str], typer.Argument(help="Items to take out of their story, into one of their own.")],
    portal: PortalOption = HERE,
    now: NowOption = None,
    by: ByOption = None,
) -> None:
    """Take items out of a story. Every later run obeys, and keeps the two apart."""
    with failures():
        from newsloom.flow.corrections import split_story

        decide_at_bench(
            portal, now, by, lambda bench, who, at: f"new story {split_story(bench, items, by=who, now=at)}"
        )


@app.command()
def move(
    item: _Item,
    into: Annotated[str, typer.Argument(help="Story it belongs to: its id, or any of its items.")],
    portal: PortalOption = HERE,
    now: NowOption = None,
    by: ByOption = None,
) -> None:
    """Put an item into another story. Every later run obeys."""
    with failures():
        from newsloom.flow.corrections import move_item

        decide_at_bench(portal, now, by, lambda bench, who, at: move_item(bench, item, into, by=who, now=at))


@app.command()
def lead(item: _Item, portal: PortalOption = HERE, now: NowOption = None, by: ByOption = None) -> None:
    """Let an item lead its story from now on, whatever its scores."""
    with failures():
        from newsloom.flow.corrections import pin_lead

        decide_at_bench(portal, now, by, lambda bench, who, at: pin_lead(bench, item, by=who, now=at))
