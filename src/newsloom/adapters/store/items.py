"""Items in SQLite: rows, keys, earlier wordings, and the words they are found by."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, delete, func, select, text, update
from sqlalchemy.dialects.sqlite import insert

from newsloom.adapters.store import schema
from newsloom.adapters.store.schema import instant
from newsloom.model.item import Item
from newsloom.model.reading import ReadFacts
from newsloom.model.version import Version

_ITEM = TypeAdapter(Item)
_VERSION = TypeAdapter(Version)

# Scripts written without spaces: unicode61 would index a whole sentence as one word, so each character becomes a word.
_UNSPACED = re.compile(r"([\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])")
_CHUNK = 500
# A page that changes with every reading must not fill the disk.
MAX_VERSIONS = 20


def _spaced(text_: str) -> str:
    return _UNSPACED.sub(r" \1 ", text_)


def _chunks(values: Iterable[str]) -> Iterator[list[str]]:
    every = list(values)
    for start in range(0, len(every), _CHUNK):
        yield every[start : start + _CHUNK]


def _old_text(moment: datetime) -> ColumnElement[bool]:
    return (schema.items.c.first_seen < instant(moment)) & (schema.items.c.body != "") & (schema.items.c.pending == 0)


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
            "first_seen": instant(item.first_seen),
            "seen_at": instant(item.seen_at),
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
            (column >= instant(since)) & (column <= instant(until)) & schema.items.c.story.is_not(None),
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
        query = select(table.seen_at, *told).where(table.seen_at >= instant(since))
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
