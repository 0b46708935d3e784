"""The decisions: which story an item joins, which stories are one after all, and who does not belong."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from newsloom.model.item import Item, StoryChoice
from newsloom.ports.deciding import StoryConstraints, StoryDecisions
from newsloom.ports.embedding import Embedder
from newsloom.stages.cluster import learned
from newsloom.stages.cluster.gathering import Gathering
from newsloom.stages.cluster.likeness import Likeness, Weights, compare
from newsloom.stages.cluster.pool import Pool
from newsloom.stages.cluster.reading import Lexicon, Reading, read
from newsloom.stages.cluster.rules import Rules
from newsloom.stages.cluster.stories import Near, Stories
from newsloom.stages.cluster.strands import Strands, bridges, centred


@dataclass(frozen=True, slots=True)
class ClusterOptions:
    """How stories are woven.

    Attributes:
        window: an item joins a story only when a member was seen within this time of it, before or after.
        join: log odds from which an item joins; higher splits more, 0 is as likely as not.
        merge: log odds from which two stories are put together.
        leave: log odds below which an item is taken out of its story again.
        ageing: log odds taken off for each day between the item and the story, or two stories: reports of one event come close
            together. Not learned, for in the labelled sets time gives the label away.
        caution, merge_caution: log odds taken off a join, and a merge, each time the number of items with a text grows e-fold beyond
            600, up to 7,500: among many, strangers come near by chance. Headlines alone are not held to it.
        bridge: cosine by meaning, less what each language's items have in common, from which stories of two languages are one.
        key_terms: how many of an item's weightiest words are looked up.
        neighbours: how many stored items are compared exactly.
        weights: how much each likeness counts; None: what was learned, with or without an embedder.
    """

    window: timedelta = timedelta(days=5)
    join: float = 0.0
    merge: float = -0.3
    leave: float = -2.5
    ageing: float = 0.5
    caution: float = 0.6
    merge_caution: float = 1.2
    bridge: float = 0.45
    key_terms: int = 12
    neighbours: int = 24
    weights: Weights | None = None


_WEIGHED = 4
"""So many near stories are weighed for an item; a few more show how crowded it is there."""
_SEEN = 8
_EDGES = 4
"""So many near stories of an item may turn out to be the same as its own."""
_NEWEST = 8
_EMBEDDED_CHARACTERS = 600
_FEW, _MANY = 600, 7_500
_LEXICON_TERMS = 2_000_000


class StreamClusterer:
    """Weaves stories by what was learned from labelled ones, streaming; with an embedder by meaning too. Not thread-safe.

    Words are weighed by all items given, smoothed by a background of everyday words. Items are placed one after the other; then
    stories that look like one in the light of all items are put together, and items that fit badly are taken out.
    What was read of an item is kept until the next call; results do not depend on it. Cost: about one millisecond per item.
    """

    def __init__(self, options: ClusterOptions | None = None, embedder: Embedder | None = None) -> None:
        self.options = options or ClusterOptions()
        self.embedder = embedder
        self._lexicon = Lexicon()
        self._read: dict[str, tuple[str, str, Reading]] = {}
        self._meant: dict[str, tuple[str, NDArray[np.float32]]] = {}

    def stories(
        self,
        fresh: Sequence[Item],
        known: Sequence[Item],
        constraints: StoryConstraints,
    ) -> StoryDecisions:
        """Return where each of *fresh* goes, in order, and which of *known* move; see `ports.deciding.Clusterer`."""
        if not fresh:
            return StoryDecisions(())
        settled = sorted(
            (item for item in known if item.story),
            key=lambda item: (item.first_seen, item.seen_at, item.id),
        )
        pool, meanings = self.arrays([*settled, *fresh])
        return Call(
            pool, meanings, len(settled), self.options, constraints, is_multilingual=_is_multilingual(self.embedder)
        ).decide()

    def arrays(self, items: Sequence[Item]) -> tuple[Pool, NDArray[np.float32] | None]:
        """Return *items* as arrays: their words, and their meanings where there is an embedder."""
        readings = self._readings(items)
        return Pool(items, readings, self._lexicon, self.options.key_terms), self._meanings(items)

    def _readings(self, items: Sequence[Item]) -> list[Reading]:
        """Return *items* read; those read for the last call are remembered."""
        if len(self._lexicon) > _LEXICON_TERMS:
            self._lexicon, self._read = Lexicon(), {}
        kept: dict[str, tuple[str, str, Reading]] = {}
        for item in items:
            title, text = (
                item.article.title,
                item.article.article_body or item.article.excerpt,
            )
            before = self._read.get(item.id)
            if before is None or before[0] != title or before[1] != text:
                before = title, text, read(title, text, self._lexicon)
            kept[item.id] = before
        self._read = kept
        return [kept[item.id][2] for item in items]

    def _meanings(self, items: Sequence[Item]) -> NDArray[np.float32] | None:
        if self.embedder is None:
            return None
        texts = {}
        for item in items:
            text = item.article.article_body or item.article.excerpt
            texts[item.id] = f"{item.article.title}. {text}"[:_EMBEDDED_CHARACTERS]
        wanted = [key for key, text in texts.items() if self._meant.get(key, ("",))[0] != text]
        rows = self.embedder.embed([texts[key] for key in wanted])
        fresh = {key: (texts[key], row) for key, row in zip(wanted, rows, strict=True)}
        self._meant = {key: fresh.get(key) or self._meant[key] for key in texts}
        return np.array([self._meant[item.id][1] for item in items], np.float32)


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

    def decide(self) -> StoryDecisions:
        """Place the fresh items, put stories together, take out what does not belong, and tell."""
        for index in range(self._settled, len(self._pool.items)):
            self.join(index)
        self._merge()
        self._leave()
        self._bridge()
        ids = self._rules.ids()
        return StoryDecisions(self._choices(ids), self._rules.revisions(ids))

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


def _is_multilingual(embedder: Embedder | None) -> bool:
    """Return whether *embedder* gives texts of several languages a common direction."""
    return embedder is not None and (embedder.languages is None or len(embedder.languages) > 1)
