"""The classifier: keywords, the company they keep, the text's meaning and what the pile taught, in one confidence.

The confidence ranks and decides; it is no probability: what lies above the threshold is told surer than it is (see `_sharpened`).
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from newsloom.model.item import Item
from newsloom.model.topic import Example, Topic, TopicLabel
from newsloom.ports.embedding import Embedder
from newsloom.stages.classify.evidence import FEATURES, Evidence, EvidenceFinder, at
from newsloom.stages.classify.lessons import carry_over, told_by_examples
from newsloom.stages.classify.meaning import Array, related_topics
from newsloom.stages.classify.pile import Pile
from newsloom.stages.classify.reading import Reading, event_of, read_item, read_text, written_forms
from newsloom.stages.classify.weighing import WEIGHTS, Weights
from newsloom.vocab.subjects import SUBJECTS
from newsloom.vocab.text import fingerprint, terms
from newsloom.vocab.urls import public_address


@dataclass(frozen=True, slots=True)
class ClassifyOptions:
    """How topics are decided.

    Attributes:
        threshold: confidence from which an item gets a topic, in 0..1.
        rounds: how often the pile's lessons and the confidences are brought into line.
        known: how many of the latest items already classified the pile takes in.
        definition: how many texts a topic's own definition counts for in the pile.
        decision: how many texts an item counts for whose topics a person decided.
        batch: how many items are looked at at once; bounds memory, changes no result.
    """

    threshold: float = 0.4
    rounds: int = 3
    known: int = 500
    definition: float = 2.0
    decision: float = 3.0
    batch: int = 500


class TopicClassifier:
    """Decides topics. Immutable once made, but for a table of words already met.

    Args:
        topics: the portal's topics, in order.
        options: see `ClassifyOptions`.
        source_topics: address of a source → names of the topics that each of its items gets with certainty. Secrets in
            an address do not count: a record names its source without them.
        embedder: what turns texts into vectors, None for words alone. It is asked only about texts in its languages.
        single_words: whether it is asked for single words too: yes for a static one, no for a model that reads in context.
        vocabulary: the words of general English, folded; a keyword that is none of them counts by itself.
        weights: other weights than the shipped ones, for training.
    """

    def __init__(
        self,
        topics: Sequence[Topic],
        options: ClassifyOptions | None = None,
        source_topics: Mapping[str, Iterable[str]] | None = None,
        embedder: Embedder | None = None,
        *,
        single_words: bool = True,
        vocabulary: Container[str] | None = None,
        weights: Weights | None = None,
    ) -> None:
        self.topics = tuple(topics)
        self.options = options or ClassifyOptions()
        self.embedder = embedder
        self._source_topics = {public_address(url): tuple(names) for url, names in (source_topics or {}).items()}
        self._parents = {topic.name: topic.parent for topic in self.topics}
        self._order = {topic.name: place for place, topic in enumerate(self.topics)}
        self._related = related_topics(self.topics)
        self.told_by_examples = told_by_examples(self.topics, self._related)
        self._own_terms = [frozenset(term for word in topic.keywords for term in terms(word)) for topic in self.topics]
        self._plain = self._keen = EvidenceFinder(self.topics, None, vocabulary=vocabulary)
        if embedder:
            self._keen = EvidenceFinder(self.topics, embedder, single_words=single_words, vocabulary=vocabulary)
        self._weights = weights or WEIGHTS["none" if embedder is None else "full" if single_words else "texts"]
        self._plain_weights = WEIGHTS["none"] if embedder else self._weights

    def labels(self, item: Item) -> tuple[TopicLabel, ...]:
        """Return the topics of *item* by itself, parents included; see `ports.deciding.Classifier`."""
        return self.among([item]).labels(item)

    def among(self, items: Sequence[Item], known: Sequence[Item] = (), decided: Collection[str] = ()) -> JudgedItems:
        """Return the judgement on *items*, which learn from each other and from *known*; see `ports.deciding.Classifier`."""
        return JudgedItems(self, items, known, decided)

    def read(self, readings: Sequence[Reading]) -> tuple[Evidence, Array]:
        """Return the evidence in *readings*, with the weights of each as rows: first of the plain model, then of the learned."""
        features = np.zeros((len(readings), len(self.topics), len(FEATURES)), dtype=np.float32)
        weights = np.zeros((len(readings), 2, len(FEATURES) + 1), dtype=np.float32)
        size = self.embedder.dimensions if self.embedder else 0
        vectors = np.zeros((len(readings), size), dtype=np.float32) if self.embedder else None
        mentions = {}
        for finder, told, places in self._shared_out(readings):
            for first in range(0, len(places), self.options.batch):
                part = places[first : first + self.options.batch]
                found = finder.find([readings[place] for place in part])
                features[part] = found.features
                weights[part] = told.rows()
                mentions.update({(part[place], topic): value for (place, topic), value in found.mentions.items()})
                if vectors is not None and found.vectors is not None:
                    vectors[part] = found.vectors
        return Evidence(features, mentions, vectors), weights

    def _shared_out(self, readings: Sequence[Reading]) -> list[tuple[EvidenceFinder, Weights, list[int]]]:
        """Return which readings the embedder understands, and which are left to words alone."""
        spoken = self.embedder.languages if self.embedder else None
        keen = [place for place, one in enumerate(readings) if not spoken or one.language in (None, *spoken)]
        plain = sorted(set(range(len(readings))) - set(keen))
        return [(self._keen, self._weights, keen), (self._plain, self._plain_weights, plain)]

    def rivals(self, values: Array) -> Array:
        """Return for each text and topic how far it is ahead of the best topic it is not related to."""
        best = np.zeros_like(values)
        for place in range(len(self.topics)):
            others = values[:, ~self._related[place]]
            if others.shape[1]:
                best[:, place] = np.maximum(others.max(axis=1), 0.0)
        return np.asarray(values - best, dtype=np.float32)

    def seeds(self) -> tuple[list[Reading], list[float], list[dict[int, float]]]:
        """Return what the definitions teach: texts, how much each counts, and what is certain of it (topic → belief)."""
        readings, weights, certain = [], [], []
        for place, topic in enumerate(self.topics):
            readings.append(read_text(f"{topic.name}. {' '.join(topic.keywords)}", topic.description))
            weights.append(self.options.definition)
            certain.append({other: float(self._related[place, other]) for other in range(len(self.topics))})
            for example in topic.examples:
                readings.append(read_text(example.title, example.excerpt))
                weights.append(1.0)
                certain.append({place: float(example.belongs)})
        return readings, weights, certain

    def subject_of(self, reading: Reading) -> str:
        """Return the generic subject whose words a text has most of."""
        sums, _ = self._keen.meanings.means([reading])
        return SUBJECTS[int(sums[0, len(self.topics) :].argmax())][0]

    @property
    def own_terms(self) -> Sequence[frozenset[str]]:
        """Return the terms of each topic's keywords."""
        return self._own_terms

    def finish(self, item: Item, found: Sequence[TopicLabel]) -> tuple[TopicLabel, ...]:
        """Return those of *found* that are certain enough, with what source and children imply, most certain first."""
        chosen = {label.topic: label for label in found if label.confidence >= self.options.threshold}
        for name in self._source_topics.get(public_address(item.source or ""), ()):
            if name in self._order:
                chosen[name] = TopicLabel(name, 1.0, ("source",))
        for label in list(chosen.values()):
            self._add_parents(label, chosen)
        return tuple(sorted(chosen.values(), key=lambda label: (-label.confidence, self._order[label.topic])))

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


class JudgedItems:
    """What a classifier says of a batch of items, once they learned from each other, from known items and from the definitions.

    Args:
        classifier: who judges.
        items: what is judged.
        known: items with topics, latest last; only those count that have been classified.
        decided: ids of known items whose topics a person decided.
    """

    def __init__(
        self, classifier: TopicClassifier, items: Sequence[Item], known: Sequence[Item], decided: Collection[str]
    ) -> None:
        self._classifier = classifier
        self._places = {item.id: place for place, item in enumerate(items)}
        fresh = [item for place, item in enumerate(items) if self._places[item.id] == place]
        self._places = {item.id: place for place, item in enumerate(fresh)}
        labelled = [item for item in known if item.topics is not None and item.id not in self._places]
        labelled = labelled[-classifier.options.known :]
        seeds, seed_weights, certain = classifier.seeds()
        readings = [read_item(item) for item in fresh]
        self._readings = readings
        judged = len(fresh) + len(seeds)
        evidence, self._weights = classifier.read([*readings, *seeds])
        self.evidence = evidence
        old = [read_item(item) for item in labelled]
        weights = [1.0] * len(fresh) + seed_weights
        weights += [classifier.options.decision if item.id in decided else 1.0 for item in labelled]
        vectors = evidence.vectors
        if vectors is not None and classifier.embedder is not None:
            vectors = np.concatenate([vectors, classifier.embedder.embed([reading.lead for reading in old])])
        self._pile = Pile(
            [reading.terms for reading in (*readings, *seeds, *old)], vectors, np.array(weights, dtype=np.float32),
            _spokesmen(fresh, len(seeds), labelled, decided),
        )  # fmt: skip
        self._certain = {len(fresh) + place: told for place, told in enumerate(certain)}
        self._certain.update(self._like_examples(fresh))
        self._example_rows = list(self._rows_of_examples())
        self._old = np.array([self._told(item, item.id in decided) for item in labelled], dtype=np.float32)
        self._old = self._old.reshape(len(labelled), len(classifier.topics))
        self.unaided = np.zeros((judged, len(classifier.topics)), dtype=np.float32)
        """Confidences before what is certain was put in: of an example, what the definitions and the other examples say."""
        self.confidence = self._settle()
        self._told_confidence = _sharpened(self.confidence, classifier.options.threshold)

    def weigh(self, weights: Weights) -> None:
        """Judge anew under other *weights*: for training, which tries many on one reading."""
        self._weights[:] = weights.rows()
        self.confidence = self._settle()
        self._told_confidence = _sharpened(self.confidence, self._classifier.options.threshold)

    def _like_examples(self, fresh: Sequence[Item]) -> dict[int, dict[int, float]]:
        """Return what is certain of items that have the very title of an example."""
        by_title: dict[str, dict[int, float]] = {}
        for topic, declared in enumerate(self._classifier.topics):
            for example in declared.examples:
                by_title.setdefault(fingerprint(example.title), {})[topic] = float(example.belongs)
        titles = {place: fingerprint(item.article.title) for place, item in enumerate(fresh)} if by_title else {}
        return {place: by_title[title] for place, title in titles.items() if title and title in by_title}

    def _told(self, item: Item, is_decided: bool) -> list[float]:
        told = {label.topic: 1.0 if is_decided else label.confidence for label in item.topics or ()}
        return [told.get(topic.name, 0.0) for topic in self._classifier.topics]

    def _settle(self) -> Array:
        """Return the confidences, after the pile's lessons and the confidences have been brought into line."""
        judged = len(self.unaided)
        confidence = self._sure(self._confidence(0))
        for _ in range(self._classifier.options.rounds):
            self._learn(np.concatenate([confidence, self._old]), judged)
            self.unaided = self._confidence(1)
            confidence = self._sure(self.unaided.copy())
        self.unaided = self._mended(self.unaided)
        return self._sure(self.unaided.copy())

    def _mended(self, confidence: Array) -> Array:
        """Return *confidence* mended by the examples' lessons; that of each example by the lessons of the others."""
        numbers, told = self._classifier.told_by_examples
        if not numbers:
            return confidence.copy()
        rows = [[self._example_rows[number] for number in same] for same in numbers]
        first = [same[0] for same in rows]
        likeness = self._pile.likeness(first)
        errors = np.nan_to_num(told - confidence[first], nan=0.0)
        further, others = carry_over(errors, likeness[first], likeness[: len(confidence)])
        for row, same in zip(others, rows, strict=True):
            further[same] = row
        sure = np.clip(confidence, 1e-6, 1.0 - 1e-6)
        score = np.log(sure / (1.0 - sure)) + further
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(score, -30.0, 30.0))), dtype=np.float32)

    def _confidence(self, model: int) -> Array:
        weights = self._weights[:, model]
        score = np.einsum("ijk,ik->ij", self.evidence.features, weights[:, 1:]) + weights[:, :1]
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(score, -30.0, 30.0))), dtype=np.float32)

    def _sure(self, confidence: Array) -> Array:
        for place, told in self._certain.items():
            for topic, value in told.items():
                confidence[place, topic] = value
        return confidence

    def _learn(self, belief: Array, judged: int) -> None:
        features = self.evidence.features
        words, company = (part[:judged] for part in self._pile.words(belief, self._classifier.own_terms))
        features[:, :, at("learned_words")] = words
        features[:, :, at("learned_rival")] = self._classifier.rivals(words)
        features[:, :, at("learned_company")] = company
        for place, topic in self.evidence.mentions:
            features[place, topic, at("hit_learned_company")] = company[place, topic]
        features[:, :, at("learned_text")] = self._pile.directions(belief)[:judged]
        features[:, :, at("learned_near")] = self._pile.neighbours(belief)[:judged]

    def labels(self, item: Item) -> tuple[TopicLabel, ...]:
        """Return the topics of *item*, parents included, most certain first. Raises KeyError for one that was not judged."""
        place = self._places[item.id]
        likely = np.flatnonzero(self.confidence[place] >= self._classifier.options.threshold - 0.001)
        return self._classifier.finish(item, [self._label(place, int(topic)) for topic in likely])

    def judgements(self, item: Item) -> tuple[TopicLabel, ...]:
        """Return every topic with its confidence and what speaks for it and against it, in the portal's order.

        Raises:
            KeyError: *item* was not judged.
        """
        place = self._places[item.id]
        return tuple(self._label(place, topic) for topic in range(len(self._classifier.topics)))

    def _label(self, place: int, topic: int) -> TopicLabel:
        confidence = round(float(self._told_confidence[place, topic]), 3)
        return TopicLabel(self._classifier.topics[topic].name, confidence, self._reasons(place, topic))

    def cross_examined(self) -> list[tuple[Topic, Example, float]]:
        """Return each example of each topic with the confidence that the definitions and all other examples give it."""
        given = [(place, topic, one) for place, topic in enumerate(self._classifier.topics) for one in topic.examples]
        return [
            (topic, example, float(self.unaided[row, place]))
            for row, (place, topic, example) in zip(self._example_rows, given, strict=True)
        ]

    def _rows_of_examples(self) -> Iterator[int]:
        """Return where each example stands among what is judged: after the items come each topic's definition and examples."""
        row = len(self._readings)
        for topic in self._classifier.topics:
            yield from range(row + 1, row + 1 + len(topic.examples))
            row += 1 + len(topic.examples)

    def confidences(self) -> list[dict[str, float]]:
        """Return for each item judged, in order, topic → confidence as computed: sharpened, the surest could not be told apart."""
        names = [topic.name for topic in self._classifier.topics]
        return [dict(zip(names, map(float, row), strict=True)) for row in self.confidence[: len(self._readings)]]

    def _reasons(self, place: int, topic: int) -> tuple[str, ...]:
        """Return the evidence in words: keywords, other words that told, meaning, and what it reads like instead."""
        found = self.evidence.mentions.get((place, topic))
        told = found.told() if found else []
        if place in self._certain and topic in self._certain[place]:
            told.append("example")
        row = self.evidence.features[place, topic]
        if row[at("learned_company")] > _TOLD and (words := self._pile.telling(place, topic)):
            written = written_forms([self._readings[place]]) if place < len(self._readings) else {}
            told.append(f"words: {', '.join(written.get(word, word) for word in words)}")
        if row[at("text_lead")] > 0.0:
            told.append("meaning: close to the description")
        if row[at("company_words_lead")] < _ALIEN:
            told.append(f"but reads like: {self._classifier.subject_of(self._readings[place])}")
        return tuple(told)


def _spokesmen(fresh: Sequence[Item], seeds: int, old: Sequence[Item], decided: Collection[str]) -> list[int]:
    """Return for each text of the pile the place of the one that speaks for its event: the first report that is no copy.

    The fresh items come first, then so many *seeds*, then the old ones. What a person decided speaks for itself.
    """
    speakers: dict[str, int] = {}
    places = [*enumerate(fresh), *enumerate(old, len(fresh) + seeds)]
    for place, item in sorted(places, key=lambda one: (one[1].duplicate_of is not None, one[0])):
        if item.id not in decided:
            speakers.setdefault(event_of(item), place)
    found = list(range(len(fresh) + seeds + len(old)))
    for place, item in places:
        found[place] = place if item.id in decided else speakers[event_of(item)]
    return found


def _sharpened(confidence: Array, pivot: float) -> Array:
    """Return *confidence* further from *pivot*, which stays where it is.

    The ridge that keeps the weights honest on new topics makes them timid. What is decided stays the same.
    """
    sure = np.clip(confidence, 1e-6, 1.0 - 1e-6)
    middle = np.log(pivot / (1.0 - pivot))
    score = middle + _SHARPER * (np.log(sure / (1.0 - sure)) - middle)
    told = 1.0 / (1.0 + np.exp(-np.clip(score, -30.0, 30.0)))
    return np.where((confidence == 0.0) | (confidence == 1.0), confidence, told).astype(np.float32)


_SHARPER = 3.0
_TOLD = 0.3
_ALIEN = -0.06
