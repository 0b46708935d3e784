"""Insight into the stories of a portal, from its records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from newsloom.flow.corrections import story_named
from newsloom.flow.editions import live_heats
from newsloom.flow.history import History, history
from newsloom.flow.world import Bench
from newsloom.model.insight import StoryInsight
from newsloom.model.item import Item
from newsloom.model.record import RecordFile
from newsloom.ports.deciding import Scorer
from newsloom.stages.insight import insight
from newsloom.stages.record import item_from


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


def tell_story(bench: Bench, name: str, now: datetime) -> dict[str, Any]:
    """Return what is known of the story that *name* means, ready to print.

    Raises:
        UsageError: no story and no record, or more than one, answers to *name*.
    """
    files, _ = bench.ports.records.read_all()
    story = story_named(files, name)
    score: Scorer = bench.stages.score
    members = [file for file in files if file.record.bookkeeping and file.record.bookkeeping.story == story]
    found = insights(members, history(files, (), score, now))[story]
    heats = live_heats(files, score, now)
    return {
        **asdict(found),
        "reports": found.reports,
        "copies": found.copies,
        "heat": heats.get(found.lead),
        "at": now,
        "decisions": [
            f"{decision.at:%Y-%m-%d %H:%M} {decision.by}: {book.id} {decision.field}"
            + (f" = {decision.value}" if decision.value else "")
            for file in members
            if (book := file.record.bookkeeping)
            for decision in book.decisions
            if decision.field in ("story", "apart", "lead")
        ],
    }
