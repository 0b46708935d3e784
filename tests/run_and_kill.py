"""Run `newsloom` again and again in processes of its own, and end them with kill -9 when told to.

Reads lines of JSON from standard input: [seconds, argument, …]. Each is a run, forked once all modules and models are loaded,
so that the seconds count from where its work begins; a negative number lets it end by itself, null runs it in the parent,
to load what is loaded at first use. Instead of the seconds [at, fault] names a change of the disk that goes wrong (see
faulty_disk.py). Answers each with a line: the seconds it took, its exit code (-9 when killed), and how many changes there were,
as far as it lived to count them.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import traceback

sys.path.insert(0, os.path.dirname(__file__))  # noqa: PTH120

from faulty_disk import FaultyDisk
from newsloom.cli.main import app


def main() -> None:
    for line in sys.stdin:
        delay, *arguments = json.loads(line)
        begun = time.monotonic()
        counted = 0
        if isinstance(delay, list):
            code, counted = run_on_a_faulty_disk(arguments, *delay)
        elif delay is None:
            code = run(arguments)
        else:
            child = os.fork()
            if child == 0:
                os._exit(run(arguments))
            if delay >= 0:
                time.sleep(delay)
                os.kill(child, signal.SIGKILL)
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os.write(1, f"{time.monotonic() - begun:.3f} {code} {counted}\n".encode())


def run_on_a_faulty_disk(arguments: list[str], at: int, fault: str) -> tuple[int, int]:
    """Run in a child whose *at*-th change of the disk goes wrong; return its exit code and how many changes there were."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        told = os.write
        disk = FaultyDisk(at, fault)
        code = run(arguments)
        told(writing, str(disk.changes).encode())
        os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        counted = int(pipe.read() or b"0")
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), counted


def run(arguments: list[str]) -> int:
    """Be the run; return its exit code."""
    try:
        with open(os.devnull, "w") as sys.stdout:  # noqa: PTH123 - what it prints is not looked at here
            app(arguments)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    except BaseException:  # noqa: BLE001 - a stack trace is what the test looks for
        traceback.print_exc()
    return 1


if __name__ == "__main__":
    main()
