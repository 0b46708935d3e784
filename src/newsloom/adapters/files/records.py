"""The record folder: `_news/` and `_archive/_news/` of a portal."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path, PurePosixPath

from newsloom.adapters.files.atomic import Guard, remove_stale, storage_error, sync_folder, unguarded, write_atomic
from newsloom.adapters.files.portal import PortalPaths
from newsloom.adapters.files.record_cache import CachedRecord, OpenRecordCache, RecordCache, file_state
from newsloom.errors import RecordChanged, RecordError, StorageError
from newsloom.model.item import recorded_id
from newsloom.model.record import Quarantined, Record, RecordFile
from newsloom.vocab.frontmatter import parse, serialise
from newsloom.vocab.slugs import file_name, folded

ROOTS = ("_news", "_archive/_news")
MAX_FILE_BYTES = 8 * 1024 * 1024
"""Front matter has its own, lower bound; this one keeps a stray dump with the ending `.md` out of memory."""


class MarkdownRecordFolder:
    """The records of the portal at *portal*. Implements `ports.storing.RecordFolder`.

    A path is relative to the portal and stays inside: symbolic links are not followed. Use by one process at a time (see
    `PortalLock`); people may edit meanwhile: a file that changed since it was read is not overwritten.

    Args:
        portal: its folder.
        cache: what files said that nobody touched since; by default the one in the portal's working state.
        guard: asked before each change; see `PortalLock.check`.
    """

    def __init__(self, portal: Path, cache: RecordCache | None = None, guard: Guard = unguarded) -> None:
        self._guard = guard
        self._portal = portal.resolve()
        self._cache = cache or RecordCache(PortalPaths(self._portal).record_cache)
        self._names: dict[str, str] | None = None  # folded file name → path, over both roots
        self._promised: dict[str, str] = {}  # path given out by `free_path` → item id
        # A run reads all records more than once, and parsing costs more than all else together.
        self._read: dict[str, tuple[bytes, RecordFile]] = {}  # path → digest of the bytes, what they said
        self._own: dict[str, bytes] = {}  # path → digest of the bytes written last by this object

    def read_all(self) -> tuple[Sequence[RecordFile], Sequence[Quarantined]]:
        """Return every readable record, in order of path, and the files that cannot be read.

        What interrupted writes left behind is removed.

        Raises:
            StorageError: a folder of records cannot be listed.
        """
        files: list[RecordFile] = []
        quarantined: list[Quarantined] = []
        self._names = {}
        with self._cache.opened() as cache:
            for path, found in sorted(self._listed(), key=lambda entry: entry[0]):
                self._names.setdefault(folded(PurePosixPath(path).name), path)
                if (
                    not path.isprintable()
                ):  # line breaks, or bytes that are no UTF-8: such a name would not survive a log or a link
                    quarantined.append(Quarantined(ascii(path), "its name holds characters that cannot be shown"))
                    continue
                try:
                    files.append(self._read_listed(path, found, cache))
                except FileNotFoundError:
                    continue  # removed since it was listed
                except RecordError as error:
                    quarantined.append(Quarantined(path, str(error).removeprefix(path).lstrip(":, ")))
            cache.save({file.path for file in files})
        return files, quarantined

    def read(self, path: str) -> RecordFile:
        """Return one record.

        Raises:
            RecordError: it is torn, not a regular file, too large, or may not be read.
            FileNotFoundError: there is none.
        """
        data = self._bytes(path)
        if data is None:
            raise FileNotFoundError(path)
        return self._parsed(path, data, _digest(data), None)

    def _read_listed(self, path: str, found: os.stat_result, cache: OpenRecordCache) -> RecordFile:
        """Return the record *path*, just listed with the status *found*. Raises as `read` does."""
        known = cache.find(path)
        if known is not None and known.is_settled and known.state == file_state(found):
            file = self._recalled(path, known.digest, known)
            if file is not None:
                return file
        opened = cache.now()
        content = _content(self._portal / path, path)
        if content is None:
            raise FileNotFoundError(path)
        data, found = content
        digest = _digest(data)
        file = self._parsed(path, data, digest, known)
        cache.keep(path, known, found, opened, digest, file.record)
        return file

    def _parsed(self, path: str, data: bytes, digest: bytes, known: CachedRecord | None) -> RecordFile:
        """Return the record in *data*, parsed only when neither this object nor the cache's row *known* has it."""
        file = self._recalled(path, digest, known)
        if file is None:
            file = RecordFile(path, parse(data, path=path))
            self._read[path] = (digest, file)
        return file

    def _recalled(self, path: str, digest: bytes, known: CachedRecord | None) -> RecordFile | None:
        """Return what bytes of *digest* at *path* said when they were last parsed, or None."""
        before, file = self._read.get(path, (b"", None))
        if file is not None and before == digest:
            return file
        record = known.record() if known is not None and known.digest == digest else None
        if record is None:
            return None
        file = RecordFile(path, record)
        self._read[path] = (digest, file)
        return file

    def write(self, path: str, record: Record) -> bool:
        """Write *record* when its bytes differ from the file's; return whether they did.

        Raises:
            RecordChanged: a person changed the file since it was read; it is left as it is.
            StorageError: the disk did not take it, or the file there is quarantined.
            RecordError: the record's front matter would be too large to be read back.
        """
        self._locate(path)
        data = serialise(record)
        try:
            current = self._bytes(path)
            if current == data:
                self._own[path] = _digest(data)
                return False
            if current is not None:
                parse(current, path=path)
                self._refuse_changed(path, current, record)
        except RecordError as error:
            hint = "Repair or remove that file, then run again"
            raise StorageError(
                f"not overwritten, since it cannot be read: {error.message}", where=path, hint=hint
            ) from error
        write_atomic(self._portal / path, data, guard=self._guard)
        self._own[path] = _digest(data)
        if self._names is not None:
            self._names.setdefault(folded(PurePosixPath(path).name), path)
        return True

    def remove(self, path: str) -> None:
        """Remove the record at *path*; one that is not there is fine. For takedowns: nothing else is ever removed.

        Raises:
            StorageError: the disk did not let us, or *path* is no place for a record.
        """
        place = self._locate(path)
        self._guard()
        try:
            place.unlink(missing_ok=True)
            sync_folder(place.parent)
        except OSError as error:
            raise storage_error(error, place, "remove the record") from error
        self._read.pop(path, None)
        self._own.pop(path, None)
        if self._names is not None:
            self._names = {name: other for name, other in self._names.items() if other != path}

    def free_path(self, record: Record, item_id: str) -> str:
        """Return the path for a new record of *item_id*: the one it has already, if it was written before.

        No other item has that name, on a file system that ignores case and Unicode form either, nor in the archive.
        """
        if self._names is None:
            self._names = {folded(PurePosixPath(path).name): path for path in sorted(dict(self._listed()))}
        url = record.web_url or record.original_url or item_id
        stem = file_name(record.published_date_time, record.title, url).removesuffix(".md")
        for suffix in ("", f"-{item_id[:8]}", f"-{item_id[:16]}"):
            name = f"{stem}{suffix}.md"
            taken = self._names.get(folded(name))
            if taken is None and not os.path.lexists(self._portal / ROOTS[0] / name):
                taken = self._names[folded(name)] = f"{ROOTS[0]}/{name}"
                self._promised[taken] = item_id
            if taken is not None and self._holder(taken) == item_id:
                return taken
        raise StorageError("no free name is left for this record", where=f"{ROOTS[0]}/{stem}.md")

    def _holder(self, path: str) -> str | None:
        """Return the id of the item whose record lies, or will lie, at *path*; None when nobody can tell."""
        try:
            return recorded_id(self.read(path))
        except FileNotFoundError:
            return self._promised.get(path)
        except RecordError:
            return None

    def _refuse_changed(self, path: str, current: bytes, record: Record) -> None:
        """Raise StorageError unless *current*, what the file holds, is what *record* was made from or what we wrote."""
        before = record.layout.read if record.layout else None
        if self._own.get(path) == _digest(current):
            return
        if before is None or serialise(replace(before, layout=record.layout)) != current:
            hint = "Nothing is lost: run again, and the edit is taken over"
            raise RecordChanged(
                "not overwritten, since it was changed while newsloom was at work", where=path, hint=hint
            )

    def _listed(self) -> Iterator[tuple[str, os.stat_result]]:
        """Yield path and status of every record file, in no order; no folder on the way is a symbolic link."""
        for root in ROOTS:
            folder = self._portal / root
            if not os.path.lexists(folder):
                continue
            if folder.resolve() != folder:
                raise StorageError("the folder is a symbolic link", where=str(folder), hint="Put a real folder there")
            yield from self._walk(folder, root, depth=4)

    def _walk(self, folder: Path, inside: str, depth: int) -> Iterator[tuple[str, os.stat_result]]:
        remove_stale(folder)
        try:
            with os.scandir(folder) as listing:
                entries = list(listing)
        except OSError as error:
            raise storage_error(error, folder, "list the records") from error
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                if depth:
                    yield from self._walk(folder / entry.name, f"{inside}/{entry.name}", depth - 1)
            elif entry.name.lower().endswith(".md"):
                with suppress(FileNotFoundError):  # removed since
                    yield f"{inside}/{entry.name}", entry.stat(follow_symlinks=False)

    def _locate(self, path: str) -> Path:
        """Return the place of *path*. Raises StorageError when it lies outside of the folders of records."""
        pure = PurePosixPath(path)
        inside = any(pure.is_relative_to(root) and pure != PurePosixPath(root) for root in ROOTS)
        if not inside or ".." in pure.parts or "\\" in path or "\x00" in path or pure.name.startswith("."):
            raise StorageError(
                "this is no place for a record", where=path, hint=f"Records lie in {' and '.join(ROOTS)}"
            )
        place = self._portal / pure
        if place.parent.resolve() != place.parent:
            raise StorageError("a folder on the way is a symbolic link", where=path, hint="Put a real folder there")
        return place

    def _bytes(self, path: str) -> bytes | None:
        """Return what the file *path* holds, None when there is none. Raises RecordError, as `read` does."""
        content = _content(self._locate(path), path)
        return content[0] if content is not None else None


def _content(place: Path, path: str) -> tuple[bytes, os.stat_result] | None:
    """Return what the file at *place* holds and its status before that was read, None when there is none.

    Raises:
        RecordError: it is no regular file, too large, or may not be read.
    """
    try:
        # Without waiting: a named pipe would block for ever.
        descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        problem = "it is a symbolic link" if place.is_symlink() else f"cannot be read ({error.strerror})"
        raise RecordError(problem, where=path) from error
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        os.close(descriptor)
        raise RecordError("it is no regular file", where=path)
    with os.fdopen(descriptor, "rb") as file:
        try:
            data = file.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            raise RecordError(f"cannot be read ({error.strerror})", where=path) from error
    if len(data) > MAX_FILE_BYTES:
        raise RecordError(f"it is larger than {MAX_FILE_BYTES // 1024 // 1024} MiB", where=path)
    return data, found


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
