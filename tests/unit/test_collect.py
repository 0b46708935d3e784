"""What polling decides: when to ask again, what a failure means, what is new."""

from __future__ import annotations

import dataclasses
import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsloom.model.page import FeedDocument, FeedEntry, FetchedPage, FetchFailure, FetchOutcome, NotModified
from newsloom.model.source import Source, SourceState
from newsloom.stages.collect import (
    MAX_INTERVAL,
    MAX_PROBE_INTERVAL,
    MIN_INTERVAL,
    due,
    entry_notes,
    newest,
    next_state,
    request_for,
)
from newsloom.stages.identity import entry_keys, listed

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SOURCE = Source("https://harborpost.example/feed")
URL = SOURCE.url


def page(body: bytes = b"x", permanent: str | None = None, **headers: str) -> FetchedPage:
    return FetchedPage(URL, permanent or URL, 200, body, NOW, headers=headers, permanent_url=permanent)


def failure(kind: str = "connect", status: int | None = None, retry_at: datetime | None = None) -> FetchFailure:
    return FetchFailure(URL, kind, "did not work", NOW, status=status, retry_at=retry_at)  # type: ignore[arg-type]


def after(
    state: SourceState,
    outcome: FetchOutcome,
    *,
    fresh: int = 0,
    error: str | None = None,
    now: datetime = NOW,
    ttl: int | None = None,
) -> SourceState:
    document = FeedDocument("rss-2.0", (), minimum_interval_seconds=ttl)
    return next_state(SOURCE, state, outcome, document, error=error, fresh_entries=fresh, now=now)


def failing(outcome: FetchFailure, days: float) -> list[tuple[datetime, SourceState]]:
    """Poll a failing source whenever it is due, for that many days."""
    state, now, history = SourceState(URL), NOW, []
    while now <= NOW + timedelta(days=days):
        state = after(state, outcome, now=now)
        history.append((now, state))
        assert state.next_poll is not None
        now = state.next_poll
    return history


def test_interval_follows_freshness_within_bounds() -> None:
    state = SourceState(URL)
    for _ in range(10):
        state = after(state, page(), fresh=3)
    assert state.interval == MIN_INTERVAL
    for _ in range(20):
        state = after(state, NotModified(URL, NOW))
    assert state.interval == MAX_INTERVAL
    assert state.condition == "ok"
    assert state.last_success == NOW
    assert after(SourceState(URL), page(), fresh=3, ttl=7200).interval == timedelta(hours=2)
    assert after(SourceState(URL), page(), fresh=3, ttl=86_400).interval == timedelta(hours=6)


def test_jitter_is_bounded_and_the_same_each_time() -> None:
    waits = set()
    for number in range(50):
        source = Source(f"https://p{number}.example/feed")
        states = [
            next_state(source, SourceState(source.url), page(), None, error=None, fresh_entries=0, now=NOW)
            for _ in range(2)
        ]
        assert states[0] == states[1]
        assert states[0].next_poll is not None
        wait = states[0].next_poll - NOW
        assert states[0].interval * 0.9 <= wait <= states[0].interval
        waits.add(wait)
    assert len(waits) > 40


def test_validators_and_content_are_remembered() -> None:
    state = after(SourceState(URL), page(b"one", etag='W/"1"', **{"last-modified": "odd"}))
    request = request_for(SOURCE, state, {"Cookie": "a=b"})
    assert (request.etag, request.last_modified, request.accept) == ('W/"1"', "odd", "feed")
    assert request.headers == {"Cookie": "a=b"}
    later = NOW + timedelta(hours=1)
    assert after(state, page(b"one"), now=later).last_change == NOW
    assert after(state, page(b"two"), now=later).last_change == later
    unreadable = after(state, page(b"<html>", etag='"2"'), error="this is an HTML page")
    assert (unreadable.etag, unreadable.condition, unreadable.last_error) == (
        'W/"1"',
        "degraded",
        "this is an HTML page",
    )


def test_a_failing_source_goes_from_degraded_to_dead_and_is_probed_for_ever() -> None:
    history = failing(failure(), days=120)
    conditions = [state.condition for _, state in history]
    assert conditions[0] == "degraded"
    assert conditions[-1] == "dead"
    first_dead = conditions.index("dead")
    moment, state = history[first_dead]
    assert moment - NOW >= timedelta(days=7)
    assert state.failures >= 8
    gaps = [there - here for (here, _), (there, _) in itertools.pairwise(history)]
    assert max(gaps) <= MAX_PROBE_INTERVAL
    assert gaps[-1] > timedelta(days=6)
    recovered = after(history[-1][1], page(), fresh=1)
    assert (recovered.condition, recovered.failures, recovered.first_failure, recovered.last_error) == (
        "ok",
        0,
        None,
        None,
    )


def test_gone_at_once_or_by_persistence() -> None:
    assert after(SourceState(URL), failure("gone", 410)).condition == "gone"
    assert after(SourceState(URL), failure("http_status", 404)).condition == "degraded"
    assert failing(failure("http_status", 404), days=20)[-1][1].condition == "gone"
    gone = after(SourceState(URL), failure("gone", 410))
    assert gone.next_poll is not None
    assert gone.next_poll <= NOW + MAX_PROBE_INTERVAL
    assert after(gone, page()).condition == "ok"


def test_retry_after_is_respected_and_no_failure() -> None:
    until = NOW + timedelta(hours=5)
    state = after(SourceState(URL), failure("throttled", 429, until))
    assert (state.condition, state.failures, state.next_poll) == ("ok", 0, until)
    down = after(SourceState(URL), failure("throttled", 503, until))
    assert (down.condition, down.failures) == ("degraded", 1)
    assert down.next_poll is not None
    assert down.next_poll >= until


def test_permanent_redirect_is_adopted_after_three_and_forsaken_when_it_fails() -> None:
    new = "https://new.example/feed"
    state = SourceState(URL)
    for count in (1, 2, 3):
        assert request_for(SOURCE, state, {}).url == URL
        state = after(state, page(permanent=new))
        assert state.moved_count == count
    assert request_for(SOURCE, state, {}).url == new
    kept = after(state, dataclasses.replace(page(), url=new, final_url=new))
    assert request_for(SOURCE, kept, {}).url == new
    for _ in range(3):
        kept = after(kept, failure())
    assert request_for(SOURCE, kept, {}).url == URL
    quiet = SourceState(URL)
    for _ in range(3):
        quiet = after(quiet, NotModified(URL, NOW, permanent_url=new))
    assert request_for(SOURCE, quiet, {}).url == new, "a feed that moved and brings nothing new has moved too"
    undecided = after(after(SourceState(URL), page(permanent=new)), page())
    assert (undecided.moved_to, undecided.moved_count) == (None, 0)


def test_due_orders_by_how_overdue() -> None:
    sources = [Source(f"https://p{number}.example/") for number in range(5)]
    when = {0: timedelta(hours=1), 1: timedelta(hours=-1), 3: timedelta(hours=-5)}
    states = {sources[n].url: SourceState(sources[n].url, next_poll=NOW + delta) for n, delta in when.items()}
    assert due(sources, states, NOW) == (sources[2], sources[4], sources[3], sources[1])


def entry(number: int, **changes: object) -> FeedEntry:
    values: dict[str, object] = {
        "link": f"https://harborpost.example/n/{number}",
        "id": f"guid-{number}",
        "published": NOW + timedelta(hours=number),
    } | changes
    return FeedEntry(**values)  # type: ignore[arg-type]


def fresh(entries: list[FeedEntry], seen: list[FeedEntry], limit: int = 100) -> list[str | None]:
    keys = {key for old in seen for key in entry_keys(SOURCE, old)}
    found = [one for one in listed(FeedDocument("rss-2.0", tuple(entries)), SOURCE) if not keys.intersection(one.keys)]
    return [one.entry.link for one in newest(found, lambda one: one.entry, limit)]


def test_new_entries_come_oldest_first_and_bounded() -> None:
    entries = [entry(5), entry(4), entry(3, published=None), entry(2), entry(1), entry(0, link=None)]
    links = [entry(n).link for n in (1, 2, 3, 4, 5)]
    assert fresh(entries, []) == links
    assert fresh(entries, [], limit=2) == links[-2:]
    assert fresh(entries, [entry(4), entry(2)]) == [links[0], links[2], links[4]]
    assert entry_notes(FeedDocument("rss-2.0", tuple(entries), notes=("cut",))) == (
        "cut",
        "1 entry without a link skipped",
    )


@pytest.mark.parametrize(
    "changed",
    [
        entry(1, id="renewed-guid"),
        entry(1, link="http://www.harborpost.example/n/1/?utm_source=rss&utm_medium=feed", id="other-guid"),
        entry(1, link="https://harborpost.example/n/1-with-a-corrected-headline"),
    ],
)
def test_changed_guids_and_decorated_links_are_recognised(changed: FeedEntry) -> None:
    assert set(entry_keys(SOURCE, changed)) & set(entry_keys(SOURCE, entry(1)))
    assert not set(entry_keys(SOURCE, changed)) & set(entry_keys(SOURCE, entry(2)))


def test_a_guid_is_its_sources_own_and_must_say_something() -> None:
    elsewhere = entry_keys(Source("https://other.example/feed"), entry(1, link="https://other.example/n/1"))
    assert not set(elsewhere) & set(entry_keys(SOURCE, entry(1)))
    for nothing in ("1", "https://harborpost.example/", None):
        assert len(entry_keys(SOURCE, entry(1, id=nothing))) == 1
    assert len(entry_keys(SOURCE, entry(1, link=None, id="1"))) == 1
    assert entry_keys(SOURCE, entry(1, link=None, id=None)) == ()


def test_a_guid_that_says_nothing_hides_nothing() -> None:
    assert len(fresh([entry(2, id="same-for-all"), entry(3, id="same-for-all")], [entry(1, id="same-for-all")])) == 2
    assert len(fresh([entry(2, id="1")], [entry(1, id="1")])) == 1
    assert len(fresh([entry(2, id="https://harborpost.example/")], [entry(1, id="https://harborpost.example/")])) == 1
    assert len(fresh([entry(1), entry(1)], [])) == 1


OUTCOMES = st.one_of(
    st.builds(page, st.binary(max_size=2), st.sampled_from([None, "https://a.example/", "https://b.example/"])),
    st.just(NotModified(URL, NOW)),
    st.builds(
        failure,
        st.sampled_from(["connect", "throttled", "gone", "http_status", "timeout"]),
        st.sampled_from([None, 404, 429, 503]),
        st.sampled_from([None, NOW, NOW + timedelta(days=1)]),
    ),
)


@given(st.lists(st.tuples(OUTCOMES, st.integers(0, 3)), max_size=30))
def test_every_history_leads_to_a_next_poll(history: list[tuple[FetchOutcome, int]]) -> None:
    state, now = SourceState(URL), NOW
    for outcome, count in history:
        state = after(state, outcome, fresh=count, now=now)
        assert state.next_poll is not None
        assert now < state.next_poll <= max(now, NOW + timedelta(days=1)) + MAX_PROBE_INTERVAL
        assert MIN_INTERVAL <= state.interval <= MAX_INTERVAL
        now = state.next_poll
