"""What tells an article's text blocks from the rest of a page, as numbers: one row a block, for the classifier.

Most columns are relative to the page (shares of its running text), so that they mean the same on every site. Columns are gathered
as tables, not one by one: a page has some 80 blocks, and calls would cost more than numbers.
"""

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

_OWN_TAGS = {
    tag: place for place, tag in enumerate(("p", "li", "h1", "h2", "h3", "h4", "div", "tr", "blockquote", "figcaption"))
}
_AROUND = {
    tag: 1 << place
    for place, tag in enumerate(
        ("article", "main", "aside", "header", "figure", "ul", "ol", "table", "blockquote", "form", "li", "section")
    )
}
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


def plain_features(page: PageBlocks, words: PageWords) -> Table:
    """Return the columns that need no learned cues."""
    tags = _of_tags(page)
    kinds = _of_kind(page)
    near = np.column_stack([page.text[:, [0, 3, 8]], page.running > 0, tags[:, 0], kinds[:, 1], tags[:, -1]])
    tables = [
        page.text, tags, _of_words(page, words), _of_place(page, words), _of_boxes(page), kinds,
        *(shifted(near, step) for step in (-2, -1, 1, 2)), _like_neighbours(page),
    ]  # fmt: skip
    return np.hstack(tables).astype(np.float32)


def _of_tags(page: PageBlocks) -> Table:
    around: list[int] = []
    for box in page.boxes:
        inherited = around[box.parent] if box.parent >= 0 else 0
        around.append(inherited | _AROUND.get(box.tag, 0))
    own = np.array([_OWN_TAGS.get(page.boxes[block.box].tag, len(_OWN_TAGS)) for block in page.blocks])
    bits = np.array([around[block.box] for block in page.blocks])
    in_list = (bits & (_AROUND["ul"] | _AROUND["ol"])) > 0
    return np.column_stack(
        [
            own[:, None] == np.arange(len(_OWN_TAGS)),
            (bits[:, None] >> np.arange(len(_AROUND))) & 1,
            np.log1p([page.boxes[block.box].depth for block in page.blocks]),
            in_list,
        ]
    ).astype(np.float32)


def _of_words(page: PageBlocks, words: PageWords) -> Table:
    """Return how much each block says what the page's title, description and JSON-LD say."""
    titles = frozenset(" ".join(words.titles).split())
    descriptions = frozenset(" ".join(words.descriptions).split())
    json_ld = min(float(np.log1p(len(words.body))), 12.0)
    rows = []
    for text in page.folded:
        own = frozenset(text.split())
        of_title = len(own & titles)
        count = max(len(own), 1)
        rows.append(
            (
                text in words.titles,
                len(text) > 12 and any(text in title for title in words.titles),
                of_title / count,
                of_title / max(len(titles), 1),
                len(text) > 20 and any(text in said or (said and said[:150] in text) for said in words.descriptions),
                len(own & descriptions) / count,
                json_ld,
                _part_said(text, words.body) if json_ld else 0.0,
            )
        )
    return np.array(rows, np.float32)


def _part_said(text: str, body: str) -> float:
    if text and text in body:
        return 1.0
    return 0.5 if len(text) > 60 and text[:50] in body else 0.0


def _of_place(page: PageBlocks, words: PageWords) -> Table:
    """Return where each block stands on the page, against its title, and against the running text."""
    count = len(page.blocks)
    order = np.arange(count, dtype=np.float32)
    total = max(float(page.characters.sum()), 1.0)
    before = np.cumsum(page.characters) - page.characters
    running_total = max(float(page.running.sum()), 1.0)
    running_before = (np.cumsum(page.running) - page.running) / running_total
    title = _title_place(page, words)
    blocks_after = order - max(title, 0)
    characters_after = before - before[max(title, 0)]
    is_running = page.running > 0
    last, following = _nearest(is_running)
    times: dict[str, int] = {}
    earlier = []
    for text in page.folded:
        earlier.append(times.get(text, 0))
        times[text] = earlier[-1] + 1
    whole = np.ones(count, np.float32)
    return np.column_stack(
        [
            before / total,
            np.log1p(total - before - page.characters),
            whole * np.log1p(count),
            whole * np.log1p(total),
            whole * (title >= 0),
            np.sign(blocks_after) * np.log1p(np.abs(blocks_after)),
            np.sign(characters_after) * np.log1p(np.abs(characters_after)),
            is_running,
            running_before,
            1 - running_before - page.running / running_total,
            np.log1p(np.minimum(order - last, 60)),
            np.log1p(np.minimum(following - order, 60)),
            np.minimum([times[text] for text in page.folded], 5),
            np.minimum(earlier, 1),
        ]
    ).astype(np.float32)


def _title_place(page: PageBlocks, words: PageWords) -> int:
    """Return the index of the block that is the page's title, −1 when none is: an h1 that says it, else the first to say it."""
    tags = [page.boxes[block.box].tag for block in page.blocks]
    said = [place for place, text in enumerate(page.folded) if text in words.titles]
    headed = [place for place in said if tags[place] == "h1"]
    return (headed[-1:] or said[:1] or [place for place, tag in enumerate(tags) if tag == "h1"][:1] or [-1])[0]


def _nearest(true: NDArray[np.bool_]) -> tuple[Column, Column]:
    """Return for each place the last one before it and the first one after it where *true* holds, far away where none does."""
    far = 100.0
    order = np.arange(len(true), dtype=np.float32)
    last = np.maximum.accumulate(np.where(true, order, -far))
    following = np.minimum.accumulate(np.where(true, order, len(true) + far)[::-1])[::-1]
    return (
        np.concatenate([[-far], last[:-1]]).astype(np.float32),
        np.concatenate([following[1:], [len(true) + far]]).astype(np.float32),
    )


def _of_boxes(page: PageBlocks) -> Table:
    """Return how the boxes around each block hold the page's running text.

    The score of a box is the running text in it and in its children, half of which counts for its parent too.
    Source: the scoring of Mozilla's Readability, simplified.
    """
    parents = [box.parent for box in page.boxes]
    size = len(parents)
    parent_of = np.array(parents[1:], np.intp)
    linked = np.array([block.linked for block in page.blocks], np.float32)
    direct = [
        np.bincount(page.above[0], weights=values, minlength=size)
        for values in (page.running, page.characters, linked, np.ones(len(linked)))
    ]
    running, characters, links, blocks = (summed(page, values) for values in direct)
    score: NDArray[np.float64] = direct[0].astype(np.float64)
    np.add.at(score, parent_of, direct[0][1:])
    total_score = score.copy()
    np.add.at(total_score, parent_of, 0.5 * score[1:])
    within = np.maximum(characters, 1)
    of_box = np.column_stack(
        [
            running / max(float(page.running.sum()), 1.0),
            running / within,
            links / within,
            total_score / max(float(total_score.max()), 1.0),
            np.log1p(blocks),
            np.log1p(characters / np.maximum(blocks, 1)),
        ]
    )
    around = of_box[page.above].transpose(1, 0, 2).reshape(len(linked), -1)
    return np.hstack([around, _from_top(page, parents, int(np.argmax(total_score)))]).astype(np.float32)


def summed(page: PageBlocks, direct: NDArray[Any]) -> NDArray[np.float64]:
    """Return for each box the sum over itself and everything under it, which stands behind it without a gap."""
    sums = np.zeros(len(direct) + 1)
    np.cumsum(direct, out=sums[1:])
    total: NDArray[np.float64] = sums[page.ends] - sums[:-1]
    return total


def _from_top(page: PageBlocks, parents: Sequence[int], top: int) -> NDArray[np.float64]:
    """Return how far each block is from the box with the best score: steps up from it, steps down again, place inside."""
    above_top: dict[int, int] = {}
    box, up = top, 0
    while box >= 0:
        above_top[box] = up
        box, up = parents[box], up + 1
    steps: list[tuple[int, int]] = []
    for place, parent in enumerate(parents):
        if place in above_top:
            steps.append((above_top[place], 0))
        else:
            up, down = steps[parent]
            steps.append((up, down + 1))
    taken = np.array([steps[block.box] for block in page.blocks])
    ups = taken[:, 0]
    order = np.arange(len(ups))
    inside = np.flatnonzero(ups == 0)
    first, last = (inside[0], inside[-1]) if len(inside) else (0, 0)
    outside = np.where(order < first, -np.log1p(np.abs(first - order)), np.log1p(np.maximum(order - last, 0)))
    place_in = np.where(ups == 0, (order - first) / max(last - first, 1), -1)
    return np.column_stack([np.minimum(taken, 8), outside, place_in])


def _of_kind(page: PageBlocks) -> Table:
    """Return what the blocks of the same kind are like: an article's paragraphs share their boxes' class names."""
    kinds = page.kinds
    linked = np.array([block.linked for block in page.blocks], np.float32)
    count, running, characters, links = (
        np.bincount(kinds, weights=values)[kinds]
        for values in (np.ones(len(linked)), page.running, page.characters, linked)
    )
    return np.column_stack(
        [
            np.log1p(count),
            running / max(float(page.running.sum()), 1.0),
            links / np.maximum(characters, 1),
            np.log1p(characters / count),
        ]
    ).astype(np.float32)


def _like_neighbours(page: PageBlocks) -> Table:
    own = np.column_stack([page.kinds, page.above[1]]).astype(np.float32)
    return np.hstack([shifted(own, -1) == own, shifted(own, 1) == own]).astype(np.float32)


def shifted(rows: Table, step: int, *, beyond: float = -1) -> Table:
    """Return for each place the row *step* places on, *beyond* past either end."""
    result = np.full(rows.shape, beyond, np.float32)
    if abs(step) < len(rows):
        if step > 0:
            result[:-step] = rows[step:]
        else:
            result[-step:] = rows[:step]
    return result
