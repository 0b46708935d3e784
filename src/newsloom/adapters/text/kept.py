"""Vectors kept on disk, so that a slow embedder reads each text once."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from newsloom.ports.embedding import Embedder

_MOST = 200_000
"""So many vectors are kept, the latest: some 160 MB at 384 dimensions."""
_ASKED = 500
_WAIT_SECONDS = 2.0
_SCHEMA = "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, row BLOB NOT NULL)"


class KeptEmbedder:
    """An embedder that remembers in a file what it gave, by model and text. Safe to share between threads and processes.

    Rows are kept with half precision and always given so, that a kept one and a new one are the same. The file is a cache: one
    that cannot be read or written is done without, and may be deleted at any time.
    """

    def __init__(self, embedder: Embedder, path: Path) -> None:
        self._embedder, self._path = embedder, path
        self.name, self.dimensions, self.languages = embedder.name, embedder.dimensions, embedder.languages

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row for each text; see `ports.embedding.Embedder`."""
        keys = [self._key(text) for text in texts]
        found = self._kept(keys)
        wanted = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
        if wanted:
            rows = self._embedder.embed(list(wanted.values())).astype(np.float16)
            fresh = {key: row.tobytes() for key, row in zip(wanted, rows, strict=True)}
            self._keep(fresh)
            found |= fresh
        halves = np.frombuffer(b"".join(found[key] for key in keys), np.float16).reshape(len(keys), self.dimensions)
        full = halves.astype(np.float32)
        length = np.linalg.norm(full, axis=1, keepdims=True)
        return np.asarray(np.divide(full, length, out=full, where=length > 0), np.float32)

    def _key(self, text: str) -> bytes:
        told = f"{self.name}\0{self.dimensions}\0{text}".encode("utf-8", "surrogatepass")
        return hashlib.blake2b(told, digest_size=16).digest()

    def _kept(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        found: dict[bytes, bytes] = {}
        size = 2 * self.dimensions
        with contextlib.suppress(sqlite3.Error), self._open() as file:
            for start in range(0, len(keys), _ASKED):
                part = keys[start : start + _ASKED]
                marks = ",".join("?" * len(part))
                rows = file.execute(f"SELECT key, row FROM vectors WHERE key IN ({marks})", part)
                found.update((key, row) for key, row in rows if len(row) == size)
        return found

    def _keep(self, rows: dict[bytes, bytes]) -> None:
        with contextlib.suppress(sqlite3.Error), self._open() as file:
            file.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows.items())
            file.execute("DELETE FROM vectors WHERE rowid <= (SELECT max(rowid) FROM vectors) - ?", (_MOST,))

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with contextlib.closing(sqlite3.connect(self._path, timeout=_WAIT_SECONDS)) as file, file:
            file.execute(_SCHEMA)
            yield file
