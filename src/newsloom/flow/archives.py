"""Read the archives that a portal names as sources, or that are imported: folders of pages, WARC files."""

from __future__ import annotations

from dataclasses import replace

from newsloom.errors import NewsloomError, PageError, StorageError
from newsloom.flow.keep import Keeper
from newsloom.flow.signposts import Signposts, fetched
from newsloom.flow.world import Bench, said
from newsloom.model.notice import Notice
from newsloom.model.page import ArchivedPage, FetchFailure, FetchOutcome, NotModified, QueuedEntry
from newsloom.model.source import Source, SourceState
from newsloom.stages.collect import next_state


def read_archive(bench: Bench, keeper: Keeper, source: Source, state: SourceState | None = None) -> None:
    """Read every page of an archive that changed since *state*, and the feeds in it. Never raises for one page.

    What a feed says of a page counts as over the web, redirects followed; of a page that is not there the feed's words are kept.

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
            signposts = Signposts(bench, keeper, source)
            signposts.read(archives.signposts(source))
            for page in archives.pages(source):
                _archived(bench, keeper, page, signposts.queued(page))
            for queued in signposts.left_over():
                _told(bench, keeper, queued)
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


def _archived(bench: Bench, keeper: Keeper, page: ArchivedPage, queued: QueuedEntry) -> None:
    """Keep the article of *page*, to which *queued* leads; what a feed says of it where the page itself cannot be read."""
    brought = fetched(page, queued.entry.link or page.url, queued.first_seen)
    try:
        keeper.page(brought, bench.ports.pages.read(brought), queued)
    except StorageError:
        raise
    except PageError as error:
        if queued.entry.title:
            keeper.feed_only(queued, said(error, page.url), "unreadable")
        else:
            bench.notify(Notice("page-failed", page.url or page.id, said(error, page.url)))
    except Exception as error:  # noqa: BLE001 - the per-page wall
        bench.notify(Notice("page-failed", page.url or page.id, f"unexpected {type(error).__name__}: {error}"))


def _told(bench: Bench, keeper: Keeper, queued: QueuedEntry) -> None:
    """Keep what a feed of the archive says of an entry whose page is not there, unless it is known."""
    with bench.ports.store.begin() as work:
        is_new = keeper.due(work, queued) is not None
    if is_new:
        keeper.feed_only(queued, "the archive does not hold its page", "gone")
