"""The JSON API that the origin's clients use (record format, section 6): same paths, same keys in the same order, nulls written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from urllib.parse import urlsplit

from newsloom.model.portal import Edition, PublishedFile, SiteOptions
from newsloom.model.record import Image, Provider, RecordFile
from newsloom.model.topic import Topic
from newsloom.publish.addresses import safe_link
from newsloom.publish.entries import time_zone
from newsloom.publish.markup import embed, rendered

_NO_FOLDER = re.compile(r"[\x00-\x1f\x7f/\\:]")

ROOT = "api/news"
EMPTY_CONTENT = "\r\n"
"""What the origin prints for a record without a body; its clients know it."""


class OriginApi:
    """Publishes `api/news/…/index.json`; implements the port `Outlet`.

    Published items only, newest first, in pages of `SiteOptions.api_page_size`; `index.json` is page 1. A topic has its own
    lists under its id unless its file names services and no `news` of its own among them.
    """

    name = "api"

    def files(self, edition: Edition) -> Iterator[PublishedFile]:
        """Yield the API's files: the whole portal's pages, then those of each topic in the portal's order.

        Raises:
            ConfigError: `SiteOptions.api_instants` is no time zone.
        """
        zone = instant_zone(edition.site)
        shown = sorted(
            (file for file in edition.records if _is_shown(file)),
            key=lambda file: (-file.record.published_date_time.timestamp(), file.path),
        )
        yield from _pages(ROOT, shown, edition, zone)
        for topic in edition.topics:
            if has_own_api(topic):
                own = [file for file in shown if topic.name in file.record.topics]
                yield from _pages(f"{ROOT}/{topic.id}", own, edition, zone)


def has_own_api(topic: Topic) -> bool:
    """Return whether *topic* has lists of its own: its file names no services, or a `news` one under the topic's id.

    A root topic's `news` service is the whole portal's list, so it has none.
    """
    if not topic.id.strip("./") or _NO_FOLDER.search(topic.id):
        return False
    if not topic.services:
        return True
    news = topic.services.get("news")
    return bool(news) and urlsplit(news or "").path.rstrip("/").rsplit("/", 1)[-1] == topic.id


def instant_zone(site: SiteOptions) -> tzinfo:
    """Return the zone in which the API prints instants. Raises ConfigError when there is none of that name."""
    return UTC if site.api_instants.upper() == "UTC" else time_zone(site.api_instants)


def _is_shown(file: RecordFile) -> bool:
    kept = file.record.bookkeeping
    return file.record.published is True and not (kept and kept.tombstone)


def _pages(folder: str, files: Sequence[RecordFile], edition: Edition, zone: tzinfo) -> Iterator[PublishedFile]:
    size = max(1, edition.site.api_page_size)
    count = max(1, -(-len(files) // size))
    for number in range(1, count + 1):
        page = {
            "page": number,
            "value": [_value(file, edition, zone) for file in files[(number - 1) * size : number * size]],
            "nextPage": number + 1 if number < count else None,
        }
        body = (json.dumps(page, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")
        if number == 1:
            yield PublishedFile(f"{folder}/index.json", body)
        yield PublishedFile(f"{folder}/page/{number}/index.json", body)


def _value(file: RecordFile, edition: Edition, zone: tzinfo) -> dict[str, object]:
    """Return one item as the API tells it. Heat is the live one where the edition has it, else the record's.

    A record can be anybody's: addresses that are not http(s), and markup that is no https frame, are told as null.
    """
    record, kept = file.record, file.record.bookkeeping
    return {
        "path": file.path,
        "title": record.title,
        "excerpt": record.excerpt,
        "sourceUrl": None,
        "webUrl": safe_link(record.web_url),
        "originalUrl": safe_link(record.original_url),
        "featuredContent": embed(record.featured_content),
        "highlight": None,
        "heat": edition.heats.get(kept.id, record.heat) if kept else record.heat,
        "tags": None,
        "images": _images(record.images),
        "content": _content(file),
        "type": record.type,
        "ampWebUrl": safe_link(record.amp_web_url),
        "cdnAmpWebUrl": safe_link(record.cdn_amp_web_url),
        "publishedDateTime": _instant(record.published_date_time, zone),
        "updatedDateTime": _instant(kept.modified, zone) if kept and kept.modified else None,
        "provider": _provider(record.provider, kept.authors if kept else ()),
        "locale": edition.site.locale,
        "categories": [record.category],
        "topics": list(record.topics) or None,
    }


def _content(file: RecordFile) -> str:
    """Return what a person wrote below the front matter as the site's safe HTML; text that newsloom put there stays unpublished.

    Clients show it as HTML, and a record can be anybody's.
    """
    record, kept = file.record, file.record.bookkeeping
    if kept is not None and "body" in kept.digests:
        return EMPTY_CONTENT
    return str(rendered(record.body)) or EMPTY_CONTENT


def _images(images: Sequence[Image]) -> list[dict[str, object]] | None:
    """Return the images whose address may be told, None when there are none. Clients know no image without an address."""
    return [
        {
            "url": url,
            "width": image.width,
            "height": image.height,
            "title": image.title,
            "attribution": None,
            "isCached": image.is_cached,
        }
        for image in images
        if (url := safe_link(image.url))
    ] or None


def _provider(provider: Provider, authors: Sequence[str]) -> dict[str, object]:
    return {
        "name": provider.name,
        "domain": provider.domain,
        "images": _images(provider.images),
        "publishers": None,
        "authors": [{"name": author} for author in authors] or None,
    }


def _instant(moment: datetime, zone: tzinfo) -> str:
    """Return *moment* to the second with its offset, `Z` for UTC."""
    told = moment.astimezone(zone).replace(microsecond=0).isoformat()
    return told.removesuffix("+00:00") + "Z" if zone is UTC else told
