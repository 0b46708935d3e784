"""Putting stories together: the most probable pair first, until no pair is probable enough."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from newsloom.stages.cluster.likeness import Kinship, kinship, mean_cosine
from newsloom.stages.cluster.rules import Rules
from newsloom.stages.cluster.stories import Stories, Story
from newsloom.stages.cluster.strands import Strands

_NO_ODDS = -6.0


class Gathering:
    """Stories linked to those that may be the same, and how near each is to each.

    Average linkage, but by learned log odds: Cost O(links · log links), a merge looks at the links of the two stories only.
    """

    def __init__(self, stories: Stories, weights: Sequence[float], ageing: float, cut: float, caution: float) -> None:
        self._stories, self._weights = stories, weights
        self._ageing, self._cut, self._caution = ageing, cut, caution
        self._links: dict[str, dict[str, tuple[float, float]]] = defaultdict(dict)
        self._version: dict[str, int] = defaultdict(int)
        self._heap: list[tuple[float, int, int, str, str, int, int]] = []

    def link(self, one: Story, other: Story, odds: float) -> None:
        """Say that a member of *one* belonged to *other*, or the other way round, with these log *odds*."""
        if one is not other:
            nearness, most = self._links[one.id].get(other.id) or (
                mean_cosine(one, other),
                odds,
            )
            self._links[one.id][other.id] = self._links[other.id][one.id] = (
                nearness,
                max(most, odds),
            )

    def odds(self, one: Story, other: Story) -> float:
        """Return the log odds that *one* and *other* are one story; what was not linked until now counts as far apart."""
        if other.id not in self._links[one.id]:
            self.link(one, other, _NO_ODDS)
        return self._odds(self._kinship(one, other), one, other)

    def pairs(self) -> Iterator[tuple[Story, Story, Kinship]]:
        """Yield every linked pair and how the two resemble each other."""
        for identifier, linked in list(self._links.items()):
            for other_id in linked:
                if identifier < other_id:
                    one, other = (
                        self._stories.by_id[identifier],
                        self._stories.by_id[other_id],
                    )
                    yield one, other, self._kinship(one, other)

    def run(self, rules: Rules, strands: Strands) -> Iterator[tuple[int, int]]:
        """Merge, and yield of each merge the first member of the part and of the whole."""
        for identifier, linked in list(self._links.items()):
            for other_id in linked:
                if identifier < other_id:
                    self._weigh(identifier, other_id)
        while self._heap:
            _, _, _, one_id, other_id, version, other_version = heapq.heappop(self._heap)
            if (self._version[one_id], self._version[other_id]) != (
                version,
                other_version,
            ):
                continue
            one, other = self._stories.by_id[one_id], self._stories.by_id[other_id]
            if not rules.may_merge(one, other):
                continue
            whole, part = (one, other) if rules.keeps_id(one, other) else (other, one)
            yield part.members[0], whole.members[0]
            self._stories.merge(part, whole)
            strands.bind(part.id, whole.id)
            self._relink(part.id, whole)

    def _relink(self, gone: str, whole: Story) -> None:
        self._version[gone] += 1
        self._version[whole.id] += 1
        links = self._links[whole.id]
        for other, (_, odds) in self._links.pop(gone).items():
            del self._links[other][gone]
            if other != whole.id:
                links[other] = (
                    0.0,
                    max(odds, links[other][1] if other in links else odds),
                )
        for other, (_, odds) in links.items():
            links[other] = self._links[other][whole.id] = (
                mean_cosine(whole, self._stories.by_id[other]),
                odds,
            )
        for other in self._links[whole.id]:
            self._weigh(whole.id, other)

    def _weigh(self, one_id: str, other_id: str) -> None:
        """Queue the pair when it is probable enough."""
        one, other = self._stories.by_id[one_id], self._stories.by_id[other_id]
        odds = self._odds(self._kinship(one, other), one, other)
        if odds >= self._cut:
            first, second = sorted((one, other), key=lambda story: story.members[0])
            versions = self._version[first.id], self._version[second.id]
            heapq.heappush(
                self._heap,
                (
                    -odds,
                    first.members[0],
                    second.members[0],
                    first.id,
                    second.id,
                    *versions,
                ),
            )

    def _odds(self, kin: Kinship, one: Story, other: Story) -> float:
        odds = float(np.array(kin) @ self._weights) - (0.0 if kin.brief else self._caution)
        return odds - self._ageing * self._days(one, other)

    def _kinship(self, one: Story, other: Story) -> Kinship:
        links = self._links[one.id], self._links[other.id]
        nearness, odds = links[0][other.id]
        thirds = [
            max(
                (link for key, link in linked.items() if key not in (one.id, other.id)),
                default=(0.0, _NO_ODDS),
            )
            for linked in links
        ]
        rival = max(
            max(
                (link[1] for key, link in linked.items() if key not in (one.id, other.id)),
                default=_NO_ODDS,
            )
            for linked in links
        )
        return kinship(
            self._stories, one, other,
            odds=odds, rival=max(rival, _NO_ODDS), crowd=(thirds[0][0] + thirds[1][0]) / 2, mutual=nearness >= max(thirds)[0],
        )  # fmt: skip

    def _days(self, one: Story, other: Story) -> float:
        """Return the days between the two stories: from the end of the earlier to the start of the later, 0 when they overlap."""
        days = self._stories.pool.days
        spans = [[days[index] for index in story.members] for story in (one, other)]
        return max(0.0, max(map(min, spans)) - min(map(max, spans)))
