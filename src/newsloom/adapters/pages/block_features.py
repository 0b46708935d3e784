"""What tells an article's text blocks from the rest of a page, as numbers: one row a block, for the classifier.

Most columns are relative to the page (shares of its running text), so that they mean the same on every site. Columns are gathered
as tables, not one by one: a page has some 80 blocks, and calls would cost more than numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from newsloom.adapters.pages.page_blocks import Column, PageBlocks, PageWords, Table, summed

_OWN_TAGS = {
    tag: place for place, tag in enumerate(("p", "li", "h1", "h2", "h3", "h4", "div", "tr", "blockquote", "figcaption"))
}
_AROUND = {
    tag: 1 << place
    for place, tag in enumerate(
        ("article", "main", "aside", "header", "figure", "ul", "ol", "table", "blockquote", "form", "li", "section")
    )
}


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
    said_by_titles = "\n".join(words.titles)
    rows = []
    for text, each in zip(page.folded, page.words, strict=True):
        own = frozenset(each)
        of_title = len(own & titles)
        count = len(own) or 1
        rows.append(
            (
                text in words.titles,
                len(text) > 12 and text in said_by_titles,
                of_title / count,
                of_title / (len(titles) or 1),
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
