"""The text blocks of one page with what is known of each by itself, ready for the columns that compare them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsloom.adapters.pages.blocks import Block, Box

Column = NDArray[np.float32]
Table = NDArray[np.float32]

_HEAD = 200  # characters of a block that are looked at closely
_FOLDED = 250  # characters of a block that are compared with others
_WORD = re.compile(r"\w+")
_ENDS_SENTENCE = re.compile(r"[.!?…。！？][\"'”’»)」』]*$")
_DIGIT = re.compile(r"\d")
_CAPITAL = re.compile(r"[A-ZÀ-Þ]\w*")
_SIGN = re.compile(r"[|•·/>»@©#]")
_DATE = re.compile(r"\d{1,2}[:.h]\d\d|\b(?:19|20)\d\d\b|\d{1,2}[./-]\d{1,2}")
_NO_SPACES = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
_QUOTES = "\"'“„«‘「"
_OPEN_ENDS = (":", "…", "...", "»", ">")
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
        folded: the words of each block's first 250 characters.
        characters: of each block; one of a script without blanks counts two and a half, so that languages compare.
        running: those of the blocks that are running text, 0 for the others.
        above: the box of each block (first row) and those around it (levels × blocks).
        ends: for each box the place behind the last box under it.
        kinds: a number that blocks in alike boxes share (tags and class names of three levels).
        text: the columns that come from each block's text alone.
    """

    boxes: Sequence[Box]
    blocks: Sequence[Block]
    folded: Sequence[str]
    characters: Column
    running: Column
    above: NDArray[np.intp]
    ends: NDArray[np.intp]
    kinds: NDArray[np.intp]
    text: Table


# What `fold` and the counts of `_of_text` say of ASCII, which bytes tell several times as fast as patterns.
_FOLDED_ASCII = bytes(
    ord(chr(code).lower()) if chr(code).isalnum() or code == ord("_") else ord(" ") for code in range(128)
) + bytes(128)
_DIGITS, _STOPS, _SIGNS = b"0123456789", b",;:", b"|/>@#"


def fold(text: str) -> str:
    """Return the words of *text* in lower case, single blanks between them."""
    if text.isascii():
        return b" ".join(text.encode().translate(_FOLDED_ASCII).split()).decode()
    return " ".join(_WORD.findall(text.lower()))


def page_blocks(boxes: Sequence[Box], blocks: Sequence[Block]) -> PageBlocks:
    """Return *blocks* prepared; there must be at least one."""
    text = np.array([_of_text(block) for block in blocks], np.float32)
    length, dense, sentences = text[:, 0], text[:, 1], text[:, 2]
    characters = length + 1.5 * dense
    linked = text[:, 3]
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
        folded=[fold(block.text[:_FOLDED]) for block in blocks],
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


def _of_text(block: Block) -> tuple[float, ...]:
    """Return length, characters of scripts without blanks, sentences, the part that is linked, and more of one block."""
    text = block.text
    length = len(text)
    head = text[:_HEAD]
    size = len(head)
    words = text.count(" ") + 1
    first = text[0]
    is_ascii = text.isascii()
    if is_ascii:
        raw = head.encode()
        digits, stops, signs = (size - len(raw.translate(None, of)) for of in (_DIGITS, _STOPS, _SIGNS))
    else:
        digits, signs = len(_DIGIT.findall(head)), len(_SIGN.findall(head))
        stops = sum(map(head.count, ",;:、،"))
    ends_sentence = _ENDS_SENTENCE.search(text[-6:]) is not None
    sentences = ends_sentence + text.count(". ") + text.count("? ") + text.count("! ")
    return (
        length,
        0 if is_ascii else len(_NO_SPACES.findall(text)),
        sentences if is_ascii else sentences + text.count("。") + text.count(".” "),
        block.linked / length,
        words**0.5,
        block.links**0.5,
        block.links / words,
        stops / size,
        ends_sentence,
        text.endswith(_OPEN_ENDS),
        first.islower(),
        first in _QUOTES,
        not first.isalnum() and first not in _QUOTES,
        digits / size,
        len(_CAPITAL.findall(head)) / size,
        signs / size,
        digits > 1 and length < 120 and _DATE.search(text) is not None,
        block.marked / length,
        min(block.pictures, 3),
        text.count("\n") ** 0.5,
    )


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
