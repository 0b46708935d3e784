"""Laws of how stories read: shortcuts give what the plain way gives."""

from __future__ import annotations

import re
from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from news_items import news
from newsloom.stages.cluster.clusterer import StreamClusterer
from newsloom.stages.cluster.pool import Pool
from newsloom.vocab.text import cased, first_terms, stem, terms

INSIDE = re.compile(r"(?<=[^\W_][ ])[^\W\d_]{2,}|(?<=[^\W_],[ ])[^\W\d_]{2,}")
PIECES = st.sampled_from(
    [
        "Oakford",
        "council",
        "U.S.",
        "6.1",
        "café,",
        "Ärger",
        "x",
        "a_b",
        "地震",
        "²nd",
        "Ⅷth",
        ",",
        "",
        "don’t",
        "\n",
        "İz",
    ]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=30).map(" ".join), st.text(max_size=60))


@given(TEXTS, TEXTS)
def test_capitals_are_those_of_words_inside_a_sentence(title: str, text: str) -> None:
    words, headline = INSIDE.findall(text), INSIDE.findall(title)
    if 2 * sum(word[0].isupper() for word in headline) <= len(headline):
        words += headline
    capitals, plain = cased(title, text)
    assert set(capitals) == {stem(word.casefold()) for word in words if word[0].isupper()}
    assert set(plain) == {stem(word.casefold()) for word in words if word[0].islower()}


@given(TEXTS, st.integers(1, 12), st.integers(1, 20))
def test_the_first_terms_are_the_first_of_all(text: str, count: int, times: int) -> None:
    whole = f"{text} " * times
    assert list(first_terms(whole, count)) == terms(whole)[:count]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.lists(
            st.sampled_from(["fire", "silo", "council", "vote", "ferry", "chess", "queen", "dock", "grain"]),
            min_size=1,
            max_size=8,
        ),
        min_size=2,
        max_size=12,
    )
)
def test_neighbours_are_those_of_a_plain_scan(texts: list[list[str]]) -> None:
    items = [
        news(" ".join(words), hours=number, url=f"https://paper.example/{number}") for number, words in enumerate(texts)
    ]
    pool, _ = StreamClusterer().arrays(items)
    for index in range(len(items)):
        for is_ahead_only in (True, False):
            found = pool.neighbours(index, 24, 5.0, is_ahead_only=is_ahead_only)
            scanned = plain_scan(pool, index, index if is_ahead_only else len(items))
            assert [round(scanned[other], 4) for other in found] == sorted(
                (round(x, 4) for x in scanned.values()), reverse=True
            )


def plain_scan(pool: Pool, index: int, before: int) -> dict[int, float]:
    """Return for each other item before *before* the weight of the key terms that it shares with item *index*."""
    mine = pool.keys(index)
    shared: dict[int, float] = defaultdict(float)
    for other in range(before):
        for term, weight in pool.keys(other).items():
            if other != index and term in mine:
                shared[other] += weight * mine[term]
    return shared
