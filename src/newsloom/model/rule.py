"""Rules as their owner writes them: which items they mean, and what they do to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

RuleAction = Literal["include", "mute", "hold", "tag", "boost"]
Matcher = Literal["word", "phrase", "regex", "is", "starts", "above", "below"]


@dataclass(frozen=True, slots=True)
class Condition:
    """What one field must be: any of *values* by *matcher*. `above` and `below` have one number."""

    field: str
    matcher: Matcher
    values: tuple[str | float, ...]


@dataclass(frozen=True, slots=True)
class RuleExample:
    """A labelled example: the fields it has, and whether the rule must hit it."""

    fields: Mapping[str, str | float | tuple[str, ...]]
    hits: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of `rules.toml`.

    Attributes:
        name: what explanations call it; unique.
        action: `include` publishes whatever quality and topics say; `hold` and `mute` keep back, also from leading a story while
            another item can; `tag` gives *topics*; `boost` adds *points* to quality, or takes them.
        conditions: all of them must hold. unless: none of them may.
        line: where it begins in its file, from 1; 0 when unknown.
    """

    name: str
    action: RuleAction
    conditions: tuple[Condition, ...]
    unless: tuple[Condition, ...] = ()
    topics: tuple[str, ...] = ()
    points: int = 0
    examples: tuple[RuleExample, ...] = ()
    line: int = 0
