"""Workers that read strangers' bytes: each bound is kept, one that ends costs one error, and none outlives newsloom."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newsloom.adapters.workers.limits import Limits
from newsloom.adapters.workers.pool import WorkerPool
from newsloom.errors import PageError, ReadError

MB = 1024 * 1024
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="workers are forked")


def _double(text: str) -> str:
    return 2 * text


def _spin(_: object) -> None:
    while True:
        pass


def _eat(megabytes: int) -> int:
    return len(bytearray(megabytes * MB))


def _die(_: object) -> None:
    os.abort()


def _refuse(where: str) -> None:
    raise PageError("no page", where=where, hint="Look elsewhere")


def _trip(_: object) -> None:
    raise KeyError("a bug")


def _dial(_: object) -> None:
    socket.create_connection(("127.0.0.1", 9))


def _who(_: object) -> tuple[int, int]:
    return os.getpid(), os.getppid()


def _long(length: int) -> bytes:
    return bytes(length)


TASKS = {"double": _double, "spin": _spin, "eat": _eat, "die": _die, "refuse": _refuse, "trip": _trip, "dial": _dial, "who": _who,
         "long": _long}  # fmt: skip
LIMITS = Limits(cpu_seconds=0.3, memory_bytes=100 * MB, job_bytes=MB, result_bytes=MB)


@pytest.fixture
def pool() -> Iterator[WorkerPool]:
    made = WorkerPool(TASKS, workers=1, limits=LIMITS)
    yield made
    made.close()
    made.close()


def _is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _gone(processes: tuple[int, ...]) -> bool:
    for _ in range(600):
        if not any(map(_is_alive, processes)):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize(
    ("task", "argument", "told"),
    [
        ("spin", None, "processor time"),
        ("eat", 300, "100 MB"),
        ("die", None, "was ended"),
        ("trip", None, "unexpected KeyError: 'a bug'"),
        ("dial", None, "PermissionError"),
        ("long", 2 * MB, "longer than 1 MB"),
        ("double", "x" * 2 * MB, "more than the 1048576"),
    ],
)
def test_each_bound_costs_one_typed_error_and_the_pool_goes_on(
    task: str, argument: object, told: str, pool: WorkerPool
) -> None:
    for _ in range(2):
        with pytest.raises(ReadError, match=told):
            pool.call(task, argument)
        assert pool.call("double", "ab") == "abab"


def test_the_reader_s_own_error_arrives_whole(pool: WorkerPool) -> None:
    with pytest.raises(PageError) as caught:
        pool.call("refuse", "https://harborpost.example/")
    assert (caught.value.message, caught.value.where) == ("no page", "https://harborpost.example/")
    assert caught.value.hint == "Look elsewhere"


def test_a_worker_and_its_keeper_may_be_killed(pool: WorkerPool) -> None:
    for victim in (0, 1, 0):
        os.kill(pool.call("who", None)[victim], signal.SIGKILL)
        answers: list[Any] = []
        for _ in range(4):  # one that met the death may be lost, no more
            try:
                answers.append(pool.call("double", "ab"))
            except ReadError:
                continue
        assert answers[-2:] == ["abab", "abab"]


def test_jobs_of_several_threads_meet_free_workers() -> None:
    pool = WorkerPool(TASKS, workers=2, limits=LIMITS)
    answers: list[str] = []

    def ask(number: int) -> None:
        for turn in range(20):
            answers.append(pool.call("double", f"{number}-{turn} "))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pool.close()
    assert sorted(answers) == sorted(2 * f"{number}-{turn} " for number in range(4) for turn in range(20))


def test_closing_leaves_nothing_behind() -> None:
    pool = WorkerPool(TASKS, workers=2, limits=LIMITS)
    family = (*pool.call("who", None), *pool.call("who", None))
    pool.close()
    assert _gone(family)


_PARENT = """
import sys, time
sys.path.insert(0, {tests!r})
from test_workers import TASKS, LIMITS
from newsloom.adapters.workers.pool import WorkerPool
pool = WorkerPool(TASKS, workers=1, limits=LIMITS)
print(*pool.call("who", None), flush=True)
if {busy}:
    try:
        pool.call("spin", None)
    except KeyboardInterrupt:
        raise
    except Exception:
        pass
time.sleep(60)
"""


@pytest.mark.parametrize("busy", [False, True])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_the_end_of_newsloom_is_the_end_of_its_workers(busy: bool, how: signal.Signals) -> None:
    code = _PARENT.format(tests=str(Path(__file__).parent), busy=busy)
    parent = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background ignores it
    )  # fmt: skip
    with parent:
        assert parent.stdout is not None
        family = tuple(map(int, parent.stdout.readline().split()))
        assert len(family) == 2
        parent.send_signal(how)
        parent.wait(60)
        assert _gone(family)
