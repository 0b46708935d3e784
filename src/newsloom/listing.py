"""The records of a portal as they lie there. Apart from `queries`, so that a command which only lists them starts at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from newsloom.adapters.files.records import MarkdownRecordFolder
from newsloom.model.record import Quarantined, RecordFile
from newsloom.portal import Portal, open_portal
from newsloom.publish.export import row


def read_records(portal: Portal) -> tuple[Sequence[RecordFile], Sequence[Quarantined]]:
    """Return the portal's readable records newest first, and the files that cannot be read."""
    files, quarantined = MarkdownRecordFolder(portal.paths.root).read_all()
    return sorted(files, key=lambda f: (-f.record.published_date_time.timestamp(), f.path)), quarantined


def provider_names(files: Sequence[RecordFile]) -> dict[str, str]:
    """Return domain → name of the providers of *files*, as the newest record of each tells it."""
    by_age = sorted(files, key=lambda file: file.record.published_date_time)
    return {file.record.provider.domain: file.record.provider.name for file in by_age if file.record.provider.name}


def rows_for_export(folder: Path, *, published: bool) -> list[dict[str, object]]:
    """Return the portal's records as flat rows, newest first."""
    files, _ = read_records(open_portal(folder))
    return [row(file) for file in files if file.record.published or not published]
