"""Keeping a portal for years: small, backed up, and mended after a fault of the disk."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from newsloom import pipeline
from newsloom.adapters.files.atomic import Guard, storage_error
from newsloom.adapters.files.backup import Contents, write_backup
from newsloom.adapters.files.lock import PortalLock
from newsloom.adapters.files.portal import PortalPaths, make_state_folder
from newsloom.adapters.pages.thumbnails import ThumbnailShelf
from newsloom.adapters.store.salvage import Salvaged, is_healthy, salvage
from newsloom.adapters.store.sqlite import SqliteStore
from newsloom.app import at_work
from newsloom.config import site_options
from newsloom.flow.editions import edition, pictures_wanted
from newsloom.flow.vanished import require_records
from newsloom.flow.world import Bench, Notify
from newsloom.model.notice import Notice
from newsloom.model.record import Quarantined
from newsloom.portal import Portal

_DAMAGED = "state.sqlite.damaged"
_ASIDE_FOR = timedelta(days=30)
_STAMP = "%Y%m%d%H%M%S"
_PURGED = "purged"


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge removed, or would remove: texts and their characters, files of pictures and others, and their bytes."""

    texts: int
    text_characters: int
    files: tuple[str, ...]
    file_bytes: int


@dataclass(frozen=True, slots=True)
class Repaired:
    """What a repair did: whether the working state was healthy, what was saved of it, where the old one lies, and which records
    cannot be read."""

    was_healthy: bool
    saved: Salvaged | None
    aside: str | None
    quarantined: tuple[Quarantined, ...]


def backup(portal: Portal, target: Path, now: datetime, *, state: bool = True) -> Contents:
    """Write the whole portal to the one file *target*; see `adapters.files.backup.write_backup`."""
    with PortalLock(portal.paths.root):
        return write_backup(portal.paths, target, now, state=state)


def purge(portal: Portal, now: datetime, notify: Notify, *, dry_run: bool = False) -> Purged:
    """Remove what the portal keeps no longer: old texts, pictures that no published record shows, what a repair put aside.

    Args:
        dry_run: remove nothing, only say what would go.

    Raises:
        RecordsMissing: most records are gone. StorageError: the disk did not let us.
    """
    with at_work(portal, notify) as bench:
        require_records(bench)
        before = now - timedelta(days=portal.settings.keep.texts_days)
        with bench.ports.store.begin() as work:
            texts, characters = work.items.texts_before(before)
            if not dry_run:
                work.items.forget_texts(before)
        unwanted = [*_pictures(portal, bench, now), *_put_aside_long_ago(portal.paths, now)]
        sizes = 0
        for path in unwanted:
            with contextlib.suppress(FileNotFoundError):
                sizes += path.stat().st_size
                if not dry_run:
                    _remove(path, bench.guard)
        if not dry_run:
            with bench.ports.store.begin() as work:
                work.put_meta(_PURGED, now.isoformat())
            if texts:
                bench.ports.store.compact()
        names = tuple(path.relative_to(portal.paths.root).as_posix() for path in unwanted)
    return Purged(texts, characters, names, sizes)


def is_purge_due(portal: Portal, now: datetime, notify: Notify) -> bool:
    """Return whether the last purge is a day or more away from *now*."""
    with at_work(portal, notify) as bench, bench.ports.store.begin() as work:
        last = work.get_meta(_PURGED)
    return last is None or abs(now - datetime.fromisoformat(last)) >= timedelta(days=1)


def _pictures(portal: Portal, bench: Bench, now: datetime) -> Sequence[Path]:
    site = site_options(portal.settings)
    made = edition(
        bench.ports.records, bench.ports.log, score=bench.stages.score, topics=portal.topics, organizations=portal.organizations,
        sources=portal.sources, site=site, now=now,
    )  # fmt: skip
    wanted = pictures_wanted(made) if site.images == "thumbnail" else ()
    return ThumbnailShelf(portal.paths.pictures, pixels=site.thumbnail_pixels).unwanted(wanted)


def _remove(path: Path, guard: Guard) -> None:
    guard()
    try:
        path.unlink()
    except OSError as error:
        raise storage_error(error, path, "remove the file") from error


def repair(portal: Portal, now: datetime, notify: Notify, *, force: bool = False) -> Repaired:
    """Make a healthy working state: from the records, and from what can still be read of a damaged one, which is put aside.

    Args:
        force: do so even when nothing is wrong with it.

    Raises:
        StorageError: the disk did not let us.
    """
    paths = portal.paths
    make_state_folder(paths)
    aside, saved = None, None
    with PortalLock(paths.root) as lock:
        healthy = not paths.database.exists() or is_healthy(paths.database)
        if force or not healthy:
            lock.check()
            paths.record_cache.unlink(missing_ok=True)
            aside = _put_aside(paths, now, lock.check)
            if aside is not None:
                notify(Notice("step", "repair", "Saving what can still be read"))
                with contextlib.closing(SqliteStore(paths.database, lock.check)) as store:
                    saved = salvage(aside, store)
    with at_work(portal, notify) as bench:
        if saved is not None or not healthy:
            pipeline.rework(bench, now)
        quarantined = bench.ports.records.read_all()[1]
    return Repaired(healthy, saved, str(aside) if aside is not None else None, tuple(quarantined))


def _put_aside_long_ago(paths: PortalPaths, now: datetime) -> Sequence[Path]:
    """Return what repairs put aside longer ago than anybody will look at it."""
    before = (now - _ASIDE_FOR).strftime(_STAMP)
    return [
        path
        for path in sorted(paths.state.glob(f"{_DAMAGED}-*"))
        if path.name.removeprefix(f"{_DAMAGED}-").partition("-")[0] < before
    ]


def _put_aside(paths: PortalPaths, now: datetime, guard: Guard) -> Path | None:
    """Give the database, with what belongs to it, another name, and return that; None when there is none."""
    if not paths.database.exists():
        return None
    aside = paths.state / f"{_DAMAGED}-{now.strftime(_STAMP)}"
    try:
        for suffix in ("", "-wal", "-shm"):
            part = paths.database.with_name(paths.database.name + suffix)
            if part.exists():
                guard()
                part.rename(aside.with_name(aside.name + suffix))
    except OSError as error:
        raise storage_error(error, paths.database, "put the damaged database aside") from error
    return aside
