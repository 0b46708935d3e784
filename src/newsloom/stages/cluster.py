"""Stories: items that report one event, joined as they arrive.

Each item is a vector of its weighted words. A fresh item looks up the stored items that share its weightiest words, compares
itself with the few stories they belong to, and joins the best one when it is near enough, and nearer than to everything else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from newsloom.model.item import Item, StoryChoice, story_id
from newsloom.ports.deciding import StoryConstraints
from newsloom.vocab.names import NamedText, NameSense, are_look_alikes, share_names, tell_apart
from newsloom.vocab.text import primary_language
from newsloom.vocab.vectors import TermWeights, Vector, count_terms, dot, norm


@dataclass(frozen=True, slots=True)
class ClusterOptions:
    """How stories are woven.

    Attributes:
        window: an item joins a story only when a member was seen within this time of it, before or after.
        threshold: nearness from which an item joins, in 0..1; higher splits more.
        crowding: how much the nearness to other stories counts against joining, 0 or more. It adapts one threshold to
            quiet and crowded subjects.
        disagreement: what is taken off the nearness when names and numbers tell the item and the story apart.
        agreement: what is added when the one's title names what stands out in the other.
        ageing: what is taken off the likeness for each day between the item and the story's newest members, for the story it
            may join and for those that crowd it: a story of last week neither attracts nor crowds today's.
        title_weight: how many times a word counts in the title.
        body_terms: how many words of excerpt and body are read.
        key_terms: how many of an item's weightiest words are looked up.
        neighbours: how many stored items are compared exactly.
    """

    window: timedelta = timedelta(days=5)
    threshold: float = 0.15
    crowding: float = 1.1
    disagreement: float = 0.12
    agreement: float = 0.03
    ageing: float = 0.07
    title_weight: float = 2.0
    body_terms: int = 250
    key_terms: int = 16
    neighbours: int = 24


@dataclass(slots=True)
class _Story:
    """A story while it grows: the sum of its members' vectors, and who they are."""

    id: str
    total: dict[str, float] = field(default_factory=dict)
    length: float = 0.0
    members: list[int] = field(default_factory=list)

    def add(self, index: int, vector: Vector) -> None:
        for term, weight in vector.items():
            self.total[term] = self.total.get(term, 0.0) + weight
        self.members.append(index)
        self.length = norm(self.total)


@dataclass(frozen=True, slots=True)
class _Near:
    """A story near an item: the mean of the cosines to its nearest member and to its centroid."""

    story: _Story
    similarity: float
    member: int


class TfidfClusterer:
    """Weaves stories by TF-IDF vectors, streaming. Holds no state between calls; safe to share.

    Word weights come from all items given, smoothed by a background of everyday words; the choice for an item depends on
    the items before it only. Cost: about one millisecond per item.
    """

    def __init__(self, options: ClusterOptions | None = None) -> None:
        self.options = options or ClusterOptions()

    def stories(
        self, fresh: Sequence[Item], known: Sequence[Item], constraints: StoryConstraints
    ) -> tuple[StoryChoice, ...]:
        """Return one choice for each of *fresh*, in order; see `ports.deciding.Clusterer`."""
        settled = sorted(
            (item for item in known if item.story), key=lambda item: (item.first_seen, item.seen_at, item.id)
        )
        weave = _Weave([*settled, *fresh], self.options)
        for index, item in enumerate(settled):
            weave.place(index, weave.story(item.story or ""))
        choices = []
        for index in range(len(settled), len(settled) + len(fresh)):
            choice = weave.choose(index, constraints)
            weave.place(index, weave.story(choice.story))
            choices.append(choice)
        return tuple(choices)


class _Weave:
    """One call's working state: the vectors of all items, an inverted index of those placed, and the stories they form."""

    def __init__(self, items: Sequence[Item], options: ClusterOptions) -> None:
        self._items = items
        self._options = options
        counts = [_counts(item, options) for item in items]
        weights = TermWeights.of(counts)
        self._languages = [primary_language(item.article.in_language) for item in items]
        texts = [(item.article.title, _text(item)) for item in items]
        self._texts = texts
        self._sense = NameSense.of(texts)
        self._vectors = [weights.vector(count) for count in counts]
        self._names: dict[int, NamedText] = {}
        self._stories: dict[str, _Story] = {}
        self._story_of: dict[int, _Story] = {}
        self._postings: dict[str, list[tuple[int, float]]] = {}

    def story(self, identifier: str) -> _Story:
        """Return the story with *identifier*, new when there is none."""
        return self._stories.setdefault(identifier, _Story(identifier))

    def place(self, index: int, story: _Story) -> None:
        """Make item *index* a member of *story*, findable by its weightiest words."""
        vector = self._vectors[index]
        story.add(index, vector)
        self._story_of[index] = story
        for term in self._key_terms(vector):
            self._postings.setdefault(term, []).append((index, vector[term]))

    def choose(self, index: int, constraints: StoryConstraints) -> StoryChoice:
        """Return where item *index* goes: where a person put it, else the nearest story, else one of its own."""
        item = self._items[index]
        required = constraints.must.get(item.id)
        if required is not None:
            return StoryChoice(
                item.id, required, opens=required not in self._stories, similarity=1.0, evidence=("decided",)
            )
        near = self._near(index)
        best: tuple[float, _Near] | None = None
        for position, candidate in enumerate(near[:4]):
            nearness = candidate.similarity - self._options.crowding * _crowd(near, position)
            nearness += self._named(index, candidate)
            if nearness >= self._options.threshold and (best is None or nearness > best[0]):
                best = nearness, candidate
        if best is None:
            return StoryChoice(item.id, self._new_id(item), opens=True)
        chosen = best[1]
        return StoryChoice(
            item.id, chosen.story.id, False, round(min(1.0, chosen.similarity), 4), self._evidence(index, chosen)
        )

    def _new_id(self, item: Item) -> str:
        """Return the id of the story *item* opens; a decided split or merge may have taken its plain one."""
        identifier = story_id(item.id)
        for length in range(13, len(item.id) + 1):
            if identifier not in self._stories:
                break
            identifier = "s" + item.id[:length]
        return identifier

    def _key_terms(self, vector: Vector) -> list[str]:
        return sorted(vector, key=lambda term: (-vector[term], term))[: self._options.key_terms]

    def _near(self, index: int) -> list[_Near]:
        """Return the stories near item *index*, nearest first, each by its nearest member in reach."""
        vector = self._vectors[index]
        partial: dict[int, float] = {}
        for term in self._key_terms(vector):
            weight = vector[term]
            for other, other_weight in self._postings.get(term, ()):
                partial[other] = partial.get(other, 0.0) + weight * other_weight
        nearest: dict[str, tuple[float, int]] = {}
        taken = 0
        for other in sorted(partial, key=lambda candidate: (-partial[candidate], candidate)):
            if not self._in_reach(index, other):
                continue
            similarity = dot(vector, self._vectors[other])
            story = self._story_of[other]
            if similarity > nearest.get(story.id, (0.0, 0))[0]:
                nearest[story.id] = similarity, other
            taken += 1
            if taken == self._options.neighbours:
                break
        found = []
        for identifier, (similarity, member) in nearest.items():
            story = self._stories[identifier]
            centroid = dot(vector, story.total) / story.length
            aged = (similarity + centroid) / 2 - self._options.ageing * self._days_since(index, story)
            found.append(_Near(story, max(0.0, aged), member))
        return sorted(found, key=lambda near: (-near.similarity, near.story.members[0]))

    def _in_reach(self, index: int, other: int) -> bool:
        """Return True when both items are of one language, as far as known, and within the time window."""
        language, other_language = self._languages[index], self._languages[other]
        if language and other_language and language != other_language:
            return False
        return abs(self._items[index].seen_at - self._items[other].seen_at) <= self._options.window

    def _days_since(self, index: int, story: _Story) -> float:
        """Return the days between item *index* and the member of *story* nearest to it in time, among the newest."""
        seen_at = self._items[index].seen_at
        gaps = (abs(seen_at - self._items[member].seen_at) for member in story.members[-8:])
        return min(gaps) / timedelta(days=1)

    def _named(self, index: int, candidate: _Near) -> float:
        """Return what the names in item *index* and in the newest members of a story add to the nearness, or take off: all for look-alikes."""
        mine = self._named_in(index)
        theirs = [self._named_in(member) for member in candidate.story.members[-8:]]
        if are_look_alikes(mine, theirs):
            return -1.0
        if tell_apart(mine, theirs):
            return -self._options.disagreement
        return self._options.agreement if share_names(mine, theirs) else 0.0

    def _named_in(self, index: int) -> NamedText:
        """Return what item *index* names; read when first asked for, since most stored items never are."""
        if index not in self._names:
            self._names[index] = self._sense.read(*self._texts[index])
        return self._names[index]

    def _evidence(self, index: int, chosen: _Near) -> tuple[str, ...]:
        """Return the five words that weigh most in the likeness of item *index* to the nearest member."""
        vector, other = self._vectors[index], self._vectors[chosen.member]
        shared = sorted(
            (term for term in vector if term in other), key=lambda term: (-vector[term] * other[term], term)
        )
        return tuple(shared[:5])


def _crowd(near: Sequence[_Near], position: int) -> float:
    """Return the mean similarity of the second to sixth nearest of the *other* stories, absent ones counting 0.

    The very nearest other one is left out: it is often a part of the same story that got split.
    """
    others = [candidate.similarity for index, candidate in enumerate(near) if index != position]
    return sum(others[1:6]) / 5


def _text(item: Item) -> str:
    article = item.article
    return article.article_body if article.article_body else article.excerpt


def _counts(item: Item, options: ClusterOptions) -> Counter[str]:
    return count_terms(
        item.article.title, _text(item), title_weight=options.title_weight, body_terms=options.body_terms
    )
