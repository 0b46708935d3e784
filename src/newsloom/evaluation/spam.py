"""`newsloom eval spam`: how well press releases, market reports and promotion are told from news."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from newsloom.errors import DataLayoutError
from newsloom.evaluation.ranking_measures import auc, share
from newsloom.stages.rank.press_release import MODEL, THRESHOLD, press_release_cues

_HINT = 'Each line: {"title": "…", "label": 1} with label or press_release_spam, and excerpt, body, domain if known.'


def evaluate_spam(path: Path) -> dict[str, object]:
    """Measure on the lines of *path*: title, excerpt?, body?, domain?, and label or press_release_spam.

    Returns:
        items, auc, precision and recall at the shipped threshold (each in 0..1, None where there is no truth), and what was
        used: model, threshold.

    Raises:
        DataLayoutError: *path* is no such file; the message names the line.
    """
    scores: dict[bool, list[float]] = {True: [], False: []}
    for row, label in _rows(path):
        told = {key: str(row.get(key) or "") for key in ("title", "excerpt", "body", "domain")}
        scores[label].append(press_release_cues(told["title"], told["excerpt"], told["body"], domain=told["domain"])[0])
    right = sum(score >= THRESHOLD for score in scores[True])
    false = sum(score >= THRESHOLD for score in scores[False])
    return {
        "items": len(scores[True]) + len(scores[False]),
        "auc": auc(scores[True], scores[False]),
        "precision": share(right, right + false),
        "recall": share(right, len(scores[True])),
        "model": f"press_release_{MODEL}",
        "threshold": THRESHOLD,
    }


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
