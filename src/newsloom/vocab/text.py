"""Words of any language, as the stages compare them: normal forms, tokens, terms, shingles.

Scripts written without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese), and Korean, whose endings stick to the word,
are cut into characters; all other scripts into words.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from newsloom.vocab.common_words import STOP_WORDS

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0002fa1f"
)
_TOKEN = re.compile(
    rf"(?P<unspaced>[{_UNSPACED}])"
    r"|(?:[^\W\d_]\.){2,}"  # U.S., U.K.
    r"|\d+(?:[.,:]\d+)+"  # 6.1, 1,000, 12:30
    rf"|(?:(?![{_UNSPACED}])[^\W_])+(?:['’](?:(?![{_UNSPACED}])[^\W_])+)*"
)
# The same for a text without unspaced scripts, five times as fast.
_SPACED_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|\d+(?:[.,:]\d+)+|[^\W_]+(?:['’][^\W_]+)*")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_UNSPACED_RUN = re.compile(rf"[{_UNSPACED}]+")
_TERM_CHARACTERS = 16
"""A term takes some six characters with its blank, and every second word is none: no need to cut up a whole article."""
_APOSTROPHES = "’ʼ‘`"


def folded(text: str) -> str:
    """Return *text* in the form in which texts are compared: NFKC, case-folded, straight apostrophes."""
    normal = unicodedata.normalize("NFKC", text).casefold()
    for apostrophe in _APOSTROPHES:
        normal = normal.replace(apostrophe, "'")
    return normal


def tokens(text: str) -> list[str]:
    """Return the words of *text* in order, folded; each character of an unspaced script is a token of its own.

    A possessive `'s` is dropped. Punctuation and symbols vanish.
    Example: `tokens("Tesla’s U.S. plan: 1,000 cars")` is `["tesla", "u.s.", "plan", "1,000", "cars"]`.
    """
    return _tokens(folded(text))


def _has_unspaced(text: str) -> bool:
    return not text.isascii() and _UNSPACED_RUN.search(text) is not None


def _tokens(normal: str) -> list[str]:
    if _has_unspaced(normal):
        found = [match.group() for match in _TOKEN.finditer(normal)]
    else:
        found = _SPACED_TOKEN.findall(normal)
    return [token[:-2] if token.endswith("'s") else token for token in found] if "'s" in normal else found


def words_in_place(text: str) -> list[tuple[str, int, int]]:
    """Return (folded token, start, end) for each token of *text*, which must be in NFKC already; see `tokens`."""
    if text.isascii():  # folding keeps every place: three times as fast
        lower = text.lower()
        return [(_without_possessive(m.group()), m.start(), m.end()) for m in _SPACED_TOKEN.finditer(lower)]
    return [(_without_possessive(folded(match.group())), match.start(), match.end()) for match in _TOKEN.finditer(text)]


def _without_possessive(token: str) -> str:
    if token.endswith("'s"):
        return token[:-2]
    return token


def is_unspaced(token: str) -> bool:
    """Return True when *token* holds characters of a script that is cut into characters."""
    return _UNSPACED_RUN.match(token) is not None


def fingerprint(text: str) -> str:
    """Return *text* as its tokens joined by blanks: equal for texts that differ in case, punctuation or spacing only."""
    return " ".join(tokens(text))


def shingles(text: str, size: int = 3) -> list[str]:
    """Return the distinct runs of *size* tokens of *text*, in order of first appearance.

    A text mostly of an unspaced script gets runs two longer, since a character says less than a word.
    A text shorter than one run gives one shingle, an empty one none.
    """
    normal = folded(text)
    words = _tokens(normal)
    if not words:
        return []
    if _has_unspaced(normal) and 2 * sum(map(is_unspaced, words)) > len(words):
        size += 2
    last = max(1, len(words) - size + 1)
    return list(dict.fromkeys(" ".join(words[start : start + size]) for start in range(last)))


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return *word* without the commonest English endings (plural, -ed, -ing, -ly), so that inflected forms meet.

    Light on purpose: it never touches words under four letters, words with digits, or words outside a–z, so that other languages stay whole.
    """
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return word
    for ending, replacement in (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x")):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            word = word[: -len(ending)] + replacement
            break
    else:
        if word.endswith("s") and not word.endswith(("ss", "us", "is")):
            word = word[:-1]
    for ending in ("ingly", "edly", "ing", "ed", "ly"):
        root = word[: -len(ending)]
        if word.endswith(ending) and len(root) >= 3 and any(vowel in root for vowel in "aeiouy"):
            word = root
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    return word


@lru_cache(maxsize=200_000)
def _term(token: str) -> str:
    """Return what *token* is about, "" for a stop word or a single character."""
    return stem(token) if len(token) > 1 and token not in STOP_WORDS else ""


@lru_cache(maxsize=16_384)
def first_terms(text: str, count: int) -> tuple[str, ...]:
    """Return the first *count* of `terms(text)`, without reading much more of *text* than that takes.

    Remembered, since several stages ask for those of each item of a month.
    """
    # No token holds a blank, so what stands before one is cut up the same whatever follows.
    start = text[: text.rfind(" ", 0, count * _TERM_CHARACTERS)] if len(text) > count * _TERM_CHARACTERS else ""
    found = terms(start)
    return tuple((found if len(found) >= count else terms(text))[:count])


def terms(text: str) -> list[str]:
    """Return what *text* is about: its stemmed words without stop words, in order; pairs of characters in unspaced scripts.

    Single letters and single digits are left out.
    """
    normal = folded(text)
    if not _has_unspaced(normal):
        return [term for term in map(_term, _tokens(normal)) if term]
    found: list[str] = []
    previous = ""
    for token in _tokens(normal):
        if is_unspaced(token):
            if previous:
                found.append(previous + token)
            previous = token
            continue
        previous = ""
        if len(token) > 1 and token not in STOP_WORDS:
            found.append(stem(token))
    return found


_CASED_CHARACTERS = 2_000


def cased(title: str, text: str) -> tuple[list[str], list[str]]:
    """Return the terms written with and without a capital inside a sentence; a headline in title case tells nothing."""
    words = _inside(text[:_CASED_CHARACTERS])
    headline = _inside(title[:_CASED_CHARACTERS])
    if 2 * sum(is_capital for _, is_capital, _ in headline) <= len(headline):
        words += headline
    capitals = dict.fromkeys([term for term, is_capital, _ in words if is_capital])
    plain = dict.fromkeys([term for term, _, is_plain in words if is_plain])
    return list(capitals), list(plain)


def _inside(text: str) -> list[tuple[str, bool, bool]]:
    """Return the words that a word or a comma goes before, as `_word` has them: a capital there is not that of a sentence's start."""
    found = []
    before = ""
    for piece in text.split(" "):
        last = before[-1:]
        if (last.isalnum() or (last == "," and before[-2:-1].isalnum())) and (word := _word(piece)):
            found.append(word)
        before = piece
    return found


@lru_cache(maxsize=200_000)
def _word(piece: str) -> tuple[str, bool, bool] | None:
    """Return the term of the word that *piece* starts with, and whether it has a capital, or a small letter; None for no word."""
    start = _LETTERS.match(piece)
    if start is None:
        return None
    word = start.group()
    return stem(word.casefold()), word[0].isupper(), word[0].islower()


def primary_language(tag: str | None) -> str | None:
    """Return the primary subtag of BCP 47 *tag* in lower case, None when unknown (`und` included)."""
    if not tag:
        return None
    primary = tag.replace("_", "-").split("-", 1)[0].strip().lower()
    return primary if primary and primary != "und" else None
