"""Related coverage: the rest of the story first, then what went before, what came after, and what is near.

Build the index once with `CoverageRelator.with_candidates` when many items are to be linked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from newsloom.model.item import Item
from newsloom.model.record import RelationNote
from newsloom.vocab.text import fingerprint
from newsloom.vocab.vectors import TermWeights, count_terms, dot

_STORY_SHARE = 0.6
"""Scores of the same story lie in [0.6, 1], all others below."""


@dataclass(frozen=True, slots=True)
class RelateOptions:
    """How related coverage is chosen.

    Attributes:
        limit: how many links an item gets at most.
        similarity: cosine from which an item of another story is related, in 0..1.
        apart: items of other stories closer in time than this are neither background nor follow-up.
        per_provider: how many links may go to one provider.
        repeat: what a second link to a provider is worth against the first, in 0..1.
        key_terms: how many of an item's weightiest words are looked up.
        neighbours: how many candidates are compared exactly.
    """

    limit: int = 9
    similarity: float = 0.15
    apart: timedelta = timedelta(hours=12)
    per_provider: int = 3
    repeat: float = 0.85
    key_terms: int = 24
    neighbours: int = 60


class CoverageRelator:
    """Links related coverage by story, words and time. Holds no state; safe to share."""

    def __init__(self, options: RelateOptions | None = None) -> None:
        self.options = options or RelateOptions()

    def with_candidates(self, candidates: Sequence[Item]) -> BoundRelator:
        """Return a relator over *candidates* that links many items at about a millisecond each."""
        return BoundRelator(candidates, self.options)


class BoundRelator:
    """Related coverage among fixed candidates.

    Every candidate's words are counted; only those that share a weighty word with an item asked about are weighed.
    """

    def __init__(self, candidates: Iterable[Item], options: RelateOptions) -> None:
        self._options = options
        self._items = sorted({item.id: item for item in candidates}.values(), key=lambda item: (item.seen_at, item.id))
        self._counts = [_counts(item) for item in self._items]
        self._weights = TermWeights.of(self._counts)
        self._place = {item.id: index for index, item in enumerate(self._items)}
        self._vectors: dict[int, dict[str, float]] = {}
        self._keys: dict[int, frozenset[str]] = {}
        self._postings: dict[str, list[tuple[int, float]]] = {}
        self._with_term: dict[str, list[int]] = {}
        self._by_story: dict[str, list[int]] = {}
        for index, (item, count) in enumerate(zip(self._items, self._counts, strict=True)):
            for term in count:
                self._with_term.setdefault(term, []).append(index)
            if item.story is not None:
                self._by_story.setdefault(item.story, []).append(index)

    def relations(self, item: Item) -> tuple[RelationNote, ...]:
        """Return links from *item*, best first: never itself, never a copy, at most the configured number."""
        place = self._place.get(item.id)
        vector = self._vector(place) if place is not None else self._weights.vector(_counts(item))
        notes: dict[str, tuple[float, RelationNote]] = {}
        for index, similarity in self._nearest(item, vector):
            other = self._items[index]
            if other.id == item.id or _original(other) == _original(item) or other.article.url == item.article.url:
                continue
            note = self._note(item, other, similarity)
            # One link to each group of copies: to its original where that is at hand.
            rank = note.score + (1.0 if other.duplicate_of is None else 0.0)
            if note.score > 0.0 and rank > notes.get(_original(other), (0.0, None))[0]:
                notes[_original(other)] = rank, note
        return self._diverse(item, [note for _, note in notes.values()])

    def _nearest(self, item: Item, vector: dict[str, float]) -> list[tuple[int, float]]:
        """Return (candidate, cosine) of the members of the item's story and of the candidates with most words in common."""
        partial: dict[int, float] = {}
        for term in self._key_terms(vector):
            weight = vector[term]
            for index, other_weight in self._holders(term):
                partial[index] = partial.get(index, 0.0) + weight * other_weight
        best = sorted(partial, key=lambda index: (-partial[index], index))[: self._options.neighbours]
        story = self._by_story.get(item.story, []) if item.story else []
        # A story of hundreds needs no more than its newest members to fill nine places.
        chosen = dict.fromkeys([*best, *story[-4 * self._options.neighbours :]])
        return [(index, min(1.0, dot(vector, self._vector(index)))) for index in chosen]

    def _holders(self, term: str) -> list[tuple[int, float]]:
        """Return (candidate, weight) for the candidates among whose weightiest words *term* is, in their order."""
        if term not in self._postings:
            having = [index for index in self._with_term.get(term, ()) if term in self._key_set(index)]
            self._postings[term] = [(index, self._vector(index)[term]) for index in having]
        return self._postings[term]

    def _vector(self, index: int) -> dict[str, float]:
        if index not in self._vectors:
            self._vectors[index] = self._weights.vector(self._counts[index])
        return self._vectors[index]

    def _key_set(self, index: int) -> frozenset[str]:
        if index not in self._keys:
            self._keys[index] = frozenset(self._key_terms(self._vector(index)))
        return self._keys[index]

    def _key_terms(self, vector: dict[str, float]) -> list[str]:
        return sorted(vector, key=lambda term: (-vector[term], term))[: self._options.key_terms]

    def _note(self, item: Item, other: Item, similarity: float) -> RelationNote:
        """Return why and how much *other* is related; a score of 0 when it is not."""
        if item.story is not None and other.story == item.story:
            return RelationNote(other.id, "same story", round(_STORY_SHARE + (1 - _STORY_SHARE) * similarity, 4))
        score = round(_STORY_SHARE * similarity, 4) if similarity >= self._options.similarity else 0.0
        gap = other.seen_at - item.seen_at
        if gap <= -self._options.apart:
            return RelationNote(other.id, "background", score)
        if gap >= self._options.apart:
            return RelationNote(other.id, "follow-up", score)
        shared = _shared_topic(item, other)
        return RelationNote(other.id, f"also on {shared}" if shared else "similar coverage", score)

    def _diverse(self, item: Item, notes: Sequence[RelationNote]) -> tuple[RelationNote, ...]:
        """Return the best of *notes* one by one, each further link to a provider worth less; no title twice.

        Links inside the story stay before all others.
        """
        options = self._options
        titles = {fingerprint(item.article.title)}
        providers: Counter[str] = Counter()
        waiting = sorted(notes, key=lambda note: (-note.score, note.item))
        chosen: list[RelationNote] = []
        while waiting and len(chosen) < options.limit:
            best = max(
                waiting, key=lambda note: (note.reason == "same story", note.score * self._worth(note, providers))
            )
            waiting.remove(best)
            article = self._items[self._place[best.item]].article
            title = fingerprint(article.title)
            if (title and title in titles and best.reason != "same story") or (
                article.provider.domain and providers[article.provider.domain] >= options.per_provider
            ):
                continue
            titles.add(title)
            providers[article.provider.domain] += 1
            chosen.append(best)
        return tuple(chosen)

    def _worth(self, note: RelationNote, providers: Counter[str]) -> float:
        domain = self._items[self._place[note.item]].article.provider.domain
        return float(self._options.repeat ** providers[domain]) if domain else 1.0


def _original(item: Item) -> str:
    """Return the id of the group of copies *item* belongs to."""
    return item.duplicate_of or item.id


def _shared_topic(item: Item, other: Item) -> str | None:
    """Return the first topic of *item* that *other* has too."""
    theirs = {label.topic for label in other.topics or ()}
    return next((label.topic for label in item.topics or () if label.topic in theirs), None)


def _counts(item: Item) -> Counter[str]:
    article = item.article
    return count_terms(article.title, article.article_body or article.excerpt)
