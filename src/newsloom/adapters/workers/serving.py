"""The worker's side: forked processes that do one bounded job after another and may end at any byte of it.

A **keeper** is forked from newsloom before it opens anything, and forks a worker whenever there is none: that costs some
milliseconds, since all modules are loaded, and never meets a thread. Jobs and results lie in shared memory; over the pipes
go frames of 16 bytes, which no death can tear.
"""

from __future__ import annotations

import contextlib
import gc
import mmap
import os
import pickle
import resource
import signal
import struct
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from newsloom.adapters.workers.limits import Limits
from newsloom.errors import NewsloomError

FRAME = struct.Struct("<QII")  # serial of the job, kind, length or how the worker ended
DONE, RAISED, FAILED, NO_MEMORY, TOO_LONG, ENDED = range(6)
_HEADER = struct.Struct("<QQ")  # serial of the job at hand (0: none), process id of the worker
HEADER_BYTES = 64
_STARTS_ANEW = 3  # exit code of a worker that answered and wants a fresh memory

_FORBIDDEN = frozenset(("socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec",
                        "os.posix_spawn", "os.fork", "os.remove", "os.rename", "os.kill", "ctypes.dlopen"))  # fmt: skip


class Area:
    """The memory shared with one worker: a header, the job, the result."""

    def __init__(self, limits: Limits) -> None:
        self._job = HEADER_BYTES
        self._result = HEADER_BYTES + limits.job_bytes
        self.memory = mmap.mmap(-1, HEADER_BYTES + limits.job_bytes + limits.result_bytes)

    def header(self) -> tuple[int, int]:
        """Return the serial of the job at hand, 0 for none, and the worker's process id."""
        serial, worker = _HEADER.unpack_from(self.memory)
        return int(serial), int(worker)

    def set_serial(self, serial: int) -> None:
        """Say which job is at hand."""
        struct.pack_into("<Q", self.memory, 0, serial)

    def set_worker(self, process: int) -> None:
        """Say which process works."""
        struct.pack_into("<Q", self.memory, 8, process)

    def put_job(self, data: bytes) -> None:
        """Lay down the job."""
        self.memory[self._job : self._job + len(data)] = data

    def job(self, length: int) -> bytes:
        """Return the job."""
        return self.memory[self._job : self._job + length]

    def put_result(self, data: bytes) -> None:
        """Lay down the result."""
        self.memory[self._result : self._result + len(data)] = data

    def result(self, length: int) -> bytes:
        """Return the result."""
        return self.memory[self._result : self._result + length]


def keep_a_worker(
    tasks: Mapping[str, Callable[[Any], Any]], area: Area, jobs: int, answers: int, limits: Limits
) -> NoReturn:
    """Be the keeper: see that there is a worker until newsloom closes *jobs* or is gone. Never returns."""
    try:
        _forget_the_parent(jobs, answers)
        while True:
            worker = os.fork()
            if worker == 0:
                _work(tasks, area, jobs, answers, limits)
            area.set_worker(worker)
            _, status = os.waitpid(worker, 0)
            area.set_worker(0)
            if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0:
                break
            serial, _ = area.header()
            if serial and not (os.WIFEXITED(status) and os.WEXITSTATUS(status) == _STARTS_ANEW):
                os.write(answers, FRAME.pack(serial, ENDED, status))
    finally:
        os._exit(0)


def _forget_the_parent(jobs: int, answers: int) -> None:
    """Drop what came along with the fork: signal handlers, files, locks."""
    with contextlib.suppress(ValueError):
        signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    first, second = sorted((jobs, answers))
    highest = min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], 65_536)
    for low, high in ((3, first), (first + 1, second), (second + 1, highest)):
        os.closerange(low, high)
    gc.freeze()  # collecting what the parent left would copy its pages


def _work(tasks: Mapping[str, Callable[[Any], Any]], area: Area, jobs: int, answers: int, limits: Limits) -> NoReturn:
    code = 0
    try:
        _bound(limits.memory_bytes)
        sys.addaudithook(_refuse)
        while code == 0 and (frame := os.read(jobs, FRAME.size)):
            serial, _, length = FRAME.unpack(frame)
            if area.header()[0] != serial:
                continue  # given up meanwhile
            signal.setitimer(signal.ITIMER_PROF, limits.cpu_seconds)  # its signal ends the process
            kind, result = _answer(tasks, area.job(length), limits.result_bytes)
            area.put_result(result)
            signal.setitimer(signal.ITIMER_PROF, 0)
            code = _STARTS_ANEW if kind == NO_MEMORY else 0
            os.write(answers, FRAME.pack(serial, kind, len(result)))
    except OSError:
        code = 0  # the parent is gone
    finally:
        os._exit(code)


def _answer(tasks: Mapping[str, Callable[[Any], Any]], job: bytes, room: int) -> tuple[int, bytes]:
    try:
        try:
            task, argument = pickle.loads(job)  # noqa: S301 - the parent's own
            kind, result = DONE, pickle.dumps(tasks[task](argument), protocol=5)
        except NewsloomError as error:
            kind, result = RAISED, pickle.dumps(error, protocol=5)
        except MemoryError:
            return NO_MEMORY, b""
        except Exception as error:  # noqa: BLE001 - the per-job wall: what it means is decided where the job came from
            kind, result = FAILED, f"unexpected {type(error).__name__}: {error}"[:1000].encode("utf-8", "replace")
    except MemoryError:
        return NO_MEMORY, b""
    return (kind, result) if len(result) <= room else (TOO_LONG, b"")


def _bound(memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, ValueError, IndexError):
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        wanted = used + memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (wanted if hard < 0 else min(wanted, hard), hard))


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _FORBIDDEN:
        raise PermissionError(f"a reader has no business with {event}")
