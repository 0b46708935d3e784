"""`newsloom eval spam`: how well press releases, market reports and promotion are told from news."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from newsloom.adapters.text.headlines import headline_models
from newsloom.errors import DataLayoutError
from newsloom.evaluation.ranking_measures import auc, share
from newsloom.model.article import Article
from newsloom.model.record import Provider
from newsloom.ports.embedding import Embedder
from newsloom.stages.rank.headlines import PRESS_RELEASE, judge_press_release

_HINT = 'Each line: {"title": "…", "label": 1} with label or press_release_spam, and excerpt, body, domain if known.'


def evaluate_spam(path: Path, *, embedder: Embedder | None = None) -> dict[str, object]:
    """Measure on the lines of *path*: title, excerpt?, body?, domain?, lang?, and label or press_release_spam.

    Returns:
        items, auc, precision and recall at the shipped threshold (each in 0..1, None where there is no truth), and what was
        used: model, threshold.

    Raises:
        DataLayoutError: *path* is no such file; the message names the line.
    """
    models = headline_models(embedder)
    scores: dict[bool, list[float]] = {True: [], False: []}
    for row, label in _rows(path):
        scores[label].append(judge_press_release(_article(row), models)[0])
    right = sum(score >= PRESS_RELEASE for score in scores[True])
    false = sum(score >= PRESS_RELEASE for score in scores[False])
    return {
        "items": len(scores[True]) + len(scores[False]),
        "auc": auc(scores[True], scores[False]),
        "precision": share(right, right + false),
        "recall": share(right, len(scores[True])),
        "model": f"press_release {models.name}",
        "threshold": PRESS_RELEASE,
    }


def _article(row: Mapping[str, object]) -> Article:
    told = {key: str(row.get(key) or "") for key in ("title", "excerpt", "body", "domain", "lang")}
    return Article(
        url="", original_url="", title=told["title"], excerpt=told["excerpt"], type="article",
        provider=Provider(told["domain"], told["domain"]), article_body=told["body"], in_language=told["lang"] or None,
    )  # fmt: skip


def _rows(path: Path) -> Iterator[tuple[Mapping[str, object], bool]]:
    """Yield each row with its label."""
    if not path.is_file():
        raise DataLayoutError("there is no such file", where=str(path), hint=_HINT)
    count = 0
    with path.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise DataLayoutError("the line is no JSON", where=f"{path}:{number}", hint=_HINT) from error
            label = row.get("label", row.get("press_release_spam")) if isinstance(row, dict) else None
            if label not in (0, 1) or not isinstance(row.get("title"), str):
                raise DataLayoutError(
                    "the line has no title, or no label of 0 or 1", where=f"{path}:{number}", hint=_HINT
                )
            count += 1
            yield row, bool(label)
    if not count:
        raise DataLayoutError("the file is empty", where=str(path), hint=_HINT)
