"""Make an edition: the records as they are now, with live heat, for the outlets to read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from newsloom.flow.history import History, history
from newsloom.flow.revised import revisions_told
from newsloom.model.event import Event
from newsloom.model.insight import StoryInsight
from newsloom.model.item import Item
from newsloom.model.portal import Edition, SiteOptions
from newsloom.model.record import RecordFile
from newsloom.model.source import Source
from newsloom.model.topic import Organization, Topic
from newsloom.ports.deciding import Scorer
from newsloom.ports.storing import EventLog, RecordFolder
from newsloom.stages.insight import insight
from newsloom.stages.record import item_from


def edition(
    records: RecordFolder,
    log: EventLog,
    *,
    score: Scorer,
    topics: Sequence[Topic],
    organizations: Sequence[Organization],
    sources: Sequence[Source],
    site: SiteOptions,
    now: datetime,
) -> Edition:
    """Return all that outlets may read at *now*: the readable records, newest first."""
    files, _ = records.read_all()
    return edition_of(
        files, log.iter_all("revised"), score=score, topics=topics, organizations=organizations, sources=sources,
        site=site, now=now,
    )  # fmt: skip


def edition_of(
    files: Sequence[RecordFile],
    events: Iterable[Event] = (),
    *,
    score: Scorer,
    topics: Sequence[Topic],
    organizations: Sequence[Organization],
    sources: Sequence[Source],
    site: SiteOptions,
    now: datetime,
) -> Edition:
    """Return all that outlets may read of *files* and of the log's *events* at *now*."""
    return Edition(
        records=tuple(sorted(files, key=lambda file: (-file.record.published_date_time.timestamp(), file.path))),
        topics=tuple(topics),
        organizations=tuple(organizations),
        sources=tuple(sources),
        site=site,
        now=now,
        heats=live_heats(files, score, now),
        insights=insights(files, history(files, (), score, now)),
        revisions=revisions_told(files, events, now),
    )


def live_heats(files: Sequence[RecordFile], score: Scorer, now: datetime) -> dict[str, int]:
    """Return item id → heat at *now* for every item that leads a story.

    A heat that a person set stays, and so does the heat of a record without bookkeeping: the outlets read it there.
    """
    stories: dict[str, list[Item]] = defaultdict(list)
    fixed = set()
    for file in files:
        book = file.record.bookkeeping
        if book is None or not book.story:
            continue
        stories[book.story].append(item_from(file))
        if any(decision.field == "heat" for decision in book.decisions):
            fixed.add(book.id)
    heats = {}
    past = history(files, (), score, now)
    for story, members in stories.items():
        view = past.view(story, members)
        for item in view.members:
            if item.lead and item.id not in fixed:
                heats[item.id] = score.heat(item, view, now).total
    return heats


def insights(files: Sequence[RecordFile], past: History) -> dict[str, StoryInsight]:
    """Return story id → what its records tell; records that were taken down or are in no story have no part."""
    stories: dict[str, list[Item]] = defaultdict(list)
    pinned = set()
    for file in files:
        book = file.record.bookkeeping
        if book is None or not book.story or book.tombstone is not None:
            continue
        stories[book.story].append(item_from(file))
        if any(decision.field == "lead" for decision in book.decisions):
            pinned.add(book.id)
    return {
        story: insight(past.view(story, members), pinned=pinned & {member.id for member in members})
        for story, members in stories.items()
    }


def pictures_wanted(made: Edition) -> tuple[str, ...]:
    """Return the addresses of the pictures that published records show: the first of each, in order of the records."""
    shown = (file.record.images[0].url for file in made.records if file.record.published and file.record.images)
    return tuple(dict.fromkeys(shown))
