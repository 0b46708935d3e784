"""What people decided, and what ids stories keep: obeyed by every join, merge and split."""

from __future__ import annotations

from collections import defaultdict
from typing import Literal

from newsloom.model.item import StoryRevision, story_id
from newsloom.ports.deciding import StoryConstraints
from newsloom.stages.cluster.likeness import look_alikes
from newsloom.stages.cluster.pool import Pool
from newsloom.stages.cluster.stories import Stories, Story


class Rules:
    """The constraints of one call, by index, and the stories there were before it."""

    def __init__(self, pool: Pool, stories: Stories, constraints: StoryConstraints, settled: int) -> None:
        self._pool, self._stories, self._settled = pool, stories, settled
        self._constraints = constraints
        self.before = {index: stories.of[index].id for index in range(settled)}
        self.known = frozenset(self.before.values())
        places = {item.id: index for index, item in enumerate(pool.items)}
        self._apart: dict[int, set[int]] = defaultdict(set)
        for one, other in constraints.apart:
            if one in places and other in places:
                self._apart[places[one]].add(places[other])
                self._apart[places[other]].add(places[one])
        self._fixed = frozenset(constraints.must.values())

    def required(self, index: int) -> str | None:
        """Return the story that a person put item *index* in."""
        return self._constraints.must.get(self._pool.items[index].id)

    def keeps_out(self, index: int, story: Story) -> bool:
        """Return True when a person keeps item *index* and a member of *story* apart."""
        apart = self._apart.get(index)
        return bool(apart) and any(self._stories.of.get(other) is story for other in apart or ())

    def may_merge(self, one: Story, other: Story) -> bool:
        """Return True unless people, names or languages keep the two stories apart; one that a person made stays as it is."""
        if one.id in self._fixed or other.id in self._fixed:
            return False
        if any(self.keeps_out(index, other) for index in one.members):
            return False
        spoken = [{int(self._pool.languages[index]) for index in story.members} - {0} for story in (one, other)]
        if spoken[0] and spoken[1] and not spoken[0] & spoken[1]:
            return False
        return not look_alikes(self._stories, one, other)

    def keeps_id(self, one: Story, other: Story) -> bool:
        """Return True when, put together, the two bear the id of *one*: one that was known first, then the larger, then the older."""
        return self._rank(one) >= self._rank(other)

    def _rank(self, story: Story) -> tuple[bool, int, int]:
        is_known = story.id in self.known
        size = sum(1 for index in story.members if index < self._settled) if is_known else 0
        return is_known, size, -story.members[0]

    def new_id(self, index: int) -> str:
        """Return the id of the story that item *index* opens; a decided split or merge may have taken its plain one."""
        item = self._pool.items[index]
        identifier = story_id(item.id)
        for length in range(13, len(item.id) + 1):
            if identifier not in self._stories.by_id:
                break
            identifier = "s" + item.id[:length]
        return identifier

    def revisions(self) -> tuple[StoryRevision, ...]:
        """Return the known items that are elsewhere now. A story all of whose old members moved alike was merged."""
        moved = {}
        for index, before in self.before.items():
            after = self._stories.of[index].id
            if after != before:
                moved[index] = before, after
        found = []
        for index, (before, after) in moved.items():
            kind: Literal["merged", "split"] = "split" if before in self._stories.by_id else "merged"
            found.append(StoryRevision(self._pool.items[index].id, before, after, kind))
        return tuple(found)
