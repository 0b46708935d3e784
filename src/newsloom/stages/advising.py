"""What an editor's decisions say about thresholds and providers. It advises and changes nothing; small numbers are called small."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt

ENOUGH = 20
"""With fewer decisions no threshold is advised: the interval of 20 right answers of 20 begins at 0.84."""

WANTED = 0.8
"""An advised threshold is the lowest one at which at least this share is surely (95 %) published by the editor."""

LEAST_OF_A_PROVIDER = 3
_PRIOR = 6
"""How many decisions the standing so far counts for."""

_LEAST_CHANGE = 5


@dataclass(frozen=True, slots=True)
class Decided:
    """One item that a person published or held, with what newsloom made of it. `domain` is its provider's."""

    published: bool
    quality: int | None
    confidence: float | None
    domain: str


@dataclass(frozen=True, slots=True)
class AtThreshold:
    """What a threshold would have done.

    Attributes:
        threshold: quality, or confidence.
        published, decided: of the decided items at or over it, how many the editor published.
        low, high: 95 % interval of that share, in 0..1.
        kept: share of all the editor published that lie at or over it, None when there is none.
        per_day: items a day at or over it, of all that were seen in the window.
    """

    threshold: float
    published: int
    decided: int
    low: float
    high: float
    kept: float | None
    per_day: float


@dataclass(frozen=True, slots=True)
class Advice:
    """The table of one quantity, and the threshold advised: None when the decisions do not bear one."""

    rows: tuple[AtThreshold, ...]
    decided: int
    advised: float | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A standing proposed for a provider, with the decisions behind it. `before` is the one it has, None: unknown."""

    domain: str
    before: int | None
    proposed: int
    published: int
    decided: int
    low: float
    high: float


def wilson(right: int, of: int) -> tuple[float, float]:
    """Return the 95 % interval of a share of *right* among *of*, in 0..1; (0, 1) of nothing.

    Source: Wilson, "Probable inference", Journal of the American Statistical Association 1927.
    """
    if of == 0:
        return 0.0, 1.0
    z = 1.96
    share, square = right / of, z * z / of
    middle = (share + square / 2) / (1 + square)
    reach = z * sqrt(share * (1 - share) / of + square / (4 * of)) / (1 + square)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def advise(
    decided: Sequence[tuple[float, bool]], seen: Sequence[float], days: float, thresholds: Sequence[float]
) -> Advice:
    """Return what each of *thresholds* would have done.

    Args:
        decided: of each item that a person decided, its value and whether it was published.
        seen: the values of all items of the last *days*.
        days: over zero.
        thresholds: ascending.
    """
    wished = sum(published for _, published in decided)
    rows = []
    for threshold in thresholds:
        over = [published for value, published in decided if value >= threshold]
        low, high = wilson(sum(over), len(over))
        kept = sum(over) / wished if wished else None
        rows.append(
            AtThreshold(threshold, sum(over), len(over), low, high, kept, sum(v >= threshold for v in seen) / days)
        )
    fit = [row.threshold for row in rows if row.low >= WANTED and row.decided >= ENOUGH]
    return Advice(tuple(rows), len(decided), min(fit) if fit and len(decided) >= ENOUGH else None)


def propose_standings(decided: Sequence[Decided], standings: Mapping[str, int | None]) -> tuple[Standing, ...]:
    """Return the standings that decisions speak for, best known providers first; of those that would hardly change none.

    A proposal is the share that the editor published, drawn towards the standing so far (unknown: 50) as if that were
    six decisions. Fewer than three decisions propose nothing.
    """
    by_domain: dict[str, list[bool]] = {}
    for one in decided:
        by_domain.setdefault(one.domain, []).append(one.published)
    found = []
    for domain, votes in by_domain.items():
        before = standings.get(domain)
        start = 50 if before is None else before
        proposed = round((100 * sum(votes) + _PRIOR * start) / (len(votes) + _PRIOR))
        if len(votes) >= LEAST_OF_A_PROVIDER and abs(proposed - start) >= _LEAST_CHANGE:
            low, high = wilson(sum(votes), len(votes))
            found.append(Standing(domain, before, proposed, sum(votes), len(votes), low, high))
    return tuple(sorted(found, key=lambda standing: (-standing.decided, standing.domain)))


def days_between(moments: Sequence[datetime]) -> float:
    """Return the days from the first to the last of *moments*, at least one."""
    return max(1.0, (max(moments) - min(moments)).total_seconds() / 86_400) if moments else 1.0
