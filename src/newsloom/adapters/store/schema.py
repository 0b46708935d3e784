"""Tables of the working state. Raise VERSION whenever they change: what an older store holds is then taken over row by row."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, Text

VERSION = "2"

metadata = MetaData()

meta = Table("meta", metadata, Column("key", String, primary_key=True), Column("value", Text, nullable=False))

items = Table(
    "items",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),
    Column("first_seen", String, nullable=False),
    Column("seen_at", String, nullable=False),
    Column("story", String),
    Column("pending", Integer, nullable=False),
    Column("data", Text, nullable=False),
    Column("body", Text, nullable=False),
    Index("items_by_story", "story"),
    Index("items_by_seen_at", "seen_at"),
    Index("items_by_pending", "pending"),
)

item_keys = Table(
    "item_keys",
    metadata,
    Column("key", String, primary_key=True),
    Column("item", String, nullable=False),
)

item_versions = Table(
    "item_versions",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=True),
    Column("item", String, nullable=False),
    Column("data", Text, nullable=False),
    Index("item_versions_by_item", "item"),
)

queue = Table(
    "queue",
    metadata,
    Column("key", String, primary_key=True),
    Column("first_seen", String, nullable=False),
    Column("not_before", String, nullable=False),
    Column("data", Text, nullable=False),
)

source_states = Table(
    "source_states", metadata, Column("url", String, primary_key=True), Column("data", Text, nullable=False)
)

host_states = Table(
    "host_states", metadata, Column("host", String, primary_key=True), Column("data", Text, nullable=False)
)

# SQLite's full-text index; its rowid is items.n. SQLAlchemy has no construct for virtual tables.
SEARCH_DDL = "CREATE VIRTUAL TABLE IF NOT EXISTS items_search USING fts5(title, excerpt, body, tokenize='unicode61')"


def instant(value: datetime) -> str:
    """Return *value* as a UTC string whose order is the order of time."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
