"""What can be read of a damaged database, or of one of another version, put into a healthy one.

The working state is derived from the records, except for what only the web could give again: texts of articles, entries still
queued, and what servers said of themselves. Those are worth saving row by row.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

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

    Rows around a damaged page are lost, those before and behind it are not. *damaged* is left as it is.
    """
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
