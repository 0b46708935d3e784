"""One git commit for what a run changed: the records and the log, nothing else that lies in the repository.

git itself does the work, as a program. What it may not do is asked of it plainly: no prompts, no editor, bounded time.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from newsloom.errors import StorageError, UsageError

TAKEDOWNS = "_data/takedowns.jsonl"
PATHS = ("_news", "_archive/_news", "_newsletters", "_log", TAKEDOWNS)
"""What newsloom writes and git keeps; other declarations are their owner's to commit."""

SUBJECT_CHARACTERS = 72
MAX_LINES = 100
_SECONDS = 300
_QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_EDITOR": "true", "LC_ALL": "C"}
_WAIT_SECONDS, _STEP_SECONDS = 15.0, 0.25
_OLD_SECONDS = 120.0


class PortalRepository:
    """The git repository that the portal at *portal* lies in: its own, or one that keeps the portal in a folder below.

    Args:
        portal: the portal's folder.
        wait_seconds: how long a lock that another git holds is waited for.
    """

    def __init__(self, portal: Path, wait_seconds: float = _WAIT_SECONDS) -> None:
        self._portal = portal.resolve()
        self._wait_seconds = wait_seconds

    def check(self) -> None:
        """See that commits can be made here.

        Raises:
            UsageError: git is not installed, the portal lies in no repository, in one that does not keep it, or the records
                are ignored there.
        """
        if self._git("rev-parse", "--is-inside-work-tree", check=False).stdout.strip() != "true":
            raise UsageError(
                "the portal is not in a git repository", where=str(self._portal), hint="Make one with `git init`"
            )
        # A portal made inside of a clone must not write into that clone's history. Whoever keeps one in a folder of a
        # repository has its settings there, too.
        if self._git("rev-parse", "--show-prefix").stdout.strip() and not self._knows("newsloom.toml"):
            top = self._git("rev-parse", "--show-toplevel").stdout.strip()
            raise UsageError(
                f"the git repository around the portal, {top}, is not the portal's own",
                where=str(self._portal),
                hint="Run `git init` in the portal; or, to keep it in that repository, `git add newsloom.toml` first",
            )
        if self._git("check-ignore", "-q", "_news/x.md", check=False).returncode == 0:
            raise UsageError("git is told to ignore the records", where=str(self._portal), hint="Mend .gitignore")

    def commit(self, titles: Mapping[str, str]) -> str | None:
        """Commit what changed in the records and the log; return the commit's subject, or None when nothing had changed.

        What else is changed or staged in the repository stays as it is.

        Args:
            titles: path of a record, relative to the portal → its title, for the message.

        Raises:
            StorageError: git refused, or another git is at work. Nothing is lost: the next commit takes what this one left.
        """
        self._free_index()
        paths = [path for path in PATHS if self._knows(path) or self._may_add(path)]
        if not paths:
            return None
        self._git("add", "--all", "--", *paths)
        changes = list(self._changes(paths))
        if not changes:
            return None
        message = _message(changes, titles)
        self._git(*self._author(), "commit", "--quiet", "--message", message, "--", *paths)
        return message.partition("\n")[0]

    def _may_add(self, path: str) -> bool:
        """Return whether *path* is there and git is not told to ignore it."""
        is_there = (self._portal / path).exists()
        return is_there and self._git("check-ignore", "-q", "--", path, check=False).returncode != 0

    def _knows(self, path: str) -> bool:
        return bool(self._git("ls-files", "--", path).stdout)

    def _changes(self, paths: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield (A, M or D, path relative to the portal) for everything that differs from the last commit."""
        has_commit = self._git("rev-parse", "--verify", "--quiet", "HEAD", check=False).returncode == 0
        # The empty tree stands in for the parent of a repository's first commit; its name follows from the hash in use.
        base = "HEAD" if has_commit else self._git("hash-object", "-t", "tree", os.devnull).stdout.strip()
        listed = self._git(
            "diff-index", "--cached", "--name-status", "--no-renames", "-z", "--relative", base, "--", *paths
        ).stdout.split("\0")
        yield from zip(listed[0::2], listed[1::2], strict=False)

    def _author(self) -> list[str]:
        """Return what names the committer, where the owner's own configuration names nobody."""
        if self._git("var", "GIT_COMMITTER_IDENT", check=False).returncode == 0:
            return []
        return ["-c", "user.name=newsloom", "-c", "user.email=newsloom@localhost"]

    def _free_index(self) -> None:
        """Wait until no git holds the index; a lock that a dead one left is put aside, one that lives is left alone.

        Raises:
            StorageError: a lock is still there, and may be a living git's.
        """
        lock = self._portal / self._git("rev-parse", "--git-path", "index.lock").stdout.strip()
        until = time.monotonic() + self._wait_seconds
        while lock.exists():
            if _is_stale(lock):
                with suppress(FileNotFoundError):
                    # Kept beside, not deleted: it may hold what somebody staged.
                    lock.replace(lock.with_name(f"index.lock.stale-{int(time.time())}"))
                return
            if time.monotonic() >= until:
                raise StorageError(
                    "not committed: another git is at work in the repository, or died just now",
                    where=str(lock),
                    hint="The next run commits what this one wrote",
                )
            time.sleep(_STEP_SECONDS)

    def _git(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        # Inside of a hook these would point at another repository.
        elsewhere = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")
        environment = {name: value for name, value in os.environ.items() if name not in elsewhere}
        try:
            done = subprocess.run(
                ["git", *arguments],
                cwd=self._portal,
                env=environment | _QUIET,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="surrogateescape",
                timeout=_SECONDS,
                check=False,
            )
        except FileNotFoundError as error:
            raise UsageError("git is not installed", hint="Install git, or run without --commit") from error
        except (OSError, subprocess.TimeoutExpired) as error:
            raise StorageError(f"git did not end well: {error}", where=str(self._portal)) from error
        if check and done.returncode != 0:
            reason = (done.stderr or done.stdout).strip().splitlines() or [f"exit {done.returncode}"]
            raise StorageError(
                f"not committed: git says {reason[-1]}",
                where=str(self._portal),
                hint="What was written stays; the next run commits it",
            )
        return done


def _is_stale(lock: Path) -> bool:
    """Return True when *lock* is some minutes old and no process that could have made it is alive.

    Without /proc nobody can tell, so a lock counts as alive.
    """
    try:
        old = time.time() - lock.stat().st_mtime > _OLD_SECONDS
    except FileNotFoundError:
        return False
    return old and Path("/proc/self").exists() and not _git_is_alive()


def _git_is_alive() -> bool:
    """Return True when any git of any user runs on this machine: whose repository it works in cannot always be seen."""
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            with suppress(OSError):
                name = (process / "comm").read_text(errors="replace").strip()
                if name == "git" or name.startswith("git-"):
                    return True
    return False


def _message(changes: Sequence[tuple[str, str]], titles: Mapping[str, str]) -> str:
    """Return the message of the commit: figures and the first new title, else the first changed one, as its subject, then a line for each record."""
    records = [(kind, path) for kind, path in changes if path.endswith(".md") and not path.startswith("_newsletters")]
    letters = sum(path.startswith("_newsletters") for _, path in changes)
    figures = [
        f"{number} {word}"
        for word, number in (
            ("new", sum(kind == "A" for kind, _ in records)),
            ("updated", sum(kind not in "AD" for kind, _ in records)),
            ("removed", sum(kind == "D" for kind, _ in records)),
            ("newsletters" if letters > 1 else "newsletter", letters),
        )
        if number
    ]
    named = [titles[path] for wanted in ("A", "M") for kind, path in records if kind == wanted and path in titles]
    if not records and any(path == TAKEDOWNS for _, path in changes):
        figures.append("takedowns")
    subject = ", ".join(figures) or "Log"
    if named:
        subject = _cut(f"{subject}: {_one_line(named[0])}")
    signs = {"A": "+", "D": "-"}
    lines = [f"{signs.get(kind, '~')} {_one_line(titles.get(path, path))}" for kind, path in records]
    if len(lines) > MAX_LINES:
        lines = [*lines[:MAX_LINES], f"… and {len(lines) - MAX_LINES} more"]
    return "\n".join([subject, "", *lines]).rstrip() + "\n" if lines else subject + "\n"


def _one_line(title: str) -> str:
    return "".join(c for c in " ".join(title.split()) if c.isprintable()).encode("utf-8", "replace").decode()


def _cut(subject: str) -> str:
    if len(subject) <= SUBJECT_CHARACTERS:
        return subject
    return subject[: SUBJECT_CHARACTERS - 1].rsplit(" ", 1)[0] + "…"
