"""What the other words of a text say about topics: weights per word, learned from descriptions, keywords and examples."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from newsloom.model.topic import Topic
from newsloom.vocab.text import terms
from newsloom.vocab.vectors import TermWeights, count_terms

_SMOOTHING = 0.1


class WordModel:
    """A weight for each word and topic: how much more the topic uses the word than all other topics together.

    Complement naive Bayes on TF-IDF vectors. A topic's own text (name, keywords, description) stands for one example with
    double weight, so that the model works with no examples and is led by them where there are many. An example that does
    not belong counts for the others.

    Source: Rennie et al., "Tackling the Poor Assumptions of Naive Bayes Text Classifiers", ICML 2003.
    """

    def __init__(self, topics: Sequence[Topic], *, own_weight: float = 2.0) -> None:
        self.names = [topic.name for topic in topics]
        self._place = {name: place for place, name in enumerate(self.names)}
        texts: list[tuple[int | None, float, Counter[str]]] = []
        for place, topic in enumerate(topics):
            own = count_terms(f"{topic.name} {' '.join(topic.keywords)}", topic.description)
            texts.append((place, own_weight, own))
            for example in topic.examples:
                texts.append((place if example.belongs else None, 1.0, count_terms(example.title, example.excerpt)))
        self._weights = TermWeights.of(counts for _, _, counts in texts)
        self._table = self._learn(texts)

    def _learn(self, texts: Sequence[tuple[int | None, float, Counter[str]]]) -> dict[str, list[float]]:
        size = len(self.names)
        mass: dict[str, list[float]] = defaultdict(lambda: [0.0] * size)
        outside: Counter[str] = Counter()
        totals = [0.0] * size
        all_outside = 0.0
        for place, weight, counts in texts:
            for term, value in self._weights.vector(counts).items():
                if place is None:
                    outside[term] += weight * value  # type: ignore[assignment]
                    all_outside += weight * value
                    mass[term]
                else:
                    mass[term][place] += weight * value
                    totals[place] += weight * value
        everything = sum(totals) + all_outside
        smooth_all = _SMOOTHING * len(mass)
        table: dict[str, list[float]] = {}
        for term, values in mass.items():
            total = sum(values) + outside[term]
            table[term] = [
                math.log((value + _SMOOTHING) / (totals[place] + smooth_all))
                - math.log((total - value + _SMOOTHING) / (everything - totals[place] + smooth_all))
                for place, value in enumerate(values)
            ]
        return table

    def scores(self, counts: Mapping[str, float]) -> list[float]:
        """Return for each topic, in order, how the words speak for it (over 0) or against it; 0.0 for unknown words only."""
        sums = [0.0] * len(self.names)
        for term, value in self._weights.vector(counts).items():
            row = self._table.get(term)
            if row is not None:
                for place, weight in enumerate(row):
                    sums[place] += value * weight
        return sums

    def telling(self, counts: Mapping[str, float], place: int, limit: int = 3) -> list[str]:
        """Return the words of a text that speak most for the topic at *place*, heaviest first."""
        vector = self._weights.vector(counts)
        weighed = [(value * self._table[term][place], term) for term, value in vector.items() if term in self._table]
        return [term for weight, term in sorted(weighed, key=lambda pair: (-pair[0], pair[1]))[:limit] if weight > 0.0]


def own_terms(topic: Topic) -> frozenset[str]:
    """Return the terms of a topic's keywords: what they say is said by the keyword itself."""
    return frozenset(term for keyword in topic.keywords for term in terms(keyword))
