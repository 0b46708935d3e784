"""Insight into a story: first report, timeline, independent sources, and why its lead leads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from datetime import datetime, timedelta
from math import exp, log

from newsloom.model.insight import FirstReport, StoryInsight, TimelineEntry
from newsloom.model.item import Item
from newsloom.ports.deciding import StoryView


def insight(story: StoryView, *, pinned: Set[str] = frozenset()) -> StoryInsight:
    """Return what *story* tells.

    First is the report that newsloom saw first; what one poll brought together goes by the times the pages claim; a report
    that credits another provider of the story gives place to it. A copy is never first while its original is known.

    Args:
        story: its members, one or more; the lead marked.
        pinned: ids of items that a person made lead.
    """
    origins = _origins(story.members)
    entries = sorted(
        (_entry(item, story.backlog, origins[item.id]) for item in story.members),
        key=lambda entry: (entry.at, entry.claimed or entry.at, entry.item),
    )
    lead = next((entry for entry in entries if entry.lead), entries[0])
    return StoryInsight(
        id=story.id,
        headline=lead.title,
        lead=lead.item,
        lead_rule=_lead_rule(lead, entries, story.members, pinned),
        first=_first(entries),
        timeline=tuple(entries),
        independent_sources=effective_number(Counter(entry.origin for entry in entries)),
    )


def effective_number(shares: Mapping[str, int]) -> float:
    """Return how many equal parts have the entropy of *shares*: e to the Shannon entropy; 0.0 for none.

    Example: forty copies of one text and one report beside them count 1.1.
    Source: Hill, "Diversity and Evenness", Ecology 1973, doi:10.2307/1934352, order 1.
    """
    total = sum(shares.values())
    return exp(-sum(n / total * log(n / total) for n in shares.values() if n)) if total else 0.0


def _entry(item: Item, backlog: Set[str], origin: str) -> TimelineEntry:
    article = item.article
    return TimelineEntry(
        item=item.id,
        at=item.seen_at if item.id in backlog else item.first_seen,
        first_seen=item.first_seen,
        claimed=article.published_date_time,
        provider=article.provider.name or article.provider.domain,
        domain=article.provider.domain,
        title=article.title,
        origin=origin,
        copy_of=item.duplicate_of,
        lead=bool(item.lead),
    )


def _origins(members: Sequence[Item]) -> dict[str, str]:
    """Return item id → domain of the provider whose work it is: of its original, or of the member that its byline names."""
    by_id = {item.id: item for item in members}
    by_name = {item.article.provider.name.casefold(): item.article.provider.domain for item in members}
    origins = {}
    for item in members:
        original = by_id.get(item.duplicate_of or "", item)
        domain = original.article.provider.domain
        credited = (by_name.get(author.strip().casefold()) for author in original.article.authors)
        origins[item.id] = next((other for other in credited if other and other != domain), domain)
    return origins


def _first(entries: Sequence[TimelineEntry]) -> FirstReport:
    own = [entry for entry in entries if entry.copy_of is None] or list(entries)
    first = own[0]
    evidence = []
    if first.origin != first.domain:
        source = next((entry for entry in own if entry.domain == first.origin), first)
        if source is not first:
            evidence.append(
                f"{first.provider} was seen {_gap(source.at - first.at)} earlier, and credits {source.provider}"
            )
            first = source
    evidence.append(f"first seen {_time(first.first_seen)}" + _claim(first))
    rest = [entry for entry in own if entry.domain != first.domain]
    if rest:
        following = min(rest, key=lambda entry: (entry.at, entry.claimed or entry.at, entry.item))
        gap = following.at - first.at
        evidence.append(
            f"{following.provider} followed {_gap(gap)} later" if gap > timedelta(0)
            else f"{following.provider} was seen at the same time, and claims {_time(following.claimed or following.at)}"
        )  # fmt: skip
    claiming = [e for e in rest if e.claimed and e.claimed < (first.claimed or first.at) and e.at > first.at]
    evidence += [
        f"{e.provider} claims {_time(e.claimed or e.at)}, but was first seen {_time(e.first_seen)}"
        for e in claiming[:3]
    ]
    credits = sum(entry.origin == first.domain and entry.domain != first.domain for entry in entries)
    if credits:
        evidence.append("1 other copies or credits it" if credits == 1 else f"{credits} others copy or credit it")
    return FirstReport(first.item, first.provider, first.title, first.at, tuple(evidence))


def _claim(entry: TimelineEntry) -> str:
    if entry.claimed is None:
        return "; its page claims no time"
    believed = ", which counts: a first poll brought it" if entry.at != entry.first_seen else ""
    return f"; its page claims {_time(entry.claimed)}{believed}"


def _lead_rule(lead: TimelineEntry, entries: Sequence[TimelineEntry], members: Sequence[Item], pinned: Set[str]) -> str:
    """Say why *lead* leads, by the first of the rules of `Scorer.lead` that sets it apart."""
    if lead.item in pinned:
        return "a person made it lead"
    if len(entries) == 1:
        return "it is the only report"
    own = [entry for entry in entries if entry.copy_of is None]
    if len(own) == 1:
        return "all the others are copies"
    quality = {item.id: item.quality.parts if item.quality else {} for item in members}
    mine = quality[lead.item]
    told = ", ".join(f"{name} {mine.get(name, 0)}" for name in ("originality", "source") if mine.get(name))
    return "the best of the reports that are no copies: fit to be published, then originality, source, earliness" + (
        f" ({told})" if told else ""
    )


def _gap(gap: timedelta) -> str:
    minutes = max(0, round(gap.total_seconds() / 60))
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 60 * 48 else f"{minutes // 1440} d"


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
