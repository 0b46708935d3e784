"""`newsloom eval clickbait`: how well headlines that bait are told from plain ones."""

from __future__ import annotations

from pathlib import Path

from newsloom.adapters.text.headlines import headline_models
from newsloom.errors import DataLayoutError
from newsloom.evaluation.ranking_measures import auc, share
from newsloom.ports.embedding import Embedder
from newsloom.stages.rank.headlines import CLICKBAIT, judge_clickbait


def evaluate_clickbait(path: Path, *, embedder: Embedder | None = None) -> dict[str, object]:
    """Measure on the headlines in *path*: `clickbait*.txt` and `non_clickbait*.txt`, one a line.

    Returns:
        items, auc, recall and false_positive_rate at the shipped threshold (each in 0..1, None where there is no truth), and
        what was used: model, threshold.

    Raises:
        DataLayoutError: *path* is no folder with both kinds of files.
    """
    models = headline_models(embedder)
    bait = [judge_clickbait(line, None, models)[0] for line in _headlines(path, "clickbait*.txt")]
    plain = [judge_clickbait(line, None, models)[0] for line in _headlines(path, "non_clickbait*.txt")]
    return {
        "items": len(bait) + len(plain),
        "auc": auc(bait, plain),
        "recall": share(sum(score >= CLICKBAIT for score in bait), len(bait)),
        "false_positive_rate": share(sum(score >= CLICKBAIT for score in plain), len(plain)),
        "model": f"clickbait {models.name}",
        "threshold": CLICKBAIT,
    }


def _headlines(folder: Path, pattern: str) -> list[str]:
    files = sorted(folder.glob(pattern)) if folder.is_dir() else []
    if not files:
        hint = "Give a folder with clickbait*.txt and non_clickbait*.txt, a headline a line."
        raise DataLayoutError(f"there is no {pattern}", where=str(folder), hint=hint)
    lines = (line.strip() for file in files for line in file.read_text(encoding="utf-8", errors="replace").splitlines())
    return [line for line in lines if line]
