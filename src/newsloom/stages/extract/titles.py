"""Choosing the title."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from newsloom.model.article import Candidate
from newsloom.vocab.plain import letters_and_digits

WITNESS_WEIGHTS = {
    "html:h1": 4.5, "json-ld:headline": 3.5, "opengraph:og:title": 2.0, "microdata:headline": 2.0, "html:title": 1.4,
    "feed:title": 1.6, "json-ld:name": 1.0, "json-ld:VideoObject.name": 1.0,
}  # fmt: skip
"""How much each source of a title counts in the vote: its accuracy on annotated pages (h1 93 % on aed, headline 84 % on fundus)."""

_OTHER_WEIGHT = 0.6
_ALONE_WEIGHT = 1.0
_SEPARATOR = re.compile(r"\s+[|–—\-•·›»:]{1,2}\s+|\s*[|›»]\s*")
_NAMED_FOR_OTHERS = frozenset(["opengraph:og:title", "meta:twitter:title", "meta:title"])
_BEHIND = re.compile(r"\W*?(?:\s[|–—\-•·]\s|[|›»ㅣ]|\s?[-–—](?=\S))")
_MAX_SUFFIXES = 3
_SHORTEST = 4
_TELLING = 15
_CUT_OFF = re.compile(r"(?:…|\.\.\.)$")


def choose_title(candidates: Sequence[Candidate[str]], site_names: Sequence[str]) -> Candidate[str] | None:
    """Return the title most of the page's own sources agree on, without the site's name; None when there is none.

    Each candidate is stripped of site names, then votes with its weight for its letters and digits. A `<title>` whose start
    is another candidate votes for that one. The winner is written as its most trusted source writes it.
    """
    ballots = title_ballots(candidates, site_names)
    votes: dict[str, float] = defaultdict(float)
    for ballot in ballots:
        votes[ballot.votes_for] += ballot.weight
    if not ballots:
        return None
    best = max((ballot.key for ballot in ballots), key=lambda key: votes[key])
    return max(
        (ballot.candidate for ballot in ballots if ballot.key == best),
        key=lambda c: WITNESS_WEIGHTS.get(c.method, _OTHER_WEIGHT),
    )


@dataclass(frozen=True, slots=True)
class TitleBallot:
    """One source's vote on the title: *candidate* without site names, its letters and digits, what it votes for and how much."""

    candidate: Candidate[str]
    key: str
    votes_for: str
    weight: float


def title_ballots(candidates: Sequence[Candidate[str]], site_names: Sequence[str]) -> list[TitleBallot]:
    """Return the votes of those *candidates* that can be a title, in their order; a site's name votes only where all are."""
    stripped = [Candidate(without_site_name(candidate.value, site_names), candidate.method) for candidate in candidates]
    names = {letters_and_digits(name) for name in site_names}
    usable = [
        candidate
        for candidate in stripped
        if len(candidate.value) >= _SHORTEST and letters_and_digits(candidate.value) not in names
    ]
    usable = usable or [candidate for candidate in stripped if letters_and_digits(candidate.value)]
    keys = [letters_and_digits(candidate.value) for candidate in usable]
    return [
        TitleBallot(candidate, key, _supported(candidate, key, keys), _weight(candidate, usable))
        for candidate, key in zip(usable, keys, strict=True)
    ]


def _weight(candidate: Candidate[str], usable: Sequence[Candidate[str]]) -> float:
    """Return the weight of *candidate*'s vote. A heading that shares no word with any other title is the site's, or a section's."""
    if candidate.method == "html:h1":
        others = {word for other in usable if other.method != candidate.method for word in _words(other.value)}
        if others and not others & _words(candidate.value):
            return _ALONE_WEIGHT
    return WITNESS_WEIGHTS.get(candidate.method, _OTHER_WEIGHT)


def _words(title: str) -> frozenset[str]:
    """Return the words of *title* that can tell two titles apart; pairs of characters where words have no blanks."""
    return frozenset(word for word in re.findall(r"[^\W_]{3,}|[\u2e80-\ud7ff]{2}", title.casefold()))


def _supported(candidate: Candidate[str], key: str, keys: Iterable[str]) -> str:
    """Return the key that *candidate* votes for: the longest other title that it only adds to, else its own.

    A `<title>` adds sections and site behind it, a heading the kicker that stands above it on the page.
    """
    longer = [other for other in keys if other != key and len(other) >= _TELLING and _adds_to(candidate, key, other)]
    return max(longer, key=len, default=key)


def _adds_to(candidate: Candidate[str], key: str, other: str) -> bool:
    if candidate.method == "html:title":
        return key.startswith(other) or key.endswith(other)
    if candidate.method in _NAMED_FOR_OTHERS and key.startswith(other):
        return _BEHIND.match(_rest(candidate.value, other)) is not None
    if candidate.method == "html:h1":
        return key.endswith(other)
    return _CUT_OFF.search(candidate.value) is not None and other.startswith(key)


def _rest(title: str, start: str) -> str:
    """Return what *title* has behind the part whose letters and digits are *start*."""
    end, seen = 0, 0
    for end, character in enumerate(title):
        if seen >= len(start):
            return title[end:]
        seen += len(letters_and_digits(character))
    return ""


def without_site_name(title: str, site_names: Sequence[str]) -> str:
    """Return *title* without ` | Site`, ` - Site - Section` at its end or `Site: ` at its start.

    Only pieces that are one of *site_names* go (letters and digits compared), and what stands behind such a piece; a title is
    never stripped to nothing.
    """
    return _stripped(title, tuple(site_names))


@lru_cache(maxsize=256)
def _stripped(title: str, site_names: tuple[str, ...]) -> str:
    names = {letters_and_digits(name) for name in site_names} - {""}
    for _ in range(_MAX_SUFFIXES):
        shorter = _without_last(title, names) or _without_first(title, names)
        if not shorter:
            return title
        title = shorter
    return title


def _without_last(title: str, names: set[str]) -> str:
    separators = list(_SEPARATOR.finditer(title))[-_MAX_SUFFIXES:]
    for position, separator in enumerate(separators):
        following = separators[position + 1 : position + 2]
        tail = title[separator.end() :]
        pieces = (tail, title[separator.end() : following[0].start()] if following else tail)
        if separator.start() >= _SHORTEST and any(_is_site_name(piece, names) for piece in pieces):
            return title[: separator.start()].rstrip()
    return ""


def _without_first(title: str, names: set[str]) -> str:
    separator = _SEPARATOR.search(title) or re.search(r":\s+", title)
    if separator is None or not _is_site_name(title[: separator.start()], names):
        return ""
    rest = title[separator.end() :].lstrip()
    return rest if len(rest) >= _SHORTEST else ""


def _is_site_name(piece: str, names: set[str]) -> bool:
    key = letters_and_digits(piece)
    return (
        key in names
        or key.removeprefix("the") in names
        or key.removeprefix("www") in names
        or any(key == name.removeprefix("the") for name in names)
    )
