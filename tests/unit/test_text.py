"""Words of any language: tokens, stems, terms, shingles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsloom.vocab.common_words import BACKGROUND_SHARE, STOP_WORDS
from newsloom.vocab.text import fingerprint, primary_language, shingles, stem, terms, tokens
from newsloom.vocab.vectors import TermWeights, count_terms, dot, norm


def test_tokens_fold_case_apostrophes_and_possessives() -> None:
    assert tokens("Tesla’s U.S. plan: 1,000 cars, don’t ask") == [
        "tesla",
        "u.s.",
        "plan",
        "1,000",
        "cars",
        "don't",
        "ask",
    ]


def test_unspaced_scripts_fall_into_characters_and_pairs() -> None:
    assert tokens("東京で地震 M6.1") == ["東", "京", "で", "地", "震", "m6", "1"]
    assert terms("東京で地震") == ["東京", "京で", "で地", "地震"]


def test_shingles_are_longer_where_a_character_is_a_token() -> None:
    assert shingles("one two three four") == ["one two three", "two three four"]
    assert shingles("東京で地震が") == ["東 京 で 地 震", "京 で 地 震 が"]
    assert shingles("two words") == ["two words"]
    assert shingles("… —") == []


@pytest.mark.parametrize(
    ("forms", "root"),
    [
        ("vote votes voted voting", "vot"),
        ("city cities", "city"),
        ("box boxes", "box"),
        ("stop stops stopped stopping", "stop"),
    ],
)
def test_inflected_forms_meet(forms: str, root: str) -> None:
    assert {stem(form) for form in forms.split()} == {root}


@pytest.mark.parametrize("word", ["gas", "news1", "straße", "bus", "ai"])
def test_short_and_foreign_words_stay_whole(word: str) -> None:
    assert stem(word) == word


def test_content_words_of_one_language_are_no_stop_words_for_another() -> None:
    assert not {"war", "die", "ai", "son", "man", "hat"} & STOP_WORDS
    assert not set(BACKGROUND_SHARE) & STOP_WORDS


def test_fingerprint_ignores_case_and_punctuation_only() -> None:
    assert fingerprint("Council  votes — 6:3!") == fingerprint("council votes 6:3")
    assert fingerprint("Council votes") != fingerprint("Council voted")


@pytest.mark.parametrize(
    ("tag", "primary"), [("en-GB", "en"), ("PT_br", "pt"), ("und", None), ("", None), (None, None)]
)
def test_primary_language(tag: str | None, primary: str | None) -> None:
    assert primary_language(tag) == primary


def test_everyday_words_weigh_less_even_in_a_pool_of_one() -> None:
    counts = count_terms("Government said harmonica", "")
    weights = TermWeights.of([counts])
    vector = weights.vector(counts)
    assert vector["harmonica"] > vector["government"]
    assert norm(vector) == pytest.approx(1.0)
    assert dot(vector, vector) == pytest.approx(1.0)
    assert weights.vector({}) == {}


@given(st.text(st.sampled_from("aAbBU. s'’ʼ‘`,:017-_\nǆ²①ﬁßİıé\u0301ĳŉ"), max_size=30))
def test_the_short_cut_for_spaced_scripts_finds_what_the_general_pattern_finds(text: str) -> None:
    assert tokens(text) == tokens(f"{text} 本")[:-1]
    assert terms(text) == terms(f"{text} 本")
