"""The stages that later versions replace: copies, stories, topics, scores, relations. All pure: no clock, no I/O, no randomness."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from newsloom.model.item import Duplicate, Item, StoryChoice, StoryRevision
from newsloom.model.record import RelationNote
from newsloom.model.score import Score
from newsloom.model.topic import TopicLabel


class Deduplicator(Protocol):
    """Finds copies."""

    def duplicates(self, fresh: Sequence[Item], known: Sequence[Item]) -> tuple[Duplicate, ...]:
        """Return who copies whom, as far as *fresh* changes it.

        *fresh* are items not decided about; *known* are decided items of the time window; any order. Most decisions are about
        fresh items; a known one gets one when a fresh item turns out to be the original of its group. At most one decision
        per item; a primary is never itself a copy. The same items decide the same, so nothing changes when nothing is new.
        """
        ...


@dataclass(frozen=True, slots=True)
class StoryConstraints:
    """What people decided about stories; every later pass obeys it.

    Attributes:
        must: item id → id of the story it must be in. That story keeps its id.
        apart: pairs of item ids, the smaller first, that never share a story.
    """

    must: Mapping[str, str] = field(default_factory=dict)
    apart: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class StoryDecisions:
    """What a clusterer decided: one choice for each fresh item, in order, and which known items move, in order of being seen."""

    choices: tuple[StoryChoice, ...]
    revisions: tuple[StoryRevision, ...] = ()


class Clusterer(Protocol):
    """Weaves items into stories, streaming."""

    def stories(self, fresh: Sequence[Item], known: Sequence[Item], constraints: StoryConstraints) -> StoryDecisions:
        """Return where each of *fresh* goes, and which of *known* are elsewhere by what is known now.

        *fresh* is in the order of being seen, no duplicates among them; *known* are items of live stories. An item joins
        only a story with a member inside the time window (by `seen_at`). Stories put together bear the id of the one a
        person named, else of the older or larger one. Without fresh items nothing moves.
        """
        ...


class TopicJudgement(Protocol):
    """What was decided of a batch of items."""

    def labels(self, item: Item) -> tuple[TopicLabel, ...]:
        """Return the topics of *item*, parents included, most certain first; empty when none fits.

        Raises:
            KeyError: *item* was not in the batch.
        """
        ...

    def judgements(self, item: Item) -> tuple[TopicLabel, ...]:
        """Return every topic, in the portal's order, with its confidence and what speaks for it and against it. Raises KeyError."""
        ...


class Classifier(Protocol):
    """Decides topics."""

    def labels(self, item: Item) -> tuple[TopicLabel, ...]:
        """Return the topics of *item* by itself, parents included, most certain first; empty when none fits."""
        ...

    def among(self, items: Sequence[Item], known: Sequence[Item] = (), decided: Collection[str] = ()) -> TopicJudgement:
        """Return the judgement on *items*, which may learn from each other and from *known*. Same input, same judgement.

        Args:
            items: what is judged, any order; each id once.
            known: items that have been classified before, latest last; their topics stay what they are.
            decided: ids of known items whose topics a person decided.
        """
        ...


@dataclass(frozen=True, slots=True)
class StoryView:
    """What scoring may know of a story: its members in order of `seen_at` (then id), copies included.

    Attributes:
        usual: what is usual for each topic, as `Scorer.usual` tells it; empty when that is not known.
        backlog: ids of members that were there before newsloom looked for the first time, where a source's first poll brought
            them: of these, and of no others, an older date that is claimed counts as when they were reported.
    """

    id: str
    members: tuple[Item, ...]
    usual: Mapping[str, float] = field(default_factory=dict)
    backlog: frozenset[str] = frozenset()


class Scorer(Protocol):
    """Scores quality and heat by a profile, and applies its publish rule."""

    def quality(self, item: Item) -> Score:
        """Return the quality of *item*. Deterministic, 0 or more."""
        ...

    def heat(self, item: Item, story: StoryView, now: datetime) -> Score:
        """Return the heat of *item*, member of *story*, at *now*: −1 in total when it is not the lead of its story."""
        ...

    def usual(self, stories: Iterable[StoryView], now: datetime) -> Mapping[str, float]:
        """Return what is usual at *now*, going by *stories*, whose leads are marked: the same all day long, any order."""
        ...

    def lead(self, story: StoryView) -> str:
        """Return the id of the member that leads *story*; stable while members stay the same."""
        ...

    def published(self, item: Item, *, before: bool | None) -> tuple[bool, str]:
        """Return whether *item* (its quality, heat and lead set) is published, and why in a few words.

        *before* is what was decided last time, for hysteresis.
        """
        ...

    def holds(self, item: Item) -> tuple[str, ...]:
        """Return what holds *item* back, most decisive first, in words that several items can share; () when published."""
        ...

    def flips(self, item: Item) -> tuple[str, ...]:
        """Return what would turn the publish decision on *item* round, in words, nearest first; empty when nothing simple would."""
        ...


class BoundRelator(Protocol):
    """Links items to fixed candidates, read once."""

    def relations(self, item: Item) -> tuple[RelationNote, ...]:
        """Return links from *item*, best first: never itself, never a copy, at most the configured number."""
        ...


class Relator(Protocol):
    """Links related coverage."""

    def with_candidates(self, candidates: Sequence[Item]) -> BoundRelator:
        """Return a relator over *candidates*."""
        ...
