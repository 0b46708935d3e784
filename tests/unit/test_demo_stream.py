"""The generated stream: labelled, in order, of every kind, the same for the same seed, in constant memory."""

from __future__ import annotations

import tracemalloc
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from newsloom.demo.stream import stream_rows, write_stream
from newsloom.demo.stream_events import COPY_KINDS
from newsloom.evaluation.duplicates import evaluate_duplicates
from newsloom.evaluation.streams import read_rows

COUNT = 3_000


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return list(stream_rows(COUNT, seed=7))


def test_it_is_of_the_asked_size_and_in_order_of_being_seen(rows: list[dict[str, Any]]) -> None:
    assert len(rows) == COUNT == len({row["id"] for row in rows})
    assert [row["first_seen"] for row in rows] == sorted(row["first_seen"] for row in rows)
    assert all(row["published"] <= row["first_seen"] for row in rows)


def test_the_same_seed_gives_the_same_stream_and_a_longer_one_begins_alike(rows: list[dict[str, Any]]) -> None:
    assert list(stream_rows(50, seed=7)) == rows[:50]
    assert list(stream_rows(50, seed=8)) != rows[:50]


def test_a_copy_stands_in_the_story_of_its_original_which_came_before(rows: list[dict[str, Any]]) -> None:
    seen: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row["duplicate_of"]:
            original = seen[row["duplicate_of"]]
            assert (original["story"], original["duplicate_of"]) == (row["story"], None)
        seen[row["id"]] = row


def test_it_has_every_kind_of_item(rows: list[dict[str, Any]]) -> None:
    assert {row["lang"] for row in rows} == {"en", "de", "fr", "es"}
    assert {row["source_kind"] for row in rows} >= {
        "wire",
        "national",
        "local",
        "trade",
        "blog",
        "aggregator",
        "press_release",
    }
    assert any(row["press_release_spam"] for row in rows)
    assert any(not row["topics"] for row in rows)
    followed = {row["follows"] for row in rows if row["follows"]}
    assert followed & {row["story"] for row in rows}
    copies = [row for row in rows if row["duplicate_of"]]
    assert len(copies) > COUNT / 10
    assert any(not row["body"] and row["excerpt"].endswith("…") for row in copies), "excerpts only"
    assert {"/amp/" in row["url"] for row in copies} == {True, False}
    assert len(COPY_KINDS) == 8


def test_one_item_a_story_broke_it(rows: list[dict[str, Any]]) -> None:
    breaks = Counter(row["story"] for row in rows if row["broke_first"])
    assert set(breaks.values()) == {1}


def test_some_stories_run_for_days_with_other_numbers(rows: list[dict[str, Any]]) -> None:
    days: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        days[row["story"]].add(row["published"][:10])
    assert max(map(len, days.values())) >= 3


def test_words_are_many(rows: list[dict[str, Any]]) -> None:
    words = Counter(word for row in rows for word in row["body"].split())
    assert len(words) > COUNT
    assert sum(1 for count in words.values() if count <= 3) > len(words) / 4


def test_memory_does_not_grow_with_the_size() -> None:
    def peak(count: int) -> int:
        stream: Iterator[dict[str, Any]] = stream_rows(count, seed=1, per_day=400)
        sum(1 for _ in islice(stream, 1_000))  # the first days fill up
        tracemalloc.start()
        sum(1 for _ in stream)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(6_000) < 2 * peak(2_500)


def test_the_file_is_a_labelled_stream(tmp_path: Path) -> None:
    path = tmp_path / "stream.jsonl"
    write_stream(path, 400, seed=3)
    assert len(read_rows(path)) == 400
    result = evaluate_duplicates(path)
    assert isinstance(result["f1"], float)
    assert result["f1"] > 0.9
