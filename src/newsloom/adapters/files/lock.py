"""One run at a time in a portal, and a fence against one that was overtaken."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType

from newsloom.adapters.files.atomic import storage_error
from newsloom.errors import PortalLocked


class PortalLock:
    """Context manager that holds the portal for one process: `flock` on `.newsloom/lock`, which names its holder.

    The lock ends with the process, however that ends; the file stays. It holds a token of its holder's own besides: a run that
    was stopped while somebody removed the lock, or whose lock a network drive let go, finds another token there when it goes
    on, and `check` ends it before it writes over what its successor wrote.

    Raises (on entry):
        PortalLocked: another process holds it.
        StorageError: the lock file cannot be made.
    """

    def __init__(self, portal: Path) -> None:
        self._path = portal.absolute() / ".newsloom" / "lock"
        self._descriptor: int | None = None
        self._token = b""

    def __enter__(self) -> PortalLock:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
        except OSError as error:
            raise storage_error(error, self._path, "make the lock") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._token = f"{os.getpid()}\n{os.urandom(16).hex()}\n".encode()
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, self._token, 0)
        except BlockingIOError:
            holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").partition("\n")[0]
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

    def check(self) -> None:
        """See that this process still holds the portal; asked before each rename and commit. Cost: one small read.

        Raises:
            PortalLocked: the lock is gone or another run's: what this one still had to write is left to that one.
        """
        try:
            found = self._path.read_bytes()
        except OSError:
            found = b""
        if found != self._token:
            raise PortalLocked(
                "this run was overtaken: the portal's lock was removed or taken over while it stood still",
                where=str(self._path),
                hint="Nothing more was written; run again, and what was missed is taken up",
            )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)  # the lock goes with the last descriptor
            self._descriptor = None
