"""Which keywords say it all by themselves, and which need the company of others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from news_items import news
from newsloom.adapters.text.general_words import general_words
from newsloom.model.topic import Example, Topic
from newsloom.stages.classify import TopicClassifier
from newsloom.stages.classify.meaning import Meanings
from newsloom.stages.classify.trust import KeywordTrust
from newsloom.vocab.general_words import WordSet, pack_words

CLOUD = Topic(
    "cloud",
    "Nimbus Cloud",
    keywords=("brelvamaker", "anchor", "Anchor Suite", "NDB", "table NEAR stack"),
    description="The rented computers of Nimbus and the services that run on them.",
)
PIERS = Topic("piers", "Piers", keywords=("pier",), description="Boats, piers and timetables of the harbour.")


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("oracle", True),
        ("fiona", True),
        ("strike", True),
        ("sagemaker", False),
        ("robotaxi", False),
        ("goroutine", False),
    ],
)
def test_the_general_vocabulary_knows_words_and_names_but_not_coinages(word: str, known: bool) -> None:
    assert (word in general_words()) is known


def test_a_word_set_finds_all_it_holds_and_few_others() -> None:
    words = [f"word{number}" for number in range(500)]
    packed = WordSet(pack_words(words, 500))
    assert all(word in packed for word in words)
    assert sum(f"other{number}" in packed for number in range(1000)) < 60


def trust() -> KeywordTrust:
    return KeywordTrust((CLOUD,), Meanings((CLOUD,), None), general_words())


@pytest.mark.parametrize(
    ("keyword", "rare", "specific"),
    [
        ("brelvamaker", True, False),
        ("anchor", False, False),
        ("Anchor Suite", False, True),
        ("NDB", True, True),
        ("table NEAR stack", False, True),
    ],
)
def test_what_is_known_of_a_keyword_before_a_text_is_read(keyword: str, rare: bool, specific: bool) -> None:
    assert trust().is_rare(0, [keyword], "en") is rare
    assert trust().is_specific(0, [keyword]) is specific


def test_a_word_is_rare_only_where_the_vocabulary_speaks_the_language() -> None:
    assert trust().is_rare(0, ["brelvamaker"], None)
    assert not trust().is_rare(0, ["brelvamaker"], "de")


def test_a_rare_keyword_counts_alone_and_a_common_one_does_not() -> None:
    classifier = TopicClassifier((CLOUD, PIERS), vocabulary=general_words())
    rare, common = news("Brelvamaker gets a cheaper mode"), news("Lost anchor blocks the fairway")
    assert [label.topic for label in classifier.labels(rare)] == ["Nimbus Cloud"]
    assert classifier.labels(common) == ()


def test_capitals_amid_small_words_speak_for_a_name() -> None:
    classifier = TopicClassifier((replace(CLOUD, keywords=("anchor",)), PIERS), vocabulary=general_words())
    as_name, as_word = (classifier.among([news(title)]) for title in ("We tried Anchor twice", "We tried anchor twice"))
    said = [judged.confidence[0, 0] for judged in (as_name, as_word)]
    assert said[0] > said[1]


def test_an_example_given_with_two_topics_is_no_witness_for_itself() -> None:
    title = "Quite another matter of which no definition says anything"
    once = replace(CLOUD, examples=(Example(title), Example("Rented computers of Nimbus fail")))
    twice = replace(PIERS, examples=(Example(title), Example("Boats leave the pier late")))
    judged = TopicClassifier((once, twice)).among(())
    given = {(topic.id, example.title): confidence for topic, example, confidence in judged.cross_examined()}
    assert given["cloud", title] < 0.5
    assert given["piers", title] < 0.5


def test_examples_mend_what_definitions_get_wrong() -> None:
    titles = [f"Catamaran {word} sails from the quay" for word in ("Ostara", "Brina", "Luven", "Tamsin", "Wilda")]
    item = news("Catamaran Selka sails from the quay")
    bare, taught = PIERS, replace(PIERS, examples=tuple(map(Example, titles)))
    before, after = (TopicClassifier((CLOUD, topic)).among([item]).confidence[0, 1] for topic in (bare, taught))
    assert after > before + 0.2
