"""`run --commit`: one commit of each run that changed something, none otherwise, and nobody else's work in it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from newsloom.adapters.files import git
from newsloom.adapters.files.git import PortalRepository
from newsloom.errors import StorageError
from portal_runs import Demo, done, refused

NOW = "2026-03-20T12:00:00Z"

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="no git on this machine")


def told_by_git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture(autouse=True)
def identity(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No configuration of the machine's, so that what is tested is the same everywhere."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def portal(demo: Demo, tmp_path: Path) -> Path:
    """The demo's portal in a folder of a repository, its sources left out so that runs end at once."""
    folder = tmp_path / "repository" / "portal"
    shutil.copytree(demo.portal, folder)
    (folder / "sources.opml").unlink()
    told_by_git(folder.parent, "init", "--quiet", "--initial-branch=main")
    told_by_git(folder, "add", "newsloom.toml")
    return folder


def run(portal: Path) -> str:
    told = done("run", "--portal", portal, "--now", NOW, "--commit", "--no-publish")
    return told.err


def commits(portal: Path) -> list[str]:
    return told_by_git(portal, "log", "--format=%s").splitlines()


def test_a_run_that_changed_something_is_one_commit_and_the_next_is_none(portal: Path) -> None:
    assert "committed:" in run(portal)
    (subject,) = commits(portal)
    assert subject.startswith("142 new: ")
    assert len(subject) <= 72
    body = told_by_git(portal, "log", "-1", "--format=%b").splitlines()
    assert len(body) == 101
    assert body[-1] == "… and 42 more"
    assert "committed:" not in run(portal)
    assert len(commits(portal)) == 1


def test_a_persons_edit_is_an_update_and_a_deleted_record_a_removal(portal: Path) -> None:
    run(portal)
    edited, deleted = sorted((portal / "_news").glob("*.md"))[:2]
    edited.write_text(edited.read_text().replace('title: "', 'title: "Corrected: ', 1))
    deleted.unlink()
    run(portal)
    # Those that linked to the deleted record are written without that link.
    assert re.fullmatch(r"[0-9]+ updated, 1 removed: Corrected: .+", commits(portal)[0])
    assert "~ Corrected: " in told_by_git(portal, "log", "-1", "--format=%b")


def test_what_else_is_changed_or_staged_stays_as_it_is(portal: Path) -> None:
    (portal / "newsloom.toml").write_text((portal / "newsloom.toml").read_text() + "\n# mine\n")
    (portal.parent / "notes.txt").write_text("mine")
    told_by_git(portal.parent, "add", "notes.txt")
    run(portal)
    files = set(told_by_git(portal, "show", "--name-only", "--format=", "HEAD").splitlines())
    assert files
    assert all(name.startswith(("portal/_news/", "portal/_log/")) for name in files)
    status = told_by_git(portal.parent, "status", "--porcelain")
    assert "A  notes.txt" in status
    assert "AM portal/newsloom.toml" in status


def test_a_lock_that_a_dead_git_left_is_put_aside(portal: Path) -> None:
    lock = portal.parent / ".git" / "index.lock"
    lock.write_bytes(b"half an index")
    long_ago = time.time() - 3600
    os.utime(lock, (long_ago, long_ago))
    run(portal)
    assert len(commits(portal)) == 1
    (aside,) = lock.parent.glob("index.lock.stale-*")
    assert aside.read_bytes() == b"half an index"


def test_a_lock_that_may_be_alive_is_left_alone(portal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = portal.parent / ".git" / "index.lock"
    lock.touch()
    with pytest.raises(StorageError, match="another git is at work"):
        PortalRepository(portal, wait_seconds=0).commit({})
    long_ago = time.time() - 3600
    os.utime(lock, (long_ago, long_ago))
    monkeypatch.setattr(git, "_git_is_alive", lambda: True)
    with pytest.raises(StorageError, match="another git is at work"):
        PortalRepository(portal, wait_seconds=0).commit({})
    assert lock.exists()
    lock.unlink()
    assert "committed:" in run(portal)


def test_a_living_git_is_seen(tmp_path: Path) -> None:
    named = tmp_path / "git"
    shutil.copy(shutil.which("sleep") or "/bin/sleep", named)
    with subprocess.Popen([named, "30"]) as process:
        try:
            until = time.monotonic() + 10
            while not git._git_is_alive() and time.monotonic() < until:
                time.sleep(0.05)
            assert git._git_is_alive()
        finally:
            process.kill()


def test_without_a_repository_the_run_does_not_begin(demo: Demo, tmp_path: Path) -> None:
    shutil.copytree(demo.portal, tmp_path / "portal")
    told = refused(2, "run", "--portal", tmp_path / "portal", "--commit", "--now", NOW)
    assert "git init" in told
    told_by_git(tmp_path / "portal", "init", "--quiet")
    (tmp_path / "portal" / ".gitignore").write_text("_news/\n")
    assert "ignore" in refused(2, "run", "--portal", tmp_path / "portal", "--commit", "--now", NOW)


def test_what_git_refuses_is_told_and_the_next_run_commits_it(portal: Path) -> None:
    hook = portal.parent / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho the hook says no >&2\nexit 1\n")
    hook.chmod(0o755)
    assert "the hook says no" in refused(4, "run", "--portal", portal, "--now", NOW, "--commit", "--no-publish")
    hook.unlink()
    run(portal)
    assert len(commits(portal)) == 1


def test_nothing_is_committed_into_a_repository_that_is_not_the_portals(ran: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    clone.mkdir()
    told_by_git(clone, "init", "--quiet", "--initial-branch=main")
    portal = clone / "my-portal"
    shutil.copytree(ran, portal)
    told = refused(2, "run", "--portal", portal, "--now", NOW, "--commit", "--no-publish")
    assert f"{clone}, is not the portal's own" in told
    assert "git init" in told
    assert told_by_git(clone, "status", "--porcelain") == "?? my-portal/"
    told_by_git(portal, "add", "newsloom.toml")
    assert "committed:" in run(portal)
