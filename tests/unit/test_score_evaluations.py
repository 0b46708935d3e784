"""What the evaluations of spam, clickbait, heat and records do with small, odd and wrong data."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from newsloom.errors import DataLayoutError
from newsloom.evaluation.clickbait import evaluate_clickbait
from newsloom.evaluation.heat import evaluate_heat
from newsloom.evaluation.ranking_measures import auc, by_score, ndcg
from newsloom.evaluation.spam import evaluate_spam

RELEASE = {"title": "Acme Corp Announces Availability of Next-Generation AcmeCloud 4.2", "press_release_spam": True}
NEWS = {"title": "Council pauses ferry scans after wrongful stops", "label": 0}


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_auc_counts_pairs_and_halves_ties() -> None:
    assert auc([3.0, 2.0], [1.0]) == 1.0
    assert auc([1.0], [1.0]) == 0.5
    assert auc([1.0, 3.0], [2.0, 2.0]) == 0.5
    assert auc([], [1.0]) is None


def test_ndcg_is_one_for_the_ideal_order_and_none_without_gain() -> None:
    gains = np.array([0.0, 3.0, 1.0])
    assert ndcg(by_score(gains, gains), gains, 2) == 1.0
    worst = ndcg(by_score(gains, -gains), gains, 2)
    assert worst is not None and worst < 0.5
    assert ndcg(gains, np.zeros(3), 2) is None


def test_spam_reads_both_kinds_of_labels(tmp_path: Path) -> None:
    path = written(tmp_path, "a.jsonl", f"{json.dumps(RELEASE)}\n\n{json.dumps(NEWS)}\n")
    found = evaluate_spam(path)
    assert (found["items"], found["auc"], found["precision"], found["recall"]) == (2, 1.0, 1.0, 1.0)


def test_spam_has_no_rate_where_there_is_no_truth(tmp_path: Path) -> None:
    found = evaluate_spam(written(tmp_path, "a.jsonl", json.dumps(NEWS)))
    assert (found["auc"], found["precision"], found["recall"]) == (None, None, None)


@pytest.mark.parametrize(
    "text", ["", "[]\n", "{\n", '{"title": "x"}\n', '{"label": 1}\n', '{"title": "x", "label": 2}\n', '"x"\n']
)
def test_spam_refuses_what_is_not_of_the_layout(tmp_path: Path, text: str) -> None:
    with pytest.raises(DataLayoutError):
        evaluate_spam(written(tmp_path, "a.jsonl", text))


def test_clickbait_needs_both_files(tmp_path: Path) -> None:
    written(tmp_path, "clickbait.a.txt", "17 Things You Will Not Believe\n\n")
    with pytest.raises(DataLayoutError, match="non_clickbait"):
        evaluate_clickbait(tmp_path)
    written(tmp_path, "non_clickbait.a.txt", "Council pauses ferry scans\n")
    found = evaluate_clickbait(tmp_path)
    assert (found["items"], found["auc"], found["recall"], found["false_positive_rate"]) == (2, 1.0, 1.0, 0.0)


def series(*rows: list[float]) -> str:
    head = ",".join(["id", *(f"TS{number}" for number in range(len(rows[0])))])
    return "\n".join([head, *(f"{number}," + ",".join(map(str, row)) for number, row in enumerate(rows))]) + "\n"


def test_heat_sees_the_past_alone(tmp_path: Path) -> None:
    # Two items with one past: whichever of them rises, an order made of the past cannot always put it first.
    past = [1.0] * 10
    rising, flat = [*past, *([9.0] * 20)], [*past, *([1.0] * 20)]
    one = evaluate_heat(written(tmp_path, "a.csv", series(rising, flat)))
    other = evaluate_heat(written(tmp_path, "b.csv", series(flat, rising)))
    for found in (one, other):
        assert isinstance(found["ndcg20"], float) and found["ndcg20"] < 1.0


def test_heat_prefers_what_moves_now(tmp_path: Path) -> None:
    old = [float(min(number * 9, 90)) for number in range(60)]
    fresh = [-1.0] * 38 + [float(number * 3) for number in range(22)]
    found = evaluate_heat(written(tmp_path, "a.csv", series(old, fresh)))
    assert isinstance(found["ndcg20"], float) and 0.0 < found["ndcg20"] <= 1.0


@pytest.mark.parametrize(
    "text", ["", "id,TS1\n", "id,TS1\n1,x\n", "id,TS1\n1,nan\n", series([1.0] * 10), series([1.0] * 30) + "9,1,2\n"]
)
def test_heat_refuses_what_is_not_of_the_layout(tmp_path: Path, text: str) -> None:
    with pytest.raises(DataLayoutError):
        evaluate_heat(written(tmp_path, "a.csv", text))


@pytest.mark.parametrize("evaluate", [evaluate_spam, evaluate_clickbait, evaluate_heat])
def test_a_missing_path_is_named(tmp_path: Path, evaluate: Callable[[Path], object]) -> None:
    with pytest.raises(DataLayoutError) as caught:
        evaluate(tmp_path / "none")
    assert "none" in caught.value.where
