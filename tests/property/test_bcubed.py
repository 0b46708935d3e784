"""B-cubed against a second implementation, written from the definition by pairs instead of by cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsloom.evaluation.measures import bcubed


def by_pairs(found: list[int], true: list[int]) -> tuple[float, float]:
    """Return precision and recall as means over items of the correctness of each pair the item is in, itself included.

    Source: Amigó et al., "A comparison of extrinsic clustering evaluation metrics based on formal constraints", 2009, section 4.
    """
    precision = recall = 0.0
    for place in range(len(found)):
        together = [other for other in range(len(found)) if found[other] == found[place]]
        alike = [other for other in range(len(found)) if true[other] == true[place]]
        precision += sum(true[other] == true[place] for other in together) / len(together)
        recall += sum(found[other] == found[place] for other in alike) / len(alike)
    return precision / len(found), recall / len(found)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=40))
def test_bcubed_agrees_with_its_definition_by_pairs(pairs: list[tuple[int, int]]) -> None:
    found, true = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    rates = bcubed(found, true)
    assert (rates.precision, rates.recall) == pytest.approx(by_pairs(found, true))


def test_the_definition_by_pairs_on_a_known_case() -> None:
    """Source: worked by hand for {a, b, c | d} against {a, b | c, d}."""
    assert by_pairs([0, 0, 0, 1], [1, 1, 2, 2]) == pytest.approx(((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4, 3 / 4))
