"""One story in several languages: a strand for each, compared with items of its language only, and what binds them together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from newsloom.stages.cluster.likeness import share_facts
from newsloom.stages.cluster.pool import Pool
from newsloom.stages.cluster.stories import Stories, Story

_ACCUSTOMED = 10
"""A language's mean is trusted like that of so many items more of all languages."""


class Strands:
    """Which strands are one story. A story's first language bears its id, further ones an id of their own behind it."""

    def __init__(self) -> None:
        self._language: dict[str, int] = {}
        self._story: dict[str, str] = {}
        self._above: dict[str, str] = {}
        self._spoken: dict[str, set[int]] = {}

    def of(self, story: str, language: int) -> str:
        """Return the strand of *story* in *language*; what has no known language is with the first."""
        self._story.setdefault(story, story)
        first = self._language.get(story) or language
        self._language[story] = first
        self._spoken.setdefault(story, set())
        self._spoken[self.story(story)].add(language)
        if not language or language == first:
            return story
        strand = f"{story}/{language}"
        self._story[strand] = story
        self._spoken.setdefault(strand, set())
        self.bind(strand, story)
        return strand

    def named(self, strand: str) -> str:
        """Return the id of the story that *strand* was opened as a part of."""
        return self._story[strand]

    def all(self) -> Collection[str]:
        """Return every strand there ever was, in the order in which they were opened."""
        return self._story

    def bind(self, one: str, other: str) -> None:
        """Make the stories of strands *one* and *other* one story."""
        one, other = self.story(one), self.story(other)
        if one != other:
            self._above[one] = other
            self._spoken[other] |= self._spoken[one]

    def spoken(self, strand: str) -> frozenset[int]:
        """Return the languages of the story that *strand* is part of; 0 is one that is unknown."""
        return frozenset(self._spoken[self.story(strand)])

    def story(self, strand: str) -> str:
        """Return what all strands of one story have in common: one of them."""
        top = strand
        while top in self._above:
            top = self._above[top]
        while strand != top:
            self._above[strand], strand = top, self._above[strand]
        return top


def centred(meanings: NDArray[np.float32], languages: NDArray[np.int32]) -> NDArray[np.float32]:
    """Return *meanings* less what all items of their language have in common, of length 1 again.

    Texts of one language lie close together whatever they tell; without their mean, cosines of several models, and of several
    pairs of languages, come near to one scale.
    """
    common = meanings.mean(axis=0)
    left = meanings.astype(np.float32, copy=True)
    for language in np.unique(languages).tolist():
        mine = languages == language
        left[mine] -= (meanings[mine].sum(axis=0) + _ACCUSTOMED * common) / (int(mine.sum()) + _ACCUSTOMED)
    length = np.linalg.norm(left, axis=1, keepdims=True)
    # A text without a known word means nothing, which is not the same as the mean.
    known = np.linalg.norm(meanings, axis=1, keepdims=True) > 0
    return np.where(known, left / np.maximum(length, 1e-9), 0.0).astype(np.float32)


def bridges(
    stories: Stories, meanings: NDArray[np.float32], fresh: Iterable[int], least: float, window: float
) -> list[tuple[Story, Story]]:
    """Return the strands of two languages that tell of one event, the surest first, where one of them has a *fresh* item.

    Each is the other's nearest among those of its language, by the cosine of their sums, which is at least *least*; they were
    seen within *window* days; and a name or number of the one stands in the other.
    """
    alive = sorted(stories.by_id.values(), key=lambda story: story.members[0])
    if not alive:
        return []
    pool = stories.pool
    place = {story.id: number for number, story in enumerate(alive)}
    sums = np.array([meanings[story.members].sum(axis=0) for story in alive])
    sums /= np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    spoken = np.array([_language(pool, story) for story in alive])
    starts = np.array([pool.seen[story.members].min() for story in alive])
    ends = np.array([pool.seen[story.members].max() for story in alive])

    def nearest(mine: int) -> Mapping[int, tuple[int, float]]:
        """Return for each other language the nearest strand in it, and the cosine."""
        cosines = sums @ sums[mine]
        apart = np.maximum(starts - ends[mine], starts[mine] - ends)
        cosines[(apart > window) | (spoken == spoken[mine]) | (spoken == 0)] = -1.0
        found = {}
        for language in np.unique(spoken[cosines >= least]).tolist():
            of_it = np.where(spoken == language, cosines, -1.0)
            best = int(np.argmax(of_it))
            found[language] = best, float(of_it[best])
        return found

    near: dict[int, Mapping[int, tuple[int, float]]] = {}
    found = {}
    for mine in sorted({place[stories.of[index].id] for index in fresh}):
        if not spoken[mine]:
            continue
        near.setdefault(mine, nearest(mine))
        for other, cosine in near[mine].values():
            if other not in near:
                near[other] = nearest(other)
            is_mutual = near[other].get(int(spoken[mine]), (-1, 0.0))[0] == mine
            if is_mutual and share_facts(stories, alive[mine], alive[other]):
                found[min(mine, other), max(mine, other)] = cosine
    ranked = sorted(found, key=lambda pair: (-found[pair], pair))
    return [(alive[one], alive[other]) for one, other in ranked]


def _language(pool: Pool, story: Story) -> int:
    """Return the language of *story*, 0 when unknown."""
    return max(int(pool.languages[index]) for index in story.members)
