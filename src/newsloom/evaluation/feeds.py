"""`newsloom eval feeds`: the feed reader against other parsers' own test suites.

Each suite states what it expects in its own way; `feed_suites` lowers all of them to the same few facts, and a case is
correct when every fact it states agrees.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from newsloom import __version__
from newsloom.adapters.feeds.reader import DefaultFeedReader
from newsloom.adapters.feeds.text import plain_text
from newsloom.adapters.feeds.values import absolute
from newsloom.errors import FeedError
from newsloom.evaluation.feed_peers import PeerRefused, peer_reader
from newsloom.evaluation.feed_suites import Case, Fact, cases_of
from newsloom.model.page import FeedDocument, FetchedPage
from newsloom.vocab.dates import parse_instant
from newsloom.vocab.headings import heading_of

Read = Callable[[FetchedPage], FeedDocument]

_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
_MOST_ROUNDS = 5
_ENOUGH_SECONDS = 3.0


def evaluate_feeds(path: Path, *, peer: str | None = None) -> dict[str, object]:
    """Measure the feed reader on the suite at *path*, and a peer in the same run.

    Args:
        path: one of the folders gofeed, feed-rs, feedparser, miniflux, feedvalidator, feedjira of `suites/`.
        peer: `feedparser`; None for no comparison.

    Returns:
        cases, correct, facts, facts_correct, exceptions, refused, feeds_per_cpu_second, reader, suite, and `peer` with the
        same keys. `correct` and the facts are None where the suite states none. `exceptions` counts what escaped a
        reader besides its own error; `refused` counts cases where it raised that one. Speed is that of the fastest of up
        to five rounds, for the peer as well: other work on the machine only ever slows one down.

    Raises:
        DataLayoutError: *path* holds no such suite, or there is no such peer.
    """
    cases = cases_of(path)
    result = _measure(cases, DefaultFeedReader().read) | {
        "reader": "newsloom",
        "version": __version__,
        "suite": path.name,
    }
    if peer is not None:
        read, version = peer_reader(peer)
        result["peer"] = _measure(cases, read) | {"reader": peer, "version": version}
    return result


def _measure(cases: list[Case], read: Read) -> dict[str, object]:
    counts = {"correct": 0, "facts": 0, "facts_correct": 0, "exceptions": 0, "refused": 0}
    seconds = _seconds(cases, read)
    for case in cases:
        document, problem = _read(case, read)
        if problem:
            counts[problem] += 1
        agreed = sum(_agrees(document, fact, case) for fact in case.facts)
        counts["facts"] += len(case.facts)
        counts["facts_correct"] += agreed
        counts["correct"] += agreed == len(case.facts)
    stated = counts["facts"] > 0
    return {
        "cases": len(cases),
        "correct": counts["correct"] if stated else None,
        "facts": counts["facts"] if stated else None,
        "facts_correct": counts["facts_correct"] if stated else None,
        "exceptions": counts["exceptions"],
        "refused": counts["refused"],
        "feeds_per_cpu_second": round(len(cases) / seconds, 1) if seconds else None,
    }


def _seconds(cases: list[Case], read: Read) -> float:
    """Return the CPU seconds of the fastest round over *cases*."""
    rounds: list[float] = []
    while len(rounds) < _MOST_ROUNDS and sum(rounds) < _ENOUGH_SECONDS:
        start = time.process_time()
        for case in cases:
            _read(case, read)
        rounds.append(time.process_time() - start)
    return min(rounds)


def _read(case: Case, read: Read) -> tuple[FeedDocument | None, str]:
    page = FetchedPage(case.address, case.address, 200, case.body, _MOMENT, charset=case.charset)
    try:
        return read(page), ""
    except (FeedError, PeerRefused):
        return None, "refused"
    except Exception:  # noqa: BLE001 - what a reader lets escape is what is counted here
        return None, "exceptions"


def _told(document: FeedDocument | None, fact: Fact, case: Case) -> object:
    """Return what newsloom goes by: where a feed names no site or title, its address; where an entry has no title, its heading."""
    if document is None:
        return None
    if fact.what == "count":
        return len(document.entries)
    if fact.entry is None:
        site = document.link or absolute(case.address, case.address)
        return (document.title or site) if fact.what == "title" else site
    if fact.entry >= len(document.entries):
        return None
    entry = document.entries[fact.entry]
    if fact.what == "instant":
        return (entry.published, entry.updated)
    return {"title": heading_of(entry), "link": entry.link, "id": entry.id}[fact.what]


def _agrees(document: FeedDocument | None, fact: Fact, case: Case) -> bool:
    if document is None:
        return False
    told = _told(document, fact, case)
    if fact.what == "title" and told != fact.value and not plain_text(str(fact.value), 2000):
        return _own_title(document, fact) is None  # a title that is nothing but a picture has no text
    if told is None:
        return False
    if fact.what == "count":
        return told == fact.value
    value = str(fact.value)
    if fact.what == "title":
        return told in (" ".join(value.split()), plain_text(value, 2000))
    if fact.what == "link":
        # Suites that leave relative links as they are mean the same page.
        return told in (absolute(value, case.address), absolute(value, document.link or case.address))
    if fact.what == "id":
        return str(told).strip() == " ".join(value.split())
    expected = parse_instant(value)
    return (
        expected is not None
        and isinstance(told, tuple)
        and _second(expected.instant) in map(_second, filter(None, told))
    )


def _own_title(document: FeedDocument, fact: Fact) -> str | None:
    if fact.entry is None:
        return document.title
    return document.entries[fact.entry].title if fact.entry < len(document.entries) else ""


def _second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
