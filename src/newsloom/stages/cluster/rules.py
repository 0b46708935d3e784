"""What people decided, and what ids stories keep: obeyed by every join, merge and split."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

from newsloom.model.item import StoryRevision, story_id
from newsloom.ports.deciding import StoryConstraints
from newsloom.stages.cluster.likeness import look_alikes
from newsloom.stages.cluster.pool import Pool
from newsloom.stages.cluster.stories import Stories, Story
from newsloom.stages.cluster.strands import Strands


class Rules:
    """The constraints of one call, by index, and the stories there were before it."""

    def __init__(
        self, pool: Pool, stories: Stories, strands: Strands, constraints: StoryConstraints, settled: int
    ) -> None:
        self._pool, self._stories, self._strands = pool, stories, strands
        self._constraints = constraints
        self.before = {index: pool.items[index].story or "" for index in range(settled)}
        self.known = Counter(self.before.values())
        self._first: dict[str, int] = {}
        for index, story in self.before.items():
            self._first.setdefault(story, index)
        places = {item.id: index for index, item in enumerate(pool.items)}
        self._apart = [
            (places[one], places[other]) for one, other in constraints.apart if one in places and other in places
        ]
        self._fixed = frozenset(constraints.must.values())

    def required(self, index: int) -> str | None:
        """Return the story that a person put item *index* in."""
        return self._constraints.must.get(self._pool.items[index].id)

    def keeps_out(self, index: int, story: Story) -> bool:
        """Return True when a person keeps item *index* and a member of *story*, in any language, apart."""
        others = [pair[pair[0] == index] for pair in self._apart if index in pair]
        return any(self._whole(other) == self._strands.story(story.id) for other in others)

    def may_merge(self, one: Story, other: Story) -> bool:
        """Return True unless people, names or languages keep the two stories apart; one that a person made stays as it is."""
        spoken = [{int(self._pool.languages[index]) for index in story.members} - {0} for story in (one, other)]
        if spoken[0] and spoken[1] and not spoken[0] & spoken[1]:
            return False
        return self.may_bind(one, other) and not look_alikes(self._stories, one, other)

    def may_part(self, story: Story) -> bool:
        """Return True unless a person made *story* what it is."""
        return not self._fixed & {self._strands.story(story.id), self._strands.named(story.id)}

    def leaving(self, story: Story, one: Sequence[int], other: Sequence[int]) -> Sequence[int]:
        """Return the half of *story* that gets a new id.

        The id stays with the half that has more of those that stood in the story before; else with the larger, else with the older.
        """
        name = self._strands.named(story.id)

        def rank(half: Sequence[int]) -> tuple[int, int, int]:
            return sum(self.before.get(index) == name for index in half), len(half), -half[0]

        return other if rank(one) >= rank(other) else one

    def may_bind(self, one: Story, other: Story) -> bool:
        """Return True unless people keep the two stories apart, whatever their languages."""
        whole, whole_other = self._strands.story(one.id), self._strands.story(other.id)
        if self._fixed & {whole, whole_other, self._strands.named(one.id), self._strands.named(other.id)}:
            return False
        return not any({self._whole(a), self._whole(b)} == {whole, whole_other} for a, b in self._apart)

    def _whole(self, index: int) -> str | None:
        """Return what the strands of item *index*'s story have in common, None before it is placed."""
        story = self._stories.of.get(index)
        return None if story is None else self._strands.story(story.id)

    def keeps_id(self, one: Story, other: Story) -> bool:
        """Return True when, put together, the two bear the id of *one*: one that was known first, then the larger, then the older."""
        return self._rank(self._strands.named(one.id)) >= self._rank(self._strands.named(other.id))

    def _rank(self, story: str) -> tuple[bool, int, int]:
        return story in self.known, self.known[story], -self._first.get(story, len(self._pool.items))

    def new_id(self, index: int) -> str:
        """Return the id of the story that item *index* opens; a decided split or merge may have taken its plain one."""
        item = self._pool.items[index]
        identifier = story_id(item.id)
        for length in range(13, len(item.id) + 1):
            if identifier not in self._first and identifier not in self._strands.all():
                break
            identifier = "s" + item.id[:length]
        self._first.setdefault(identifier, index)
        return identifier

    def ids(self) -> dict[int, str]:
        """Return the story that each item stands in at last: of the ids of its strands the one that `keeps_id` would choose."""
        best: dict[str, str] = {}
        for strand in self._strands.all():
            story, whole = self._strands.named(strand), self._strands.story(strand)
            if whole not in best or self._rank(story) > self._rank(best[whole]):
                best[whole] = story
        return {index: best[self._strands.story(story.id)] for index, story in self._stories.of.items()}

    def revisions(self, ids: Mapping[int, str], words: Mapping[int, tuple[str, ...]]) -> tuple[StoryRevision, ...]:
        """Return the known items that are elsewhere by *ids*. A story all of whose old members moved alike was merged."""
        alive = frozenset(ids.values())
        found = []
        for index, before in self.before.items():
            if ids[index] != before:
                kind: Literal["merged", "split"] = "split" if before in alive else "merged"
                item = self._pool.items[index].id
                found.append(StoryRevision(item, before, ids[index], kind, words.get(index, ())))
        return tuple(found)
