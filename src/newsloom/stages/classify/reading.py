"""What of an item is read to find its topics: title, lead and body, cut into words once for all topics."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from newsloom.model.item import Item
from newsloom.stages.classify.keywords import ReadText
from newsloom.vocab.common_words import BACKGROUND_SHARE, STOP_WORDS
from newsloom.vocab.text import primary_language, stem, words_in_place
from newsloom.vocab.vectors import count_terms

LEAD_WORDS = 80
"""A keyword further down than this is a passing mention, unless it comes again and again."""

_TITLE_WORDS = 40
_LEAD_CHARACTERS = 600
_BODY_CHARACTERS = 3_000


@dataclass(frozen=True, slots=True)
class Word:
    """A word that tells something: as written, how much it tells, and where it stands (in the title, or in the text)."""

    raw: str
    weight: float
    start: int
    end: int
    in_title: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """An item as the classifier reads it.

    `words` are those of the title and the lead without stop words; `lead` is what an embedder is given; `terms` counts the
    stemmed words of all that is read. `language` is the primary tag, None when unknown.
    """

    title: ReadText
    text: ReadText
    words: tuple[Word, ...]
    terms: Counter[str]
    language: str | None

    @property
    def lead(self) -> str:
        """Return title and beginning of the text, as one text."""
        return f"{self.title.text}. {self.text.text[:_LEAD_CHARACTERS]}"

    def lead_without(self, title: list[tuple[int, int]], text: list[tuple[int, int]]) -> str:
        """Return `lead` with the characters in these spans cut out."""
        return f"{_cut(self.title.text, title)}. {_cut(self.text.text[:_LEAD_CHARACTERS], text)}"


def read_item(item: Item) -> Reading:
    """Return *item* as the classifier reads it."""
    article = item.article
    body = article.article_body[:_BODY_CHARACTERS]
    # The excerpt is often the body's own start: what stands twice must not count twice.
    repeats = not article.excerpt or body.startswith(article.excerpt.rstrip("…. ")[:80])
    return read_text(article.title, body if repeats else f"{article.excerpt}\n{body}", article.in_language)


def read_text(title: str, text: str, language: str | None = None) -> Reading:
    """Return a title and a text as the classifier reads them."""
    head, rest = ReadText(title[:2000]), ReadText(text[:_BODY_CHARACTERS])
    words = [_word(head.text, place, True) for place in head.words[:_TITLE_WORDS]]
    words += [_word(rest.text, place, False) for place in rest.words[:LEAD_WORDS]]
    kept = tuple(word for word in words if word.weight > 0.0)
    return Reading(head, rest, kept, count_terms(title, text), primary_language(language))


def written_forms(readings: Iterable[Reading]) -> dict[str, str]:
    """Return stem → the form in which it is written most often."""
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for reading in readings:
        for text in (reading.title, reading.text):
            for word, start, end in text.words:
                if word.isalpha() and len(word) > 2 and word not in STOP_WORDS:
                    raw = text.text[start:end]
                    forms[stem(word)][raw if raw[1:] != raw[1:].lower() else raw.lower()] += 1
    return {term: min(counts, key=lambda form: (-counts[form], form)) for term, counts in forms.items()}


def event_of(item: Item) -> str:
    """Return what *item* reports of: its story where it has one, else what it is a copy of, else itself."""
    return item.story or item.duplicate_of or item.id


def telling_words(*texts: str) -> dict[str, float]:
    """Return the words of *texts* as written, with how much each tells (0..1), those that tell nothing left out."""
    found = {}
    for text in texts:
        normal = unicodedata.normalize("NFKC", text)
        for word, start, end in words_in_place(normal):
            if (weight := telling(word)) > 0.0:
                found[normal[start:end]] = weight
    return found


def _word(text: str, place: tuple[str, int, int], in_title: bool) -> Word:
    word, start, end = place
    return Word(text[start:end], telling(word) * (2.0 if in_title else 1.0), start, end, in_title)


@lru_cache(maxsize=50_000)
def telling(word: str) -> float:
    """Return how much *word* (folded) tells: nothing for stop words and numbers, less for everyday words."""
    if len(word) < 2 or word in STOP_WORDS or word.isdigit():
        return 0.0
    return 1.0 - min(0.8, 2.5 * BACKGROUND_SHARE.get(word, 0.0))


def _cut(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    return text
