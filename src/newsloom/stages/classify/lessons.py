"""What examples teach: where the definitions are wrong on them, like texts are wrong in the same way.

A ridge regression on likeness carries the errors at the examples over to other texts. It starts from what the definitions say, so
that a few examples mend it and many outweigh it.

Source: Rasmussen and Williams, "Gaussian Processes for Machine Learning", 2006, §2.2 and, for leaving one out, §5.4.2.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from newsloom.model.topic import Topic
from newsloom.stages.classify.meaning import Array
from newsloom.vocab.text import fingerprint

_RIDGE = 1.0
_COMMON = 0.3
"""How alike any two texts are: what all examples of a topic say together is so carried over to every text."""
_SCALE = 4.0
"""Log odds for an error of 1 that is carried over as a whole."""


def told_by_examples(topics: Sequence[Topic], related: NDArray[np.bool_]) -> tuple[list[list[int]], Array]:
    """Return the distinct examples, each with its numbers among all examples in order, and what each says: example, topic → 0 or 1.

    An example that belongs to a topic stands in for a counter-example of each unrelated topic that has examples, but only such as
    belong. NaN: says nothing.
    """
    numbers: dict[str, list[int]] = {}
    said: dict[str, dict[int, float]] = {}
    count = 0
    for place, topic in enumerate(topics):
        for example in topic.examples:
            key = fingerprint(f"{example.title} {example.excerpt}")
            numbers.setdefault(key, []).append(count)
            said.setdefault(key, {})[place] = float(example.belongs)
            count += 1
    taught = [
        place for place, topic in enumerate(topics) if topic.examples and all(one.belongs for one in topic.examples)
    ]
    told = np.full((len(said), len(topics)), np.nan, dtype=np.float32)
    for row, answers in enumerate(said.values()):
        for place in taught if 1.0 in answers.values() else ():
            if not any(related[place, own] for own, belongs in answers.items() if belongs):
                told[row, place] = 0.0
        for place, belongs in answers.items():
            told[row, place] = belongs
    return list(numbers.values()), told


def carry_over(errors: Array, between: Array, likeness: Array) -> tuple[Array, Array]:
    """Return what to add to the log odds of each text and topic, and of each example as the others see it.

    Args:
        errors: for each example and topic how far the confidence is too low (too high: negative); 0 where nothing is known.
        between: likeness of the examples to each other, 1 to themselves.
        likeness: likeness of each text to each example.
    """
    solved = np.linalg.inv(between + _COMMON + _RIDGE * np.eye(len(between)))
    weights = solved @ errors
    others = errors - weights / np.diag(solved)[:, None]
    return _float(_SCALE * (likeness + _COMMON) @ weights), _float(_SCALE * others)


def _float(values: np.ndarray[tuple[int, ...], np.dtype[np.floating]]) -> Array:
    return np.asarray(values, dtype=np.float32)
