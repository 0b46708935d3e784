"""The folder that holds the published site. Only what changed is written; only what we wrote is ever removed."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from newsloom.adapters.files.atomic import remove_stale, storage_error, write_atomic
from newsloom.errors import StorageError
from newsloom.model.portal import PublishedFile

_MANIFEST = ".newsloom-manifest.json"
_JOURNAL = ".newsloom-manifest.journal"
_UNSAFE_PART = re.compile(r"[\x00-\x1f\\]|^\.{1,2}$|^$|^[A-Za-z]:")


class PublishedFolder:
    """Publishes into *root*; implements the port `SiteFolder`. The folder is made when first needed.

    One process at a time.

    A manifest beside the files holds the digest of each file written, so that an unchanged one is not read again; a journal
    names files being written, so that a run that was killed leaves nothing that a later run takes for somebody else's.
    The site can be made again from the records, so files are replaced atomically but not forced to the disk one by one.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def publish(self, files: Iterator[PublishedFile]) -> Sequence[str]:
        """Write files whose bytes differ, remove those no longer published, and return the paths that changed, sorted.

        A reader sees each file old or new, never half. Files newsloom did not publish are left alone, but a file of theirs
        at a published path is replaced.

        Raises:
            StorageError: the disk did not take it, or a path leads out of the folder.
        """
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            return self._publish(files)
        except OSError as error:
            raise storage_error(error, Path(error.filename or self._root), "publish the site") from error

    def _publish(self, files: Iterator[PublishedFile]) -> Sequence[str]:
        manifest = self._manifest()
        interrupted = self._journalled()
        for folder in {(self._root / path).parent for path in interrupted}:
            remove_stale(folder)
        before = {*manifest, *interrupted}
        now: dict[str, str] = {}
        changed: list[str] = []
        safe_folders: set[Path] = set()
        with (self._root / _JOURNAL).open("a", encoding="utf-8") as journal:
            for file in files:
                path = self._inside(file.path, safe_folders)
                digest = hashlib.sha256(file.body).hexdigest()
                if file.path in now:
                    raise StorageError("two pages of the site have the same path", where=file.path)
                now[file.path] = digest
                if not self._is_current(path, file.body, digest, manifest.get(file.path)):
                    self._write(path, file, journal)
                    changed.append(file.path)
        for gone in sorted(before - now.keys()):
            if self._remove(gone, safe_folders):
                changed.append(gone)
        if now != manifest:
            text = json.dumps(now, ensure_ascii=True, indent=0, sort_keys=True) + "\n"
            write_atomic(self._root / _MANIFEST, text.encode(), durable=False)
        (self._root / _JOURNAL).unlink(missing_ok=True)
        return sorted(changed)

    def _manifest(self) -> Mapping[str, str]:
        """Return path → digest of what was published before; nothing when the manifest is lost or damaged."""
        try:
            read = json.loads((self._root / _MANIFEST).read_bytes())
        except (FileNotFoundError, ValueError):
            return {}
        pairs = read.items() if isinstance(read, dict) else ()
        return {path: digest for path, digest in pairs if isinstance(digest, str) and self._is_plain(path)}

    def _journalled(self) -> list[str]:
        with contextlib.suppress(FileNotFoundError):
            lines = (self._root / _JOURNAL).read_text("utf-8", "replace").split("\n")
            return [line for line in lines[:-1] if self._is_plain(line)]
        return []

    @staticmethod
    def _is_plain(path: str) -> bool:
        return not any(_UNSAFE_PART.search(part) for part in path.split("/")) and path not in (_MANIFEST, _JOURNAL)

    def _inside(self, path: str, safe_folders: set[Path]) -> Path:
        """Return where *path* lies. Raises StorageError when that is not inside the folder, links followed."""
        full = self._root / path
        if not self._is_plain(path):
            raise StorageError("this path leads out of the site's folder, or is reserved", where=path)
        if full.parent not in safe_folders:
            real = full.parent.resolve()
            if real != self._root.resolve() and self._root.resolve() not in real.parents:
                raise StorageError(
                    "this path leads out of the site's folder", where=path, hint="Remove the link that leads there"
                )
            safe_folders.add(full.parent)
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

    @staticmethod
    def _write(path: Path, file: PublishedFile, journal: TextIO) -> None:
        journal.write(file.path + "\n")
        journal.flush()
        write_atomic(path, file.body, durable=False)

    def _remove(self, path: str, safe_folders: set[Path]) -> bool:
        """Remove a file we published before, and the folders it leaves empty; return whether it was there."""
        full = self._inside(path, safe_folders)
        try:
            full.unlink()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return False
        folder = full.parent
        with contextlib.suppress(OSError):
            while folder != self._root:
                folder.rmdir()
                folder = folder.parent
        return True
