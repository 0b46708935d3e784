"""How far a page's own sources agree on what was chosen from them: the confidence that a reader of the result can have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from newsloom.model.article import Candidate, PageReading
from newsloom.stages.extract.instants import falls_on
from newsloom.stages.extract.titles import without_site_name
from newsloom.vocab.plain import letters_and_digits

T = TypeVar("T")


def agreement(
    reading: PageReading,
    title: Candidate[str],
    published: Candidate[datetime] | None,
    authors: Candidate[tuple[str, ...]] | None,
    site_names: Sequence[str],
) -> dict[str, float]:
    """Return, by record key, the share of the page's sources that agree with the chosen title, instant and authors.

    Titles agree when their letters and digits do, site names apart; instants when they fall on one day; authors when they are the
    same people. A field that one source tells alone is left out: there is nothing to agree.
    """
    chosen = letters_and_digits(title.value)
    found = {
        "title": _share(
            reading.titles, lambda value: letters_and_digits(without_site_name(value, site_names)) == chosen
        )
    }
    if published is not None:
        day = published.value.replace(hour=0, minute=0, second=0, microsecond=0)
        found["publishedDateTime"] = _share(reading.published, lambda moment: falls_on(moment, day))
    if authors is not None:
        people = {name.casefold() for name in authors.value}
        found["authors"] = _share(reading.authors, lambda names: {name.casefold() for name in names} >= people)
    return {key: share for key, share in found.items() if share is not None}


def _share(candidates: Sequence[Candidate[T]], agrees: Callable[[T], bool]) -> float | None:
    if len(candidates) < 2:
        return None
    return round(sum(agrees(candidate.value) for candidate in candidates) / len(candidates), 2)
