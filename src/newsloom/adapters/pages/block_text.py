"""What the text of a page's blocks says by itself: the columns that need nothing else, and the words to compare them by.

Characters are counted for all blocks of a page at once, in one array of their codes: block by block, calls would cost more than
counting.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from newsloom.adapters.pages.blocks import Block

_HEAD = 200  # characters of a block that are looked at closely
_FOLDED = 250  # characters of a block that are compared with others
_WORD = re.compile(r"\w+")
_ENDS_SENTENCE = re.compile(r"[.!?…。！？][\"'”’»)」』]*$")
_MAY_END = frozenset(".!?…。！？\"'”’»)」』")
_DATE = re.compile(r"\d{1,2}[:.h]\d\d|\b(?:19|20)\d\d\b|\d{1,2}[./-]\d{1,2}")
_NO_SPACES = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
_QUOTES = frozenset("\"'“„«‘「")
_LONGEST_DATED = 120  # characters
_OPEN_ENDS = (":", "…", "...", "»", ">")

_FOLDED_ASCII = bytes(
    ord(chr(code).lower()) if chr(code).isalnum() or code == ord("_") else ord(" ") for code in range(128)
) + bytes(128)

# What a character counts as, several in one number so that one sum over a head (at most 200 characters) counts them all.
_DIGIT, _STOP, _SIGN = 1, 1 << 10, 1 << 20
_OF_ONE_KIND = (1 << 10) - 1
_CAPITAL, _BETWEEN = 1, 2
_KNOWN_CODES = 0x20000  # digits and capitals lie below; what is beyond counts as its last, which is none


def _tables() -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    counts = np.zeros(_KNOWN_CODES, np.int32)
    counts[[code for code in range(_KNOWN_CODES) if chr(code).isdecimal()]] = _DIGIT
    counts[[ord(character) for character in ",;:、،"]] = _STOP
    counts[[ord(character) for character in "|•·/>»@©#"]] = _SIGN
    letters = np.full(_KNOWN_CODES, _BETWEEN, np.uint8)
    letters[[code for code in range(_KNOWN_CODES) if chr(code).isalnum() or code == ord("_")]] = 0
    for first, last in ("AZ", "ÀÞ"):
        letters[ord(first) : ord(last) + 1] |= _CAPITAL
    return counts, letters


_COUNTS, _LETTERS = _tables()


def fold(text: str) -> str:
    """Return the words of *text* in lower case, single blanks between them."""
    return " ".join(_words(text))


def folded_words(texts: Sequence[str]) -> list[list[str]]:
    """Return the words of the first 250 characters of each of *texts* in lower case; where there is none, one empty word."""
    return [_words(text[:_FOLDED]) or [""] for text in texts]


def _words(text: str) -> list[str]:
    # Bytes tell of ASCII what the pattern does, several times as fast.
    if text.isascii():
        return text.encode().translate(_FOLDED_ASCII).decode().split()
    return _WORD.findall(text.lower())


def text_columns(blocks: Sequence[Block]) -> NDArray[np.float32]:
    """Return length, characters of scripts without blanks, sentences, the part that is linked, and more: a row a block."""
    texts = [block.text for block in blocks]
    ascii_only = list(map(str.isascii, texts))
    endings = [text[-1] in _MAY_END and _ENDS_SENTENCE.search(text[-6:]) is not None for text in texts]
    firsts = [text[0] for text in texts]
    table = np.empty((20, len(texts)), np.float32)
    table[0] = list(map(len, texts))
    table[1] = [
        0 if is_ascii else len(_NO_SPACES.findall(text)) for text, is_ascii in zip(texts, ascii_only, strict=True)
    ]
    table[2] = [_sentences(text, is_ascii) for text, is_ascii in zip(texts, ascii_only, strict=True)]
    table[2] += endings
    table[3] = [block.linked for block in blocks]
    table[4] = [text.count(" ") + 1 for text in texts]
    table[5] = [block.links for block in blocks]
    np.divide(table[5], table[4], out=table[6])
    sizes = np.minimum(table[0], _HEAD)
    digits, table[7], table[15], table[14] = _of_heads([text[:_HEAD] for text in texts])
    table[8] = endings
    table[9] = [text.endswith(_OPEN_ENDS) for text in texts]
    table[10] = list(map(str.islower, firsts))
    table[11] = [first in _QUOTES for first in firsts]
    table[12] = [not (first.isalnum() or first in _QUOTES) for first in firsts]
    table[13] = digits
    table[16] = [
        count > 1 and len(text) < _LONGEST_DATED and _DATE.search(text) is not None
        for text, count in zip(texts, digits.tolist(), strict=True)
    ]
    table[17] = [block.marked for block in blocks]
    table[18] = [min(block.pictures, 3) for block in blocks]
    table[19] = [text.count("\n") for text in texts]
    table[[3, 17]] /= table[0]
    table[[7, 13, 14, 15]] /= sizes
    table[[4, 5, 19]] **= 0.5
    return np.ascontiguousarray(table.T)


def _sentences(text: str, is_ascii: bool) -> int:
    """Return how many sentences end inside *text*."""
    ends = text.count(". ") + text.count("? ") + text.count("! ")
    return ends if is_ascii else ends + text.count("。") + text.count(".” ")


def _of_heads(heads: Sequence[str]) -> tuple[NDArray[np.int64], ...]:
    """Return for each of *heads*, none empty: digits, stops, signs, and words with a capital, counted from the first one on."""
    joined = " ".join(heads)
    sizes = np.array(list(map(len, heads)), np.int64)
    ends = np.cumsum(sizes + 1)
    if joined.isascii():
        codes = np.frombuffer(joined.encode(), np.uint8)
    else:
        codes = np.minimum(np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32), _KNOWN_CODES - 1)
    counts = np.add.reduceat(_COUNTS.take(codes), ends - sizes - 1)
    letters = _LETTERS.take(codes)
    words = np.cumsum(letters & _BETWEEN)
    capitals = np.flatnonzero(letters & _CAPITAL)
    first_of_word = np.ones(len(capitals), np.bool_)
    of_word = words[capitals]
    first_of_word[1:] = of_word[1:] != of_word[:-1]
    capitalised = np.bincount(np.searchsorted(ends, capitals[first_of_word], side="right"), minlength=len(heads))
    return counts & _OF_ONE_KIND, (counts // _STOP) & _OF_ONE_KIND, counts // _SIGN, capitalised
