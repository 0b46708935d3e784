"""Composition root: reads a portal's declarations and builds the adapters and stages they name.

The only module that knows both. `pipeline` gets ports from here; the commands call the functions below.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from newsloom import pipeline
from newsloom.adapters.archive.reader import LocalArchiveReader
from newsloom.adapters.feeds.reader import DefaultFeedReader
from newsloom.adapters.files.atomic import write_atomic
from newsloom.adapters.files.copying import copy_portal_files
from newsloom.adapters.files.lock import PortalLock
from newsloom.adapters.files.log import JsonlEventLog
from newsloom.adapters.files.opml import add_to_opml, read_sources, write_opml
from newsloom.adapters.files.organizations import by_domain, scan_organizations
from newsloom.adapters.files.portal import PortalPaths, make_state_folder, open_portal_folder
from newsloom.adapters.files.profiles import PACKAGED, read_profile
from newsloom.adapters.files.records import MarkdownRecordFolder
from newsloom.adapters.files.site_folder import PublishedFolder
from newsloom.adapters.files.topics import read_topics
from newsloom.adapters.http.fetcher import FetchOptions, HttpFetcher
from newsloom.adapters.http.gate import GateOptions
from newsloom.adapters.pages.reader import HtmlPageReader
from newsloom.adapters.pages.thumbnails import ThumbnailShelf
from newsloom.adapters.store.sqlite import SqliteStore
from newsloom.config import Settings, read_settings, site_options, source_headers
from newsloom.errors import ConfigError
from newsloom.flow.editions import edition, pictures_wanted
from newsloom.flow.explain import explain
from newsloom.flow.search import search
from newsloom.flow.world import Bench, Declared, Notify, Ports, Stages
from newsloom.model.notice import Notice
from newsloom.model.page import FetchedPage, FetchRequest
from newsloom.model.portal import Edition
from newsloom.model.record import Quarantined, RecordFile
from newsloom.model.score import Profile
from newsloom.model.source import HostState, Source
from newsloom.model.topic import Organization, Topic
from newsloom.ports.fetching import Fetcher
from newsloom.publish.export import row
from newsloom.publish.outlets import outlets
from newsloom.stages.classify import KeywordClassifier, TopicTrial, test_topics
from newsloom.stages.cluster import ClusterOptions, TfidfClusterer
from newsloom.stages.dedupe import DedupeOptions, MinHashDeduplicator
from newsloom.stages.rank import ProfileScorer
from newsloom.stages.relate import CoverageRelator, RelateOptions


@dataclass(frozen=True, slots=True)
class Portal:
    """A portal's declarations, read and validated. `wrong` are provider files that were passed over, for `doctor` to name."""

    paths: PortalPaths
    settings: Settings
    sources: tuple[Source, ...]
    topics: tuple[Topic, ...]
    organizations: tuple[Organization, ...]
    profile: Profile
    wrong: tuple[ConfigError, ...] = ()


@dataclass(frozen=True, slots=True)
class WebOptions:
    """How the web is reached, where it differs from the settings: for the demo and for tests.

    `hosts` are names resolved here (see `GateOptions.hosts`), `allow` networks that may be reached, `delay_seconds` None for
    the settings' own pause.
    """

    hosts: Mapping[str, str] | None = None
    allow: tuple[str, ...] = ()
    delay_seconds: float | None = None


def open_portal(folder: Path) -> Portal:
    """Read everything the owner declared in *folder*.

    Raises:
        PortalMissing: no portal there.
        ConfigError: a settings, topic, provider, profile or sources file is wrong; says where and what is right.
    """
    paths = open_portal_folder(folder)
    try:
        return _read_portal(paths)
    except OSError as error:  # a folder on the way; what is wrong with a file, its reader says
        raise ConfigError(f"cannot be read ({error.strerror})", where=str(error.filename or folder)) from error


def _read_portal(paths: PortalPaths) -> Portal:
    settings = read_settings(paths.settings)
    organizations, wrong = scan_organizations(paths.organizations)
    return Portal(
        paths=paths,
        settings=settings,
        sources=read_sources(paths.sources) if paths.sources.exists() else (),
        topics=read_topics(paths.topics) if paths.topics.is_dir() else (),
        organizations=organizations,
        profile=_read_profile(paths, settings),
        wrong=wrong,
    )


def _read_profile(paths: PortalPaths, settings: Settings) -> Profile:
    named, own = settings.scoring.profile, paths.root / settings.scoring.profile
    try:
        return read_profile(named if named in PACKAGED else own, settings.scoring.parameters)
    except ConfigError as error:
        error.where = error.where or f"{paths.settings} [scoring]"
        raise


@contextmanager
def at_work(portal: Portal, notify: Notify) -> Iterator[Bench]:
    """Lock the portal, open its working state, and yield the bench the flow works at.

    Raises:
        PortalLocked: another run is at work. StoreDamaged, StorageError: the working state cannot be opened.
    """
    make_state_folder(portal.paths)
    with PortalLock(portal.paths.root):
        store = SqliteStore(portal.paths.database)
        try:
            yield _bench(portal, store, notify)
        finally:
            store.close()


def _bench(portal: Portal, store: SqliteStore, notify: Notify) -> Bench:
    settings, root = portal.settings, portal.paths.root
    window = timedelta(days=settings.stories.window_days)
    return Bench(
        ports=Ports(
            feeds=DefaultFeedReader(),
            pages=HtmlPageReader(),
            archives=LocalArchiveReader(root),
            store=store,
            records=MarkdownRecordFolder(root),
            log=JsonlEventLog(root),
        ),
        stages=Stages(
            dedupe=MinHashDeduplicator(DedupeOptions()),
            cluster=TfidfClusterer(ClusterOptions(window=window)),
            classify=KeywordClassifier(
                portal.topics, source_topics={s.url: s.topics for s in portal.sources if s.topics}
            ),
            score=scorer(portal),
            relate=CoverageRelator(RelateOptions(limit=settings.related.limit)),
        ),
        declared=Declared(
            sources=portal.sources,
            organizations=by_domain(portal.organizations),
            rules_digest=_rules_digest(portal),
            window=window,
            entries_per_source=settings.fetch.entries_per_source,
            topic_names=tuple(topic.name for topic in portal.topics),
        ),
        notify=notify,
    )


def scorer(portal: Portal) -> ProfileScorer:
    """Return the scorer of the portal's profile."""
    return ProfileScorer(
        portal.profile,
        organizations=by_domain(portal.organizations),
        topics=portal.topics,
        source_standings={s.url: s.standing for s in portal.sources if s.standing is not None},
    )


def _rules_digest(portal: Portal) -> str:
    """Return a digest of everything that classification and scoring depend on besides the items."""
    rules = (
        portal.topics,
        portal.organizations,
        portal.profile,
        [(s.url, s.topics, s.standing) for s in portal.sources],
    )
    return hashlib.sha256(repr(rules).encode()).hexdigest()[:16]


def fetcher(portal: Portal, now: Callable[[], datetime], hosts: Sequence[HostState], web: WebOptions) -> HttpFetcher:
    """Return a fetcher by the portal's settings, with what is known of *hosts*."""
    settings = portal.settings.fetch
    return HttpFetcher(
        FetchOptions(
            contact=settings.contact or portal.settings.site.url,
            delay_seconds=settings.delay_seconds if web.delay_seconds is None else web.delay_seconds,
            total_seconds=settings.timeout_seconds,
            max_bytes=settings.max_bytes,
            connections=settings.connections,
            gate=GateOptions(allow=(*settings.allow_networks, *web.allow), hosts=dict(web.hosts or {})),
        ),
        hosts=hosts,
        now=now,
    )


def _known_hosts(bench: Bench) -> Sequence[HostState]:
    with bench.ports.store.begin() as work:
        return work.sources.get_hosts()


def headers_for(portal: Portal, urls: Collection[str]) -> Mapping[str, Mapping[str, str]]:
    """Return what the owner wants sent to those of *urls* that newsloom.toml names: address → request headers.

    Raises:
        ConfigError: a secret is not in the environment, or a header cannot be sent.
    """
    return source_headers(portal.settings, only=urls)


def settings_at_fault(portal: Portal) -> tuple[ConfigError, ...]:
    """Return what is wrong with the secrets of the portal's sources: the next run would end with the first of them."""
    wrong = []
    for source in portal.sources:
        try:
            headers_for(portal, (source.url,))
        except ConfigError as error:
            wrong.append(error)
    return tuple(wrong)


def settings_of_nobody(portal: Portal) -> tuple[str, ...]:
    """Return the addresses that newsloom.toml sets something for and that no source has."""
    declared = {source.url for source in portal.sources}
    return tuple(url for url in portal.settings.sources if url not in declared)


async def run(
    portal: Portal,
    now: datetime,
    notify: Notify,
    *,
    publish: bool = True,
    web: WebOptions = WebOptions(),
    clock: Callable[[], datetime] | None = None,
) -> None:
    """Do one whole run at *now*: collect, decide, write records, publish.

    Args:
        clock: what the fetcher counts a host's wish for silence from; None stands still at *now*.

    Raises:
        ConfigError: a source's secret is not in the environment.
        StorageError, PortalLocked: see there; everything stored so far is taken up by the next run.
    """
    headers = headers_for(portal, {source.url for source in portal.sources})
    with at_work(portal, notify) as bench:
        bench = replace(bench, declared=replace(bench.declared, headers=headers))
        client = fetcher(portal, clock or (lambda: now), _known_hosts(bench), web)
        try:
            await pipeline.run(bench, client, now)
            if publish:
                await _publish(portal, bench, client, now)
            files, _ = bench.ports.records.read_all()
            notify(Notice("total", "items", count=len(files)))
            notify(Notice("total", "published", count=sum(bool(file.record.published) for file in files)))
        finally:
            await client.close()


async def publish(
    portal: Portal,
    now: datetime,
    notify: Notify,
    *,
    web: WebOptions = WebOptions(),
    clock: Callable[[], datetime] | None = None,
) -> Sequence[str]:
    """Publish the records as they are; return the paths in the site that changed. *clock* as for `run`."""
    with at_work(portal, notify) as bench:
        client = fetcher(portal, clock or (lambda: now), _known_hosts(bench), web)
        try:
            return await _publish(portal, bench, client, now)
        finally:
            await client.close()


async def _publish(portal: Portal, bench: Bench, client: Fetcher, now: datetime) -> Sequence[str]:
    made = edition(
        bench.ports.records,
        score=bench.stages.score,
        topics=portal.topics,
        organizations=portal.organizations,
        sources=portal.sources,
        site=site_options(portal.settings),
        now=now,
    )
    made = await _with_pictures(portal, bench, client, made)
    overrides = _template_overrides(portal.paths.templates)
    bench.notify(Notice("step", "site", "Publishing", len(made.records)))
    files = chain.from_iterable(outlet.files(made) for outlet in outlets(made.site, overrides))
    changed = PublishedFolder(portal.paths.site).publish(files)
    for path in changed:
        bench.notify(Notice("site", path))
    return changed


async def _with_pictures(portal: Portal, bench: Bench, client: Fetcher, made: Edition) -> Edition:
    """Return *made* with thumbnails for the pictures its published records show, fetching those not yet tried."""
    if made.site.images != "thumbnail":
        return made
    shelf = ThumbnailShelf(portal.paths.pictures, pixels=made.site.thumbnail_pixels)
    wanted = pictures_wanted(made)
    missing = [url for url in wanted if not shelf.has(url)]
    bench.notify(Notice("step", "pictures", "Fetching pictures", len(missing)))
    requests = [FetchRequest(url=url, accept="image") for url in missing]
    async for request, outcome in client.fetch_all(requests):
        if isinstance(outcome, FetchedPage):
            shelf.put(request.url, outcome.body)
        else:
            shelf.put_failure(request.url, made.now)
    return shelf.dress(made, wanted)


def _template_overrides(folder: Path) -> Mapping[str, str]:
    """Return the owner's own templates, name → text. Raises ConfigError when one cannot be read."""
    found = {}
    path = folder
    try:
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.is_file() and not path.name.startswith("."):
                found[path.name] = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError("the template is not UTF-8 text", where=str(path)) from error
    except OSError as error:
        raise ConfigError(f"cannot be read ({error.strerror})", where=str(path)) from error
    return found


def rework(portal: Portal, now: datetime, notify: Notify) -> None:
    """Decide and write again without collecting: after a person's decision or an import."""
    with at_work(portal, notify) as bench:
        pipeline.rework(bench, now)


async def import_archive(portal: Portal, source: Source, now: datetime, notify: Notify) -> None:
    """Read a folder of pages or a WARC into the working state; the next run weaves it.

    Raises:
        ArchiveError: it cannot be opened or has no known layout.
    """
    with at_work(portal, notify) as bench:
        client = fetcher(portal, lambda: now, (), WebOptions())
        try:
            pipeline.import_archive(bench, client, source, now)
        finally:
            await client.close()


def add_sources(portal: Portal, sources: Sequence[Source]) -> int:
    """Add *sources* to the portal's sources.opml, those of unknown address only; return how many were added.

    What a person wrote into the file stays as it is.
    """
    known = {source.url for source in portal.sources}
    fresh = tuple({s.url: s for s in sources if s.url not in known}.values())
    if fresh:
        path = portal.paths.sources
        if path.exists():
            data = add_to_opml(path.read_bytes(), fresh)
        else:
            data = write_opml(fresh, title=portal.settings.site.title)
        write_atomic(path, data)
    return len(fresh)


def import_records(portal: Portal, origin: Path) -> dict[str, int]:
    """Copy records, topics and providers of the portal in *origin*, byte for byte, never over a file that is there."""
    with PortalLock(portal.paths.root):
        return copy_portal_files(origin, portal.paths.root)


def read_records(portal: Portal) -> tuple[Sequence[RecordFile], Sequence[Quarantined]]:
    """Return the portal's readable records newest first, and the files that cannot be read."""
    files, quarantined = MarkdownRecordFolder(portal.paths.root).read_all()
    return sorted(files, key=lambda f: (-f.record.published_date_time.timestamp(), f.path)), quarantined


def rows_for_export(folder: Path, *, published: bool) -> list[dict[str, object]]:
    """Return the portal's records as flat rows, newest first."""
    files, _ = read_records(open_portal(folder))
    return [row(file) for file in files if file.record.published or not published]


def search_items(portal: Portal, words: str, limit: int) -> list[dict[str, object]]:
    """Return the rows of the items that match all of *words*, best first."""
    with at_work(portal, lambda _: None) as bench:
        files, _ = bench.ports.records.read_all()
        return [row(file) for file in search(bench, files, words, limit)]


def try_topics(portal: Portal) -> tuple[TopicTrial, ...]:
    """Return how each topic does on its own examples. The classifier knows the definitions, not the examples' sources."""
    return test_topics(KeywordClassifier(portal.topics), portal.topics)


def explain_item(portal: Portal, name: str, now: datetime) -> dict[str, Any]:
    """Return the receipt of the item that *name* means (`flow.explain`)."""
    with at_work(portal, lambda _: None) as bench:
        return explain(bench, name, now)


def present() -> datetime:
    """Return the present moment, UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)
