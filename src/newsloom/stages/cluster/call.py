"""The decisions: which story an item joins, which stories are one after all, which are two, and who does not belong."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from newsloom.model.item import StoryChoice
from newsloom.ports.deciding import StoryConstraints, StoryDecisions
from newsloom.stages.cluster import learned
from newsloom.stages.cluster.gathering import Gathering
from newsloom.stages.cluster.likeness import Likeness, compare
from newsloom.stages.cluster.options import ClusterOptions
from newsloom.stages.cluster.parting import halves, nearest, telling
from newsloom.stages.cluster.pool import Pool
from newsloom.stages.cluster.rules import Rules
from newsloom.stages.cluster.stories import Near, Stories, Story
from newsloom.stages.cluster.strands import Strands, bridges, centred

_WEIGHED = 4
"""So many near stories are weighed for an item; a few more show how crowded it is there."""
_SEEN = 8
_EDGES = 4
"""So many near stories of an item may turn out to be the same as its own."""
_NEWEST = 8
_FEW, _MANY = 600, 7_500


class Call:
    """One call: where everything stands, what people decided, and why each item is where it is."""

    def __init__(
        self,
        pool: Pool,
        meanings: NDArray[np.float32] | None,
        settled: int,
        options: ClusterOptions,
        constraints: StoryConstraints,
        *,
        is_multilingual: bool = False,
    ) -> None:
        self._pool, self._options, self._settled = pool, options, settled
        self._window = options.window / timedelta(days=1)
        # What one language's texts mean was learned with an embedder of that language; others serve between languages alone.
        self._bridged = meanings if is_multilingual else None
        meanings = None if is_multilingual else meanings
        self._stories = Stories(pool, meanings, window=self._window, neighbours=options.neighbours)
        self._strands = Strands()
        for index in range(settled):
            self.put(index, pool.items[index].story or "")
        self._rules = Rules(pool, self._stories, self._strands, constraints, settled)
        self._weights = options.weights or (learned.WORDS if meanings is None else learned.MEANING)
        crowd = math.log(min(max(int(np.count_nonzero(~pool.brief)), _FEW), _MANY) / _FEW)
        self._caution, self._merge_caution = (
            options.caution * crowd,
            options.merge_caution * crowd,
        )
        self._why: dict[int, tuple[float, tuple[str, ...]]] = {}
        self._doubtful: list[int] = []
        self._edges: dict[int, list[tuple[int, float]]] = {}
        self._gathered: set[int] = set()
        self._moved: dict[int, tuple[str, ...]] = {}

    def decide(self) -> StoryDecisions:
        """Place the fresh items, put stories together, take out what does not belong, and tell."""
        for index in range(self._settled, len(self._pool.items)):
            self.join(index)
        self._merge()
        self._leave()
        self._part()
        self._bridge()
        ids = self._rules.ids()
        return StoryDecisions(self._choices(ids), self._rules.revisions(ids, self._moved))

    def join(self, index: int) -> str:
        """Place item *index* and return its story: a person's choice, else the most probable one, else one of its own."""
        required = self._rules.required(index)
        weighed = self._weigh(index, self._stories.near(index, index, _SEEN))
        self._edges[index] = [(one.members[0][1], odds) for odds, one in weighed[:_EDGES]]
        if required is not None:
            self._why[index] = 1.0, ("decided",)
            return self.put(index, required)
        odds, best = self._best(index, weighed)
        if best is None or odds < self._options.join:
            return self.put(index, self._rules.new_id(index))
        if odds < self._options.join - self._options.leave:
            self._doubtful.append(index)
        self._explain(index, best)
        return self._stories.place(index, best.story.id).id

    def put(self, index: int, story: str) -> str:
        """Place item *index* in *story*, and return the strand of its language there."""
        strand = self._strands.of(story, int(self._pool.languages[index]))
        return self._stories.place(index, strand).id

    def compared(self, index: int) -> list[tuple[Likeness, bool, str]]:
        """Return how item *index* resembles each story near it, whether it only looks alike, and the story's id."""
        near = self._stories.near(index, index, _SEEN)
        found = compare(self._stories, index, near, _WEIGHED) if near else []
        return [(likeness, alike, one.story.id) for one, (likeness, alike) in zip(near, found, strict=False)]

    def _best(self, index: int, weighed: Sequence[tuple[float, Near]]) -> tuple[float, Near | None]:
        """Return the log odds and the story that item *index* most probably belongs to, of those a person lets it into."""
        best: tuple[float, Near | None] = (-np.inf, None)
        for odds, one in weighed:
            if odds > best[0] and not self._rules.keeps_out(index, one.story):
                best = odds, one
        return best

    def _weigh(self, index: int, near: Sequence[Near]) -> list[tuple[float, Near]]:
        """Return the log odds that item *index* belongs to each of the nearest stories, look-alikes left out."""
        if not near:
            return []
        compared = compare(self._stories, index, near, _WEIGHED)
        found = np.array([likeness for likeness, _ in compared]) @ self._weights.join
        if not self._pool.brief[index]:
            found -= self._caution
        return [
            (odds - self._options.ageing * self._days(index, one), one)
            for one, (_, is_look_alike), odds in zip(near, compared, found.tolist(), strict=False)
            if not is_look_alike
        ]

    def _merge(self) -> None:
        """Put together the stories that turn out to be one, the most probable first."""
        for part, whole in self.gathering().run(self._rules, self._strands):
            if part < self._settled:
                self._gathered.add(part)
                self._tell(self._stories.of[part].members, self._shared(part, whole))
            if part not in self._why and part >= self._settled:
                self._why[part] = (
                    round(min(1.0, self._pool.full.dots(part, [whole])[0]), 4),
                    self._shared(part, whole),
                )

    def _bridge(self) -> None:
        """Bind the strands of two languages that tell of one event; two that one language keeps apart are no story by way of another."""
        if self._bridged is None:
            return
        meanings = centred(self._bridged, self._pool.languages)
        fresh = range(self._settled, len(self._pool.items))
        for one, other in bridges(self._stories, meanings, fresh, self._options.bridge, self._window):
            if self._rules.may_bind(one, other) and not self._strands.spoken(one.id) & self._strands.spoken(other.id):
                self._strands.bind(one.id, other.id)

    def gathering(self) -> Gathering:
        """Return the stories of the fresh items, linked to those near them."""
        found = Gathering(
            self._stories,
            self._weights.kin,
            self._options.ageing,
            self._options.merge,
            self._merge_caution,
        )
        for index, linked in self._searched().items():
            for member, odds in linked:
                found.link(self._stories.of[index], self._stories.of[member], odds)
        return found

    def _searched(self) -> dict[int, list[tuple[int, float]]]:
        """Return for the fresh items, and the newest members of the stories near them, the items that stand for near stories."""
        touched = {self._stories.of[member].id for linked in self._edges.values() for member, _ in linked}
        for identifier in sorted(touched):
            for index in self._stories.by_id[identifier].members[-2:]:
                if index not in self._edges:
                    own = self._stories.of[index]
                    weighed = self._weigh(index, self._stories.near(index, len(self._pool.items), _SEEN))
                    others = [(one.members[0][1], odds) for odds, one in weighed if one.story is not own]
                    self._edges[index] = others[:_EDGES]
        return self._edges

    def _leave(self) -> None:
        """Take out the items that were placed in doubt and fit badly now; a better story takes them, or one of their own."""
        for index in self._doubtful:
            own = self._stories.of[index]
            if len(own.members) < 2 or self._rules.required(index) is not None:
                continue
            near = self._stories.near(index, len(self._pool.items), _SEEN)
            weighed = self._weigh(index, near)
            odds_here = max((odds for odds, one in weighed if one.story is own), default=-np.inf)
            if odds_here >= self._options.leave:
                continue
            odds, best = self._best(index, [pair for pair in weighed if pair[1].story is not own])
            self._stories.remove(index)
            if best is not None and odds >= self._options.join:
                self._explain(index, best)
                self._stories.place(index, best.story.id)
            else:
                self._why.pop(index, None)
                self.put(index, self._rules.new_id(index))

    def _part(self) -> None:
        """Part the stories of fresh items that have come apart into two, each well connected, that would not be put together.

        What this very call put together stays: one thing at a time.
        """
        together = {self._stories.of[index].id for index in self._gathered}
        grown = {self._stories.of[index].id for index in range(self._settled, len(self._pool.items))}
        waiting = sorted(grown - together, reverse=True)
        while waiting:
            story = self._stories.by_id[waiting.pop()]
            found = halves(self._stories, story) if self._rules.may_part(story) else None
            if found is None:
                continue
            leaving = self._rules.leaving(story, *found)
            stays, leaves = self._stories.part(story, leaving)
            if self._runs_on(stays, leaves) or self._kin(stays, leaves) >= self._options.part:
                self._stories.restore(story, leaves)
                continue
            self._tell(leaving, telling(self._pool, leaves, stays))
            language = max(int(self._pool.languages[index]) for index in leaving)
            self._stories.rename(leaves, self._strands.of(self._rules.new_id(leaving[0]), language))
            waiting += [stays.id, leaves.id]

    def _tell(self, members: Sequence[int], words: tuple[str, ...]) -> None:
        """Remember the words for which *members* move."""
        self._moved.update(dict.fromkeys(members, words))

    def _runs_on(self, one: Story, other: Story) -> bool:
        """Return True when the one was over before the other began: a story that runs on finds other words day by day."""
        days = self._pool.days
        spans = [[days[index] for index in story.members] for story in (one, other)]
        return max(map(min, spans)) > min(map(max, spans))

    def _kin(self, one: Story, other: Story) -> float:
        """Return the log odds that *one* and *other* are one story, by what they tell; time and company left aside."""
        found = Gathering(self._stories, self._weights.kin, 0.0, 0.0, 0.0)
        for mine, there in ((one, other), (other, one)):
            for index in nearest(self._stories, mine, there):
                for near_odds, near in self._weigh(index, self._stories.near(index, len(self._pool.items), _SEEN)):
                    found.link(mine, near.story, near_odds)
        return found.odds(one, other)

    def _days(self, index: int, near: Near) -> float:
        """Return the days between item *index* and the member of a story nearest to it in time, among the newest and the nearest."""
        members = [*near.story.members[-_NEWEST:], near.members[0][1]]
        seen = self._pool.days
        return min(abs(seen[member] - seen[index]) for member in members if member != index)

    def _explain(self, index: int, near: Near) -> None:
        self._why[index] = (
            round(min(1.0, near.nearness), 4),
            self._shared(index, near.members[0][1]),
        )

    def _shared(self, index: int, other: int) -> tuple[str, ...]:
        """Return the five words that weigh most in the likeness of items *index* and *other*."""
        ids, weights = self._pool.full.row(other)
        there = dict(zip(ids.tolist(), weights.tolist(), strict=True))
        ids, weights = self._pool.full.row(index)
        found = [
            (-weight * there[term], place, term)
            for place, (term, weight) in enumerate(zip(ids.tolist(), weights.tolist(), strict=True))
            if term in there
        ]
        return tuple(self._pool.lexicon.words[term] for _, _, term in sorted(found)[:5])

    def _choices(self, ids: Mapping[int, str]) -> tuple[StoryChoice, ...]:
        opened = set(self._rules.known)
        found = []
        for index in range(self._settled, len(self._pool.items)):
            story = ids[index]
            similarity, evidence = self._why.get(index, (0.0, ()))
            opens = story not in opened
            if opens and evidence != ("decided",):
                similarity, evidence = 0.0, ()
            opened.add(story)
            found.append(StoryChoice(self._pool.items[index].id, story, opens, similarity, evidence))
        return tuple(found)
