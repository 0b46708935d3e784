"""Trying topics on their own examples: the pure part of `newsloom topics test`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from newsloom.model.article import Article
from newsloom.model.item import Item, item_id
from newsloom.model.record import Provider
from newsloom.model.topic import Example, Topic
from newsloom.ports.deciding import Classifier

_WHENEVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class TopicTrial:
    """How a topic did on its own examples.

    `right` counts examples decided as they are marked. `precision` is None when it was given to none of them, `recall` when none
    is marked to belong. `missed` and `wrong` hold titles that should have got it and did not, and the other way round.
    """

    topic: str
    examples: int
    right: int
    precision: float | None
    recall: float | None
    missed: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()


def test_topics(classifier: Classifier, topics: Sequence[Topic]) -> tuple[TopicTrial, ...]:
    """Return how each topic that has examples does on them, in order.

    A classifier that learned from the same examples does better here than on new text: this finds keywords that miss or
    mislead, it is no measurement.
    """
    return tuple(_try(classifier, topic) for topic in topics if topic.examples)


test_topics.__test__ = False  # type: ignore[attr-defined]  # pytest takes every test_* for a test


def _try(classifier: Classifier, topic: Topic) -> TopicTrial:
    given = [
        (example, any(label.topic == topic.name for label in classifier.labels(_item(example))))
        for example in topic.examples
    ]
    right = sum(example.belongs and got for example, got in given)
    got_it = sum(got for _, got in given)
    belong = sum(example.belongs for example, _ in given)
    return TopicTrial(
        topic.name,
        len(given),
        sum(example.belongs == got for example, got in given),
        right / got_it if got_it else None,
        right / belong if belong else None,
        tuple(example.title for example, got in given if example.belongs and not got),
        tuple(example.title for example, got in given if got and not example.belongs),
    )


def _item(example: Example) -> Item:
    address = "https://example.invalid/"
    article = Article(address, address, example.title, example.excerpt, "article", Provider("", ""))
    return Item(item_id(address), article, _WHENEVER)
