"""Press-release and clickbait cues, and heat, on labelled data; and false alarms on plain news, which cost readers most."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from newsloom.evaluation.clickbait import evaluate_clickbait
from newsloom.evaluation.heat import evaluate_heat
from newsloom.evaluation.spam import evaluate_spam
from newsloom.stages.rank.clickbait import THRESHOLD as CLICKBAIT
from newsloom.stages.rank.clickbait import clickbait_cues
from newsloom.stages.rank.press_release import THRESHOLD as PRESS_RELEASE
from newsloom.stages.rank.press_release import press_release_cues
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
    assert figure(found, "recall") >= 0.80
    assert figure(found, "false_positive_rate") <= 0.02


def test_heat_beats_the_hacker_news_formula() -> None:
    found = evaluate_heat(shared("heat", "facebook_series.csv"))
    assert figure(found, "ndcg20") >= 0.86
    assert figure(found, "ndcg20") >= figure(found, "hacker_news_ndcg20") + 0.01


@pytest.mark.parametrize(
    ("cues", "threshold", "ceiling"),
    [
        (lambda title: press_release_cues(title)[0], PRESS_RELEASE, 0.01),
        (lambda title: clickbait_cues(title)[0], CLICKBAIT, 0.03),
    ],
    ids=["press release", "clickbait"],
)
@pytest.mark.parametrize("corpus", ["agnews", "bbc"])
def test_plain_news_raises_few_false_alarms(
    cues: Callable[[str], float], threshold: float, ceiling: float, corpus: str
) -> None:
    lines = shared("topics", f"{corpus}.dev.jsonl").read_text(encoding="utf-8").splitlines()
    titles = [json.loads(line)["title"] for line in lines]
    assert sum(cues(title) >= threshold for title in titles) / len(titles) <= ceiling
