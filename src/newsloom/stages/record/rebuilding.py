"""The way back: an item from its record, when the working state is lost."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from newsloom.model.article import Article
from newsloom.model.item import Item, JudgedTopic, recorded_id
from newsloom.model.record import Bookkeeping, Record, RecordFile
from newsloom.model.score import DECIDED, Score, Term
from newsloom.model.topic import TopicLabel
from newsloom.stages.record.making import FIRST_SEEN
from newsloom.vocab.rights import TDM

_EMBED_ADDRESS = re.compile(r"""<iframe\b[^>]*\bsrc=(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)


def item_from(file: RecordFile) -> Item:
    """Return the item whose record *file* is: the values of the file, whoever wrote them.

    The text of the article is gone. Scores come back as the terms that the record keeps, or as the single term `stored`
    (`decided` when a person set the number). A record that newsloom did not make gets the id of its address.
    """
    record = file.record
    url = record.web_url or record.original_url or ""
    notes = record.bookkeeping or Bookkeeping(id=recorded_id(file))
    decided = {decision.field for decision in notes.decisions}
    is_classified = bool(record.topics) or record.quality is not None or "topics" in decided
    return Item(
        id=notes.id,
        article=_article(record, notes, url),
        first_seen=notes.first_seen or record.published_date_time,
        source=notes.source,
        duplicate_of=notes.duplicate_of,
        story=notes.story,
        topics=tuple(TopicLabel(topic, notes.topics.get(topic, 1.0)) for topic in record.topics)
        if is_classified
        else None,
        quality=_score(record.quality, notes.quality_parts, "quality" in decided),
        heat=_score(record.heat, notes.heat_parts, "heat" in decided),
        lead=notes.lead,
        published=record.published,
        relations=notes.relations,
        path=file.path,
        judged=tuple(
            JudgedTopic(topic, answer.startswith("yes by "), answer.partition(" by ")[2])
            for topic, answer in notes.judged.items()
            if answer.startswith(("yes by ", "no by "))
        ),
    )


def _article(record: Record, notes: Bookkeeping, url: str) -> Article:
    was_undated = (
        notes.methods.get("publishedDateTime") == FIRST_SEEN and record.published_date_time == notes.first_seen
    )
    return Article(
        url=url,
        original_url=record.original_url or url,
        title=record.title,
        excerpt=record.excerpt,
        type=record.type,
        provider=record.provider,
        published_date_time=None if was_undated else record.published_date_time,
        date_modified=notes.modified,
        amp_web_url=record.amp_web_url,
        cdn_amp_web_url=record.cdn_amp_web_url,
        featured_content=_embed_address(record.featured_content),
        images=record.images,
        authors=notes.authors,
        in_language=notes.language,
        access=notes.access,
        robots=frozenset(notes.rights) - {TDM},
        tdm_reservation=True if TDM in notes.rights else None,
        methods=notes.methods,
    )


def _embed_address(markup: str | None) -> str | None:
    match = _EMBED_ADDRESS.search(markup or "")
    return html.unescape(match[1] or match[2] or "") or None if match else None


def _score(total: int | None, parts: Mapping[str, int], is_decided: bool) -> Score | None:
    if is_decided:  # a number that a person took away counts nothing; it is not one that is still to be computed
        return Score((Term(DECIDED, total or 0, "set by a person"),))
    if total is None:
        return None
    if sum(parts.values()) == total:
        return Score(tuple(Term(name, points) for name, points in parts.items()))
    return Score((Term("stored", total),))
