"""The text blocks of one page with what is known of each by itself, ready for the columns that compare them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsloom.adapters.pages.block_text import folded_words, text_columns
from newsloom.adapters.pages.blocks import Block, Box

Column = NDArray[np.float32]
Table = NDArray[np.float32]

_LEVELS = 5  # how many boxes above a block, its own included, are looked at one by one


@dataclass(frozen=True, slots=True)
class PageWords:
    """What a page says of its article outside of its text: titles, descriptions and JSON-LD's article body, all folded."""

    titles: tuple[str, ...]
    descriptions: tuple[str, ...]
    body: str


@dataclass(frozen=True, slots=True)
class PageBlocks:
    """The blocks of one page with what several columns need.

    Attributes:
        boxes, blocks: as `blocks.blocks_of` gives them.
        words, folded: those of each block's first 250 characters in lower case, one by one and with single blanks between.
        characters: of each block; one of a script without blanks counts two and a half, so that languages compare.
        running: those of the blocks that are running text, 0 for the others.
        above: the box of each block (first row) and those around it (levels × blocks).
        ends: for each box the place behind the last box under it.
        kinds: a number that blocks in alike boxes share (tags and class names of three levels).
        text: the columns that come from each block's text alone.
    """

    boxes: Sequence[Box]
    blocks: Sequence[Block]
    words: Sequence[Sequence[str]]
    folded: Sequence[str]
    characters: Column
    running: Column
    above: NDArray[np.intp]
    ends: NDArray[np.intp]
    kinds: NDArray[np.intp]
    text: Table


def page_blocks(boxes: Sequence[Box], blocks: Sequence[Block]) -> PageBlocks:
    """Return *blocks* prepared; there must be at least one."""
    text = text_columns(blocks)
    length, dense, sentences = text[:, 0], text[:, 1], text[:, 2]
    characters = length + 1.5 * dense
    linked = text[:, 3]
    words = folded_words([block.text for block in blocks])
    is_running = (characters >= 60) & (linked < 0.35) & ((sentences > 0) | (characters > 160))
    parents = np.array([max(box.parent, 0) for box in boxes], np.intp)
    above = np.empty((_LEVELS, len(blocks)), np.intp)
    above[0] = [block.box for block in blocks]
    for level in range(1, _LEVELS):
        above[level] = parents[above[level - 1]]
    text[:, 0], text[:, 1], text[:, 2] = np.log1p(characters), dense / length, np.log1p(sentences)
    return PageBlocks(
        boxes=boxes,
        blocks=blocks,
        words=words,
        folded=[" ".join(each) for each in words],
        characters=characters,
        running=np.where(is_running, characters, 0).astype(np.float32),
        above=above,
        ends=_ends(boxes),
        kinds=_kinds(boxes, above),
        text=text,
    )


def _ends(boxes: Sequence[Box]) -> NDArray[np.intp]:
    ends = list(range(1, len(boxes) + 1))
    for place in range(len(boxes) - 1, 0, -1):
        parent = boxes[place].parent
        if ends[parent] < ends[place]:
            ends[parent] = ends[place]
    return np.array(ends, np.intp)


def _kinds(boxes: Sequence[Box], above: NDArray[np.intp]) -> NDArray[np.intp]:
    looks: dict[tuple[str, str], int] = {}
    of_box = np.array([looks.setdefault((box.tag, box.names[:60]), len(looks)) for box in boxes], np.int64)
    key = (of_box[above[0]] * len(looks) + of_box[above[1]]) * len(looks) + of_box[above[2]]
    return np.unique(key, return_inverse=True)[1].astype(np.intp)


def summed(page: PageBlocks, direct: NDArray[Any]) -> NDArray[np.float64]:
    """Return for each box the sum over itself and everything under it, which stands behind it without a gap."""
    sums = np.zeros(len(direct) + 1)
    np.cumsum(direct, out=sums[1:])
    total: NDArray[np.float64] = sums[page.ends] - sums[:-1]
    return total
