"""What a text shows of the work behind it: how much of it there is, who is quoted, what is counted, who was there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from newsloom.stages.rank.marks import marks_of

READ_CHARACTERS = 50_000
"""Longer texts are judged by their beginning: bounds the time one hostile page can cost."""

_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"\w+(?:['’]\w+)?")
_QUOTED = re.compile(r"“[^“”]{15,600}”|„[^„“”]{15,600}[“”]|«[^«»]{15,600}»|「[^「」]{6,300}」|\"[^\"\n]{15,600}\"")
_NUMBER = re.compile(r"(?<![\w.,])[$€£¥]?\d[\d.,]*(?:\s?(?:%|percent|million|billion))?(?![\w])")


@dataclass(frozen=True, slots=True)
class Prose:
    """Counts over a text: words, paragraphs, quotations, numbers; and, as found and distinct, what its phrases tell (`marks`).

    `first_hand` are marks of reporting, `sources` the people it names as having said something, `rewrites` where it owes its
    matter to another outlet, `corrections` notices of them. `known` is False for a language without a table: they are empty then.
    """

    words: int
    paragraphs: int
    quotations: int
    numbers: int
    first_hand: tuple[str, ...]
    sources: tuple[str, ...] = ()
    rewrites: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()
    known: bool = True


def word_count(text: str) -> int:
    """Return the number of words; scripts written without spaces count two characters as a word."""
    unspaced = len(_UNSPACED.findall(text))
    return len(_WORD.findall(_UNSPACED.sub(" ", text))) + unspaced // 2


@lru_cache(maxsize=8)
def read_prose(text: str, language: str | None = None) -> Prose:
    """Return what *text* shows, by the phrases of *language* (a BCP 47 tag; None: English).

    Cost: linear in the first `READ_CHARACTERS` characters.
    """
    text = text[:READ_CHARACTERS]
    paragraphs = [part for part in text.split("\n\n") if part.strip()]
    marks = marks_of(language)
    people = marks.sources.finditer(text) if marks else ()
    return Prose(
        words=word_count(text),
        paragraphs=len(paragraphs),
        quotations=len(_QUOTED.findall(text)),
        numbers=len(set(_NUMBER.findall(text))),
        first_hand=_found(marks.first_hand, text) if marks else (),
        sources=tuple(dict.fromkeys(match["before"] or match["after"] for match in people))[:20],
        rewrites=_found(marks.rewrite, text) if marks else (),
        corrections=_found(marks.correction, text) if marks else (),
        known=marks is not None,
    )


def _found(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(match.group(0).casefold().strip() for match in pattern.finditer(text)))[:20]
