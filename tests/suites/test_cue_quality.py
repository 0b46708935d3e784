"""Press-release and clickbait cues, and heat, on labelled data; and false alarms on plain news, which cost readers most."""

from __future__ import annotations

import json

import pytest

from invented_items import article
from newsloom.adapters.text.choice import make_embedder
from newsloom.adapters.text.headlines import headline_models
from newsloom.evaluation.clickbait import evaluate_clickbait
from newsloom.evaluation.heat import evaluate_heat
from newsloom.evaluation.spam import evaluate_spam
from newsloom.stages.rank.headlines import CLICKBAIT, PRESS_RELEASE, judge_clickbait, judge_press_release
from newsloom.stages.rank.wording import HeadlineModels
from shared_data import shared


def figure(found: dict[str, object], key: str) -> float:
    told = found[key]
    assert isinstance(told, float), found
    return told


def test_spam() -> None:
    found = evaluate_spam(shared("quality", "press_release_spam.jsonl"))
    assert set(found) >= {"items", "auc", "precision", "recall", "model"}
    assert figure(found, "auc") >= 0.95
    assert figure(found, "precision") >= 0.95
    assert figure(found, "recall") >= 0.85


def test_clickbait() -> None:
    found = evaluate_clickbait(shared("quality"))
    assert set(found) >= {"items", "auc", "recall", "false_positive_rate", "model"}
    assert figure(found, "auc") >= 0.955
    assert figure(found, "recall") >= 0.94
    assert figure(found, "false_positive_rate") <= 0.04


def test_heat_beats_the_hacker_news_formula() -> None:
    found = evaluate_heat(shared("heat", "facebook_series.csv"))
    assert figure(found, "ndcg20") >= 0.86
    assert figure(found, "ndcg20") >= figure(found, "hacker_news_ndcg20") + 0.01


@pytest.fixture(scope="module", params=["none", "default"])
def models(request: pytest.FixtureRequest) -> HeadlineModels:
    return headline_models(make_embedder(request.param))


@pytest.mark.parametrize(("corpus", "press", "bait"), [("agnews", 0.012, 0.03), ("bbc", 0.02, 0.045)])
def test_plain_news_raises_few_false_alarms(models: HeadlineModels, corpus: str, press: float, bait: float) -> None:
    lines = shared("topics", f"{corpus}.dev.jsonl").read_text(encoding="utf-8").splitlines()
    told = [json.loads(line) for line in lines]
    business = [article(row["title"], body="", excerpt="") for row in told if "business" in str(row["topics"]).lower()]
    assert sum(judge_press_release(news, models)[0] >= PRESS_RELEASE for news in business) / len(business) <= press
    titles = [row["title"] for row in told]
    assert sum(judge_clickbait(title, None, models)[0] >= CLICKBAIT for title in titles) / len(titles) <= bait
