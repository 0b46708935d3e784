"""A topic's keyword as its owner writes it: `robot`, `title:strike`, `council NEAR/8 budget`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsloom.vocab.text import words_in_place

_SCOPE = re.compile(r"\s*(title|text):\s*")
_NEAR = re.compile(r"(?:^|\s+)NEAR(?:/(\d+))?(?:\s+|$)")
_APART = 6


@dataclass(frozen=True, slots=True)
class ParsedKeyword:
    """A keyword entry taken apart: where it counts (empty: everywhere), its words, and for NEAR the other words and the distance."""

    field: str
    words: str
    other: str = ""
    apart: int = 0


def parse_keyword(keyword: str) -> ParsedKeyword:
    """Return *keyword* taken apart.

    Raises:
        ValueError: NEAR lacks words on a side, or its distance is not 1..99; what is wrong, in words.
    """
    scoped = _SCOPE.match(keyword)
    field, rest = (scoped.group(1), keyword[scoped.end() :]) if scoped else ("", keyword)
    parts = _NEAR.split(rest)
    if len(parts) == 1 or rest.strip() == "NEAR":
        return ParsedKeyword(field, rest)
    if len(parts) != 3 or not words_in_place(parts[0]) or not words_in_place(parts[2]):
        raise ValueError(f"`{keyword}`: NEAR stands between two keywords, as in `council NEAR/8 budget`")
    apart = int(parts[1]) if parts[1] else _APART
    if not 1 <= apart <= 99:
        raise ValueError(f"`{keyword}`: the distance after NEAR/ is 1 to 99 words")
    return ParsedKeyword(field, parts[0].strip(), parts[2].strip(), apart)
