"""How near a text's meaning is to each topic's, against the generic subjects that it may be about instead.

Two views, both contrasted with `vocab.subjects`: the text as a whole (its vector against the topic's), and its single words
(for each the nearest word of the topic's definition). Without an embedder words are near when their stems are equal, and there
is no whole view. A subject that is itself near a topic is no rival of it: `medicine` does not speak against `Health`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from newsloom.model.topic import Topic
from newsloom.ports.embedding import Embedder
from newsloom.stages.classify.reading import Reading, telling_words
from newsloom.vocab.subjects import SUBJECTS
from newsloom.vocab.text import stem, tokens

Array = NDArray[np.float32]

_SHARPNESS = 1.7
"""How far the best of several similarities counts more than their mean (log-sum-exp)."""
_ALIKE = 5.2
"""Similarity from which a subject is about the same as a topic, in the unit of `Meanings`."""
_TOP = 3
_KEYWORDS = 0.7
"""How much the mean of a topic's keywords counts in its vector, where its description counts 1."""
_MANY = 20
_WORDS_KEPT = 50_000


class WordMeanings:
    """For each word its nearness to every topic and subject: a table filled as words come, emptied when it gets large."""

    def __init__(self, topics: Sequence[Topic], embedder: Embedder | None) -> None:
        self._embedder = embedder
        groups = [telling_words(topic.name, topic.description, *topic.keywords) for topic in topics]
        groups += [telling_words(name, words) for name, words in SUBJECTS]
        self.size = len(groups)
        self._stems = [frozenset(stem(word.casefold()) for word in group) for group in groups]
        if embedder is not None:
            # A group without words gets a zero vector, which is near nothing.
            rows = [embedder.embed(list(group) or [""]) for group in groups]
            weights = [np.array(list(group.values()) or [0.0], dtype=np.float32) for group in groups]
            self._vectors = np.concatenate([row * weight[:, None] for row, weight in zip(rows, weights, strict=True)])
            self._starts = np.cumsum([0, *(len(row) for row in rows[:-1])])
        self._places: dict[str, int] = {}
        self._table: Array = np.zeros((0, self.size), dtype=np.float32)

    def meet(self, words: Iterable[str]) -> None:
        """Fill in the rows of *words* that have none yet."""
        new = [word for word in dict.fromkeys(words) if word not in self._places]
        if not new:
            return
        if len(self._places) + len(new) > _WORDS_KEPT:
            self._places, self._table = {}, self._table[:0]
        self._table = np.concatenate([self._table, self._near(new)])
        self._places.update((word, place) for place, word in enumerate(new, len(self._places)))

    def rows(self, words: Sequence[str]) -> Array:
        """Return the nearness, in 0..1 or a little under, of each word to each group: topics first, then subjects."""
        if any(word not in self._places for word in words):
            self.meet(words)
        if any(word not in self._places for word in words):  # the table was emptied to make room
            self._places, self._table = {}, self._table[:0]
            self.meet(words)
        return np.asarray(self._table[[self._places[word] for word in words]], dtype=np.float32)

    def _near(self, words: Sequence[str]) -> Array:
        if self._embedder is None:
            found = [[float(stem(word.casefold()) in stems) for stems in self._stems] for word in words]
            return np.array(found, dtype=np.float32).reshape(len(words), self.size)
        near = self._embedder.embed(words) @ self._vectors.T
        return np.asarray(np.maximum.reduceat(near, self._starts, axis=1), dtype=np.float32)


class Meanings:
    """The topics' own meanings and the subjects', ready to be compared with texts.

    Similarities of whole texts are told in standard deviations of the similarities between different subjects, so that
    embedders with other scales can be used with the same weights. *single_words*: whether the embedder is asked for single words
    too; one that reads texts in context is slow and not made for that.
    """

    def __init__(self, topics: Sequence[Topic], embedder: Embedder | None, *, single_words: bool = True) -> None:
        self.embedder = embedder
        self.words = WordMeanings(topics, embedder if single_words else None)
        self.topics = len(topics)
        self.related = related_topics(topics)
        self.rivals = np.ones((len(SUBJECTS), len(topics)), dtype=np.float32)
        if embedder is not None:
            self.own = _own_vectors(topics, embedder)
            self.sense = _sense_vectors(topics, embedder)
            self.subjects = embedder.embed([f"{name} {words}" for name, words in SUBJECTS])
            between = (self.subjects @ self.subjects.T)[~np.eye(len(SUBJECTS), dtype=np.bool_)]
            self._middle, self._unit = float(between.mean()), max(float(between.std()), 1e-6)
            alike = self._similar(self.subjects, self.own)
            self.rivals = (1.0 / (1.0 + np.exp(_SHARPNESS * (alike - _ALIKE)))).astype(np.float32)

    def _similar(self, left: Array, right: Array) -> Array:
        return np.asarray((left @ right.T - self._middle) / self._unit, dtype=np.float32)

    def _similar_pairs(self, left: Array, right: Array) -> Array:
        return np.asarray((np.einsum("ij,ij->i", left, right) - self._middle) / self._unit, dtype=np.float32)

    def of_texts(self, vectors: Array) -> tuple[Array, Array, Array]:
        """Return for each text and topic: the similarity, its lead over the subjects, its lead over unrelated topics."""
        return self._compared(vectors, self.own)

    def of_company(self, vectors: Array) -> tuple[Array, Array, Array]:
        """Return the same for texts without their keywords, held against the descriptions without the topics' names.

        The name is most often the very word that has other senses: `Shell` makes its own topic look like sea life.
        """
        return self._compared(vectors, self.sense)

    def _compared(self, vectors: Array, topics: Array) -> tuple[Array, Array, Array]:
        own = self._similar(vectors, topics)
        return own, own - self._subject_pull(vectors), own - self._best_rival(own)

    def _subject_pull(self, vectors: Array) -> Array:
        """Return for each text and topic how near the text is to the subjects that are rivals of the topic."""
        spread = np.exp(_SHARPNESS * self._similar(vectors, self.subjects)) @ self.rivals
        return np.asarray(np.log(np.maximum(spread, 1e-9)) / _SHARPNESS, dtype=np.float32)

    def of_keywords(self, topics: Sequence[Topic]) -> list[dict[str, float]]:
        """Return for each topic its keywords with their lead, by themselves, over the subjects: near the rest of the definition or not.

        Without an embedder a keyword that is a word of some subject which shares no other word with the definition is 1 behind.
        """
        found = []
        for place, topic in enumerate(topics):
            rest = [_definition_without(topic, keyword) for keyword in topic.keywords]
            if self.embedder is None:
                found.append(
                    {word: -float(_is_alien(word, left)) for word, left in zip(topic.keywords, rest, strict=True)}
                )
            elif topic.keywords:
                vectors = self.embedder.embed(topic.keywords)
                own = self._similar_pairs(vectors, self.embedder.embed(rest))
                lead = own - self._subject_pull(vectors)[:, place]
                found.append(dict(zip(topic.keywords, map(float, lead), strict=True)))
            else:
                found.append({})
        return found

    def of_words(self, means: Array) -> tuple[Array, Array]:
        """Return for each text and topic, given the mean nearness of its words: the lead over subjects, and over topics."""
        own, subjects = means[:, : self.topics], means[:, self.topics :]
        lead = np.empty_like(own)
        for place in range(self.topics):
            apart = subjects[:, self.rivals[:, place] > 0.3]
            best = np.partition(apart, -_TOP, axis=1)[:, -_TOP:].mean(axis=1) if apart.shape[1] >= _TOP else 0.0
            lead[:, place] = own[:, place] - best
        return lead, own - self._best_rival(own)

    def means(self, readings: Sequence[Reading]) -> tuple[Array, Array]:
        """Return for each text the weighted sum over its words of their nearness to every group, and the sum of weights."""
        sums = np.zeros((len(readings), self.words.size), dtype=np.float32)
        totals = np.zeros(len(readings), dtype=np.float32)
        # All words at once first: an embedder is quick for many texts, slow for many calls.
        self.words.meet(word.raw for reading in readings for word in reading.words)
        for place, reading in enumerate(readings):
            if reading.words:
                weights = np.array([word.weight for word in reading.words], dtype=np.float32)
                sums[place] = weights @ self.words.rows([word.raw for word in reading.words])
                totals[place] = weights.sum()
        return sums, totals

    def _best_rival(self, own: Array) -> Array:
        best = np.zeros_like(own)
        for place in range(self.topics):
            others = own[:, ~self.related[place]]
            if others.shape[1]:
                best[:, place] = others.max(axis=1)
        return best


def _definition_without(topic: Topic, keyword: str) -> str:
    """Return name, description and keywords of *topic* less the words of *keyword*."""
    gone = {stem(word) for word in tokens(keyword)}
    words = f"{topic.name}. {topic.description} {' '.join(topic.keywords)}".split()
    return " ".join(word for word in words if not gone & {stem(part) for part in tokens(word)})


def _is_alien(keyword: str, definition: str) -> bool:
    """Return whether some subject has a word of *keyword*, and none of *definition*."""
    own = {stem(word) for word in tokens(keyword)}
    rest = {stem(word) for word in tokens(definition)}
    return any(own & words and not rest & words for words in _SUBJECT_STEMS)


_SUBJECT_STEMS = [frozenset(stem(word) for word in tokens(f"{name} {words}")) for name, words in SUBJECTS]


def _described(topic: Topic) -> str:
    """Return the description of *topic* without the words of its name, all there is when nothing is left."""
    name = {stem(word) for word in tokens(topic.name)}
    left = [word for word in topic.description.split() if not name & {stem(part) for part in tokens(word)}]
    return " ".join(left) or f"{topic.name}. {topic.description} {' '.join(topic.keywords)}"


def _own_vectors(topics: Sequence[Topic], embedder: Embedder) -> Array:
    """Return a vector for each topic: its description, and with less weight the mean of its keywords."""
    told = embedder.embed([f"{topic.name}. {topic.description}" for topic in topics])
    return _with_keywords(told, topics, embedder, [_KEYWORDS] * len(topics))


def _sense_vectors(topics: Sequence[Topic], embedder: Embedder) -> Array:
    """Return a vector for each topic without its name. A few keywords may all have other senses; the mean of many has not."""
    told = embedder.embed([_described(topic) for topic in topics])
    shares = [_KEYWORDS * len(topic.keywords) / (len(topic.keywords) + _MANY) for topic in topics]
    return _with_keywords(told, topics, embedder, shares)


def _with_keywords(told: Array, topics: Sequence[Topic], embedder: Embedder, shares: Sequence[float]) -> Array:
    for place, topic in enumerate(topics):
        if topic.keywords:
            keywords = embedder.embed(topic.keywords).mean(axis=0)
            told[place] += shares[place] * keywords / max(float(np.linalg.norm(keywords)), 1e-9)
    lengths = np.linalg.norm(told, axis=1, keepdims=True)
    return np.asarray(told / np.maximum(lengths, 1e-9), dtype=np.float32)


def related_topics(topics: Sequence[Topic]) -> NDArray[np.bool_]:
    """Return which topics are no rivals of each other: itself, ancestors, descendants."""
    parents = {topic.name: topic.parent for topic in topics}
    places = {topic.name: place for place, topic in enumerate(topics)}
    related = np.eye(len(topics), dtype=np.bool_)
    for place, topic in enumerate(topics):
        seen = {topic.name}
        above = topic.parent
        while above in places and above not in seen:
            seen.add(above)
            related[place, places[above]] = related[places[above], place] = True
            above = parents[above]
    return related
