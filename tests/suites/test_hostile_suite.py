"""What was made to cost, costs little: processor time and memory of every case, measured in the worker that reads it."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

from shared_data import shared

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="workers are forked")


def _benchmark() -> ModuleType:
    path = Path(__file__).parents[2] / "benchmarks" / "hostile" / "run.py"
    spec = importlib.util.spec_from_file_location("hostile_run", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_no_case_costs_more_than_its_bound() -> None:
    """Time as the processor counts it; a worker that had to be ended would show as such."""
    run = _benchmark()
    cost = list(run.costs(shared("suites", "hostile") / "cases"))
    over = [c for c in cost if c.cpu_seconds > 1.1 * run.MOST_CPU_SECONDS or c.memory_mb > run.MOST_MEMORY_MB]
    assert over == []
    assert len(cost) > 100
    assert [c for c in cost if c.outcome.startswith(("unexpected", "ended: unexpected"))] == []
