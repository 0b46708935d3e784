"""Labelled streams, the measures, and the evaluations of stories, copies and topics."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from newsloom.errors import ConfigError, DataLayoutError, UsageError
from newsloom.evaluation.duplicates import evaluate_duplicates
from newsloom.evaluation.measures import adjusted_rand, bcubed, macro_f1, pairs_within, precision_recall
from newsloom.evaluation.ranking_measures import ndcg
from newsloom.evaluation.stories import evaluate_stories, worst_merges, worst_splits
from newsloom.evaluation.story_peers import tfidf_peer
from newsloom.evaluation.streams import Row, in_stream_order, read_rows
from newsloom.evaluation.topics import evaluate_topics, with_ancestors
from newsloom.model.topic import Topic
from portal_runs import done

STREAM = Path(__file__).resolve().parents[1] / "golden" / "small_stream.jsonl"


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_bcubed_by_hand() -> None:
    """Source: the definition, worked for {a, b, c | d} against {a, b | c, d}."""
    rates = bcubed(["x", "x", "x", "y"], [1, 1, 2, 2])
    assert rates.precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert rates.recall == pytest.approx((1 + 1 + 1 / 2 + 1 / 2) / 4)
    assert bcubed([], []).f1 is None


def test_adjusted_rand_is_one_for_equal_and_zero_for_one_heap() -> None:
    assert adjusted_rand("aabb", "xxyy") == 1.0
    assert adjusted_rand("aaaa", "xxyy") == 0.0
    assert adjusted_rand("a", "x") == 1.0
    assert adjusted_rand("aabbcc", "xxxyyy") == pytest.approx(0.2424, abs=1e-4)


def test_ndcg_counts_the_ideal_to_the_depth() -> None:
    assert ndcg(np.ones(2), np.ones(2), 5) == 1.0
    assert ndcg(np.array([0.0, 1.0]), np.ones(1), 5) == pytest.approx(1 / math.log2(3))
    assert ndcg(np.ones(5), np.ones(9), 5) == pytest.approx(1.0)
    assert ndcg(np.array([]), np.ones(2), 5) == 0.0
    assert ndcg(np.array([]), np.array([]), 5) is None


def test_rates_of_nothing_are_none() -> None:
    assert precision_recall(0, 0, 3).precision is None
    assert precision_recall(0, 2, 3).f1 == 0.0
    assert macro_f1({"a": (1, 2, 1), "b": (0, 0, 0)}) == pytest.approx(2 / 3)
    assert pairs_within([["b", "a", "c"], ["d"]]) == {("a", "b"), ("a", "c"), ("b", "c")}


def test_rows_stream_by_time_only_when_every_row_tells_it(tmp_path: Path) -> None:
    timed = [{"id": n, "title": "t", "date": f"2026-03-0{3 - n}T00:00:00+01:00"} for n in (1, 2)]
    rows, is_timed = in_stream_order(read_rows(write(tmp_path / "a.jsonl", *timed)))
    assert is_timed and [row.id for row in rows] == ["2", "1"]
    timed[0]["date"] = "2026-03-02"
    rows, is_timed = in_stream_order(read_rows(write(tmp_path / "a.jsonl", *timed)))
    assert not is_timed
    assert [row.id for row in rows] == ["1", "2"], "sha1('1') = 356a…, sha1('2') = da4b…"
    assert rows[0].item(timed=False).seen_at == rows[1].item(timed=False).seen_at


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no items"),
        (b"[1]\n", "no JSON object"),
        (b"{\n", "no JSON"),
        (b"\xff\n", "UTF-8"),
        (b'{"id": "a"}\n', "no title"),
        (b'{"id": "a", "title": "t"}\n{"id": "a", "title": "u"}\n', "twice"),
    ],
)
def test_what_is_no_stream_is_told(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(content)
    with pytest.raises(DataLayoutError, match=words):
        read_rows(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataLayoutError):
        evaluate_stories(tmp_path / "none.jsonl")


def test_stories_of_the_small_stream() -> None:
    result = evaluate_stories(STREAM, errors=2)
    assert (result["documents"], result["stories"], result["order"]) == (5, 2, "time")
    assert (result["bcubed_precision"], result["bcubed_recall"], result["bcubed_f1"], result["ari"]) == (
        1.0,
        1.0,
        1.0,
        1.0,
    )
    assert result["related_ndcg5"] == 1.0
    assert result["errors"] == {"merges": [], "splits": []}


def test_the_peer_is_measured_on_the_same_rows_at_a_fixed_and_at_its_best_cut() -> None:
    peer = evaluate_stories(STREAM, peer="tfidf")["peer"]
    assert isinstance(peer, dict)
    assert 0.0 < peer["fixed_bcubed_f1"] <= peer["best_bcubed_f1"] <= 1.0
    assert "peer" not in evaluate_stories(STREAM)
    with pytest.raises(UsageError, match="no peer 'gpt'"):
        evaluate_stories(STREAM, peer="gpt")


def test_the_peer_joins_at_the_cut_by_the_cosine_to_the_nearest_centroid() -> None:
    def row(name: str, title: str, story: str) -> Row:
        return Row(name, title, "", "", story, None, None)

    twins = [row("a", "harbor bridge closed", "s"), row("b", "harbor bridge closed", "s"), row("c", "soup prize", "t")]
    found = tfidf_peer(twins)
    assert (found["fixed_cut"], found["fixed_bcubed_f1"], found["best_bcubed_f1"]) == (0.3, 1.0, 1.0)
    # Alike in all words, but two events: no cut can tell them apart, precision 1/2 and 1, recall 1, over three items 2/3.
    blind = tfidf_peer([row("a", "harbor bridge closed", "s"), row("b", "harbor bridge closed", "u"), twins[2]])
    assert blind["best_bcubed_f1"] == pytest.approx(0.8)


def test_errors_show_the_parts_side_by_side() -> None:
    rows = [
        Row(name, f"Title {name}", "", "", story, None, None) for name, story in (("a", "s"), ("b", "s"), ("c", "t"))
    ]
    judged = [(rows[0], "x"), (rows[1], "y"), (rows[2], "x")]
    (merge,) = worst_merges(judged, 5)
    assert merge["found"] == "x" and merge["wrong_pairs"] == 1
    assert [part["titles"] for part in merge["true_stories"]] == [["Title a"], ["Title c"]]  # type: ignore[attr-defined]
    (split,) = worst_splits(judged, 5)
    assert split["story"] == "s"


def test_copies_of_the_small_stream() -> None:
    result = evaluate_duplicates(STREAM)
    assert (result["pairs"], result["precision"], result["recall"], result["f1"]) == (1, 1.0, 1.0, 1.0)


def test_copies_need_labels_that_lead_somewhere(tmp_path: Path) -> None:
    with pytest.raises(DataLayoutError, match="duplicate_of"):
        evaluate_duplicates(write(tmp_path / "a.jsonl", {"id": "a", "title": "t"}))
    with pytest.raises(DataLayoutError, match="unknown"):
        evaluate_duplicates(write(tmp_path / "a.jsonl", {"id": "a", "title": "t", "duplicate_of": "z"}))


TOPICS = [
    {"name": "Faces", "keywords": ["face recognition", "face scan"], "description": "Cameras that know people."},
    {"name": "Farming", "keywords": ["orchard", "growers"], "description": "Farms and their weather."},
]


def declared(folder: Path) -> Path:
    path = folder / "topics.json"
    path.write_text(json.dumps(TOPICS))
    return path


def test_topics_one_label_an_item(tmp_path: Path) -> None:
    result = evaluate_topics(STREAM, topics=declared(tmp_path))
    assert (result["items"], result["accuracy"], result["macro_f1"]) == (5, 1.0, 1.0)
    assert result["false_tag_rate"] is None


def test_topics_asked_one_by_one(tmp_path: Path) -> None:
    rows = [
        {"title": "Face scan cameras know people at the pier", "topic": "Faces", "label": 1},
        {"title": "Growers fear frost in the orchard", "topic": "Faces", "label": 0},
        {"title": "Cameras that know people: face recognition and face scan as a toy", "topic": "Faces", "label": 0},
        {"title": "Tram line extended", "topic": "Faces", "label": 1},
    ]
    result = evaluate_topics(write(tmp_path / "cases.jsonl", *rows), topics=declared(tmp_path))
    assert (result["accuracy"], result["false_tag_rate"], result["recall"], result["precision"]) == (0.5, 0.5, 0.5, 0.5)


def test_topics_several_an_item(tmp_path: Path) -> None:
    rows = [
        {"title": "Growers fear weather in the orchard, farms say", "topics": ["Farming"]},
        {"title": "Cameras with face recognition know people by a face scan", "topics": ["Faces"]},
        {"title": "Tram line extended", "topics": []},
    ]
    result = evaluate_topics(write(tmp_path / "several.jsonl", *rows), topics=declared(tmp_path))
    assert (result["accuracy"], result["recall"], result["false_tag_rate"]) == (1.0, 1.0, 0.0)
    assert (result["off_topic"], result["off_topic_tagged"]) == (1, 0)


def test_what_belongs_to_a_topic_belongs_to_its_parents() -> None:
    topics = [Topic("a", "A"), Topic("b", "B", parent="A"), Topic("c", "C", parent="B")]
    assert with_ancestors(frozenset({"C"}), topics) == {"A", "B", "C"}
    assert with_ancestors(frozenset(), topics) == frozenset()


def test_topics_without_declarations_say_so_and_learn_from_examples(tmp_path: Path) -> None:
    lines = [f"Orchard growers fear frost {n}\tb" for n in range(6)] + [
        f"Singer opens the gala {n}\te" for n in range(6)
    ]
    path = tmp_path / "headlines.tsv"
    path.write_text("\n".join(lines) + "\n")
    bare = evaluate_topics(path, topics=None)
    assert bare["topics"] == "label names only"
    taught = evaluate_topics(path, topics=None, examples=2, seed=1)
    assert (taught["items"], taught["learned_from"], taught["accuracy"]) == (8, 4, 1.0)


def test_topics_that_do_not_fit_the_labels(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", {"title": "t", "topics": ["Nonsense"]})
    with pytest.raises(DataLayoutError, match="Nonsense"):
        evaluate_topics(path, topics=declared(tmp_path))
    with pytest.raises(DataLayoutError, match="neither"):
        evaluate_topics(write(tmp_path / "b.jsonl", {"title": "t"}), topics=None)
    with pytest.raises(ConfigError):
        evaluate_topics(STREAM, topics=tmp_path / "none.json")
    (tmp_path / "bad.tsv").write_text("no tab\n")
    with pytest.raises(DataLayoutError, match="tab"):
        evaluate_topics(tmp_path / "bad.tsv", topics=None)


def test_false_and_missed_copies_are_listed_side_by_side(tmp_path: Path) -> None:
    text = "the harbour council voted on monday night to pause all face recognition by its police for eighteen months"
    path = write(
        tmp_path / "a.jsonl",
        {"id": "a", "title": "Pause", "body": text, "duplicate_of": None},
        {"id": "b", "title": "Pause", "body": text, "duplicate_of": None, "publisher": "Echo"},
        {"id": "c", "title": "Ferry", "body": "the ferry is late", "duplicate_of": "a"},
    )
    errors: Any = evaluate_duplicates(path, errors=5)["errors"]
    assert [(wrong["called_copy"]["id"], wrong["of"]["id"]) for wrong in errors["false"]] in (
        [("a", "b")],
        [("b", "a")],
    )
    assert [(wrong["missed_copy"]["id"], wrong["of"]["id"]) for wrong in errors["missed"]] == [("c", "a")]
    assert errors["missed"][0]["of"]["starts"].startswith("the harbour council")


def test_errors_are_told_to_a_person_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "stream.jsonl"
    told = "The harbour council voted on Tuesday to close the north pier for repairs until the end of the summer."
    rows = [
        {"id": "a", "story": "s1", "title": "North pier closes until summer ends", "text": told},
        {"id": "b", "story": "s2", "title": "North pier closes until summer ends [update]", "text": told},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    out = done("eval", "stories", "--data", path, "--errors", "1", "--embedder", "none").out
    assert "{" not in out
    assert "merges, the worst 1" in out
    assert [line for line in out.splitlines() if "[update]" in line and "1 item " in line]
