"""What an item says, cut up once: its terms as numbers, the words it writes with a capital.

A reading depends on the item's text alone, so it is kept for as long as the item may be asked for again.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newsloom.vocab.text import cased, first_terms, terms

TITLE_WEIGHT = 2
_TITLE_CHARACTERS = 2_000
_BODY_TERMS = 250
_BODY_CHARACTERS = 10_000
_LEAD_TERMS = 40
"""About sixty words: news tells in the first paragraph what happened."""
_BRIEF_TERMS = 12
"""With fewer terms than this besides the title, an item is a headline only."""
_TALLIES = np.array([0.0, *(1.0 + math.log(count) for count in range(1, 2_000))], np.float32)
"""Of a count, which is under `TITLE_WEIGHT` times the title's words and `_BODY_TERMS`."""

Ids = NDArray[np.int32]
Floats = NDArray[np.float32]


class Lexicon:
    """Terms by number, in the order in which they were met. Grows only."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self._numbers = _Numbers(self.words)

    def __len__(self) -> int:
        return len(self.words)

    def numbers(self, terms: Iterable[str]) -> Ids:
        """Return the numbers of *terms*, new ones for those that were never met."""
        return np.array(list(map(self._numbers.__getitem__, terms)), np.int32)


class _Numbers(dict[str, int]):
    """Numbers by term; what is looked up for the first time gets the next one."""

    def __init__(self, words: list[str]) -> None:
        super().__init__()
        self._words = words

    def __missing__(self, term: str) -> int:
        number = self[term] = len(self._words)
        self._words.append(term)
        return number


@dataclass(frozen=True, slots=True)
class Reading:
    """One item, read.

    Attributes:
        ids: its distinct terms, those of the title first, then in order of the text.
        tallies: 1 + ln(times), for each of them; the title's count twice.
        title, lead: how many of `ids` are the title's, and the title's and first paragraph's.
        repeated: which of `ids` stand in the title or at least twice in the text.
        capitals, plain: terms written with a capital inside a sentence, and without one.
        is_brief: True for a headline without a text.
    """

    ids: Ids
    tallies: Floats
    title: int
    lead: int
    repeated: NDArray[np.bool_]
    capitals: Ids
    plain: Ids
    is_brief: bool


def read(title: str, text: str, lexicon: Lexicon) -> Reading:
    """Return what *title* and the start of *text* say."""
    head = terms(title[:_TITLE_CHARACTERS])
    body = first_terms(text[:_BODY_CHARACTERS], _BODY_TERMS)
    counts = Counter(head)
    for term in counts:
        counts[term] *= TITLE_WEIGHT
    in_title = len(counts)
    counts.update(body[:_LEAD_TERMS])
    in_lead = len(counts)
    counts.update(body[_LEAD_TERMS:])
    times = np.fromiter(counts.values(), np.int64, len(counts))
    repeated = times > 1
    repeated[:in_title] = True
    capitals, plain = cased(title, text)
    return Reading(
        lexicon.numbers(counts),
        _TALLIES[np.minimum(times, len(_TALLIES) - 1)],
        in_title,
        in_lead,
        repeated,
        lexicon.numbers(capitals),
        lexicon.numbers(plain),
        len(body) < _BRIEF_TERMS,
    )
