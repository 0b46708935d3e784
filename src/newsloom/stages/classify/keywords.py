"""Finding keywords and phrases in text: whole words, light inflection, capitals where they matter, exclusions first.

How a keyword is read:

- Words are whole words; blanks and hyphens are the same (`self driving` finds "self-driving").
- The last word may be in the plural or possessive (`robot` finds "robots", "robot's").
- A word with a capital beyond its first letter needs its capitals (`AI`, `iOS`); so does the first letter of a keyword
  of one word (`Rust`). In a text all in capitals every capital is there.
- One word of up to three small letters is an acronym and must stand in capitals (`ai` finds "AI" only), unless it is an
  everyday word (`oil`).
- A keyword in a script without spaces is found anywhere (`人工知能`).
- `council NEAR budget` and `council NEAR/12 budget` need both, in any order, at most so many words apart (6 when not said).
- `title:strike` counts in titles only, `text:strike` in excerpts and bodies only.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from newsloom.vocab.common_words import BACKGROUND_SHARE, STOP_WORDS
from newsloom.vocab.keyword_entry import parse_keyword
from newsloom.vocab.text import folded, is_unspaced, words_in_place

_SHORT = """
act age aid air ale ant arm art bag ban bat bay bed bee bet bid bin bit bow box bug bus cab cap car cat cow cup
cut dam day diet dna dog dry ear eat egg elk end eve eye fan fat fed fee fig fit fix fly fog fox fuel fun fur
gap gas gay gem gin gum gun gym hat hay hen hip hit ice ink jam jar jaw jet job joy key kid kit lab law leg lie
lip log map meal men mud net nut oak oil owl pay pen pet pie pig pop pub ray red rib rum sea sex ski sky spa spy
sun tax tea tie tin toy tv van vet war wax web wig win zoo
"""
_SHORT_WORDS = frozenset(_SHORT.split()) | {word for word in (*BACKGROUND_SHARE, *STOP_WORDS) if len(word) <= 3}


@dataclass(frozen=True, slots=True)
class Hit:
    """A keyword found: the keyword as its owner wrote it, and where in the text it stands (word number, character offsets)."""

    keyword: str
    word: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A keyword ready to be looked for: its words, which of them need their capitals, and signs no word holds (`C++`)."""

    keyword: str
    words: tuple[str, ...]
    exact: tuple[str | None, ...]
    is_acronym: bool = False
    is_proper: bool = False
    signs: str = ""
    signs_before: int = 0


class ReadText:
    """A text cut into words once, for many indexes to search: where each word stands, under each of its forms."""

    def __init__(self, text: str) -> None:
        self.text = unicodedata.normalize("NFKC", text)
        self.words = words_in_place(self.text)
        self.folded = folded(self.text)
        by_word: dict[str, list[int]] = defaultdict(list)
        for place, (word, _, _) in enumerate(self.words):
            by_word[word].append(place)
        self.places: dict[str, list[tuple[int, bool]]] = defaultdict(list)
        for word, places in by_word.items():
            for form in _forms(word):
                self.places[form] += [(place, form != word) for place in places]


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two keywords that must stand near each other."""

    keyword: str
    left: _Table
    right: _Table
    words: int


class _Table:
    """Keywords by their first word, and those of unspaced scripts."""

    def __init__(self) -> None:
        self.phrases: dict[str, list[_Phrase]] = defaultdict(list)
        self.anywhere: list[tuple[str, str]] = []

    @classmethod
    def of(cls, keyword: str) -> _Table:
        """Return a table of one keyword."""
        table = cls()
        table.add(keyword, cased=True)
        return table

    def add(self, keyword: str, *, cased: bool) -> None:
        """Put *keyword* where a search finds it."""
        _file(keyword, self.phrases, self.anywhere, cased=cased)

    def search(self, read: ReadText) -> list[Hit]:
        """Return every place of every keyword, in no order."""
        return _search(read, self.phrases, self.anywhere)


class KeywordIndex:
    """A set of keywords and excluded phrases. Cost of a search: one look-up a word, besides reading the text once."""

    def __init__(self, keywords: Iterable[str], exclude: Iterable[str] = ()) -> None:
        self._tables = {field: _Table() for field in ("", "title", "text")}
        self._pairs: list[tuple[str, _Pair]] = []
        self._excluded = _Table()
        for keyword in dict.fromkeys(keywords):
            parsed = parse_keyword(keyword)
            if parsed.other:
                left, right = _Table.of(parsed.words), _Table.of(parsed.other)
                self._pairs.append((parsed.field, _Pair(keyword, left, right, parsed.apart)))
            else:
                self._tables[parsed.field].add(parsed.words, cased=True)
        for phrase in dict.fromkeys(exclude):
            self._excluded.add(phrase, cased=False)

    def hits(self, text: str | ReadText, field: str = "text") -> list[Hit]:
        """Return every keyword found in *text*, in order of place; not those that touch an excluded phrase.

        *field* is `title` or `text`: what the text is, for keywords that count in one of them only.
        """
        read = ReadText(text) if isinstance(text, str) else text
        found = [*self._tables[""].search(read), *self._tables[field].search(read)]
        for scope, pair in self._pairs:
            if scope in ("", field):
                found.extend(_near(read, pair))
        if not found:
            return []
        hidden = self._excluded.search(read)
        return sorted(
            (hit for hit in found if not any(hit.start < other.end and other.start < hit.end for other in hidden)),
            key=lambda hit: (hit.start, hit.end, hit.keyword),
        )


def _near(read: ReadText, pair: _Pair) -> list[Hit]:
    """Return a hit for each left one with the nearest right one close enough, spanning both."""
    left = pair.left.search(read)
    right = pair.right.search(read) if left else []
    found = []
    for hit in left:
        close = [other for other in right if other != hit and abs(other.word - hit.word) <= pair.words]
        if close:
            other = min(close, key=lambda one: (abs(one.word - hit.word), one.word))
            span = (min(hit.word, other.word), min(hit.start, other.start), max(hit.end, other.end))
            found.append(Hit(pair.keyword, *span))
    return found


def _file(keyword: str, phrases: dict[str, list[_Phrase]], anywhere: list[tuple[str, str]], *, cased: bool) -> None:
    """Put *keyword* where a search finds it."""
    normal = unicodedata.normalize("NFKC", keyword.strip())
    words = words_in_place(normal)
    if not words:
        return
    if any(is_unspaced(word) for word, _, _ in words):
        anywhere.append((keyword, folded(normal)))
        return
    raw = [normal[start:end] for _, start, end in words]
    lone = raw[0] if len(raw) == 1 else ""
    before = words[0][1]
    after = normal[words[-1][2] :]
    phrase = _Phrase(
        keyword,
        tuple(word for word, _, _ in words),
        tuple(part if cased and any(letter.isupper() for letter in part[1:]) else None for part in raw),
        is_acronym=cased and 2 <= len(lone) <= 3 and lone.isalpha() and lone.islower() and lone not in _SHORT_WORDS,
        is_proper=cased and lone[:1].isupper(),
        signs=folded(normal) if before or after.strip("'’\".,;:!?)") else "",
        signs_before=before,
    )
    phrases[phrase.words[0]].append(phrase)


def _search(read: ReadText, phrases: dict[str, list[_Phrase]], anywhere: list[tuple[str, str]]) -> list[Hit]:
    found: list[Hit] = []
    for first in phrases.keys() & read.places.keys():
        for place, inflected in read.places[first]:
            for phrase in phrases[first]:
                hit = _match(phrase, read.text, read.words, place, inflected=inflected)
                if hit is not None:
                    found.append(hit)
    for keyword, wanted in anywhere:
        start = read.folded.find(wanted)
        while start >= 0:
            found.append(Hit(keyword, start, start, start + len(wanted)))
            start = read.folded.find(wanted, start + len(wanted))
    return found


def _match(phrase: _Phrase, text: str, words: list[tuple[str, int, int]], place: int, *, inflected: bool) -> Hit | None:
    """Return the hit when *phrase* stands in *text* from word *place* on; only its last word may be inflected."""
    length = len(phrase.words)
    if place + length > len(words) or (inflected and length > 1):
        return None
    for offset, wanted in enumerate(phrase.words):
        word, start, end = words[place + offset]
        if word != wanted and (offset < length - 1 or wanted not in _forms(word)):
            return None
        raw, exact = text[start:end], phrase.exact[offset]
        if exact is not None and not raw.startswith(exact) and not raw[: len(exact)].isupper():
            return None
        between = text[words[place + offset - 1][2] : start] if offset else ""
        # A sign ends a sentence, unless the keyword has it there itself (`Mr. Robot`, `robots.txt`).
        if any(sign in ".!?;:\n" for sign in between) and between not in phrase.keyword:
            return None
    start, end = words[place][1], words[place + length - 1][2]
    raw = text[start:end]
    if phrase.is_acronym and not raw[: len(phrase.words[0])].isupper():
        return None
    if phrase.is_proper and not raw[:1].isupper():
        return None
    if phrase.signs:
        start = max(0, start - phrase.signs_before)
        if folded(text[start : start + len(phrase.signs)]) != phrase.signs:
            return None
    return Hit(phrase.keyword, place, start, end)


@lru_cache(maxsize=65_536)
def _forms(word: str) -> tuple[str, ...]:
    """Return *word* and what it may be the plural or possessive of: "robots" → robots, robot."""
    forms = [word]
    if len(word) > 2 and word.endswith("s") and not word.endswith("ss"):
        forms.append(word[:-1])
        if word.endswith("es") and len(word) > 3:
            forms.append(word[:-2])
        if word.endswith("ies") and len(word) > 4:
            forms.append(word[:-3] + "y")
    return tuple(forms)
