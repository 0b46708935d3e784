"""What every Deduplicator, Clusterer, Classifier and Relator owes its caller, on every implementation."""

from __future__ import annotations

import itertools

import pytest

from news_items import news
from newsloom.model.item import Item
from newsloom.model.topic import Topic
from newsloom.ports.deciding import Classifier, Clusterer, Deduplicator, Relator, StoryConstraints
from newsloom.stages.classify import TopicClassifier
from newsloom.stages.cluster import StreamClusterer
from newsloom.stages.dedupe import ShingleDeduplicator
from newsloom.stages.relate import CoverageRelator

BODY = "The council of {} voted on Monday to pause face scans by its police after a long debate in a full chamber on the {} night"
ITEMS = [
    news(
        f"{town} pauses face scans {word}", (BODY.format(town, word) + ". ") * 2, hours=hours, provider=f"Paper {hours}"
    )
    for hours, (town, word) in enumerate(
        itertools.product(("Oakford", "Portmere", "Sarn"), ("first", "first", "third"))
    )
]
TOPICS = (
    Topic("a", "A", keywords=("face scan",)),
    Topic("b", "B", keywords=("debate",), parent="A"),
    Topic("c", "C", keywords=("frost",)),
)


@pytest.fixture(params=[ShingleDeduplicator])
def deduplicator(request: pytest.FixtureRequest) -> Deduplicator:
    made: Deduplicator = request.param()
    return made


@pytest.fixture(params=[StreamClusterer])
def clusterer(request: pytest.FixtureRequest) -> Clusterer:
    made: Clusterer = request.param()
    return made


@pytest.fixture(params=[TopicClassifier])
def classifier(request: pytest.FixtureRequest) -> Classifier:
    made: Classifier = request.param(TOPICS)
    return made


@pytest.fixture(params=[CoverageRelator])
def relator(request: pytest.FixtureRequest) -> Relator:
    made: Relator = request.param()
    return made


def _split() -> list[tuple[list[Item], list[Item]]]:
    return [(ITEMS[place:], ITEMS[:place]) for place in (0, 3, 8)]


@pytest.mark.parametrize(("fresh", "known"), _split())
def test_copies_point_to_originals_that_are_no_copies(
    deduplicator: Deduplicator, fresh: list[Item], known: list[Item]
) -> None:
    decisions = deduplicator.duplicates(fresh, known)
    copies = [decision.item for decision in decisions]
    assert decisions, "the stream holds copies"
    assert len(set(copies)) == len(copies)
    assert set(copies) <= {item.id for item in ITEMS}
    assert not {decision.primary for decision in decisions} & set(copies)
    assert {decision.primary for decision in decisions} <= {item.id for item in ITEMS}
    assert all(0.0 <= decision.containment <= 1.0 for decision in decisions)
    assert decisions == deduplicator.duplicates(fresh, list(reversed(known)))


def test_every_fresh_item_gets_one_choice_in_order(clusterer: Clusterer) -> None:
    choices = clusterer.stories(ITEMS, [], StoryConstraints()).choices
    assert [choice.item for choice in choices] == [item.id for item in ITEMS]
    opened: set[str] = set()
    for choice in choices:
        assert choice.opens == (choice.story not in opened)
        opened.add(choice.story)
        assert 0.0 <= choice.similarity <= 1.0
    assert choices == clusterer.stories(ITEMS, [], StoryConstraints()).choices


def test_constraints_are_obeyed(clusterer: Clusterer) -> None:
    plain = {choice.item: choice.story for choice in clusterer.stories(ITEMS, [], StoryConstraints()).choices}
    last = ITEMS[-1].id
    apart = StoryConstraints(must={last: "s-apart"})
    assert clusterer.stories(ITEMS, [], apart).choices[-1].story == "s-apart" not in plain.values()
    forced = StoryConstraints(must={last: plain[ITEMS[0].id]})
    assert clusterer.stories(ITEMS, [], forced).choices[-1].story == plain[ITEMS[0].id]


def test_labels_are_declared_topics_with_their_parents(classifier: Classifier) -> None:
    for item in ITEMS:
        labels = classifier.labels(item)
        names = [label.topic for label in labels]
        assert set(names) <= {"A", "B", "C"}
        assert "B" not in names or "A" in names
        assert all(0.0 < label.confidence <= 1.0 and label.evidence for label in labels)
        assert [label.confidence for label in labels] == sorted((label.confidence for label in labels), reverse=True)
    assert classifier.labels(news("Nothing of the kind")) == ()


def test_relations_lead_to_candidates_never_to_oneself(relator: Relator) -> None:
    for item in ITEMS:
        notes = relator.with_candidates(ITEMS).relations(item)
        assert item.id not in {note.item for note in notes}
        assert {note.item for note in notes} <= {other.id for other in ITEMS}
        assert len({note.item for note in notes}) == len(notes) <= 9
        assert all(0.0 <= note.score <= 1.0 and note.reason for note in notes)
    assert relator.with_candidates([]).relations(ITEMS[0]) == ()
