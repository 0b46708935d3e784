"""Advice on topics from what a portal holds: what definitions would change, words they lack, and subjects they miss."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from newsloom.model.item import Item
from newsloom.model.topic import Topic
from newsloom.stages.classify.classifier import TopicClassifier
from newsloom.stages.classify.keywords import KeywordIndex
from newsloom.stages.classify.pile import telling_terms
from newsloom.stages.classify.reading import Reading, event_of, read_item, telling, written_forms
from newsloom.vocab.common_words import STOP_WORDS
from newsloom.vocab.text import terms
from newsloom.vocab.vectors import TermWeights, Vector, dot

LEAST_EVENTS = 20
"""Events that a portal must hold before words of it are proposed."""
_LEAST = 3
"""A word of fewer events is chance."""
_ALIKE = 0.22
"""Cosine of term vectors from which two items without a topic are of one kind."""


@dataclass(frozen=True, slots=True)
class TopicChange:
    """An item whose topics differ under two classifiers."""

    item: str
    title: str
    gains: tuple[str, ...]
    loses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A word or phrase that would help a topic: as keyword, or as exclusion. How many events with and without the topic have it."""

    topic: str
    kind: str
    phrase: str
    inside: int
    outside: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Items without a topic that are of one kind, under a proposed name."""

    name: str
    items: tuple[str, ...]
    titles: tuple[str, ...]


def topics_of(classifier: TopicClassifier, items: Sequence[Item]) -> dict[str, frozenset[str]]:
    """Return item id → its topics, all items judged together."""
    judgement = classifier.among(items)
    return {item.id: frozenset(label.topic for label in judgement.labels(item)) for item in items}


def changes(
    items: Sequence[Item], before: dict[str, frozenset[str]], after: dict[str, frozenset[str]]
) -> tuple[TopicChange, ...]:
    """Return the items whose topics differ between *before* and *after* (item id → topics), in order."""
    found = []
    for item in items:
        old, new = before[item.id], after[item.id]
        if old != new:
            gains, loses = tuple(sorted(new - old)), tuple(sorted(old - new))
            found.append(TopicChange(item.id, item.article.title, gains, loses))
    return tuple(found)


def suggestions(
    topics: Sequence[Topic], items: Sequence[Item], rejected: Collection[tuple[str, str]] = (), limit: int = 8
) -> tuple[Suggestion, ...]:
    """Return keywords and exclusions that would help, learned from the items as they are filed.

    Counted are events, not reports: what a wire text in eight papers says of its own names is said once. A portal of fewer
    than `LEAST_EVENTS` events teaches no keywords yet, and everyday words are none.

    Args:
        topics: the topics as declared.
        items: items with topics.
        rejected: (item id, topic) pairs that a person refused; what has the keyword and not the topic counts like one.
        limit: most suggestions of one kind for a topic.
    """
    refused_items = {item_id for item_id, _ in rejected}
    items = _one_of_each_event(items, refused_items)
    readings = [read_item(item) for item in items]
    written = written_forms(readings)
    found: list[Suggestion] = []
    for topic in topics:
        inside = [any(label.topic == topic.name for label in item.topics or ()) for item in items]
        refused = {item_id for item_id, name in rejected if name == topic.name}
        if len(items) >= LEAST_EVENTS and sum(inside) >= _LEAST:
            found += _keywords(topic, readings, inside, written, limit)
        found += _exclusions(topic, items, readings, inside, refused, limit)
    return tuple(found)


def _one_of_each_event(items: Sequence[Item], refused: Collection[str]) -> list[Item]:
    """Return the first report of each story that is no copy, and all that a person refused a topic, in order."""
    chosen: dict[str, Item] = {}
    for item in sorted(items, key=lambda item: (item.duplicate_of is not None, item.seen_at, item.id)):
        chosen.setdefault(item.id if item.id in refused else event_of(item), item)
    kept = {item.id for item in chosen.values()}
    return [item for item in items if item.id in kept]


def _is_everyday(term: str, written: str) -> bool:
    return min(telling(term), telling(written.casefold())) < 1.0


def _keywords(
    topic: Topic, readings: Sequence[Reading], inside: Sequence[bool], written: dict[str, str], limit: int
) -> list[Suggestion]:
    """Return words of many items of the topic and few others, that no keyword holds."""
    known = {term for keyword in (*topic.keywords, topic.name) for term in terms(keyword)}
    odds = telling_terms([reading.terms for reading in readings], [float(value) for value in inside])
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for reading, value in zip(readings, inside, strict=True):
        for term in reading.terms:
            counts[term][0 if value else 1] += 1
    worth = {
        term: odds[term] * min(with_it, 20)
        for term, (with_it, without) in counts.items()
        if term not in known and term in written and with_it >= _LEAST and with_it >= 3 * without and odds[term] > 1.0
        and not _is_everyday(term, written[term])
    }  # fmt: skip
    best = sorted(worth, key=lambda term: (-worth[term], term))[:limit]
    return [Suggestion(topic.name, "keyword", written[term], *counts[term]) for term in best]


def _exclusions(
    topic: Topic,
    items: Sequence[Item],
    readings: Sequence[Reading],
    inside: Sequence[bool],
    refused: Collection[str],
    limit: int,
) -> list[Suggestion]:
    """Return phrases of two words around a keyword that only items without the topic have."""
    index = KeywordIndex(topic.keywords, topic.exclude)
    inside_of: Counter[str] = Counter()
    outside_of: Counter[str] = Counter()
    refused_of: Counter[str] = Counter()
    for item, reading, value in zip(items, readings, inside, strict=True):
        phrases = set(_around(index, reading))
        (inside_of if value and item.id not in refused else outside_of).update(phrases)
        refused_of.update(phrases if item.id in refused else ())
    # A person's word counts twice: one refused item is enough.
    worth = {phrase: count + refused_of[phrase] for phrase, count in outside_of.items() if not inside_of[phrase]}
    best = sorted((phrase for phrase in worth if worth[phrase] >= 2), key=lambda phrase: (-worth[phrase], phrase))
    return [Suggestion(topic.name, "exclude", phrase, 0, outside_of[phrase]) for phrase in best[:limit]]


def _around(index: KeywordIndex, reading: Reading) -> list[str]:
    """Return the phrases that a keyword makes with the word before it, and with the one after it."""
    found = []
    for text, field in ((reading.title, "title"), (reading.text, "text")):
        for hit in index.hits(text, field):
            last = hit.word
            while last + 1 < len(text.words) and text.words[last + 1][2] <= hit.end:
                last += 1
            for first, end in ((hit.word - 1, last), (hit.word, last + 1)):
                if first >= 0 and end < len(text.words):
                    words = text.words[first : end + 1]
                    edge = words[0] if first < hit.word else words[-1]
                    if edge[0] not in STOP_WORDS and "\n" not in text.text[words[0][1] : words[-1][2]]:
                        found.append(" ".join(word for word, _, _ in words))
    return found


def gaps(items: Sequence[Item], *, least: int = 3, limit: int = 20) -> tuple[Gap, ...]:
    """Return kinds of items among those without a topic, largest first, each with a proposed name.

    Items join the first kind whose middle is like them, in order of id, so that the result does not depend on theirs.
    """
    bare = sorted((item for item in items if not item.topics and item.duplicate_of is None), key=lambda item: item.id)
    readings = [read_item(item) for item in bare]
    weights = TermWeights.of([reading.terms for reading in readings])
    written = written_forms(readings)
    kinds: list[tuple[Counter[str], list[int]]] = []
    for place, reading in enumerate(readings):
        vector = weights.vector(reading.terms)
        best = max(kinds, key=lambda kind: _nearness(kind[0], vector), default=None)
        if best is None or _nearness(best[0], vector) < _ALIKE:
            best = (Counter(), [])
            kinds.append(best)
        for term, value in vector.items():
            best[0][term] += value  # type: ignore[assignment]
        best[1].append(place)
    kinds = sorted((kind for kind in kinds if len(kind[1]) >= least), key=lambda kind: (-len(kind[1]), kind[1][0]))
    return tuple(
        Gap(_name(middle, written), tuple(bare[p].id for p in places), tuple(bare[p].article.title for p in places))
        for middle, places in kinds[:limit]
    )


def _nearness(middle: Counter[str], vector: Vector) -> float:
    length = sum(value * value for value in middle.values()) ** 0.5
    return dot(vector, middle) / length if length else 0.0


def _name(middle: Counter[str], written: dict[str, str]) -> str:
    best = sorted((term for term in middle if term in written), key=lambda term: (-middle[term], term))[:3]
    return ", ".join(written[term] for term in best)
