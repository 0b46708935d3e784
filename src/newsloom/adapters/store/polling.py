"""What polling must not forget, in SQLite: entries that wait for their pages, states of sources and hosts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from newsloom.adapters.store import schema
from newsloom.adapters.store.schema import instant
from newsloom.model.page import QueuedEntry
from newsloom.model.source import HostState, SourceState

_QUEUED = TypeAdapter(QueuedEntry)
_SOURCE = TypeAdapter(SourceState)
_HOST = TypeAdapter(HostState)


class SqliteQueue:
    """`QueueRepository` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, entry: QueuedEntry) -> None:
        values = {
            "key": entry.key,
            "first_seen": instant(entry.first_seen),
            "not_before": instant(entry.not_before or entry.first_seen),
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
            select(table.data).where(table.not_before <= instant(now)).order_by(table.first_seen, table.key)
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
