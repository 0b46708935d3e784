"""What can be read of a damaged database, or of one of another version, put into a healthy one.

The working state is derived from the records, except for what only the web could give again: texts of articles, entries still
queued, and what servers said of themselves. Those are worth saving row by row.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from newsloom.adapters.files.atomic import storage_error
from newsloom.model.item import Item
from newsloom.model.page import QueuedEntry
from newsloom.model.source import HostState, SourceState
from newsloom.model.version import Version
from newsloom.ports.storing import Store, UnitOfWork

_ITEM = TypeAdapter(Item)
_QUEUED = TypeAdapter(QueuedEntry)
_SOURCE = TypeAdapter(SourceState)
_HOST = TypeAdapter(HostState)
_VERSION = TypeAdapter(Version)
_BATCH = 200
_HEAD_BYTES, _PAGE_BYTES = 100, 4096
_PAGE_SIZES = frozenset(2**power for power in range(9, 16))


@dataclass(frozen=True, slots=True)
class Salvaged:
    """How many rows of each kind were saved."""

    items: int = 0
    texts: int = 0
    queued: int = 0
    sources: int = 0
    hosts: int = 0


def is_healthy(path: Path) -> bool:
    """Return True when the database at *path* opens and SQLite's own check finds nothing. Cost: reads it once."""
    try:
        with closing(_opened(path)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.DatabaseError:
        return False


def salvage(damaged: Path, store: Store) -> Salvaged:
    """Put what can be read of the database at *damaged* into *store*; return how much that was. Never raises for damage.

    Raises:
        StorageError: the disk did not take what was saved.

    Rows around a damaged page are lost, those before and behind it are not. Where the file's own head is damaged, a copy is
    read whose head is written anew. *damaged* is left as it is.
    """
    copy = damaged.with_name(damaged.name + ".mended")
    try:
        return _salvaged(copy if _with_new_head(damaged, copy) else damaged, store)
    except OSError as error:
        raise storage_error(error, copy, "copy the damaged database") from error
    finally:
        for suffix in ("", "-wal", "-shm"):
            copy.with_name(copy.name + suffix).unlink(missing_ok=True)


def _with_new_head(damaged: Path, copy: Path) -> bool:
    """Make *copy* of *damaged* with its first 100 bytes mended, when they are why it cannot be opened; return whether it was made.

    Source: sqlite.org/fileformat2.html, section 1.3. All else that it tells can be counted, or has one value in our files.
    """
    try:
        with closing(_opened(damaged)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        return False
    except sqlite3.DatabaseError:
        pass
    size = damaged.stat().st_size
    if size < _HEAD_BYTES:
        return False
    shutil.copyfile(damaged, copy)
    wal = damaged.with_name(damaged.name + "-wal")
    if wal.exists():
        shutil.copyfile(wal, copy.with_name(copy.name + "-wal"))
    with copy.open("r+b") as file:
        head = bytearray(file.read(_HEAD_BYTES))
        told = int.from_bytes(head[16:18], "big")
        page = told if told in _PAGE_SIZES else _PAGE_BYTES
        head[0:16] = b"SQLite format 3\0"
        head[16:18] = page.to_bytes(2, "big")
        head[18:24] = bytes((2, 2, 0, 64, 32, 32))
        head[24:28] = head[92:96]  # equal: the count of pages that follows is valid
        head[28:32] = (size // page).to_bytes(4, "big")
        head[32:40] = bytes(8)  # no list of free pages: nothing is written here
        head[44:48] = (4).to_bytes(4, "big")
        head[52:60] = bytes((0, 0, 0, 0, 0, 0, 0, 1))  # no auto-vacuum, UTF-8
        head[64:68] = bytes(4)
        file.seek(0)
        file.write(head)
    return True


def _salvaged(damaged: Path, store: Store) -> Salvaged:
    counts = dict.fromkeys(("items", "texts", "queued", "sources", "hosts"), 0)

    def item(work: UnitOfWork, row: sqlite3.Row) -> None:
        read = _ITEM.validate_json(row["data"])
        whole = replace(read, article=replace(read.article, article_body=str(row["body"])))
        work.items.put(whole)
        if not row["pending"]:
            work.items.mark_recorded([whole.id])
        counts["items"] += 1
        counts["texts"] += bool(whole.article.article_body)

    def key(work: UnitOfWork, row: sqlite3.Row) -> None:
        work.items.put_keys(str(row["item"]), [str(row["key"])])

    def queued(work: UnitOfWork, row: sqlite3.Row) -> None:
        work.queue.put(_QUEUED.validate_json(row["data"]))
        counts["queued"] += 1

    def source(work: UnitOfWork, row: sqlite3.Row) -> None:
        work.sources.put_state(_SOURCE.validate_json(row["data"]))
        counts["sources"] += 1

    def host(work: UnitOfWork, row: sqlite3.Row) -> None:
        work.sources.put_host(_HOST.validate_json(row["data"]))
        counts["hosts"] += 1

    def version(work: UnitOfWork, row: sqlite3.Row) -> None:
        work.items.put_version(str(row["item"]), _VERSION.validate_json(row["data"]))

    def meta(work: UnitOfWork, row: sqlite3.Row) -> None:
        if row["key"] != "schema":
            work.put_meta(str(row["key"]), str(row["value"]))

    kinds: dict[str, Callable[[UnitOfWork, sqlite3.Row], None]] = {
        "items": item, "item_keys": key, "queue": queued, "source_states": source, "host_states": host,
        "item_versions": version, "meta": meta,
    }  # fmt: skip
    for table, put in kinds.items():
        _save(damaged, table, put, store)
    return Salvaged(**counts)


def _save(damaged: Path, table: str, put: Callable[[UnitOfWork, sqlite3.Row], None], store: Store) -> None:
    rows = _rows(damaged, table)
    while True:
        with store.begin() as work:
            for _ in range(_BATCH):
                row = next(rows, None)
                if row is None:
                    return
                try:
                    put(work, row)
                except (ValidationError, IndexError, KeyError, TypeError):
                    continue  # a row that says nothing sensible any more


def _rows(path: Path, table: str) -> Iterator[sqlite3.Row]:
    """Yield the readable rows of *table*: from its start up to the damage, then from its end back to it."""
    seen: set[int] = set()
    for direction in ("ASC", "DESC"):
        try:
            with closing(_opened(path)) as connection:
                connection.row_factory = sqlite3.Row
                for row in connection.execute(f"SELECT rowid AS rowid_, * FROM {table} ORDER BY rowid {direction}"):
                    if row["rowid_"] in seen:
                        return
                    seen.add(row["rowid_"])
                    yield row
                return
        except (sqlite3.DatabaseError, OverflowError, UnicodeDecodeError):
            continue


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA cell_size_check = ON")
    return connection
