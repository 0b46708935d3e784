"""Measures of an order: how often the right ones stand first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]


def auc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Return the chance that a random positive scores higher than a random negative, ties half; None without either.

    Source: Mann–Whitney U / (n·m). Cost: O(n log n).
    """
    if not positive or not negative:
        return None
    scores = np.concatenate([np.asarray(positive, dtype=np.float64), np.asarray(negative, dtype=np.float64)])
    _, groups, counts = np.unique(scores, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks = ((last - counts + 1 + last) / 2)[groups]
    above = ranks[: len(positive)].sum() - len(positive) * (len(positive) + 1) / 2
    return float(above / (len(positive) * len(negative)))


def by_score(gains: Vector, scores: Vector) -> Vector:
    """Return *gains* in descending order of *scores*, ties as given: the order that `ndcg` judges."""
    return gains[np.argsort(-scores, kind="stable")]


def ndcg(ranked: Vector, gains: Vector, depth: int) -> float | None:
    """Return the normalised discounted cumulative gain of the first *depth* of *ranked*; None without any gain.

    Args:
        ranked: the gain of each, in the order that is judged; may lack some.
        gains: every gain there was to get, any order: what the ideal order is made of.
        depth: how many of the first count; over zero.

    Source: Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", TOIS 2002, doi:10.1145/582415.582418.
    """
    ideal = _discounted(np.sort(gains)[::-1][:depth])
    return _discounted(ranked[:depth]) / ideal if ideal > 0.0 else None


def _discounted(gains: Vector) -> float:
    return float(gains @ (1.0 / np.log2(np.arange(2, len(gains) + 2))))


def share(part: int, whole: int) -> float | None:
    """Return part / whole, None when there is nothing to divide by."""
    return part / whole if whole else None
