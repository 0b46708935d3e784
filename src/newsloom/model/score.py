"""Scores: sums of named terms that a person can read, and the profiles that define them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

DECIDED = "decided"
"""The term that stands for a number which a person set."""


@dataclass(frozen=True, slots=True)
class Term:
    """One line of a receipt: a name, its points, and the evidence in words."""

    name: str
    points: int
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """A list of terms. `total` is their sum, exactly; there is nothing else in it."""

    terms: tuple[Term, ...]

    @property
    def total(self) -> int:
        """Return the sum of all terms."""
        return sum(term.points for term in self.terms)

    @property
    def parts(self) -> Mapping[str, int]:
        """Return name → points, in order, terms of zero points left out."""
        return {term.name: term.points for term in self.terms if term.points}


@dataclass(frozen=True, slots=True)
class TermSpec:
    """One term of a profile: the rule that computes it, and that rule's parameters (weights, patterns, hosts…)."""

    name: str
    rule: str
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Profile:
    """A scoring profile, as its settings file has it.

    `quality` and `heat` list terms in the order they are shown. `publish` holds the rule that publishes and its parameters
    (threshold, hysteresis…).
    """

    name: str
    quality: tuple[TermSpec, ...]
    heat: tuple[TermSpec, ...]
    publish: TermSpec
