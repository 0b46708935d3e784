"""The files of a new portal, copied out of the package's templates."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from newsloom.errors import StorageError, UsageError

# What makes a folder a portal. Other files that are there already (a README, a .gitignore) are kept as they are.
_PORTAL_FILES = ("newsloom.toml", "sources.opml", "_data/topics", "_data/organizations", "_news")
# A dot file in the package would steer the tools that build the package.
_RENAMED = {"gitignore": ".gitignore"}


def template_names() -> tuple[str, ...]:
    """Return the names of the templates there are, in alphabetical order."""
    return tuple(sorted(folder.name for folder in _templates().iterdir() if folder.is_dir()))


def scaffold(template: str, folder: Path) -> tuple[str, ...]:
    """Copy the files of *template* into *folder*, made when missing, and return the paths made, relative to it, in order.

    A file that exists is never overwritten: portal files there are an error, any other file of the same name stays.
    When the disk fails on the way, what was made so far is taken away again.

    Raises:
        UsageError: there is no such template, *folder* is a file, or it holds portal files already.
        StorageError: the disk did not take a file.
    """
    if template not in template_names():
        raise UsageError(f"there is no template {template!r}", hint=f"There are: {', '.join(template_names())}")
    made: list[str] = []
    try:
        _refuse_a_portal(folder)
        for path, source in _walk(_templates() / template, ""):
            if _copied(source, folder / path):
                made.append(path)
    except OSError as error:
        for path in made:
            (folder / path).unlink(missing_ok=True)
        raise StorageError(
            f"the portal cannot be made ({error.strerror})",
            where=str(error.filename or folder),
            hint="Free disk space or mend the folder's permissions, then run again",
        ) from error
    return tuple(made)


def _templates() -> Traversable:
    return files("newsloom") / "portals"


def _refuse_a_portal(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise UsageError("this is a file, not a folder", where=str(folder), hint="Name a folder that is new or empty")
    for name in _PORTAL_FILES:
        if (folder / name).exists():
            raise UsageError(
                f"there is a portal here already ({name})",
                where=str(folder),
                hint="Name another folder; a portal is changed by editing its files",
            )


def _walk(source: Traversable, prefix: str) -> Iterator[tuple[str, Traversable]]:
    """Yield every file under *source* with its path in the portal, in order of path."""
    for entry in sorted(source.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _walk(entry, f"{prefix}{entry.name}/")
        else:
            yield prefix + _RENAMED.get(entry.name, entry.name), entry


def _copied(source: Traversable, target: Path) -> bool:
    """Write *source* to *target* unless that exists; return whether it was written."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with target.open("xb") as file:
            file.write(source.read_bytes())
    except FileExistsError:
        return False
    return True
