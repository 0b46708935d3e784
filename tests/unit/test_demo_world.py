"""The invented web keeps what it promises: its size, its truth, and that copies are copies and reports are not."""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import combinations

import pytest

from newsloom.demo.truth import first_step, truth_path, truth_rows, write_truth
from newsloom.demo.world import STEPS, Article, World, load_world

STREAM_KEYS = [
    "id",
    "publisher",
    "domain",
    "source_kind",
    "published",
    "first_seen",
    "title",
    "excerpt",
    "body",
    "lang",
    "story",
    "duplicate_of",
    "follows",
    "topics",
    "press_release_spam",
    "broke_first",
]  # the layout of a labelled stream
KINDS = {"national", "local", "wire", "trade", "blog", "press_release", "aggregator"}


@pytest.fixture(scope="module")
def world() -> World:
    return load_world()


def shingles(article: Article) -> set[str]:
    """Five-word shingles of the text; runs of eight characters where words are not set apart."""
    text = " ".join(article.versions[0].paragraphs).lower()
    if article.provider.language == "ja":
        return {text[i : i + 8] for i in range(len(text) - 7)}
    words = re.findall(r"\w+", text)
    return {" ".join(words[i : i + 5]) for i in range(len(words) - 4)}


def test_the_world_is_large_and_varied(world: World) -> None:
    assert len(world.providers) >= 12
    assert len({p.page for p in world.providers.values()}) >= 12
    assert {p.feed for p in world.providers.values()} >= {
        "rss20",
        "rss091",
        "rss092",
        "rdf10",
        "atom10",
        "jsonfeed",
        "newssitemap",
    }
    assert {p.language for p in world.providers.values()} >= {"en", "de", "ja", "ar"}
    assert len(world.articles) >= 120
    assert len(world.stories) >= 30
    assert sum(a.copy_of is not None for a in world.articles) >= 25
    assert sum(len(a.versions) > 1 and not a.live for a in world.articles) >= 2
    assert sum(s.follows is not None for s in world.stories.values()) >= 4
    assert any(a.video for a in world.articles) and any(a.live for a in world.articles)
    assert {a.obstacle for a in world.articles} == {None, "javascript", "robots"}
    assert len({a.published.date() for a in world.articles}) == 10


def test_ids_and_addresses_are_unique(world: World) -> None:
    addresses = [url for a in world.articles for url in (a.url, a.amp_url, a.redirect_url) if url]
    assert len(set(addresses)) == len(addresses)
    assert len({a.id for a in world.articles}) == len(world.articles)
    assert all(p.host.endswith(".example") for p in world.providers.values())


def test_every_story_has_reports_and_points_at_stories(world: World) -> None:
    for story in world.stories.values():
        assert story.articles
        assert story.follows is None or story.follows in world.stories
        assert all(other in world.stories for other in story.look_alikes)
    members = Counter(a.story for a in world.articles)
    assert max(members.values()) >= 7, "some stories are widely reported"
    assert len(world.look_alikes()) >= 6


def test_what_follows_comes_later(world: World) -> None:
    started = {
        story.id: next(a.appears for a in world.articles if a.story == story.id) for story in world.stories.values()
    }
    for story in world.stories.values():
        if story.follows:
            assert started[story.id] > started[story.follows]


def test_copies_come_after_their_original_and_share_its_text(world: World) -> None:
    by_id = {a.id: a for a in world.articles}
    for copy in (a for a in world.articles if a.copy_of):
        original = by_id[str(copy.copy_of)]
        ours, theirs = shingles(copy), shingles(original)
        assert original.copy_of is None
        assert copy.appears > original.appears
        assert copy.provider.id != original.provider.id
        assert copy.story == original.story
        assert len(ours & theirs) / min(len(ours), len(theirs)) >= 0.4, copy.id


def test_independent_reports_are_not_copies(world: World) -> None:
    texts = [(a.copy_of or a.id, a.id, shingles(a)) for a in world.articles]
    for (family, one, ours), (other_family, two, theirs) in combinations(texts, 2):
        if family != other_family:
            assert len(ours & theirs) / min(len(ours), len(theirs)) < 0.25, f"{one} and {two}"


def test_articles_have_the_length_of_news(world: World) -> None:
    for article in world.articles:
        if article.copy_of is None and not article.live and article.provider.language in ("en", "de"):
            assert 100 <= sum(len(text.split()) for text in article.versions[-1].paragraphs) <= 400, article.id


def test_numbers_of_a_running_story_change(world: World) -> None:
    tolls = [
        a.versions[0].title for a in world.articles if a.story == "port-ansel-quake" and a.provider.id == "meridianwire"
    ]
    numbers = [int(found) for title in tolls for found in re.findall(r"\b(9|27|31)\b", title)]
    assert numbers == [9, 27, 31]


def test_the_truth_is_a_labelled_stream(world: World) -> None:
    rows = truth_rows(world)
    assert len(rows) >= 120
    ids = {row["id"] for row in rows}
    names = {topic["name"] for topic in world.topics}
    for row in rows:
        assert list(row)[: len(STREAM_KEYS)] == STREAM_KEYS
        assert row["source_kind"] in KINDS
        assert row["duplicate_of"] is None or row["duplicate_of"] in ids
        assert set(row["topics"]) <= names
        assert row["first_seen"] >= row["published"]
        assert row["title"] and row["body"] and len(row["excerpt"]) <= 300
    broke = Counter(row["story"] for row in rows if row["broke_first"])
    assert set(broke.values()) == {1}


def test_parents_of_topics_are_given_too(world: World) -> None:
    row = next(row for row in truth_rows(world) if row["story"] == "shiohama-face-gates")
    assert row["topics"] == ["AI", "Computer Vision"]


def test_every_article_is_seen_by_some_step(world: World) -> None:
    assert [a.id for a in world.articles if first_step(a) is None] == []
    assert len(STEPS) == 30


def test_the_bundled_truth_is_current(world: World, tmp_path_factory: pytest.TempPathFactory) -> None:
    fresh = tmp_path_factory.mktemp("truth") / "truth.jsonl"
    write_truth(world, fresh)
    assert truth_path().read_bytes() == fresh.read_bytes(), "run: python -m newsloom.demo.truth"
    assert [json.loads(line)["id"] for line in fresh.read_text("utf-8").splitlines()] == [a.id for a in world.articles]
