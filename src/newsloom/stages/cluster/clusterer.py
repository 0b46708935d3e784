"""Weaving stories, call by call: what was read of an item is remembered from one to the next."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from newsloom.model.item import Item
from newsloom.ports.deciding import StoryConstraints, StoryDecisions
from newsloom.ports.embedding import Embedder
from newsloom.stages.cluster.call import Call
from newsloom.stages.cluster.options import ClusterOptions
from newsloom.stages.cluster.pool import Pool
from newsloom.stages.cluster.reading import Lexicon, Reading, read

_EMBEDDED_CHARACTERS = 600
_LEXICON_TERMS = 2_000_000


class StreamClusterer:
    """Weaves stories by what was learned from labelled ones, streaming; with an embedder by meaning too. Not thread-safe.

    Words are weighed by all items given, smoothed by a background of everyday words. Items are placed one after the other; then
    stories that look like one in the light of all items are put together, and items that fit badly are taken out.
    What was read of an item is kept until the next call; results do not depend on it. Cost: about one millisecond per item.
    """

    def __init__(self, options: ClusterOptions | None = None, embedder: Embedder | None = None) -> None:
        self.options = options or ClusterOptions()
        self.embedder = embedder
        self._lexicon = Lexicon()
        self._read: dict[str, tuple[str, str, Reading]] = {}
        self._meant: dict[str, tuple[str, NDArray[np.float32]]] = {}

    def stories(
        self,
        fresh: Sequence[Item],
        known: Sequence[Item],
        constraints: StoryConstraints,
    ) -> StoryDecisions:
        """Return where each of *fresh* goes, in order, and which of *known* move; see `ports.deciding.Clusterer`."""
        if not fresh:
            return StoryDecisions(())
        settled = sorted(
            (item for item in known if item.story),
            key=lambda item: (item.first_seen, item.seen_at, item.id),
        )
        pool, meanings = self.arrays([*settled, *fresh])
        return Call(
            pool, meanings, len(settled), self.options, constraints, is_multilingual=_is_multilingual(self.embedder)
        ).decide()

    def arrays(self, items: Sequence[Item]) -> tuple[Pool, NDArray[np.float32] | None]:
        """Return *items* as arrays: their words, and their meanings where there is an embedder."""
        readings = self._readings(items)
        return Pool(items, readings, self._lexicon, self.options.key_terms), self._meanings(items)

    def _readings(self, items: Sequence[Item]) -> list[Reading]:
        """Return *items* read; those read for the last call are remembered."""
        if len(self._lexicon) > _LEXICON_TERMS:
            self._lexicon, self._read = Lexicon(), {}
        kept: dict[str, tuple[str, str, Reading]] = {}
        for item in items:
            title, text = (
                item.article.title,
                item.article.article_body or item.article.excerpt,
            )
            before = self._read.get(item.id)
            if before is None or before[0] != title or before[1] != text:
                before = title, text, read(title, text, self._lexicon)
            kept[item.id] = before
        self._read = kept
        return [kept[item.id][2] for item in items]

    def _meanings(self, items: Sequence[Item]) -> NDArray[np.float32] | None:
        if self.embedder is None:
            return None
        texts = {}
        for item in items:
            text = item.article.article_body or item.article.excerpt
            texts[item.id] = f"{item.article.title}. {text}"[:_EMBEDDED_CHARACTERS]
        wanted = [key for key, text in texts.items() if self._meant.get(key, ("",))[0] != text]
        rows = self.embedder.embed([texts[key] for key in wanted])
        fresh = {key: (texts[key], row) for key, row in zip(wanted, rows, strict=True)}
        self._meant = {key: fresh.get(key) or self._meant[key] for key in texts}
        return np.array([self._meant[item.id][1] for item in items], np.float32)


def _is_multilingual(embedder: Embedder | None) -> bool:
    """Return whether *embedder* gives texts of several languages a common direction."""
    return embedder is not None and (embedder.languages is None or len(embedder.languages) > 1)
