"""A portal as one file, and back: what people declared, the records, the log, and the working state as it stands."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import shutil
import sqlite3
import stat
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from newsloom.adapters.files.atomic import storage_error, sync_folder
from newsloom.adapters.files.portal import PortalPaths
from newsloom.errors import ArchiveError, UsageError

MANIFEST = "newsloom-backup.json"
FORMAT = 1
STATE = ".newsloom/state.sqlite"
_DERIVED = frozenset({".newsloom", "_site", ".site", ".git"})
_MAX_MANIFEST_BYTES = _CHUNK_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds: the moment it was made (ISO 8601, UTC), number of files, their bytes, and what was left out and why."""

    made: str
    files: int
    size_bytes: int
    left_out: tuple[str, ...] = ()


def write_backup(paths: PortalPaths, target: Path, now: datetime, *, state: bool = True) -> Contents:
    """Write the portal at *paths* to the one file *target*, a gzipped tar that any tar opens.

    Left out are the published site and the caches, which can be had again; `.git`, which is told; and links and devices, which
    are no part of a portal. The portal must be locked: no run may be at work.

    Args:
        state: take the working state along: texts of articles, what was queued, what servers said of themselves.

    Raises:
        UsageError: *target* exists, or lies in the portal. StorageError: the disk did not take it; *target* is not there then.
    """
    if os.path.lexists(target):
        raise UsageError("the file exists", where=str(target), hint="Name another: a backup is never overwritten")
    if target.resolve().is_relative_to(paths.root.resolve()):
        raise UsageError("a backup does not belong into the portal it holds", where=str(target))
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".newsloom-") as room:
            left_out: list[str] = []
            members = list(_members(paths.root, left_out))
            if state and (copy := _state_copy(paths, Path(room), left_out)):
                members.append((STATE, copy))
            size = sum(file.stat().st_size for _, file in members)
            contents = Contents(now.strftime("%Y-%m-%dT%H:%M:%SZ"), len(members), size, tuple(left_out))
            _write(temporary, members, contents)
        # Not over a file that came meanwhile.
        os.link(temporary, target)
        sync_folder(target.parent)
    except OSError as error:
        raise storage_error(error, Path(error.filename or target), "write the backup") from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()
    return contents


def restore_backup(source: Path, folder: Path) -> Contents:
    """Make the portal that the backup *source* holds, in *folder*, whole or not at all.

    Raises:
        UsageError: *folder* is there and not empty, or *source* is no such file.
        ArchiveError: *source* is no whole backup, or of a newer form. StorageError: the disk did not take it.
    """
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise UsageError("the folder is not empty", where=str(folder), hint="Name a new one: nothing is overwritten")
    room = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
    try:
        with source.open("rb") as opened:
            room.mkdir(parents=True)
            contents = _extract(opened, room, str(source))
        if folder.exists():
            folder.rmdir()
        room.rename(folder)
        sync_folder(folder.parent)
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        if error.filename is not None and str(error.filename) == str(source):
            raise UsageError(f"cannot be read ({error.strerror})", where=str(source)) from error
        raise storage_error(error, Path(error.filename or folder), "restore the backup") from error
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ArchiveError(
            f"this is no whole backup ({error})",
            where=str(source),
            hint="Take another copy of it; nothing was restored",
        ) from error
    except OSError as error:
        raise storage_error(error, Path(error.filename or folder), "restore the backup") from error
    finally:
        shutil.rmtree(room, ignore_errors=True)
    return contents


def _members(root: Path, left_out: list[str]) -> Iterator[tuple[str, Path]]:
    """Yield name and place of every regular file of the portal, in order of name."""
    for place, folders, files in os.walk(root, onerror=_raise):
        here = Path(place)
        if here == root:
            if ".git" in (*folders, *files):
                left_out.append(".git: the history of git; push it, or clone the repository")
            folders[:] = [name for name in folders if name not in _DERIVED]
            files = [name for name in files if name != ".git"]  # a worktree's
        folders.sort()
        for name in [name for name in folders if (here / name).is_symlink()]:
            folders.remove(name)
            left_out.append(f"{(here / name).relative_to(root)}: a link")
        for name in sorted(files):
            path = here / name
            if not stat.S_ISREG(path.lstat().st_mode):
                left_out.append(f"{path.relative_to(root)}: no regular file")
            elif not name.startswith(".newsloom-") or not name.endswith(".tmp"):
                yield path.relative_to(root).as_posix(), path


def _raise(error: OSError) -> None:
    raise error


def _state_copy(paths: PortalPaths, room: Path, left_out: list[str]) -> Path | None:
    """Return a consistent copy of the working state in *room*, None when there is none or it is damaged."""
    if not paths.database.exists():
        return None
    copy = room / "state.sqlite"
    try:
        with (
            closing(sqlite3.connect(f"{paths.database.absolute().as_uri()}?mode=ro", uri=True)) as opened,
            closing(sqlite3.connect(copy)) as target,
        ):
            opened.backup(target)
    except sqlite3.DatabaseError as error:
        left_out.append(f"{STATE}: {error}")
        return None
    return copy


def _write(temporary: Path, members: list[tuple[str, Path]], contents: Contents) -> None:
    head = json.dumps(
        {"format": FORMAT, "made": contents.made, "files": contents.files, "bytes": contents.size_bytes}
    ).encode()
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with tarfile.open(fileobj=file, mode="w:gz", format=tarfile.PAX_FORMAT) as tar:
            first = tarfile.TarInfo(MANIFEST)
            first.size = len(head)
            tar.addfile(first, io.BytesIO(head))
            for name, path in members:
                tar.add(path, arcname=name, recursive=False, filter=_without_owner)
        file.flush()
        os.fsync(file.fileno())


def _without_owner(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def _extract(file: io.BufferedReader, room: Path, source: str) -> Contents:
    # gzip's own checksum is compared at its end only; tarfile, given the compressed file, would not read that far.
    with gzip.GzipFile(fileobj=file) as unpacked, tarfile.open(fileobj=unpacked, mode="r|") as tar:
        members = iter(tar)
        expected = _manifest(tar, next(members, None), source)
        count = size = 0
        for member in members:
            if not _is_safe(member):
                raise ArchiveError(f"it holds {member.name!r}, which no backup does", where=source)
            count, size = count + 1, size + member.size
            if count > expected.files or size > expected.size_bytes:
                raise ArchiveError("it holds more than it says", where=source)
            tar.extract(member, room, filter="data")
        while rest := unpacked.read(_CHUNK_BYTES):
            if rest.strip(b"\0"):
                raise ArchiveError("something follows its end", where=source)
    if (count, size) != (expected.files, expected.size_bytes):
        raise ArchiveError(f"it breaks off after {count} of {expected.files} files", where=source)
    return expected


def _manifest(tar: tarfile.TarFile, member: tarfile.TarInfo | None, source: str) -> Contents:
    opened = tar.extractfile(member) if member is not None and member.name == MANIFEST else None
    try:
        head = json.loads(opened.read(_MAX_MANIFEST_BYTES) if opened is not None else b"{}")
        known, contents = head["format"], Contents(str(head["made"]), int(head["files"]), int(head["bytes"]))
    except (ValueError, TypeError, KeyError) as error:
        raise ArchiveError("this is no backup of newsloom's", where=source) from error
    if known != FORMAT:
        raise ArchiveError(f"the backup has form {known}, which a newer newsloom made", where=source)
    return contents


def _is_safe(member: tarfile.TarInfo) -> bool:
    path = PurePosixPath(member.name)
    return member.isreg() and not path.is_absolute() and ".." not in path.parts and member.name != MANIFEST
