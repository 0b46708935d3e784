"""Which story follows up which: a later event that grew out of an earlier one, told about the same ones by name."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsloom.model.item import Item
from newsloom.stages.relate.likeness import Likeness
from newsloom.vocab.text import cased, terms
from newsloom.vocab.vectors import Vector, dot

_TOLD_BY = 12
"""So many members, half of them the first and half the newest, tell what a story is about."""
_ASKED = 3
"""So many first members look for the story that theirs follows up."""
_NAME_SHARE = 0.75
"""A word that running text writes with a capital this often is a name."""
_STANDS_OUT, _COMES_BACK = 2, 3
"""Counts (`vocab.vectors.count_terms`) of a word of the title, or twice in the text; and of one of the title that the text repeats."""


@dataclass(frozen=True, slots=True)
class FollowUpOptions:
    """When a story follows up another that began before it.

    Attributes:
        apart: it began so much later, or more.
        nearness: the cosine of the sums of their members, at least.
        names: the share of the names that stand out in the later story that the earlier one mentions, at least.
        names_back: the same the other way round.
        subjects: the share of what the one is about that the other never mentions stays below this; the lesser of both sides.
    """

    apart: timedelta = timedelta(hours=12)
    nearness: float = 0.3
    names: float = 0.5
    names_back: float = 0.4
    subjects: float = 0.5


@dataclass(frozen=True, slots=True)
class _Told:
    """What a story tells: its words, how often with and without a capital, and which stand out and which it is about."""

    total: Vector
    length: float
    capitals: Counter[str]
    plain: Counter[str]
    stands_out: frozenset[str]
    subjects: frozenset[str]


class FollowUps:
    """Answers which story each of the stories at hand follows up; what was found out is remembered.

    A follow-up names those whom the first story named, most of whom stand in it; a look-alike names its own.

    Args:
        likeness: the items, and how near they are.
        by_story: the places of each story's items, in order.
        began: when a story was first seen.
    """

    def __init__(
        self, likeness: Likeness, by_story: Mapping[str, Sequence[int]], began: Callable[[str], datetime],
        options: FollowUpOptions | None = None,
    ) -> None:  # fmt: skip
        self._likeness, self._by_story, self._began = likeness, by_story, began
        self._options = options or FollowUpOptions()
        self._told: dict[str, _Told] = {}
        self._nearness: dict[tuple[str, str], float] = {}
        self._followed: dict[str, str | None] = {}

    def follows(self, later: str, earlier: str) -> bool:
        """Return True when story *later* follows up story *earlier*, and no other more nearly."""
        return self._near(later, earlier) > 0.0 and self.followed(later) == earlier

    def followed(self, story: str) -> str | None:
        """Return the story that *story* follows up, None when there is none at hand. Cost: some milliseconds, once a story."""
        if story not in self._followed:
            found = {other: self._near(story, other) for other in self._seen_from(story)}
            best = max(found, key=lambda other: (found[other], other), default="")
            self._followed[story] = best if found.get(best, 0.0) > 0.0 else None
        return self._followed[story]

    def _seen_from(self, story: str) -> set[str]:
        """Return the other stories of the items nearest to the first members of *story*."""
        items = self._likeness.items
        found = set()
        for place in self._by_story.get(story, ())[:_ASKED]:
            found |= {items[near.index].story for near in self._likeness.nearest(items[place], place)}
        return {other for other in found if other is not None and other != story}

    def _near(self, later: str, earlier: str) -> float:
        """Return how near the two are; 0.0 when the one is no follow-up of the other."""
        pair = later, earlier
        if pair not in self._nearness:
            self._nearness[pair] = self._weighed(later, earlier)
        return self._nearness[pair]

    def _weighed(self, later: str, earlier: str) -> float:
        options = self._options
        if self._began(later) - self._began(earlier) < options.apart:
            return 0.0
        one, other = self._of(later), self._of(earlier)
        nearness = dot(one.total, other.total) / (one.length * other.length) if one.length and other.length else 0.0
        if nearness < options.nearness:
            return 0.0
        apart = min(self._missing(one.subjects, other), self._missing(other.subjects, one))
        names, names_back = self._names(one, other), self._names(other, one)
        is_follow_up = (
            names
            and apart < options.subjects
            and 1.0 - self._missing(names, other) >= options.names
            and 1.0 - self._missing(names_back, one) >= options.names_back
        )
        return nearness if is_follow_up else 0.0

    def _of(self, story: str) -> _Told:
        if story not in self._told:
            places = self._by_story[story]
            if len(places) > _TOLD_BY:
                places = [*places[: _TOLD_BY // 2], *places[-_TOLD_BY // 2 :]]
            self._told[story] = _told(self._likeness, places)
        return self._told[story]

    def _names(self, story: _Told, other: _Told) -> frozenset[str]:
        """Return the names that stand out in *story*; *other* helps to tell what is a name."""

        def is_name(term: str) -> bool:
            capitals = story.capitals[term] + other.capitals[term]
            return capitals >= _NAME_SHARE * (capitals + story.plain[term] + other.plain[term])

        return frozenset(term for term in story.stands_out if story.capitals[term] and is_name(term))

    def _missing(self, wanted: frozenset[str], there: _Told) -> float:
        """Return the share of *wanted*, by how rare they are, that *there* never mentions; 0.0 when there are none."""
        weights = {term: self._likeness.rarity(term) for term in sorted(wanted)}
        total = math.fsum(weights.values())
        return (
            math.fsum(weight for term, weight in weights.items() if term not in there.total) / total if total else 0.0
        )


def _told(likeness: Likeness, places: Sequence[int]) -> _Told:
    total: dict[str, float] = {}
    capitals: Counter[str] = Counter()
    plain: Counter[str] = Counter()
    stands_out: set[str] = set()
    subjects: Counter[str] = Counter()
    for place in places:
        counts = likeness.counts(place)
        title, text = _texts(likeness.items[place])
        for term, weight in likeness.vector(place).items():
            total[term] = total.get(term, 0.0) + weight
        with_capital, without = cased(title, text)
        capitals.update(with_capital)
        plain.update(without)
        stands_out |= {term for term, count in counts.items() if count >= _STANDS_OUT}
        subjects.update({term for term in terms(title) if counts[term] >= _COMES_BACK})
    length = math.sqrt(math.fsum(weight * weight for weight in total.values()))
    about = frozenset(term for term, count in subjects.items() if 2 * count >= len(places))
    return _Told(total, length, capitals, plain, frozenset(stands_out), about)


def _texts(item: Item) -> tuple[str, str]:
    return item.article.title, item.article.article_body or item.article.excerpt
