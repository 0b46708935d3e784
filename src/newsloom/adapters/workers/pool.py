"""Readers in processes that can be ended: what a stranger's bytes cost is bounded, whatever a parser does with them."""

from __future__ import annotations

import os
import pickle
import queue
import select
import signal
import time
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from newsloom.adapters.workers.limits import Limits
from newsloom.adapters.workers.serving import (
    DONE,
    ENDED,
    FAILED,
    FRAME,
    NO_MEMORY,
    RAISED,
    TOO_LONG,
    Area,
    keep_a_worker,
)
from newsloom.errors import NewsloomError, ReadError

# Processor time is the measure; this is for a worker that waits, and long, since a machine may be busy.
_MOST_SECONDS = 120.0


class WorkerPool:
    """Does named tasks in forked workers, each job within `Limits`. Safe in threads; close it at the end.

    Args:
        tasks: name → function of one argument; known to the workers since they are forked from this process.
        workers: how many, over 0.
    """

    def __init__(self, tasks: Mapping[str, Callable[[Any], Any]], *, workers: int, limits: Limits) -> None:
        self._limits = limits
        self._workers = [_Worker(tasks, limits) for _ in range(workers)]
        self._free: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        for worker in self._workers:
            self._free.put(worker)

    def call(self, task: str, argument: object) -> Any:
        """Return what *task* makes of *argument*.

        Raises:
            ReadError: the job exceeded a limit, its worker was ended from outside, or the task met a bug.
            NewsloomError: what the task itself raises.

        Cost: two copies of argument and result, some 0.1 ms for a page; the task's own.
        """
        job = pickle.dumps((task, argument), protocol=5)
        if len(job) > self._limits.job_bytes:
            raise ReadError(f"it has {len(job)} bytes, more than the {self._limits.job_bytes} that a worker takes")
        worker = self._free.get()
        try:
            kind, length, result = worker.ask(job)
        finally:
            self._free.put(worker)
        return self._meaning(kind, length, result)

    def close(self) -> None:
        """End all workers. May be called twice."""
        for worker in self._workers:
            worker.close()

    def _meaning(self, kind: int, status: int, result: bytes) -> Any:
        if kind == DONE:
            return pickle.loads(result)  # noqa: S301 - our own worker's
        if kind == RAISED:
            error: NewsloomError = pickle.loads(result)  # noqa: S301
            raise error
        if kind == FAILED:
            raise ReadError(result.decode())
        if kind == NO_MEMORY:
            raise ReadError(f"reading it takes more than {self._limits.memory_bytes // 1024**2} MB of memory")
        if kind == TOO_LONG:
            raise ReadError(f"what it says is longer than {self._limits.result_bytes // 1024**2} MB")
        if kind == ENDED and os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGPROF:
            raise ReadError(f"reading it took more than {self._limits.cpu_seconds:g} seconds of processor time")
        raise ReadError("the process that read it was ended")


class _Worker:
    """One worker with its keeper."""

    def __init__(self, tasks: Mapping[str, Callable[[Any], Any]], limits: Limits) -> None:
        self._tasks, self._limits = tasks, limits
        self._area = Area(limits)
        self._serial = self._keeper = self._jobs = self._answers = 0
        self._start()

    def ask(self, job: bytes) -> tuple[int, int, bytes]:
        """Return kind, length (or how the worker ended) and result of *job*."""
        self._serial += 1
        self._area.put_job(job)
        self._area.set_serial(self._serial)
        try:
            os.write(self._jobs, FRAME.pack(self._serial, 0, len(job)))
            kind, length = self._wait()
        except OSError:  # keeper and worker are gone: somebody ended them
            self._restart()
            kind, length = ENDED, 0
        finally:
            self._area.set_serial(0)
        return kind, length, self._area.result(length) if kind in (DONE, RAISED, FAILED) else b""

    def close(self) -> None:
        if self._keeper:
            os.close(self._jobs)
            self._end_worker()
            os.waitpid(self._keeper, 0)
            os.close(self._answers)
            self._keeper = 0

    def _start(self) -> None:
        jobs, self._jobs = os.pipe()
        self._answers, answers = os.pipe()
        with warnings.catch_warnings():
            # Python warns of forking beside threads; those here are numpy's, asleep, and the keeper has none of them.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._keeper = os.fork()
        if self._keeper == 0:
            keep_a_worker(self._tasks, self._area, jobs, answers, self._limits)
        os.close(jobs)
        os.close(answers)

    def _restart(self) -> None:
        self.close()
        self._area = Area(self._limits)
        self._start()

    def _wait(self) -> tuple[int, int]:
        """Return the answer to the job at hand. Raises OSError when nobody is there to give one."""
        poll = select.poll()
        poll.register(self._answers, select.POLLIN)
        deadline = time.monotonic() + _MOST_SECONDS
        while True:
            if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
                self._end_worker()  # its keeper tells so
                deadline += _MOST_SECONDS
                continue
            frame = os.read(self._answers, FRAME.size)
            if not frame:
                raise BrokenPipeError
            serial, kind, length = FRAME.unpack(frame)
            if serial == self._serial:
                return kind, length

    def _end_worker(self) -> None:
        _, worker = self._area.header()
        if worker:
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
