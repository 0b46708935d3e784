"""Choosing an item's links: why each is there, in what order, and what of the old ones stays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsloom.model.item import Item
from newsloom.model.record import FOLLOW_UP, FOLLOWED, RelationNote
from newsloom.ports.embedding import Embedder
from newsloom.stages.relate.follow_ups import FollowUps
from newsloom.stages.relate.likeness import Likeness, Near
from newsloom.vocab.text import fingerprint

SAME_STORY = "same story"
IN_STORY = "probably the same story"
_STORY_SHARE = 0.6
"""Scores of the same story lie in [0.6, 1], all others below."""


@dataclass(frozen=True, slots=True)
class RelateOptions:
    """How related coverage is chosen.

    Attributes:
        limit: how many links an item gets at most.
        similarity: likeness from which an item of another story is related, in 0..1.
        off_topic: the same, the crowd around the other discounted, for one that has no topic of the item's and is no
            follow-up: what two such texts share is mostly a place or the words of a trade.
        same_story: likeness by words from which a member of the same story is surely that, and is called so; of the others
            the link says that they probably are, and they stand by their likeness, a little raised.
        apart: items of stories that began closer in time than this are neither background nor follow-up.
        per_provider: how many links may go to one provider.
        repeat: what a second link to a provider is worth against the first, in 0..1.
        sitting: what a link that is there already has ahead of a new one, so that links do not come and go.
        key_terms: how many of an item's weightiest words are looked up.
        neighbours: how many candidates are compared exactly.
        crowding, judged: see `Likeness`.
    """

    limit: int = 9
    similarity: float = 0.15
    off_topic: float = 0.2
    same_story: float = 0.6
    apart: timedelta = timedelta(hours=12)
    per_provider: int = 3
    repeat: float = 0.85
    sitting: float = 0.04
    key_terms: int = 24
    neighbours: int = 60
    crowding: float = 0.4
    judged: int = 16


class CoverageRelator:
    """Links related coverage by story, words, meaning and time. Holds no state; safe to share.

    Args:
        options: how links are chosen.
        embedder: None for words alone.
    """

    def __init__(self, options: RelateOptions | None = None, embedder: Embedder | None = None) -> None:
        self.options = options or RelateOptions()
        self._embedder = embedder

    def with_candidates(self, candidates: Sequence[Item]) -> BoundRelator:
        """Return a relator over *candidates* that links many items at some milliseconds each."""
        return BoundRelator(candidates, self.options, self._embedder)


class BoundRelator:
    """Related coverage among fixed candidates."""

    def __init__(self, candidates: Iterable[Item], options: RelateOptions, embedder: Embedder | None = None) -> None:
        self._options = options
        self._items = sorted({item.id: item for item in candidates}.values(), key=lambda item: (item.seen_at, item.id))
        self._place = {item.id: index for index, item in enumerate(self._items)}
        self._likeness = Likeness(
            self._items, key_terms=options.key_terms, neighbours=options.neighbours, crowding=options.crowding,
            judged=options.judged, embedder=embedder,
        )  # fmt: skip
        self._by_story: dict[str, list[int]] = {}
        for index, item in enumerate(self._items):
            if item.story is not None:
                self._by_story.setdefault(item.story, []).append(index)
        self._follow_ups = FollowUps(self._likeness, self._by_story, self._story_began)

    def relations(self, item: Item) -> tuple[RelationNote, ...]:
        """Return links from *item*, best first: never itself, never a copy, at most the configured number.

        Links that *item* has already stay unless something clearly better came, and keep their score while it is about the
        same: its record changes only when there is something new to tell.
        """
        found = {note.item: note for note in self.ranked(item)}
        kept = {note.item for note in item.relations}
        for old in item.relations:
            new = found.get(old.item)
            if old.item not in self._place:
                found[old.item] = old  # out of sight, but as related as it was
            elif new and new.reason == old.reason and abs(new.score - old.score) <= self._options.sitting:
                found[old.item] = old
        return self._diverse(item, list(found.values()), kept)

    def ranked(self, item: Item) -> tuple[RelationNote, ...]:
        """Return every candidate that is related to *item*, best first, one of each group of copies; diversity not asked for."""
        notes: dict[str, tuple[float, RelationNote]] = {}
        story = self._by_story.get(item.story, []) if item.story else []
        # A story of hundreds needs no more than its newest members to fill nine places.
        inside = story[-4 * self._options.neighbours :]
        for near in self._likeness.nearest(item, self._place.get(item.id), inside):
            other = self._items[near.index]
            if other.id == item.id or _original(other) == _original(item) or other.article.url == item.article.url:
                continue
            note = self._note(item, other, near)
            # One link to each group of copies: to its original where that is at hand.
            rank = note.score + (1.0 if other.duplicate_of is None else 0.0)
            if note.score > 0.0 and rank > notes.get(_original(other), (0.0, None))[0]:
                notes[_original(other)] = rank, note
        return tuple(sorted((note for _, note in notes.values()), key=lambda note: (-note.score, note.item)))

    def _note(self, item: Item, other: Item, near: Near) -> RelationNote:
        """Return why and how much *other* is related; a score of 0 when it is not."""
        if item.story is not None and other.story == item.story:
            if near.words >= self._options.same_story:
                return RelationNote(other.id, SAME_STORY, round(_STORY_SHARE + (1 - _STORY_SHARE) * near.discounted, 4))
            return RelationNote(other.id, IN_STORY, round(_STORY_SHARE * min(0.9, 0.1 + 1.1 * near.discounted), 4))
        score = round(_STORY_SHARE * near.discounted, 4) if near.alike >= self._options.similarity else 0.0
        # A story that runs on is no follow-up of what it led to: what began first goes before.
        gap = self._began(other) - self._began(item)
        if gap <= -self._options.apart and self._follows(item, other):
            return RelationNote(other.id, FOLLOWED, score)
        if gap >= self._options.apart and self._follows(other, item):
            return RelationNote(other.id, FOLLOW_UP, score)
        shared = _shared_topic(item, other)
        if not shared and near.discounted < self._options.off_topic:
            score = 0.0
        if gap <= -self._options.apart:
            return RelationNote(other.id, "background", score)
        if gap >= self._options.apart:
            return RelationNote(other.id, "later coverage", score)
        return RelationNote(other.id, f"also on {shared}" if shared else "similar coverage", score)

    def _began(self, item: Item) -> datetime:
        """Return when the story of *item* was first seen, as far as it is in sight."""
        return min(item.seen_at, self._story_began(item.story)) if item.story in self._by_story else item.seen_at

    def _story_began(self, story: str) -> datetime:
        return self._items[self._by_story[story][0]].seen_at

    def _follows(self, later: Item, earlier: Item) -> bool:
        """Return True when the story of *later* follows up that of *earlier*, as far as both are in sight."""
        stories = later.story, earlier.story
        if stories[0] not in self._by_story or stories[1] not in self._by_story:
            return False
        return self._follow_ups.follows(stories[0], stories[1])

    def _diverse(self, item: Item, notes: Sequence[RelationNote], kept: set[str]) -> tuple[RelationNote, ...]:
        """Return the best of *notes* one by one, each further link to a provider worth less; no title twice.

        Links that surely are of the same story stay before all others, and those in *kept* have something ahead.
        """
        options = self._options
        titles = {fingerprint(item.article.title)}
        providers: Counter[str] = Counter()
        waiting = sorted(notes, key=lambda note: (-note.score, note.item))
        chosen: list[RelationNote] = []

        def worth(note: RelationNote) -> tuple[bool, float]:
            repeated = float(options.repeat ** providers[self._provider(note)]) if self._provider(note) else 1.0
            return note.reason == SAME_STORY, note.score * repeated + (options.sitting if note.item in kept else 0.0)

        while waiting and len(chosen) < options.limit:
            best = max(waiting, key=worth)
            waiting.remove(best)
            title, provider = fingerprint(self._title(best)), self._provider(best)
            is_repeated = title and title in titles and best.reason != SAME_STORY
            if is_repeated or (provider and providers[provider] >= options.per_provider):
                continue
            titles.add(title)
            providers[provider] += 1
            chosen.append(best)
        chosen = self._with_follow_ups(chosen, notes)
        return tuple(sorted(chosen, key=lambda note: (note.reason != SAME_STORY, -note.score, note.item)))

    def _with_follow_ups(self, chosen: list[RelationNote], notes: Sequence[RelationNote]) -> list[RelationNote]:
        """Return *chosen* with the best link to what the item's story follows, and to what follows it up, in place of the last.

        A great story fills every place by itself, and the two would never be linked.
        """
        for reason in (FOLLOWED, FOLLOW_UP):
            best = min(
                (note for note in notes if note.reason == reason), key=lambda n: (-n.score, n.item), default=None
            )
            if best is not None and all(note.reason != reason for note in chosen):
                others = [note for note in chosen if note.reason not in (FOLLOWED, FOLLOW_UP)]
                if len(chosen) >= self._options.limit and others:
                    chosen.remove(others[-1])
                chosen = [*chosen, best][: self._options.limit]
        return chosen

    def _title(self, note: RelationNote) -> str:
        place = self._place.get(note.item)
        return "" if place is None else self._items[place].article.title

    def _provider(self, note: RelationNote) -> str:
        place = self._place.get(note.item)
        return "" if place is None else self._items[place].article.provider.domain


def _original(item: Item) -> str:
    """Return the id of the group of copies *item* belongs to."""
    return item.duplicate_of or item.id


def _shared_topic(item: Item, other: Item) -> str | None:
    """Return the first topic of *item* that *other* has too."""
    theirs = {label.topic for label in other.topics or ()}
    return next((label.topic for label in item.topics or () if label.topic in theirs), None)
