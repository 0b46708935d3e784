"""A few days with a restless web: what `benchmarks/soak/run.py` promises of a month, in its short form."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SOAK = Path(__file__).resolve().parents[2] / "benchmarks" / "soak" / "run.py"
SHORT = "--feeds 100 --hosts 15 --days 3 --quiet-days 1 --items-per-day 15 --least-items 2 --every-hours 8"


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="it reads /proc")
def test_a_short_soak_keeps_every_promise() -> None:
    """A seed in which the habits that lose or double items all occur, and hosts want silence."""
    ran = subprocess.run(
        [sys.executable, SOAK, *SHORT.split(), "--seed", "8"], capture_output=True, text=True, timeout=600, check=False,
        env={**os.environ, "PYTHONPATH": str(SOAK.parents[2] / "src")},
    )  # fmt: skip
    told = json.loads(ran.stdout)
    assert (told["broken"], ran.returncode) == ([], 0), ran.stderr[-2000:]
    assert told["items"] > 40
    assert told["throttled"] > 0
    assert told["shape"]["dead"] > 0
