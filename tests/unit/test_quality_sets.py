"""The invented sets under benchmarks/quality/sets keep their layout and do not contradict themselves."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

SETS = Path(__file__).resolve().parents[2] / "benchmarks" / "quality" / "sets"
STREAMS = sorted(SETS.glob("stream-*.jsonl"))
AMBIGUOUS = sorted(SETS.glob("ambiguous-*.jsonl"))
PRESS = sorted(SETS.glob("press-*.jsonl"))
CLICKBAIT = sorted(SETS.glob("clickbait-*"))

STREAM_FIELDS = [
    "id", "publisher", "domain", "source_kind", "published", "first_seen", "title", "excerpt", "body", "lang",
    "story", "duplicate_of", "follows", "topics", "press_release_spam", "broke_first",
]  # fmt: skip
KINDS = {"national", "local", "wire", "trade", "blog", "press_release", "aggregator"}
LANGUAGES = {"stream-a": {"en", "de", "es", "fr", "it"}, "stream-b": {"en", "de", "fr", "pt", "pl"}}

Row = dict[str, Any]


def rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def stories(items: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for item in items:
        found[item["story"]].append(item)
    return found


def definitions(path: Path) -> set[str]:
    known = json.loads(path.read_text(encoding="utf-8"))
    assert all(set(topic) == {"name", "parent", "keywords", "description"} and topic["keywords"] for topic in known)
    names = [topic["name"] for topic in known]
    assert len(set(names)) == len(names)
    assert all(topic["parent"] is None or topic["parent"] in names for topic in known)
    return set(names)


def marks(item: Row) -> set[str]:
    """Return numbers and the stems of capitalised words, which reports of one event share in any language."""
    letters = unicodedata.normalize("NFKD", f"{item['title']} {item['body']}")
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return {word.casefold()[:5] for word in re.findall(r"\d[\d.,]*\d|\b[A-Z][\w'’]{3,}", plain)}


def words(item: Row) -> set[str]:
    return set(re.findall(r"\w+", item["body"].casefold()))


@pytest.mark.parametrize("path", STREAMS, ids=lambda path: path.stem)
def test_a_stream_has_the_documented_fields_in_the_order_items_were_seen(path: Path) -> None:
    items = rows(path)
    assert len({item["id"] for item in items}) == len(items)
    for item in items:
        assert list(item) == STREAM_FIELDS
        assert item["title"] and item["body"] and item["publisher"]
        assert item["domain"].endswith(".example")
        assert item["source_kind"] in KINDS
        for field in ("published", "first_seen"):
            assert datetime.fromisoformat(item[field]).tzinfo == UTC
    seen = [item["first_seen"] for item in items]
    assert seen == sorted(seen)
    assert {item["lang"] for item in items} == LANGUAGES[path.stem]


@pytest.mark.parametrize("path", STREAMS, ids=lambda path: path.stem)
def test_a_copy_points_to_an_original_of_its_story_and_shares_its_text(path: Path) -> None:
    items = {item["id"]: item for item in rows(path)}
    copies = [item for item in items.values() if item["duplicate_of"] is not None]
    assert copies
    for copy in copies:
        original = items[copy["duplicate_of"]]
        assert original["duplicate_of"] is None
        assert (original["story"], original["lang"]) == (copy["story"], copy["lang"])
        common = words(copy) & words(original)
        assert len(common) >= 0.5 * min(len(words(copy)), len(words(original))), copy["id"]
    bodies = [item["body"] for item in items.values() if item["duplicate_of"] is None]
    assert len(set(bodies)) == len(bodies)


@pytest.mark.parametrize("path", STREAMS, ids=lambda path: path.stem)
def test_a_story_is_one_event_with_one_first_report(path: Path) -> None:
    items = rows(path)
    by_story = stories(items)
    for story, members in by_story.items():
        assert [item["broke_first"] for item in members].count(True) == 1, story
        assert not any(item["broke_first"] and item["duplicate_of"] for item in members)
        assert len({item["follows"] for item in members}) == 1
        followed = members[0]["follows"]
        assert followed is None or (followed in by_story and followed != story)
        assert len({tuple(item["topics"][:1]) for item in members}) == 1, story
        for item in members if len(members) > 1 else []:
            others = set().union(*(marks(other) for other in members if other is not item))
            assert marks(item) & others, item["id"]


@pytest.mark.parametrize("path", STREAMS, ids=lambda path: path.stem)
def test_a_streams_topics_are_defined_and_spam_has_none(path: Path) -> None:
    known = definitions(path.with_suffix(".topics.json"))
    parents = {
        topic["name"]: topic["parent"] for topic in json.loads(path.with_suffix(".topics.json").read_text("utf-8"))
    }
    for item in rows(path):
        assert set(item["topics"]) <= known
        assert {parents[name] for name in item["topics"]} - {None} <= set(item["topics"]), item["id"]
        if item["press_release_spam"]:
            assert item["source_kind"] == "press_release" and not item["topics"]


@pytest.mark.parametrize("path", AMBIGUOUS, ids=lambda path: path.stem)
def test_an_ambiguous_set_has_right_and_wrong_items_for_every_topic(path: Path) -> None:
    items = rows(path)
    known = definitions(SETS / "ambiguous-a.topics.json")
    assert len({item["id"] for item in items}) == len(items) == len({item["title"] for item in items})
    assert {item["topic"] for item in items} == known
    for item in items:
        assert list(item) == ["id", "topic", "title", "excerpt", "label"]
        assert item["label"] in (0, 1) and item["title"] and item["excerpt"]
    for name in known:
        labels = [item["label"] for item in items if item["topic"] == name]
        assert min(labels.count(0), labels.count(1)) >= (6 if path.stem == "ambiguous-a" else 3), name


def test_the_hard_set_keeps_keywords_out_of_right_items_and_in_wrong_ones() -> None:
    known = json.loads((SETS / "ambiguous-a.topics.json").read_text(encoding="utf-8"))
    keywords = {topic["name"]: topic["keywords"] for topic in known}
    for item in rows(SETS / "ambiguous-hard.jsonl"):
        text = f"{item['title']} {item['excerpt']}".casefold()
        found = [word for word in keywords[item["topic"]] if re.search(rf"\b{re.escape(word)}\b", text)]
        assert bool(found) == (item["label"] == 0), (item["id"], found)


@pytest.mark.parametrize("path", PRESS, ids=lambda path: path.stem)
def test_a_press_set_has_distinct_titles_and_both_labels(path: Path) -> None:
    items = rows(path)
    assert len({item["id"] for item in items}) == len(items) == len({item["title"] for item in items})
    assert all(list(item) == ["id", "title", "excerpt", "label"] for item in items)
    assert min([item["label"] for item in items].count(label) for label in (0, 1)) >= 40


@pytest.mark.parametrize("path", CLICKBAIT, ids=lambda path: path.stem)
def test_a_clickbait_set_has_distinct_headlines(path: Path) -> None:
    bait = (path / "clickbait.txt").read_text(encoding="utf-8").splitlines()
    honest = (path / "non_clickbait.txt").read_text(encoding="utf-8").splitlines()
    headlines = bait + honest
    assert len(set(headlines)) == len(headlines)
    assert min(len(bait), len(honest)) >= 90
    assert all(line == line.strip() and line for line in headlines)
