"""Poll what is due, and turn what is new into articles. What a feed told is queued before its validators are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from newsloom.errors import NeedsJavascript, NewsloomError, StorageError
from newsloom.flow.archives import read_archive
from newsloom.flow.keep import Keeper
from newsloom.flow.overlap import Brought, overlapped
from newsloom.flow.reconcile import Shelf
from newsloom.flow.reservations import site_reservations
from newsloom.flow.sitemaps import with_sitemaps
from newsloom.flow.world import Bench, said
from newsloom.model.article import PageReading
from newsloom.model.notice import Notice
from newsloom.model.page import (
    FailureKind,
    FeedDocument,
    FeedEntry,
    FetchedPage,
    FetchFailure,
    FetchOutcome,
    FetchRequest,
    NotModified,
    QueuedEntry,
)
from newsloom.model.source import Source, SourceState
from newsloom.ports.fetching import Fetcher
from newsloom.ports.storing import UnitOfWork
from newsloom.stages.collect import (
    digest,
    due,
    entry_notes,
    newest,
    next_state,
    offline_state,
    request_for,
)
from newsloom.stages.identity import listed
from newsloom.vocab.urls import same_origin

# A page that fails is tried again after these pauses; then what the feed said is kept, and the report says so.
RETRY_PAUSES = (timedelta(minutes=30), timedelta(hours=3), timedelta(hours=12))
# A host that asks for patience costs an entry no try; but one that never lets us in must not swallow it either.
LONGEST_WAIT = timedelta(days=3)
_NO_NETWORK = frozenset({"dns", "connect"})
_FINAL_FAILURES = frozenset({"refused_by_gate", "robots", "gone", "too_large", "content_type"})


@dataclass(slots=True)
class Collector:
    """One run's collecting: polls sources, keeps the queue, makes items."""

    bench: Bench
    shelf: Shelf
    fetcher: Fetcher
    now: datetime
    keeper: Keeper = field(init=False)
    _ranks: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.keeper = Keeper(self.bench, self.shelf, self.now)
        self._ranks = {source.url: rank for rank, source in enumerate(self.bench.declared.sources)}

    async def collect(self) -> None:
        """Poll every due source, then fetch every due entry of the queue. Never raises for one source or page.

        Raises:
            StorageError: what came cannot be kept; it is asked for again next time.
        """
        try:
            await self._collect()
        finally:
            # Whatever ended it: a host that asked for silence is to have it.
            with self.bench.ports.store.begin() as work:
                for host in self.fetcher.host_states():
                    work.sources.put_host(host)

    async def _collect(self) -> None:
        declared = self.bench.declared
        with self.bench.ports.store.begin() as work:
            states = {source.url: work.sources.get_state(source.url) for source in declared.sources}
        ready = due(declared.sources, states, self.now)
        web = [source for source in ready if source.kind not in ("html", "warc")]
        if not ready:
            self.bench.notify(Notice("idle", "sources", _idle(states, self.now)))
        is_offline = False
        if web:
            self.bench.notify(Notice("step", "sources", "Polling sources", len(web)))
            is_offline = await self._poll(web, states)
        for source in ready:
            if source.kind in ("html", "warc"):
                read_archive(self.bench, self.keeper, source, states[source.url])
        if not is_offline:  # no page could be had either, and each would lose a try
            await self._fetch_queue()

    async def _poll(self, sources: Sequence[Source], states: Mapping[str, SourceState]) -> bool:
        """Poll *sources*; return whether none of them could be reached."""
        requests = [self._request(source, states[source.url]) for source in sources]
        # By the request itself, not its address: two sources may have moved to one place.
        asked = {id(request): source for request, source in zip(requests, sources, strict=True)}
        unreached: list[tuple[Source, FetchFailure]] = []

        def read(request: FetchRequest, page: FetchedPage) -> FeedDocument | PageReading | None:
            source = asked[id(request)]
            return self._read_source(source, states[source.url], page)

        async for brought in overlapped(
            self.fetcher.fetch_all(requests), read, at_once=self.bench.ports.readings_at_once
        ):
            source, outcome = asked[id(brought.request)], brought.outcome
            if isinstance(outcome, FetchFailure) and outcome.kind in _NO_NETWORK:
                unreached.append((source, outcome))  # what it means, the others tell
                continue
            try:
                await self._polled(source, states[source.url], brought)
            except StorageError:
                raise
            except NewsloomError as error:
                self._source_failed(source, states[source.url], outcome, said(error, source.url))
            except Exception as error:  # noqa: BLE001 - the per-source wall: one bad source never stops a run
                self._source_failed(source, states[source.url], outcome, f"unexpected {type(error).__name__}: {error}")
        if len(unreached) == len(sources):
            self._offline(unreached, states)
            return True
        for source, failure in unreached:
            self._source_failed(source, states[source.url], failure, failure.message)
        return False

    def _offline(self, unreached: Sequence[tuple[Source, FetchFailure]], states: Mapping[str, SourceState]) -> None:
        with self.bench.ports.store.begin() as work:
            for source, failure in unreached:
                work.sources.put_state(offline_state(source, states[source.url], failure, self.now))
        source, failure = unreached[0]
        example = f"{source.url}: {failure.message}" + (f"; {len(unreached)} in all" if len(unreached) > 1 else "")
        text = f"no source could be reached ({example}): is this machine offline?"
        self.bench.notify(Notice("unreachable", source.url, text, len(unreached)))

    def _request(self, source: Source, state: SourceState) -> FetchRequest:
        request = request_for(source, state, {})
        return replace(request, headers=self._secrets(source.url, request.url))

    def _read_source(self, source: Source, state: SourceState, page: FetchedPage) -> FeedDocument | PageReading | None:
        """Return what *source* says; None for a page that is as it was."""
        if source.kind != "page":
            return self.bench.ports.feeds.read(page)
        return self.bench.ports.pages.read(page) if digest(page.body) != state.content_digest else None

    async def _polled(
        self, source: Source, state: SourceState, brought: Brought[FeedDocument | PageReading | None]
    ) -> None:
        outcome = brought.outcome
        if isinstance(outcome, FetchFailure):
            self._source_failed(source, state, outcome, outcome.message)
            return
        if brought.error is not None:
            raise brought.error
        document: FeedDocument | None = None
        fresh: list[QueuedEntry] = []
        news = 0
        if isinstance(outcome, FetchedPage) and isinstance(brought.reading, PageReading):
            self.keeper.page(outcome, brought.reading, self.keeper.queued(source, FeedEntry(link=source.url)))
            news = 1
        elif isinstance(brought.reading, FeedDocument):
            document = await with_sitemaps(brought.reading, self.fetcher, self.bench.ports.feeds, self._skipped)
            fresh = self._fresh(source, document)
        with self.bench.ports.store.begin() as work:
            news += sum(self._enqueue(work, queued) for queued in fresh)
            after = next_state(source, state, outcome, document, error=None, fresh_entries=news, now=self.now)
            if document is not None and document.next_sitemaps:
                # An index that did not change says nothing about the sitemaps it names: it is always read.
                after = replace(after, etag=None, last_modified=None)
            work.sources.put_state(after)
        if request_for(source, after, {}).url != request_for(source, state, {}).url:
            self.bench.notify(
                Notice("source-moved", source.url, f"polled at {request_for(source, after, {}).url} from now on")
            )
        if isinstance(outcome, NotModified):
            self.bench.notify(Notice("unchanged", source.url))
        else:
            self.bench.notify(Notice("polled", source.url, f"{news} new entries", news))

    def _source_failed(self, source: Source, state: SourceState, outcome: FetchOutcome, message: str) -> None:
        after = next_state(source, state, outcome, None, error=message, fresh_entries=0, now=self.now)
        with self.bench.ports.store.begin() as work:
            work.sources.put_state(after)
        condition = f" ({after.condition})" if after.failures else ""
        again = f"; asked again after {after.next_poll:%Y-%m-%d %H:%M UTC}" if after.next_poll else ""
        self.bench.notify(Notice("source-failed", source.url, f"{message}{condition}{again}"))

    def _skipped(self, url: str, reason: str) -> None:
        self.bench.notify(Notice("skipped", url, reason))

    def _fresh(self, source: Source, document: FeedDocument) -> list[QueuedEntry]:
        """Return what of *document* is new or reworded, oldest first, at most the configured number, newest kept."""
        fresh: list[QueuedEntry] = []
        with self.bench.ports.store.begin() as work:
            for one in listed(document, source):
                queued = self.keeper.queued(source, one.entry, one.keys)
                at = self.keeper.due(work, queued)
                if at is not None:
                    fresh.append(replace(queued, not_before=at))
        for note in entry_notes(document):
            self.bench.notify(Notice("skipped", source.url, note))
        return list(newest(fresh, lambda queued: queued.entry, self.bench.declared.entries_per_source))

    def _enqueue(self, work: UnitOfWork, queued: QueuedEntry) -> bool:
        """Let *queued* wait for its page; return whether it is new. One that waits already keeps its place and its tries."""
        waiting = work.queue.find(queued.key)
        if waiting is None:
            work.queue.put(queued)
            return queued.not_before == self.now
        if waiting.source == queued.source:
            work.queue.put(replace(waiting, entry=queued.entry, keys=queued.keys))
        elif waiting.first_seen == self.now and self._ranks[queued.source] < self._ranks[waiting.source]:
            work.queue.put(queued)  # whichever feed came first, the one that is declared first speaks
        return False

    async def _fetch_queue(self) -> None:
        with self.bench.ports.store.begin() as work:
            due_now = work.queue.due(self.now)
        due_now = [queued for queued in due_now if not self._is_taken_down(queued)]
        waiting = {queued.entry.link: queued for queued in due_now if queued.entry.link}
        store = self.bench.ports.store
        self.keeper.reservations = await site_reservations(self.fetcher, store, waiting, self.now)
        self.bench.notify(Notice("step", "pages", "Reading articles", len(waiting)))
        requests = [
            FetchRequest(url=url, accept="page", headers=self._secrets(queued.source, url))
            for url, queued in waiting.items()
        ]
        self.keeper.order = {queued.key: place for place, queued in enumerate(due_now)}
        pages = self.bench.ports.pages
        async for brought in overlapped(
            self.fetcher.fetch_all(requests),
            lambda _, page: pages.read(page),
            at_once=self.bench.ports.readings_at_once,
        ):
            queued = waiting[brought.request.url]
            try:
                self._fetched(queued, brought)
            except StorageError:
                raise
            except NewsloomError as error:
                kind: FailureKind = "needs_javascript" if isinstance(error, NeedsJavascript) else "unreadable"
                self.keeper.feed_only(queued, said(error, brought.request.url), kind)
            except Exception as error:  # noqa: BLE001 - the per-request wall
                self.keeper.feed_only(queued, f"unexpected {type(error).__name__}: {error}", "unreadable")

    def _is_taken_down(self, queued: QueuedEntry) -> bool:
        reason = self.bench.declared.takedowns.reason((queued.entry.link,))
        if reason is not None:
            self.keeper.drop(queued, reason)
        return reason is not None

    def _secrets(self, source: str, url: str) -> Mapping[str, str]:
        """Return the owner's headers for *source* if *url* is of its origin: a feed must not lead them elsewhere."""
        return self.bench.declared.headers.get(source, {}) if same_origin(source, url) else {}

    def _fetched(self, queued: QueuedEntry, brought: Brought[PageReading]) -> None:
        outcome = brought.outcome
        if brought.error is not None:
            raise brought.error
        if isinstance(outcome, FetchedPage) and brought.reading is not None:
            self.keeper.page(outcome, brought.reading, queued)
        elif isinstance(outcome, FetchFailure):
            waited = outcome.kind == "throttled" and self.now - queued.first_seen > LONGEST_WAIT
            if outcome.kind in _FINAL_FAILURES or queued.tries >= len(RETRY_PAUSES) or waited:
                self.keeper.feed_only(queued, outcome.message, outcome.kind)
            else:
                self._try_again(queued, outcome)

    def _try_again(self, queued: QueuedEntry, failure: FetchFailure) -> None:
        # A throttled host is not the page's fault: it waits without losing a try.
        throttled = failure.kind == "throttled"
        pause = self.now + RETRY_PAUSES[min(queued.tries, len(RETRY_PAUSES) - 1)]
        at = max(failure.retry_at or pause, self.now) if throttled else max(pause, failure.retry_at or pause)
        with self.bench.ports.store.begin() as work:
            work.queue.put(replace(queued, tries=queued.tries + (not throttled), not_before=at))
        when = at.strftime("%Y-%m-%d %H:%M UTC")
        self.bench.notify(Notice("page-failed", failure.url, f"{failure.message}; tried again after {when}"))


def _idle(states: Mapping[str, SourceState], now: datetime) -> str:
    """Return why there is nothing to poll."""
    if not states:
        return "no source is declared: `newsloom add ADDRESS`"
    soonest = min((state.next_poll for state in states.values() if state.next_poll), default=now)
    day = "" if soonest.date() == now.date() else f"{soonest:%Y-%m-%d} "
    return f"{len(states)} {'source' if len(states) == 1 else 'sources'} not due, next at {day}{soonest:%H:%M} UTC"
