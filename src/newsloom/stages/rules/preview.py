"""What rules would change, before they do: on their own examples, and on every item at hand. Nothing is written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from newsloom.model.item import Item
from newsloom.model.rule import Rule
from newsloom.ports.deciding import Scorer, StoryView
from newsloom.stages.rules.applying import RuledScorer, ruled
from newsloom.stages.rules.matching import fields_of, hit


@dataclass(frozen=True, slots=True)
class RuleTrial:
    """How a rule did on its own examples: how many there are, and the titles of those it hit or missed wrongly."""

    rule: str
    line: int
    examples: int
    wrong: tuple[str, ...]


def try_rules(rules: Sequence[Rule]) -> tuple[RuleTrial, ...]:
    """Return how each rule does on its examples, in the file's order."""
    return tuple(
        RuleTrial(
            rule.name,
            rule.line,
            len(rule.examples),
            tuple(
                f"{'hits' if not example.hits else 'misses'} {example.fields.get('title', dict(example.fields))!r}"
                for example in rule.examples
                if (hit(rule, example.fields) is not None) != example.hits
            ),
        )
        for rule in rules
    )


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What would change about one item, and why: `published: yes → no (held by …)`."""

    item: str
    title: str
    changes: tuple[str, ...]


def rule_changes(
    items: Sequence[Item], rules: Sequence[Rule], score: Scorer, decided: Mapping[str, Collection[str]]
) -> tuple[RuleChange, ...]:
    """Return what *rules* would change about *items* as they were decided, in their order.

    Args:
        score: the scorer without rules.
        decided: item id → fields that are a person's; they stay.
    """
    under = RuledScorer(score, rules)
    after = {item.id: ruled(rules, item) for item in items if item.topics is not None}
    were = {item.id: item for item in items}
    stories: dict[str, list[Item]] = {}
    for item in after.values():
        if item.story and item.quality is not None:
            stories.setdefault(item.story, []).append(item)
    for story, members in stories.items():
        if any(fields_touched(rules, item) or item != were[item.id] for item in members):
            lead = under.lead(StoryView(story, tuple(sorted(members, key=lambda m: (m.seen_at, m.id)))))
            after.update((m.id, replace(m, lead=m.id == lead)) for m in members if "lead" not in decided.get(m.id, ()))
    found = []
    for item in items:
        if item.id in after and (told := _told(item, after[item.id], under, decided.get(item.id, ()))):
            found.append(RuleChange(item.id, item.article.title, told))
    return tuple(found)


def fields_touched(rules: Sequence[Rule], item: Item) -> bool:
    """Return whether any of *rules* hits *item*."""
    fields = fields_of(item)
    return any(hit(rule, fields) is not None for rule in rules)


def _told(before: Item, after: Item, score: Scorer, decided: Collection[str]) -> tuple[str, ...]:
    told = []
    if "topics" not in decided:
        names, had = ([label.topic for label in item.topics or ()] for item in (after, before))
        told += [f"topic + {name}" for name in names if name not in had]
        told += [f"topic − {name}" for name in had if name not in names]
    if after.quality is None or before.quality is None:
        return tuple(told)
    if "quality" not in decided and after.quality.total != before.quality.total:
        told.append(f"quality {before.quality.total} → {after.quality.total}")
    if "published" not in decided:
        published, why = score.published(after, before=before.published)
        if published != bool(before.published):
            told.append(f"published: {'yes' if before.published else 'no'} → {'yes' if published else 'no'} ({why})")
    return tuple(told)
