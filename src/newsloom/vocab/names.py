"""Proper names by their capitals, and whether two titles tell of different ones.

What is a name is learned from the texts at hand: a word that running text writes with a capital, other than at the start of a
sentence, nearly always. Capitals in a headline in title case tell nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from newsloom.vocab.text import cased_words, is_title_case, numbers, stem, terms, tokens

_CALENDAR = frozenset(
    stem(word)
    for word in [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "christmas",
        "easter",
    ]
)
_NAME_SHARE = 0.75
_TEXT_CHARACTERS = 1_500
_ENOUGH_SAID = 20
"""From this many different words a text would have named what it is about."""
_ALIKE = 0.5
"""Two titles that share this much of their other words, or more, are worded alike."""
_COMMON_SHARE, _COMMON_TEXTS = 0.1, 5
"""A name in more of the texts than this, in share and in number, tells no event from another: the portal's own city."""
_BRIEF_CHARACTERS = 400
"""In a text up to this long every name stands out; in a longer one those mentioned twice."""


@dataclass(frozen=True, slots=True)
class NamedText:
    """What a text names, stemmed.

    `title` are the names in the title, `prominent` these and the names mentioned twice, `rare` those of them that are not
    common in the collection. `numbers` are the title's,
    `words` its other words. `is_full` is True for more than a line or two.
    """

    title: frozenset[str]
    prominent: frozenset[str]
    rare: frozenset[str]
    numbers: frozenset[str]
    words: frozenset[str]
    is_full: bool


@dataclass(frozen=True, slots=True)
class NameSense:
    """Which words are proper names in a collection of texts. Acronyms are none: organisations turn up in many events."""

    names: frozenset[str]
    common: frozenset[str] = frozenset()

    @classmethod
    def of(cls, texts: Iterable[tuple[str, str]]) -> NameSense:
        """Learn from (title, text) pairs."""
        capital: Counter[str] = Counter()
        seen: Counter[str] = Counter()
        texts_with: Counter[str] = Counter()
        total = 0
        for pair in texts:
            total += 1
            here: set[str] = set()
            for text in pair:
                words = cased_words(text[:_TEXT_CHARACTERS])
                here.update(word for word, is_capital, _ in words if is_capital)
                if is_title_case(words):
                    continue
                for word, is_capital, starts in words:
                    if not starts:
                        seen[word] += 1
                        capital[word] += is_capital
            texts_with.update(here)
        most = max(_COMMON_TEXTS, _COMMON_SHARE * total)
        names = frozenset(
            word for word, count in capital.items() if count >= _NAME_SHARE * seen[word] and word not in _CALENDAR
        )
        return cls(names, frozenset(word for word in names if texts_with[word] > most))

    def read(self, title: str, text: str) -> NamedText:
        """Return what *title* and the start of *text* name."""
        of_title = frozenset(terms(title))
        of_text = Counter(map(stem, tokens(text[:_TEXT_CHARACTERS])))
        in_title = of_title & self.names
        counted = numbers(tokens(title))
        least = 1 if len(text) <= _BRIEF_CHARACTERS else 2
        prominent = in_title | (self.names & {word for word, count in of_text.items() if count >= least})
        return NamedText(
            in_title,
            prominent,
            prominent - self.common,
            counted,
            of_title - in_title - counted,
            len(of_text) >= _ENOUGH_SAID,
        )


def tell_apart(text: NamedText, others: Sequence[NamedText]) -> bool:
    """Return True when *text* and *others* tell of different events, as far as names and numbers show.

    They do when their titles share no name, and one of these holds: each title names what does not stand out on the other
    side; nothing rare that stands out on one side does on the other; or the titles' numbers are all different. Texts of a line
    or two may just have left a name out, so there the titles must be worded alike besides.

    "Oakland council votes to ban face scans" and "Portland council votes to ban face scans" are told apart, "Toll in Nepal
    rises to 50" and "Nepal toll rises to 80" are not: they share a name, so that their numbers may differ.
    """
    if any(text.title & other.title for other in others):
        return False
    says_enough = text.is_full and any(other.is_full for other in others)
    if not says_enough and not any(_alike(text.words, other.words) for other in others):
        return False
    if _name_differently(text, others):
        return True
    rare = _union(other.rare for other in others)
    if text.rare and rare and not text.rare & rare:
        return True
    counted = _union(other.numbers for other in others)
    return bool(text.numbers and counted) and not text.numbers & counted


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset[str]().union(*sets)


def are_look_alikes(text: NamedText, others: Sequence[NamedText]) -> bool:
    """Return True when the title of *text* is worded like one of *others* but for its names, and each side's stand out on its own only.

    Such texts may agree in nearly every word: the names alone decide.
    """
    return _name_differently(text, others) and any(_alike(text.words, other.words) for other in others)


def _name_differently(text: NamedText, others: Sequence[NamedText]) -> bool:
    """Return True when both sides' titles name somebody or something, and none of it stands out on the other side."""
    named = _union(other.title for other in others)
    if not text.title or not named or named & text.prominent:
        return False
    return not text.title & _union(other.prominent for other in others)


def share_names(text: NamedText, others: Sequence[NamedText]) -> bool:
    """Return True when the title of *text* names what stands out in one of *others*, or the other way round."""
    return any(text.title & other.rare or other.title & text.rare for other in others)


def _alike(left: frozenset[str], right: frozenset[str]) -> bool:
    union = len(left | right)
    return bool(union) and len(left & right) >= _ALIKE * union
