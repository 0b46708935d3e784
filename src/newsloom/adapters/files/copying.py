"""Copy the files of another portal into this one: byte for byte, and never over a file that is there."""

from __future__ import annotations

from pathlib import Path

from newsloom.adapters.files.atomic import Guard, unguarded, write_atomic
from newsloom.errors import DataLayoutError

# What a portal is made of, besides its settings: kind → (folder, pattern).
_PARTS = {
    "records": ("_news", "*.md"),
    "archived_records": ("_archive/_news", "*.md"),
    "topics": ("_data/topics", "*.yaml"),
    "organizations": ("_data/organizations", "*.md"),
}
_MAX_BYTES = 1024 * 1024


def copy_portal_files(origin: Path, target: Path, guard: Guard = unguarded) -> dict[str, int]:
    """Copy records, topics and provider files from the portal at *origin*; return how many of each, and how many stayed.

    Links and files over 1 MiB are passed over and counted as `passed_over`. *guard* is asked before each file.

    Raises:
        DataLayoutError: *origin* holds none of them. StorageError: the disk did not take one.
    """
    try:
        counts = _copy(origin, target, guard)
    except OSError as error:
        raise DataLayoutError(f"cannot be read ({error.strerror})", where=str(error.filename or origin)) from error
    if not any(counts.values()):
        raise DataLayoutError("no records there", where=str(origin), hint="Name the folder that holds _news")
    return counts


def _copy(origin: Path, target: Path, guard: Guard) -> dict[str, int]:
    counts = dict.fromkeys(_PARTS, 0) | {"already_there": 0, "passed_over": 0}
    for kind, (folder, pattern) in _PARTS.items():
        for source in sorted((origin / folder).glob(pattern)):
            destination = target / folder / source.name
            if destination.exists():
                counts["already_there"] += 1
            elif source.is_symlink() or not source.is_file() or source.stat().st_size > _MAX_BYTES:
                counts["passed_over"] += 1
            else:
                write_atomic(destination, source.read_bytes(), guard=guard)
                counts[kind] += 1
    return counts
