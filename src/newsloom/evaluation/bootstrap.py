"""How sure a difference between two systems is: measured on the same cases, resampled by case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.float64]

DRAWS = 2_000
_SEED = 20_260_101
_AT_ONCE = 100  # draws; bounds the memory of a large set


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference with the bounds of its 95 % interval."""

    difference: float
    low: float
    high: float

    def as_dict(self) -> dict[str, float]:
        """Return the three figures by name, to four decimals."""
        return {
            "difference": round(self.difference, 4),
            "low": round(self.low, 4),
            "high": round(self.high, 4),
        }


def paired_difference(
    ours: Sequence[Sequence[float]], theirs: Sequence[Sequence[float]], statistic: Callable[[Table], Table]
) -> Difference:
    """Return by how much *statistic* differs between two systems scored on the same cases.

    Args:
        ours: one row of scores for each case.
        theirs: the other system's rows for the same cases, in the same order.
        statistic: takes the mean row of each draw (draws × scores) and gives one figure for each.

    Returns:
        The difference on all cases, and the bounds between which 95 % of the differences of resampled cases lie. The same
        cases give the same bounds.

    Source: Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13 (percentile interval).
    """
    own, other = np.asarray(ours, np.float64), np.asarray(theirs, np.float64)
    random = np.random.default_rng(_SEED)
    differences = []
    for _ in range(0, DRAWS, _AT_ONCE):
        draws = random.integers(0, len(own), (_AT_ONCE, len(own)))
        differences.append(statistic(own[draws].mean(axis=1)) - statistic(other[draws].mean(axis=1)))
    whole = statistic(own.mean(axis=0)[None]) - statistic(other.mean(axis=0)[None])
    low, high = np.quantile(np.concatenate(differences), (0.025, 0.975))
    return Difference(float(whole[0]), float(low), float(high))


def mean(rows: Table) -> Table:
    """Return the first score of each row: for plain means."""
    first: Table = rows[:, 0]
    return first


def f1(rows: Table) -> Table:
    """Return the F1 of rows of (mean precision, mean recall); 0 where both are 0."""
    total = rows.sum(axis=1)
    harmonic: Table = np.divide(2 * rows[:, 0] * rows[:, 1], total, out=np.zeros_like(total), where=total > 0)
    return harmonic
