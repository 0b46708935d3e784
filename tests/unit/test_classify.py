"""Topics: how keywords are read, what hides them, what other words add."""

from __future__ import annotations

import pytest

from news_items import news
from newsloom.model.topic import Example, Topic
from newsloom.stages.classify import KeywordClassifier, KeywordIndex, test_topics


@pytest.mark.parametrize(
    ("keyword", "text", "found"),
    [
        ("ai", "AI writes the minutes", True),
        ("ai", "Two AIs argue", True),
        ("ai", "Ai Weilan paints; the train waits", False),
        ("ai", "Airport, Baidu, said", False),
        ("AI", "ai is written small", False),
        ("oil", "Oil and oil again", True),
        ("Rust", "a compiler in Rust", True),
        ("Rust", "the rust on the bridge", False),
        ("Computer Vision", "computer vision in shops", True),
        ("iOS", "new iOS today", True),
        ("iOS", "ios means harbour", False),
        ("iOS", "NEW IOS TODAY", True),
        ("self driving", "self-driving buses", True),
        ("model-driven apps", "model driven apps", True),
        ("robot", "three robots, a robot's arm", True),
        ("robot", "robotics", False),
        ("battery", "batteries on fire", True),
        ("face scan", "Face scans paused", True),
        ("face scan", "They lost face. Scan results came", False),
        ("C++", "written in C++ and C", True),
        ("C++", "a vitamin C drink", False),
        (".NET", "a .NET library", True),
        (".NET", "fishing net", False),
        ("人工知能", "新しい人工知能の研究", True),
        ("künstliche intelligenz", "Künstliche Intelligenz im Rathaus", True),
        ("ibm's watson", "IBM Watson retires", True),
    ],
)
def test_how_a_keyword_is_read(keyword: str, text: str, found: bool) -> None:
    assert bool(KeywordIndex([keyword]).hits(text)) is found


def test_an_excluded_phrase_hides_the_keyword_in_its_place_only() -> None:
    index = KeywordIndex(["vision"], ["Vision 2040"])
    assert index.hits("Vision 2040 for the waterfront") == []
    (hit,) = index.hits("Vision 2040 needs machine vision")
    assert "Vision 2040 needs machine vision"[hit.start : hit.end] == "vision"


AI = Topic(
    "ai", "AI", keywords=("ai", "artificial intelligence"), exclude=("Ai Weilan",), description="Machines that learn."
)
VISION = Topic(
    "cv",
    "Computer Vision",
    parent="AI",
    keywords=("face recognition", "computer vision"),
    description="Machines that see.",
)
FERRIES = Topic("ferries", "Ferries", keywords=("ferry",), description="Boats, piers and timetables of the harbour.")
TOPICS = (AI, VISION, FERRIES)


def labels(title: str, body: str = "", source: str | None = None, **fields: str) -> dict[str, float]:
    classifier = KeywordClassifier(TOPICS, source_topics={"https://harborpost.example/ferries.xml": ("Ferries",)})
    return {label.topic: label.confidence for label in classifier.labels(news(title, body, source=source, **fields))}


def test_parents_come_with_the_childs_confidence() -> None:
    given = labels("Face recognition paused at the pier")
    assert given["AI"] == given["Computer Vision"] > 0.5


def test_nothing_fits() -> None:
    assert labels("Budget passes at dawn", "The library stays open.") == {}
    assert labels("Ai Weilan brings ink to the customs house") == {}


def test_a_passing_mention_deep_in_a_long_body_is_no_topic_but_a_lead_is() -> None:
    filler = "The library stays open and the tram comes later than planned said many. " * 30
    assert labels("Budget passes", filler + "A ferry passed. " + filler) == {}
    assert "Ferries" in labels(
        "Budget passes",
        "The ferry to the island stops at noon. No ferry sails on Sunday. " + filler,
        excerpt="Ferry cuts",
    )


def test_more_evidence_never_lowers_confidence() -> None:
    weak = labels("Ferry stops")["Ferries"]
    assert labels("Ferry stops", excerpt="The ferry to the island stops.")["Ferries"] > weak
    assert 0.0 < weak <= 1.0


def test_the_source_decides_with_certainty() -> None:
    given = labels("Timetable changes", source="https://harborpost.example/ferries.xml")
    assert given["Ferries"] == 1.0


def test_labels_come_most_certain_first_with_evidence() -> None:
    item = news("Face recognition and computer vision on the ferry", excerpt="Face recognition spreads.")
    given = KeywordClassifier(TOPICS).labels(item)
    assert [label.confidence for label in given] == sorted((label.confidence for label in given), reverse=True)
    by_topic = {label.topic: label for label in given}
    assert 'title: "face recognition"' in by_topic["Computer Vision"].evidence
    assert "child: Computer Vision" in by_topic["AI"].evidence


def test_examples_teach_what_keywords_miss() -> None:
    yes = tuple(
        Example(f"{word} sails late from pier {n}", belongs=True)
        for n, word in enumerate(
            [
                "Catamaran",
                "Paddle steamer",
                "Catamaran",
                "Car deck",
                "Night boat",
                "Catamaran",
                "Island boat",
                "Pier boat",
            ]
        )
    )
    no = (Example("Bridge toll rises", belongs=False), Example("Tram line extended", belongs=False))
    taught = Topic("ferries", "Ferries", keywords=("ferry",), examples=(*yes, *no))
    item = news("Catamaran sails late again")
    assert "Ferries" in {label.topic for label in KeywordClassifier((AI, taught)).labels(item)}
    assert KeywordClassifier((AI, FERRIES)).labels(item) == ()


def test_trying_topics_on_their_examples_names_what_goes_wrong() -> None:
    topic = Topic(
        "ferries", "Ferries", keywords=("ferry",),
        examples=(
            Example("Ferry stops at noon"), Example("No boat today"),
            Example("Bryan Ferry sings in the hall", belongs=False), Example("Tram line extended", belongs=False),
        ),
    )  # fmt: skip
    (trial,) = test_topics(KeywordClassifier((Topic("ferries", "Ferries", keywords=("ferry",)),)), (topic,))
    assert (trial.examples, trial.right, trial.precision, trial.recall) == (4, 2, 0.5, 0.5)
    assert trial.missed == ("No boat today",)
    assert trial.wrong == ("Bryan Ferry sings in the hall",)


def test_no_topics_give_no_labels() -> None:
    assert KeywordClassifier(()).labels(news("AI")) == ()
