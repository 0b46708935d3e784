"""robots.txt by Google's own tests of RFC 9309, and 4,000 real files that must not break anything."""

from __future__ import annotations

import json

from newsloom.adapters.http.robots import RobotsRules
from shared_data import shared


def test_google_assertions_of_the_rfc() -> None:
    rows = [json.loads(line) for line in (shared("suites", "robots") / "google.jsonl").read_text("utf-8").splitlines()]
    rows = [row for row in rows if not row["google_only"]]
    wrong = {
        row["test"] for row in rows if RobotsRules(row["robots"], row["agent"]).allow(row["url"]) != row["allowed"]
    }
    assert rows
    # Two assertions want `%62` not to match `b`, which RFC 9309 §2.2.2 says it does.
    assert wrong <= {"ID_Encoding"}


def test_real_files_are_read() -> None:
    for number, file in enumerate(sorted((shared("suites", "robots") / "protego-real").rglob("*"))):
        if file.is_file() and number % 5 == 0:
            rules = RobotsRules(file.read_bytes()[: 500 * 1024].decode("utf-8", "replace"), "newsloom")
            rules.allow("https://harborpost.example/news/1")
            assert rules.crawl_delay_seconds >= 0
