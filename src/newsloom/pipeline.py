"""The whole of a run on one page. Start reading here.

    1 reconcile   records on disk → working state (what a person added, edited or deleted is taken in)
    2 collect     sources → pages → articles → items, queued and stored as they come
    3 weave       copies → stories → topics → quality → leads and heat → publication → relations
    4 write       decisions, and the true sizes of pictures → records, only where bytes change, never over a person's edit
    5 publish     records → outlets (newsloom.app: outlets read records only)

Each step stores what it decided in short units of work, so a run that is killed anywhere is taken up by the next one:
what a feed told waits in the queue, what was read is pending, and a record's file is written before its row.
"""

from __future__ import annotations

from datetime import datetime

from newsloom.flow.archives import read_archive
from newsloom.flow.collect import Collector
from newsloom.flow.judging import Asking, ask_judge
from newsloom.flow.keep import Keeper
from newsloom.flow.outdated import mark_outdated
from newsloom.flow.pictures import measured
from newsloom.flow.reconcile import reconcile
from newsloom.flow.weave import weave
from newsloom.flow.world import Bench
from newsloom.flow.write import write_records
from newsloom.model.source import Source
from newsloom.ports.fetching import Fetcher


async def run(bench: Bench, fetcher: Fetcher, now: datetime, asking: Asking | None = None) -> None:
    """Do one run at *now*: everything from polling to records. What happened is told through `bench.notify`.

    Raises:
        StorageError: the disk or the store did not take what must be kept; what was stored stays and is taken up next time.
    """
    shelf = reconcile(bench, now)
    await Collector(bench, shelf, fetcher, now).collect()
    reranked = mark_outdated(bench, shelf)
    if asking is not None:
        await ask_judge(bench, asking)
    woven = await measured(bench, fetcher, weave(bench, shelf, now, reranked), now)
    write_records(bench, shelf, woven, now)


def rework(bench: Bench, now: datetime) -> None:
    """Do a run without collecting: after a person's decision, or after an import."""
    shelf = reconcile(bench, now)
    reranked = mark_outdated(bench, shelf)
    write_records(bench, shelf, weave(bench, shelf, now, reranked), now)


def import_archive(bench: Bench, source: Source, now: datetime) -> None:
    """Read every page of an archive into the working state; the next run weaves them.

    Raises:
        ArchiveError: the archive cannot be opened or has no known layout.
    """
    read_archive(bench, Keeper(bench, reconcile(bench, now), now), source)
