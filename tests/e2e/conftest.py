"""The demo, run once for all tests that look at what it leaves."""

from __future__ import annotations

import json

import pytest

from portal_runs import Demo, ended, start


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Run `newsloom demo --json` in a process of its own."""
    portal = tmp_path_factory.mktemp("demo") / "portal"
    told = ended(start("demo", portal, "--json"))
    assert told.code == 0, told
    assert told.err == ""
    return Demo(portal, json.loads(told.out))
