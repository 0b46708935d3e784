"""What a run is given: ports to the world, the stages that decide, and the owner's declarations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from newsloom.errors import NewsloomError
from newsloom.model.item import Item
from newsloom.model.notice import Notice
from newsloom.model.source import Source
from newsloom.model.topic import Organization
from newsloom.ports.deciding import Classifier, Clusterer, Deduplicator, Relator, Scorer
from newsloom.ports.fetching import Fetcher
from newsloom.ports.outlets import PictureShelf
from newsloom.ports.reading import ArchiveReader, FeedReader, PageReader
from newsloom.ports.storing import EventLog, RecordFolder, Store
from newsloom.vocab.takedowns import Takedowns

Notify = Callable[[Notice], None]


def _nothing() -> None:
    pass


def _as_it_is(item: Item) -> Item:
    return item


@dataclass(frozen=True, slots=True)
class Ports:
    """The outside, as the core sees it. `readings_at_once` may be asked of feeds and pages in threads; 0: none."""

    feeds: FeedReader
    pages: PageReader
    archives: ArchiveReader
    store: Store
    records: RecordFolder
    log: EventLog
    pictures: PictureShelf | None = None
    """None where no picture is to be fetched."""
    readings_at_once: int = 0


@dataclass(frozen=True, slots=True)
class Stages:
    """The replaceable decisions."""

    dedupe: Deduplicator
    cluster: Clusterer
    classify: Classifier
    score: Scorer
    relate: Relator


@dataclass(frozen=True, slots=True)
class Digests:
    """Digests of what the decisions on items depend on besides the items, by what it means and not by how it is written.

    When `topics` changes, items are classified, scored and put under the rules again; when `scores` changes, scored and put under
    the rules; when `rules` changes, only what the rules say of them is.
    """

    topics: str = ""
    scores: str = ""
    rules: str = ""


@dataclass(frozen=True, slots=True)
class Declared:
    """What the owner declared, as far as the flow needs it.

    `headers` are request headers per source address. `digests` name the topics, scores and rules in force. `window` is how long a story stays open; related
    coverage is looked for `background` back. `topic_names` are those a person may give an item. `takedowns` must not come back. `ruled`
    brings the owner's rules to an item as it was judged.
    """

    sources: tuple[Source, ...]
    organizations: Mapping[str, Organization]
    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    digests: Digests = Digests()
    window: timedelta = timedelta(days=5)
    background: timedelta = timedelta(days=30)
    entries_per_source: int = 200
    topic_names: tuple[str, ...] = ()
    takedowns: Takedowns = field(default_factory=Takedowns)
    ruled: Callable[[Item], Item] = _as_it_is


@dataclass(frozen=True, slots=True)
class Bench:
    """Everything a step of the flow works with.

    `guard` raises PortalLocked when another run took over. `deletions_are_meant`: the owner said that records which are gone,
    however many, were deleted on purpose.
    """

    ports: Ports
    stages: Stages
    declared: Declared
    notify: Notify
    guard: Callable[[], None] = _nothing
    deletions_are_meant: bool = False


def said(error: NewsloomError, subject: str) -> str:
    """Return what *error* says to somebody who is told *subject* anyway."""
    place = f"{error.where}: " if error.where not in ("", subject) else ""
    return f"{place}{error.message}" + (f" ({error.hint[:1].lower()}{error.hint[1:]})" if error.hint else "")


__all__ = ["Bench", "Declared", "Digests", "Fetcher", "Notify", "Ports", "Stages", "said"]
