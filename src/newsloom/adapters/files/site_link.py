"""The published site as a link to a folder, replaced in one step: no reader ever meets half of a publishing.

`_site` leads to one of the folders `.site/1`, `.site/2`, … A publishing that changes something makes the next one, in which files
that stay are hard links, and then renames a new link over `_site`. What was published before stays for a while, for readers who
found it just then.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from newsloom.adapters.files.atomic import Guard, storage_error, sync_folder, unguarded
from newsloom.adapters.files.site_folder import JOURNAL, PublishedFolder
from newsloom.errors import StorageError
from newsloom.model.portal import PublishedFile

KEPT_SECONDS = 60.0
"""How long a folder stays after another took its place; the one before stays until the next publishing in any case."""

_MOMENT_SECONDS = 0.2
_DRAFT = "draft"
_NEXT_LINK = "next"
_FORMER = "former"
_IGNORE = ".gitignore"
_NO_HARD_LINKS = (errno.EPERM, errno.EXDEV, errno.EMLINK, errno.ENOTSUP)


class PublishedLink:
    """Publishes into a folder of its own that *link* leads to; implements the port `SiteFolder`.

    One process at a time. A plain folder at *link*, as it was or as somebody put it there, is taken over with everything in it.
    Where *link* cannot be replaced – the owner's own link to another place, or a mount – files are replaced there one by one.

    Args:
        link: where readers and web servers look, `_site`.
        folders: where the folders lie, on the same file system.
        guard: asked before each change; see `PortalLock.check`.
    """

    def __init__(self, link: Path, folders: Path, guard: Guard = unguarded) -> None:
        self._link = link
        self._folders = folders
        self._guard = guard

    def publish(self, files: Iterator[PublishedFile]) -> Sequence[str]:
        """Publish *files* as `SiteFolder` says; readers find all of them old or all of them new.

        When a page of an item goes, what was published before goes at once: it may have been taken down.

        Raises:
            StorageError: a file lies at the link, which is somebody's, or the disk did not take it; what was published stays.
        """
        if os.path.lexists(self._link) and not (self._link.is_symlink() or self._link.is_dir()):
            raise StorageError(
                "there is a file where the site belongs", where=str(self._link), hint="Move it away, then publish again"
            )
        if self._is_foreign():
            return PublishedFolder(self._link, self._guard).publish(files)
        try:
            self._clear()
            current = self._link if self._link.is_dir() else None
            folder = PublishedFolder(current or self._draft(None), self._guard, self._draft if current else None)
            changes = folder.change(files)
            if (self._folders / _DRAFT).exists():
                self._swap(current)
                if any(path.startswith("news/") for path in changes.removed):
                    time.sleep(_MOMENT_SECONDS)
                    self._remove_former(kept_seconds=-1)
            return sorted((*changes.written, *changes.removed))
        except OSError as error:
            raise storage_error(error, Path(error.filename or self._link), "publish the site") from error

    def _is_foreign(self) -> bool:
        """Return whether what lies at the link is the owner's to place: a link elsewhere, or a mount."""
        if self._link.is_symlink():
            return self._link.readlink().parent.name != self._folders.name
        return self._link.is_mount()

    def _clear(self) -> None:
        """Finish or remove what a killed publishing left; remove what was published so long ago that nobody reads it any more."""
        draft, following = self._folders / _DRAFT, self._folders / _NEXT_LINK
        if draft.exists():
            shutil.rmtree(draft)
        if following.is_symlink() and not os.path.lexists(self._link):
            following.replace(self._link)  # killed between the two steps of a take-over
        elif following.is_symlink():
            following.unlink()
        elif following.exists():
            following.rename(self._folders / f"{_FORMER}-{time.time_ns()}")  # the plain folder that was just taken over
        self._remove_former(kept_seconds=KEPT_SECONDS)

    def _draft(self, current: Path | None) -> Path:
        """Return a new folder that holds what *current* holds."""
        self._guard()
        self._folders.mkdir(exist_ok=True)
        if not (self._folders / _IGNORE).exists():
            (self._folders / _IGNORE).write_text("*\n")
        draft = self._folders / _DRAFT
        draft.mkdir()
        if current is not None:
            shutil.copystat(current, draft)
            _link_tree(current, draft)
        return draft

    def _swap(self, current: Path | None) -> None:
        """Let the link lead to the draft; *current* is what it led to before."""
        former = None if current is None else current.resolve()
        number = 1 + max((int(p.name) for p in self._folders.iterdir() if p.name.isdigit()), default=0)
        target = self._folders / str(number)
        (self._folders / _DRAFT).rename(target)
        if former is not None:
            _link_tree(former, target, only_new=_ours(former) | _ours(target))  # what somebody put there meanwhile
            os.utime(former)  # from now on it is the former
        following = self._folders / _NEXT_LINK
        following.symlink_to(os.path.relpath(target, self._link.parent))
        self._guard()
        if self._link.is_symlink() or not self._link.exists():
            following.replace(self._link)
        else:
            self._take_over(following)
        sync_folder(self._link.parent)

    def _take_over(self, following: Path) -> None:
        """Put the link where a plain folder lies, in one step where the system can, and keep the folder among the former."""
        place = self._folders / f"{_FORMER}-{time.time_ns()}"
        if _exchange(following, self._link):
            following.rename(place)
        else:
            self._link.rename(place)
            following.replace(self._link)

    def _remove_former(self, kept_seconds: float) -> None:
        """Remove folders no longer published, but the last one and those that were until *kept_seconds* ago; all when negative."""
        if not self._folders.is_dir():
            return
        current = self._link.resolve()
        former = [p for p in self._folders.iterdir() if p.is_dir() and not p.is_symlink() and p.resolve() != current]
        former.sort(key=lambda path: path.stat().st_mtime)
        for path in former if kept_seconds < 0 else former[:-1]:
            if time.time() - path.stat().st_mtime > kept_seconds:
                self._guard()
                shutil.rmtree(path)


def _link_tree(source: Path, target: Path, only_new: frozenset[str] | None = None) -> None:
    """Make *target* hold every file of *source* as a hard link, a copy where there can be none; links lead where they led.

    Args:
        only_new: paths that are left out, as is everything that *target* has already; None to take all.
    """
    for place, names, files in os.walk(source):
        here = Path(place)
        inside = here.relative_to(source)
        for name in [*names, *files]:
            path, new = here / name, target / inside / name
            if name == JOURNAL or (
                only_new is not None and ((inside / name).as_posix() in only_new or os.path.lexists(new))
            ):
                continue
            if path.is_symlink():
                new.symlink_to(_same_place(path, source))
            elif path.is_dir():
                new.mkdir()
                shutil.copystat(path, new)
            elif path.is_file():
                _link_file(path, new)


def _same_place(link: Path, root: Path) -> Path:
    """Return what a link like *link* must say in another folder than *root*, when it says where it leads from there."""
    told, led = link.readlink(), link.resolve()
    return led if not told.is_absolute() and not led.is_relative_to(root.resolve()) else told


def _link_file(path: Path, new: Path) -> None:
    try:
        os.link(path, new, follow_symlinks=False)
    except FileNotFoundError:
        return  # removed since it was listed
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        shutil.copy2(path, new)


def _ours(folder: Path) -> frozenset[str]:
    return frozenset(PublishedFolder(folder).published())


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two names in one step; return False where the system cannot.

    Source: Linux renameat2(2), RENAME_EXCHANGE.
    """
    with contextlib.suppress(AttributeError, OSError):
        rename = ctypes.CDLL(None, use_errno=True).renameat2
        here = ctypes.c_int(-100)  # AT_FDCWD
        return bool(rename(here, os.fsencode(one), here, os.fsencode(other), ctypes.c_uint(2)) == 0)
    return False
