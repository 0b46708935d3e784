"""Vectors kept on disk: each text read once, the same rows again, and a broken file in nobody's way."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from newsloom.adapters.text.kept import KeptEmbedder


class Counting:
    """An embedder that counts what it is asked; a text's row depends on its letters."""

    dimensions = 8
    languages: frozenset[str] | None = None

    def __init__(self, name: str = "letters") -> None:
        self.name = name
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        rows = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for letter in text:
                row[ord(letter) % self.dimensions] += 1
        return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), np.float32)


def test_each_text_is_read_once_and_gets_the_same_row_again(tmp_path: Path) -> None:
    inner = Counting()
    first = KeptEmbedder(inner, tmp_path / "v.sqlite").embed(["one", "two", "one", ""])
    again = KeptEmbedder(inner, tmp_path / "v.sqlite").embed(["", "two", "three", "one"])
    assert inner.asked == ["one", "two", "", "three"]
    assert np.array_equal(first[[0, 1, 3]], again[[3, 1, 0]])
    assert np.allclose(first, Counting().embed(["one", "two", "one", ""]), atol=1e-3)
    assert not first[3].any()
    assert np.allclose(np.linalg.norm(first[:3], axis=1), 1.0, atol=1e-6)


def test_another_model_keeps_its_own(tmp_path: Path) -> None:
    KeptEmbedder(Counting(), tmp_path / "v.sqlite").embed(["one"])
    other = Counting("other letters")
    KeptEmbedder(other, tmp_path / "v.sqlite").embed(["one"])
    assert other.asked == ["one"]


@pytest.mark.parametrize("damage", ["garbage", "folder", "nowhere"])
def test_a_file_that_cannot_be_used_is_done_without(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "v.sqlite"
    if damage == "garbage":
        path.write_bytes(b"no database at all" * 100)
    elif damage == "folder":
        path.mkdir()
    else:
        path = tmp_path / "away" / "v.sqlite"
    rows = KeptEmbedder(Counting(), path).embed(["one", "two"])
    assert rows.shape == (2, 8)


def test_nothing_asked_gives_no_rows(tmp_path: Path) -> None:
    assert KeptEmbedder(Counting(), tmp_path / "v.sqlite").embed([]).shape == (0, 8)
