"""The scoring engine: a profile's rules, applied term by term. A total is the sum of its terms and nothing else."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime
from typing import Any

from newsloom.model.item import Item
from newsloom.model.score import Profile, Score, Term, TermSpec
from newsloom.model.topic import Organization, Topic
from newsloom.ports.deciding import StoryView
from newsloom.stages.rank.facts import ItemFacts, Report, StoryFacts
from newsloom.stages.rank.gate import GateFacts, Verdict
from newsloom.stages.rank.heat import strength
from newsloom.stages.rank.quality import NEUTRAL_STANDING
from newsloom.stages.rank.rules import HEAT_RULES, QUALITY_RULES, bind, bind_gate, parameters_of
from newsloom.stages.rank.usual import EVERYTHING, usual_levels, usual_window
from newsloom.stages.rank.wording import HeadlineModels
from newsloom.vocab.urls import host, public_address, registrable_domain

_MOMENTS = 30
"""The height of a story is looked for at the last so many reports of it."""


class ProfileScorer:
    """Scores items by a profile; implements the port `Scorer`.

    Args:
        profile: its rules and their parameters.
        organizations: the portal's provider files by registrable domain.
        topics: the portal's topics.
        source_standings: address of a source → standing 0..100 its owner gave it; used where the provider has none. Secrets
            in an address do not count: a record names its source without them.
        headlines: the trained models of press releases and clickbait; None for cues alone.

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
        headlines: HeadlineModels | None = None,
    ) -> None:
        self.profile = profile
        self._organizations = organizations
        self._headlines = headlines
        self._topics = {topic.name: topic for topic in topics}
        self._source_standings = {public_address(url): points for url, points in (source_standings or {}).items()}
        self._quality = tuple((spec.name, bind(spec, QUALITY_RULES)) for spec in profile.quality)
        self._heat = tuple((spec.name, bind(spec, HEAT_RULES)) for spec in profile.heat)
        self._strength = next((_of_strength(spec) for spec in profile.heat if spec.rule == "coverage"), None)
        self._gate, self._lead_by, self._lead_step = bind_gate(profile.publish)

    def quality(self, item: Item) -> Score:
        """Return the quality of *item*, one term per line of the profile. Deterministic, 0 or more."""
        facts = ItemFacts(item, self._topics, self._organization(item), self._standing(item), self._headlines)
        return _scored(self._quality, facts)

    def heat(self, item: Item, story: StoryView, now: datetime) -> Score:
        """Return the heat of *item* at *now*; −1 in total when it does not lead *story* (origin: when it is outranked).

        Who leads is what `Item.lead` says; where that is None, what `lead` says.
        """
        members = story.members if any(member.id == item.id for member in story.members) else (*story.members, item)
        leader = self._leader(item, members)
        topic = next((label.topic for label in item.topics or () if label.topic in story.usual), EVERYTHING)
        facts = StoryFacts(
            item=item,
            quality=self._total(item),
            others=tuple((member, self._total(member)) for member in members if member.id != item.id),
            reports=self._reports(members, story.backlog, now),
            leads=leader is not None and leader.id == item.id,
            leader=leader,
            now=now,
            usual=story.usual.get(topic, 0.0),
            usual_of=topic or "this portal",
        )
        return _scored(self._heat, facts)

    def usual(self, stories: Iterable[StoryView], now: datetime) -> Mapping[str, float]:
        """Return topic → what N reaches for its usual story (`rank.usual`), by those with a published lead; origin: nothing."""
        if self._strength is None:
            return {}
        since, until = usual_window(now)
        heights = []
        for story in stories:
            lead = next((member for member in story.members if member.lead), None)
            is_recent = any(since <= _reported(member, story.backlog) < until for member in story.members)
            if lead is not None and lead.published and is_recent:
                topics = [label.topic for label in lead.topics or ()]
                heights.append((topics, self._height(story, until, self._strength)))
        return usual_levels(heights)

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

    def flips(self, item: Item) -> tuple[str, ...]:
        """Return what would turn the decision of `published` on *item* as it stands, one sentence fragment each, for `explain`.

        A standing that would lift the quality enough comes first: it is the owner's to say. No trust is asked for an item
        that a single penalty holds back.
        """
        verdict = self._verdict(item, item.published)
        terms = (item.quality or self.quality(item)).terms
        if not verdict.missing or any(-term.points >= verdict.missing for term in terms):
            return verdict.flips
        return (*self._standing_for(item, verdict.missing), *verdict.flips)

    def holds(self, item: Item) -> tuple[str, ...]:
        """Return what holds *item* back, most decisive first, in words that several items can share; () when published."""
        return self._verdict(item, item.published).holds

    def _standing_for(self, item: Item, missing: int) -> tuple[str, ...]:
        """Say the least standing of the provider of *item* that gives *missing* more points of quality; () if none does."""
        known, organization = self._standing(item), self._organization(item)
        facts = ItemFacts(item, self._topics, organization, known, self._headlines)
        wanted = _scored(self._quality, facts).total + missing
        steps = range((NEUTRAL_STANDING if known is None else known) + 1, 101)
        least = bisect_left(steps, wanted, key=lambda step: _scored(self._quality, replace(facts, standing=step)).total)
        if least == len(steps):
            return ()
        provider = item.article.provider
        now = f"unknown, counted as {NEUTRAL_STANDING}" if known is None else str(known)
        path = organization.path if organization else f"_data/organizations/{provider.domain}.md"
        return (
            f"a standing of {steps[least]} or more for {provider.name}, now {now}: `standing: {steps[least]}` in {path}",
        )

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

    def _voice(self, item: Item) -> int | None:
        """Return the standing *item* has as a report; one that its provider's own declared source brought is at least neutral.

        Whoever only comes in through others' feeds is unknown until its owner says otherwise.
        """
        standing = self._standing(item)
        if standing is None and item.source:
            own = registrable_domain(host(item.source)) == item.article.provider.domain.lower()
            return NEUTRAL_STANDING if own else None
        return standing

    def _reports(self, members: Sequence[Item], backlog: Set[str], now: datetime) -> tuple[Report, ...]:
        """Return each provider's latest independent item: copies do not count, nor does what is not out yet count as fresher."""
        latest: dict[str, tuple[datetime, str, Item]] = {}
        for member in members:
            if member.duplicate_of is None:
                domain = member.article.provider.domain
                told = (_reported(member, backlog), member.id, member)
                if domain not in latest or latest[domain][:2] < told[:2]:
                    latest[domain] = told
        reports = [
            Report(domain, self._voice(member), now - min(now, at), member.article.provider.name)
            for domain, (at, _, member) in latest.items()
        ]
        return tuple(sorted(reports, key=lambda report: (-(report.standing or 0), report.age, report.domain)))

    def _height(self, story: StoryView, until: datetime, parameters: Mapping[str, Any]) -> float:
        """Return how strongly *story* was covered at its height before *until*."""
        seen = sorted((_reported(member, story.backlog), member.id, member) for member in story.members)
        seen = [entry for entry in seen if entry[0] < until]
        best = 0.0
        for count in range(max(1, len(seen) - _MOMENTS), len(seen) + 1):
            at = seen[count - 1][0] if seen else until
            reports = self._reports([member for _, _, member in seen[:count]], story.backlog, at)
            best = max(best, strength(reports, **parameters).total)
        return best


def _reported(item: Item, backlog: Set[str]) -> datetime:
    """Return when *item* counts as reported: when it was first seen, whatever its page claims.

    Only what a source's first poll brought may have been out for long: there an older claim is believed, which never warms.
    """
    return item.seen_at if item.id in backlog else item.first_seen


def _of_strength(spec: TermSpec) -> Mapping[str, Any]:
    """Return the parameters of a `coverage` term that say how coverage adds up."""
    return {key: value for key, value in spec.parameters.items() if key in parameters_of(strength)}


def _scored(rules: Sequence[tuple[str, Callable[..., Any]]], facts: ItemFacts | StoryFacts) -> Score:
    terms: list[Term] = []
    for name, rule in rules:
        terms.extend(rule(name, replace(facts, subtotal=sum(term.points for term in terms))))
    return Score(tuple(terms))
