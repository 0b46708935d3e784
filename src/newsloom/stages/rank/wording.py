"""How a headline and its description are worded, weighed by a small trained model: sums over hashed words, cues and a text vector.

A model is linear: what it says is a sum, so the words that decided can be named. Words are looked up by hash; no word is kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import exp, sqrt
from typing import TYPE_CHECKING
from zlib import crc32

from newsloom.ports.embedding import Embedder
from newsloom.vocab.common_words import STOP_WORDS

BUCKETS = 1 << 14
"""Words of titles and of excerpts share one space of hashes; those of excerpts are marked."""

TITLE_CHARACTERS, EXCERPT_CHARACTERS = 300, 400
"""More is not read."""

_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d[\d.,]*|[%$€£?!:]")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MOST_TOKENS = 60
_LITTLE = STOP_WORDS | {"with", "their", "your", "when", "that", "this", "from", "into"}

if TYPE_CHECKING:  # commands that only list records read a profile, and need not wait for numpy
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]


def terms(text: str, mark: str = "") -> tuple[str, ...]:
    """Return the words and pairs of words of *text*, lower case, numbers made alike, in order and distinct."""
    words = ["^"]
    for token in _TOKEN.findall(text.casefold().replace("’", "'"))[:_MOST_TOKENS]:
        words.append(("<year>" if _YEAR.fullmatch(token) else "<number>") if token[0].isdigit() else token)
    pairs = [f"{left} {right}" for left, right in pairwise(words)]
    return tuple(dict.fromkeys(mark + term for term in (*words[1:], *pairs)))


def bucket(term: str) -> int:
    """Return the place of *term* among the weights."""
    return crc32(term.encode("utf-8", "replace")) % BUCKETS


def plain(text: str) -> str:
    """Return *text* as it is turned into a vector: lower case, because capitals tell a house style and not a kind."""
    return " ".join(text.casefold().split())


@dataclass(frozen=True, slots=True)
class Wording:
    """What a model sees: terms of the title and of the excerpt, the cues found, and their vectors (None: no embedder)."""

    title_terms: tuple[str, ...]
    excerpt_terms: tuple[str, ...]
    cues: frozenset[str]
    vectors: tuple[Vector, Vector] | None


@dataclass(frozen=True, slots=True)
class WordingModel:
    """Weights of one model: what is told of headlines, by name of what they weigh.

    Attributes:
        words: one weight for each bucket. cues: by the cue's name. title_vector, excerpt_vector: one for each dimension, None for
            a model that goes by words alone. constant, with_excerpt: what is added always, and where there is an excerpt.
    """

    words: Vector
    cues: Mapping[str, float]
    constant: float
    with_excerpt: float
    title_vector: Vector | None = None
    excerpt_vector: Vector | None = None

    def probability(self, wording: Wording) -> float:
        """Return how sure the model is, in 0..1."""
        said = self.constant + sum(self.cues.get(cue, 0.0) for cue in wording.cues)
        for found in (wording.title_terms, wording.excerpt_terms):
            if found:
                said += sum(float(self.words[bucket(term)]) for term in found) / sqrt(len(found))
        if wording.excerpt_terms:
            said += self.with_excerpt
        if wording.vectors is not None and self.title_vector is not None and self.excerpt_vector is not None:
            said += float(wording.vectors[0] @ self.title_vector) + float(wording.vectors[1] @ self.excerpt_vector)
        return 1.0 / (1.0 + exp(-min(30.0, max(-30.0, said))))

    def telling(self, wording: Wording, most: int = 3) -> tuple[str, ...]:
        """Return the words of the title that weigh most for the answer, as the text has them but for case, strongest first."""
        weighed = [(float(self.words[bucket(term)]), term) for term in wording.title_terms]
        strong = sorted((weight, term) for weight, term in weighed if weight > 0.25 and _says_something(term))
        chosen: list[str] = []
        for _, term in reversed(strong):
            term = term.removeprefix("^ ")
            if not any(set(term.split()) & set(other.split()) for other in chosen):
                chosen.append(term)
        return tuple(chosen[:most])


def _says_something(term: str) -> bool:
    """Return whether a reader would take *term* for a reason: little words weigh too, but tell nothing."""
    words = term.removeprefix("^ ").split()
    return "<" not in term and any(len(word) > 3 and word not in _LITTLE for word in words)


@dataclass(frozen=True, eq=False)
class HeadlineModels:
    """The trained models and what turns texts into vectors for them. Languages other than *languages* are not judged.

    Two are equal when they are the same one: texts are embedded once for each.
    """

    press_release: WordingModel
    clickbait: WordingModel
    embedder: Embedder | None
    name: str
    languages: frozenset[str] = frozenset({"en"})

    def knows(self, language: str | None) -> bool:
        """Return whether texts in *language* (a BCP 47 tag, None when unknown) can be judged."""
        return language is None or language.lower().partition("-")[0] in self.languages

    def wording(self, title: str, excerpt: str, cues: Sequence[str]) -> Wording:
        """Return what the models see of *title* and *excerpt* ("" when unknown)."""
        title, excerpt = title[:TITLE_CHARACTERS], excerpt[:EXCERPT_CHARACTERS]
        vectors = None
        if self.embedder is not None:
            vectors = (_vector(self, plain(title)), _vector(self, plain(excerpt)))
        return Wording(terms(title), terms(excerpt, "e:"), frozenset(cues), vectors)


@lru_cache(maxsize=512)
def _vector(models: HeadlineModels, text: str) -> Vector:
    """Return the vector of *text*: a headline is judged as bait and as promotion, and both look at the same one."""
    assert models.embedder is not None
    row: Vector = models.embedder.embed([text])[0]
    return row
