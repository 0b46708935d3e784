"""In-memory fakes of the portal's files: a record folder and an event log, held to the same contract as the real ones."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from newsloom.errors import RecordError, StorageError
from newsloom.model.event import Event, EventKind
from newsloom.model.item import item_id as id_of
from newsloom.model.record import Quarantined, Record, RecordFile
from newsloom.vocab.frontmatter import parse, serialise
from newsloom.vocab.slugs import file_name, folded


class MemoryRecordFolder:
    """Records as bytes in a dict, path → file."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def read_all(self) -> tuple[Sequence[RecordFile], Sequence[Quarantined]]:
        files, quarantined = [], []
        for path in sorted(self.files):
            try:
                files.append(self.read(path))
            except RecordError as error:
                quarantined.append(Quarantined(path, str(error)))
        return files, quarantined

    def read(self, path: str) -> RecordFile:
        if path not in self.files:
            raise FileNotFoundError(path)
        return RecordFile(path, parse(self.files[path], path=path))

    def write(self, path: str, record: Record) -> bool:
        if ".." in path.split("/") or not path.startswith(("_news/", "_archive/_news/")):
            raise StorageError("this is no place for a record", where=path)
        data = serialise(record)
        if self.files.get(path) == data:
            return False
        if path in self.files:
            try:
                parse(self.files[path], path=path)
            except RecordError as error:
                raise StorageError("not overwritten, since it cannot be read", where=path) from error
        self.files[path] = data
        return True

    def remove(self, path: str) -> None:
        self.files.pop(path, None)

    def free_path(self, record: Record, item_id: str) -> str:
        names = {folded(path.rpartition("/")[2]): path for path in self.files}
        stem = file_name(record.published_date_time, record.title, record.web_url or item_id).removesuffix(".md")
        for suffix in ("", f"-{item_id[:8]}", f"-{item_id}"):
            path = names.get(folded(f"{stem}{suffix}.md"))
            if path is None:
                return f"_news/{stem}{suffix}.md"
            if self._holder(path) == item_id:
                return path
        raise StorageError("no free name is left for this record", where=stem)

    def _holder(self, path: str) -> str | None:
        try:
            record = self.read(path).record
        except RecordError:
            return None
        return record.bookkeeping.id if record.bookkeeping else id_of(record.web_url or record.original_url or path)


class MemoryEventLog:
    """Events in a list."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def append(self, events: Sequence[Event]) -> None:
        self.events.extend(events)

    def forget(self, items: Collection[str]) -> None:
        self.events = [event for event in self.events if event.item not in items and event.detail not in items]

    def iter_all(self, kind: EventKind | None = None) -> Iterator[Event]:
        found = [event for event in self.events if kind in (None, event.kind)]
        return iter(sorted(found, key=lambda event: event.at.strftime("%Y-%m")))
