"""Where the shared measuring data lie; tests that need them skip with a reason, or fail when they are required."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("NEWSLOOM_DATA", Path(__file__).resolve().parents[1].parent / "shared" / "data"))


def shared(*parts: str) -> Path:
    """Return the path of a shared data set; skip the test when it is absent, fail when NEWSLOOM_REQUIRE_DATA=1."""
    path = ROOT.joinpath(*parts)
    if not path.exists():
        reason = f"no data at {path} (set NEWSLOOM_DATA)"
        if os.environ.get("NEWSLOOM_REQUIRE_DATA") == "1":
            pytest.fail(reason)
        pytest.skip(reason, allow_module_level=True)
    return path
