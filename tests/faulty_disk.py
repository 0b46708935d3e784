"""A disk whose k-th change goes wrong: every write, fsync, rename, link and commit of the process is counted, one of them fails or kills.

Counted are the functions of `os` that newsloom's adapters change files by, and commits of SQLite.
"""

from __future__ import annotations

import errno
import os
import signal
import sqlite3
from collections.abc import Callable
from typing import Any

_CALLS = ("write", "fsync", "replace", "rename", "link", "symlink", "unlink", "mkdir", "rmdir")


class FaultyDisk:
    """Replaces those functions for good: for a process of its own.

    Args:
        at: number of the change that goes wrong, from 1; 0 for none.
        fault: `error`: that one fails, as a disk with a fault does; `full`: that one and all after it; `kill`: the process
            ends before it; `killed-after`: the process ends when it is done.
    """

    def __init__(self, at: int, fault: str) -> None:
        self.changes = 0
        self._at, self._fault = at, fault
        for name in _CALLS:
            setattr(os, name, self._counted(getattr(os, name), lambda: OSError(errno.EIO, os.strerror(errno.EIO))))
        disk, real = self, sqlite3.dbapi2.connect

        class Connection(sqlite3.Connection):
            def commit(self) -> None:
                disk._change(super().commit, lambda: sqlite3.OperationalError("disk I/O error"))

        def connect(*arguments: Any, **named: Any) -> sqlite3.Connection:
            named.setdefault("factory", Connection)
            return real(*arguments, **named)

        sqlite3.dbapi2.connect = sqlite3.connect = connect  # type: ignore[assignment]

    def _counted(self, real: Callable[..., Any], error: Callable[[], Exception]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            if real.__name__ == "write" and arguments[0] in (1, 2):
                return real(*arguments, **named)  # what is said to the terminal is no change
            return self._change(lambda: real(*arguments, **named), error)

        return call

    def _change(self, real: Callable[[], Any], error: Callable[[], Exception]) -> Any:
        self.changes += 1
        here = self.changes == self._at
        if self._fault == "kill" and here:
            os.kill(os.getpid(), signal.SIGKILL)
        if (self._fault == "error" and here) or (self._fault == "full" and 0 < self._at <= self.changes):
            raise error()
        try:
            return real()
        finally:
            if self._fault == "killed-after" and here:
                os.kill(os.getpid(), signal.SIGKILL)
