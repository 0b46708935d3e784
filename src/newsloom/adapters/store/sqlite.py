"""`Store` on one SQLite file in WAL mode, through SQLAlchemy Core."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, Engine, create_engine, delete, event, func, select, text, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DatabaseError, OperationalError

from newsloom.adapters.files.atomic import storage_error
from newsloom.adapters.store import schema
from newsloom.adapters.store.salvage import salvage
from newsloom.errors import StorageError, StoreDamaged
from newsloom.model.item import Item
from newsloom.model.page import QueuedEntry
from newsloom.model.reading import ReadFacts
from newsloom.model.source import HostState, SourceState
from newsloom.model.version import Version

_ITEM = TypeAdapter(Item)
_VERSION = TypeAdapter(Version)
_QUEUED = TypeAdapter(QueuedEntry)
_SOURCE = TypeAdapter(SourceState)
_HOST = TypeAdapter(HostState)

# Scripts written without spaces: unicode61 would index a whole sentence as one word, so each character becomes a word.
_UNSPACED = re.compile(r"([\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])")
_CHUNK = 500
# What a database of another version is called while it is taken over.
_OTHER = ".other-version"
# A page that changes with every reading must not fill the disk.
MAX_VERSIONS = 20
# How long a writer waits for another process that reads or writes the same file.
BUSY_SECONDS = 30


def _instant(value: datetime) -> str:
    """Return *value* as a UTC string whose order is the order of time."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")


def _spaced(text_: str) -> str:
    return _UNSPACED.sub(r" \1 ", text_)


def _chunks(values: Iterable[str]) -> Iterator[list[str]]:
    every = list(values)
    for start in range(0, len(every), _CHUNK):
        yield every[start : start + _CHUNK]


def _old_text(moment: datetime) -> ColumnElement[bool]:
    return (schema.items.c.first_seen < _instant(moment)) & (schema.items.c.body != "") & (schema.items.c.pending == 0)


class SqliteItems:
    """`ItemRepository` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, item_id: str) -> Item:
        item = self.find(item_id)
        if item is None:
            raise KeyError(item_id)
        return item

    def find(self, item_id: str) -> Item | None:
        return next(iter(self._select(schema.items.c.id == item_id)), None)

    def find_by_key(self, key: str) -> str | None:
        return self._connection.execute(
            select(schema.item_keys.c.item).where(schema.item_keys.c.key == key)
        ).scalar_one_or_none()

    def put(self, item: Item, *, keys: Iterable[str] = ()) -> None:
        values: dict[str, Any] = {
            "id": item.id,
            "first_seen": _instant(item.first_seen),
            "seen_at": _instant(item.seen_at),
            "story": item.story,
            "pending": 1,
            "data": _ITEM.dump_json(replace(item, article=replace(item.article, article_body=""))).decode(),
            "body": item.article.article_body,
        }
        number = self._connection.execute(
            insert(schema.items)
            .values(values)
            .on_conflict_do_update(index_elements=["id"], set_=values)
            .returning(schema.items.c.n)
        ).scalar_one()
        self._index(number, item)
        self.put_keys(item.id, keys)

    def put_keys(self, item_id: str, keys: Iterable[str]) -> None:
        for key in keys:
            self._connection.execute(insert(schema.item_keys).values(key=key, item=item_id).on_conflict_do_nothing())

    def count_keys(self, prefix: str) -> int:
        column = schema.item_keys.c.key
        within = (column >= prefix) & (column < prefix + "\U0010ffff")
        return self._connection.execute(select(func.count()).select_from(schema.item_keys).where(within)).scalar_one()

    def put_version(self, item_id: str, version: Version) -> None:
        table = schema.item_versions
        self._connection.execute(insert(table).values(item=item_id, data=_VERSION.dump_json(version).decode()))
        oldest = select(table.c.n).where(table.c.item == item_id).order_by(table.c.n.desc()).offset(MAX_VERSIONS)
        self._connection.execute(delete(table).where(table.c.n.in_(oldest.scalar_subquery())))

    def drop_version(self, item_id: str, until: datetime) -> None:
        table = schema.item_versions
        rows = self._connection.execute(select(table.c.n, table.c.data).where(table.c.item == item_id)).all()
        gone = [n for n, data in rows if _VERSION.validate_json(data).until == until]
        self._connection.execute(delete(table).where(table.c.n.in_(gone)))

    def versions(self, item_id: str) -> Sequence[Version]:
        table = schema.item_versions.c
        rows = self._connection.execute(select(table.data).where(table.item == item_id).order_by(table.n))
        return [_VERSION.validate_json(data) for (data,) in rows]

    def pending(self) -> Sequence[Item]:
        return self._select(schema.items.c.pending == 1, order=("first_seen", "seen_at", "id"))

    def mark_recorded(self, item_ids: Iterable[str]) -> None:
        self._mark(item_ids, 0)

    def mark_pending(self, item_ids: Iterable[str]) -> None:
        self._mark(item_ids, 1)

    def window(self, since: datetime, until: datetime) -> Sequence[Item]:
        column = schema.items.c.seen_at
        return self._select(
            (column >= _instant(since)) & (column <= _instant(until)) & schema.items.c.story.is_not(None),
            order=("seen_at", "id"),
        )

    def story(self, story: str) -> Sequence[Item]:
        return self._select(schema.items.c.story == story, order=("seen_at", "id"))

    def iter_all(self) -> Iterator[Item]:
        last = ""
        while page := self._select(schema.items.c.id > last, order=("id",), limit=_CHUNK):
            yield from page
            last = page[-1].id

    def search(self, query: str, limit: int) -> Sequence[str]:
        words = re.findall(r"\w+", query.casefold())
        if not words:
            return ()
        # Each word quoted: a phrase of its own, so that no query syntax of FTS5 reaches the engine from outside.
        match = " AND ".join('"' + " ".join(_spaced(word).split()) + '"' for word in words)
        rows = self._connection.execute(
            text(
                "SELECT items.id FROM items_search JOIN items ON items.n = items_search.rowid "
                "WHERE items_search MATCH :match ORDER BY bm25(items_search, 8.0, 3.0, 1.0), items.id LIMIT :limit"
            ),
            {"match": match, "limit": limit},
        )
        return [row[0] for row in rows]

    def count(self) -> int:
        return self._connection.execute(select(func.count()).select_from(schema.items)).scalar_one()

    def read_facts(self, since: datetime, limit: int) -> Sequence[ReadFacts]:
        table = schema.items.c
        told = [
            func.json_extract(table.data, f"$.article.{name}")
            for name in ("url", "provider.domain", "methods", "access", "unread")
        ]
        query = select(table.seen_at, *told).where(table.seen_at >= _instant(since))
        rows = self._connection.execute(query.order_by(table.seen_at.desc(), table.id).limit(limit))
        return [
            ReadFacts(
                url,
                provider,
                datetime.fromisoformat(at).replace(tzinfo=UTC),
                json.loads(methods or "{}"),
                access,
                unread or "",
            )
            for at, url, provider, methods, access, unread in rows
        ]

    def texts_before(self, moment: datetime) -> tuple[int, int]:
        count, characters = self._connection.execute(
            select(func.count(), func.coalesce(func.sum(func.length(schema.items.c.body)), 0)).where(_old_text(moment))
        ).one()
        return int(count), int(characters)

    def forget_texts(self, moment: datetime) -> int:
        forgotten = 0
        while items := self._select(_old_text(moment), order=("id",), limit=_CHUNK):
            for item in items:
                self.put(replace(item, article=replace(item.article, article_body="")))
            self.mark_recorded([item.id for item in items])
            forgotten += len(items)
        return forgotten

    def remove(self, item_id: str) -> None:
        number = self._connection.execute(
            select(schema.items.c.n).where(schema.items.c.id == item_id)
        ).scalar_one_or_none()
        if number is not None:
            self._connection.execute(text("DELETE FROM items_search WHERE rowid = :n"), {"n": number})
            self._connection.execute(delete(schema.items).where(schema.items.c.n == number))
            self._connection.execute(delete(schema.item_versions).where(schema.item_versions.c.item == item_id))

    def _mark(self, item_ids: Iterable[str], pending: int) -> None:
        for chunk in _chunks(item_ids):
            self._connection.execute(update(schema.items).where(schema.items.c.id.in_(chunk)).values(pending=pending))

    def _index(self, number: int, item: Item) -> None:
        article = item.article
        self._connection.execute(text("DELETE FROM items_search WHERE rowid = :n"), {"n": number})
        self._connection.execute(
            text("INSERT INTO items_search (rowid, title, excerpt, body) VALUES (:n, :title, :excerpt, :body)"),
            {
                "n": number,
                "title": _spaced(article.title),
                "excerpt": _spaced(article.excerpt),
                "body": _spaced(article.article_body),
            },
        )

    def _select(self, condition: Any, *, order: tuple[str, ...] = (), limit: int | None = None) -> list[Item]:
        query = select(schema.items.c.data, schema.items.c.body).where(condition)
        query = query.order_by(*(schema.items.c[name] for name in order)).limit(limit)
        found = []
        for data, body in self._connection.execute(query):
            item = _ITEM.validate_json(data)
            found.append(replace(item, article=replace(item.article, article_body=body)))
        return found


class SqliteQueue:
    """`QueueRepository` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, entry: QueuedEntry) -> None:
        values = {
            "key": entry.key,
            "first_seen": _instant(entry.first_seen),
            "not_before": _instant(entry.not_before or entry.first_seen),
            "data": _QUEUED.dump_json(entry).decode(),
        }
        self._connection.execute(
            insert(schema.queue).values(values).on_conflict_do_update(index_elements=["key"], set_=values)
        )

    def find(self, key: str) -> QueuedEntry | None:
        data = self._connection.execute(
            select(schema.queue.c.data).where(schema.queue.c.key == key)
        ).scalar_one_or_none()
        return _QUEUED.validate_json(data) if data else None

    def due(self, now: datetime) -> Sequence[QueuedEntry]:
        table = schema.queue.c
        rows = self._connection.execute(
            select(table.data).where(table.not_before <= _instant(now)).order_by(table.first_seen, table.key)
        )
        return [_QUEUED.validate_json(data) for (data,) in rows]

    def done(self, key: str) -> None:
        self._connection.execute(delete(schema.queue).where(schema.queue.c.key == key))

    def count(self) -> int:
        return self._connection.execute(select(func.count()).select_from(schema.queue)).scalar_one()


class SqliteSources:
    """`SourceRepository` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get_state(self, url: str) -> SourceState:
        data = self._connection.execute(
            select(schema.source_states.c.data).where(schema.source_states.c.url == url)
        ).scalar_one_or_none()
        return _SOURCE.validate_json(data) if data else SourceState(url=url)

    def put_state(self, state: SourceState) -> None:
        values = {"url": state.url, "data": _SOURCE.dump_json(state).decode()}
        self._connection.execute(
            insert(schema.source_states).values(values).on_conflict_do_update(index_elements=["url"], set_=values)
        )

    def get_hosts(self) -> Sequence[HostState]:
        rows = self._connection.execute(select(schema.host_states.c.data).order_by(schema.host_states.c.host))
        return [_HOST.validate_json(data) for (data,) in rows]

    def put_host(self, state: HostState) -> None:
        values = {"host": state.host, "data": _HOST.dump_json(state).decode()}
        self._connection.execute(
            insert(schema.host_states).values(values).on_conflict_do_update(index_elements=["host"], set_=values)
        )


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
            _remove_database(path)
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
                _remove_database(other)
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


def _remove_database(path: Path) -> None:
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
