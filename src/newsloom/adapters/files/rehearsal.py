"""The portal's files as they would become: what is written stays in memory, and the disk is only read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import chain

from newsloom.errors import RecordError, StorageError
from newsloom.model.event import Event, EventKind
from newsloom.model.record import Quarantined, Record, RecordFile
from newsloom.ports.storing import EventLog, RecordFolder
from newsloom.vocab.frontmatter import serialise


class RehearsedRecords:
    """The records of *folder*, with what is written here over them. Implements `ports.storing.RecordFolder`."""

    def __init__(self, folder: RecordFolder) -> None:
        self._folder = folder
        self._over: dict[str, Record | None] = {}  # None: removed

    @property
    def touched(self) -> Collection[str]:
        """Return the paths whose bytes are not those on disk."""
        return self._over.keys()

    def read_all(self) -> tuple[Sequence[RecordFile], Sequence[Quarantined]]:
        """Return every readable record, in order of path, and the files that cannot be read."""
        files, quarantined = self._folder.read_all()
        found = {file.path: file for file in files if file.path not in self._over}
        found.update((path, RecordFile(path, record)) for path, record in self._over.items() if record is not None)
        return [found[path] for path in sorted(found)], quarantined

    def read(self, path: str) -> RecordFile:
        """Return one record. Raises RecordError, FileNotFoundError."""
        if path not in self._over:
            return self._folder.read(path)
        record = self._over[path]
        if record is None:
            raise FileNotFoundError(path)
        return RecordFile(path, record)

    def write(self, path: str, record: Record) -> bool:
        """Have *record* at *path* from now on; return whether its bytes differ from what was there.

        Raises:
            StorageError: the file there cannot be read.
        """
        try:
            before = serialise(self.read(path).record)
        except FileNotFoundError:
            before = None
        except RecordError as error:
            raise StorageError(f"not overwritten, since it cannot be read: {error.message}", where=path) from error
        if serialise(record) == before:
            return False
        self._over[path] = record
        return True

    def remove(self, path: str) -> None:
        """Have no record at *path* from now on."""
        self._over[path] = None

    def free_path(self, record: Record, item_id: str) -> str:
        """Return the path for a new record, as the folder says."""
        return self._folder.free_path(record, item_id)


class RehearsedLog:
    """The events of *log*, and those appended here after them. Implements `ports.storing.EventLog`."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._added: list[Event] = []
        self._forgotten: set[str] = set()

    def append(self, events: Sequence[Event]) -> None:
        """Keep *events* in memory."""
        self._added += events

    def forget(self, items: Collection[str]) -> None:
        """Tell no event of *items* any more."""
        self._forgotten |= set(items)

    def iter_all(self, kind: EventKind | None = None) -> Iterator[Event]:
        """Yield every event in order of being written, of one *kind* where that is named."""
        for event in chain(self._log.iter_all(kind), self._added):
            if event.item not in self._forgotten and kind in (None, event.kind):
                yield event
