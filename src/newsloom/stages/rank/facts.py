"""What a scoring rule may know, and nothing else: one item, or one item in its story."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsloom.model.item import Item
from newsloom.model.topic import Organization, Topic
from newsloom.stages.rank.wording import HeadlineModels


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What a quality rule sees.

    Attributes:
        item: the item as extraction, copies and topics left it.
        topics: the portal's topics by name; empty when it has none.
        organization: the provider's own file, None when the portal has none for its domain.
        standing: 0..100 from that file, else from the source that brought the item; None: unknown.
        headlines: the trained models of press releases and clickbait; None: cues alone.
        subtotal: sum of the terms before this one, for rules that bound the score.
    """

    item: Item
    topics: Mapping[str, Topic]
    organization: Organization | None = None
    standing: int | None = None
    headlines: HeadlineModels | None = None
    subtotal: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """One provider's latest independent item on a story: who, how much it weighs by standing (None: unknown), how old.

    `name` is the provider's, for the evidence.
    """

    domain: str
    standing: int | None
    age: timedelta
    name: str = ""


@dataclass(frozen=True, slots=True)
class StoryFacts:
    """What a heat rule sees.

    Attributes:
        item, quality: the item asked about and its quality.
        others: (item, quality) of the story's other members, in the story's order; an entry listed twice counts twice.
        reports: one per provider with an independent item, best known first.
        leads: whether the item leads its story. leader: the item that does, None when no other one is known to.
        now: the moment asked about.
        usual: how strongly the ordinary story of its topic is covered at its height (`rank.usual`), 0 or more; 0: not known.
        usual_of: the topic that is of, in words.
        subtotal: sum of the terms before this one.
    """

    item: Item
    quality: int
    others: tuple[tuple[Item, int], ...]
    reports: tuple[Report, ...]
    leads: bool
    leader: Item | None
    now: datetime
    usual: float = 0.0
    usual_of: str = ""
    subtotal: int = 0
