"""The event log: `_log/YYYY-MM.jsonl`, one event a line, only ever added to, but for what a takedown removes."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any, get_args

from newsloom.adapters.files.atomic import Guard, storage_error, sync_folder, unguarded, write_atomic
from newsloom.model.event import Event, EventKind

_KINDS = frozenset(get_args(EventKind))


class JsonlEventLog:
    """The event log of one portal, on disk. Implements `ports.storing.EventLog`.

    Args:
        portal: its folder.
        guard: asked before each change; see `PortalLock.check`.
    """

    def __init__(self, portal: Path, guard: Guard = unguarded) -> None:
        self._folder = portal / "_log"
        self._guard = guard

    def append(self, events: Sequence[Event]) -> None:
        """Append *events*, durable when it returns: all of a month's, or none.

        Raises:
            StorageError: the disk did not take them.
        """
        for month, group in groupby(events, key=lambda event: event.at.astimezone(UTC).strftime("%Y-%m")):
            text = "".join(_line(event) for event in group)
            path = self._folder / f"{month}.jsonl"
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._guard()
                _append(path, text.encode("utf-8", "replace"))
            except OSError as error:
                raise storage_error(error, path, "add to the event log") from error

    def forget(self, items: Collection[str]) -> None:
        """Remove what the log tells of *items*: paths and details name them. Each month is replaced in one step.

        Raises:
            StorageError: the disk did not take it; what was not replaced is as it was.
        """
        wanted = [item.encode() for item in items]
        try:
            for path in sorted(self._folder.glob("*.jsonl")):
                lines = path.read_bytes().splitlines(keepends=True)
                kept = [line for line in lines if not any(item in line for item in wanted)]
                if len(kept) < len(lines):
                    write_atomic(path, b"".join(kept), guard=self._guard)
        except OSError as error:
            raise storage_error(error, self._folder, "remove from the event log") from error

    def iter_all(self, kind: EventKind | None = None) -> Iterator[Event]:
        """Yield every event, month by month, in order of being written; lines that are torn or not ours are passed over.

        *kind*: only events of it. Lines of others are not taken apart, which is most of the work.
        """
        wanted = f'"{kind}"' if kind else ""
        try:
            paths = sorted(path for path in self._folder.glob("[0-9][0-9][0-9][0-9]-[0-9][0-9].jsonl"))
            for path in paths:
                with path.open(encoding="utf-8", errors="replace", newline="\n") as file:
                    for line in file:
                        if not line.endswith("\n") or wanted not in line:
                            continue
                        event = _event(line)
                        if event is not None and kind in (None, event.kind):
                            yield event
        except OSError as error:
            raise storage_error(error, self._folder, "read the event log") from error


def _append(path: Path, data: bytes) -> None:
    """Add *data* to *path*; what a crash or a full disk leaves of a line never runs into the next one."""
    is_new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
    try:
        size = os.fstat(descriptor).st_size
        if size and os.pread(descriptor, 1, size - 1) != b"\n":
            data = b"\n" + data
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            os.fsync(descriptor)
        except OSError:
            os.ftruncate(descriptor, size)
            raise
    finally:
        os.close(descriptor)
    if is_new:
        sync_folder(path.parent)


def _line(event: Event) -> str:
    at = event.at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
    fields: dict[str, Any] = {"at": at, "kind": event.kind, "item": event.item, "detail": event.detail}
    if event.kind == "stated":
        fields = {**fields, "detail": "", "state": json.loads(event.detail)}
    return json.dumps({key: value for key, value in fields.items() if value}, ensure_ascii=False) + "\n"


def _event(line: str) -> Event | None:
    try:
        fields = json.loads(line)
        at, kind, item, detail = fields["at"], fields["kind"], fields["item"], fields.get("detail", "")
        if kind == "stated":
            if not isinstance(fields["state"], dict):
                return None
            detail = json.dumps(fields["state"], ensure_ascii=False, separators=(",", ":"))
        if kind not in _KINDS or not isinstance(item, str) or not isinstance(detail, str):
            return None
        moment = datetime.fromisoformat(at)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return Event(moment.astimezone(UTC), kind, item, detail) if moment.tzinfo else None
