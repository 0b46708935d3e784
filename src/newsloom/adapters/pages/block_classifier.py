"""Tells the text blocks of an article from the rest of its page: two small networks, the second of which sees the first's verdicts.

The first judges each block by itself and its surroundings (`block_features`). The second also sees what the first said of the
blocks before and after, of the boxes around and of the blocks of its kind, so that a list in an article stays and a lone teaser
goes. Trained by `benchmarks/training/body.py`, which prints how good it is on sites it has not seen.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from newsloom.adapters.pages.block_cues import Cues, cue_features
from newsloom.adapters.pages.block_features import plain_features, shifted
from newsloom.adapters.pages.page_blocks import Column, PageBlocks, PageWords, Table, summed

WEIGHTS = "body_weights.npz"
KEEP = 0.5
"""Probability from which on a block is the article's."""

CLIP = 4.0
"""Standard deviations beyond which a feature says no more."""

# Rows multiplied at once. From some 26 on OpenBLAS would share a product among threads, and those wait for the next one by
# spinning: reading pages then took up to twice the CPU time.
_ROWS_AT_ONCE = 24

_FAR = 60.0  # blocks
_FAR_CHARACTERS = 9_999.0


@dataclass(frozen=True, slots=True)
class Network:
    """One hidden layer of rectified units: columns are brought to mean 0 and deviation 1, `out` sums what the units say."""

    mean: Column
    deviation: Column
    into: NDArray[np.float32]
    bias: Column
    out: Column
    constant: float

    def probabilities(self, rows: NDArray[np.float32]) -> Column:
        """Return the probability of each of *rows*."""
        count, width = rows.shape
        pieces = -(-count // _ROWS_AT_ONCE)
        scaled = np.zeros((pieces * _ROWS_AT_ONCE, width), np.float32)
        np.clip((rows - self.mean) / self.deviation, -CLIP, CLIP, out=scaled[:count])
        units = scaled.reshape(pieces, _ROWS_AT_ONCE, width) @ self.into
        said = (np.maximum(units + self.bias, 0) @ self.out).reshape(-1)[:count] + self.constant
        probabilities: Column = (1 / (1 + np.exp(-said))).astype(np.float32)
        return probabilities


@dataclass(frozen=True, slots=True)
class BlockClassifier:
    """The two networks and the cues they were trained with. Holds no state; safe in threads."""

    cues: Cues
    first: Network
    second: Network

    def probabilities(self, page: PageBlocks, words: PageWords) -> Column:
        """Return for each block of *page* how likely it is part of the article.

        Cost: about 1.5 ms for a page of 100 blocks.
        """
        rows = np.hstack([plain_features(page, words), cue_features(page, self.cues)])
        alone = self.first.probabilities(rows)
        return self.second.probabilities(np.hstack([rows, context(page, alone)]))


@lru_cache(maxsize=1)
def shipped_classifier() -> BlockClassifier:
    """Return the classifier that newsloom ships, read once."""
    packed = (files("newsloom.adapters.pages") / WEIGHTS).read_bytes()
    with np.load(io.BytesIO(packed), allow_pickle=False) as weights:
        return classifier(weights)


def classifier(weights: Mapping[str, NDArray[np.generic]]) -> BlockClassifier:
    """Return the classifier of *weights*: arrays by name, as the training writes them."""
    return BlockClassifier(
        cues=Cues(_odds(weights, "names"), _odds(weights, "words")),
        first=_network(weights, "first"),
        second=_network(weights, "second"),
    )


def _odds(weights: Mapping[str, NDArray[np.generic]], what: str) -> dict[int, float]:
    odds = weights[f"{what}_odds"].astype(np.float32).tolist()
    return dict(zip(weights[f"{what}_keys"].tolist(), odds, strict=True))


def _network(weights: Mapping[str, NDArray[np.generic]], name: str) -> Network:
    mean, deviation, into, bias, out, constant = (
        weights[f"{name}_{part}"].astype(np.float32)
        for part in ("mean", "deviation", "into", "bias", "out", "constant")
    )
    return Network(mean, deviation, into, bias, out, float(constant))


def context(page: PageBlocks, alone: Column) -> Table:
    """Return what the verdicts *alone* on all blocks of *page* say about each: the columns that only the second network sees."""
    characters, kinds = page.characters, page.kinds
    mass = alone * characters
    total = max(float(mass.sum()), 1.0)
    size = len(page.boxes)
    mass_in = summed(page, np.bincount(page.above[0], weights=mass, minlength=size))
    characters_in = summed(page, np.bincount(page.above[0], weights=characters, minlength=size))
    of_box = np.column_stack([mass_in / np.maximum(characters_in, 1), mass_in / total])
    of_kind = np.bincount(kinds, weights=mass)
    in_kind = np.bincount(kinds, weights=characters)
    by_kind = np.column_stack(
        [of_kind / np.maximum(in_kind, 1), of_kind / total, np.bincount(kinds, weights=alone) / np.bincount(kinds)]
    )
    verdict = alone[:, None]
    whole = np.ones(len(alone), np.float32)
    return np.hstack(
        [
            verdict,
            np.log((verdict + 1e-3) / (1 - verdict + 1e-3)),
            *(shifted(verdict, step, beyond=0) for step in (-3, -2, -1, 1, 2, 3)),
            of_box[page.above].transpose(1, 0, 2).reshape(len(alone), -1),
            by_kind[kinds],
            np.column_stack(
                [
                    np.cumsum(mass) / total,
                    *(_around(mass, reach) / np.maximum(_around(characters, reach), 1) for reach in (3, 8)),
                    whole * np.log1p(total),
                    whole * (total / max(float(characters.sum()), 1.0)),
                    *_distances((alone > 0.5) & (characters > 80), characters),
                ]
            ),
        ]
    ).astype(np.float32)


def _around(values: Column, reach: int) -> NDArray[np.float64]:
    """Return for each place the sum of *values* from *reach* places before it to as many after it."""
    sums = np.concatenate([np.zeros(1), np.cumsum(values, dtype=np.float64)])
    order = np.arange(len(values))
    within: NDArray[np.float64] = sums[np.minimum(order + reach + 1, len(values))] - sums[np.maximum(order - reach, 0)]
    return within


def _distances(sure: NDArray[np.bool_], characters: Column) -> list[NDArray[np.float64]]:
    """Return how far the nearest sure block before and after each block is, in blocks and then in characters between."""
    count = len(sure)
    order = np.arange(count)
    sums = np.concatenate([np.zeros(1), np.cumsum(characters, dtype=np.float64)])
    last = np.concatenate([[-1], np.maximum.accumulate(np.where(sure, order, -1))[:-1]]).astype(np.intp)
    following = np.minimum.accumulate(np.where(sure, order, count)[::-1])[::-1]
    following = np.concatenate([following[1:], [count]]).astype(np.intp)
    before = np.where(last >= 0, order - last, _FAR)
    after = np.where(following < count, following - order, _FAR)
    since = np.where(last >= 0, sums[order] - sums[last + 1], _FAR_CHARACTERS)
    until = np.where(following < count, sums[np.minimum(following, count)] - sums[order + 1], _FAR_CHARACTERS)
    return [
        np.log1p(np.minimum(before, _FAR)),
        np.log1p(np.minimum(after, _FAR)),
        np.log1p(np.minimum(since, _FAR_CHARACTERS)),
        np.log1p(np.minimum(until, _FAR_CHARACTERS)),
    ]
