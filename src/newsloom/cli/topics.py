"""`newsloom topics`: test, compare, preview and improve topic definitions before they change anything."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

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
    say_foreseen,
)

topics_app = typer.Typer(no_args_is_help=True, help="Topics: test, compare, preview and improve what you wrote.")


@topics_app.command("test")
def test_topics(portal: PortalOption = HERE, as_json: JsonOption = False) -> None:
    """Try every topic on its own examples, each decided by the definitions and the other examples.

    Exit code 1 when precision or recall of a topic is under its `floor` (0.5 when the file says none).
    """
    with failures():
        from newsloom.portal import open_portal
        from newsloom.queries import try_topics

        opened = open_portal(portal)
        trials = try_topics(opened)
        if as_json:
            print_json([asdict(trial) for trial in trials])
        for trial in trials if not as_json else ():
            mark = "" if trial.passed else "  [red]under its floor[/]"
            say(
                f"{trial.topic:<32} {trial.right}/{trial.examples} right  precision {_share(trial.precision)}  "
                f"recall {_share(trial.recall)}{mark}"
            )
            for title in trial.missed:
                say(f"  [yellow]missed[/] {escape(title)}")
            for title in trial.wrong:
                say(f"  [yellow]wrong [/] {escape(title)}")
        for topic in opened.topics if not as_json else ():
            if lacks := [what for what, has in (("examples", topic.examples), ("keywords", topic.keywords)) if not has]:
                say(f"{topic.name:<32} [yellow]no {' and no '.join(lacks)}[/]")
        if not trials and not as_json:
            say("no topic has examples: add `examples: {yes: [...], no: [...]}` to its file")
        if not all(trial.passed for trial in trials):
            raise typer.Exit(1)


@topics_app.command("diff")
def diff(
    old: Annotated[Path, typer.Argument(help="Folder of topic files.")],
    new: Annotated[Path, typer.Argument(help="Folder of topic files to compare it with.")],
    portal: PortalOption = HERE,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """List every item of the portal that a run would leave with other topics under NEW than under OLD. Changes nothing.

    Rules, pinned answers of a judge and what a person decided count as in a run.
    """
    with failures():
        from newsloom.portal import open_portal
        from newsloom.previews import compare_topics

        found = compare_topics(open_portal(portal), old, new, moment(now))
        if as_json:
            print_json([asdict(change) for change in found])
        else:
            say_foreseen(found)


@topics_app.command("apply")
def apply(
    portal: PortalOption = HERE,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would change.")] = False,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring the items in line with the portal's topic files as they are now, without collecting. A person's decisions stay.

    Items are classified again when topics or the embedder changed in meaning since the last run, which does the same by itself.
    --dry-run lists every item that would change before anything does, and how.
    """
    with failures():
        from newsloom.app import rework
        from newsloom.portal import open_portal
        from newsloom.previews import preview

        opened = open_portal(portal)
        if not dry_run:
            with Watcher(quiet=as_json) as watcher:
                rework(opened, moment(now), watcher.notify)
            return
        found = preview(opened, moment(now))
        if as_json:
            print_json([asdict(change) for change in found.changes])
            return
        say_foreseen(found.changes)
        if "topics" not in found.changed:
            say("[dim]the topics are those of the last run: no item is classified again[/]")
        if others := sorted(found.changed - {"topics"}):
            say(f"[dim]{' and '.join(others)} changed since the last run; what that changes is in the list[/]")


@topics_app.command("suggest")
def suggest(portal: PortalOption = HERE, as_json: JsonOption = False) -> None:
    """Suggest keywords and exclusions, learned from the items with and without each topic and from your decisions."""
    with failures():
        from newsloom.portal import open_portal
        from newsloom.queries import suggest_for_topics

        found = suggest_for_topics(open_portal(portal))
        if as_json:
            print_json([asdict(one) for one in found])
            return
        topic = ""
        for one in found:
            if one.topic != topic:
                topic = one.topic
                say(f"[bold]{escape(topic)}[/]")
            say(
                f"  {one.kind:<8} {escape(one.phrase):<40} [dim]{one.inside} items with the topic, {one.outside} without[/]"
            )
        if not found:
            say(
                "nothing to suggest: keywords are learned from 20 events or more, three of them in the topic; or their words are covered"
            )


@topics_app.command("coverage")
def coverage(portal: PortalOption = HERE, as_json: JsonOption = False) -> None:
    """Show what fits no topic: how much, and which kinds of items there are among it, each with a proposed name."""
    with failures():
        from newsloom.portal import open_portal
        from newsloom.queries import topic_coverage

        covered, total, found = topic_coverage(open_portal(portal))
        if as_json:
            print_json({"items": total, "with_topic": covered, "kinds": [asdict(gap) for gap in found]})
            return
        say(f"{covered} of {counted(total, 'item')} have a topic")
        for gap in found:
            say(f"[bold]{escape(gap.name)}[/]  [dim]{counted(len(gap.items), 'item')}[/]")
            for title in gap.titles[:3]:
                say(f"  {escape(title)}")


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
