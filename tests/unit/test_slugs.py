"""File names of records."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from newsloom.vocab.slugs import file_name, folded, slug

URL = "https://harborpost.example/1"


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("Council votes -- to pause: “face scans”!", "council-votes-to-pause-face-scans"),
        ("Café à la crème", "cafe-a-la-creme"),
        ("../../etc/passwd", "etcpasswd"),
        ("C:\\x", "cx"),
        (" - a - ", "a"),
        ("\u212a\u0130", "ki"),
    ],
)
def test_titles_become_words_with_hyphens(title: str, wanted: str) -> None:
    assert slug(title, fallback_url=URL) == wanted


@pytest.mark.parametrize("title", ["", "日本語", "...", "CON", "nul", "com1", "LPT9", "\x00"])
def test_nothing_left_or_reserved_is_named_by_its_address(title: str) -> None:
    found = slug(title, fallback_url=URL)
    assert found.startswith("item-") and len(found) == 13
    assert found != slug(title, fallback_url=URL + "2")


def test_long_titles_are_cut_between_words() -> None:
    assert slug("a" * 144 + " bb", fallback_url=URL) == "a" * 144
    assert slug("a" * 142 + " bb", fallback_url=URL) == "a" * 142 + "-bb"
    assert slug("a" * 142 + " bb cc", fallback_url=URL) == "a" * 142 + "-bb"
    assert slug("a" * 300, fallback_url=URL) == "a" * 145


def test_the_date_is_that_of_utc() -> None:
    late = datetime(2026, 3, 2, 23, 30, tzinfo=timezone(timedelta(hours=-8)))
    assert file_name(late, "x", URL) == "2026-03-03-x.md"
    assert file_name(datetime(2026, 3, 2, tzinfo=UTC), "x", URL) == "2026-03-02-x.md"


def test_names_are_compared_as_file_systems_do() -> None:
    assert folded("Cafe\u0301.MD") == folded("café.md")
