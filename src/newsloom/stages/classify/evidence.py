"""All that speaks for or against each topic in each text, as numbers that always mean the same: the model's features."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

import numpy as np

from newsloom.model.topic import Topic
from newsloom.ports.embedding import Embedder
from newsloom.stages.classify.keywords import Hit, KeywordIndex
from newsloom.stages.classify.meaning import Array, Meanings
from newsloom.stages.classify.mentions import Mentions, find_mentions
from newsloom.stages.classify.reading import Reading
from newsloom.stages.classify.trust import KeywordTrust

FEATURES = (
    "text", "text_lead", "text_rival",  # the text as a whole: similarity, lead over subjects, lead over other topics
    "words_lead", "words_rival",  # its single words: lead over subjects, lead over other topics
    "company", "company_lead", "company_rival",  # the same three for the text without its keywords: the company they keep
    "company_words_lead", "company_words_rival",
    "title_keyword", "title_keywords", "lead_keyword", "lead_keywords", "density", "specific",
    "title_rare", "lead_rare", "title_fit", "lead_fit",  # a keyword that no dictionary has; how well the keyword itself fits
    "capitals",  # how far the keywords stand as names do
    "parent_lead", "parent_words_lead",  # how well the text fits the parent; the topic itself where it has none
    "hit_words_lead", "hit_company_lead", "hit_company_words_lead",  # how well a keyword's text and company fit
    "doubtful_words_lead", "doubtful_company_lead", "doubtful_company_words_lead",  # the same where no keyword is rare or specific
    "learned_words", "learned_rival", "learned_company", "hit_learned_company", "learned_text", "learned_near",  # by the pile
)  # fmt: skip
LEARNED = 6


@dataclass(frozen=True, slots=True)
class Evidence:
    """The features of a batch of texts, of shape (texts, topics, FEATURES), and the mentions behind them by (text, topic)."""

    features: Array
    mentions: dict[tuple[int, int], Mentions]
    vectors: Array | None


class EvidenceFinder:
    """Finds evidence of the topics in texts. Immutable once made, but for a table of words already met."""

    def __init__(
        self,
        topics: Sequence[Topic],
        embedder: Embedder | None,
        *,
        single_words: bool = True,
        vocabulary: Container[str] | None = None,
    ) -> None:
        self.meanings = Meanings(topics, embedder, single_words=single_words)
        self._trust = KeywordTrust(topics, self.meanings, vocabulary)
        self._indexes = [KeywordIndex(topic.keywords, topic.exclude) for topic in topics]
        self._size = len(topics)
        places = {topic.name: place for place, topic in enumerate(topics)}
        self._parents = [places.get(topic.parent or "", place) for place, topic in enumerate(topics)]

    def find(self, readings: Sequence[Reading]) -> Evidence:
        """Return the evidence in *readings*; the learned features are zero."""
        features = np.zeros((len(readings), self._size, len(FEATURES)), dtype=np.float32)
        mentions = {}
        for place, reading in enumerate(readings):
            for topic, index in enumerate(self._indexes):
                found = find_mentions(index, reading)
                if found is not None:
                    mentions[place, topic] = found
        self._fill_keywords(features, mentions, readings)
        self._fill_words(features, readings, mentions)
        vectors = self._fill_texts(features, readings, mentions)
        for name, own in (("parent_lead", "text_lead"), ("parent_words_lead", "words_lead")):
            features[:, :, _AT[name]] = features[:, self._parents, _AT[own]]
        for name, company in (("hit_words_lead", "words_lead"), ("hit_company_lead", "company_lead"),
                              ("hit_company_words_lead", "company_words_lead")):  # fmt: skip
            for place, topic in mentions:
                features[place, topic, _AT[name]] = features[place, topic, _AT[company]]
        for name in ("words_lead", "company_lead", "company_words_lead"):
            for place, topic in mentions:
                row = features[place, topic]
                if not (row[_AT["specific"]] or row[_AT["title_rare"]] or row[_AT["lead_rare"]]):
                    row[_AT[f"doubtful_{name}"]] = row[_AT[f"hit_{name}"]]
        return Evidence(features, mentions, vectors)

    def _fill_keywords(
        self, features: Array, mentions: dict[tuple[int, int], Mentions], readings: Sequence[Reading]
    ) -> None:
        for (place, topic), found in mentions.items():
            row, reading = features[place, topic], readings[place]
            row[_AT["capitals"]] = found.capitals(reading.title.text, reading.text.text)
            row[_AT["title_keyword"]] = bool(found.title)
            row[_AT["title_keywords"]] = len(found.title) > 1
            row[_AT["lead_keyword"]] = bool(found.lead)
            row[_AT["lead_keywords"]] = len(found.lead) > 1
            row[_AT["density"]] = found.density
            row[_AT["specific"]] = self._trust.is_specific(topic, (*found.title, *found.lead))
            for part, keywords in (("title", found.title), ("lead", found.lead)):
                row[_AT[f"{part}_rare"]] = self._trust.is_rare(topic, keywords, reading.language)
                row[_AT[f"{part}_fit"]] = self._trust.fit(topic, keywords)

    def _fill_words(
        self, features: Array, readings: Sequence[Reading], mentions: dict[tuple[int, int], Mentions]
    ) -> None:
        """Fill in how near the single words are, with and without the keywords."""
        sums, totals = self.meanings.means(readings)
        means = (sums / np.maximum(totals, 1e-6)[:, None]).astype(np.float32)
        lead, rival = self.meanings.of_words(means)
        for name, value in (("words_lead", lead), ("words_rival", rival)):
            features[:, :, _AT[name]] = features[:, :, _AT[f"company_{name}"]] = value
        pairs = list(mentions)
        if not pairs:
            return
        rest = np.zeros((len(pairs), self.meanings.words.size), dtype=np.float32)
        for number, (place, topic) in enumerate(pairs):
            reading, found = readings[place], mentions[place, topic]
            hidden = [word for word in reading.words if _inside(word.start, word.end, _hits(found, word.in_title))]
            rest[number] = sums[place]
            left = float(totals[place])
            if hidden:
                weights = np.array([word.weight for word in hidden], dtype=np.float32)
                rest[number] -= weights @ self.meanings.words.rows([word.raw for word in hidden])
                left -= float(weights.sum())
            rest[number] /= max(left, 1e-6) if left > 1e-3 else np.inf
        lead, rival = self.meanings.of_words(rest)
        for number, (place, topic) in enumerate(pairs):
            features[place, topic, _AT["company_words_lead"]] = lead[number, topic]
            features[place, topic, _AT["company_words_rival"]] = rival[number, topic]

    def _fill_texts(
        self, features: Array, readings: Sequence[Reading], mentions: dict[tuple[int, int], Mentions]
    ) -> Array | None:
        """Fill in how near the texts are as a whole, with and without the keywords; return their vectors."""
        embedder = self.meanings.embedder
        if embedder is None or not readings:
            return None
        vectors = embedder.embed([reading.lead for reading in readings])
        _put(features, self.meanings.of_texts(vectors), ("text", "text_lead", "text_rival"))
        _put(features, self.meanings.of_company(vectors), ("company", "company_lead", "company_rival"))
        pairs = list(mentions)
        if pairs:
            rest = embedder.embed([_without(readings[place], mentions[place, topic]) for place, topic in pairs])
            similar = self.meanings.of_company(rest)
            for number, (place, topic) in enumerate(pairs):
                for name, value in zip(("company", "company_lead", "company_rival"), similar, strict=True):
                    features[place, topic, _AT[name]] = value[number, topic]
        return vectors


_AT = {name: place for place, name in enumerate(FEATURES)}


def _put(features: Array, values: Sequence[Array], names: Sequence[str]) -> None:
    for name, value in zip(names, values, strict=True):
        features[:, :, _AT[name]] = value


def _hits(found: Mentions, in_title: bool) -> tuple[Hit, ...]:
    return found.title_hits if in_title else found.lead_hits


def _inside(start: int, end: int, hits: Sequence[Hit]) -> bool:
    return any(hit.start <= start and end <= hit.end for hit in hits)


def _without(reading: Reading, found: Mentions) -> str:
    return reading.lead_without(
        [(hit.start, hit.end) for hit in found.title_hits], [(hit.start, hit.end) for hit in found.lead_hits]
    )


def at(name: str) -> int:
    """Return the place of feature *name*."""
    return _AT[name]
