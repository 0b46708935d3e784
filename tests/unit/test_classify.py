"""Topics: how keywords are read, what hides them, what other words add."""

from __future__ import annotations

from dataclasses import replace

import pytest

from news_items import news
from newsloom.model.item import Item
from newsloom.model.topic import Example, Topic, TopicLabel
from newsloom.stages.classify import KeywordIndex, TopicClassifier, try_topics


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
    classifier = TopicClassifier(TOPICS, source_topics={"https://harborpost.example/ferries.xml": ("Ferries",)})
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
        "The ferry to the island stops at noon. Boats of the harbour change their timetables, no ferry sails on Sunday. "
        + filler,
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
    given = TopicClassifier(TOPICS).labels(item)
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
    assert "Ferries" in {label.topic for label in TopicClassifier((AI, taught)).labels(item)}
    assert TopicClassifier((AI, FERRIES)).labels(item) == ()


def test_trying_topics_decides_each_example_by_the_others() -> None:
    examples = (
        Example("Ferry stops at noon, ferry passengers wait"), Example("No boat today"),
        Example("Orchard opens to visitors", belongs=False), Example("Tram line extended", belongs=False),
    )  # fmt: skip
    topic = Topic(
        "ferries", "Ferries", description="Ferry passengers and ferry lines.", keywords=("ferry",), examples=examples
    )
    (trial,) = try_topics(TopicClassifier((topic,)))
    assert (trial.examples, trial.right, trial.precision, trial.recall) == (4, 3, 1.0, 0.5)
    assert (trial.missed, trial.wrong, trial.passed) == (("No boat today",), (), True)
    (strict,) = try_topics(TopicClassifier((replace(topic, floor=0.8),)))
    assert not strict.passed


def test_an_item_with_the_title_of_an_example_is_decided_by_it() -> None:
    topic = Topic(
        "ferries", "Ferries", keywords=("ferry",), examples=(Example("The ferry that never sailed", belongs=False),)
    )
    classifier = TopicClassifier((topic,))
    assert classifier.labels(news("The ferry that never sailed!")) == ()
    yes = replace(topic, examples=(Example("Late again, and no word why"),))
    (label,) = TopicClassifier((yes,)).labels(news("Late again, and no word why"))
    assert label.confidence == 1.0
    assert "example" in label.evidence


def test_no_topics_give_no_labels() -> None:
    assert TopicClassifier(()).labels(news("AI")) == ()


def test_a_keyword_near_another_and_in_one_field_only() -> None:
    index = KeywordIndex(("council NEAR/3 budget", "title:strike", "text:pier NEAR ferry"))
    assert [hit.keyword for hit in index.hits("The council's new city budget")] == ["council NEAR/3 budget"]
    assert index.hits("The council met for hours and then the budget fell") == []
    assert [hit.keyword for hit in index.hits("Budget: council votes")] == ["council NEAR/3 budget"]
    assert [hit.keyword for hit in index.hits("A strike", "title")] == ["strike"]
    assert index.hits("A strike", "text") == []
    assert index.hits("Ferry at the pier", "title") == []
    (hit,) = index.hits("The ferry leaves the pier", "text")
    assert (hit.start, hit.end) == (4, 25)


@pytest.mark.parametrize(
    "entry", ["council NEAR", "NEAR budget", "a1 NEAR b1 NEAR c1", "council NEAR/0 budget", "council NEAR/100 budget"]
)
def test_a_keyword_that_cannot_be_is_refused(entry: str) -> None:
    with pytest.raises(ValueError, match="NEAR"):
        KeywordIndex((entry,))


def test_items_judged_together_learn_from_each_other_and_from_known_ones() -> None:
    sailing = [
        news(f"Ferry and catamaran sail from the pier at {n}", "The ferry timetable of the harbour.") for n in range(8)
    ]
    trams = [news(f"Tram stop {n} moves to the orchard road") for n in range(8)]
    asked = news("Catamaran sails from the pier")
    classifier = TopicClassifier(TOPICS)

    def confidence(known: list[Item]) -> float:
        judged = classifier.among([asked], known).judgements(asked)
        return next(label.confidence for label in judged if label.topic == "Ferries")

    known = [replace(item, topics=(TopicLabel("Ferries", 0.9),)) for item in sailing]
    known += [replace(item, topics=()) for item in trams]
    assert confidence(known) > confidence([])
    assert classifier.among([asked, *sailing, *trams]).confidence.shape[1] == len(TOPICS)


def test_what_a_person_decided_teaches_more() -> None:
    asked = news("Catamaran sails from the pier")
    known = [replace(news(f"Catamaran late {n}"), topics=(TopicLabel("Ferries", 0.5),)) for n in range(4)]
    known += [replace(news(f"Tram stop {n} moves"), topics=()) for n in range(6)]
    classifier = TopicClassifier(TOPICS)
    believed = classifier.among([asked], known).confidence[0, 2]
    decided = classifier.among([asked], known, {item.id for item in known}).confidence[0, 2]
    assert decided > believed


def test_the_same_batch_gives_the_same_judgement_in_any_order() -> None:
    items = [news(f"Ferry sails at {n}") for n in range(5)] + [
        news("Face recognition at the pier"),
        news("Budget passes"),
    ]
    forth, back = (TopicClassifier(TOPICS).among(batch) for batch in (items, items[::-1]))
    assert [forth.labels(item) for item in items] == [back.labels(item) for item in items]


def test_an_item_that_was_not_judged_is_not_known() -> None:
    with pytest.raises(KeyError):
        TopicClassifier(TOPICS).among([news("Ferry sails")]).labels(news("Tram stops"))


def test_a_subject_that_speaks_against_a_keyword_is_named() -> None:
    item = news(
        "Ferry pasta with garlic sauce and cheese",
        "Bake the pie in the oven, cook the sauce with flour and butter, serve the salad.",
    )
    (ferries,) = (label for label in TopicClassifier(TOPICS).among([item]).judgements(item) if label.topic == "Ferries")
    assert "but reads like: food and cooking" in ferries.evidence
