"""The interval of a paired difference."""

from __future__ import annotations

import numpy as np
import pytest

from newsloom.evaluation.bootstrap import f1, mean, paired_difference


def test_the_same_scores_differ_by_nothing() -> None:
    rows = [(0.9, 0.8), (0.5, 0.7), (0.1, 0.2)]
    assert paired_difference(rows, rows, f1).as_dict() == {"difference": 0.0, "low": 0.0, "high": 0.0}


def test_a_constant_gain_is_certain_and_a_mixed_one_is_not() -> None:
    theirs = [(value / 100,) for value in range(60)]
    certain = paired_difference([(value + 0.1,) for (value,) in theirs], theirs, mean)
    assert (certain.difference, certain.low, certain.high) == pytest.approx((0.1, 0.1, 0.1))
    mixed = paired_difference(
        [(value + (0.1 if place % 2 else -0.1),) for place, (value,) in enumerate(theirs)], theirs, mean
    )
    assert mixed.low < 0 < mixed.high


def test_f1_is_of_the_means_and_0_of_nothing() -> None:
    assert f1(np.array([[0.5, 1.0], [0.0, 0.0]])) == pytest.approx([2 / 3, 0.0])


def test_the_same_cases_give_the_same_bounds() -> None:
    ours, theirs = [(1.0,), (0.0,), (1.0,)], [(0.0,), (0.0,), (1.0,)]
    assert paired_difference(ours, theirs, mean) == paired_difference(ours, theirs, mean)
