"""Trying topics on their own examples: the pure part of `newsloom topics test`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from newsloom.model.topic import Example, Topic
from newsloom.stages.classify.classifier import TopicClassifier


@dataclass(frozen=True, slots=True)
class TopicTrial:
    """How a topic did on its own examples.

    `right` counts examples decided as they are marked. `precision` is None when it was given to none of them, `recall` when none
    is marked to belong. `missed` and `wrong` hold titles that should have got it and did not, and the other way round.
    `passed` says whether precision and recall reach the topic's `floor`.
    """

    topic: str
    examples: int
    right: int
    precision: float | None
    recall: float | None
    passed: bool
    missed: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()


def try_topics(classifier: TopicClassifier) -> tuple[TopicTrial, ...]:
    """Return how each topic that has examples does on them, in order.

    Each example is decided by the definitions and the other examples, never by itself: it is a measurement.
    """
    found: dict[str, list[tuple[Example, bool]]] = {}
    for topic, example, confidence in classifier.among(()).cross_examined():
        found.setdefault(topic.name, []).append((example, confidence >= classifier.options.threshold))
    return tuple(_trial(topic, found[topic.name]) for topic in classifier.topics if topic.name in found)


def _trial(topic: Topic, given: Sequence[tuple[Example, bool]]) -> TopicTrial:
    right = sum(example.belongs and got for example, got in given)
    got_it = sum(got for _, got in given)
    belong = sum(example.belongs for example, _ in given)
    precision = right / got_it if got_it else None
    recall = right / belong if belong else None
    return TopicTrial(
        topic.name,
        len(given),
        sum(example.belongs == got for example, got in given),
        precision,
        recall,
        all(value is None or value >= topic.floor for value in (precision, recall)),
        tuple(example.title for example, got in given if example.belongs and not got),
        tuple(example.title for example, got in given if got and not example.belongs),
    )
