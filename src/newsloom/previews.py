"""What declarations as they are now would change, found by doing it where nothing lasts: a preview takes the way a run takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from newsloom import pipeline
from newsloom.adapters.files.topics import read_topics
from newsloom.app import rehearsing
from newsloom.flow.foresee import Foreseen, foreseen
from newsloom.flow.outdated import changed_since
from newsloom.model.record import RecordFile
from newsloom.portal import Portal


@dataclass(frozen=True, slots=True)
class Preview:
    """Every record that the next run would change before it collects, newest first.

    `changed` says which of `topics`, `scores` and `rules` the owner changed since the last run.
    """

    changes: tuple[Foreseen, ...]
    changed: frozenset[str]


def preview(portal: Portal, now: datetime) -> Preview:
    """Return what a run at *now* would make of the items at hand. A judge is not asked; nothing is written.

    Raises:
        PortalLocked: another run is at work. StorageError: the working state cannot be copied.

    Cost: that of a run that collects nothing, and a copy of the working state.
    """
    with rehearsing(portal) as (bench, records):
        before, _ = records.read_all()
        with bench.ports.store.begin() as work:
            changed = changed_since(bench, work)
        pipeline.rework(bench, now)
        after, _ = records.read_all()
        return Preview(foreseen(bench, before, after), changed)


def compare_topics(portal: Portal, old: Path, new: Path, now: datetime) -> tuple[Foreseen, ...]:
    """Return the items whose topics would differ between a run with the topic files in *old* and one with those in *new*.

    Raises:
        ConfigError: a folder cannot be read, or a topic file is wrong.
        PortalLocked, StorageError: as for `preview`.
    """
    before, after = (replace(portal, topics=read_topics(folder)) for folder in (old, new))
    files = _outcome(before, now)
    with rehearsing(after) as (bench, records):
        pipeline.rework(bench, now)
        return tuple(one for one in foreseen(bench, files, records.read_all()[0]) if one.gains or one.loses)


def _outcome(portal: Portal, now: datetime) -> Sequence[RecordFile]:
    """Return the records as a run at *now* would leave them."""
    with rehearsing(portal) as (bench, records):
        pipeline.rework(bench, now)
        return records.read_all()[0]
