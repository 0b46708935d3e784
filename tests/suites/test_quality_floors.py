"""No change may take a measured figure under its recorded floor (benchmarks/quality)."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from shared_data import shared


def _gate() -> ModuleType:
    path = Path(__file__).resolve().parents[2] / "benchmarks" / "quality" / "gate.py"
    spec = importlib.util.spec_from_file_location("quality_gate", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


gate = _gate()


@pytest.mark.slow
@pytest.mark.parametrize("floor", gate.read_floors(), ids=lambda floor: floor.name)
def test_floor(floor) -> None:  # type: ignore[no-untyped-def]
    if not floor.data.startswith(("demo/", "benchmarks/")):
        shared(*Path(floor.data).parts)
    assert gate.corpus_digest(floor.path) == floor.corpus, "the corpus changed: record its floors anew"
    assert gate.failures(floor, gate.measure(floor)) == []
