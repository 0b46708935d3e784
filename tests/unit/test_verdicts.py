"""What a profile keeps and rejects of a list of entries, one by one with its receipt."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from newsloom.errors import DataLayoutError
from newsloom.evaluation.verdicts import evaluate_verdicts

ENTRIES = [
    {"title": "Council votes to pause face scans at the harbour", "quality": 59, "topics": ["AI"]},
    {"title": "Harbour Crane Market Size Worth USD 4.2 Billion by 2033, Growing at a CAGR of 7.1%", "quality": 40, "topics": ["AI"]},
]  # fmt: skip


def test_each_entry_stands_with_title_decision_and_terms_that_sum_to_its_quality(tmp_path: Path) -> None:
    (tmp_path / "entries.json").write_text(json.dumps(ENTRIES), "utf-8")
    found = evaluate_verdicts(tmp_path / "entries.json", "newsloom")
    verdicts: Any = found["verdicts"]
    report, market = verdicts
    assert [one["title"] for one in (report, market)] == [entry["title"] for entry in ENTRIES]
    assert (report["kept"], market["kept"]) == (True, False)
    assert (found["scored"], found["kept"], found["rejected"]) == (2, 1, 1)
    for one in (report, market):
        assert sum(term["points"] for term in one["terms"]) == one["quality"]
    assert any(term["name"] == "press_release" and term["points"] < 0 for term in market["terms"])


def test_what_is_neither_a_portal_nor_a_list_is_told(tmp_path: Path) -> None:
    (tmp_path / "entries.json").write_text("{}", "utf-8")
    with pytest.raises(DataLayoutError, match="no list"):
        evaluate_verdicts(tmp_path / "entries.json", "newsloom")
