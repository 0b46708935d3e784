"""A copy of the working state to try things on: what is decided there is forgotten."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from newsloom.adapters.store.sqlite import SqliteStore, remove_database
from newsloom.errors import StorageError

NAME = "rehearsal.sqlite"


@contextmanager
def rehearsed_store(database: Path) -> Iterator[SqliteStore]:
    """Yield a store that begins as the one in the file *database* and is gone afterwards. For one process at a time.

    What an interrupted rehearsal left behind is removed.

    Raises:
        StorageError: the disk has no room for the copy. StoreDamaged: the original cannot be read.

    Cost: reads and writes the whole database once.
    """
    path = database.with_name(NAME)
    remove_database(path)
    original = SqliteStore(database)
    original.close()  # of this version, and healthy
    try:
        try:
            with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(path)) as target:
                source.backup(target)
        except sqlite3.DatabaseError as error:
            raise StorageError(
                f"the working state cannot be copied ({error})", where=str(path), hint="Free disk space, then try again"
            ) from error
        store = SqliteStore(path)
        try:
            yield store
        finally:
            store.close()
    finally:
        remove_database(path)
