"""The items of one call as arrays: weighted terms, names, an index by weightiest terms, moments and languages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from newsloom.model.item import Item
from newsloom.stages.cluster.reading import TITLE_WEIGHT, Floats, Ids, Lexicon, Reading
from newsloom.vocab.text import primary_language
from newsloom.vocab.vectors import BACKGROUND_TEXTS, background_share

_NAME_SHARE = 0.75
"""A word that running text writes with a capital this often is a name."""
_SCANNED = 300
"""How many items under one key term are looked at, the latest: bounds the work in a crowd."""
_DAY = 86_400.0
_DIGITS = frozenset("0123456789")
_COMES_BACK = 1.0 + math.log(TITLE_WEIGHT + 1) - 1e-4
"""The tally of a title word that stands in the text as well."""


class Rows:
    """Weighted terms of many items, one after the other: row *i* is `ids[starts[i]:starts[i+1]]`."""

    def __init__(self, ids: Ids, weights: Floats, starts: NDArray[np.int64], size: int) -> None:
        self.ids, self.weights, self.starts = ids, weights, starts
        self._bounds: list[int] = starts.tolist()
        self._scratch = np.zeros(size, np.float32)

    def row(self, index: int) -> tuple[Ids, Floats]:
        """Return the terms of item *index* and their weights."""
        start, end = self._bounds[index], self._bounds[index + 1]
        return self.ids[start:end], self.weights[start:end]

    def dots(self, index: int, others: Sequence[int]) -> list[float]:
        """Return the dot product of row *index* with each row of *others*."""
        ids, weights = self.row(index)
        spans = [(self._bounds[other], self._bounds[other + 1]) for other in others]
        filled = [(start, end) for start, end in spans if end > start]
        if not filled:
            return [0.0] * len(others)
        scratch = self._scratch
        scratch[ids] = weights
        products = scratch[np.concatenate([self.ids[start:end] for start, end in filled])]
        products *= np.concatenate([self.weights[start:end] for start, end in filled])
        scratch[ids] = 0.0
        edges = list(accumulate((end - start for start, end in filled[:-1]), initial=0))
        sums = iter(np.add.reduceat(products, edges).tolist())
        return [next(sums) if end > start else 0.0 for start, end in spans]


class Pool:
    """All items of a call, in order: those that stand in stories first, then the fresh ones."""

    def __init__(
        self,
        items: Sequence[Item],
        readings: Sequence[Reading],
        lexicon: Lexicon,
        key_terms: int,
    ) -> None:
        self.items, self.readings, self.lexicon = items, readings, lexicon
        count, size = len(items), len(lexicon)
        lengths = np.array([len(reading.ids) for reading in readings], np.int64)
        starts = np.zeros(count + 1, np.int64)
        np.cumsum(lengths, out=starts[1:])
        ids = _joined([reading.ids for reading in readings], np.int32)
        owners = np.repeat(np.arange(count), lengths)
        places = np.arange(len(ids)) - starts[owners]
        self.weights = self._term_weights(np.bincount(ids, minlength=size), count)
        tallies = _joined([reading.tallies for reading in readings], np.float32)
        of_term = self.weights[ids]
        self.full = Rows(ids, _unit(tallies * of_term, owners, count), starts, size)
        self.title = self._part(ids, of_term, owners, places < np.array([r.title for r in readings])[owners])
        self.lead = self._part(ids, of_term, owners, places < np.array([r.lead for r in readings])[owners])
        self.is_name = self._names(size)
        repeated = _joined([reading.repeated for reading in readings], np.bool_)
        brief = np.array([reading.is_brief for reading in readings], np.bool_)
        standing = self.is_name[ids] & (repeated | brief[owners])
        self.names = self._part(ids, of_term**2, owners, standing, unit=False)
        self.brief = brief
        self.seen = np.array([item.seen_at.timestamp() for item in items]) / _DAY
        self.days: list[float] = self.seen.tolist()
        codes: dict[str | None, int] = {None: 0}
        self.languages = np.array(
            [codes.setdefault(primary_language(item.article.in_language), len(codes)) for item in items],
            np.int32,
        )
        self._index(ids, owners, key_terms)
        self._score = np.zeros(count, np.float32)
        self._named: dict[int, dict[int, float]] = {}
        self._subjects: dict[int, dict[int, float]] = {}

    def _term_weights(self, frequency: NDArray[np.int64], texts: int) -> Floats:
        total = texts + BACKGROUND_TEXTS + 1
        share = np.array([background_share(word) for word in self.lexicon.words])
        weights: Floats = np.sqrt(np.log(total / (frequency + BACKGROUND_TEXTS * share + 0.5))).astype(np.float32)
        return weights

    def _names(self, size: int) -> NDArray[np.bool_]:
        capital = np.bincount(_joined([r.capitals for r in self.readings], np.int32), minlength=size)
        plain = np.bincount(_joined([r.plain for r in self.readings], np.int32), minlength=size)
        return (capital > 0) & (capital >= _NAME_SHARE * (capital + plain))

    def _part(
        self,
        ids: Ids,
        weights: Floats,
        owners: NDArray[np.int64],
        chosen: NDArray[np.bool_],
        *,
        unit: bool = True,
    ) -> Rows:
        count = len(self.items)
        kept, of = weights[chosen], owners[chosen]
        starts = np.zeros(count + 1, np.int64)
        np.cumsum(np.bincount(of, minlength=count), out=starts[1:])
        return Rows(
            ids[chosen],
            _unit(kept, of, count) if unit else kept,
            starts,
            len(self.lexicon),
        )

    def _index(self, ids: Ids, owners: NDArray[np.int64], key_terms: int) -> None:
        """Build the postings: for each term the items that have it among their weightiest, in order."""
        order = np.lexsort((-self.full.weights, owners))
        rank = np.arange(len(ids)) - self.full.starts[owners[order]]
        spots = np.sort(order[rank < key_terms])
        self._key_starts = np.zeros(len(self.items) + 1, np.int64)
        np.cumsum(
            np.bincount(owners[spots], minlength=len(self.items)),
            out=self._key_starts[1:],
        )
        self._key_ids, self._key_weights = ids[spots], self.full.weights[spots]
        by_term = np.argsort(self._key_ids, kind="stable")
        self._posted, self._posted_weights = (
            owners[spots][by_term],
            self._key_weights[by_term],
        )
        self._term_starts = np.zeros(len(self.lexicon) + 1, np.int64)
        np.cumsum(
            np.bincount(self._key_ids, minlength=len(self.lexicon)),
            out=self._term_starts[1:],
        )

    def neighbours(self, index: int, limit: int, before: int, window: float) -> list[int]:
        """Return up to *limit* of the first *before* items that share most of the key terms of item *index*, nearest first.

        All in reach: seen within *window* days, and in the same language as far as known.
        """
        score = self._score
        found = []
        for place in range(int(self._key_starts[index]), int(self._key_starts[index + 1])):
            term = self._key_ids[place]
            start, end = int(self._term_starts[term]), int(self._term_starts[term + 1])
            if before < len(self.items):
                end = start + int(np.searchsorted(self._posted[start:end], before))
            start = max(start, end - _SCANNED)
            if start == end:
                continue
            posted = self._posted[start:end]
            score[posted] += self._posted_weights[start:end] * self._key_weights[place]
            found.append(posted)
        if not found:
            return []
        spots = np.sort(np.concatenate(found))
        spots = spots[np.flatnonzero(np.diff(spots, prepend=-1))]
        shared = score[spots]
        score[spots] = 0.0
        within = self.in_reach(index, spots, window)
        spots, shared = spots[within], shared[within]
        if len(spots) > limit:
            best = np.argpartition(-shared, limit - 1)
            least = shared[best[limit - 1]]
            keep = shared >= least
            spots, shared = spots[keep], shared[keep]
        order = np.lexsort((spots, -shared))[:limit]
        return [int(spot) for spot in spots[order]]

    def named(self, index: int) -> dict[int, float]:
        """Return the names that stand out in item *index*, weighted by how rare they are."""
        found = self._named.get(index)
        if found is None:
            found = self._named[index] = _as_dict(*self.names.row(index))
        return found

    def keys(self, index: int) -> dict[int, float]:
        """Return the weightiest terms of item *index*."""
        start, end = self._key_starts[index], self._key_starts[index + 1]
        return _as_dict(self._key_ids[start:end], self._key_weights[start:end])

    def subjects(self, index: int) -> dict[int, float]:
        """Return the title words of item *index* that its text comes back to, weighted by how rare they are; no single digits."""
        found = self._subjects.get(index)
        if found is None:
            reading, words = self.readings[index], self.lexicon.words
            told = reading.tallies[: reading.title] >= _COMES_BACK
            ids = [term for term in reading.ids[: reading.title][told].tolist() if words[term] not in _DIGITS]
            found = self._subjects[index] = {term: float(self.weights[term]) ** 2 for term in ids}
        return found

    def term_set(self, index: int) -> frozenset[int]:
        """Return all terms of item *index*."""
        return frozenset(self.full.row(index)[0].tolist())

    def title_names(self, index: int) -> tuple[frozenset[int], frozenset[int]]:
        """Return the names in the title of item *index*, and its other words."""
        ids = self.title.row(index)[0]
        named = self.is_name[ids]
        return frozenset(ids[named].tolist()), frozenset(ids[~named].tolist())

    def in_reach(self, index: int, others: NDArray[np.int64], window: float) -> NDArray[np.bool_]:
        """Return which of *others* are near in time, of no other language, and not item *index* itself."""
        near: NDArray[np.bool_] = np.abs(self.seen[others] - self.seen[index]) <= window
        near &= others != index
        language = self.languages[index]
        if language:
            spoken = self.languages[others]
            near &= (spoken == language) | (spoken == 0)
        return near


def _as_dict(ids: Ids, weights: Floats) -> dict[int, float]:
    return dict(zip(ids.tolist(), weights.tolist(), strict=True))


def _joined(parts: Sequence[NDArray[np.generic]], kind: type) -> NDArray:  # type: ignore[type-arg]
    return np.concatenate(parts) if parts else np.zeros(0, kind)


def _unit(weights: Floats, owners: NDArray[np.int64], count: int) -> Floats:
    """Return *weights* so scaled that each owner's have length 1."""
    squares = np.bincount(owners, weights=weights.astype(np.float64) ** 2, minlength=count)
    length = np.sqrt(np.maximum(squares, 1e-12))
    return (weights / length[owners]).astype(np.float32)
