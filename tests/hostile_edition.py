"""An edition whose every record says hostile things in each of its fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from invented_edition import NOW, SITE
from newsloom.model.item import item_id
from newsloom.model.portal import Edition
from newsloom.model.record import Bookkeeping, Image, Provider, Record, RecordFile, Related, RelationNote
from newsloom.model.source import Source
from newsloom.model.topic import Organization, Topic
from newsloom.model.version import Change, Revision


def hostile_record(number: int, text: str) -> RecordFile:
    """Return a published record with *text* as title, excerpt, body, author, topic, provider and every address."""
    at = NOW - timedelta(minutes=number)
    kept = Bookkeeping(
        id=f"{number:016x}", first_seen=at, story=f"s{number // 12:012x}", lead=number % 12 == 0, authors=(text,), language=text[:30],
        topics={text: 0.9}, quality_parts={text: 3}, heat_parts={text: 2}, source=text, access="paywalled",
        relations=(RelationNote(item_id(text), text, 0.7),),
    )  # fmt: skip
    image = Image(text, 10, 10, text)
    provider = Provider(text, text, (image,))
    related = Related(text, text, at, text, "article", provider, 3)
    record = Record(
        title=text, excerpt=text + " .", published_date_time=at, type="article", provider=provider, web_url=text, original_url=text,
        amp_web_url=text, cdn_amp_web_url=text, featured_content=text, quality=5, heat=5, published=True, topics=(text, "Plain"),
        images=(image,), related=(related,), body=f"\n{text}\n", bookkeeping=kept,
    )  # fmt: skip
    return RecordFile(f"_news/2026-03-10-item-{number}.md", record)


def hostile(texts: Sequence[str]) -> Edition:
    """Return an edition with one record for each of *texts*; one of them is the site's own title, some are its topics."""
    named = {text: None for text in texts[:: max(1, len(texts) // 8)] if text.strip()}
    topics = [Topic(text, text, description=text) for text in named]
    return Edition(
        records=tuple(hostile_record(number, text) for number, text in enumerate(texts)),
        topics=(Topic("plain", "Plain"), *topics),
        organizations=tuple(Organization(text, text, description=text, kind=text, standing=50) for text in texts),
        site=replace(
            SITE,
            title=texts[0],
            description=texts[-1],
            contact=texts[0],
            images="link",
            items_per_page=100,
            api_page_size=500,
        ),
        now=NOW,
        revisions={
            f"{number:016x}": (Revision(NOW, (Change("title", text, text), Change("byline", text, ""))),)
            for number, text in enumerate(texts)
        },
        sources=tuple(Source(text, title=text, site_url=text, folders=(text,), categories=(text,)) for text in texts),
    )
