"""What is known of one story, ready to print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from newsloom.flow.corrections import story_named
from newsloom.flow.editions import insights, live_heats
from newsloom.flow.history import history
from newsloom.flow.world import Bench
from newsloom.model.insight import StoryInsight
from newsloom.model.item import recorded_id
from newsloom.model.record import FOLLOW_UP, FOLLOWED, RecordFile
from newsloom.ports.deciding import Scorer
from newsloom.stages.versions import revisions


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
        "follows": _linked(files, members, FOLLOWED),
        "followed_by": _linked(files, members, FOLLOW_UP),
        "changes": _changes(bench, found),
        "decisions": [
            f"{decision.at:%Y-%m-%d %H:%M} {decision.by}: {book.id} {decision.field}"
            + (f" = {decision.value}" if decision.value else "")
            for file in members
            if (book := file.record.bookkeeping)
            for decision in book.decisions
            if decision.field in ("story", "apart", "lead")
        ],
    }


def _linked(files: Sequence[RecordFile], members: Sequence[RecordFile], reason: str) -> list[dict[str, str]]:
    """Return the stories that the records of *members* link to for *reason*, by id: each with the title of an item of it."""
    places = {recorded_id(file): file.record for file in files}
    found: dict[str, str] = {}
    for file in members:
        for note in file.record.bookkeeping.relations if file.record.bookkeeping else ():
            other = places.get(note.item)
            book = other.bookkeeping if other else None
            if note.reason == reason and other and book and book.story:
                found.setdefault(book.story, other.title)
    return [{"story": story, "title": title} for story, title in sorted(found.items())]


def _changes(bench: Bench, found: StoryInsight) -> list[str]:
    """Return in words what publishers changed in their reports, oldest first, as far as the working state remembers."""
    told = []
    with bench.ports.store.begin() as work:
        for entry in found.timeline:
            item = work.items.find(entry.item)
            versions = work.items.versions(entry.item)
            for revision in revisions(versions, item.article) if item else ():
                for change in revision.changes:
                    words = f"{change.field}: {change.before or '(none)'} → {change.after or '(none)'}"
                    told.append((revision.at, f"{revision.at:%Y-%m-%d %H:%M} {entry.provider} changed {words}"))
    return [line for _, line in sorted(told)]
