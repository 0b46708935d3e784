"""A folder that holds a published site. Only what changed is written; only what we wrote is ever removed."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from newsloom.adapters.files.atomic import Guard, remove_stale, storage_error, unguarded, write_atomic
from newsloom.errors import StorageError
from newsloom.model.portal import PublishedFile

MANIFEST = ".newsloom-manifest.json"
JOURNAL = ".newsloom-manifest.journal"
_UNSAFE_PART = re.compile(r"[\x00-\x1f\\]|^\.{1,2}$|^$|^[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Changes:
    """What a publishing did: paths written or replaced, and paths removed, each sorted."""

    written: tuple[str, ...]
    removed: tuple[str, ...]


class PublishedFolder:
    """Publishes into *root*; implements the port `SiteFolder`. The folder is made when first needed.

    One process at a time. Each file is replaced in one step, the folder as a whole is not: see `PublishedLink` for that.

    A manifest beside the files holds the digest of each file written, so that an unchanged one is not read again; a journal
    names files being written, so that a run that was killed leaves nothing that a later run takes for somebody else's.
    The site can be made again from the records, so files are replaced atomically but not forced to the disk one by one.

    Args:
        root: the folder.
        guard: asked before each change; see `PortalLock.check`.
        before_change: given the folder before its first change; what it returns is changed instead, and must hold the same.
    """

    def __init__(
        self, root: Path, guard: Guard = unguarded, before_change: Callable[[Path], Path] | None = None
    ) -> None:
        self._root = root
        self._guard = guard
        self._before_change = before_change
        self._safe_folders: set[Path] = set()

    def publish(self, files: Iterator[PublishedFile]) -> Sequence[str]:
        """Write files whose bytes differ, remove those no longer published, and return the paths that changed, sorted.

        A reader sees each file old or new, never half. Files newsloom did not publish are left alone, but a file of theirs
        at a published path is replaced.

        Raises:
            StorageError: the disk did not take it, or a path leads out of the folder.
        """
        changes = self.change(files)
        return sorted((*changes.written, *changes.removed))

    def change(self, files: Iterator[PublishedFile]) -> Changes:
        """Do what `publish` does, and return what was written apart from what was removed. Raises as `publish` does."""
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            return self._change(files)
        except OSError as error:
            raise storage_error(error, Path(error.filename or self._root), "publish the site") from error

    def published(self) -> Sequence[str]:
        """Return the paths that were published into this folder, the manifest's own name among them."""
        return [*self._manifest(), MANIFEST]

    def _change(self, files: Iterator[PublishedFile]) -> Changes:
        manifest = self._manifest()
        interrupted = self._journalled()
        for folder in {(self._root / path).parent for path in interrupted}:
            remove_stale(folder)
        now: dict[str, str] = {}
        written: list[str] = []
        for file in files:
            digest = hashlib.sha256(file.body).hexdigest()
            if file.path in now:
                raise StorageError("two pages of the site have the same path", where=file.path)
            now[file.path] = digest
            if not self._is_current(self._inside(file.path), file.body, digest, manifest.get(file.path)):
                self._write(file)
                written.append(file.path)
        removed = [gone for gone in sorted({*manifest, *interrupted} - now.keys()) if self._remove(gone)]
        if now != manifest:
            self._prepare()
            text = json.dumps(now, ensure_ascii=True, indent=0, sort_keys=True) + "\n"
            write_atomic(self._root / MANIFEST, text.encode(), durable=False, guard=self._guard)
        (self._root / JOURNAL).unlink(missing_ok=True)
        return Changes(tuple(written), tuple(removed))

    def _manifest(self) -> Mapping[str, str]:
        """Return path → digest of what was published before; nothing when the manifest is lost or damaged."""
        try:
            read = json.loads((self._root / MANIFEST).read_bytes())
        except (FileNotFoundError, ValueError):
            return {}
        pairs = read.items() if isinstance(read, dict) else ()
        return {path: digest for path, digest in pairs if isinstance(digest, str) and self._is_plain(path)}

    def _journalled(self) -> list[str]:
        with contextlib.suppress(FileNotFoundError):
            lines = (self._root / JOURNAL).read_text("utf-8", "replace").split("\n")
            return [line for line in lines[:-1] if self._is_plain(line)]
        return []

    @staticmethod
    def _is_plain(path: str) -> bool:
        return not any(_UNSAFE_PART.search(part) for part in path.split("/")) and path not in (MANIFEST, JOURNAL)

    def _inside(self, path: str) -> Path:
        """Return where *path* lies. Raises StorageError when that is not inside the folder, links followed."""
        full = self._root / path
        if not self._is_plain(path):
            raise StorageError("this path leads out of the site's folder, or is reserved", where=path)
        if full.parent not in self._safe_folders:
            real, root = full.parent.resolve(), self._root.resolve()
            if real != root and root not in real.parents:
                raise StorageError(
                    "this path leads out of the site's folder", where=path, hint="Remove the link that leads there"
                )
            self._safe_folders.add(full.parent)
        return full

    @staticmethod
    def _is_current(path: Path, body: bytes, digest: str, known: str | None) -> bool:
        try:
            if path.is_symlink() or path.stat().st_size != len(body):
                return False
            # Not in the manifest: it may still be ours, the manifest may be lost. The same bytes need no writing.
            return known == digest or (known is None and path.read_bytes() == body)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return False

    def _prepare(self) -> None:
        """See that changes go to the folder that is to be changed."""
        if self._before_change is not None:
            self._root, self._before_change = self._before_change(self._root), None
            self._safe_folders.clear()

    def _write(self, file: PublishedFile) -> None:
        self._prepare()
        with (self._root / JOURNAL).open("a", encoding="utf-8") as journal:
            journal.write(file.path + "\n")
        write_atomic(self._inside(file.path), file.body, durable=False, guard=self._guard)

    def _remove(self, path: str) -> bool:
        """Remove a file we published before, and the folders it leaves empty; return whether it was there."""
        if not self._inside(path).is_file() and not self._inside(path).is_symlink():
            return False
        self._prepare()
        full = self._inside(path)
        self._guard()
        full.unlink()
        folder = full.parent
        with contextlib.suppress(OSError):
            while folder != self._root:
                folder.rmdir()
                folder = folder.parent
        return True
