"""Keeping things: the working state (derived, deletable) and the portal's files (the truth)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from newsloom.model.event import Event, EventKind
from newsloom.model.item import Item
from newsloom.model.page import QueuedEntry
from newsloom.model.reading import ReadFacts
from newsloom.model.record import Quarantined, Record, RecordFile
from newsloom.model.source import HostState, SourceState
from newsloom.model.version import Version


class ItemRepository(Protocol):
    """Items by id, address, story and time."""

    def get(self, item_id: str) -> Item:
        """Return the item. Raises KeyError."""
        ...

    def find(self, item_id: str) -> Item | None:
        """Return the item or None."""
        ...

    def find_by_key(self, key: str) -> str | None:
        """Return the id of the item known under *key*: an address or a source's own id (see `put`)."""
        ...

    def put(self, item: Item, *, keys: Iterable[str] = ()) -> None:
        """Insert or replace *item*; remember it under *keys* too. The first item to claim a key keeps it."""
        ...

    def put_keys(self, item_id: str, keys: Iterable[str]) -> None:
        """Remember *item_id* under *keys*; a key that is taken stays as it is."""
        ...

    def count_keys(self, prefix: str) -> int:
        """Return how many keys begin with *prefix*."""
        ...

    def put_version(self, item_id: str, version: Version) -> None:
        """Keep what the item said until it was changed; of very many the oldest go."""
        ...

    def drop_version(self, item_id: str, until: datetime) -> None:
        """Forget what the item said until that moment, as if it had not changed then. An unknown one is fine."""
        ...

    def versions(self, item_id: str) -> Sequence[Version]:
        """Return what the item said before, oldest first; empty when it never changed."""
        ...

    def pending(self) -> Sequence[Item]:
        """Return items stored but not yet recorded, in order of (first_seen, seen_at, id)."""
        ...

    def mark_recorded(self, item_ids: Iterable[str]) -> None:
        """Say that the records of *item_ids* are on disk and current."""
        ...

    def mark_pending(self, item_ids: Iterable[str]) -> None:
        """Say that *item_ids* must be recorded again."""
        ...

    def window(self, since: datetime, until: datetime) -> Sequence[Item]:
        """Return items that have a story, with since <= seen_at <= until, in order of (seen_at, id)."""
        ...

    def story(self, story: str) -> Sequence[Item]:
        """Return the members of *story* in order of (seen_at, id), copies included."""
        ...

    def iter_all(self) -> Iterator[Item]:
        """Yield every item in order of id. Lazy."""
        ...

    def search(self, query: str, limit: int) -> Sequence[str]:
        """Return ids of items whose title, excerpt or body match *query* (all words), best first."""
        ...

    def count(self) -> int:
        """Return the number of items."""
        ...

    def read_facts(self, since: datetime, limit: int) -> Sequence[ReadFacts]:
        """Return how items with seen_at >= since were read, the newest *limit* of them, newest first. Loads no texts."""
        ...

    def texts_before(self, moment: datetime) -> tuple[int, int]:
        """Return how many recorded items first seen before *moment* have a text, and the characters of all these texts."""
        ...

    def forget_texts(self, moment: datetime) -> int:
        """Forget the texts that `texts_before` counts, and return how many; what was decided by them stays."""
        ...

    def remove(self, item_id: str) -> None:
        """Forget the item and its versions; its keys stay claimed, so that it is not collected again. Unknown ids are fine."""
        ...


class QueueRepository(Protocol):
    """Feed entries whose pages are still to be fetched. What a feed told is safe here before the feed's validators are kept."""

    def put(self, entry: QueuedEntry) -> None:
        """Insert or replace the entry with that key."""
        ...

    def find(self, key: str) -> QueuedEntry | None:
        """Return the entry with that key, or None."""
        ...

    def due(self, now: datetime) -> Sequence[QueuedEntry]:
        """Return entries whose `not_before` is not after *now*, oldest first_seen first."""
        ...

    def done(self, key: str) -> None:
        """Forget the entry. Unknown keys are fine."""
        ...

    def count(self) -> int:
        """Return how many wait, due or not."""
        ...


class SourceRepository(Protocol):
    """States of sources and hosts."""

    def get_state(self, url: str) -> SourceState:
        """Return the state of the source, a fresh one when it was never polled."""
        ...

    def put_state(self, state: SourceState) -> None:
        """Keep *state*."""
        ...

    def get_hosts(self) -> Sequence[HostState]:
        """Return all hosts known."""
        ...

    def put_host(self, state: HostState) -> None:
        """Keep *state*."""
        ...


class UnitOfWork(AbstractContextManager["UnitOfWork"], Protocol):
    """One short transaction. Leaving the block by an exception undoes it; otherwise it is committed and durable."""

    @property
    def items(self) -> ItemRepository:
        """Items."""
        ...

    @property
    def queue(self) -> QueueRepository:
        """Entries still to be fetched."""
        ...

    @property
    def sources(self) -> SourceRepository:
        """Sources and hosts."""
        ...

    def get_meta(self, key: str) -> str | None:
        """Return a small value kept under *key* or None."""
        ...

    def put_meta(self, key: str, value: str) -> None:
        """Keep a small value under *key*."""
        ...


class Store(Protocol):
    """The working state. One process writes at a time; readers may be many."""

    def begin(self) -> UnitOfWork:
        """Return a new unit of work. Raises StoreDamaged, StorageError."""
        ...

    def compact(self) -> None:
        """Give back the space of what was forgotten. Raises StorageError. Cost: writes the whole store once."""
        ...

    def close(self) -> None:
        """Release it. May be called twice."""
        ...


class RecordFolder(Protocol):
    """The records of one portal. Writes are atomic: temporary file, fsync, rename, fsync of the folder."""

    def read_all(self) -> tuple[Sequence[RecordFile], Sequence[Quarantined]]:
        """Return every readable record, in order of path, and the files that cannot be read."""
        ...

    def read(self, path: str) -> RecordFile:
        """Return one record. Raises RecordError when torn, FileNotFoundError when there is none."""
        ...

    def write(self, path: str, record: Record) -> bool:
        """Write *record* when its bytes differ from the file's; return whether they did.

        Raises:
            RecordChanged: a person changed the file since it was read.
            StorageError: the disk did not take it (full, read-only…), or the file there is quarantined.
        """
        ...

    def remove(self, path: str) -> None:
        """Remove the record at *path*, durably; one that is not there is fine. Raises StorageError."""
        ...

    def free_path(self, record: Record, item_id: str) -> str:
        """Return the path for a new record: date, slug, and `-<hex>` when another item has that name (case and Unicode folded)."""
        ...


class EventLog(Protocol):
    """`_log/YYYY-MM.jsonl`: append-only."""

    def append(self, events: Sequence[Event]) -> None:
        """Append *events*, durable when it returns. Raises StorageError."""
        ...

    def forget(self, items: Collection[str]) -> None:
        """Remove every event that names one of *items*: for takedowns alone. Raises StorageError."""
        ...

    def iter_all(self, kind: EventKind | None = None) -> Iterator[Event]:
        """Yield every event, or those of one *kind*, in order of being written; a torn last line is skipped."""
        ...
