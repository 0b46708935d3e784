"""What newsloom itself would write of an item."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import replace

from newsloom.model.article import Article
from newsloom.model.item import Item
from newsloom.model.record import Bookkeeping, Image, Provider, Record, Related, RelationNote
from newsloom.stages.record.digests import digests
from newsloom.vocab.rights import reserved
from newsloom.vocab.urls import public_address

LONGEST_EXCERPT = 300
"""Characters, as for excerpts that a publisher wrote."""

FIRST_SEEN = "first-seen"
"""The method of a date that neither page nor feed told."""

_EMBED = (
    '<iframe width="800" height="500" frameborder="0" src="{}" allow="accelerometer; autoplay; encrypted-media; '
    'gyroscope; picture-in-picture" allowfullscreen></iframe>'
)


def machine_record(item: Item, related: Sequence[Item]) -> Record:
    """Return the record of *item* as newsloom alone would write it, complete with digests.

    Args:
        item: the item; quality, heat and published are written together once quality and heat are known.
        related: the items that *item.relations* name, any order; those missing are left out.

    Without topics `published` is false. Without a date the record has the moment of being first seen, without an excerpt
    the start of the text, else the title; the method says so. The article's text is never in a record.
    """
    article = item.article
    links = _links(item, related)
    is_ranked = item.quality is not None and item.heat is not None
    excerpt, method = _excerpt(article)
    amp, cdn_amp = _amp(article)
    methods = dict(article.methods)
    if method:
        methods["excerpt"] = method
    if article.published_date_time is None:
        methods["publishedDateTime"] = FIRST_SEEN
    labels = item.topics or ()
    record = Record(
        title=article.title,
        excerpt=excerpt,
        published_date_time=article.published_date_time or item.first_seen,
        type=article.type,
        provider=article.provider,
        original_url=article.original_url or None,
        web_url=None if article.featured_content else article.url or None,
        amp_web_url=amp,
        cdn_amp_web_url=cdn_amp,
        quality=max(0, item.quality.total) if item.quality and is_ranked else None,
        heat=max(-1, item.heat.total) if item.heat and is_ranked else None,
        published=bool(item.published and labels) if is_ranked else None,
        featured_content=_EMBED.format(html.escape(article.featured_content)) if article.featured_content else None,
        topics=tuple(label.topic for label in labels),
        images=article.images,
        related=tuple(_related(other) for _, other in links),
        bookkeeping=_notes(item, methods, tuple(note for note, _ in links)),
    )
    notes = record.bookkeeping
    return replace(record, bookkeeping=replace(notes, digests=digests(record))) if notes else record


def _notes(item: Item, methods: dict[str, str], relations: tuple[RelationNote, ...]) -> Bookkeeping:
    article = item.article
    is_ranked = item.quality is not None and item.heat is not None
    return Bookkeeping(
        id=item.id,
        first_seen=item.first_seen,
        source=public_address(item.source) if item.source else None,
        language=article.in_language,
        access=article.access,
        authors=article.authors,
        modified=article.date_modified,
        rights=reserved(article.robots, article.tdm_reservation),
        story=item.story,
        lead=item.lead,
        duplicate_of=item.duplicate_of,
        methods=methods,
        topics={label.topic: label.confidence for label in item.topics or ()},
        judged={v.topic: f"{'yes' if v.belongs else 'no'} by {v.model}" for v in item.judged},
        quality_parts=item.quality.parts if item.quality and is_ranked else {},
        heat_parts=item.heat.parts if item.heat and is_ranked else {},
        relations=relations,
    )


def _amp(article: Article) -> tuple[str | None, str | None]:
    """Return both AMP addresses or neither, as the format wants."""
    if article.amp_web_url and article.cdn_amp_web_url:
        return article.amp_web_url, article.cdn_amp_web_url
    return None, None


def _excerpt(article: Article) -> tuple[str, str | None]:
    """Return the excerpt and, when the article has none, the method that stands in for it."""
    if article.excerpt:
        return article.excerpt, None
    start = " ".join(article.article_body[: 4 * LONGEST_EXCERPT].split())
    if not start:
        return article.title, "title"
    if len(start) > LONGEST_EXCERPT:
        start = (start[:LONGEST_EXCERPT].rpartition(" ")[0] or start[: LONGEST_EXCERPT - 1]) + "…"
    return start, "text:start"


def _links(item: Item, related: Sequence[Item]) -> list[tuple[RelationNote, Item]]:
    """Return the relations whose item is known, in their order, no item and no address twice."""
    known = {other.id: other for other in related if other.id != item.id}
    links: list[tuple[RelationNote, Item]] = []
    addresses = {item.article.url}
    for note in item.relations:
        other = known.pop(note.item, None)
        if other is not None and other.article.url not in addresses:
            addresses.add(other.article.url)
            links.append((note, other))
    return links


def _related(item: Item) -> Related:
    article = item.article
    amp, cdn_amp = _amp(article)
    return Related(
        title=article.title,
        excerpt=_excerpt(article)[0],
        published_date_time=article.published_date_time or item.first_seen,
        web_url=None if article.featured_content else article.url or None,
        type=article.type,
        provider=Provider(article.provider.name, article.provider.domain),
        quality=max(0, item.quality.total) if item.quality else None,
        amp_web_url=amp,
        cdn_amp_web_url=cdn_amp,
        images=tuple(Image(image.url, image.width, image.height) for image in article.images[:1]),
    )
