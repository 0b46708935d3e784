"""Collecting, decided purely: which sources are due, what to ask for, what an answer means for the next time.

Intervals follow what a source really brings: halved when it brought something, half as long again when not. A source that
fails is asked ever more rarely and never dropped, since feeds come back.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from newsloom.model.page import FeedDocument, FeedEntry, FetchedPage, FetchFailure, FetchOutcome, FetchRequest
from newsloom.model.source import Source, SourceCondition, SourceState

T = TypeVar("T")

MIN_INTERVAL = timedelta(minutes=15)
MAX_INTERVAL = timedelta(hours=24)
MAX_PROBE_INTERVAL = timedelta(days=7)
"""Even a dead or gone source is asked once in this time."""

ADOPT_AFTER = 3
"""A permanent redirect is believed when it was seen this many times in a row."""

_LONGEST_WISH = timedelta(hours=6)  # a feed's own ttl counts up to here: many say a day and mean nothing by it
_DEAD_AFTER = timedelta(days=7)
_DEAD_FAILURES = 8
_FORSAKE_AFTER = 3
_JITTER_RATIO = 0.1


def request_for(source: Source, state: SourceState, headers: Mapping[str, str]) -> FetchRequest:
    """Return what to ask for to poll *source*: conditional, and at its new address once that is adopted.

    Args:
        headers: the owner's own for this source.
    """
    return FetchRequest(
        url=_address(source, state),
        etag=state.etag,
        last_modified=state.last_modified,
        headers=headers,
        accept="page" if source.kind == "page" else "feed",
    )


def due(sources: Iterable[Source], states: Mapping[str, SourceState], now: datetime) -> tuple[Source, ...]:
    """Return the sources to poll at *now*: those never polled first, in their order, then the most overdue."""
    waiting: list[tuple[datetime, Source]] = []
    for source in sources:
        state = states.get(source.url)
        when = state.next_poll if state is not None else None
        if when is None or when <= now:
            waiting.append((when or datetime.min.replace(tzinfo=UTC), source))
    return tuple(source for _, source in sorted(waiting, key=lambda pair: pair[0]))


def next_state(
    source: Source,
    state: SourceState,
    outcome: FetchOutcome,
    document: FeedDocument | None,
    *,
    error: str | None,
    fresh_entries: int,
    now: datetime,
) -> SourceState:
    """Return what to remember of *source* after a poll.

    Args:
        document: the feed that was read; None when nothing was read (a page, 304, a failure).
        error: why what came could not be read; None when it could. Such a poll counts as failed.
        fresh_entries: how many entries were new.
        now: timezone-aware.
    """
    if isinstance(outcome, FetchFailure):
        if outcome.kind == "throttled" and outcome.status != 503:
            return _waiting(source, state, outcome, now)
        return _failed(source, state, outcome.message, outcome, now)
    if error is not None:
        return _failed(source, state, error, None, now)
    interval = _adapted(state.interval, fresh_entries, document)
    state = dataclasses.replace(
        state,
        condition="ok",
        failures=0,
        first_failure=None,
        last_error=None,
        last_success=now,
        interval=interval,
        next_poll=now + _jittered(interval, source.url),
    )
    if isinstance(outcome, FetchedPage):
        state = _with_page(state, outcome, now)
    return _with_redirect(source, state, outcome.permanent_url)


def offline_state(source: Source, state: SourceState, outcome: FetchFailure, now: datetime) -> SourceState:
    """Return what to remember of *source* after a poll that reached no source at all: it is asked again soon.

    It failed, but most likely for want of a network here; waiting ever longer would cost hours once that is back.
    """
    after = _failed(source, state, outcome.message, outcome, now)
    return dataclasses.replace(after, next_poll=now + _jittered(MIN_INTERVAL, source.url))


def newest(entries: Iterable[T], entry_of: Callable[[T], FeedEntry], limit: int) -> tuple[T, ...]:
    """Return the newest *limit* of *entries*, which come in the order of their feed, oldest first."""
    return tuple(reversed(_newest_first(entries, entry_of)[:limit]))


def entry_notes(document: FeedDocument) -> tuple[str, ...]:
    """Return what a run's report should say about *document*, one sentence each."""
    without_link = sum(1 for entry in document.entries if not entry.link)
    skipped = (
        (f"{without_link} {'entry' if without_link == 1 else 'entries'} without a link skipped",)
        if without_link
        else ()
    )
    return document.notes + skipped


def digest(body: bytes) -> str:
    """Return the digest of *body* that `SourceState.content_digest` remembers."""
    return hashlib.sha256(body).hexdigest()[:16]


def _address(source: Source, state: SourceState) -> str:
    return state.moved_to if state.moved_to and state.moved_count >= ADOPT_AFTER else source.url


def _adapted(interval: timedelta, fresh_entries: int, document: FeedDocument | None) -> timedelta:
    wish = timedelta(seconds=document.minimum_interval_seconds or 0) if document is not None else timedelta(0)
    floor = max(MIN_INTERVAL, min(wish, _LONGEST_WISH))
    changed = interval / 2 if fresh_entries else interval * 3 / 2
    return min(max(changed, floor), MAX_INTERVAL)


def _with_page(state: SourceState, page: FetchedPage, now: datetime) -> SourceState:
    """Remember validators and content of a page that could be read."""
    fingerprint = digest(page.body)
    return dataclasses.replace(
        state,
        etag=page.headers.get("etag"),
        last_modified=page.headers.get("last-modified"),
        content_digest=fingerprint,
        last_change=now if fingerprint != state.content_digest else state.last_change,
    )


def _with_redirect(source: Source, state: SourceState, permanent_url: str | None) -> SourceState:
    """Count how often in a row the source said that it moved for good, in a page or in a 304."""
    if permanent_url is not None:
        again = permanent_url == state.moved_to
        return dataclasses.replace(state, moved_to=permanent_url, moved_count=state.moved_count + 1 if again else 1)
    if _address(source, state) == source.url:
        return dataclasses.replace(state, moved_to=None, moved_count=0)
    return state  # the adopted address answers for itself


def _waiting(source: Source, state: SourceState, outcome: FetchFailure, now: datetime) -> SourceState:
    """The host asked for patience: the source has not failed, and is not asked before then."""
    patience = now + _jittered(MIN_INTERVAL, source.url)
    when = max(outcome.retry_at, patience) if outcome.retry_at else patience
    return dataclasses.replace(state, next_poll=when, last_error=outcome.message)


def _failed(
    source: Source, state: SourceState, message: str, outcome: FetchFailure | None, now: datetime
) -> SourceState:
    failures = state.failures + 1
    first = state.first_failure or now
    condition = _condition(outcome, failures, now - first)
    wait = _backoff(state.interval, failures, condition)
    when = now + _jittered(wait, source.url)
    if outcome is not None and outcome.retry_at is not None:
        when = max(when, outcome.retry_at)
    forsaken = failures >= _FORSAKE_AFTER and _address(source, state) != source.url
    return dataclasses.replace(
        state,
        condition=condition,
        failures=failures,
        first_failure=first,
        last_error=message,
        next_poll=when,
        moved_to=None if forsaken else state.moved_to,
        moved_count=0 if forsaken else state.moved_count,
    )


def _condition(outcome: FetchFailure | None, failures: int, failing: timedelta) -> SourceCondition:
    if outcome is not None and outcome.kind == "gone":
        return "gone"
    if failing < _DEAD_AFTER or failures < _DEAD_FAILURES:
        return "degraded"
    return "gone" if outcome is not None and outcome.status == 404 else "dead"


def _backoff(interval: timedelta, failures: int, condition: SourceCondition) -> timedelta:
    """Double with each failure: up to a day while there is hope, up to a week afterwards."""
    longest = MAX_INTERVAL if condition == "degraded" else MAX_PROBE_INTERVAL
    if condition == "gone":
        return longest
    return min(max(interval, MIN_INTERVAL) * (1 << min(failures, 20)), longest)


def _jittered(interval: timedelta, url: str) -> timedelta:
    """Return *interval* shortened by up to a tenth, always the same for one source, so that sources spread out."""
    share = int.from_bytes(hashlib.sha256(url.encode("utf-8", "replace")).digest()[:4], "big") / 2**32
    return max(interval * (1 - _JITTER_RATIO * share), MIN_INTERVAL * (1 - _JITTER_RATIO))


def _newest_first(entries: Iterable[T], entry_of: Callable[[T], FeedEntry]) -> list[T]:
    """Sort by date; an entry without one stays beside the one before it, since feeds list the newest first."""
    dated: list[tuple[datetime, T]] = []
    last = datetime.max.replace(tzinfo=UTC)
    for one in entries:
        last = entry_of(one).published or entry_of(one).updated or last
        dated.append((last, one))
    return [one for _, one in sorted(dated, key=lambda pair: pair[0], reverse=True)]
