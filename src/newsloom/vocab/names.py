"""Proper names by their capitals, and whether two titles name different ones.

What is a name is learned from the texts at hand: a word that running text writes with a capital, other than at the start of a
sentence, nearly always. Capitals in a headline in title case tell nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from newsloom.vocab.text import cased_words, is_title_case, stem, tokens

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


@dataclass(frozen=True, slots=True)
class NamedText:
    """The names a text mentions: in its title, and anywhere (title included)."""

    title: frozenset[str]
    anywhere: frozenset[str]


@dataclass(frozen=True, slots=True)
class NameSense:
    """Which words are proper names in a collection of texts."""

    names: frozenset[str]

    @classmethod
    def of(cls, texts: Iterable[tuple[str, str]]) -> NameSense:
        """Learn from (title, text) pairs."""
        capital: Counter[str] = Counter()
        seen: Counter[str] = Counter()
        for pair in texts:
            for text in pair:
                words = cased_words(text[:_TEXT_CHARACTERS])
                if is_title_case(words):
                    continue
                for word, is_capital, starts in words:
                    if not starts:
                        seen[word] += 1
                        capital[word] += is_capital
        return cls(frozenset(w for w, n in capital.items() if n >= _NAME_SHARE * seen[w] and w not in _CALENDAR))

    def read(self, title: str, text: str) -> NamedText:
        """Return the names in *title* and in the start of *text*, stemmed."""
        in_title = self._names_in(title)
        return NamedText(in_title, in_title | self._names_in(text[:_TEXT_CHARACTERS]))

    def _names_in(self, text: str) -> frozenset[str]:
        return frozenset(map(stem, tokens(text))) & self.names


def names_disagree(text: NamedText, others: Sequence[NamedText]) -> bool:
    """Return True when the titles of *text* and of *others* share no name, and each side names what the other never mentions.

    "Oakland council votes to ban face scans" and "Portland council votes to ban face scans" disagree; "Toll in Nepal rises
    to 50" and "Nepal toll rises to 80" do not, and neither do titles without names.
    """
    theirs = frozenset[str]().union(*(other.title for other in others))
    if not text.title or not theirs or text.title & theirs:
        return False
    return not theirs & text.anywhere and not any(text.title & other.anywhere for other in others)
