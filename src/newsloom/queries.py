"""Answers about a portal as it stands: a search, an item's receipt, what a change would do. Nothing here decides or writes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from newsloom.adapters.files.log import JsonlEventLog
from newsloom.adapters.files.records import MarkdownRecordFolder
from newsloom.adapters.pages.thumbnails import ThumbnailShelf
from newsloom.app import at_work, classifier, scorer, template_overrides
from newsloom.config import site_options
from newsloom.flow.editions import edition_of, pictures_wanted
from newsloom.flow.explain import explain
from newsloom.flow.insights import tell_story
from newsloom.flow.past import records_as_of
from newsloom.flow.review import require_topic
from newsloom.flow.search import search
from newsloom.listing import read_records
from newsloom.model.item import Item, recorded_id
from newsloom.model.portal import Edition, PublishedFile
from newsloom.model.record import RecordFile
from newsloom.portal import Portal
from newsloom.publish.export import row
from newsloom.publish.front import front
from newsloom.publish.outlets import outlets
from newsloom.stages import classify
from newsloom.stages.advising import Advice, Decided, Standing, advise, days_between, propose_standings
from newsloom.stages.classify import TopicTrial
from newsloom.stages.classify.advice import Gap, Suggestion, gaps, suggestions


def search_items(portal: Portal, words: str, limit: int) -> list[dict[str, object]]:
    """Return the rows of the items that match all of *words*, best first."""
    with at_work(portal, lambda _: None) as bench:
        files, _ = bench.ports.records.read_all()
        return [row(file) for file in search(bench, files, words, limit)]


def try_topics(portal: Portal) -> tuple[TopicTrial, ...]:
    """Return how each topic does on its own examples, each decided by the definitions and the other examples."""
    return classify.try_topics(classifier(portal))


def explain_item(portal: Portal, name: str, now: datetime) -> dict[str, Any]:
    """Return the receipt of the item that *name* means (`flow.explain`)."""
    with at_work(portal, lambda _: None) as bench:
        return explain(bench, name, now)


def story_insight(portal: Portal, name: str, now: datetime) -> dict[str, Any]:
    """Return what is known of the story that *name* means (`flow.insights`)."""
    with at_work(portal, lambda _: None) as bench:
        return tell_story(bench, name, now)


def front_page(portal: Portal, at: datetime, topic: str | None) -> tuple[list[dict[str, Any]], int]:
    """Return the front page as it stood at *at*, and how many records stand in it as they are today (`flow.past`).

    Raises:
        UsageError: *topic* is none of the portal's.
    """
    if topic is not None:
        require_topic(tuple(known.name for known in portal.topics), topic)
    made, unlogged = edition_as_of(portal, at)
    return front(made, topic=topic), unlogged


def edition_as_of(portal: Portal, at: datetime) -> tuple[Edition, int]:
    """Return what outlets could read at *at*, without pictures, and how many records stand in it as they are today."""
    files, _ = MarkdownRecordFolder(portal.paths.root).read_all()
    log = JsonlEventLog(portal.paths.root)
    past = records_as_of(files, log.iter_all(), at)
    made = edition_of(
        past.files, log.iter_all("revised"), score=scorer(portal), topics=portal.topics, organizations=portal.organizations,
        sources=portal.sources, site=site_options(portal.settings), now=at,
    )  # fmt: skip
    return made, past.unlogged


def past_site(portal: Portal, at: datetime) -> tuple[Iterator[PublishedFile], int]:
    """Return the whole published portal as it stood at *at*, and how many records stand in it as they are today.

    Pictures are those at hand; none is fetched.
    """
    made, unlogged = edition_as_of(portal, at)
    if made.site.images == "thumbnail":
        shelf = ThumbnailShelf(portal.paths.pictures, pixels=made.site.thumbnail_pixels)
        made = shelf.dress(made, pictures_wanted(made))
    overrides = template_overrides(portal.paths.templates)
    return chain.from_iterable(outlet.files(made) for outlet in outlets(made.site, overrides)), unlogged


def advise_thresholds(portal: Portal) -> tuple[Advice, Advice]:
    """Return what thresholds of quality and of topic confidence would have done by the editor's publish and hold decisions."""
    files, _ = read_records(portal)
    decided, seen = _decided_items(files), [_as_decided(file) for file in files]
    moments = [
        book.first_seen or file.record.published_date_time for file in files if (book := file.record.bookkeeping)
    ]
    days = days_between(moments)
    return (
        advise(
            [(d.quality, d.published) for d in decided if d.quality is not None],
            [s.quality for s in seen if s.quality is not None],
            days,
            range(40, 105, 5),
        ),
        advise(
            [(d.confidence, d.published) for d in decided if d.confidence is not None],
            [s.confidence for s in seen if s.confidence is not None],
            days,
            [step / 20 for step in range(4, 20)],
        ),
    )


def learn_standings(portal: Portal) -> tuple[tuple[Standing, str, str], ...]:
    """Return the standings that the editor's decisions speak for, each with the file and the lines that would set it."""
    files, _ = read_records(portal)
    known = {organization.domain: organization for organization in portal.organizations}
    names = {file.record.provider.domain: file.record.provider.name for file in files}
    found = []
    for standing in propose_standings(_decided_items(files), {domain: o.standing for domain, o in known.items()}):
        domain, line = standing.domain, f"standing: {standing.proposed}"
        if domain in known:
            found.append((standing, known[domain].path, line))
        else:
            head = f"---\n_id: {domain}\nname: {json.dumps(names[domain], ensure_ascii=False)}\ndomain: {domain}\n{line}\n---"
            found.append((standing, f"_data/organizations/{domain}.md", head))
    return tuple(found)


def _decided_items(files: Sequence[RecordFile]) -> list[Decided]:
    """Return the records that a person published or held, copies left out: those are held for what they copy."""
    books = ((file, file.record.bookkeeping) for file in files)
    return [
        _as_decided(file)
        for file, book in books
        if book is not None and book.duplicate_of is None and any(d.field == "published" for d in book.decisions)
    ]


def _as_decided(file: RecordFile) -> Decided:
    record, book = file.record, file.record.bookkeeping
    quality = sum(book.quality_parts.values()) if book is not None and book.quality_parts else record.quality
    confidence = max(book.topics.values(), default=0.0) if book is not None else None
    return Decided(bool(record.published), quality, confidence, record.provider.domain)


def suggest_for_topics(portal: Portal) -> tuple[Suggestion, ...]:
    """Return keywords and exclusions that would help the portal's topics."""
    decided = _decided_topics(portal)
    items = [item for item in _readable_items(portal) if item.topics is not None]
    names = [topic.name for topic in portal.topics]
    rejected = {(item_id, name) for item_id, kept in decided.items() for name in names if name not in kept}
    return suggestions(portal.topics, items, rejected)


def topic_coverage(portal: Portal) -> tuple[int, int, tuple[Gap, ...]]:
    """Return how many items have a topic, how many there are, and kinds of items among the rest."""
    items = [item for item in _readable_items(portal) if item.topics is not None]
    return sum(bool(item.topics) for item in items), len(items), gaps(items)


def _readable_items(portal: Portal) -> list[Item]:
    """Return the portal's items in order of being seen; a text that is no longer at hand is judged by title and excerpt."""
    with at_work(portal, lambda _: None) as bench, bench.ports.store.begin() as work:
        return sorted(work.items.iter_all(), key=lambda item: (item.seen_at, item.id))


def _decided_topics(portal: Portal) -> dict[str, frozenset[str]]:
    """Return item id → its topics, for items whose topics a person decided."""
    files, _ = read_records(portal)
    return {
        recorded_id(file): frozenset(file.record.topics)
        for file in files
        if file.record.bookkeeping and any(d.field == "topics" for d in file.record.bookkeeping.decisions)
    }
