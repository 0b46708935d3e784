"""How reading is doing, provider by provider: how often each field is found, and what fell against the time before."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsloom.model.reading import ReadFacts

FIELDS: Mapping[str, str] = {"body": "body", "date": "publishedDateTime", "image": "images", "author": "authors"}
"""What is watched, by the key of `Article.methods`."""

ENOUGH = 10
"""Pages on either side from which on a share tells something."""

_DROP = 0.15
_DEVIATIONS = 3.0
"""A drop counts when it is this many standard errors of the difference of two proportions: by chance 1 in 700."""

_NOT_TOLD = "first-seen"
_FEED_ONLY = "feed:entry"


@dataclass(frozen=True, slots=True)
class Drop:
    """A field found far less often than before: shares in 0..1, and the newest page without it."""

    field: str
    before: float
    now: float
    example: str


@dataclass(frozen=True, slots=True)
class ProviderReading:
    """How one provider's items were read in the days asked about; shares in 0..1.

    Attributes:
        provider: its domain.
        pages: items seen in these days; `pages_before`: in as many days before.
        shares: field (`FIELDS`) → share of items that have it.
        feed_only: items whose page was not read: what the feed says is all there is. `unread` has the reasons, with numbers.
        needs_javascript: pages that show nothing without running their scripts. paywalled: texts behind a paywall.
        methods: field → the methods in use, each with its share, most used first; at most three.
        drops: what fell.
    """

    provider: str
    pages: int
    pages_before: int
    shares: Mapping[str, float]
    feed_only: float
    needs_javascript: float
    paywalled: float
    unread: Mapping[str, int]
    methods: Mapping[str, Mapping[str, float]]
    drops: tuple[Drop, ...] = ()


def reading_health(facts: Iterable[ReadFacts], *, now: datetime, days: int) -> tuple[ProviderReading, ...]:
    """Return how each provider was read in the *days* before *now*, those with drops first, then those with most pages.

    Args:
        facts: of twice as many days; any order.
        now: timezone-aware.
        days: 1 or more.
    """
    split, begin = now - timedelta(days=days), now - timedelta(days=2 * days)
    recent: dict[str, list[ReadFacts]] = defaultdict(list)
    earlier: dict[str, list[ReadFacts]] = defaultdict(list)
    for fact in sorted(facts, key=lambda fact: (fact.at, fact.url)):
        if begin <= fact.at <= now:
            (recent if fact.at > split else earlier)[fact.provider].append(fact)
    told = [_provider(name, recent[name], earlier.get(name, [])) for name in recent]
    return tuple(sorted(told, key=lambda one: (not one.drops, -one.pages, one.provider)))


def _provider(name: str, recent: Sequence[ReadFacts], earlier: Sequence[ReadFacts]) -> ProviderReading:
    shares = {field: _share(recent, field) for field in FIELDS}
    unread = Counter(fact.unread for fact in recent if fact.unread)
    drops = [_drop(field, recent, earlier) for field in FIELDS]
    return ProviderReading(
        provider=name,
        pages=len(recent),
        pages_before=len(earlier),
        shares=shares,
        feed_only=round(sum(fact.methods.get("type") == _FEED_ONLY for fact in recent) / len(recent), 2),
        needs_javascript=round(unread["needs_javascript"] / len(recent), 2),
        paywalled=round(sum(fact.access == "paywalled" for fact in recent) / len(recent), 2),
        unread=dict(unread.most_common()),
        methods={field: _methods(recent, field) for field in (*FIELDS, "title")},
        drops=tuple(drop for drop in drops if drop is not None),
    )


def _has(fact: ReadFacts, field: str) -> bool:
    return fact.methods.get(FIELDS[field], _NOT_TOLD) != _NOT_TOLD


def _share(facts: Sequence[ReadFacts], field: str) -> float:
    return round(sum(_has(fact, field) for fact in facts) / len(facts), 2)


def _methods(facts: Sequence[ReadFacts], field: str) -> dict[str, float]:
    used = Counter(method for fact in facts if (method := fact.methods.get(FIELDS.get(field, field))))
    return {method: round(count / len(facts), 2) for method, count in used.most_common(3)}


def _drop(field: str, recent: Sequence[ReadFacts], earlier: Sequence[ReadFacts]) -> Drop | None:
    """Return the drop of *field*, None when there is none or too few pages tell. Test of two proportions, pooled."""
    if min(len(recent), len(earlier)) < ENOUGH:
        return None
    before = sum(_has(fact, field) for fact in earlier) / len(earlier)
    now = sum(_has(fact, field) for fact in recent) / len(recent)
    pooled = (before * len(earlier) + now * len(recent)) / (len(earlier) + len(recent))
    error = math.sqrt(pooled * (1 - pooled) * (1 / len(earlier) + 1 / len(recent)))
    if before - now < _DROP or before - now < _DEVIATIONS * error:
        return None
    example = next(fact.url for fact in reversed(recent) if not _has(fact, field))
    return Drop(field, round(before, 2), round(now, 2), example)
