"""Bytes of a page → UTF-8."""

from __future__ import annotations

from newsloom.adapters.pages.encoding import as_utf8


def test_utf8_is_passed_on_as_it_is() -> None:
    page = b"x" + "Köln ⚡".encode() * 60_000  # characters of several bytes across every border of a piece
    assert as_utf8(page, "iso-8859-1") is page


def test_one_broken_byte_far_in_is_noticed() -> None:
    page = "ä".encode() * 200_000 + b"\xff"
    assert as_utf8(page).decode("utf-8").endswith("ä\ufffd")


def test_japanese_in_seven_bits_is_told_by_its_escapes() -> None:
    markup = "<meta charset=iso-2022-jp><p>橋が開く</p>"
    assert as_utf8(markup.encode("iso2022_jp")).decode("utf-8") == markup


def test_an_escape_in_a_page_of_utf8_changes_nothing() -> None:
    page = "<p>橋\x1b[1m</p>".encode()
    assert as_utf8(page, "utf-8") is page
