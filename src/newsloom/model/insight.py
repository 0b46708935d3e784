"""What is known of a story as a whole: who reported it first, who followed, how many independent voices that makes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One report of a story.

    `at` is when it counts as reported; `first_seen` and `claimed` are what that goes by. `origin` is the provider whose text
    or reporting it is: its own domain, unless it is a copy or credits another. `lead` tells whether it leads the story.
    """

    item: str
    at: datetime
    first_seen: datetime
    claimed: datetime | None
    provider: str
    domain: str
    title: str
    origin: str
    copy_of: str | None
    lead: bool


@dataclass(frozen=True, slots=True)
class FirstReport:
    """Who reported a story first, and how that is known, a sentence each."""

    item: str
    provider: str
    title: str
    at: datetime
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoryInsight:
    """A story as its records tell it.

    `headline` is the lead's, and `lead_rule` says why that one leads. `timeline` is in order of being reported.
    `independent_sources` is the effective number of origins: 1.0 when all reports are of one, n when n have equal shares.
    """

    id: str
    headline: str
    lead: str
    lead_rule: str
    first: FirstReport
    timeline: tuple[TimelineEntry, ...]
    independent_sources: float

    @property
    def reports(self) -> int:
        """Return how many reports are no copies."""
        return sum(entry.copy_of is None for entry in self.timeline)

    @property
    def copies(self) -> int:
        """Return how many copies of them there are."""
        return len(self.timeline) - self.reports
