"""Two halves of a story that may have come apart: which members are on which side."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from newsloom.stages.cluster.pool import Pool
from newsloom.stages.cluster.stories import Stories, Story

_LOOKED_AT = 100
"""So many of a story's newest members are told apart; older ones follow those they are nearest to."""
_BRINGING = 2
"""So many members of each half are weighed for the other."""
LEAST = 2
"""Each half has so many members or more: a single one that fits badly is no story that came apart."""


def halves(stories: Stories, story: Story) -> tuple[list[int], list[int]] | None:
    """Return the members of *story* in the two groups that have least in common, each in order; None when there are none.

    Average linkage: the members nearest to each other are put together, again and again, and the last two groups are the
    halves. What joins last alone is set aside, and stands with the half it is nearer to. Cost: O(n²), n being 100 at most.
    """
    members = story.members
    if len(members) < 2 * LEAST:
        return None
    looked_at, older = members[-_LOOKED_AT:], members[:-_LOOKED_AT]
    cosines = _cosines(stories.pool, looked_at)
    groups = _last_groups(cosines)
    if groups is None:
        return None
    found: tuple[list[int], list[int]] = ([], [])
    seeds = [np.array(group) for group in groups]
    for place, index in enumerate(looked_at):
        sides = [place in group for group in groups]
        nearer = (
            sides.index(True) if any(sides) else int(cosines[place, seeds[1]].mean() > cosines[place, seeds[0]].mean())
        )
        found[nearer].append(index)
    for index in older:
        means = [float(np.mean(stories.pool.full.dots(index, half[-LEAST * 4 :]))) for half in found]
        found[int(means[1] > means[0])].append(index)
    return sorted(found[0]), sorted(found[1])


def nearest(stories: Stories, story: Story, other: Story) -> list[int]:
    """Return the members of *story* that are nearest to *other*: who would bring the two together."""
    total = other.total
    found = []
    for index in story.members[-_LOOKED_AT:]:
        ids, weights = stories.pool.full.row(index)
        dot = sum(weight * total.get(term, 0.0) for term, weight in zip(ids.tolist(), weights.tolist(), strict=True))
        found.append((-dot, index))
    return [index for _, index in sorted(found)[:_BRINGING]]


def telling(pool: Pool, story: Story, other: Story) -> tuple[str, ...]:
    """Return the five words that tell *story* from *other* most."""
    size, others = len(story.members), len(other.members)
    ahead = {term: weight / size - other.total.get(term, 0.0) / others for term, weight in story.total.items()}
    return tuple(pool.lexicon.words[term] for term in sorted(ahead, key=lambda term: (-ahead[term], term))[:5])


def _cosines(pool: Pool, members: list[int]) -> NDArray[np.float64]:
    found = np.array([pool.full.dots(index, members) for index in members], np.float64)
    np.fill_diagonal(found, 0.0)
    return (found + found.T) / 2


def _last_groups(cosines: NDArray[np.float64]) -> tuple[list[int], list[int]] | None:
    """Return the two groups of places, each of `LEAST` or more, that average linkage would put together last."""
    count = len(cosines)
    sums, sizes = cosines.copy(), np.ones(count)
    groups: dict[int, list[int]] = {place: [place] for place in range(count)}
    best: tuple[list[int], list[int]] | None = None
    while len(groups) > 1:
        alive = np.array(sorted(groups))
        means = sums[np.ix_(alive, alive)] / np.outer(sizes[alive], sizes[alive])
        np.fill_diagonal(means, -1.0)
        first, second = divmod(int(np.argmax(means)), len(alive))
        one, other = int(alive[min(first, second)]), int(alive[max(first, second)])
        if min(len(groups[one]), len(groups[other])) >= LEAST:
            best = groups[one], groups[other]
        sums[one] += sums[other]
        sums[:, one] += sums[:, other]
        sizes[one] += sizes[other]
        groups[one] = groups[one] + groups.pop(other)
    return best
