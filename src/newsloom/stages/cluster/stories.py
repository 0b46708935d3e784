"""Stories while they grow: sums of their members' vectors, and the few that an item or a story is near to."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from newsloom.stages.cluster.pool import Pool

Terms = Mapping[int, float]
_NAMED = 12
"""So many members tell what a story names."""
_MEASURED = 12
"""So many stories, those of the nearest members, are measured as a whole."""
_NAMELESS = "?"
_NEXT_OF_KIN = 8
"""So many of an item's nearest by meaning are looked at."""


@dataclass(slots=True)
class Story:
    """A story: the sum of its members' vectors, its squared length, and their indexes in order."""

    id: str
    members: list[int] = field(default_factory=list)
    total: dict[int, float] = field(default_factory=dict)
    square: float = 0.0
    meaning: NDArray[np.float32] | None = None
    names: Terms | None = None
    subjects_told: Terms | None = None

    @property
    def cohesion(self) -> float:
        """Return the mean cosine between two members; 0.0 for one alone."""
        size = len(self.members)
        return (self.square - size) / (size * (size - 1)) if size > 1 else 0.0


@dataclass(frozen=True, slots=True)
class Near:
    """A story near an item, without the item itself should it be a member.

    `members` are those nearest, with their cosines; `nearness` is the mean of the cosines to the nearest and to the centroid.
    """

    story: Story
    members: Sequence[tuple[float, int]]
    nearness: float
    centroid: float
    mean: float
    cohesion: float
    size: int


class Stories:
    """Where every item of a pool stands. Items are placed, moved, and stories put together."""

    def __init__(
        self,
        pool: Pool,
        meanings: NDArray[np.float32] | None,
        *,
        window: float,
        neighbours: int,
    ) -> None:
        self.pool, self.meanings = pool, meanings
        self.by_id: dict[str, Story] = {}
        self.of: dict[int, Story] = {}
        self._window, self._neighbours = window, neighbours

    def place(self, index: int, identifier: str) -> Story:
        """Make item *index* a member of the story with *identifier*, new when there is none."""
        story = self.by_id.get(identifier)
        if story is None:
            story = self.by_id[identifier] = Story(identifier)
        self._add(story, index)
        return story

    def remove(self, index: int) -> None:
        """Take item *index* out of its story; a story without members is no more."""
        story = self.of.pop(index)
        story.members.remove(index)
        story.names = story.subjects_told = None
        total = story.total
        overlap = square = 0.0
        for term, weight in zip(*self._row(index), strict=True):
            left = total[term] - weight
            square += weight * weight
            if left < 1e-5:
                del total[term]
            else:
                total[term] = left
                overlap += left * weight
        story.square -= 2 * overlap + square
        if self.meanings is not None and story.meaning is not None:
            story.meaning = story.meaning - self.meanings[index]
        if not story.members:
            del self.by_id[story.id]

    def merge(self, part: Story, whole: Story) -> None:
        """Make all members of *part* members of *whole*; *part* is no more."""
        small, large = sorted((part.total, whole.total), key=len)
        overlap = sum(weight * large[term] for term, weight in small.items() if term in large)
        for term, weight in part.total.items():
            whole.total[term] = whole.total.get(term, 0.0) + weight
        whole.square += part.square + 2 * overlap
        whole.members = sorted(whole.members + part.members)
        whole.names = whole.subjects_told = None
        if whole.meaning is not None and part.meaning is not None:
            whole.meaning = whole.meaning + part.meaning
        for index in part.members:
            self.of[index] = whole
        del self.by_id[part.id]

    def part(self, story: Story, leaving: Sequence[int]) -> tuple[Story, Story]:
        """Put the members *leaving* into a new story, still without a name; return what stays of *story*, and the new one.

        *story* itself is left as it is, so that `restore` can bring it back.
        """
        gone = frozenset(leaving)
        parts = Story(story.id), Story(_NAMELESS)
        for part in parts:
            self.by_id[part.id] = part
        for index in story.members:
            self._add(parts[index in gone], index)
        return parts

    def restore(self, story: Story, parted: Story) -> None:
        """Bring *story* back as it was before *parted* was made of some of its members."""
        del self.by_id[parted.id]
        self.by_id[story.id] = story
        for index in story.members:
            self.of[index] = story

    def rename(self, story: Story, identifier: str) -> None:
        """Give *story* the id *identifier*, which no other has."""
        del self.by_id[story.id]
        story.id = identifier
        self.by_id[identifier] = story

    def near(self, index: int, before: int, limit: int) -> list[Near]:
        """Return up to *limit* stories among the first *before* items that are near item *index*, nearest first."""
        others = self.pool.neighbours(index, self._neighbours, self._window, is_ahead_only=before == index)
        others += self._kin(index, before, others)
        if not others:
            return []
        grouped: dict[str, tuple[Story, list[tuple[float, int]]]] = {}
        for other, cosine in zip(others, self.pool.full.dots(index, others), strict=True):
            story = self.of[other]
            grouped.setdefault(story.id, (story, []))[1].append((cosine, other))
        row = dict(zip(*self._row(index), strict=True))
        own = self.of.get(index)
        closest = sorted(grouped.values(), key=lambda group: (-max(group[1])[0], group[0].members[0]))[:_MEASURED]
        found = [self._measured(row, story, members, story is own) for story, members in closest]
        found.sort(key=lambda near: (-near.nearness, near.story.members[0]))
        return found[:limit]

    def names(self, story: Story) -> Terms:
        """Return what *story* names, each by its greatest weight in one of the newest members."""
        if story.names is None:
            found: dict[int, float] = {}
            for index in story.members[-_NAMED:]:
                for term, weight in self.pool.named(index).items():
                    if weight > found.get(term, 0.0):
                        found[term] = weight
            story.names = found
        return story.names

    def subjects(self, story: Story) -> Terms:
        """Return what *story* is about: subjects of half of its newest members or more, weighted by how many and how rare."""
        if story.subjects_told is None:
            members = story.members[-_NAMED:]
            told = Counter(term for index in members for term in self.pool.subjects(index))
            story.subjects_told = {
                term: count * float(self.pool.weights[term]) ** 2
                for term, count in told.items()
                if 2 * count >= len(members)
            }
        return story.subjects_told

    def _row(self, index: int) -> tuple[list[int], list[float]]:
        ids, weights = self.pool.full.row(index)
        return ids.tolist(), weights.tolist()

    def _add(self, story: Story, index: int) -> None:
        total = story.total
        overlap = square = 0.0
        for term, weight in zip(*self._row(index), strict=True):
            before = total.get(term, 0.0)
            overlap += before * weight
            square += weight * weight
            total[term] = before + weight
        story.square += 2 * overlap + square
        story.members.append(index)
        if len(story.members) > 1 and story.members[-2] > index:
            story.members.sort()
        story.names = story.subjects_told = None
        if self.meanings is not None:
            meaning = self.meanings[index]
            story.meaning = meaning.copy() if story.meaning is None else story.meaning + meaning
        self.of[index] = story

    def _kin(self, index: int, before: int, besides: Sequence[int]) -> list[int]:
        """Return the items nearest to item *index* by meaning that are not among *besides*."""
        if self.meanings is None or not before:
            return []
        likeness = self.meanings[:before] @ self.meanings[index]
        limit = min(_NEXT_OF_KIN + 1, before)
        best = np.argpartition(-likeness, limit - 1)[:limit]
        best = best[self.pool.in_reach(index, best, self._window)]
        order = np.lexsort((best, -likeness[best]))
        return [int(other) for other in best[order][:_NEXT_OF_KIN] if int(other) not in besides]

    @staticmethod
    def _measured(
        row: Mapping[int, float],
        story: Story,
        members: list[tuple[float, int]],
        is_own: bool,
    ) -> Near:
        total, size, square = story.total, len(story.members), story.square
        cohesion = story.cohesion
        if len(members) == size:
            dot = sum(cosine for cosine, _ in members)
        else:
            dot = sum([weight * total[term] for term, weight in row.items() if term in total])
        if is_own:
            self_dot = sum(weight * weight for weight in row.values())
            dot, size = dot - self_dot, size - 1
            square -= 2 * dot + self_dot
            cohesion = (square - size) / (size * (size - 1)) if size > 1 else 0.0
        members.sort(key=lambda pair: (-pair[0], pair[1]))
        centroid = max(0.0, dot) / math.sqrt(square) if square > 1e-9 else 0.0
        return Near(
            story,
            members,
            (members[0][0] + centroid) / 2,
            centroid,
            dot / max(1, size),
            cohesion,
            size,
        )
