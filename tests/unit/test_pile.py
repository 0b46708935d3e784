"""What the pile teaches: reports of one event speak with one voice, and none confirms itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from news_items import news
from newsloom.model.item import Item
from newsloom.model.topic import Topic
from newsloom.stages.classify import TopicClassifier
from newsloom.stages.classify.pile import Pile

WORDS = ["ferry", "bridge", "kelp", "robot", "council", "choir"]
TOPICS = 2


@st.composite
def _piles(draw: st.DrawFn) -> tuple[list[dict[str, float]], np.ndarray, np.ndarray, list[int], np.ndarray]:
    size = draw(st.integers(3, 9))
    counts = [dict.fromkeys(draw(st.sets(st.sampled_from(WORDS), min_size=1)), 1.0) for _ in range(size)]
    random = np.random.default_rng(draw(st.integers(0, 10_000)))
    vectors = random.normal(size=(size, 4)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    groups = [draw(st.integers(0, place)) for place in range(size)]
    first = {group: groups.index(group) for group in groups}
    spokesmen = [first[group] for group in groups]
    weights = random.uniform(0.5, 3.0, size).astype(np.float32)
    return counts, vectors, weights, spokesmen, random.uniform(0, 1, (size, TOPICS)).astype(np.float32)


@given(_piles())
def test_what_a_text_learns_is_what_the_pile_without_its_event_teaches(
    drawn: tuple[list[dict[str, float]], np.ndarray, np.ndarray, list[int], np.ndarray],
) -> None:
    counts, vectors, weights, spokesmen, belief = drawn
    pile = Pile(counts, vectors, weights, spokesmen)
    words, _ = pile.words(belief, [frozenset()] * TOPICS)
    directions, near = pile.directions(belief), pile.neighbours(belief)
    for text in range(len(counts)):
        # The same pile, whose speaker for this text says nothing and believes nothing: only what is usual is left of it.
        silent, other = weights.copy(), belief.copy()
        other[spokesmen[text]] = 0.0
        silent[spokesmen[text]] = 0.0
        without = Pile(counts, vectors, silent, spokesmen)
        usual = [_usual(w, belief, spokesmen) for w in (weights, silent)]
        assert directions[text] + usual[0] == pytest.approx(without.directions(belief)[text] + usual[1], abs=2e-3)
        assert near[text] == pytest.approx(pile.neighbours(other)[text], abs=1e-5)
    for text, speaker in enumerate(spokesmen):
        if counts[text] == counts[speaker]:
            assert words[text] == pytest.approx(words[speaker], abs=1e-4)


def _usual(weights: np.ndarray, belief: np.ndarray, spokesmen: list[int]) -> np.ndarray:
    speaking = weights * (np.array(spokesmen) == np.arange(len(spokesmen)))
    return np.asarray((speaking[:, None] * belief).sum(axis=0) / max(float(speaking.sum()), 1e-6))


GALE = Topic("weather", "Weather", keywords=("storm",), description="Storms, gales, floods and heat on land and sea.")
CHIPS = Topic(
    "chips", "Chips", keywords=("semiconductor",), description="Semiconductors, wafers and the plants that make them."
)
CLASSIFIER = TopicClassifier([GALE, CHIPS])


def _choir(number: int, **fields: str) -> Item:
    title, body = (
        "Choir sings by candlelight",
        "The choir of Saint Brannoc sang before a full nave while a gale blew outside. Imre Falk chose the carols.",
    )
    return replace(news(title, body), id=f"{number:016x}", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("tie", ["story", "duplicate_of"])
@pytest.mark.parametrize("copies", [2, 8])
def test_reports_of_one_event_do_not_confirm_each_other(tie: str, copies: int) -> None:
    storms = [replace(news(f"Storm {name} nears", f"The storm {name} brings a gale."), id=name) for name in "abcd"]
    alone = CLASSIFIER.among([_choir(1), *storms]).confidences()[0]
    first = _choir(1, **({"story": "s1"} if tie == "story" else {}))
    others = [_choir(2 + n, **{tie: "s1" if tie == "story" else first.id}) for n in range(copies)]
    told = CLASSIFIER.among([first, *others, *storms]).confidences()
    for place in range(copies + 1):
        assert told[place] == pytest.approx(alone, abs=0.02)
