"""What a pile of texts teaches: words and directions that go with a topic in this portal, beyond its definition.

The pile is what is classified together with what the portal holds already. Every text counts for a topic as far as the topic is
believed of it: 1 where a person said so, the confidence where the classifier did. Nothing confirms itself: of texts that
report the same event one speaks for all, and what a text learns from the pile is learned without it (leave one out, exactly).
Otherwise a wire text in eight papers would prove by its own names whatever was first guessed of it.

Sources: Nigam et al., "Text Classification from Labeled and Unlabeled Documents using EM", Machine Learning 39, 2000 (words);
Cook and Weisberg, "Residuals and Influence in Regression", 1982, §2.2 (leave-one-out of a ridge regression in closed form).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from newsloom.vocab.vectors import TermWeights

Array = NDArray[np.float32]

_SHRINK = 0.5
"""Evidence a word needs to be believed half, in unit vectors' weights: a word of two or three texts."""
_RIDGE = 20.0
_NEIGHBOURS = 8
_CHUNK = 1_000


class Pile:
    """Texts as term vectors and, with an embedder, as directions.

    Args:
        counts: the terms of each text.
        vectors: a row for each text, or None.
        weights: how much each text counts in learning.
        spokesmen: for each text the place of the one that speaks for all of its event, itself where it is alone.
    """

    def __init__(
        self,
        counts: Sequence[Mapping[str, float]],
        vectors: Array | None,
        weights: Array,
        spokesmen: Sequence[int] | None = None,
    ) -> None:
        self.size = len(counts)
        self._spokesmen = np.arange(self.size) if spokesmen is None else np.array(spokesmen, dtype=np.int64)
        self._speaks = self._spokesmen == np.arange(self.size)
        self._weights = weights = np.where(self._speaks, weights, 0.0).astype(np.float32)
        idf = TermWeights.of(counts)
        self.terms = {term: place for place, term in enumerate(sorted({term for count in counts for term in count}))}
        self._names = list(self.terms)
        rows = [idf.vector(count) for count in counts]
        self._starts = np.cumsum([0, *(len(row) for row in rows)])
        self._places = np.array([self.terms[term] for row in rows for term in row], dtype=np.int64)
        self._values = np.array([value for row in rows for value in row.values()], dtype=np.float32)
        self._taught = self._teachings()
        self._vectors = vectors
        self._found: tuple[NDArray[np.int64], Array] | None = None
        if vectors is not None:
            known = np.concatenate([vectors, np.ones((self.size, 1), dtype=np.float32)], axis=1)
            gram = (known * weights[:, None]).T @ known + _RIDGE * np.eye(known.shape[1], dtype=np.float32)
            self._known = known
            self._solved = np.linalg.solve(gram, (known * weights[:, None]).T).astype(np.float32)
            self._pull = np.einsum("ij,ji->i", known, self._solved)
            self._pulled = np.einsum("ij,ji->i", known, self._solved[:, self._spokesmen])

    def _teachings(self) -> Array:
        """Return for each term of each text the weight with which the text that speaks for it has taught that term."""
        size = max(1, len(self.terms))
        owner = np.repeat(np.arange(self.size), np.diff(self._starts))
        held = owner * size + self._places
        order = np.argsort(held)
        asked = self._spokesmen[owner] * size + self._places
        found = np.minimum(np.searchsorted(held, asked, sorter=order), max(0, len(held) - 1))
        matches = order[found] if len(held) else found
        taught = np.where(held[matches] == asked, self._values[matches], 0.0) if len(held) else self._values
        return np.asarray(taught * self._weights[self._spokesmen[owner]], dtype=np.float32)

    def words(self, belief: Array, own_terms: Sequence[frozenset[str]]) -> tuple[Array, Array]:
        """Return for each text and topic how the words of the text speak for the topic, by the other texts; 0: not at all.

        *belief* has shape (texts, topics), in 0..1. The second array leaves out each topic's *own_terms*, those of its keywords.
        """
        is_own = np.zeros((len(self.terms), belief.shape[1]), dtype=np.bool_)
        for topic, terms in enumerate(own_terms):
            is_own[[self.terms[term] for term in terms if term in self.terms], topic] = True
        weighted = belief * self._weights[:, None]
        owner = np.repeat(np.arange(self.size), np.diff(self._starts))
        with_topic = np.zeros((len(self.terms), belief.shape[1]), dtype=np.float32)
        in_all = np.zeros(len(self.terms), dtype=np.float32)
        np.add.at(in_all, self._places, self._values * self._weights[owner])
        for topic in range(belief.shape[1]):
            mass = self._values * weighted[owner, topic]
            with_topic[:, topic] = np.bincount(self._places, weights=mass, minlength=len(self.terms))
        usual = np.clip(weighted.sum(axis=0) / max(float(self._weights.sum()), 1e-6), 0.005, 0.995)
        self._lesson = (with_topic, in_all, usual, is_own, belief)
        found, company = np.zeros_like(belief), np.zeros_like(belief)
        for first in range(0, self.size, _CHUNK):
            last = min(first + _CHUNK, self.size)
            part = slice(self._starts[first], self._starts[last])
            places, values, owners = self._places[part], self._values[part], owner[part]
            own = self._taught[part]
            seen = np.maximum(with_topic[places] - own[:, None] * belief[self._spokesmen[owners]], 0.0)
            total = np.maximum(in_all[places] - own, 0.0)[:, None]
            share = (seen + _SHRINK * usual) / (total + _SHRINK)
            share = np.clip(share, 1e-4, 1.0 - 1e-4)
            odds = values[:, None] * (np.log(share / (1.0 - share)) - np.log(usual / (1.0 - usual)))
            np.add.at(found, owners, odds.astype(np.float32))
            odds[is_own[places]] = 0.0
            np.add.at(company, owners, odds.astype(np.float32))
        return found, company

    def telling(self, text: int, topic: int, limit: int = 3) -> list[str]:
        """Return the terms of a text that spoke most for a topic in the last call of `words`, keywords left out, heaviest first."""
        with_topic, in_all, usual, is_own, belief = self._lesson
        part = slice(self._starts[text], self._starts[text + 1])
        places, values = self._places[part], self._values[part]
        own = self._taught[part]
        seen = np.maximum(with_topic[places, topic] - own * belief[self._spokesmen[text], topic], 0.0)
        share = (seen + _SHRINK * usual[topic]) / (np.maximum(in_all[places] - own, 0.0) + _SHRINK)
        gain = np.where(is_own[places, topic], 0.0, values * (share - usual[topic]))
        names = self._names
        best = sorted(range(len(places)), key=lambda place: (-gain[place], names[places[place]]))
        return [names[places[place]] for place in best[:limit] if gain[place] > 0.0]

    def likeness(self, places: Sequence[int]) -> Array:
        """Return how alike each text is to those at *places*, -1 to 1: by direction off the pile's middle, without vectors by terms."""
        if self._vectors is not None:
            rows = self._vectors - self._vectors.mean(axis=0)
            rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
            return np.asarray(rows @ rows[list(places)].T, dtype=np.float32)
        found = np.zeros((self.size, len(places)), dtype=np.float32)
        owner = np.repeat(np.arange(self.size), np.diff(self._starts))
        for column, place in enumerate(places):
            weights = np.zeros(len(self.terms), dtype=np.float32)
            part = slice(self._starts[place], self._starts[place + 1])
            weights[self._places[part]] = self._values[part]
            found[:, column] = np.bincount(owner, weights=self._values * weights[self._places], minlength=self.size)
        return found

    def neighbours(self, belief: Array) -> Array:
        """Return for each text and topic the belief of its nearest other texts, each as far as it is near; 0 for a text alone."""
        if self._vectors is None:
            return np.zeros_like(belief)
        nearest, closeness = self._nearest()
        return np.asarray(np.einsum("ij,ijk->ik", closeness, belief[nearest]) / _NEIGHBOURS, dtype=np.float32)

    def _nearest(self) -> tuple[NDArray[np.int64], Array]:
        """Return for each text the places of its nearest others and how near they are; worked out once."""
        if self._found is None and self._vectors is not None:
            count = min(_NEIGHBOURS, self.size)
            places = np.zeros((self.size, count), dtype=np.int64)
            closeness = np.zeros((self.size, count), dtype=np.float32)
            for first in range(0, self.size, _CHUNK):
                last = min(first + _CHUNK, self.size)
                near = (self._vectors[first:last] @ self._vectors.T) * self._speaks
                near[np.arange(last - first), self._spokesmen[first:last]] = 0.0
                places[first:last] = np.argpartition(near, -count, axis=1)[:, -count:]
                closeness[first:last] = np.clip(np.take_along_axis(near, places[first:last], axis=1), 0.0, 1.0) ** 2
            self._found = places, closeness
        assert self._found is not None
        return self._found

    def directions(self, belief: Array) -> Array:
        """Return for each text and topic the belief that its direction suggests, by the other texts, less the usual one."""
        if self._vectors is None:
            return np.zeros_like(belief)
        fitted = self._known @ (self._solved @ belief)
        speakers = self._spokesmen
        pull = np.minimum(self._pull[speakers], 0.95)[:, None]
        without = fitted - self._pulled[:, None] * (belief[speakers] - fitted[speakers]) / (1.0 - pull)
        usual = (belief * self._weights[:, None]).sum(axis=0) / max(float(self._weights.sum()), 1e-6)
        return np.asarray(without - usual, dtype=np.float32)


def telling_terms(counts: Sequence[Counter[str]], belief: Sequence[float]) -> dict[str, float]:
    """Return term → log odds of a text with it being believed against one without, positive ones speak for the topic."""
    with_term: Counter[str] = Counter()
    in_all: Counter[str] = Counter()
    for count, value in zip(counts, belief, strict=True):
        for term in count:
            with_term[term] += value  # type: ignore[assignment]
            in_all[term] += 1
    usual = min(0.99, max(0.01, sum(belief) / max(1, len(counts))))
    odds = {}
    for term, total in in_all.items():
        share = min(0.999, max(0.001, (with_term[term] + usual) / (total + 1.0)))
        odds[term] = float(np.log(share / (1 - share)) - np.log(usual / (1 - usual)))
    return odds
