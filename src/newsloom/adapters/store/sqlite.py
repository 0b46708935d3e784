"""`Store` on one SQLite file in WAL mode, through SQLAlchemy Core."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, select, text
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DatabaseError, OperationalError

from newsloom.adapters.files.atomic import storage_error
from newsloom.adapters.store import schema
from newsloom.adapters.store.items import SqliteItems
from newsloom.adapters.store.polling import SqliteQueue, SqliteSources
from newsloom.adapters.store.salvage import salvage
from newsloom.errors import StorageError, StoreDamaged

# What a database of another version is called while it is taken over.
_OTHER = ".other-version"
# How long a writer waits for another process that reads or writes the same file.
BUSY_SECONDS = 30


class SqliteUnitOfWork:
    """One transaction. Disk trouble on the way comes out as StorageError, a damaged file as StoreDamaged."""

    def __init__(self, engine: Engine, path: Path, guard: Callable[[], None]) -> None:
        self._engine = engine
        self._path = path
        self._guard = guard
        self._connection: Connection | None = None

    @property
    def connection(self) -> Connection:
        if self._connection is None:
            raise RuntimeError("a unit of work is used inside its with block")
        return self._connection

    @property
    def items(self) -> SqliteItems:
        return SqliteItems(self.connection)

    @property
    def queue(self) -> SqliteQueue:
        return SqliteQueue(self.connection)

    @property
    def sources(self) -> SqliteSources:
        return SqliteSources(self.connection)

    def get_meta(self, key: str) -> str | None:
        return self.connection.execute(select(schema.meta.c.value).where(schema.meta.c.key == key)).scalar_one_or_none()

    def put_meta(self, key: str, value: str) -> None:
        values = {"key": key, "value": value}
        self.connection.execute(
            insert(schema.meta).values(values).on_conflict_do_update(index_elements=["key"], set_=values)
        )

    def __enter__(self) -> SqliteUnitOfWork:
        try:
            self._connection = self._engine.connect()
            self._connection.begin()
        except DatabaseError as error:
            raise _storage_error(error, self._path) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        connection, self._connection = self.connection, None
        try:
            if kind is None:
                self._guard()
                connection.commit()
            else:
                connection.rollback()
        except DatabaseError as failure:
            raise _storage_error(failure, self._path) from failure
        finally:
            connection.close()
        if isinstance(error, DatabaseError):
            raise _storage_error(error, self._path) from error


class SqliteStore:
    """`Store` in one file. Opening makes the file, or takes over what one of another version holds.

    Args:
        path: the database file; its folder must exist.
        guard: asked before each commit; what it raises undoes the unit of work.

    Raises:
        StoreDamaged: the file is no healthy database.
        StorageError: the disk does not let us.
    """

    def __init__(self, path: Path, guard: Callable[[], None] = lambda: None) -> None:
        self._path = path
        self._guard = guard
        other = path.with_name(path.name + _OTHER)
        if other.exists():  # taking over was cut short: it begins again
            remove_database(path)
        fresh = not path.exists()
        self._engine = self._open()
        try:
            if not fresh and self._version() != schema.VERSION:
                self._set_aside(other)
                fresh = True
                self._engine = self._open()
            if fresh:
                self._create()
            if other.exists():
                salvage(other, self)
                remove_database(other)
        except DatabaseError as error:
            self._engine.dispose()
            raise _storage_error(error, path) from error
        except OSError as error:
            self._engine.dispose()
            raise storage_error(error, path, "take over the working state of another version") from error

    def begin(self) -> SqliteUnitOfWork:
        return SqliteUnitOfWork(self._engine, self._path, self._guard)

    def compact(self) -> None:
        try:
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("INSERT INTO items_search(items_search) VALUES ('optimize')"))
                connection.execute(text("VACUUM"))
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        except DatabaseError as error:
            raise _storage_error(error, self._path) from error

    def close(self) -> None:
        self._engine.dispose()

    def _open(self) -> Engine:
        engine = create_engine(f"sqlite:///{self._path}", connect_args={"timeout": BUSY_SECONDS})

        @event.listens_for(engine, "connect")
        def _prepare(connection: Any, _: Any) -> None:
            cursor = connection.cursor()
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.close()

        return engine

    def _version(self) -> str | None:
        with self._engine.connect() as connection:
            tables = connection.execute(text("SELECT name FROM sqlite_master WHERE name = 'meta'")).all()
            if not tables:
                return None
            return connection.execute(
                select(schema.meta.c.value).where(schema.meta.c.key == "schema")
            ).scalar_one_or_none()

    def _set_aside(self, other: Path) -> None:
        """Rename the database to *other*, as one file."""
        with self._engine.connect() as connection:
            connection.execute(text("PRAGMA journal_mode=DELETE"))
        self._engine.dispose()
        self._path.rename(other)

    def _create(self) -> None:
        with self._engine.begin() as connection:
            schema.metadata.create_all(connection)
            connection.execute(text(schema.SEARCH_DDL))
            connection.execute(insert(schema.meta).values(key="schema", value=schema.VERSION).on_conflict_do_nothing())


def remove_database(path: Path) -> None:
    for suffix in ("-wal", "-shm", ""):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _storage_error(error: DatabaseError, path: Path) -> StorageError:
    """Return the typed error for what the database driver said."""
    said = str(error.orig)
    if isinstance(error, OperationalError) and "locked" in said:
        return StorageError(
            "the working state is in use by another program",
            where=str(path),
            hint="Close what has it open, then run again; nothing recorded was lost",
        )
    if isinstance(error, OperationalError) and any(
        word in said for word in ("full", "readonly", "read-only", "unable to open", "disk I/O")
    ):
        return StorageError(
            f"the working state cannot be written ({said})",
            where=str(path),
            hint="Free disk space or mend the folder's permissions, then run again; nothing recorded was lost",
        )
    return StoreDamaged(
        f"the working state cannot be opened ({said})",
        where=str(path),
        hint="`newsloom repair` makes it anew from the records, and saves what can be read of it",
    )
