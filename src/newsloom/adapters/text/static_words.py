"""The default embedder: wordllama's table of word-piece vectors, averaged. English; no neural network runs.

The package's own loader imports an HTTP client and a settings library (0.6 s of CPU time) and looks for its tokenizer on a
hub. Only its two data files are needed: the table and the tokenizer, which are read here directly.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Encoding, Tokenizer

_MODEL = "l2_supercat_256"
_TOKENIZER = "l2_supercat_tokenizer_config.json"
_CHARACTERS = 20_000
_BATCH = 256
_FEW = 4
_BLANK = "▁"


class StaticWordEmbedder:
    """Averages the vectors of a text's word pieces. Cost: about 0.3 ms for 100 words; 33 MB of memory.

    Raises:
        ModuleNotFoundError: wordllama is not installed.
        OSError: its data files are not where they should be.
    """

    languages: frozenset[str] | None = frozenset({"en"})

    def __init__(self) -> None:
        found = find_spec("wordllama")
        if found is None or found.origin is None:
            raise ModuleNotFoundError("wordllama is not installed", name="wordllama")
        folder = Path(found.origin).parent
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizers" / _TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        (table,) = load_file(folder / "weights" / f"{_MODEL}.safetensors").values()
        self._table = table.astype(np.float32)
        # A byte, an unknown sign or a lone blank says nothing; texts of nothing else get no direction.
        pieces = self._tokenizer.get_vocab()
        empty = [place for piece, place in pieces.items() if not piece.strip(_BLANK) or piece.startswith("<")]
        self._table[[place for place in empty if place < len(self._table)]] = 0.0
        self.name = f"wordllama-{version('wordllama')} {_MODEL}"
        self.dimensions = int(self._table.shape[1])

    def _encoded(self, texts: Sequence[str]) -> Sequence[Encoding]:
        """Return the word pieces of *texts*; a few are not worth waking the tokenizer's threads for."""
        if len(texts) <= _FEW:
            return [self._tokenizer.encode(text, add_special_tokens=False) for text in texts]
        return self._tokenizer.encode_batch(texts, add_special_tokens=False)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row for each text; see `ports.embedding.Embedder`."""
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            # A lone surrogate cannot be handed over.
            batch = [text[:_CHARACTERS].encode("utf-8", "replace").decode() for text in texts[start : start + _BATCH]]
            for place, encoded in enumerate(self._encoded(batch), start):
                if encoded.ids:
                    rows[place] = self._table[encoded.ids].sum(axis=0)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        np.divide(rows, lengths, out=rows, where=lengths > 0.0)
        return rows
