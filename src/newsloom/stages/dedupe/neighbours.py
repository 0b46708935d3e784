"""Which texts are worth comparing: those that share sampled runs, few or many texts alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from newsloom.stages.dedupe.texts import Hashes

# A run is compared with the next so many texts that hold it; where very many do it is a phrase, or a text with very many
# copies, of which the next ones are enough to tie all together.
_NEXT, _NEXT_OF_MANY, _MANY = 8, 2, 40
_LEAST_SHARE = 0.12


def near_pairs(samples: Sequence[Hashes], is_fresh: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the pairs of places whose texts share enough runs to be compared, at least one of the two fresh, in order.

    Args:
        samples: the sampled runs of each text, in order of time: neighbours in time are tied together.
        is_fresh: which texts were not compared with each other yet.

    Cost: O(n log n) for n runs in all; at most 8 comparisons for each run of a text, however many texts hold it.
    """
    sizes = np.array([len(sample) for sample in samples], dtype=np.int64)
    if not sizes.sum():
        return []
    runs = np.concatenate(samples)
    places = np.repeat(np.arange(len(samples), dtype=np.int64), sizes)
    told = np.unique(runs[is_fresh[places]])
    if not len(told):
        return []
    known = told[np.minimum(np.searchsorted(told, runs), len(told) - 1)] == runs
    runs, places = runs[known], places[known]
    order = np.lexsort((places, runs))
    runs, places = runs[order], places[order]
    starts = np.flatnonzero(np.concatenate(([True], runs[1:] != runs[:-1])))
    held_by = np.repeat(np.diff(np.append(starts, len(runs))), np.diff(np.append(starts, len(runs))))
    found = []
    for step in range(1, _NEXT + 1):
        same = runs[step:] == runs[:-step]
        if step > _NEXT_OF_MANY:
            same &= held_by[step:] <= _MANY
        one, two = places[:-step][same], places[step:][same]
        either = is_fresh[one] | is_fresh[two]
        found.append(one[either] * len(samples) + two[either])
    pairs, counts = np.unique(np.concatenate(found), return_counts=True)
    one, two = pairs // len(samples), pairs % len(samples)
    enough = counts >= _LEAST_SHARE * np.minimum(sizes[one], sizes[two])
    return list(zip(one[enough].tolist(), two[enough].tolist(), strict=True))
