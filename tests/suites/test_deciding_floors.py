"""Stories, related links and topics on the shared data stay at least as good as plain TF-IDF and plain keywords."""

from __future__ import annotations

import pytest

from newsloom.evaluation.stories import evaluate_stories
from newsloom.evaluation.topics import evaluate_topics
from shared_data import shared


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "f1", "ndcg5"),
    [("ecbplus", 0.84, 0.95), ("uci_news_aggregator_2014", 0.75, 0.90)],
)
def test_stories(name: str, f1: float, ndcg5: float) -> None:
    result = evaluate_stories(shared("stories", name, "dev.jsonl"))
    assert isinstance(result["bcubed_f1"], float) and result["bcubed_f1"] >= f1
    assert isinstance(result["related_ndcg5"], float) and result["related_ndcg5"] >= ndcg5


@pytest.mark.slow
def test_topics_learned_from_examples() -> None:
    result = evaluate_topics(shared("topics", "agnews.dev.jsonl"), topics=None, examples=128)
    assert isinstance(result["macro_f1"], float) and result["macro_f1"] >= 0.80


def test_keywords_that_mislead() -> None:
    cases, taxonomy = (
        shared("topics", "disambiguation", "cases.jsonl"),
        shared("topics", "disambiguation", "taxonomy.json"),
    )
    result = evaluate_topics(cases, topics=taxonomy)
    assert isinstance(result["recall"], float) and result["recall"] >= 0.90
    assert isinstance(result["false_tag_rate"], float) and result["false_tag_rate"] <= 0.895
