"""One run at a time in a portal."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType

from newsloom.adapters.files.atomic import storage_error
from newsloom.errors import PortalLocked


class PortalLock:
    """Context manager that holds the portal for one process: `flock` on `.newsloom/lock`, which names its holder.

    The lock ends with the process, however that ends; the file stays.

    Raises (on entry):
        PortalLocked: another process holds it.
        StorageError: the lock file cannot be made.
    """

    def __init__(self, portal: Path) -> None:
        self._path = portal / ".newsloom" / "lock"
        self._descriptor: int | None = None

    def __enter__(self) -> PortalLock:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
        except OSError as error:
            raise storage_error(error, self._path, "make the lock") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        except BlockingIOError:
            holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
            os.close(descriptor)
            raise PortalLocked(
                f"another run is at work in this portal (process {holder or 'unknown'})",
                where=str(self._path.parent.parent),
                hint="Wait until it ends, or stop it",
            ) from None
        except OSError as error:
            os.close(descriptor)
            raise storage_error(error, self._path, "take the lock") from error
        self._descriptor = descriptor
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)  # the lock goes with the last descriptor
            self._descriptor = None
