"""Read the archives that a portal names as sources, or that are imported: folders of pages, WARC files."""

from __future__ import annotations

from dataclasses import replace

from newsloom.errors import NewsloomError, PageError, StorageError
from newsloom.flow.keep import Keeper
from newsloom.flow.world import Bench, said
from newsloom.model.notice import Notice
from newsloom.model.page import ArchivedPage, FeedEntry, FetchedPage, FetchFailure, FetchOutcome, NotModified
from newsloom.model.source import Source, SourceState
from newsloom.stages.collect import next_state


def read_archive(bench: Bench, keeper: Keeper, source: Source, state: SourceState | None = None) -> None:
    """Read every page of an archive that changed since *state*. Never raises for one page.

    Raises:
        ArchiveError: (only without *state*) the archive cannot be opened or has no known layout.
    """
    archives = bench.ports.archives
    outcome: FetchOutcome = NotModified(source.url, keeper.now)
    error: str | None = None
    fingerprint = state.content_digest if state else None
    try:
        current = archives.fingerprint(source)
        if state is None or current != fingerprint:
            bench.notify(Notice("step", source.url, "Reading archive"))
            for page in archives.pages(source):
                _archived(bench, keeper, source, page)
            for note in archives.notes():
                bench.notify(Notice("skipped", source.url, note))
        fingerprint = current
    except StorageError:
        raise
    except NewsloomError as failure:
        if state is None:
            raise
        error = said(failure, source.url)
        outcome = FetchFailure(source.url, "unreadable", error, keeper.now)
        bench.notify(Notice("source-failed", source.url, error))
    if state is not None:
        after = next_state(source, state, outcome, None, error=error, fresh_entries=0, now=keeper.now)
        with bench.ports.store.begin() as work:
            work.sources.put_state(replace(after, content_digest=fingerprint))


def _archived(bench: Bench, keeper: Keeper, source: Source, page: ArchivedPage) -> None:
    entry = FeedEntry(link=page.url)
    queued = replace(keeper.queued(source, entry), first_seen=page.fetched or keeper.now)
    fetched = FetchedPage(
        url=page.url,
        final_url=page.url,
        status=200,
        body=page.body,
        fetched=queued.first_seen,
        content_type=page.content_type,
        charset=page.charset,
        headers=page.headers,
    )
    try:
        keeper.page(fetched, bench.ports.pages.read(fetched), queued)
    except StorageError:
        raise
    except PageError as error:
        bench.notify(Notice("page-failed", page.url or page.id, said(error, page.url)))
    except Exception as error:  # noqa: BLE001 - the per-page wall
        bench.notify(Notice("page-failed", page.url or page.id, f"unexpected {type(error).__name__}: {error}"))
