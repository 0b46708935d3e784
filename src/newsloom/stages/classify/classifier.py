"""The classifier: keywords are the strong evidence, the other words the weak one; source and parents follow."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from newsloom.model.item import Item
from newsloom.model.topic import Topic, TopicLabel
from newsloom.stages.classify.keywords import Hit, KeywordIndex, ReadText
from newsloom.stages.classify.learned import WordModel, own_terms
from newsloom.vocab.text import stem, tokens
from newsloom.vocab.urls import public_address
from newsloom.vocab.vectors import count_terms


@dataclass(frozen=True, slots=True)
class ClassifyOptions:
    """How topics are decided.

    Attributes:
        threshold: confidence from which an item gets a topic, in 0..1.
        title / excerpt / lead: what a keyword counts there; the lead is the first `lead_words` words of the body.
        density: what one mention in 100 words counts in the rest of the body, up to what the lead would count.
        steepness: how fast evidence becomes confidence: 1 − exp(−steepness · evidence).
        context: how much the other words of the text may raise or lower what keywords say.
        words: how much the other words count by themselves.
        words_limit: confidence that the other words alone can give; just over the threshold only with enough examples.
        enough_examples: from how many examples that belong the words of a topic are trusted alone.
        body_characters: how much of a body is read.
    """

    threshold: float = 0.4
    title: float = 1.0
    excerpt: float = 0.7
    lead: float = 0.5
    lead_words: int = 100
    density: float = 0.25
    steepness: float = 1.2
    context: float = 1.0
    words: float = 0.6
    words_limit: float = 0.35
    enough_examples: int = 8
    body_characters: int = 30_000


@dataclass(frozen=True, slots=True)
class _Fields:
    """What of an item is read: each field's text, how many words the body has, and the terms of all."""

    title: ReadText
    excerpt: ReadText
    body: ReadText
    body_words: int
    counts: Counter[str]


class KeywordClassifier:
    """Decides topics by keywords, helped by the words of descriptions and examples. Immutable once made; safe to share.

    Args:
        topics: the portal's topics, in order.
        options: see `ClassifyOptions`.
        source_topics: address of a source → names of the topics that each of its items gets with certainty. Secrets in
            an address do not count: a record names its source without them.

    Cost: linear in the text, which is cut into words once for all topics; then a look-up a keyword.
    """

    def __init__(
        self,
        topics: Sequence[Topic],
        options: ClassifyOptions | None = None,
        source_topics: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        self.topics = tuple(topics)
        self.options = options or ClassifyOptions()
        self._source_topics = {public_address(url): tuple(names) for url, names in (source_topics or {}).items()}
        self._indexes = [KeywordIndex(topic.keywords, topic.exclude) for topic in self.topics]
        self._model = WordModel(self.topics)
        self._own_terms = [own_terms(topic) for topic in self.topics]
        self._parents = {topic.name: topic.parent for topic in self.topics}
        self._order = {topic.name: place for place, topic in enumerate(self.topics)}

    def labels(self, item: Item) -> tuple[TopicLabel, ...]:
        """Return the topics of *item*, parents included; see `ports.deciding.Classifier`."""
        chosen = {label.topic: label for label in self.confidences(item) if label.confidence >= self.options.threshold}
        for name in self._source_topics.get(public_address(item.source or ""), ()):
            if name in self._order:
                chosen[name] = TopicLabel(name, 1.0, ("source",))
        for label in list(chosen.values()):
            self._add_parents(label, chosen)
        return tuple(sorted(chosen.values(), key=lambda label: (-label.confidence, self._order[label.topic])))

    def confidences(self, item: Item) -> tuple[TopicLabel, ...]:
        """Return every topic with its confidence before the threshold, in the portal's order, without source and parents."""
        fields = self._read(item)
        words = self._model.scores(fields.counts)
        return tuple(self._label(place, topic, fields, words) for place, topic in enumerate(self.topics))

    def _read(self, item: Item) -> _Fields:
        article = item.article
        body = article.article_body[: self.options.body_characters]
        # The excerpt is often the body's own start: what stands twice must not count twice.
        excerpt = "" if body and body.startswith(article.excerpt[:80]) else article.excerpt
        counts = count_terms(article.title, f"{excerpt}\n{body}")
        return _Fields(ReadText(article.title), ReadText(excerpt), ReadText(body), len(tokens(body)), counts)

    def _label(self, place: int, topic: Topic, fields: _Fields, words: Sequence[float]) -> TopicLabel:
        evidence, found = self._keyword_evidence(place, fields)
        # Words speak for a topic as far as they do not speak more for another one: topics compete.
        rival = max((score for other, score in enumerate(words) if other != place), default=0.0)
        lean = words[place] - 0.5 * max(0.0, rival)
        options = self.options
        if evidence > 0.0:
            evidence *= 2.0 / (1.0 + math.exp(-options.context * min(0.0, lean)))
        confidence = 1.0 - math.exp(-options.steepness * evidence)
        support = max(0.0, 1.0 - math.exp(-options.words * words[place])) if words[place] > 0.0 else 0.0
        examples = sum(example.belongs for example in topic.examples)
        limit = options.words_limit if examples < options.enough_examples else 0.9
        # Independent grounds: what one leaves in doubt the other may settle.
        confidence = 1.0 - (1.0 - confidence) * (1.0 - limit * support)
        if support >= 0.3:
            telling = [word for word in self._model.telling(fields.counts, place) if word not in self._own_terms[place]]
            if telling:
                found = [*found, f"words: {', '.join(telling)}"]
        return TopicLabel(topic.name, round(min(1.0, confidence), 4), tuple(found))

    def _keyword_evidence(self, place: int, fields: _Fields) -> tuple[float, list[str]]:
        """Return how much the keywords of a topic say, 0 when none is there, and where which was found."""
        index, options = self._indexes[place], self.options
        total = 0.0
        found: list[str] = []
        for name, text, weight in (
            ("title", fields.title, options.title),
            ("excerpt", fields.excerpt, options.excerpt),
        ):
            for keyword in _distinct(index.hits(text)):
                total += weight
                found.append(f'{name}: "{keyword}"')
        hits = index.hits(fields.body)
        for keyword in _distinct(hit for hit in hits if hit.word < options.lead_words):
            total += options.lead
            found.append(f'body: "{keyword}"')
        deep = [hit for hit in hits if hit.word >= options.lead_words]
        if deep:
            length = max(1, fields.body_words - options.lead_words)
            total += min(options.lead, options.density * 100.0 * len(deep) / max(100, length))
            found.append(f"body: {len(deep)} more in {length} words")
        return total, found

    def _add_parents(self, label: TopicLabel, chosen: dict[str, TopicLabel]) -> None:
        """Add the ancestors of a chosen topic with its confidence, where they have not more of their own."""
        parent = self._parents.get(label.topic)
        seen = {label.topic}
        while parent is not None and parent in self._order and parent not in seen:
            seen.add(parent)
            own = chosen.get(parent)
            if own is None or own.confidence < label.confidence:
                evidence = (*(own.evidence if own else ()), f"child: {label.topic}")
                chosen[parent] = TopicLabel(parent, label.confidence, evidence)
            parent = self._parents.get(parent)


def _distinct(hits: Iterable[Hit]) -> list[str]:
    """Return the keywords of *hits*, one for each meaning: a singular and its plural, or a word inside a longer hit, count once."""
    longest = sorted(hits, key=lambda hit: (hit.start - hit.end, hit.start))
    kept: list[Hit] = []
    stems: set[str] = set()
    for hit in longest:
        key = " ".join(stem(word) for word in tokens(hit.keyword))
        if key in stems or any(hit.start < other.end and other.start < hit.end for other in kept):
            continue
        stems.add(key)
        kept.append(hit)
    return [hit.keyword for hit in sorted(kept, key=lambda hit: hit.start)]
