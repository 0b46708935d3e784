"""The scoring engine: a profile's rules, applied term by term. A total is the sum of its terms and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from newsloom.model.item import Item
from newsloom.model.score import Profile, Score, Term
from newsloom.model.topic import Organization, Topic
from newsloom.ports.deciding import StoryView
from newsloom.stages.rank.facts import ItemFacts, Report, StoryFacts
from newsloom.stages.rank.gate import GateFacts, Verdict
from newsloom.stages.rank.rules import HEAT_RULES, QUALITY_RULES, bind, bind_gate
from newsloom.vocab.urls import public_address


class ProfileScorer:
    """Scores items by a profile; implements the port `Scorer`.

    Args:
        profile: its rules and their parameters.
        organizations: the portal's provider files by registrable domain.
        topics: the portal's topics.
        source_standings: address of a source → standing 0..100 its owner gave it; used where the provider has none. Secrets
            in an address do not count: a record names its source without them.

    Raises:
        ConfigError: the profile names a rule or parameter that does not exist.
    """

    def __init__(
        self,
        profile: Profile,
        *,
        organizations: Mapping[str, Organization],
        topics: Sequence[Topic],
        source_standings: Mapping[str, int] | None = None,
    ) -> None:
        self.profile = profile
        self._organizations = organizations
        self._topics = {topic.name: topic for topic in topics}
        self._source_standings = {public_address(url): points for url, points in (source_standings or {}).items()}
        self._quality = tuple((spec.name, bind(spec, QUALITY_RULES)) for spec in profile.quality)
        self._heat = tuple((spec.name, bind(spec, HEAT_RULES)) for spec in profile.heat)
        self._gate, self._lead_by, self._lead_step = bind_gate(profile.publish)

    def quality(self, item: Item) -> Score:
        """Return the quality of *item*, one term per line of the profile. Deterministic, 0 or more."""
        facts = ItemFacts(item, self._topics, self._organization(item), self._standing(item))
        return _scored(self._quality, facts)

    def heat(self, item: Item, story: StoryView, now: datetime) -> Score:
        """Return the heat of *item* at *now*; −1 in total when it does not lead *story* (origin: when it is outranked).

        Who leads is what `Item.lead` says; where that is None, what `lead` says.
        """
        members = story.members if any(member.id == item.id for member in story.members) else (*story.members, item)
        leader = self._leader(item, members)
        facts = StoryFacts(
            item=item,
            quality=self._total(item),
            others=tuple((member, self._total(member)) for member in members if member.id != item.id),
            reports=self._reports(members, now),
            leads=leader is not None and leader.id == item.id,
            leader=leader,
            now=now,
        )
        return _scored(self._heat, facts)

    def lead(self, story: StoryView) -> str:
        """Return the id of the member that leads *story*.

        In this order: no copy; fit to be published; more points in each of the profile's `lead_by` terms (compared in steps
        of `lead_step`, so that a point does not decide); where `lead_by` is empty, higher quality; seen earlier; smaller id.
        It depends on nothing but the members, so it stays while they stay.
        """
        if not story.members:
            raise ValueError(f"story {story.id} has no members")
        return min(story.members, key=self._rank).id

    def published(self, item: Item, *, before: bool | None) -> tuple[bool, str]:
        """Return whether *item* is published by the profile's gate, and why in a few words."""
        verdict = self._verdict(item, before)
        return verdict.published, verdict.reason

    def flips(self, item: Item, *, before: bool | None = None) -> tuple[str, ...]:
        """Return what would turn the decision of `published`, one sentence fragment each, for `explain`."""
        return self._verdict(item, before).flips

    def _verdict(self, item: Item, before: bool | None) -> Verdict:
        quality = item.quality or self.quality(item)
        heat = item.heat.total if item.heat else None
        return self._gate(GateFacts(item, quality, heat, before, has_topics=bool(self._topics)))

    def _rank(self, item: Item) -> tuple[bool, bool, tuple[int, ...], datetime, str]:
        quality = item.quality or self.quality(item)
        fit = self._verdict(replace(item, quality=quality, heat=None, lead=None), None).published
        points = {term.name: term.points for term in quality.terms}
        merits = tuple(-(points.get(name, 0) // self._lead_step) for name in self._lead_by) or (-quality.total,)
        return (item.duplicate_of is not None, not fit, merits, item.seen_at, item.id)

    def _leader(self, item: Item, members: Sequence[Item]) -> Item | None:
        if item.lead:
            return item
        candidates = [member for member in members if item.lead is None or member.id != item.id]
        return min(candidates, key=lambda member: (not member.lead, self._rank(member)), default=None)

    def _total(self, item: Item) -> int:
        return (item.quality or self.quality(item)).total

    def _organization(self, item: Item) -> Organization | None:
        return self._organizations.get(item.article.provider.domain.lower())

    def _standing(self, item: Item) -> int | None:
        organization = self._organization(item)
        if organization is not None and organization.standing is not None:
            return organization.standing
        return self._source_standings.get(public_address(item.source or ""))

    def _reports(self, members: Sequence[Item], now: datetime) -> tuple[Report, ...]:
        """Return each provider's latest independent item: copies do not count, nor does what is not out yet count as fresher."""
        latest: dict[str, Item] = {}
        for member in members:
            if member.duplicate_of is None:
                domain = member.article.provider.domain
                if domain not in latest or (latest[domain].seen_at, latest[domain].id) < (member.seen_at, member.id):
                    latest[domain] = member
        reports = [
            Report(domain, self._standing(member), now - min(now, member.seen_at)) for domain, member in latest.items()
        ]
        return tuple(sorted(reports, key=lambda report: (-(report.standing or 0), report.age, report.domain)))


def _scored(rules: Sequence[tuple[str, Callable[..., Any]]], facts: ItemFacts | StoryFacts) -> Score:
    terms: list[Term] = []
    for name, rule in rules:
        terms.extend(rule(name, replace(facts, subtotal=sum(term.points for term in terms))))
    return Score(tuple(terms))
