"""What rules do: tags beside the classifier's topics, points as one more term of quality, and a word in what is published.

Order: tags, then points, then mute over hold over include. A person's decision on an item stands above all of them (`flow.write`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from newsloom.model.item import Item
from newsloom.model.rule import Rule
from newsloom.model.score import DECIDED, Score, Term
from newsloom.model.topic import TopicLabel
from newsloom.ports.deciding import Classifier, Scorer, StoryView, TopicJudgement
from newsloom.stages.rules.matching import fields_of, first_hits

TERM = "rules"
MARK = "rule "
"""The term of quality that boosts make, and how the evidence of a tag begins: both are taken off before rules apply anew."""


def untagged(item: Item) -> Item:
    """Return *item* without the topics that rules gave it."""
    labels = item.topics or ()
    return replace(
        item, topics=tuple(label for label in labels if not any(told.startswith(MARK) for told in label.evidence))
    )


def tagged(rules: Sequence[Rule], item: Item) -> tuple[TopicLabel, ...]:
    """Return the topics of *item*, those that rules give it last; a tag of before is taken off first."""
    labels = list(untagged(item).topics or ())
    fields = fields_of(replace(item, topics=tuple(labels)))
    for rule, what in first_hits(rules, fields, "tag"):
        for topic in rule.topics:
            if not any(label.topic == topic for label in labels):
                labels.append(TopicLabel(topic, 1.0, (f"{MARK}{rule.name!r}: {what}",)))
    return tuple(labels)


def boosted(rules: Sequence[Rule], item: Item, score: Score) -> Score:
    """Return *score* with one more term where rules add or take points; it is never under 0 by that."""
    terms = tuple(term for term in score.terms if term.name != TERM)
    hits = first_hits(rules, fields_of(item), "boost")
    if not hits:
        return Score(terms)
    points = sum(rule.points for rule, _ in hits)
    told = "; ".join(f"{rule.name!r} {rule.points:+d} ({what})" for rule, what in hits)
    return Score((*terms, Term(TERM, max(points, -sum(term.points for term in terms)), told)))


def ruled(rules: Sequence[Rule], item: Item) -> Item:
    """Return *item* with tags and points as *rules* are now, whatever they were when it was judged. A person's number stays."""
    if item.topics is not None:
        item = replace(item, topics=tagged(rules, item))
    if item.quality is None or any(term.name == DECIDED for term in item.quality.terms):
        return item
    return replace(item, quality=boosted(rules, item, item.quality))


@dataclass(frozen=True, slots=True)
class _RuledJudgement:
    rules: Sequence[Rule]
    inner: TopicJudgement

    def labels(self, item: Item) -> tuple[TopicLabel, ...]:
        return tagged(self.rules, replace(item, topics=self.inner.labels(item)))

    def judgements(self, item: Item) -> tuple[TopicLabel, ...]:
        return self.inner.judgements(item)


@dataclass(frozen=True, slots=True)
class RuledClassifier:
    """A classifier with the owner's tags; implements the port `Classifier`."""

    inner: Classifier
    rules: Sequence[Rule]

    def labels(self, item: Item) -> tuple[TopicLabel, ...]:
        """Return the topics of *item*, those of rules last."""
        return tagged(self.rules, replace(item, topics=self.inner.labels(item)))

    def among(self, items: Sequence[Item], known: Sequence[Item] = (), decided: Collection[str] = ()) -> TopicJudgement:
        """Return the judgement on *items*; the classifier learns nothing from tags alone."""
        return _RuledJudgement(self.rules, self.inner.among(items, [untagged(item) for item in known], decided))


@dataclass(frozen=True, slots=True)
class RuledScorer:
    """A scorer under the owner's rules; implements the port `Scorer`."""

    inner: Scorer
    rules: Sequence[Rule]

    def quality(self, item: Item) -> Score:
        """Return the quality of *item*, what rules add or take as its last term."""
        return boosted(self.rules, item, self.inner.quality(item))

    def heat(self, item: Item, story: StoryView, now: datetime) -> Score:
        """Return what the scorer says."""
        return self.inner.heat(item, story, now)

    def usual(self, stories: Iterable[StoryView], now: datetime) -> Mapping[str, float]:
        """Return what the scorer says."""
        return self.inner.usual(stories, now)

    def lead(self, story: StoryView) -> str:
        """Return the id of the member that leads *story*: none that rules keep back while another can."""
        free = tuple(m for m in story.members if not first_hits(self.rules, fields_of(m), "mute", "hold"))
        return self.inner.lead(replace(story, members=free) if free else story)

    def published(self, item: Item, *, before: bool | None) -> tuple[bool, str]:
        """Return whether *item* is published: rules first, then the profile's gate."""
        for action in ("mute", "hold"):
            for rule, what in first_hits(self.rules, fields_of(item), action):
                return False, f"{'muted' if action == 'mute' else 'held'} by {_named(rule)}: {what}"
        decided, why = self.inner.published(item, before=before)
        if not decided and item.duplicate_of is None and item.lead is not False:
            for rule, what in first_hits(self.rules, fields_of(item), "include"):
                if not item.topics:  # no record is published without a topic
                    return (
                        False,
                        f"{why}; {_named(rule)} includes it once it has a topic: a rule with action tag gives one",
                    )
                return True, f"included by {_named(rule)}: {what}"
        return decided, why

    def holds(self, item: Item) -> tuple[str, ...]:
        """Return what holds *item* back: the rule that does, else what the scorer says; () when it is published."""
        keeping = first_hits(self.rules, fields_of(item), "mute", "hold")
        if keeping:
            return tuple(f"by {_named(rule)}" for rule, _ in keeping)
        return () if self.published(item, before=item.published)[0] else self.inner.holds(item)

    def flips(self, item: Item) -> tuple[str, ...]:
        """Return what would turn the decision on *item*: the rule that made it, else what the scorer says."""
        fields = fields_of(item)
        keeping = first_hits(self.rules, fields, "mute", "hold")
        if keeping:
            allowed, why = self.inner.published(item, before=item.published)
            alone = "published then" if allowed else f"not published then either: {why}"
            return tuple(f"without {_named(rule)} ({alone})" for rule, _ in keeping)
        flips = self.inner.flips(item)
        if not self.inner.published(item, before=item.published)[0]:
            return (*(f"without {_named(rule)}" for rule, _ in first_hits(self.rules, fields, "include")), *flips)
        return flips


def _named(rule: Rule) -> str:
    return f"rule {rule.name!r}" + (f" (rules.toml, line {rule.line})" if rule.line else "")
