"""What a site reserves for text and data mining: its file, which rule decides, and when it is asked for."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_web import MOMENT, FakeFetcher
from newsloom.adapters.store.sqlite import SqliteStore
from newsloom.flow.reservations import Reservations, site_reservations, with_reservation
from newsloom.model.article import PageReading
from newsloom.vocab.tdmrep import MAX_BYTES, PATH, TdmRule, is_reserved, read_tdmrep

SITE = "https://harbor.example"
FILE = json.dumps([{"location": "/", "tdm-reservation": 1}, {"location": "/open/", "tdm-reservation": 0}]).encode()


@pytest.mark.parametrize(
    ("path", "reserved"),
    [("/2026/quay.html", True), ("/open/quay.html", False), ("/open", True), ("/open/?page=2", False)],
)
def test_the_most_specific_rule_decides(path: str, reserved: bool) -> None:
    assert is_reserved(read_tdmrep(FILE), path) is reserved


@pytest.mark.parametrize(
    ("location", "path", "matches"),
    [
        ("/news/*.html$", "/news/2026/a.html", True),
        ("/news/*.html$", "/news/2026/a.html?b", False),
        ("/news/*/a", "/news/2026/abc", True),
        ("/news/*/a", "/news/a", False),
        ("/a$", "/a", True),
        ("/a$", "/ab", False),
        ("*.pdf$", "/x.pdf", True),
        ("/aa*a$", "/aa", False),
    ],
)
def test_paths_are_as_in_robots_txt(location: str, path: str, matches: bool) -> None:
    assert is_reserved([TdmRule(location, True)], path) is (True if matches else None)


def test_what_is_no_rule_is_passed_over() -> None:
    rows = [1, {"location": 5, "tdm-reservation": 1}, {"location": "/a"}, {"location": "/b", "tdm-reservation": "1"}]
    assert read_tdmrep(json.dumps(rows).encode()) == (TdmRule("/b", True),)
    for body in (b"<html>", b"{}", b"[" * 100_000, b"[]" + b" " * MAX_BYTES, b"\xff"):
        assert read_tdmrep(body) == ()


@given(st.text("/a*$", max_size=30), st.text("/a", max_size=30))
def test_any_rule_on_any_path_has_an_answer(location: str, path: str) -> None:
    assert is_reserved([TdmRule(location, True)], path) in (True, None)


def asked_for(fetcher: FakeFetcher, store: SqliteStore, days: float) -> Reservations:
    return asyncio.run(site_reservations(fetcher, store, [SITE + "/a", SITE + "/b"], MOMENT + timedelta(days=days)))


def test_a_site_is_asked_once_a_week(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "state.sqlite")
    fetcher = FakeFetcher({SITE + PATH: ("application/json", FILE)})
    rules = asked_for(fetcher, store, 0)
    assert rules == {SITE: read_tdmrep(FILE)}
    assert asked_for(fetcher, store, 6) == rules
    assert [request.url for request in fetcher.asked] == [SITE + PATH]
    fetcher.pages[SITE + PATH] = 404
    assert asked_for(fetcher, store, 8) == {SITE: ()}
    assert len(fetcher.asked) == 2
    store.close()


def test_a_host_that_could_not_be_reached_is_asked_again(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "state.sqlite")
    fetcher = FakeFetcher({SITE + PATH: "timeout"})
    assert asked_for(fetcher, store, 0) == {}
    assert asked_for(fetcher, store, 0) == {}
    assert len(fetcher.asked) == 2
    store.close()


def test_the_page_s_own_word_goes_before_its_site_s() -> None:
    rules = {SITE: read_tdmrep(FILE)}
    assert with_reservation(PageReading(SITE + "/a"), rules) is True
    assert with_reservation(PageReading(SITE + "/a", tdm_reservation=False), rules) is False
    assert with_reservation(PageReading("https://other.example/a"), rules) is None
