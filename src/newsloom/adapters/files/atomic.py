"""Writing a file so that a reader, or a crash, finds it old or new and never half."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

from newsloom.errors import StorageError

Guard = Callable[[], None]
"""Raises when this process may write no longer; asked just before what is written takes its place."""

_TEMPORARY = re.compile(r"\.newsloom-([0-9]+)-[0-9a-f]{16}\.tmp")
_HINTS = {
    errno.ENOSPC: "The disk is full: free some space and run again",
    errno.EDQUOT: "Your share of the disk is used up: free some space and run again",
    errno.EROFS: "The disk is mounted read-only: mount it for writing, or copy the portal to another and work there",
    errno.EACCES: "Give the user who runs newsloom the right to write here",
    errno.EPERM: "Give the user who runs newsloom the right to write here",
    errno.EIO: "The disk reports a fault: check it, and your backup",
}


def unguarded() -> None:
    """Let everything be written."""


def storage_error(error: OSError, path: Path, doing: str) -> StorageError:
    """Return what *error*, met while *doing* something with *path*, means to the user."""
    reason = error.strerror or type(error).__name__
    return StorageError(f"cannot {doing} ({reason})", where=str(path), hint=_HINTS.get(error.errno or 0, ""))


def write_atomic(path: Path, data: bytes, *, durable: bool = True, guard: Guard = unguarded) -> None:
    """Replace the file *path* by *data* in one step; missing folders are made, the file's permissions stay.

    Args:
        path: the file. A symbolic link there is replaced, not followed.
        data: everything the file will hold.
        durable: wait until file and folder are on the disk, so that a power cut loses neither; what can be made
            again (a site) does without and is written far faster.
        guard: asked before the new file takes its place.

    Raises:
        StorageError: the disk did not take it. *path* is then as it was, as it is when *guard* raises.
    """
    temporary = path.with_name(f".newsloom-{os.getpid()}-{os.urandom(8).hex()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            _write_new(temporary, data, _mode(path), durable)
            guard()
            temporary.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
        if durable:
            sync_folder(path.parent)
    except OSError as error:
        raise storage_error(error, path, "write the file") from error


def _mode(path: Path) -> int | None:
    """Return the permissions of the regular file *path*, None when there is none."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return None
    return stat.S_IMODE(status.st_mode) if stat.S_ISREG(status.st_mode) else None


def _write_new(path: Path, data: bytes, mode: int | None, durable: bool) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        if mode is not None:
            os.fchmod(descriptor, mode)
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        if durable:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Make the names in *folder* durable; file systems that cannot say so are taken at their word."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)


def remove_stale(folder: Path) -> None:
    """Remove what interrupted writes left in *folder*: temporary files whose process is no more. Never fails."""
    with contextlib.suppress(OSError):
        for entry in folder.iterdir():
            match = _TEMPORARY.fullmatch(entry.name)
            if match and not _is_alive(int(match[1])):
                with contextlib.suppress(OSError):
                    entry.unlink()


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
