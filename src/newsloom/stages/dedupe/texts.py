"""A text as copies are looked for in it: its words as numbers, the runs of words, and the names and figures it states."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from newsloom.model.item import Item
from newsloom.vocab.text import is_unspaced, tokens
from newsloom.vocab.urls import identity

Hashes = npt.NDArray[np.uint64]

TEXT_CHARACTERS = 60_000
"""How much of a text is read."""

_RUN, _UNSPACED_RUN = 3, 5
_FIRST_RUNS = 8
_SAMPLED = np.uint64(4)
_MIX = (np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53))
_SHIFT = np.uint64(33)
_NAME = re.compile(r"(?<=[\w,;–—-] )(?:[^\W\d_a-z][^\W_]*(?:['’-][^\W_]+)*)")
_HOST = re.compile(r"^(?:www\d?|m|mobile|amp|touch|edition)\.")
_AMP_PATH = re.compile(r"/amp(?=/|$)|\.amp(?=\.html?$|$)|/$", re.IGNORECASE)
_AMP_QUERY = re.compile(r"(?:amp|outputtype|output|m|mobile)(?:=(?:|1|true|amp|amp-type))?", re.IGNORECASE)


@dataclass(frozen=True)
class Text:
    """What of an item is compared.

    Attributes:
        raw: the body, or the excerpt where that says more. title_raw: the title as written.
        words: a hash of each word, in order.
        runs: a hash of each run of `size` words, in order; the nth begins at the nth word.
        whole / title: body and title in normal form, for equality.
        address: see `address_key`.
    """

    raw: str
    title_raw: str
    words: Hashes
    runs: Hashes
    size: int
    whole: str
    title: str
    address: str

    @cached_property
    def sample(self) -> Hashes:
        """Return the runs by which the text is found: every fourth, chosen by its value so that part and whole choose alike, and the first.

        Source: Manber, "Finding Similar Files in a Large File System", USENIX Winter 1994 (sampling by hash modulus).
        """
        return np.unique(np.concatenate((self.runs[self.runs % _SAMPLED == 0], self.runs[:_FIRST_RUNS])))

    @cached_property
    def ranked(self) -> tuple[Hashes, npt.NDArray[np.intp]]:
        """Return the runs in order of their value, and the word each begins at."""
        order = np.argsort(self.runs, kind="stable")
        return self.runs[order], order

    @cached_property
    def subject(self) -> frozenset[int]:
        """Return the names and figures of the text that its title has too; capitals in a headline tell nothing by themselves."""
        return self.title_words & (self.names | frozenset(self.figures | _figures(self.title)))

    @cached_property
    def word_set(self) -> frozenset[int]:
        """Return the words of text and title, each once."""
        return frozenset(self.words.tolist()) | self.title_words

    @cached_property
    def title_words(self) -> frozenset[int]:
        """Return the words of the title, each once."""
        return frozenset(_hashed(self.title.split()).tolist())

    @cached_property
    def figures(self) -> frozenset[int]:
        """Return the words of the text that are figures."""
        return _figures(self.whole)

    @cached_property
    def names(self) -> frozenset[int]:
        """Return the words that the text writes with a capital inside a sentence: names, in most languages."""
        return frozenset(_hashed(tokens(" ".join(set(_NAME.findall(self.raw))))).tolist())


def read_text(item: Item) -> Text:
    """Return what of *item* is compared."""
    article = item.article
    raw = article.article_body if len(article.article_body) >= len(article.excerpt) else article.excerpt
    raw = raw[:TEXT_CHARACTERS]
    found = tokens(raw)
    is_cut_into_characters = not raw.isascii() and 2 * sum(map(is_unspaced, found)) > len(found)
    size = _UNSPACED_RUN if is_cut_into_characters else _RUN
    words = _hashed(found)
    return Text(
        raw, article.title, words, runs_of(words, size), size, " ".join(found), " ".join(tokens(article.title)),
        address_key(article.url),
    )  # fmt: skip


def address_key(url: str) -> str:
    """Return *url* without what tells the forms of one page apart: scheme, host prefix, tracking, /amp, ?amp=1, final slash."""
    address, _, query = identity(url).partition("?")
    host, slash, path = _HOST.sub("", address).partition("/")
    kept = "&".join(part for part in query.split("&") if part and not _AMP_QUERY.fullmatch(part))
    return f"{host}{_AMP_PATH.sub('', slash + path)}{'?' if kept else ''}{kept}"


def _hashed(words: list[str]) -> Hashes:
    return np.fromiter(
        (zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in words), dtype=np.uint64, count=len(words)
    )


def _figures(normal: str) -> frozenset[int]:
    return frozenset(_hashed([word for word in normal.split() if word[0].isdigit()]).tolist())


def runs_of(words: Hashes, size: int) -> Hashes:
    """Return a well mixed hash of each run of *size* words, so that its remainder samples evenly (MurmurHash3's finaliser)."""
    if len(words) < size:
        return words[:0]
    mixed = np.zeros(len(words) - size + 1, dtype=np.uint64)
    for place in range(size):
        mixed = (mixed ^ words[place : place + len(mixed)]) * _MIX[0]
        mixed ^= mixed >> _SHIFT
    mixed *= _MIX[1]
    return mixed ^ (mixed >> _SHIFT)
