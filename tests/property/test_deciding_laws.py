"""Laws of the deciding stages on any text: never a crash, always the same, sums that stay in bounds."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from news_items import news
from newsloom.evaluation.measures import adjusted_rand, bcubed
from newsloom.model.item import Item
from newsloom.model.topic import Topic
from newsloom.ports.deciding import StoryConstraints
from newsloom.stages.classify import KeywordIndex, TopicClassifier
from newsloom.stages.cluster import StreamClusterer
from newsloom.stages.dedupe import ShingleDeduplicator
from newsloom.stages.relate import CoverageRelator
from newsloom.vocab.text import fingerprint, shingles, terms, tokens

WORDS = st.lists(
    st.sampled_from(
        ["Oakford", "council", "votes", "ban", "face", "scan", "地震", "6.1", "U.S.", "AI", "ai’s", "café", "…", "Sarn"]
    ),
    max_size=40,
).map(" ".join)
ANY = st.one_of(WORDS, st.text(max_size=80))


@st.composite
def items(draw: st.DrawFn) -> list[Item]:
    made = draw(st.lists(st.tuples(ANY, ANY, st.integers(0, 200), st.sampled_from(["en", "de", None])), max_size=8))
    return [
        news(title, body, hours=hours, lang=lang, url=f"https://paper{n % 3}.example/{n}", provider=f"Paper {n % 3}")
        for n, (title, body, hours, lang) in enumerate(made)
    ]


@given(ANY)
def test_words_of_any_text(text: str) -> None:
    assert tokens(fingerprint(text)) == tokens(text) or not text.isascii()
    assert len(shingles(text)) <= max(1, len(tokens(text)))
    assert all(terms(text))


@settings(max_examples=60, deadline=None)
@given(items())
def test_decisions_on_any_items_are_sound_and_repeatable(stream: list[Item]) -> None:
    copies = ShingleDeduplicator().duplicates(stream, [])
    assert not {copy.item for copy in copies} & {copy.primary for copy in copies}
    assert copies == ShingleDeduplicator().duplicates(list(reversed(stream)), [])
    choices = StreamClusterer().stories(stream, [], StoryConstraints()).choices
    assert [choice.item for choice in choices] == [item.id for item in stream]
    for item in stream:
        for note in CoverageRelator().with_candidates(stream).relations(item):
            assert note.item != item.id
            assert 0.0 <= note.score <= 1.0


@settings(max_examples=60, deadline=None)
@given(st.lists(ANY, max_size=5), st.lists(ANY, max_size=3), ANY, ANY)
def test_any_keywords_on_any_text(keywords: list[str], exclude: list[str], title: str, body: str) -> None:
    topic = Topic("a", "A", keywords=tuple(keywords), exclude=tuple(exclude))
    for label in TopicClassifier((topic,)).labels(news(title, body)):
        assert 0.0 < label.confidence <= 1.0
    plain, hidden = KeywordIndex(keywords).hits(title), KeywordIndex(keywords, exclude).hits(title)
    assert set(hidden) <= set(plain), "an exclusion never adds a hit"


LABELS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=30)


@given(LABELS)
def test_measures_of_clusterings(pairs: list[tuple[int, int]]) -> None:
    found, true = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    rates, turned = bcubed(found, true), bcubed(true, found)
    assert rates.precision is not None and rates.recall is not None
    assert 0.0 < rates.precision <= 1.0 + 1e-9
    assert rates.precision == turned.recall
    assert bcubed(true, true).f1 == 1.0
    index = adjusted_rand(found, true)
    assert index is not None and index <= 1.0
