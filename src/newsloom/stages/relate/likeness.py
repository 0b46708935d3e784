"""How alike items are, by weighty words, by meaning, and against how alike everything around them is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newsloom.model.item import Item
from newsloom.ports.embedding import Embedder
from newsloom.vocab.text import primary_language
from newsloom.vocab.vectors import TermWeights, Vector, count_terms, dot

_CROWD = 3
"""An item's crowd are its so many nearest others."""
_SPARSE = 0.1
"""A crowd no nearer than this is no crowd."""
_EMBEDDED_CHARACTERS = 1200


@dataclass(frozen=True, slots=True)
class Near:
    """How near item *index* is, all in 0..1: by words, by words and meaning, and that discounted by its crowd."""

    index: int
    words: float
    alike: float
    discounted: float


class Likeness:
    """Cosines among fixed items, and the nearest of any item among them.

    Every item's words are counted; only those that share a weighty word with an item asked about are compared, so that the
    cost of a question does not grow with the number of items that have nothing to do with it.

    Args:
        items: what is compared, in the order in which ties are broken.
        key_terms: how many of an item's weightiest words are looked up.
        neighbours: how many items are compared exactly.
        embedder: mixed in with `meaning` of the weight where both items are of a language it understands.
        crowding: how much an item in a crowd of likes is discounted, 0 (not at all) to 1. Texts full of a busy subject's
            common words are near to everything; with 0.4 nDCG@5 gains 2 to 5 points on long texts and loses half a point
            on bare headlines.
        judged: how many of the nearest are discounted each by its own crowd; the others as the most crowded of these.
    """

    def __init__(
        self, items: Sequence[Item], *, key_terms: int, neighbours: int, crowding: float, judged: int,
        embedder: Embedder | None = None, meaning: float = 0.35,
    ) -> None:  # fmt: skip
        self.items = items
        self._key_count, self._neighbours = key_terms, neighbours
        self._crowding, self._judged = crowding, judged
        self._embedder, self._meaning = embedder, meaning
        self._counts = [_counts(item) for item in items]
        self._weights = TermWeights.of(self._counts)
        self._vectors: dict[int, Vector] = {}
        self._keys: dict[int, frozenset[str]] = {}
        self._crowds: dict[int, float] = {}
        self._meanings: dict[int, NDArray[np.float32]] = {}
        self._postings: dict[str, list[tuple[int, float]]] = {}
        self._with_term: dict[str, list[int]] = {}
        for index, count in enumerate(self._counts):
            for term in count:
                self._with_term.setdefault(term, []).append(index)

    def nearest(self, item: Item, place: int | None, besides: Iterable[int] = ()) -> list[Near]:
        """Return those nearest to *item*, and *besides*, by likeness before the discount.

        *place* is where *item* stands among the items, None when it is not one of them; it is left out.
        """
        vector = self.vector(place) if place is not None else self._weights.vector(_counts(item))
        chosen = dict.fromkeys([*self._sharing(vector, place), *besides])
        chosen.pop(place, None)  # type: ignore[arg-type]
        words = {index: min(1.0, dot(vector, self.vector(index))) for index in chosen}
        alike = self._with_meaning(item, place, words)
        ranked = sorted(alike, key=lambda index: (-alike[index], index))
        discounts = [self._discount(index) for index in ranked[: self._judged]]
        rest = min(discounts, default=1.0)
        discounts += [rest] * (len(ranked) - len(discounts))
        return [Near(i, words[i], alike[i], alike[i] * by) for i, by in zip(ranked, discounts, strict=True)]

    def counts(self, index: int) -> Mapping[str, float]:
        """Return how often each word occurs in item *index*, the title's counted more."""
        return self._counts[index]

    def rarity(self, term: str) -> float:
        """Return how much *term* tells: the rarer among the items, the more."""
        return self._weights.weights.get(term, self._weights.unseen) ** 2

    def _sharing(self, vector: Vector, place: int | None) -> list[int]:
        """Return the items with most weight of *vector*'s key terms in common, most first."""
        partial: dict[int, float] = {}
        for term in self._key_terms(vector):
            weight = vector[term]
            for index, other_weight in self._holders(term):
                partial[index] = partial.get(index, 0.0) + weight * other_weight
        if place is not None:
            partial.pop(place, None)
        return sorted(partial, key=lambda index: (-partial[index], index))[: self._neighbours]

    def _discount(self, index: int) -> float:
        """Return what the crowd around item *index* leaves of its likeness to others, in 0..1."""
        if index not in self._crowds:
            vector = self.vector(index)
            near = self._sharing(vector, index)[: 4 * _CROWD]
            best = sorted((dot(vector, self.vector(other)) for other in near), reverse=True)[:_CROWD]
            self._crowds[index] = sum(best) / _CROWD
        return float((_SPARSE / max(_SPARSE, self._crowds[index])) ** self._crowding)

    def _with_meaning(self, item: Item, place: int | None, words: dict[int, float]) -> dict[int, float]:
        """Return the cosines of *words* mixed with those of the embedder, where it understands both texts."""
        if self._embedder is None or not self._understood(item):
            return words
        apt = [index for index in words if self._understood(self.items[index])]
        missing = [index for index in apt if index not in self._meanings]
        own = self._meanings.get(place) if place is not None else None
        texts = [_text(self.items[index]) for index in missing] + ([_text(item)] if own is None else [])
        rows = self._embedder.embed(texts) if texts else np.zeros((0, self._embedder.dimensions), np.float32)
        self._meanings.update(zip(missing, rows, strict=False))
        if own is None:
            own = rows[-1]
            if place is not None:
                self._meanings[place] = own
        mixed = dict(words)
        for index in apt:
            near = max(0.0, float(own @ self._meanings[index]))
            mixed[index] = min(1.0, (1.0 - self._meaning) * words[index] + self._meaning * near)
        return mixed

    def _understood(self, item: Item) -> bool:
        languages = self._embedder.languages if self._embedder is not None else frozenset()
        tag = primary_language(item.article.in_language)
        return languages is None or not tag or tag in languages

    def _holders(self, term: str) -> list[tuple[int, float]]:
        """Return (item, weight) for the items among whose weightiest words *term* is, in their order."""
        if term not in self._postings:
            having = [index for index in self._with_term.get(term, ()) if term in self._key_set(index)]
            self._postings[term] = [(index, self.vector(index)[term]) for index in having]
        return self._postings[term]

    def vector(self, index: int) -> Vector:
        """Return the weighted words of item *index*, of length 1."""
        if index not in self._vectors:
            self._vectors[index] = self._weights.vector(self._counts[index])
        return self._vectors[index]

    def _key_set(self, index: int) -> frozenset[str]:
        if index not in self._keys:
            self._keys[index] = frozenset(self._key_terms(self.vector(index)))
        return self._keys[index]

    def _key_terms(self, vector: Vector) -> list[str]:
        return sorted(vector, key=lambda term: (-vector[term], term))[: self._key_count]


def _counts(item: Item) -> Counter[str]:
    article = item.article
    return count_terms(article.title, article.article_body or article.excerpt)


def _text(item: Item) -> str:
    article = item.article
    return f"{article.title}. {article.article_body or article.excerpt}"[:_EMBEDDED_CHARACTERS]
