"""A sentence model small enough to write down: an ONNX file that looks word pieces up in a table, and its tokenizer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

WORDS = ("[UNK]", "ferry", "boat", "harbour", "council", "vote", "budget")
_TABLE = np.array([[0, 0, 0], [9, 1, 0], [8, 2, 0], [7, 1, 1], [0, 8, 1], [1, 9, 0], [0, 7, 2]], dtype=np.float32)


def write_model(folder: Path) -> Path:
    """Write `model.onnx` and `tokenizer.json` into *folder* and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer(WordLevel({word: place for place, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "model.onnx").write_bytes(_model())
    return folder


def _model() -> bytes:
    """Return the ModelProto: one Gather of the table by input_ids. Source: onnx.proto, IR version 8, opset 13."""
    node = _text(1, "table") + _text(1, "input_ids") + _text(2, "last_hidden_state") + _text(4, "Gather")
    tensor = _number(1, _TABLE.shape[0]) + _number(1, _TABLE.shape[1]) + _number(2, 1) + _text(8, "table")
    tensor += _bytes(9, _TABLE.tobytes())
    ids, made = _value("input_ids", 7, 2), _value("last_hidden_state", 1, 3)
    graph = _bytes(1, node) + _text(2, "g") + _bytes(5, tensor) + _bytes(11, ids) + _bytes(12, made)
    return _number(1, 8) + _bytes(7, graph) + _bytes(8, _text(1, "") + _number(2, 13))


def _value(name: str, kind: int, rank: int) -> bytes:
    shape = b"".join(_bytes(1, _text(2, f"d{axis}")) for axis in range(rank))
    return _text(1, name) + _bytes(2, _bytes(1, _number(1, kind) + _bytes(2, shape)))


def _number(field: int, value: int) -> bytes:
    return bytes([field << 3]) + _varint(value)


def _bytes(field: int, value: bytes) -> bytes:
    return bytes([field << 3 | 2]) + _varint(len(value)) + value


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])
