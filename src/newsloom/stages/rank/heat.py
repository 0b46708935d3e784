"""The heat rules of profile `newsloom`: independent coverage that wears off, against what is usual for the topic.

    N    = the greatest, over every moment s a report appeared, of
           ½^((now − s) / story half-life) · sum over providers that reported since s of weight · ½^(age of their latest report / half-life)
    heat = round(scale · log2(1 + N / (1 + b)))        b: what N reaches for the topic's usual story

A story grows old with the stretch of reports that keeps it hottest, not with its oldest member: so an old report that is found
late never cools it, and fresh news about an old matter is fresh.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import log2

from newsloom.model.score import Term
from newsloom.stages.rank.facts import Report, StoryFacts

HALF_LIFE_HOURS = 6.0
STORY_HALF_LIFE_HOURS = 72.0


def decay(age_hours: float, half_life_hours: float = HALF_LIFE_HOURS) -> float:
    """Return what an event of *age_hours* still counts: 1.0 when fresh, half as much after every *half_life_hours*.

    Source: Cormode et al., "Forward Decay", ICDE 2009, doi:10.1109/ICDE.2009.65.
    """
    return float(2.0 ** (-age_hours / half_life_hours))


@dataclass(frozen=True, slots=True)
class Strength:
    """How strongly a story is covered: what providers of known and of unknown standing add, and what its age leaves of it.

    `reports` are those of the stretch that keeps the story hottest, newest first.
    """

    known: float = 0.0
    unknown: float = 0.0
    kept: float = 1.0
    reports: tuple[Report, ...] = ()

    @property
    def total(self) -> float:
        """Return N."""
        return (self.known + self.unknown) * self.kept


def strength(
    reports: Sequence[Report],
    *,
    half_life_hours: float = HALF_LIFE_HOURS,
    story_half_life_hours: float = STORY_HALF_LIFE_HOURS,
    least_weight: float = 0.05,
    unknown_weight: float = 0.1,
    unknown_at_most: float = 0.4,
) -> Strength:
    """Return how strong the coverage in *reports*, one a provider, is now.

    A provider weighs standing/100, at least *least_weight*. Of those whose standing is unknown the freshest weighs
    *unknown_weight*, and each next one so much less that all together never reach *unknown_at_most*: less than one neutral
    provider, whatever their number.

    Cost: O(n log n).
    """
    best = Strength()
    known = unknown = 0.0
    next_unknown = min(unknown_weight, unknown_at_most)
    lessening = 1.0 - next_unknown / unknown_at_most if unknown_at_most > 0.0 else 0.0
    ordered = sorted(reports, key=lambda report: (report.age, report.domain))
    for count, report in enumerate(ordered, 1):
        fresh = decay(_hours(report.age), half_life_hours)
        if report.standing is None:
            unknown += next_unknown * fresh
            next_unknown *= lessening
        else:
            known += min(1.0, max(least_weight, report.standing / 100)) * fresh
        since = Strength(known, unknown, decay(_hours(report.age), story_half_life_hours), tuple(ordered[:count]))
        if since.total > best.total:
            best = since
    return best


def coverage(
    name: str,
    facts: StoryFacts,
    *,
    scale: float = 40.0,
    half_life_hours: float = HALF_LIFE_HOURS,
    story_half_life_hours: float = STORY_HALF_LIFE_HOURS,
    least_weight: float = 0.05,
    unknown_weight: float = 0.1,
    unknown_at_most: float = 0.4,
) -> tuple[Term, ...]:
    """Give round(scale · log2(1 + N / (1 + b))) in four terms.

    `<name>` is what known providers give alone, `<name>_unknown` what unknown ones add, `<name>_age` what the story's age
    takes, `<name>_usual` what is taken since the topic is used to b. See `strength` for N, `StoryFacts.usual` for b.
    Laws: more independent providers never lower it, copies and order do not change it, passing time never raises it.
    """
    found = strength(
        facts.reports, half_life_hours=half_life_hours, story_half_life_hours=story_half_life_hours,
        least_weight=least_weight, unknown_weight=unknown_weight, unknown_at_most=unknown_at_most,
    )  # fmt: skip
    steps = (found.known, found.known + found.unknown, found.total, found.total / (1.0 + facts.usual))
    alone, together, aged, total = (round(scale * log2(1.0 + step)) for step in steps)
    since = f"its liveliest stretch began {_age(found.reports[-1].age)}" if found.reports else "nothing fresh"
    return (
        Term(name, alone, _named([report for report in found.reports if report.standing is not None])),
        Term(f"{name}_unknown", together - alone, _named([r for r in found.reports if r.standing is None])),
        Term(f"{name}_age", aged - together, since),
        Term(f"{name}_usual", total - aged, f"usual for {facts.usual_of}: {facts.usual:.2f}" if facts.usual else "nothing is usual yet"),
    )  # fmt: skip


def _hours(age: timedelta) -> float:
    return age / timedelta(hours=1)


def _named(reports: Sequence[Report]) -> str:
    if not reports:
        return "none"
    shown = ", ".join(f"{report.name or report.domain} {_age(report.age)}" for report in reports[:5])
    return f"{len(reports)}: {shown}" + (", …" if len(reports) > 5 else "")


def _age(age: timedelta) -> str:
    hours = age // timedelta(hours=1)
    return f"{hours} h ago" if hours < 48 else f"{hours // 24} d ago"


def not_leading(name: str, facts: StoryFacts) -> tuple[Term, ...]:
    """Bring the heat to −1 for an item that does not lead its story."""
    if facts.leads:
        return (Term(name, 0, "leads its story"),)
    led_by = "led by another item"
    if facts.leader is not None:
        led_by = f'led by "{facts.leader.article.title}" ({facts.leader.article.provider.name})'
    return (Term(name, -1 - facts.subtotal, led_by),)
