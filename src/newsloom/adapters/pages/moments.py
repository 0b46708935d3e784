"""Candidates for when a page was published and changed, most trusted first.

Structured data comes before what readers see, since it carries zone and seconds; the day in the address and the guess from
scripts and text come last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice

from newsloom.adapters.pages import jsonld
from newsloom.adapters.pages.document import attribute, stands_aside
from newsloom.adapters.pages.evidence import Candidates, Evidence, item_value
from newsloom.adapters.pages.seen_dates import LikelyDay, seen_day
from newsloom.model.article import Candidate, Moment
from newsloom.vocab.dates import parse_instant

_PUBLISHED_METAS = (
    "article:published_time", "og:article:published_time", "article:published", "og:published_time", "datepublished", "parsely-pub-date",
    "cxenseparse:recs:publishtime", "cxenseparse:recs:cxd-publishtime", "dc.date.issued", "dcterms.issued", "dc.date.created", "dcterms.created",
    "article.published", "publish-date", "publish_date", "publishdate", "published_at", "pubdate", "ptime", "article_date_original", "cre:publication_date",
    "citation_publication_date", "sailthru.date", "rnews:datepublished", "originalpublicationdate", "article:post_date", "shareaholic:article_published_time",
)  # fmt: skip
_UNSPECIFIC_METAS = ("dcterms.date", "dc.date", "date")
_VAGUE = frozenset([*(f"meta:{name}" for name in _UNSPECIFIC_METAS), "html:time", "html:time-pubdate"])
# Scores of a day in the text: from the first on it is right more often than a vague date in the data, below the second not worth keeping.
_CLEAR = 3.0
_FAINT = 0.5
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
# What publishing systems call the field, in data that pages hand to their own scripts.
_SCRIPT_FIELD = re.compile(
    r"""["';\\](?:date_?published|published_?(?:at|time|date|on)?|publish_?(?:date|time)|publication_?date|pub_?date|first_?published(?:_?at|_?date)?)"""
    r"""(?:"|'|&quot;|\\")\s*:\s*(?:"|'|&quot;|\\")(\d{4}-\d\d-\d\d(?:[T ][\d:.+Z-]{4,30})?)""",
    re.IGNORECASE,
)
_SCRIPT_HINT = re.compile(r"pub(?:li|_?date)")
_MAX_SCRIPT_HINTS = 400
_LONGEST_FORE = 8
_MAX_DATE_TEXT = 120
_OFFSET = re.compile(r":\d\d(?:[.,]\d+)?\s*([+−-])(\d\d):?(\d\d)$")
_ZONE = re.compile(r"(?:[zZ]|[+−-]\d\d:?\d\d|\b[A-Z]{2,5})$|^\d{10,13}$")


def published(evidence: Evidence, latest: datetime) -> tuple[Candidate[Moment], ...]:
    """Return when the page says it was published.

    A time without a zone counts as UTC, unless another candidate tells the same clock minute of another zone: then that one
    goes before it. Where the data name no publication, but a date of some kind at most, the day in the address and one that stands out
    in the text come first.

    Args:
        latest: no guess after it is believed.
    """
    found = Candidates[Moment]()
    candidates = told(evidence)
    address = day_in_address(evidence.document.url)
    if all(method in _VAGUE for _, method in candidates):
        found.add(address, "url:path")
        seen = seen_day(evidence, latest) if address is None else None
        if seen is not None and seen.score >= _CLEAR:
            found.add(seen.day, "text:day")
        if not candidates and address is None:
            candidates = _guesses(evidence, seen, latest)
    for moment, method in candidates:
        found.add(moment, method)
    found.add(address, "url:path")
    return found.found()


def _guesses(evidence: Evidence, seen: LikelyDay | None, latest: datetime) -> list[tuple[Moment, str]]:
    """Return what a page whose data tell nothing gives away: its scripts, the text its readers see, the address of its picture."""
    found = [
        (_in_scripts(evidence.document.markup.decode("utf-8"), latest), "script:published"),
        (seen.day if seen is not None and seen.score >= _FAINT else None, "text:day"),
        *((day_in_address(content), "url:image") for _, content in evidence.document.meta("og:image")),
    ]
    return [(moment, method) for moment, method in found if moment is not None]


def _in_scripts(text: str, latest: datetime) -> Moment | None:
    """Return the instant of publication in the page's own script data, None when several days are told: those are other articles'."""
    values: list[str] = []
    for hint in islice(_SCRIPT_HINT.finditer(text.lower()), _MAX_SCRIPT_HINTS):
        match = _SCRIPT_FIELD.search(text, max(0, hint.start() - _LONGEST_FORE), hint.start() + _MAX_DATE_TEXT)
        if match is not None and (not values or match[1] != values[-1]):
            values.append(match[1])
    if len({value[:10] for value in values}) != 1:
        return None
    moment = _moment(values[0]) or _moment(values[0][:10])
    return moment if moment is not None and moment.instant <= latest else None


def told(evidence: Evidence) -> list[tuple[Moment, str]]:
    """Return the (instant, method) that the page's data tell for its publication, most trusted first."""
    told = list(_told(evidence))
    found = []
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
                    found.append((zoned, other_method))
                    break
        found.append((moment, method))
    return found


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
    for name, value in evidence.of_pages("datePublished"):
        yield jsonld.text(value), f"json-ld:WebPage.{name}"
    for name, content in evidence.document.meta(*_UNSPECIFIC_METAS):
        yield content, f"meta:{name}"
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
