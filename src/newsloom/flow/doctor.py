"""What is wrong with this portal, and how to fix it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal

from newsloom.errors import ConfigError
from newsloom.flow.world import Bench
from newsloom.model.portal import SiteOptions
from newsloom.model.topic import Topic
from newsloom.stages.reading_health import ENOUGH, ProviderReading, reading_health
from newsloom.stages.record import item_from

MOST_READ = 50_000
"""Items that are looked at at most when it is asked how reading is doing: a second of work."""

_MOSTLY = 0.5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a person may want to fix. `level`: `error` loses or hides something, `warning` may, `info` is advice."""

    level: Literal["error", "warning", "info"]
    what: str
    fix: str = ""


def diagnose(
    bench: Bench,
    topics: tuple[Topic, ...],
    site: SiteOptions,
    now: datetime,
    *,
    wrong: Sequence[ConfigError] = (),
    unmatched: Sequence[str] = (),
    reading: Sequence[ProviderReading] = (),
    contact: str = "",
    names: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Finding, ...]:
    """Return all findings, worst first. Reads the portal's files and working state, asks no network.

    Args:
        wrong: what is wrong with provider files that were passed over, and with secrets of sources.
        reading: how reading is doing (`provider_readings`).
        names: domain → name of providers, where it is known.
        contact: what the User-Agent tells publishers, empty when nothing.
        unmatched: addresses that newsloom.toml sets something for and that no source has.
    """
    declared = [
        Finding(
            "warning", f"newsloom.toml sets something for {url}, which is no source", "write it as sources.opml does"
        )
        for url in unmatched
    ]
    providers = [Finding("error", f"{error.where}: {error.message}", error.hint or "mend the file") for error in wrong]
    findings = [
        *_declarations(bench, topics, site, contact),
        *providers,
        *declared,
        *_sources(bench, now),
        *_records(bench, topics),
        *_reading(reading, names),
    ]
    order = {"error": 0, "warning": 1, "info": 2}
    return tuple(sorted(findings, key=lambda finding: order[finding.level]))


def provider_readings(bench: Bench, now: datetime, days: int) -> tuple[ProviderReading, ...]:
    """Return how each provider's items were read in the last *days*, by the newest `MOST_READ` of twice that time."""
    with bench.ports.store.begin() as work:
        facts = work.items.read_facts(now - timedelta(days=2 * days), MOST_READ)
    return reading_health(facts, now=now, days=days)


def _reading(readings: Sequence[ProviderReading], names: Mapping[str, str]) -> list[Finding]:
    found = []
    for one in readings:
        who = names.get(one.provider, one.provider)
        for drop in one.drops:
            told = f"{who}: {drop.field} found in {drop.now:.0%} of {one.pages} items, in {drop.before:.0%} before"
            found.append(Finding("warning", told, f"`newsloom read {drop.example} --compare`"))
        if one.pages >= ENOUGH and one.feed_only >= _MOSTLY:
            kinds = ", ".join(f"{kind.replace('_', ' ')} {count}" for kind, count in one.unread.items())
            told = f"{who}: {one.feed_only:.0%} of {one.pages} items are known by the feed alone"
            fix = "nothing to do where the publisher wants it so; a feed with full texts reads better"
            found.append(Finding("info", f"{told} ({kinds})" if kinds else told, fix))
    return found


def _declarations(bench: Bench, topics: tuple[Topic, ...], site: SiteOptions, contact: str) -> list[Finding]:
    found = []
    if not bench.declared.sources:
        found.append(
            Finding("warning", "no source is declared", "`newsloom add ADDRESS`, or `newsloom import opml FILE`")
        )
    if not topics:
        found.append(
            Finding("warning", "no topic is declared, so nothing is published", "write _data/topics/01-mine.yaml")
        )
    if not site.url:
        found.append(
            Finding(
                "warning",
                "site.url is not set: links in the published feeds lead nowhere, no sitemap is written",
                "set `url` under [site] in newsloom.toml before others read the portal",
            )
        )
    if not contact:
        told = "fetch.contact is not set: publishers cannot reach you about your requests"
        found.append(Finding("info", told, "set `contact` under [fetch] in newsloom.toml"))
    if not site.contact:
        told = "site.contact is not set: readers cannot reach you"
        found.append(Finding("info", told, "set `contact` under [site] in newsloom.toml"))
    for topic in topics:
        if not topic.keywords and not topic.examples:
            found.append(
                Finding(
                    "warning",
                    f"topic {topic.name!r} has neither keywords nor examples: nothing gets it",
                    f"edit {topic.path}",
                )
            )
    return found


def _sources(bench: Bench, now: datetime) -> list[Finding]:
    found = []
    with bench.ports.store.begin() as work:
        for source in bench.declared.sources:
            state = work.sources.get_state(source.url)
            who = f"{source.title}: {source.url}" if source.title else source.url
            if state.last_success is None and state.failures == 0:
                found.append(Finding("info", f"{who} was never polled", "`newsloom run`"))
            elif state.condition != "ok":
                again = state.next_poll.strftime("%Y-%m-%d %H:%M UTC") if state.next_poll else "the next run"
                level: Literal["error", "warning"] = "warning" if state.condition == "degraded" else "error"
                fix = "check the address, or remove it from sources.opml" if level == "error" else ""
                found.append(
                    Finding(level, f"{who} is {state.condition}: {state.last_error}; asked again {again}", fix)
                )
            if state.moved_to:
                found.append(Finding("info", f"{who} moved for good to {state.moved_to}", "change it in sources.opml"))
        for host in work.sources.get_hosts():
            if host.not_before and host.not_before > now:
                found.append(
                    Finding("warning", f"{host.host} asked us to wait until {host.not_before:%Y-%m-%d %H:%M UTC}", "")
                )
        waiting = work.queue.count()
    if waiting:
        found.append(Finding("info", f"{waiting} entries wait for their pages", "the next run fetches them"))
    return found


def _records(bench: Bench, topics: tuple[Topic, ...]) -> list[Finding]:
    files, quarantined = bench.ports.records.read_all()
    found = [
        Finding("error", f"{bad.path} cannot be read: {bad.reason}", "mend it by hand; newsloom leaves it alone")
        for bad in quarantined
    ]
    ids = Counter(item_from(file).id for file in files)
    for key, times in ids.items():
        if times > 1:
            paths = [file.path for file in files if item_from(file).id == key]
            found.append(Finding("error", f"{times} files are one item: {', '.join(paths)}", "delete all but one"))
    declared = {topic.name for topic in topics}
    given = Counter(name for file in files for name in file.record.topics if name not in declared)
    for name, times in sorted(given.items()) if declared else ():
        told = f"{times} record{' has' if times == 1 else 's have'} the topic {name!r}, which is not declared"
        found.append(Finding("warning", told, "declare it in _data/topics/, or correct the records"))
    if files and not any(file.record.published for file in files):
        found.append(Finding("warning", "no record is published", "`newsloom explain ID` says why for any of them"))
    return found
