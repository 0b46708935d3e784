"""What a weaving goes by: its window and its thresholds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from newsloom.stages.cluster.likeness import Weights


@dataclass(frozen=True, slots=True)
class ClusterOptions:
    """How stories are woven.

    Attributes:
        window: an item joins a story only when a member was seen within this time of it, before or after.
        join: log odds from which an item joins; higher splits more, 0 is as likely as not.
        merge: log odds from which two stories are put together.
        leave: log odds below which an item is taken out of its story again.
        part: log odds below which a story that has come apart into two is parted, by what they tell. Well below `merge`, so
            that the same evidence never puts them together again.
        ageing: log odds taken off for each day between the item and the story, or two stories: reports of one event come close
            together. Not learned, for in the labelled sets time gives the label away.
        caution, merge_caution: log odds taken off a join, and a merge, each time the number of items with a text grows e-fold beyond
            600, up to 7,500: among many, strangers come near by chance. Headlines alone are not held to it.
        bridge: cosine by meaning, less what each language's items have in common, from which stories of two languages are one.
        key_terms: how many of an item's weightiest words are looked up.
        neighbours: how many stored items are compared exactly.
        weights: how much each likeness counts; None: what was learned, with or without an embedder.
    """

    window: timedelta = timedelta(days=5)
    join: float = 0.0
    merge: float = -0.3
    leave: float = -2.5
    part: float = -2.0
    ageing: float = 0.5
    caution: float = 0.6
    merge_caution: float = 1.2
    bridge: float = 0.45
    key_terms: int = 12
    neighbours: int = 24
    weights: Weights | None = None
