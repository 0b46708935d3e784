"""What reading one thing may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one job may take.

    Attributes:
        cpu_seconds: processor time.
        memory_bytes: address space above what the process starts with; kept where /proc tells that.
        job_bytes, result_bytes: the shared memory for what goes in and what comes out.
    """

    cpu_seconds: float = 2.0
    memory_bytes: int = 200 * 1024 * 1024
    job_bytes: int = 20 * 1024 * 1024
    result_bytes: int = 64 * 1024 * 1024
