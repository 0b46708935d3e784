"""The day a page shows its readers, for pages whose data tell none: every day in the text, weighed by where it stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice

from selectolax.lexbor import LexborNode

from newsloom.adapters.pages.document import attribute
from newsloom.adapters.pages.evidence import Evidence
from newsloom.adapters.pages.seen_date_weights import WEIGHTS
from newsloom.model.article import Moment
from newsloom.vocab.date_finding import days_in
from newsloom.vocab.languages import language_tag

_MAX_CHARACTERS = 400_000
_MAX_DAYS = 100
_ANCESTORS = 6
_MAX_ANCESTORS = 20
_NEAR = 300  # characters
_BEFORE = 40
_DIGIT = re.compile(r"\d")
_LONGEST_WORD = 14
_NO_TEXT = frozenset(["script", "style", "noscript", "template", "svg", "iframe", "option", "textarea", "select"])

_CALLED_DATE = re.compile(
    r"date|datum|fecha|time|publi|posted|pubdate|created|erstell|veroeff|veröff|dato|data(?![a-z])|meta|info|byline|dateline|tstamp|stamp|zeit",
    re.IGNORECASE,
)
_CALLED_CHANGE = re.compile(r"updat|modif|aktualis|changed|geaendert", re.IGNORECASE)
_CALLED_ASIDE = re.compile(
    r"comment|kommentar|related|sidebar|teaser|recommend|latest|most-|popular|archiv|calendar|kalender|event|termin|widget|card|carousel|slider|list|feed|promo|footer|copyright|nav|menu",
    re.IGNORECASE,
)
_SAYS_PUBLISHED = re.compile(
    r"(?:publi\w*|posted|veröffentlicht|erstellt|erschienen|eingestellt|geschrieben|written|created|datum|date|vom|am|on|le|el|il|stand|gepostet|dodano|data)\s*(?:on|am|vom|le|el|il|den)?\W{0,4}$",
    re.IGNORECASE,
)
_SAYS_CHANGED = re.compile(
    r"(?:updat\w*|modif\w*|aktualisi\w*|geändert|änderung|revised|reviewed|edited|mis à jour)\b.{0,12}$", re.IGNORECASE
)
_SAYS_OTHER = re.compile(
    r"(?:copyright|©|\(c\)|geboren|born|since|seit|bis|until|ab|from|expires|abgerufen|retrieved|accessed)\W{0,4}$",
    re.IGNORECASE,
)


EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SeenDay:
    """One day in the text of a page and what is known of its place, as numbers in 0..1."""

    day: Moment
    marks: tuple[float, ...]


FEATURES = (
    "called-date",
    "called-change",
    "called-aside",
    "says-published",
    "says-changed",
    "says-other",
    "short",
    "long",
    "time-tag",
    "in-aside",
    "in-article",
    "after-heading",
    "near-after",
    "near-before",
    "first",
    "again",
    "newest",
)


@dataclass(frozen=True, slots=True)
class LikelyDay:
    """The day that stands out of a page's text, and its score: some 1 for a faint one, 3 and more for a clear one."""

    day: Moment
    score: float


def seen_day(evidence: Evidence, latest: datetime) -> LikelyDay | None:
    """Return the day the page most likely shows as that of its publication, None when it shows none.

    Args:
        latest: no later day is believed.

    Cost: one walk over the text, some 1-3 ms.
    """
    best: LikelyDay | None = None
    for seen in seen_days(evidence):
        if EARLIEST <= seen.day.instant <= latest:
            score = sum(weight * mark for weight, mark in zip(WEIGHTS, seen.marks, strict=True))
            if best is None or score > best.score:
                best = LikelyDay(seen.day, score)
    return best


def seen_days(evidence: Evidence) -> list[SeenDay]:
    """Return the days in the text of the page, in document order, each with its marks (see `FEATURES`)."""
    text = _walked(evidence)
    found = list(islice(days_in(text.joined, day_first=_day_first(evidence)), _MAX_DAYS))
    times = Counter(day.instant for _, day in found)
    newest = max(times, default=None)
    result = []
    for number, (position, day) in enumerate(found):
        index = bisect_right(text.starts, position) - 1
        place = text.places[index] + position - text.starts[index]
        distance = place - text.heading if text.heading >= 0 else None
        near = 1.0 / (1.0 + abs(distance) / _NEAR) if distance is not None else 0.0
        result.append(
            SeenDay(
                day,
                (
                    *_marks(text.parents[index], text.lines[index], text.joined[max(0, position - _BEFORE) : position]),
                    float(distance is not None and distance >= 0),
                    near if distance is not None and distance >= 0 else 0.0,
                    near if distance is not None and distance < 0 else 0.0,
                    1.0 / (1.0 + number),
                    float(times[day.instant] > 1),
                    float(day.instant == newest),
                ),
            )
        )
    return result


@dataclass(frozen=True, slots=True)
class _Text:
    """The lines of a page that can hold part of a date, one for each text node, and where the heading stands.

    `starts` are the lines' places in `joined`, `places` those in the whole text of the page, which `heading` counts in too.
    """

    lines: list[str]
    parents: list[LexborNode]
    starts: list[int]
    places: list[int]
    heading: int
    joined: str


def _walked(evidence: Evidence) -> _Text:
    text = _Text([], [], [], [], -1, "")
    heading = -1
    length = start = 0
    skips = False
    body = evidence.document.tree.body
    for node in body.traverse(include_text=True) if body is not None else ():
        tag = node.tag
        if tag != "-text":
            skips = tag in _NO_TEXT
            if heading < 0 and tag == "h1":
                heading = length
            continue
        if skips:
            skips = False
            continue
        raw = node.text_content
        if not raw or raw.isspace():
            continue
        # A date may be parted among elements: its month alone has no digit, but is short.
        if len(raw) <= _LONGEST_WORD or _DIGIT.search(raw):
            parent = node.parent
            if parent is not None and parent.tag not in _NO_TEXT:
                line = " ".join(raw.split())
                text.lines.append(line)
                text.parents.append(parent)
                text.starts.append(start)
                text.places.append(length)
                start += len(line) + 1
        length += len(raw) + 1
        if length > _MAX_CHARACTERS:
            break
    return replace(text, heading=heading, joined="\n".join(text.lines))


def _marks(node: LexborNode, text: str, before: str) -> tuple[float, ...]:
    called_date = called_change = called_aside = time_tag = in_aside = in_article = 0.0
    place: LexborNode | None = node
    for step in range(_MAX_ANCESTORS):
        if place is None or place.tag == "body":
            break
        if place.tag in ("article", "main"):
            in_article = 1.0
        if step >= _ANCESTORS:
            place = place.parent
            continue
        name = f"{attribute(place, 'class')} {attribute(place, 'id')} {attribute(place, 'itemprop')}"
        if step < 3 and _CALLED_DATE.search(name):
            called_date = max(called_date, 1.0 - step / 3)
        if step < 2 and _CALLED_CHANGE.search(name):
            called_change = 1.0
        if _CALLED_ASIDE.search(name):
            called_aside = 1.0
        if place.tag == "time":
            time_tag = 1.0
        if place.tag in ("aside", "nav", "footer", "li", "a", "td", "figure", "blockquote"):
            in_aside = 1.0
        place = place.parent
    told = " ".join(before.rsplit("\n", 2)[-2:])
    return (
        called_date,
        called_change,
        called_aside,
        float(_SAYS_PUBLISHED.search(told) is not None),
        float(_SAYS_CHANGED.search(told) is not None),
        float(_SAYS_OTHER.search(told) is not None),
        float(len(text) <= 50),
        float(len(text) > 150),
        time_tag,
        in_aside,
        in_article,
    )


def _day_first(evidence: Evidence) -> bool | None:
    """Return how the page writes 4/11: the day first unless it is American; None where its English may be either."""
    told = [
        evidence.document.root_attributes.get("lang") or "",
        *(content for _, content in evidence.document.meta("og:locale", "content-language")),
    ]
    tags = [tag for text in told if (tag := language_tag(text)) is not None]
    for tag in tags:
        if tag != "en":
            return not tag.endswith("-US")
    site = _BRITISH_ADDRESS.search(evidence.document.url)
    return True if site else None


_BRITISH_ADDRESS = re.compile(
    r"^https?://[^/]*\.(?:uk|au|nz|ie|za|in|sg|hk|ke|ng|pk)(?:/|$)|/en-(?:gb|au|nz|ie|za|in)/", re.IGNORECASE
)
