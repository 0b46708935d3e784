"""What an item says, cut up once: its terms as numbers, the words it writes with a capital.

A reading depends on the item's text alone, so it is kept for as long as the item may be asked for again.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newsloom.vocab.text import cased, terms

TITLE_WEIGHT = 2
_TITLE_CHARACTERS = 2_000
_BODY_TERMS = 250
_BODY_CHARACTERS = 10_000
_LEAD_TERMS = 40
"""About sixty words: news tells in the first paragraph what happened."""
_BRIEF_TERMS = 12
"""With fewer terms than this besides the title, an item is a headline only."""
Ids = NDArray[np.int32]
Floats = NDArray[np.float32]


class Lexicon:
    """Terms by number, in the order in which they were met. Grows only."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.words: list[str] = []

    def __len__(self) -> int:
        return len(self.words)

    def number(self, term: str) -> int:
        """Return the number of *term*, a new one when it was never met."""
        found = self.numbers.get(term)
        if found is None:
            found = self.numbers[term] = len(self.words)
            self.words.append(term)
        return found


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
    number = lexicon.number
    head = terms(title[:_TITLE_CHARACTERS])
    body = terms(text[:_BODY_CHARACTERS])[:_BODY_TERMS]
    counts = Counter(head)
    for term in counts:
        counts[term] *= TITLE_WEIGHT
    in_title = len(counts)
    counts.update(body[:_LEAD_TERMS])
    in_lead = len(counts)
    counts.update(body[_LEAD_TERMS:])
    times = list(counts.values())
    capitals, plain = cased(title, text)
    return Reading(
        np.array([number(term) for term in counts], np.int32),
        np.array([1.0 + math.log(count) for count in times], np.float32),
        in_title,
        in_lead,
        np.array(
            [place < in_title or count > 1 for place, count in enumerate(times)],
            np.bool_,
        ),
        np.array([number(term) for term in capitals], np.int32),
        np.array([number(term) for term in plain], np.int32),
        len(body) < _BRIEF_TERMS,
    )
