"""Learned cues: how much the words of class names and the first words of a text speak for a block being the article's.

They are kept as hashes of words that stand on several sites; no word can be read back from them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from newsloom.adapters.pages.page_blocks import PageBlocks, Table

MAX_CUE_WORDS = 20
"""Of one block: what a block is about shows early."""

_NAME = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_MOST_REMEMBERED = 32_768

Spread = tuple[float, float, float]
_NOTHING: Spread = (0.0, 0.0, 0.0)


class Cues:
    """How much a word of a class name or of a text speaks for the article (log odds), by CRC-32 of the word in UTF-8.

    Words and names that were looked up are remembered, up to a bound; safe in threads.
    """

    def __init__(self, names: Mapping[int, float], words: Mapping[int, float]) -> None:
        self.of_word = _Remembered(lambda word: words.get(_key(word), np.nan))
        """The odds of a word, NaN where nothing is known of it."""
        self.of_names = _Remembered(lambda each: _spread(names, name_keys(each)))
        """The least, the most and the sum of the odds of all words in class names and ids."""


class _Remembered(dict[str, Any]):
    """A function of a text whose answers are kept: the way to one that is there costs no call of Python."""

    def __init__(self, answer: Callable[[str], Any]) -> None:
        self._answer = answer

    def __missing__(self, text: str) -> Any:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        answer = self[text] = self._answer(text)
        return answer


def cue_features(page: PageBlocks, cues: Cues) -> Table:
    """Return what class names and words speak for.

    Least, most and sum for the class names of the block's own box, of the two around it and of all further out; for the first
    words of the text least, most, mean (cautious and plain), first and last.
    """
    of_box: list[Spread] = []
    carried: list[Spread] = []  # what all boxes from the root on say, carried down box by box
    of_names = cues.of_names
    for box in page.boxes:
        own = of_names[box.names]
        of_box.append(own)
        above = carried[box.parent] if box.parent >= 0 else _NOTHING
        if own != _NOTHING:
            above = (min(above[0], own[0]), max(above[1], own[1]), above[2] + own[2])
        carried.append(above)
    own_box, parent, grandparent, beyond, _ = page.above
    told = np.array(of_box)
    own_names = told[own_box]
    for place, block in enumerate(page.blocks):
        if block.inline:
            own_names[place] = of_names[f"{page.boxes[block.box].names} {block.inline}"]
    further = np.array(carried)[beyond]
    return np.hstack([own_names, told[parent], told[grandparent], further, _of_words(page, cues)]).astype(np.float32)


def _of_words(page: PageBlocks, cues: Cues) -> NDArray[np.float64]:
    heads = [words[:MAX_CUE_WORDS] for words in page.words]
    odds = np.array(list(map(cues.of_word.__getitem__, chain.from_iterable(heads))), np.float64)
    is_known = ~np.isnan(odds)
    known = odds[is_known]
    counts = np.bincount(np.repeat(np.arange(len(heads)), list(map(len, heads)))[is_known], minlength=len(heads))
    table = np.zeros((len(heads), 6))
    any_known = counts > 0
    if len(known):
        ends = np.cumsum(counts)[any_known]
        count = counts[any_known]
        starts = ends - count
        total = np.add.reduceat(known, starts)
        table[any_known] = np.column_stack(
            [
                np.minimum.reduceat(known, starts), np.maximum.reduceat(known, starts), total / (count + 3), total / count,
                known[starts], known[ends - 1],
            ]
        )  # fmt: skip
    return table


def _spread(odds_of: Mapping[int, float], keys: Sequence[int]) -> Spread:
    odds = [said for key in keys if (said := odds_of.get(key)) is not None]
    return (min(odds), max(odds), sum(odds)) if odds else _NOTHING


def name_keys(names: str) -> tuple[int, ...]:
    """Return the keys of the words in class names and ids, each once, in order."""
    return tuple(dict.fromkeys(key for name in names.split() for key in _keys_of_name(name)))


@lru_cache(maxsize=16_384)
def _keys_of_name(name: str) -> tuple[int, ...]:
    return tuple(_key(word.lower()) for word in _NAME.findall(name) if len(word) > 1)


def word_keys(words: Sequence[str]) -> list[int]:
    """Return the keys of the first of *words*, in order."""
    return list(map(_key, words[:MAX_CUE_WORDS]))


def _key(word: str) -> int:
    return crc32(word.encode())
