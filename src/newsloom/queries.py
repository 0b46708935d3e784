"""Answers about a portal as it stands: its records, a search, an item's receipt. Nothing here decides or writes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from newsloom.adapters.files.records import MarkdownRecordFolder
from newsloom.app import at_work
from newsloom.flow.explain import explain
from newsloom.flow.insights import tell_story
from newsloom.flow.search import search
from newsloom.model.record import Quarantined, RecordFile
from newsloom.portal import Portal, open_portal
from newsloom.publish.export import row
from newsloom.stages.classify import KeywordClassifier, TopicTrial, test_topics


def read_records(portal: Portal) -> tuple[Sequence[RecordFile], Sequence[Quarantined]]:
    """Return the portal's readable records newest first, and the files that cannot be read."""
    files, quarantined = MarkdownRecordFolder(portal.paths.root).read_all()
    return sorted(files, key=lambda f: (-f.record.published_date_time.timestamp(), f.path)), quarantined


def rows_for_export(folder: Path, *, published: bool) -> list[dict[str, object]]:
    """Return the portal's records as flat rows, newest first."""
    files, _ = read_records(open_portal(folder))
    return [row(file) for file in files if file.record.published or not published]


def search_items(portal: Portal, words: str, limit: int) -> list[dict[str, object]]:
    """Return the rows of the items that match all of *words*, best first."""
    with at_work(portal, lambda _: None) as bench:
        files, _ = bench.ports.records.read_all()
        return [row(file) for file in search(bench, files, words, limit)]


def try_topics(portal: Portal) -> tuple[TopicTrial, ...]:
    """Return how each topic does on its own examples. The classifier knows the definitions, not the examples' sources."""
    return test_topics(KeywordClassifier(portal.topics), portal.topics)


def explain_item(portal: Portal, name: str, now: datetime) -> dict[str, Any]:
    """Return the receipt of the item that *name* means (`flow.explain`)."""
    with at_work(portal, lambda _: None) as bench:
        return explain(bench, name, now)


def story_insight(portal: Portal, name: str, now: datetime) -> dict[str, Any]:
    """Return what is known of the story that *name* means (`flow.insights`)."""
    with at_work(portal, lambda _: None) as bench:
        return tell_story(bench, name, now)
