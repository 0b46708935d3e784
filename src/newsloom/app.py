"""Composition root: builds the adapters and stages that a portal's declarations name, and runs the pipeline on them.

`pipeline` gets its ports from here; the commands call the functions below.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from pathlib import Path

from newsloom import pipeline
from newsloom.adapters.archive.reader import LocalArchiveReader
from newsloom.adapters.feeds.reader import DefaultFeedReader
from newsloom.adapters.files.atomic import Guard
from newsloom.adapters.files.git import PortalRepository
from newsloom.adapters.files.lock import PortalLock
from newsloom.adapters.files.log import JsonlEventLog
from newsloom.adapters.files.organizations import by_domain
from newsloom.adapters.files.portal import make_state_folder
from newsloom.adapters.files.records import MarkdownRecordFolder
from newsloom.adapters.files.rehearsal import RehearsedLog, RehearsedRecords
from newsloom.adapters.files.site_link import PublishedLink
from newsloom.adapters.http.fetcher import FetchOptions, HttpFetcher
from newsloom.adapters.http.gate import GateOptions
from newsloom.adapters.http.judge import HttpJudge, JudgeAddress
from newsloom.adapters.pages.reader import HtmlPageReader
from newsloom.adapters.pages.thumbnails import ThumbnailShelf, make_thumbnail
from newsloom.adapters.store.rehearsal import rehearsed_store
from newsloom.adapters.store.sqlite import SqliteStore
from newsloom.adapters.text.choice import is_static, make_embedder
from newsloom.adapters.text.general_words import general_words
from newsloom.adapters.text.headlines import headline_models
from newsloom.adapters.text.kept import KeptEmbedder
from newsloom.adapters.workers.limits import Limits
from newsloom.adapters.workers.readers import MakeThumbnail, Readers, bounded
from newsloom.config import Settings, contact_of, judge_key, site_options
from newsloom.errors import ConfigError, PortalLocked
from newsloom.flow.editions import edition, pictures_wanted
from newsloom.flow.judging import Asking, JudgeOptions
from newsloom.flow.pictures import fetch_pictures
from newsloom.flow.vanished import require_records
from newsloom.flow.world import Bench, Declared, Digests, Notify, Ports, Stages
from newsloom.model.notice import Notice
from newsloom.model.portal import Edition
from newsloom.model.source import HostState, Source
from newsloom.portal import Portal, headers_for
from newsloom.ports.deciding import Classifier, Scorer
from newsloom.ports.embedding import Embedder
from newsloom.ports.fetching import Fetcher
from newsloom.publish.outlets import outlets
from newsloom.stages.classify import TopicClassifier
from newsloom.stages.cluster import ClusterOptions, StreamClusterer
from newsloom.stages.dedupe import DedupeOptions, ShingleDeduplicator
from newsloom.stages.judging import JudgedClassifier
from newsloom.stages.rank import ProfileScorer
from newsloom.stages.relate import CoverageRelator, RelateOptions
from newsloom.stages.rules import RuledClassifier, RuledScorer, ruled
from newsloom.vocab.urls import public_address


@dataclass(frozen=True, slots=True)
class WebOptions:
    """How the web is reached, where it differs from the settings: for the demo and for tests.

    `hosts` are names resolved here (see `GateOptions.hosts`), `allow` networks that may be reached, `delay_seconds` None for
    the settings' own pause.
    """

    hosts: Mapping[str, str] | None = None
    allow: tuple[str, ...] = ()
    delay_seconds: float | None = None


@contextmanager
def at_work(portal: Portal, notify: Notify) -> Iterator[Bench]:
    """Lock the portal, open its working state, and yield the bench the flow works at.

    Raises:
        PortalLocked: another run is at work. StoreDamaged, StorageError: the working state cannot be opened.
    """
    make_state_folder(portal.paths)
    with PortalLock(portal.paths.root) as lock:
        store = SqliteStore(portal.paths.database, lock.check)
        try:
            yield _bench(portal, store, notify, lock.check)
        finally:
            store.close()


@contextmanager
def rehearsing(portal: Portal) -> Iterator[tuple[Bench, RehearsedRecords]]:
    """Lock the portal, and yield a bench like its own where nothing that is decided or written lasts, with the records there.

    Raises:
        PortalLocked: another run is at work. StoreDamaged, StorageError: the working state cannot be copied.
    """
    make_state_folder(portal.paths)
    with PortalLock(portal.paths.root) as lock, rehearsed_store(portal.paths.database) as store:
        bench = _bench(portal, store, lambda _: None, lock.check)
        records = RehearsedRecords(bench.ports.records)
        yield replace(bench, ports=replace(bench.ports, records=records, log=RehearsedLog(bench.ports.log))), records


@contextmanager
def reading(portal: Portal, bench: Bench) -> Iterator[tuple[Bench, MakeThumbnail]]:
    """Yield *bench* with readers in workers that can be ended, and what makes small pictures there; by the settings."""
    settings = portal.settings.fetch
    small = partial(make_thumbnail, pixels=site_options(portal.settings).thumbnail_pixels)
    limits = Limits(cpu_seconds=settings.parse_seconds, job_bytes=settings.max_bytes + 2**20)
    readers = Readers(bench.ports.feeds, bench.ports.pages, small)
    with bounded(readers, workers=settings.parse_workers, limits=limits) as bound:
        ports = replace(bench.ports, feeds=bound.feeds, pages=bound.pages, readings_at_once=bound.at_once)
        yield replace(bench, ports=ports), bound.thumbnail


def _bench(portal: Portal, store: SqliteStore, notify: Notify, guard: Guard) -> Bench:
    settings, root = portal.settings, portal.paths.root
    window = timedelta(days=settings.stories.window_days)
    classify, score = _under_rules(portal)
    return Bench(
        ports=Ports(
            feeds=DefaultFeedReader(),
            pages=HtmlPageReader(settings.fetch.extractor),
            archives=LocalArchiveReader(root),
            store=store,
            records=MarkdownRecordFolder(root, guard=guard),
            log=JsonlEventLog(root, guard),
        ),
        stages=Stages(
            dedupe=ShingleDeduplicator(
                DedupeOptions(), {o.domain: o.standing for o in portal.organizations if o.standing is not None}
            ),
            cluster=StreamClusterer(ClusterOptions(window=window), embedder(portal)),
            classify=classify,
            score=score,
            relate=CoverageRelator(RelateOptions(limit=settings.related.limit), embedder(portal)),
        ),
        declared=Declared(
            sources=portal.sources,
            organizations=by_domain(portal.organizations),
            digests=_digests(portal),
            window=window,
            entries_per_source=settings.fetch.entries_per_source,
            topic_names=tuple(topic.name for topic in portal.topics),
            takedowns=portal.takedowns,
            ruled=partial(ruled, portal.rules),
        ),
        notify=notify,
        guard=guard,
    )


def _under_rules(portal: Portal) -> tuple[Classifier, Scorer]:
    """Return classifier and scorer of the portal, its owner's rules around them where there are any."""
    judged = JudgedClassifier(classifier(portal), {topic.name: topic.parent for topic in portal.topics})
    if not portal.rules:
        return judged, scorer(portal)
    return RuledClassifier(judged, portal.rules), RuledScorer(scorer(portal), portal.rules)


def _asking(portal: Portal, web: WebOptions) -> Asking | None:
    """Return the judge that the settings name and its budget, None without one. Raises ConfigError."""
    settings, key = portal.settings.judge, judge_key(portal.settings)
    if not settings.url:
        return None
    gate = GateOptions(allow=(*portal.settings.fetch.allow_networks, *web.allow), hosts=dict(web.hosts or {}))
    address = JudgeAddress(settings.url, settings.model, key, settings.timeout_seconds, gate)
    budget = JudgeOptions(
        settings.requests_per_run, settings.text_characters, settings.unsure_from, settings.unsure_below
    )
    return Asking(HttpJudge(address), portal.topics, budget)


def classifier(portal: Portal) -> TopicClassifier:
    """Return the classifier of the portal's topics."""
    chosen = embedder(portal)
    return TopicClassifier(
        portal.topics,
        source_topics={source.url: source.topics for source in portal.sources if source.topics},
        embedder=chosen,
        single_words=is_static(chosen),
        vocabulary=general_words(),
    )


def embedder(portal: Portal) -> Embedder | None:
    """Return what turns texts into vectors in this portal, None for words alone. A slow one remembers what it read.

    Raises:
        ConfigError: the settings name one that is not installed or cannot be loaded.
    """
    chosen = make_embedder(portal.settings.text.embedder, folder=portal.paths.root)
    return (
        chosen if chosen is None or is_static(chosen) else KeptEmbedder(chosen, portal.paths.state / "vectors.sqlite")
    )


def scorer(portal: Portal) -> ProfileScorer:
    """Return the scorer of the portal's profile."""
    return ProfileScorer(
        portal.profile,
        organizations=by_domain(portal.organizations),
        topics=portal.topics,
        source_standings={s.url: s.standing for s in portal.sources if s.standing is not None},
        headlines=headline_models(embedder(portal)),
    )


def _digests(portal: Portal) -> Digests:
    """Return digests of what classification, scoring and rules depend on besides the items."""
    chosen = embedder(portal)
    name = chosen.name if chosen else None
    topics = [(t.name, t.parent, t.description, t.keywords, t.exclude, t.examples) for t in portal.topics]
    sources = sorted(((public_address(s.url), s) for s in portal.sources), key=lambda pair: (pair[0], pair[1].url))
    return Digests(
        topics=_digest(topics, name, [(url, source.topics) for url, source in sources if source.topics]),
        scores=_digest(
            portal.profile,
            name,
            sorted((one.domain, one.standing is not None, one.standing or 0) for one in portal.organizations),
            [(url, source.standing) for url, source in sources if source.standing is not None],
        ),
        rules=_digest([replace(rule, line=0, examples=()) for rule in portal.rules]) if portal.rules else "",
    )


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode("utf-8", "replace")).hexdigest()[:16]


def fetcher(portal: Portal, now: Callable[[], datetime], hosts: Sequence[HostState], web: WebOptions) -> HttpFetcher:
    """Return a fetcher by the portal's settings, with what is known of *hosts*."""
    return fetcher_by(portal.settings, now, hosts, web)


def fetcher_by(
    every: Settings, now: Callable[[], datetime], hosts: Sequence[HostState], web: WebOptions
) -> HttpFetcher:
    """Return a fetcher by the settings *every*, with what is known of *hosts*."""
    settings = every.fetch
    return HttpFetcher(
        FetchOptions(
            contact=contact_of(every),
            delay_seconds=settings.delay_seconds if web.delay_seconds is None else web.delay_seconds,
            total_seconds=settings.timeout_seconds,
            max_bytes=settings.max_bytes,
            connections=settings.connections,
            gate=GateOptions(allow=(*settings.allow_networks, *web.allow), hosts=dict(web.hosts or {})),
        ),
        hosts=hosts,
        now=now,
    )


def remembered_hosts(portal: Portal) -> Sequence[HostState]:
    """Return what the portal knows of hosts, also while a run is at work: who asked for silence is not asked."""
    if not portal.paths.database.exists():
        return ()
    try:
        with at_work(portal, lambda _: None) as bench:
            return _known_hosts(bench)
    except PortalLocked:  # the run has brought the working state up to date: it can be read beside it
        with closing(SqliteStore(portal.paths.database)) as store, store.begin() as work:
            return work.sources.get_hosts()


def remember_hosts(portal: Portal, states: Sequence[HostState]) -> None:
    """Keep what was learned of hosts outside a run. While one is at work it is let go: that run learns the same."""
    with suppress(PortalLocked), at_work(portal, lambda _: None) as bench, bench.ports.store.begin() as work:
        for state in states:
            work.sources.put_host(state)


def _known_hosts(bench: Bench) -> Sequence[HostState]:
    with bench.ports.store.begin() as work:
        return work.sources.get_hosts()


async def run(
    portal: Portal,
    now: datetime,
    notify: Notify,
    *,
    publish: bool = True,
    commit: bool = False,
    accept_deletions: bool = False,
    web: WebOptions = WebOptions(),
    clock: Callable[[], datetime] | None = None,
) -> None:
    """Do one whole run at *now*: collect, decide, write records, publish.

    Args:
        commit: commit what changed in records and log to git, in one commit; none when nothing did.
        accept_deletions: take records that are gone for deleted, however many they are.
        clock: what the fetcher counts a host's wish for silence from; None stands still at *now*.

    Raises:
        ConfigError: a source's secret is not in the environment.
        UsageError: *commit*, and the portal is in no git repository.
        RecordsMissing: most records are gone, and that is not said to be meant.
        StorageError, PortalLocked: see there; everything stored so far is taken up by the next run.
    """
    headers = headers_for(portal, {source.url for source in portal.sources})
    asking = _asking(portal, web)
    repository = PortalRepository(portal.paths.root) if commit else None
    if repository is not None:
        repository.check()
    with at_work(portal, notify) as opened, reading(portal, opened) as (bench, small):
        declared = replace(bench.declared, headers=headers)
        bench = replace(bench, declared=declared, deletions_are_meant=accept_deletions)
        if publish and (site := site_options(portal.settings)).images == "thumbnail":
            pictures = ThumbnailShelf(
                portal.paths.pictures, pixels=site.thumbnail_pixels, make=small, guard=bench.guard
            )
            bench = replace(bench, ports=replace(bench.ports, pictures=pictures))
        client = fetcher(portal, clock or (lambda: now), _known_hosts(bench), web)
        try:
            await pipeline.run(bench, client, now, asking)
            if publish:
                await _publish(portal, bench, client, small, now)
            files, _ = bench.ports.records.read_all()
            notify(Notice("total", "items", count=len(files)))
            notify(Notice("total", "published", count=sum(bool(file.record.published) for file in files)))
            if repository is not None:
                subject = repository.commit({file.path: file.record.title for file in files})
                notify(Notice("committed", subject, f"committed: {subject}") if subject else Notice("uncommitted"))
        finally:
            await client.close()
            if asking is not None:
                await asking.judge.close()


async def publish(
    portal: Portal,
    now: datetime,
    notify: Notify,
    *,
    accept_deletions: bool = False,
    web: WebOptions = WebOptions(),
    clock: Callable[[], datetime] | None = None,
) -> Sequence[str]:
    """Publish the records as they are; return the paths in the site that changed. *accept_deletions* and *clock* as for `run`.

    Raises:
        RecordsMissing: most records are gone, and that is not said to be meant.
    """
    with at_work(portal, notify) as opened, reading(portal, opened) as (bench, small):
        require_records(replace(bench, deletions_are_meant=accept_deletions))
        client = fetcher(portal, clock or (lambda: now), _known_hosts(bench), web)
        try:
            return await _publish(portal, bench, client, small, now)
        finally:
            await client.close()


async def _publish(portal: Portal, bench: Bench, client: Fetcher, small: MakeThumbnail, now: datetime) -> Sequence[str]:
    made = edition(
        bench.ports.records,
        bench.ports.log,
        score=bench.stages.score,
        topics=portal.topics,
        organizations=portal.organizations,
        sources=portal.sources,
        site=site_options(portal.settings),
        now=now,
    )
    made = await _with_pictures(portal, bench, client, small, made)
    overrides = template_overrides(portal.paths.templates)
    bench.notify(Notice("step", "site", "Publishing", len(made.records)))
    files = chain.from_iterable(outlet.files(made) for outlet in outlets(made.site, overrides))
    changed = PublishedLink(portal.paths.site, portal.paths.published, bench.guard).publish(files)
    for path in changed:
        bench.notify(Notice("site", path))
    return changed


async def _with_pictures(portal: Portal, bench: Bench, client: Fetcher, small: MakeThumbnail, made: Edition) -> Edition:
    """Return *made* with thumbnails for the pictures its published records show, fetching those not yet tried."""
    if made.site.images != "thumbnail":
        return made
    shelf = ThumbnailShelf(portal.paths.pictures, pixels=made.site.thumbnail_pixels, make=small, guard=bench.guard)
    wanted = pictures_wanted(made)
    await fetch_pictures(bench, client, shelf, wanted, made.now)
    return shelf.dress(made, wanted)


def template_overrides(folder: Path) -> Mapping[str, str]:
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
    with at_work(portal, notify) as opened, reading(portal, opened) as (bench, _):
        pipeline.import_archive(bench, source, now)


def present() -> datetime:
    """Return the present moment, UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)
