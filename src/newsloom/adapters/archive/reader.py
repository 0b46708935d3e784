"""Local archives by kind: the `ArchiveReader` port."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from newsloom.adapters.archive.folder import FolderReader
from newsloom.adapters.archive.warc import WarcReader
from newsloom.errors import ArchiveError
from newsloom.model.page import ArchivedMove, ArchivedPage
from newsloom.model.source import Source


class LocalArchiveReader:
    """Reads folders of pages and WARC files. See `newsloom.ports.reading.ArchiveReader` for the contract.

    Args:
        root: folder that relative paths start from: the portal's.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._notes: list[str] = []

    def pages(self, source: Source) -> Iterator[ArchivedPage]:
        """Yield the pages of *source*, in archive order. Raises ArchiveError."""
        return self._reader(source).pages()

    def signposts(self, source: Source) -> Iterator[ArchivedPage | ArchivedMove]:
        """Yield the feeds and redirects of *source*, in archive order; a folder has none. Raises ArchiveError."""
        reader = self._reader(source, lambda _: None)
        return reader.signposts() if isinstance(reader, WarcReader) else iter(())

    def fingerprint(self, source: Source) -> str:
        """Return what changes when the archive's files do: a digest of their names, sizes and times. Raises ArchiveError."""
        digest = hashlib.sha256()
        try:
            for file in self._reader(source).files():
                status = file.stat()
                digest.update(f"{file}\0{status.st_size}\0{status.st_mtime_ns}\n".encode("utf-8", "surrogateescape"))
        except OSError as error:
            raise ArchiveError(f"cannot be read ({error.strerror})", where=source.url) from error
        return digest.hexdigest()[:16]

    def notes(self) -> Sequence[str]:
        """Return what was skipped since the last call."""
        notes, self._notes[:] = tuple(self._notes), []
        return notes

    def _reader(self, source: Source, note: Callable[[str], None] | None = None) -> FolderReader | WarcReader:
        path = self._root / source.url
        if source.kind == "html":
            return FolderReader(path, note or self._notes.append)
        if source.kind == "warc":
            return WarcReader(path, note or self._notes.append)
        raise ArchiveError(f"a source of kind {source.kind!r} is no archive", where=source.url)
