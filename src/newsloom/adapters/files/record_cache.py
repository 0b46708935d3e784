"""What the record files said when they were last read, so that a run need not parse again what nobody touched.

Derived and deletable: `.newsloom/records.sqlite`. Whatever is wrong with it costs time and nothing else. It serves reading
only; before a file is written its bytes are looked at again.
"""

from __future__ import annotations

import functools
import hashlib
import os
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter

from newsloom import __version__, model, vocab
from newsloom.model.record import Record

# A file changed within this time of being read may change again with no clock telling: its bytes are compared next time.
# Two seconds is the coarsest clock a file system keeps (FAT). Source: git's technical note "racy-git".
_RACY_NANOSECONDS = 2_000_000_000
_WAIT_SECONDS = 1.0
_RECORD = TypeAdapter(Record)
_TABLE = "CREATE TABLE records (path TEXT PRIMARY KEY, state TEXT, settled INTEGER, digest BLOB, data BLOB, checksum INTEGER)"
_SELECT = "SELECT state, settled, digest, data, checksum FROM records WHERE path = ?"
_INSERT = "INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?, ?, ?)"


def file_state(found: os.stat_result) -> str:
    """Return what of a file's status changes when its content may have."""
    parts = (found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino, found.st_dev, found.st_mode)
    return " ".join(map(str, parts))


@dataclass(frozen=True, slots=True)
class CachedRecord:
    """One file as it was read: `state` by `file_state`, whether that alone may be trusted, digest of the bytes, the record."""

    state: str
    is_settled: bool
    digest: bytes
    data: bytes

    def record(self) -> Record | None:
        """Return the record, equal to what parsing the file gives; None when the row is none of ours. Cost: 1/10 of that."""
        try:
            record = _RECORD.validate_json(self.data)
        except ValueError:
            return None
        if record.layout is None:
            return None
        bare = replace(record, layout=None)
        return replace(record, layout=replace(record.layout, read=bare))


class OpenRecordCache:
    """The cache while all records are read. Where it fails it is empty, and forgets."""

    def __init__(self, file: Path, clock: Callable[[], int]) -> None:
        self._file = file
        self._clock = clock
        self._fresh: list[tuple[str, str, int, bytes, bytes, int]] = []
        self._connection: sqlite3.Connection | None = None
        if file.parent.is_dir():
            with self._guarded():
                self._connection = sqlite3.connect(file, timeout=_WAIT_SECONDS)
                if self._connection.execute("PRAGMA user_version").fetchone()[0] != _version():
                    with self._connection:
                        self._connection.execute("DROP TABLE IF EXISTS records")
                        self._connection.execute(_TABLE)
                        self._connection.execute(f"PRAGMA user_version = {_version()}")

    def now(self) -> int:
        """Return the moment in nanoseconds since 1970; to be taken before a file is opened."""
        return self._clock()

    def find(self, path: str) -> CachedRecord | None:
        """Return what is known of *path*, or None."""
        row = None
        with self._guarded():
            if self._connection is not None:
                row = self._connection.execute(_SELECT, (path,)).fetchone()
        with suppress(TypeError):
            if row is not None and row[4] == _checksum(path, *row[:4]):
                return CachedRecord(row[0], bool(row[1]), row[2], row[3])
        return None

    def keep(
        self, path: str, before: CachedRecord | None, found: os.stat_result, opened: int, digest: bytes, record: Record
    ) -> None:
        """Remember that *path*, its status being *found* after the moment *opened*, held *record* in bytes of *digest*.

        *before* is what `find` told of it.
        """
        if self._connection is None:
            return
        settled = opened - max(found.st_mtime_ns, found.st_ctime_ns) > _RACY_NANOSECONDS
        state = file_state(found)
        known = before if before is not None and before.digest == digest else None
        if known is not None and (known.state, known.is_settled) == (state, settled):
            return
        data = known.data if known is not None else _encoded(record)
        if data is not None:
            checksum = _checksum(path, state, int(settled), digest, data)
            self._fresh.append((path, state, int(settled), digest, data, checksum))

    def save(self, paths: Set[str]) -> None:
        """Write what is new, forget all files but *paths*, and close."""
        with self._guarded():
            if self._connection is not None:
                gone = [row for row in self._connection.execute("SELECT path FROM records") if row[0] not in paths]
                if gone or self._fresh:
                    with self._connection:
                        self._connection.executemany("DELETE FROM records WHERE path = ?", gone)
                        self._connection.executemany(_INSERT, self._fresh)
        self.close()

    def close(self) -> None:
        """Release it without writing. May be called twice."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Go on without the cache when the block fails; a damaged one is removed, a busy or read-only one left."""
        try:
            yield
        except sqlite3.Error as error:
            self.close()
            if not isinstance(error, sqlite3.OperationalError):
                with suppress(OSError):
                    self._file.unlink()


class RecordCache:
    """The cache of parsed records in *file*; without the folder of that there is none.

    Args:
        file: where it lies.
        clock: nanoseconds since 1970.
    """

    def __init__(self, file: Path, clock: Callable[[], int] = time.time_ns) -> None:
        self._file = file
        self._clock = clock

    @contextmanager
    def opened(self) -> Iterator[OpenRecordCache]:
        """Open it for one reading of all records."""
        cache = OpenRecordCache(self._file, self._clock)
        try:
            yield cache
        finally:
            cache.close()


def _encoded(record: Record) -> bytes | None:
    """Return *record* as the cache keeps it, None when it would not come back as it was."""
    layout = record.layout
    if layout is None or (record.bookkeeping is not None and record.bookkeeping.extra):
        return None  # sub-keys of others are of no type that JSON could tell
    try:
        data = _RECORD.dump_json(replace(record, layout=replace(layout, read=None)))
    except ValueError:
        return None
    back = CachedRecord("", False, b"", data).record()
    return data if back == record and back is not None and back.layout == layout else None


def _checksum(path: str, state: str, settled: int, digest: bytes, data: bytes) -> int:
    return zlib.crc32(data, zlib.crc32(f"{path}\0{state}\0{settled}\0".encode() + digest))


@functools.cache
def _version() -> int:
    """Return a number that changes with the release and with the code that reads records, over 0."""
    digest = hashlib.sha256(__version__.encode())
    for package in (model, vocab):
        for module in sorted(Path(next(iter(package.__path__))).glob("*.py")):
            digest.update(module.read_bytes())
    return int.from_bytes(digest.digest()[:4], "big") % (2**31 - 1) + 1
