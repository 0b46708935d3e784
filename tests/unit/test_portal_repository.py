"""What a commit of the portal takes along, and what it is called."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from newsloom.adapters.files.git import PortalRepository

TITLES = {"_news/a.md": "Ferry returns", "_news/b.md": "Bridge closed"}


@pytest.fixture
def portal(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    for path in TITLES:
        put(tmp_path, path, "first")
    put(tmp_path, "_log/2026-03.jsonl", "{}\n")
    return tmp_path


def git(portal: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=portal, check=True, capture_output=True, text=True).stdout


def put(portal: Path, path: str, text: str) -> None:
    (portal / path).parent.mkdir(parents=True, exist_ok=True)
    (portal / path).write_text(text)


def test_a_commit_is_named_by_the_first_new_title_else_by_the_first_changed(portal: Path) -> None:
    assert PortalRepository(portal).commit(TITLES) == "2 new: Ferry returns"
    put(portal, "_news/b.md", "second")
    assert PortalRepository(portal).commit(TITLES) == "1 updated: Bridge closed"
    put(portal, "_news/a.md", "second")
    put(portal, "_news/c.md", "first")
    assert PortalRepository(portal).commit(TITLES | {"_news/c.md": "New pier"}) == "1 new, 1 updated: New pier"
    (portal / "_news/a.md").unlink()
    assert PortalRepository(portal).commit({}) == "1 removed"


def test_the_list_of_takedowns_is_committed_and_no_other_declaration(portal: Path) -> None:
    PortalRepository(portal).commit(TITLES)
    put(portal, "_data/takedowns.jsonl", '{"domain": "paper.example"}\n')
    put(portal, "_data/topics/town.yaml", "name: Town\n")
    assert PortalRepository(portal).commit(TITLES) == "takedowns"
    assert git(portal, "ls-files", "_data").split() == ["_data/takedowns.jsonl"]
    assert PortalRepository(portal).commit(TITLES) is None


def test_what_git_is_told_to_ignore_stops_no_commit_of_the_rest(portal: Path) -> None:
    put(portal, ".gitignore", "/_log/\n")
    assert PortalRepository(portal).commit(TITLES) == "2 new: Ferry returns"
    assert "_log" not in git(portal, "ls-files")
