"""Texts as weighted words: counts, weights smoothed by a background of everyday words, cosine."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from newsloom.vocab.common_words import BACKGROUND_SHARE
from newsloom.vocab.text import first_terms, stem, terms

Vector = Mapping[str, float]

BACKGROUND_TEXTS = 40
"""How many texts the hand-set background counts for; a pool of this size is believed half."""

_BACKGROUND: dict[str, float] = {}
for _word, _share in BACKGROUND_SHARE.items():
    _BACKGROUND[stem(_word)] = max(_share, _BACKGROUND.get(stem(_word), 0.0))


def background_share(term: str) -> float:
    """Return roughly the share of English news items that hold *term*, 0.0 for most."""
    return _BACKGROUND.get(term, 0.0)


def count_terms(title: str, text: str, *, title_weight: float = 2.0, body_terms: int = 250) -> Counter[str]:
    """Return how often each term occurs in *title* and in the first *body_terms* terms of *text*, the title's counted more."""
    # A term takes at least six characters with its blank, give or take: no need to cut up a whole book.
    counts = Counter(first_terms(text[: body_terms * 40], body_terms))
    for term in terms(title[:2000]):
        counts[term] += title_weight  # type: ignore[assignment]
    return counts


@dataclass(frozen=True, slots=True)
class TermWeights:
    """How much each term of a collection tells: the square root of its inverse document frequency.

    The plain logarithm would make a rare word of one headline outweigh the words that carry a big story: on headline streams
    the root is worth eight points of B-cubed F1, elsewhere it changes less than one.
    """

    weights: Mapping[str, float]
    unseen: float

    @classmethod
    def of(cls, counts: Iterable[Mapping[str, float]]) -> TermWeights:
        """Return the weights in the collection with these term *counts*, each a text; an empty one gives the background's."""
        frequency: Counter[str] = Counter()
        texts = 0
        for count in counts:
            frequency.update(count.keys())
            texts += 1
        total = texts + BACKGROUND_TEXTS + 1

        def weight(term: str, found: int) -> float:
            return math.sqrt(math.log(total / (found + BACKGROUND_TEXTS * _BACKGROUND.get(term, 0.0) + 0.5)))

        return cls({term: weight(term, found) for term, found in frequency.items()}, math.sqrt(math.log(total / 1.5)))

    def vector(self, counts: Mapping[str, float]) -> dict[str, float]:
        """Return the vector of length 1 of a text with these term *counts* (empty for an empty text)."""
        raw = {
            term: (1.0 + math.log(max(1.0, count))) * self.weights.get(term, self.unseen)
            for term, count in counts.items()
        }
        length = norm(raw)
        return {term: weight / length for term, weight in raw.items()} if length else {}


def dot(left: Vector, right: Vector) -> float:
    """Return the dot product: the cosine, when both have length 1."""
    if len(left) > len(right):
        left, right = right, left
    return sum(weight * right[term] for term, weight in left.items() if term in right)


def norm(vector: Vector) -> float:
    """Return the Euclidean length of *vector*."""
    return math.sqrt(sum(weight * weight for weight in vector.values()))
