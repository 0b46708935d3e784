"""Days written in running text: where they stand, and which day each means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from newsloom.model.article import Moment
from newsloom.vocab.date_words import MONTHS, fold

_YEAR = r"(?:19|20)\d\d"
_WORD = r"[^\W\d_]{3,12}"
_EXPRESSION = re.compile(
    rf"(?<![\d./-])(?P<y1>{_YEAR})(?P<s1>[-/.])(?P<m1>\d{{1,2}})(?P=s1)(?P<d1>\d{{1,2}})(?!\d|[./-]\d)"
    rf"|(?<![\d./-])(?P<a>\d{{1,2}})(?P<s2>\.\s?|[-/])(?P<b>\d{{1,2}})(?P<s3>\.\s?|[-/])(?P<y2>{_YEAR}|(?<=[./])\d\d(?!\d|:))(?!\d|[./-]\d)"
    rf"|(?<!\d)(?P<d3>\d{{1,2}})(?:\.|st|nd|rd|th|er|º)?\s?(?:de\s|of\s)?(?:\s|-|/)?(?P<w3>{_WORD})\.?,?(?:\s|-|/)?\s?(?:de\s|del\s)?(?P<y3>{_YEAR})(?!\d)"
    rf"|(?P<w4>{_WORD})\.?\s(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?(?:,|\s|\.)\s?(?P<y4>{_YEAR})(?!\d)"
    rf"|(?P<y5>{_YEAR})\s?[年년]\s?(?P<m5>\d{{1,2}})\s?[月월]\s?(?P<d5>\d{{1,2}})\s?[日일号]"
)


def days_in(text: str, *, day_first: bool | None = None) -> Iterator[tuple[int, Moment]]:
    """Yield (position, day) of the days that *text* tells in full, in their order; each has precision "day".

    Args:
        text: plain text; the caller bounds its length.
        day_first: how `04/11/2020` is meant; None leaves it out. With dots the day always comes first.

    Cost: linear in *text*.
    """
    for match in _EXPRESSION.finditer(text):
        date = _date(match, day_first)
        if date is None:
            continue
        try:
            yield match.start(), Moment(datetime(*date, tzinfo=UTC), "day")
        except ValueError:  # 30 February, a thirteenth month
            continue


def _date(match: re.Match[str], day_first: bool | None) -> tuple[int, int, int] | None:
    found = match.groupdict()
    for year, month, day in (("y1", "m1", "d1"), ("y5", "m5", "d5")):
        if found[year]:
            return int(found[year]), int(found[month]), int(found[day])
    for year, word, day in (("y3", "w3", "d3"), ("y4", "w4", "d4")):
        if found[year]:
            number = MONTHS.get(fold(found[word]))
            return (int(found[year]), number, int(found[day])) if number is not None else None
    return _numeric(found, day_first)


def _numeric(found: dict[str, str], day_first: bool | None) -> tuple[int, int, int] | None:
    if found["s2"].strip() != found["s3"].strip():
        return None
    first, second = int(found["a"]), int(found["b"])
    year = int(found["y2"]) + (2000 if len(found["y2"]) == 2 else 0)
    if found["s2"].startswith(".") or first > 12 or first == second:
        return year, second, first
    if second > 12:
        return year, first, second
    if day_first is None:
        return None
    return (year, second, first) if day_first else (year, first, second)
