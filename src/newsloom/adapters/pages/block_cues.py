"""Learned cues: how much the words of class names and the first words of a text speak for a block being the article's.

They are kept as hashes of words that stand on several sites; no word can be read back from them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

import numpy as np

from newsloom.adapters.pages.page_blocks import PageBlocks, Table

MAX_CUE_WORDS = 20
"""Of one block: what a block is about shows early."""

_NAME = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


@dataclass(frozen=True, slots=True)
class Cues:
    """How much a word of a class name or of a text speaks for the article (log odds), by CRC-32 of the word in UTF-8."""

    names: Mapping[int, float]
    words: Mapping[int, float]


Spread = tuple[float, float, float]
_NOTHING: Spread = (0.0, 0.0, 0.0)


def cue_features(page: PageBlocks, cues: Cues) -> Table:
    """Return what class names and words speak for.

    Least, most and sum for the class names of the block's own box, of the two around it and of all further out; for the first
    words of the text least, most, mean (cautious and plain), first and last.
    """
    of_box: list[Spread] = []
    carried: list[Spread] = []  # what all boxes from the root on say, carried down box by box
    seen: dict[str, Spread] = {}
    for box in page.boxes:
        names = box.names
        if names not in seen:
            seen[names] = _spread(cues.names, name_keys(names))
        own = seen[names]
        of_box.append(own)
        low, high, total = carried[box.parent] if box.parent >= 0 else _NOTHING
        carried.append((min(low, own[0]), max(high, own[1]), total + own[2]))
    above = page.above.T.tolist()
    rows = []
    for block, folded, (own_box, parent, grandparent, beyond, _) in zip(page.blocks, page.folded, above, strict=True):
        own = of_box[own_box]
        if block.inline:
            own = _spread(cues.names, name_keys(f"{page.boxes[own_box].names} {block.inline}"))
        rows.append((*own, *of_box[parent], *of_box[grandparent], *carried[beyond], *_of_cue_words(cues, folded)))
    return np.array(rows, np.float32)


def _of_cue_words(cues: Cues, folded: str) -> tuple[float, ...]:
    said_by = cues.words.get
    odds = [said for key in word_keys(folded) if (said := said_by(key)) is not None]
    if not odds:
        return (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    total = sum(odds)
    return (min(odds), max(odds), total / (len(odds) + 3), total / len(odds), odds[0], odds[-1])


def _spread(odds_of: Mapping[int, float], keys: Sequence[int]) -> Spread:
    odds = [said for key in keys if (said := odds_of.get(key)) is not None]
    return (min(odds), max(odds), sum(odds)) if odds else _NOTHING


@lru_cache(maxsize=4_096)
def name_keys(names: str) -> tuple[int, ...]:
    """Return the keys in `Cues.names` of the words in class names and ids, each once, in order."""
    return tuple(dict.fromkeys(key for name in names.split() for key in _keys_of_name(name)))


@lru_cache(maxsize=16_384)
def _keys_of_name(name: str) -> tuple[int, ...]:
    return tuple(_key(word.lower()) for word in _NAME.findall(name) if len(word) > 1)


def word_keys(folded: str) -> list[int]:
    """Return the keys in `Cues.words` of the first words of a folded text, in order."""
    return list(map(_key, folded.split(" ", MAX_CUE_WORDS)[:MAX_CUE_WORDS]))


@lru_cache(maxsize=16_384)
def _key(word: str) -> int:
    return crc32(word.encode())
