"""What a provider puts under many of its texts: it makes no copies of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from newsloom.model.item import Item
from newsloom.stages.dedupe.texts import Hashes, Text, runs_of

_LEAST, _SHARE = 4, 0.1
"""A run of words in so many differently titled items of one provider, and in this share of them, is its boilerplate."""


class Footers:
    """Knows the boilerplate of each provider among *items*; what it is, is worked out when it is first asked for."""

    def __init__(self, items: Sequence[Item], texts: Sequence[Text]) -> None:
        self._texts: dict[str, dict[str, Text]] = defaultdict(dict)
        for item, text in zip(items, texts, strict=True):
            self._texts[item.article.provider.domain].setdefault(text.title, text)
        self._common: dict[str, Hashes] = {}

    def without(self, domain: str, text: Text) -> Text:
        """Return *text*, of the provider at *domain*, without the provider's boilerplate."""
        if domain not in self._common:
            self._common[domain] = self._boilerplate(domain)
        kept = np.ones(len(text.words), dtype=np.bool_)
        starts = np.flatnonzero(np.isin(text.runs, self._common[domain]))
        for offset in range(text.size):
            kept[starts + offset] = False
        if kept.all():
            return text
        words = text.words[kept]
        return replace(text, words=words, runs=runs_of(words, text.size))

    def _boilerplate(self, domain: str) -> Hashes:
        texts = list(self._texts[domain].values())
        held = np.concatenate([np.unique(text.runs) for text in texts])
        values, counts = np.unique(held, return_counts=True)
        return np.asarray(values[counts >= max(_LEAST, _SHARE * len(texts))], dtype=np.uint64)
