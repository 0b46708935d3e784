"""Laws of quality: bounded terms, exact sums, and each term moving the way its name says."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from invented_items import TOPICS, article, item, organization
from newsloom.adapters.files.profiles import PACKAGED, read_profile
from newsloom.adapters.text.choice import make_embedder
from newsloom.adapters.text.headlines import headline_models
from newsloom.model.article import Article
from newsloom.model.item import Item
from newsloom.model.record import Image
from newsloom.model.score import Score
from newsloom.model.topic import TopicLabel
from newsloom.stages.rank import ProfileScorer
from newsloom.stages.rank.clickbait import clickbait_cues
from newsloom.stages.rank.press_release import press_release_cues

MODELS = headline_models(make_embedder("none"))
BOUNDS = {
    "source": (0, 50), "originality": (0, 30), "depth": (0, 20), "transparency": (0, 14), "relevance": (0, 15),
    "clickbait": (-25, 0), "press_release": (-60, 0), "copy": (-20, 0), "thin": (-15, 0), "paywalled": (-5, 0), "floor": (0, 125),
}  # fmt: skip

texts = st.text(max_size=400)
articles = st.builds(
    article,
    st.one_of(
        texts, st.sampled_from(["Acme Announces Acme 2.1 Solutions", "17 Things You Need To See", "Council votes"])
    ),
    body=texts,
    excerpt=texts,
    authors=st.lists(st.text(max_size=10), max_size=3).map(tuple),
    access=st.sampled_from([None, "free", "paywalled"]),
    in_language=st.sampled_from([None, "en", "ja", "de-AT"]),
)


@st.composite
def items(draw: st.DrawFn) -> Item:
    made: Article = draw(articles)
    return item(
        made,
        key="k",
        topic=draw(st.one_of(st.none(), st.floats(0, 1))),
        duplicate_of=draw(st.sampled_from([None, "p"])),
    )


def quality(made: Item, standing: int | None = None, profile: str = "newsloom") -> Score:
    organizations = {"harborpost.example": organization("harborpost.example", standing)}
    return ProfileScorer(read_profile(profile), organizations=organizations, topics=TOPICS, headlines=MODELS).quality(
        made
    )


@given(items(), st.one_of(st.none(), st.integers(0, 100)))
def test_every_term_is_bounded_and_the_total_is_their_sum(made: Item, standing: int | None) -> None:
    score = quality(made, standing)
    assert {term.name for term in score.terms} == set(BOUNDS)
    for term in score.terms:
        low, high = BOUNDS[term.name]
        assert low <= term.points <= high, term
    assert score.total == sum(score.parts.values()) >= 0


@given(items(), st.sampled_from(sorted(set(BOUNDS) - {"floor"})))
def test_without_a_term_the_score_moves_by_exactly_that_term(made: Item, name: str) -> None:
    """But for the floor, itself a term of the receipt: without it the sums move by the term alone."""
    profile = read_profile("newsloom")
    rest = replace(profile, quality=tuple(spec for spec in profile.quality if spec.name != name))
    whole, less = (
        ProfileScorer(p, organizations={}, topics=TOPICS, headlines=MODELS).quality(made) for p in (profile, rest)
    )
    removed = whole.parts.get(name, 0)
    floors = [score.parts.get("floor", 0) for score in (whole, less)]
    assert (whole.total - floors[0]) - (less.total - floors[1]) == removed
    assert floors != [0, 0] or whole.total - less.total == removed
    assert [term for term in whole.terms if term.name not in (name, "floor")] == [
        term for term in less.terms if term.name != "floor"
    ]


@given(items())
def test_nothing_rewards_amp_or_a_picture(made: Item) -> None:
    bare = replace(made.article, images=(), amp_web_url=None, cdn_amp_web_url=None)
    dressed = replace(
        bare, images=(Image("https://img.example/1.jpg", 1200, 800),), amp_web_url="https://harborpost.example/amp/1"
    )
    assert quality(replace(made, article=bare)) == quality(replace(made, article=dressed))


@given(items(), st.sampled_from(PACKAGED))
def test_scoring_twice_gives_the_same_receipt(made: Item, profile: str) -> None:
    assert quality(made, profile=profile) == quality(made, profile=profile)


@given(items(), st.integers(0, 100), st.integers(0, 100))
def test_more_standing_never_costs(made: Item, one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert quality(made, low).total <= quality(made, high).total


@given(st.integers(0, 900), st.integers(0, 900))
def test_more_words_never_cost(one: int, other: int) -> None:
    low, high = sorted((one, other))
    few, many = (item(article(body="ferry " * count + "end")) for count in (low, high))
    for name in ("depth", "thin"):
        assert quality(few).parts.get(name, 0) <= quality(many).parts.get(name, 0)


@given(items(), st.floats(0, 1), st.floats(0, 1))
def test_a_more_certain_topic_never_costs(made: Item, one: float, other: float) -> None:
    low, high = sorted((one, other))
    unsure, sure = (replace(made, topics=(TopicLabel("Surveillance", value),)) for value in (low, high))
    assert quality(unsure).total <= quality(sure).total


@given(items())
def test_more_topics_do_not_raise_the_score(made: Item) -> None:
    labels = made.topics or (TopicLabel("Surveillance", 0.9),)
    more = (*labels, *(TopicLabel(f"Other {number}", labels[0].confidence) for number in range(9)))
    assert quality(replace(made, topics=more)) == quality(replace(made, topics=labels))


@given(items())
def test_being_a_copy_or_behind_a_wall_never_helps(made: Item) -> None:
    free = replace(made, duplicate_of=None, article=replace(made.article, access="free"))
    assert quality(replace(free, duplicate_of="p")).total <= quality(free).total
    assert quality(replace(free, article=replace(free.article, access="paywalled"))).total <= quality(free).total


@given(items())
def test_a_byline_never_costs_and_what_is_unknown_is_not_the_worst(made: Item) -> None:
    bare = replace(made, article=replace(made.article, authors=()))
    signed = replace(made, article=replace(made.article, authors=("Mara Lindqvist",)))
    assert quality(bare).total <= quality(signed).total
    assert quality(made, 0).total <= quality(made, None).total <= quality(made, 100).total


@given(texts, texts, texts)
def test_cues_are_shares_and_none_means_nothing(title: str, excerpt: str, body: str) -> None:
    for score, cues in (press_release_cues(title, excerpt, body), clickbait_cues(title)):
        assert 0.0 <= score <= 1.0
        assert bool(cues) == (score > 0.0)
