"""Which text blocks of a page are its article's, by the article's true text: the choice that scores best in `newsloom eval extract`."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

SHINGLE = 4
_WORD = re.compile(r"\w+")
_ROUNDS = 4

Shingles = Counter[tuple[str, ...]]


def words(text: str) -> list[str]:
    """Return the words of *text* as the evaluation counts them."""
    return _WORD.findall(unicodedata.normalize("NFC", text.replace("\u00ad", "")))


def shingles(sequence: Sequence[str]) -> Shingles:
    """Return the bag of runs of four words, of the whole *sequence* when it is shorter."""
    last = max(1, len(sequence) - SHINGLE + 1)
    return Counter(tuple(sequence[at : at + SHINGLE]) for at in range(last)) if sequence else Counter()


def _runs(sequence: Sequence[str]) -> Shingles:
    return Counter(tuple(sequence[at : at + SHINGLE]) for at in range(len(sequence) - SHINGLE + 1))


class Labelling:
    """A choice of blocks, improved by turning single blocks on or off while that raises the page's F1.

    Attributes:
        on: the choice.
        gains: how much F1 hangs on each block.
    """

    def __init__(self, blocks: Sequence[Sequence[str]], truth: Sequence[str]) -> None:
        self._blocks = blocks
        self._truth = shingles(truth)
        self._total = self._truth.total()
        self.on = self._covered()
        self.gains = [0.0] * len(blocks)
        self._found = shingles([word for block, on in zip(blocks, self.on, strict=True) if on for word in block])
        self._improve()

    def _covered(self) -> list[bool]:
        """Return True for blocks of which more than half the words stand in a run that the truth has too."""
        sequence = [word for block in self._blocks for word in block]
        covered = [False] * len(sequence)
        for at in range(len(sequence) - SHINGLE + 1):
            if tuple(sequence[at : at + SHINGLE]) in self._truth:
                covered[at : at + SHINGLE] = [True] * SHINGLE
        chosen, at = [], 0
        for block in self._blocks:
            chosen.append(2 * sum(covered[at : at + len(block)]) > len(block))
            at += len(block)
        return chosen

    def _improve(self) -> None:
        common = (self._found & self._truth).total()
        size = self._found.total()
        best = self._f1(common, size)
        for _ in range(_ROUNDS):
            is_better = False
            for place, block in enumerate(self._blocks):
                if not block:
                    continue
                changes = self._changes(place)
                now_common, now_size = common, size
                for run, change in changes.items():
                    had, true = self._found[run], self._truth[run]
                    now_common += min(had + change, true) - min(had, true)
                    now_size += change
                f1 = self._f1(now_common, now_size)
                self.gains[place] = abs(f1 - best)
                if f1 > best + 1e-12:
                    self.on[place] = not self.on[place]
                    self._found.update(changes)
                    common, size, best, is_better = now_common, now_size, f1, True
            if not is_better:
                return

    def _changes(self, place: int) -> dict[tuple[str, ...], int]:
        """Return by how much the count of each run would change if the block at *place* were turned."""
        before, after = self._near(place, -1), self._near(place, 1)
        there, gone = _runs([*before, *self._blocks[place], *after]), _runs([*before, *after])
        if self.on[place]:
            there, gone = gone, there
        there.subtract(gone)
        return {run: change for run, change in there.items() if change}

    def _near(self, place: int, step: int) -> list[str]:
        """Return the up to three chosen words that stand before (step −1) or after (step 1) the block at *place*."""
        found: list[str] = []
        place += step
        while 0 <= place < len(self._blocks) and len(found) < SHINGLE - 1:
            if self.on[place]:
                found = [*self._blocks[place], *found] if step < 0 else [*found, *self._blocks[place]]
            place += step
        return found[-(SHINGLE - 1) :] if step < 0 else found[: SHINGLE - 1]

    def _f1(self, common: int, size: int) -> float:
        return 2 * common / (size + self._total) if size + self._total else 0.0
