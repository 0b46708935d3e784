"""An embedder from a folder the owner names: `model.onnx` and `tokenizer.json`, as sentence-transformers exports them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from newsloom.errors import ConfigError

_CHARACTERS = 10_000
_TOKENS = 256
_BATCH = 32
_MODEL_FILES = ("model.onnx", "onnx/model.onnx", "model_quantized.onnx", "onnx/model_quantized.onnx")


class OnnxFolderEmbedder:
    """Runs a sentence model on the CPU. Texts are taken in order of length, so that little is spent on padding.

    The vector of a text is the model's `sentence_embedding` where it has one, else the mean over its word pieces, or the first
    one's where `1_Pooling/config.json` says so.

    Raises:
        ConfigError: the folder has no model or tokenizer, or they cannot be loaded.
    """

    languages: frozenset[str] | None = None

    def __init__(self, folder: Path) -> None:
        model = next((folder / name for name in _MODEL_FILES if (folder / name).is_file()), None)
        if model is None or not (folder / "tokenizer.json").is_file():
            raise ConfigError("no model.onnx with a tokenizer.json in this folder", where=str(folder))
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            digest = hashlib.sha256(model.read_bytes()).hexdigest()[:8]
        except Exception as error:  # both libraries raise bare classes of their own
            raise ConfigError(f"the model cannot be loaded ({str(error)[:200]})", where=str(folder)) from error
        self._tokenizer.enable_truncation(_TOKENS)
        self._tokenizer.no_padding()
        self._inputs = {node.name for node in self._session.get_inputs()}
        outputs = [node.name for node in self._session.get_outputs()]
        self._output = "sentence_embedding" if "sentence_embedding" in outputs else outputs[0]
        self._first_piece = _pools_first_piece(folder)
        self.name = f"onnx {folder.name} {digest}"
        self.dimensions = int(self._run([[0]]).shape[1])

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row for each text; see `ports.embedding.Embedder`."""
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        clean = [text[:_CHARACTERS].encode("utf-8", "replace").decode() for text in texts]
        told = [place for place, text in enumerate(clean) if any(map(str.isalnum, text))]
        pieces = {place: self._tokenizer.encode(clean[place]).ids for place in told}
        ordered = sorted((place for place in told if pieces[place]), key=lambda place: (len(pieces[place]), place))
        for start in range(0, len(ordered), _BATCH):
            batch = ordered[start : start + _BATCH]
            rows[batch] = self._run([pieces[place] for place in batch])
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        np.divide(rows, lengths, out=rows, where=lengths > 0.0)
        return rows

    def _run(self, batch: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Return one raw row for each list of word pieces."""
        longest = max(map(len, batch))
        ids = np.zeros((len(batch), longest), dtype=np.int64)
        mask = np.zeros_like(ids)
        for place, pieces in enumerate(batch):
            ids[place, : len(pieces)] = pieces
            mask[place, : len(pieces)] = 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        fed: dict[str, Any] = {name: value for name, value in given.items() if name in self._inputs}
        made = np.asarray(self._session.run([self._output], fed)[0], dtype=np.float32)
        if made.ndim == 2:
            return made
        if self._first_piece:
            return np.asarray(made[:, 0], dtype=np.float32)
        weights = mask[:, :, None].astype(np.float32)
        return np.asarray((made * weights).sum(axis=1) / weights.sum(axis=1), dtype=np.float32)


def _pools_first_piece(folder: Path) -> bool:
    """Return whether the model's own settings ask for the first word piece instead of the mean."""
    try:
        told = json.loads((folder / "1_Pooling" / "config.json").read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(told, dict) and bool(told.get("pooling_mode_cls_token"))
