"""The heat rules of profile `newsloom`: independent coverage, each provider's latest report halved every few hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from math import fsum, log2

from newsloom.model.score import Term
from newsloom.stages.rank.facts import Report, StoryFacts

HALF_LIFE_HOURS = 6.0


def decay(age_hours: float, half_life_hours: float = HALF_LIFE_HOURS) -> float:
    """Return what an event of *age_hours* still counts: 1.0 when fresh, half as much after every *half_life_hours*.

    Source: Cormode et al., "Forward Decay", ICDE 2009, doi:10.1109/ICDE.2009.65.
    """
    return float(2.0 ** (-age_hours / half_life_hours))


def coverage(
    name: str,
    facts: StoryFacts,
    *,
    scale: float = 40.0,
    half_life_hours: float = HALF_LIFE_HOURS,
    least_weight: float = 0.05,
    unknown_weight: float = 0.15,
    unknown_at_most: float = 1.0,
) -> tuple[Term, ...]:
    """Give round(scale · log2(1 + N)), N being how much independent coverage is fresh, in two terms.

    N adds up, over providers, standing/100 (at least *least_weight*; *unknown_weight* when unknown) times the decay of the
    provider's latest independent item; providers of unknown standing count *unknown_at_most* together, so that a farm of new
    hosts cannot buy heat. `<name>` is what known providers give alone, `<name>_unknown` what unknown ones add.
    Laws: more independent providers never lower it, copies and order do not
    change it, passing time never raises it.
    """
    known = [report for report in facts.reports if report.standing is not None]
    unknown = [report for report in facts.reports if report.standing is None]
    from_known = fsum(
        min(1.0, max(least_weight, (report.standing or 0) / 100)) * _fresh(report, half_life_hours) for report in known
    )
    from_unknown = min(unknown_at_most, fsum(unknown_weight * _fresh(report, half_life_hours) for report in unknown))
    alone = round(scale * log2(1.0 + from_known))
    together = round(scale * log2(1.0 + from_known + from_unknown))
    return (
        Term(name, alone, _named(known)),
        Term(f"{name}_unknown", together - alone, _named(unknown)),
    )


def _fresh(report: Report, half_life_hours: float) -> float:
    return decay(report.age / timedelta(hours=1), half_life_hours)


def _named(reports: Sequence[Report]) -> str:
    if not reports:
        return "none"
    shown = ", ".join(f"{report.domain} {_age(report.age)}" for report in reports[:5])
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
        led_by = f'led by "{facts.leader.article.title}" ({facts.leader.article.provider.domain})'
    return (Term(name, -1 - facts.subtotal, led_by),)
