"""The `newsloom` command: one module per noun, heavy imports inside the commands so that --help is quick."""

from __future__ import annotations

import logging
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from newsloom import __version__
from newsloom.cli import (
    advice,
    collect,
    demo,
    evaluate,
    export,
    front,
    inspect,
    politeness,
    portal,
    publish,
    read,
    review,
    rights,
    rules,
    secure,
    story,
    topics,
    upkeep,
)


class _Commands(TyperGroup):
    """The commands; a wrong value is told without the words of the library that found it."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            error.message = error.message.removeprefix("Value error, ")
            raise


app = typer.Typer(
    name="newsloom",
    cls=_Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "Collect the news on your topics, weave it into stories, keep every item as one Markdown file you own, "
        "and publish a portal: site, JSON API, feeds.\n\n"
        "Start with [bold]newsloom demo[/], or make a portal: [bold]newsloom init ~/my-portal --template ai[/], "
        "then [bold]newsloom run --portal ~/my-portal[/] and [bold]newsloom serve --portal ~/my-portal[/].\n\n"
        "Exit codes: 0 done, 1 done with a negative answer, 2 wrong use or settings, 3 network, 4 storage, "
        "5 another run is at work, 130 interrupted."
    ),
)


# Libraries log what a page made them stumble over, without its address; the run's own report names it.
for _library in ("trafilatura", "htmldate", "PIL", "aiohttp"):
    logging.getLogger(_library).addHandler(logging.NullHandler())


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"newsloom {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


app.command("init")(portal.init)
app.command("add")(portal.add)
app.add_typer(portal.import_app, name="import")
app.command("run")(collect.run)
review.app.command("merge")(story.merge)
review.app.command("split")(story.split)
review.app.command("advise")(advice.advise)
app.add_typer(advice.quality_app, name="quality")
app.add_typer(review.app, name="review")
app.add_typer(story.app, name="story")
app.command("search")(inspect.search)
app.command("explain")(inspect.explain)
app.command("read")(read.read)
app.command("front")(front.front)
app.add_typer(topics.topics_app, name="topics")
app.add_typer(inspect.records_app, name="records")
app.add_typer(rules.app, name="rules")
app.add_typer(secure.app, name="secure")
app.command("doctor")(inspect.doctor)
app.command("politeness")(politeness.politeness)
app.command("publish")(publish.publish)
app.command("serve")(publish.serve)
app.command("takedown")(rights.takedown)
app.add_typer(rights.audit_app, name="audit")
app.command("backup")(upkeep.backup)
app.command("restore")(upkeep.restore)
app.command("purge")(upkeep.purge)
app.command("repair")(upkeep.repair)
app.command("export")(export.export)
app.command("eval")(evaluate.evaluate)
app.command("demo")(demo.demo)
