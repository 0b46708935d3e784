"""Rules on their own examples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from newsloom.model.rule import Rule
from newsloom.stages.rules.matching import hit


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
