"""What `newsloom read` prints, in narrow and in wide terminals: a page whose sources differ, and a feed that needs repair."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsloom.cli import console
from portal_runs import done

FOLDER = Path(__file__).parent / "read"
ADDRESSES = {"page.html": "https://harbor.example/2026/03/quay.html", "feed.xml": "https://harbor.example/feed.xml"}


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", ADDRESSES)
def test_output(name: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console.out, "_width", width)
    told = done("read", FOLDER / name, "--url", ADDRESSES[name], "--compare")
    # The other engine's text is another project's, and changes with its versions.
    shown = told.out.partition("\ntext beside")[0]
    assert shown == (FOLDER / f"{name}.{width}.txt").read_text("utf-8")
    assert all(len(line) <= width for line in shown.splitlines() if not line.startswith("with "))
