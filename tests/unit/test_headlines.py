"""The trained models of headlines: what they see, what they say, and where they stay silent."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from invented_items import article
from newsloom.adapters.text.choice import make_embedder
from newsloom.adapters.text.headlines import headline_models
from newsloom.stages.rank.headlines import CLICKBAIT, PRESS_RELEASE, judge_clickbait, judge_press_release
from newsloom.stages.rank.press_release import press_release_cues
from newsloom.stages.rank.wording import BUCKETS, HeadlineModels, WordingModel, bucket, terms

PROMOTED = "Brinova Named Among Most Innovative Wound Care Companies of 2026"
REPORTED = "Nurses say wound care fell behind as hospital cut staff"


@pytest.fixture(params=["none", "default"])
def models(request: pytest.FixtureRequest) -> HeadlineModels:
    return headline_models(make_embedder(request.param))


def test_terms_fold_case_and_numbers_and_know_the_beginning() -> None:
    assert terms("Top 12 lamps of 2026") == (
        "top", "<number>", "lamps", "of", "<year>", "^ top", "top <number>", "<number> lamps", "lamps of", "of <year>",
    )  # fmt: skip
    assert terms("TOP 7 Lamps") == terms("top 9 lamps")
    assert terms("", "e:") == ()
    assert all(0 <= bucket(term) < BUCKETS for term in terms("Über 3 % mehr – 灯"))


def test_promotion_is_told_from_news_by_its_wording(models: HeadlineModels) -> None:
    promoted, evidence = judge_press_release(article(PROMOTED, body="", excerpt=""), models)
    reported, nothing = judge_press_release(article(REPORTED, body="", excerpt=""), models)
    assert promoted >= PRESS_RELEASE > reported
    assert evidence[0].startswith("worded like promotion") and nothing == ()


def test_bait_is_told_from_news(models: HeadlineModels) -> None:
    assert judge_clickbait("17 Things Only People With Two Cats Will Understand", "en", models)[0] >= CLICKBAIT
    assert judge_clickbait("Council votes to pause face scans at the ferry terminal", "en", models)[0] < CLICKBAIT


def test_other_languages_are_judged_by_cues(models: HeadlineModels) -> None:
    german = article("Brinova GmbH (NASDAQ: BRNV) meldet Rekord", in_language="de", body="", excerpt="")
    assert judge_press_release(german, models) == press_release_cues(german.title, domain=german.provider.domain)
    assert judge_clickbait("Which lamp are you?", "de", models) == judge_clickbait("Which lamp are you?", "de", None)


def test_what_a_text_says_of_itself_counts_beside_its_headline(models: HeadlineModels) -> None:
    plain = article(REPORTED, excerpt="")
    wired = article(
        REPORTED,
        excerpt="",
        body="TARROW, March 2 /PRNewswire/ -- Brinova, a leading provider of lamps, today announced …",
    )
    assert judge_press_release(plain, models)[0] < 0.3 < 0.9 < judge_press_release(wired, models)[0]


def test_what_a_model_says_is_a_sum() -> None:
    words: NDArray[np.float32] = np.zeros(BUCKETS, dtype=np.float32)
    words[bucket("lamp")] = 2.0
    model = WordingModel(words=words, cues={"loud": 1.5}, constant=-1.0, with_excerpt=0.5)
    models = HeadlineModels(model, model, None, "test")
    assert model.probability(models.wording("", "", ())) == pytest.approx(1 / (1 + np.exp(1.0)))
    assert model.probability(models.wording("lamp", "", ())) == pytest.approx(1 / (1 + np.exp(1.0 - 2.0 / np.sqrt(2))))
    assert model.probability(models.wording("", "pier", ("loud",))) == pytest.approx(1 / (1 + np.exp(-1.0)))
    assert model.telling(models.wording("A lamp", "", ())) == ("lamp",)
