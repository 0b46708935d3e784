"""Tables of cues: families of wordings, each with a weight for how sure one hit makes us.

Hits of different families combine as independent evidence, 1 − Π(1 − weight); one family counts once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cue:
    """One family: its name, how sure a hit makes us (in 0..1), and its wordings."""

    name: str
    weight: float
    pattern: re.Pattern[str]


def cue_table(rows: Iterable[tuple[str, float, str]], flags: re.RegexFlag = re.NOFLAG) -> tuple[Cue, ...]:
    """Return the cues of *rows* (name, weight, regular expression), in order."""
    return tuple(Cue(name, weight, re.compile(pattern, flags)) for name, weight, pattern in rows)


def cues_in(text: str, table: Sequence[Cue]) -> list[Cue]:
    """Return which cues of *table* are found in *text*, in the table's order."""
    return [cue for cue in table if cue.pattern.search(text)]


def combined(weights: Iterable[float]) -> float:
    """Return how sure hits of these *weights* make us together, in 0..1; 0.0 without any."""
    doubt = 1.0
    for weight in weights:
        doubt *= 1.0 - weight
    return 1.0 - doubt
