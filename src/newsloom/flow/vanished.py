"""Records that are all gone at once are not taken for deleted: a folder was lost, a disk not mounted, a branch changed."""

from __future__ import annotations

from newsloom.errors import RecordsMissing
from newsloom.flow.world import Bench
from newsloom.model.item import recorded_id

_MANY = 10


def require_meant(bench: Bench, gone: int, known: int) -> None:
    """See that the *gone* ones of *known* records can have been deleted by hand, or were said to be meant.

    Raises:
        RecordsMissing: all are gone, or more than 10 that are more than half; and nobody said that this is meant.
    """
    if bench.deletions_are_meant or not gone or (gone < known and (gone <= _MANY or gone * 2 <= known)):
        return
    raise RecordsMissing(
        f"{gone} of {known} records that were here are gone; nothing was changed",
        where="_news",
        hint="Put them back (git, a backup, the disk that was not mounted); when you deleted them yourself, "
        "say so once: `newsloom run --accept-deletions`",
    )


def require_records(bench: Bench) -> None:
    """See that the records are there, before something is made of them that would be empty without.

    Raises:
        RecordsMissing: see `require_meant`.
    """
    files, quarantined = bench.ports.records.read_all()
    with bench.ports.store.begin() as work:
        known = {item.id: item.path for item in work.items.iter_all() if item.path}
    if not known:  # the working state was lost, perhaps with them
        for event in bench.ports.log.iter_all():
            if event.kind == "recorded":
                known[event.item] = event.detail
            elif event.kind == "removed":
                known.pop(event.item, None)
    there, blocked = {recorded_id(file) for file in files}, {bad.path for bad in quarantined}
    gone = [key for key, path in known.items() if key not in there and path not in blocked]
    require_meant(bench, len(gone), len(known))
