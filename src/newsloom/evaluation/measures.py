"""The measures that evaluations print. Pure; every one returns None where there is nothing to measure."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rates:
    """Precision, recall and their harmonic mean, each in 0..1 or None."""

    precision: float | None
    recall: float | None

    @property
    def f1(self) -> float | None:
        """Return 2PR / (P + R); 0.0 when both are 0."""
        if self.precision is None or self.recall is None:
            return None
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def precision_recall(right: int, found: int, true: int) -> Rates:
    """Return the rates of *right* among *found* answers and among *true* ones."""
    return Rates(right / found if found else None, right / true if true else None)


def bcubed(found: Sequence[Hashable], true: Sequence[Hashable]) -> Rates:
    """Return B-cubed precision and recall of a clustering, as labels in the same order.

    Source: Bagga and Baldwin, "Entity-Based Cross-Document Coreferencing", ACL 1998.
    """
    if not true:
        return Rates(None, None)
    cells = Counter(zip(found, true, strict=True))
    found_sizes, true_sizes = Counter(found), Counter(true)
    precision = math.fsum(n * n / found_sizes[cluster] for (cluster, _), n in cells.items())
    recall = math.fsum(n * n / true_sizes[label] for (_, label), n in cells.items())
    return Rates(precision / len(true), recall / len(true))


def adjusted_rand(found: Sequence[Hashable], true: Sequence[Hashable]) -> float | None:
    """Return the adjusted Rand index: 1.0 for equal clusterings, about 0 for chance.

    Source: Hubert and Arabie, "Comparing partitions", Journal of Classification 1985.
    """
    if not true:
        return None
    together = sum(math.comb(n, 2) for n in Counter(zip(found, true, strict=True)).values())
    in_found = sum(math.comb(n, 2) for n in Counter(found).values())
    in_true = sum(math.comb(n, 2) for n in Counter(true).values())
    pairs = math.comb(len(true), 2)
    expected = in_found * in_true / pairs if pairs else 0.0
    highest = (in_found + in_true) / 2
    return (together - expected) / (highest - expected) if highest != expected else 1.0


def macro_f1(counts: Mapping[str, tuple[int, int, int]]) -> float | None:
    """Return the mean F1 over topics, given topic → (right, found, true); a topic neither found nor true is left out."""
    scores = [2 * right / (found + true) for right, found, true in counts.values() if found + true]
    return math.fsum(scores) / len(scores) if scores else None


def pairs_within(groups: Iterable[Sequence[str]]) -> set[tuple[str, str]]:
    """Return every unordered pair of two members of one group, as (smaller, larger)."""
    pairs: set[tuple[str, str]] = set()
    for group in groups:
        ordered = sorted(group)
        pairs.update((left, right) for place, left in enumerate(ordered) for right in ordered[place + 1 :])
    return pairs


def grouped(members: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return group → members of (member, group) pairs, in order."""
    groups: dict[str, list[str]] = defaultdict(list)
    for member, group in members:
        groups[group].append(member)
    return dict(groups)


def rounded(value: float | None) -> float | None:
    """Return *value* to four decimals, as evaluations print it."""
    return None if value is None else round(value, 4)
