"""The receipt of one item: every number with its terms, every decision with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from newsloom.flow.history import history
from newsloom.flow.review import find_record
from newsloom.flow.world import Bench
from newsloom.model.article import Article
from newsloom.model.item import Item
from newsloom.model.record import RecordFile
from newsloom.model.score import Score
from newsloom.model.version import Revision
from newsloom.stages.record import item_from
from newsloom.stages.versions import revisions

_MOST_KEYWORDS = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a record stands after a decision.

    Attributes:
        file: the record as it is now.
        id: its item.
        why: why it is published or held, in a few words.
        is_decided: whether that is a person's decision.
        shown_instead: what readers see of its story while it is held itself; None when they see nothing of it.
    """

    file: RecordFile
    id: str
    why: str
    is_decided: bool
    shown_instead: RecordFile | None


def outcome(bench: Bench, path: str) -> Outcome:
    """Return where the record at *path* stands.

    Raises:
        UsageError: there is no such record.
    """
    files, _ = bench.ports.records.read_all()
    file = find_record(files, path)
    item = item_from(file)
    mates = [other for other in files if item.story is not None and item_from(other).story == item.story]
    shown = [other for other in mates if other.record.published and other.path != path]
    first = max(shown, key=lambda other: (bool(item_from(other).lead), other.record.heat or -1), default=None)
    with bench.ports.store.begin() as work:
        stored = work.items.find(item.id) or item
    why, _, is_decided = _publication(bench, file, stored)
    return Outcome(file, item.id, why, is_decided, first)


def explain(bench: Bench, name: str, now: datetime) -> dict[str, Any]:
    """Return the receipt of the item that *name* means, ready to print.

    The terms shown are those the record's numbers were made of; they sum to them exactly unless a person set the number,
    which the note says. Evidence in words comes from the working state when it is at hand.

    Raises:
        UsageError: no record, or more than one, answers to *name*.
    """
    files, _ = bench.ports.records.read_all()
    file = find_record(files, name)
    record, recorded = file.record, item_from(file)
    with bench.ports.store.begin() as work:
        stored = work.items.find(recorded.id)
        versions = work.items.versions(recorded.id)
    item = stored or recorded
    why, flips, _ = _publication(bench, file, item)
    decided = {decision.field for decision in _decisions(file)}
    return {
        "id": recorded.id,
        "path": file.path,
        "title": record.title,
        "quality": _receipt(record.quality, item.quality, "quality" in decided),
        "heat": _receipt(record.heat, item.heat, "heat" in decided),
        "heat_now": _live_heat(bench, files, recorded, now) if "heat" not in decided else None,
        "published": record.published,
        "why": why,
        "would_change_it": list(flips),
        "topics": [
            f"{label.topic} {label.confidence:.2f}  {'; '.join(label.evidence)}".rstrip() for label in item.topics or ()
        ],
        "not_topics": _not_topics(bench, item),
        "story": _story(files, file, recorded),
        "related": _related(file),
        "changed": _changed(revisions(versions, item.article)),
        "read_as": _read_as(item.article),
        "found_by": _found_by(item.article),
        "decisions": [
            f"{d.at:%Y-%m-%d %H:%M} {d.by}: {d.field}" + (f" = {d.value}" if d.value else "") for d in _decisions(file)
        ],
    }


def _read_as(article: Article) -> list[str]:
    """Return what was read of the article that its record does not tell, or not so plainly."""
    kinds = article.author_kinds or ("person",) * len(article.authors)
    told = [
        *(f"author: {name} ({kind})" for name, kind in zip(article.authors, kinds, strict=True)),
        f"section: {article.article_section}" if article.article_section else "",
        f"access: {article.access}" if article.access else "",
        f"keywords: {', '.join(article.keywords[:_MOST_KEYWORDS])}" if article.keywords else "",
        f"the page was not read: {article.unread.replace('_', ' ')}" if article.unread else "",
    ]
    return [line for line in told if line]


def _found_by(article: Article) -> list[str]:
    """Return the method of each field, with the share of the page's sources that agree where several tell it."""
    agreed = {key: f", {share:.0%} of the page's sources agree" for key, share in article.agreement.items()}
    return [f"{key}: {method}{agreed.get(key, '')}" for key, method in article.methods.items()]


def _not_topics(bench: Bench, item: Item, limit: int = 3) -> list[str]:
    """Return the topics that come nearest without being given, with what speaks for and against each.

    They are judged anew, by what the portal holds now; a topic that would be given now is said to be one.
    """
    given = {label.topic for label in item.topics or ()}
    with bench.ports.store.begin() as work:
        around = work.items.window(item.seen_at - bench.declared.background, item.seen_at + bench.declared.background)
    known = [other for other in around if other.topics is not None]
    judgement = bench.stages.classify.among([item], known)
    nearest = [label for label in judgement.judgements(item) if label.topic not in given]
    today = {label.topic for label in judgement.labels(item)}
    return [
        f"{one.topic} {one.confidence:.2f}  {'; '.join(one.evidence) or 'nothing speaks for it'}"
        + ("; it was less sure when it decided: what came in since speaks for it" if one.topic in today else "")
        for one in sorted(nearest, key=lambda label: -label.confidence)[:limit]
    ]


def _live_heat(bench: Bench, files: Sequence[RecordFile], item: Item, now: datetime) -> dict[str, Any] | None:
    """Return the receipt of the heat that the site shows at *now*; None for an item in no story."""
    if item.story is None:
        return None
    score = bench.stages.score
    members = [
        item_from(file) for file in files if file.record.bookkeeping and file.record.bookkeeping.story == item.story
    ]
    live = score.heat(item, history(files, (), score, now).view(item.story, members), now)
    return _receipt(live.total, live, False)


def _changed(found: Sequence[Revision]) -> list[str]:
    """Return in words what the publisher changed, oldest first."""
    return [
        f"{revision.at:%Y-%m-%d %H:%M} {change.field}: {change.before or '(none)'} → {change.after or '(none)'}"
        for revision in found
        for change in revision.changes
    ]


def _publication(bench: Bench, file: RecordFile, stored: Item) -> tuple[str, Sequence[str], bool]:
    """Return why *file* is published or held, what would turn that, and whether a person decided so.

    Args:
        stored: its item in the working state, whose quality has its evidence; the record's own when there is none.
    """
    recorded = item_from(file)
    item = replace(recorded, quality=stored.quality or recorded.quality)
    why, flips = "it was not scored yet", tuple[str, ...]()
    if item.quality is not None:
        _, why = bench.stages.score.published(item, before=item.published)
        flips = bench.stages.score.flips(item)
    for decision in _decisions(file):
        if decision.field == "published":
            flips = _other_decision(bench, file, replace(item, published=stored.published))
            return f"{decision.by} decided so on {decision.at:%Y-%m-%d}", flips, True
    return why, flips, False


def _other_decision(bench: Bench, file: RecordFile, item: Item) -> tuple[str, ...]:
    """Return what turns a person's decision, with what newsloom alone would say of *item*: scores have no part in it."""
    turn = f"another decision: `newsloom review {'hold' if file.record.published else 'publish'} {item.id}`"
    if item.quality is None:
        return (turn,)
    published, why = bench.stages.score.published(item, before=item.published)
    return (f"{turn}; newsloom alone would {'publish' if published else 'hold'} it ({why})",)


def _receipt(total: int | None, score: Score | None, decided: bool) -> dict[str, Any]:
    terms = [{"name": t.name, "points": t.points, "evidence": t.evidence} for t in score.terms] if score else []
    note = ""
    if decided:
        note = "set by a person; newsloom's own terms are below"
    elif score is None:
        note = "not scored by newsloom"
    return {"total": total, "terms": terms, "note": note}


def _decisions(file: RecordFile) -> Sequence[Any]:
    return file.record.bookkeeping.decisions if file.record.bookkeeping else ()


def _related(file: RecordFile) -> list[str]:
    """Return what the record links to in words, in its order, each with why and how surely."""
    record, notes = file.record, file.record.bookkeeping
    if notes is None or len(notes.relations) != len(record.related):
        return []
    return [
        f"{note.score:.2f} {note.reason}: {related.provider.name}: {related.title}"
        for note, related in zip(notes.relations, record.related, strict=True)
    ]


def _story(files: Sequence[RecordFile], file: RecordFile, item: Item) -> list[str]:
    """Return the story's members in words, the lead marked, in order of being reported."""
    if item.story is None:
        return []
    members = [
        item_from(other) for other in files if other.record.bookkeeping and other.record.bookkeeping.story == item.story
    ]
    lines = [f"{item.story}: {len(members)} {'item' if len(members) == 1 else 'items'}"]
    for member in sorted(members, key=lambda member: (member.seen_at, member.id)):
        mark = "lead" if member.lead else "copy" if member.duplicate_of else ""
        lines.append(
            f"{member.seen_at:%Y-%m-%d %H:%M} {member.id} {mark:<4} {member.article.provider.name}: {member.article.title}"
        )
    return lines
