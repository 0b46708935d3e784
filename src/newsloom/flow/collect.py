"""Poll what is due, and turn what is new into articles. What a feed told is queued before its validators are kept."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from newsloom.errors import FeedError, NewsloomError, PageError
from newsloom.flow.reconcile import Shelf, identity_keys
from newsloom.flow.world import Bench
from newsloom.model.article import Article
from newsloom.model.item import Item, item_id
from newsloom.model.notice import Notice
from newsloom.model.page import (
    ArchivedPage,
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
from newsloom.stages.collect import digest, due, entry_keys, entry_notes, next_state, request_for, wanted
from newsloom.stages.extract import article, article_from_entry
from newsloom.vocab.urls import host

# A page that fails is tried again after these pauses; then what the feed said is kept, and the report says so.
RETRY_PAUSES = (timedelta(minutes=30), timedelta(hours=3), timedelta(hours=12))
# An entry that its feed changes is read again only while it is young: later changes are seldom corrections.
REVISIT_FOR = timedelta(days=7)
MAX_SITEMAPS = 50
_FINAL_FAILURES = frozenset({"refused_by_gate", "robots", "gone", "too_large", "content_type"})
# Claims the keys of an entry that could not become an item, so that it is not tried for ever.
_GIVEN_UP = "given-up"


@dataclass(slots=True)
class Collector:
    """One run's collecting: polls sources, keeps the queue, makes items."""

    bench: Bench
    shelf: Shelf
    fetcher: Fetcher
    now: datetime

    async def collect(self) -> None:
        """Poll every due source, then fetch every due entry of the queue. Never raises for one source or page."""
        declared = self.bench.declared
        with self.bench.ports.store.begin() as work:
            states = {source.url: work.sources.get_state(source.url) for source in declared.sources}
        ready = due(declared.sources, states, self.now)
        web = [source for source in ready if source.kind not in ("html", "warc")]
        self.bench.notify(Notice("step", "sources", "Polling sources", len(web)))
        await self._poll(web, states)
        for source in ready:
            if source.kind in ("html", "warc"):
                self.read_archive(source, states[source.url])
        await self._fetch_queue()
        with self.bench.ports.store.begin() as work:
            for host in self.fetcher.host_states():
                work.sources.put_host(host)

    async def _poll(self, sources: Sequence[Source], states: Mapping[str, SourceState]) -> None:
        by_url: dict[str, Source] = {}
        requests = []
        for source in sources:
            headers = self.bench.declared.headers.get(source.url, {})
            request = request_for(source, states[source.url], headers)
            by_url[request.url] = source
            requests.append(request)
        async for request, outcome in self.fetcher.fetch_all(requests):
            source = by_url[request.url]
            try:
                await self._polled(source, states[source.url], outcome)
            except NewsloomError as error:
                self._source_failed(source, states[source.url], outcome, str(error))
            except Exception as error:  # noqa: BLE001 - the per-source wall: one bad source never stops a run
                self._source_failed(source, states[source.url], outcome, f"unexpected {type(error).__name__}: {error}")

    async def _polled(self, source: Source, state: SourceState, outcome: FetchOutcome) -> None:
        if isinstance(outcome, FetchFailure):
            self._source_failed(source, state, outcome, outcome.message)
            return
        document: FeedDocument | None = None
        fresh: list[QueuedEntry] = []
        if isinstance(outcome, FetchedPage):
            if source.kind == "page":
                if digest(outcome.body) != state.content_digest:
                    self._read_page(outcome, self._queued(source, FeedEntry(link=source.url)))
            else:
                document = await self._with_sitemaps(self.bench.ports.feeds.read(outcome))
                fresh = self._fresh(source, document)
        after = next_state(source, state, outcome, document, error=None, fresh_entries=len(fresh), now=self.now)
        with self.bench.ports.store.begin() as work:
            for entry in fresh:
                work.queue.put(entry)
            work.sources.put_state(after)
        if request_for(source, after, {}).url != request_for(source, state, {}).url:
            self.bench.notify(
                Notice("source-moved", source.url, f"polled at {request_for(source, after, {}).url} from now on")
            )
        if isinstance(outcome, NotModified):
            self.bench.notify(Notice("unchanged", source.url))
        else:
            self.bench.notify(Notice("polled", source.url, f"{len(fresh)} new entries"))

    def _source_failed(self, source: Source, state: SourceState, outcome: FetchOutcome, message: str) -> None:
        after = next_state(source, state, outcome, None, error=message, fresh_entries=0, now=self.now)
        with self.bench.ports.store.begin() as work:
            work.sources.put_state(after)
        self.bench.notify(Notice("source-failed", source.url, f"{message} ({after.condition})"))

    async def _with_sitemaps(self, document: FeedDocument) -> FeedDocument:
        """Return *document* with the entries of the sitemaps it names, one level deep and bounded."""
        entries = list(document.entries)
        requests = [FetchRequest(url=url, accept="feed") for url in document.next_sitemaps[:MAX_SITEMAPS]]
        async for request, outcome in self.fetcher.fetch_all(requests):
            if not isinstance(outcome, FetchedPage):
                self.bench.notify(Notice("skipped", request.url, "a sitemap of the index could not be fetched"))
                continue
            try:
                entries.extend(self.bench.ports.feeds.read(outcome).entries)
            except FeedError as error:
                self.bench.notify(Notice("skipped", request.url, str(error)))
        return replace(document, entries=tuple(entries))

    def _fresh(self, source: Source, document: FeedDocument) -> list[QueuedEntry]:
        """Return what of *document* is new or reworded, oldest first, at most the configured number, newest kept."""
        told = {key: entry for entry in document.entries if entry.link for key in entry_keys(source, entry)}
        limit = self.bench.declared.entries_per_source
        with self.bench.ports.store.begin() as work:
            fresh = wanted(
                document,
                lambda key: self._is_known(work, key, self._queued(source, told[key])),
                source=source,
                limit=limit,
            )
        for note in entry_notes(document):
            self.bench.notify(Notice("skipped", source.url, note))
        return [self._queued(source, entry) for entry in fresh]

    def _is_known(self, work: UnitOfWork, key: str, queued: QueuedEntry) -> bool:
        """Return whether the item under *key* was read in the wording of *queued*, or is not to be read again."""
        known = work.items.find_by_key(key)
        if known is None:
            return False
        if known in self.shelf.removed or known in self.shelf.foreign or work.items.find_by_key(_version_key(queued)):
            return True
        item = work.items.find(known)
        return item is None or self.now - item.first_seen > REVISIT_FOR

    def _queued(self, source: Source, entry: FeedEntry) -> QueuedEntry:
        keys = entry_keys(source, entry)
        return QueuedEntry(key=keys[0], keys=keys, source=source.url, entry=entry, first_seen=self.now)

    async def _fetch_queue(self) -> None:
        with self.bench.ports.store.begin() as work:
            due_now = work.queue.due(self.now)
        waiting = {queued.entry.link: queued for queued in due_now if queued.entry.link}
        self.bench.notify(Notice("step", "pages", "Reading articles", len(waiting)))
        requests = [
            FetchRequest(url=url, accept="page", headers=self._secrets(queued.source, url))
            for url, queued in waiting.items()
        ]
        async for request, outcome in self.fetcher.fetch_all(requests):
            queued = waiting[request.url]
            try:
                self._fetched(queued, outcome)
            except NewsloomError as error:
                self._keep_feed_only(queued, str(error))
            except Exception as error:  # noqa: BLE001 - the per-request wall
                self._keep_feed_only(queued, f"unexpected {type(error).__name__}: {error}")

    def _secrets(self, source: str, url: str) -> Mapping[str, str]:
        """Return the owner's headers for *source* if *url* is on the same host: a feed must not lead them elsewhere."""
        return self.bench.declared.headers.get(source, {}) if host(source) == host(url) else {}

    def _fetched(self, queued: QueuedEntry, outcome: FetchOutcome) -> None:
        if isinstance(outcome, FetchedPage):
            self._read_page(outcome, queued)
        elif isinstance(outcome, FetchFailure):
            if outcome.kind in _FINAL_FAILURES or queued.tries >= len(RETRY_PAUSES):
                self._keep_feed_only(queued, outcome.message)
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

    def _read_page(self, page: FetchedPage, queued: QueuedEntry) -> None:
        reading = self.bench.ports.pages.read(page)
        found = article(
            reading,
            entry=queued.entry,
            original_url=queued.entry.link or page.url,
            organizations=self.bench.declared.organizations,
            first_seen=queued.first_seen,
        )
        self._keep(found, queued, (page.url, page.final_url))

    def _keep_feed_only(self, queued: QueuedEntry, reason: str) -> None:
        source = next((s for s in self.bench.declared.sources if s.url == queued.source), Source(url=queued.source))
        found = article_from_entry(
            queued.entry,
            source=source,
            organizations=self.bench.declared.organizations,
            first_seen=queued.first_seen,
        )
        subject = queued.entry.link or queued.key
        if found is None:
            with self.bench.ports.store.begin() as work:
                work.queue.done(queued.key)
                work.items.put_keys(_GIVEN_UP, (*queued.keys, _version_key(queued)))
            self.bench.notify(Notice("page-failed", subject, f"{reason}; given up: the feed says too little"))
            return
        self._keep(found, queued, ())
        self.bench.notify(Notice("feed-only", subject, f"{reason}; kept what the feed says"))

    def read_archive(self, source: Source, state: SourceState | None = None) -> None:
        """Read every page of an archive that changed since *state*. Never raises for one page.

        Raises:
            ArchiveError: (only without *state*) the archive cannot be opened or has no known layout.
        """
        archives = self.bench.ports.archives
        outcome: FetchOutcome = NotModified(source.url, self.now)
        error: str | None = None
        fingerprint = None
        try:
            fingerprint = archives.fingerprint(source)
            if state is None or fingerprint != state.content_digest:
                self.bench.notify(Notice("step", source.url, "Reading archive"))
                for page in archives.pages(source):
                    self._archived(source, page)
                for note in archives.notes():
                    self.bench.notify(Notice("skipped", source.url, note))
        except NewsloomError as failure:
            if state is None:
                raise
            error = str(failure)
            outcome = FetchFailure(source.url, "unreadable", error, self.now)
            self.bench.notify(Notice("source-failed", source.url, error))
        if state is not None:
            after = next_state(source, state, outcome, None, error=error, fresh_entries=0, now=self.now)
            with self.bench.ports.store.begin() as work:
                work.sources.put_state(replace(after, content_digest=fingerprint))

    def _archived(self, source: Source, page: ArchivedPage) -> None:
        entry = FeedEntry(link=page.url)
        queued = replace(self._queued(source, entry), first_seen=page.fetched or self.now)
        fetched = FetchedPage(
            url=page.url,
            final_url=page.url,
            status=200,
            body=page.body,
            fetched=queued.first_seen,
            content_type=page.content_type,
            charset=page.charset,
        )
        try:
            self._read_page(fetched, queued)
        except PageError as error:
            self.bench.notify(Notice("page-failed", page.url or page.id, str(error)))
        except Exception as error:  # noqa: BLE001 - the per-page wall
            self.bench.notify(Notice("page-failed", page.url or page.id, f"unexpected {type(error).__name__}: {error}"))

    def _keep(self, found: Article, queued: QueuedEntry, urls: Sequence[str]) -> None:
        """Store *found* as a new item, or as the new text of the item it is."""
        keys = identity_keys((found.url, found.original_url, found.amp_web_url, *urls))
        marks = (*queued.keys, *keys, _version_key(queued))
        with self.bench.ports.store.begin() as work:
            claims = (work.items.find_by_key(key) for key in (*keys, *queued.keys))
            key = next((claim for claim in claims if claim and claim != _GIVEN_UP), item_id(found.url))
            before = work.items.find(key)
            work.queue.done(queued.key)
            if key in self.shelf.removed or key in self.shelf.foreign:
                work.items.put_keys(key, marks)
                return
            if before is None:
                work.items.put(Item(key, found, queued.first_seen, source=queued.source), keys=marks)
                kind = "new"
            elif _says_more(found, before.article):
                changed = replace(found, url=before.article.url, original_url=before.article.original_url)
                work.items.put(replace(before, article=changed, topics=None, quality=None), keys=marks)
                kind = "updated"
            else:
                work.items.put_keys(key, marks)
                return
        self.bench.notify(Notice("read", found.url))
        self.bench.notify(Notice("new" if kind == "new" else "updated", found.url, found.title))


def _version_key(queued: QueuedEntry) -> str:
    """Return the key that says: this wording of the entry was read. A changed title or update time makes another."""
    entry = queued.entry
    said = "\x1f".join((entry.title or "", entry.updated.isoformat() if entry.updated else ""))
    return f"version {queued.key} {hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()[:12]}"


def _says_more(found: Article, before: Article) -> bool:
    """Return whether *found* is news about the same item, and not merely less of what is known."""
    if found == before:
        return False
    return not (before.article_body and not found.article_body)
