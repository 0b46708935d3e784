"""Memory is given back where that can be done, and nothing happens where it cannot."""

from __future__ import annotations

import ctypes
from pathlib import Path

import pytest

from newsloom.adapters.memory import give_back


def _resident_pages() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1])


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="not glibc")
def test_what_was_freed_goes_back_to_the_system() -> None:
    give_back()
    before = _resident_pages()
    pieces = [
        bytes(60_000) for _ in range(1_000)
    ]  # too small to be mapped each by itself, so freeing them returns nothing
    kept = pieces[-1]
    assert _resident_pages() - before > 10_000
    del pieces
    give_back()
    assert _resident_pages() - before < 3_000
    assert kept


def test_where_it_cannot_be_done_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: object) -> object:
        raise OSError("no such library")

    monkeypatch.setattr(ctypes, "CDLL", refused)
    give_back()
