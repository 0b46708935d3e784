"""The items of one call as arrays: weighted terms, names, an index by weightiest terms, moments and languages."""

from __future__ import annotations

import math
from collections.abc import Sequence

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
        if not others:
            return []
        ids, weights = self.row(index)
        chosen = np.array(others)
        starts = self.starts[chosen]
        lengths = self.starts[chosen + 1] - starts
        places = spread(starts, lengths)
        scratch = self._scratch
        scratch[ids] = weights
        products = scratch[self.ids[places]]
        products *= self.weights[places]
        scratch[ids] = 0.0
        filled = lengths > 0
        edges = (np.cumsum(lengths) - lengths)[filled]
        sums = np.zeros(len(chosen), np.float32)
        if len(edges):
            sums[filled] = np.add.reduceat(products, edges)
        return sums.tolist()


def spread(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the places from each of *starts* on, so many as its length, one stretch after the other."""
    before = np.cumsum(lengths) - lengths
    places: NDArray[np.int64] = np.arange(int(lengths.sum())) + np.repeat(starts - before, lengths)
    return places


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
        self._keys: dict[int, dict[int, float]] = {}
        self._title_names: dict[int, tuple[frozenset[int], frozenset[int]]] = {}

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
        self._posted, self._posted_weights = owners[spots][by_term], self._key_weights[by_term]
        ends = np.cumsum(np.bincount(self._key_ids, minlength=len(self.lexicon)))
        # Where the postings of each key term begin, where the item's own stands among them, and where they end.
        self._key_ends = ends[self._key_ids]
        self._key_begins = np.concatenate([np.zeros(1, np.int64), ends])[self._key_ids]
        self._key_places = np.empty(len(by_term), np.int64)
        self._key_places[by_term] = np.arange(len(by_term))

    def neighbours(self, index: int, limit: int, window: float, *, is_ahead_only: bool) -> list[int]:
        """Return up to *limit* items that share most of the key terms of item *index*, nearest first.

        All in reach: seen within *window* days, and in the same language as far as known; of those before it only, or of all.
        """
        mine = slice(int(self._key_starts[index]), int(self._key_starts[index + 1]))
        # Items are posted in order: those before this one stand before it under each term.
        ends = self._key_places[mine] if is_ahead_only else self._key_ends[mine]
        begins = np.maximum(self._key_begins[mine], ends - _SCANNED)
        lengths = ends - begins
        places = spread(begins, lengths)
        posted = self._posted[places]
        score = self._score
        np.add.at(score, posted, self._posted_weights[places] * np.repeat(self._key_weights[mine], lengths))
        spots = np.sort(posted)
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
        found: list[int] = spots[order].tolist()
        return found

    def named(self, index: int) -> dict[int, float]:
        """Return the names that stand out in item *index*, weighted by how rare they are."""
        found = self._named.get(index)
        if found is None:
            found = self._named[index] = _as_dict(*self.names.row(index))
        return found

    def keys(self, index: int) -> dict[int, float]:
        """Return the weightiest terms of item *index*."""
        found = self._keys.get(index)
        if found is None:
            start, end = self._key_starts[index], self._key_starts[index + 1]
            found = self._keys[index] = _as_dict(self._key_ids[start:end], self._key_weights[start:end])
        return found

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
        found = self._title_names.get(index)
        if found is None:
            ids = self.title.row(index)[0]
            named = self.is_name[ids]
            found = self._title_names[index] = frozenset(ids[named].tolist()), frozenset(ids[~named].tolist())
        return found

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
