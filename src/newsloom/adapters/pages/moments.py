"""Candidates for when a page was published and changed, most trusted first.

Structured data comes before what readers see, since it carries zone and seconds; the day in the address and htmldate's guess
come last and tell days only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from newsloom.adapters.pages import jsonld
from newsloom.adapters.pages.document import attribute, stands_aside
from newsloom.adapters.pages.evidence import Candidates, Evidence, item_value
from newsloom.model.article import Candidate, Moment
from newsloom.vocab.dates import parse_instant

_PUBLISHED_METAS = (
    "article:published_time", "og:article:published_time", "article:published", "og:published_time", "datepublished", "parsely-pub-date",
    "cxenseparse:recs:publishtime", "cxenseparse:recs:cxd-publishtime", "dc.date.issued", "dcterms.issued", "dc.date.created", "dcterms.created",
    "article.published", "publish-date", "publish_date", "publishdate", "published_at", "pubdate", "ptime", "article_date_original", "cre:publication_date",
    "citation_publication_date", "sailthru.date", "rnews:datepublished", "originalpublicationdate", "article:post_date", "shareaholic:article_published_time",
)  # fmt: skip
_UNSPECIFIC_METAS = ("dcterms.date", "dc.date", "date")
_MODIFIED_METAS = (
    "article:modified_time", "og:updated_time", "article:modified", "datemodified", "dc.date.modified", "dcterms.modified", "lastmod", "last-modified",
    "utime", "article_date_updated", "revision_date",
)  # fmt: skip
_DAY_IN_PATH = re.compile(
    r"/((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2]|[1-9](?=[/_-]))[/_-]?(0[1-9]|[12]\d|3[01]|[1-9](?=[/_-]))(?=[/_.-]|$)"
)
_NAMED_MONTH_IN_PATH = re.compile(
    r"/((?:19|20)\d\d)/(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*/(\d{1,2})(?=/|$)", re.IGNORECASE
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MAX_DATE_TEXT = 120
_OFFSET = re.compile(r":\d\d(?:[.,]\d+)?\s*([+−-])(\d\d):?(\d\d)$")
_ZONE = re.compile(r"(?:[zZ]|[+−-]\d\d:?\d\d|\b[A-Z]{2,5})$|^\d{10,13}$")


def published(evidence: Evidence) -> tuple[Candidate[Moment], ...]:
    """Return when the page says it was published.

    A time without a zone counts as UTC, unless another candidate tells the same clock minute of another zone: then that one
    goes before it.
    """
    told = list(_told(evidence))
    found = Candidates[Moment]()
    for position, (text, method) in enumerate(told):
        moment = _moment(text)
        if moment is None:
            continue
        if moment.precision != "day" and not _ZONE.search(text.strip()):
            for other, other_method in told[position + 1 :]:
                zoned = _moment(other)
                if (
                    zoned is not None
                    and zoned.precision != "day"
                    and _ZONE.search(other.strip())
                    and _is_same_clock(moment, zoned)
                ):
                    found.add(zoned, other_method)
                    break
        found.add(moment, method)
    found.add(day_in_address(evidence.document.url), "url:path")
    return found.found()


def _told(evidence: Evidence) -> Iterator[tuple[str, str]]:
    """Yield (text, method) of everything that claims to be a publication date, most trusted first."""
    for name, value in evidence.of_article("datePublished", "dateCreated", "uploadDate"):
        yield jsonld.text(value), f"json-ld:{name}"
    for name, content in evidence.document.meta(*_PUBLISHED_METAS):
        yield content, f"meta:{name}"
    for video in evidence.videos[:1]:
        yield jsonld.text(video.get("uploadDate") or video.get("datePublished")), "json-ld:VideoObject.uploadDate"
    for node in evidence.items("datePublished", 2):
        yield item_value(node), "microdata:datePublished"
    for name, content in evidence.document.meta(*_UNSPECIFIC_METAS):
        yield content, f"meta:{name}"
    for name, value in evidence.of_pages("datePublished"):
        yield jsonld.text(value), f"json-ld:WebPage.{name}"
    yield from _times(evidence)


def _is_same_clock(unzoned: Moment, zoned: Moment) -> bool:
    """Return True when the two differ by what time zones can differ by: quarter hours, and fourteen hours at most."""
    seconds = abs((unzoned.instant - zoned.instant).total_seconds())
    return 0 < seconds <= 14 * 3600 and min(seconds % 900, 900 - seconds % 900) < 60


def modified(evidence: Evidence) -> tuple[Candidate[Moment], ...]:
    """Return when the page says it was changed last."""
    found = Candidates[Moment]()
    for name, value in evidence.of_article("dateModified"):
        found.add(_moment(jsonld.text(value)), f"json-ld:{name}")
    for name, content in evidence.document.meta(*_MODIFIED_METAS):
        found.add(_moment(content), f"meta:{name}")
    for node in evidence.items("dateModified", 2):
        found.add(_moment(item_value(node)), "microdata:dateModified")
    for name, value in evidence.of_pages("dateModified"):
        found.add(_moment(jsonld.text(value)), f"json-ld:WebPage.{name}")
    return found.found()


def guessed_day(text: str, url: str) -> Moment | None:
    """Return the day that htmldate makes out in the page, None when it makes out none. Costs a second parse: last resort."""
    from htmldate import find_date

    try:
        day = find_date(text, url=url, original_date=True, extensive_search=True)
    except (ValueError, TypeError, AttributeError, IndexError, KeyError, OverflowError, RecursionError, AssertionError):
        return None  # htmldate lets lxml's and its own errors through on broken pages
    return _moment(day) if day else None


def day_in_address(url: str) -> Moment | None:
    """Return the day written in the path of *url* (`/2026/03/02/`, `/2026/mar/02/`, `/20260302-`), None when there is none."""
    match = _DAY_IN_PATH.search(url) or _NAMED_MONTH_IN_PATH.search(url)
    if match is None:
        return None
    month = int(match[2]) if match[2].isdigit() else _MONTHS.index(match[2].lower()) + 1
    try:
        return Moment(datetime(int(match[1]), month, int(match[3]), tzinfo=UTC), "day")
    except ValueError:
        return None


def _times(evidence: Evidence) -> list[tuple[str, str]]:
    """Return what `<time>` elements tell: the first marked as publication, then the first that stands in no teaser."""
    marked, plain = [], []
    for node in evidence.times:
        text = attribute(node, "datetime")
        marks = f"{attribute(node, 'class')} {attribute(node, 'itemprop')} {attribute(node, 'id')}".lower()
        if _moment(text) is None or any(word in marks for word in ("modif", "updat")):
            continue
        if "pubdate" in node.attributes or "publish" in marks or "entry-date" in marks:
            marked.append(text)
        elif not stands_aside(node):
            plain.append(text)
    return [(text, "html:time-pubdate") for text in marked[:1]] + [(text, "html:time") for text in plain[:1]]


def _moment(text: str) -> Moment | None:
    moment = parse_instant(text.strip()) if text and len(text) <= _MAX_DATE_TEXT else None
    offset = _OFFSET.search(text) if moment is not None and moment.precision != "day" else None
    if moment is None or offset is None:
        return moment
    minutes = int(offset[2]) * 60 + int(offset[3])
    return replace(moment, utc_offset_minutes=(minutes if offset[1] == "+" else -minutes) or None)
