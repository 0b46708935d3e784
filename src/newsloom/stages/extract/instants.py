"""Choosing when an article was published and changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from newsloom.model.article import Candidate, Moment

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Before it there was no web to publish on: the date is a default or an error."""

MARGIN = timedelta(days=1)
"""A clock may be wrong, and a local time may be marked as UTC, by up to this much."""

_GUESSES = ("url:", "text:", "script:")


def choose_published(
    candidates: Sequence[Candidate[Moment]], feed: datetime | None, first_seen: datetime
) -> Candidate[datetime] | None:
    """Return when the article was published, to the second where page or feed tells; None when neither does plausibly.

    The page's structured data comes first, in its order. A day alone is refined by a candidate with a time that falls on it, give or
    take a zone. The feed's instant comes before guesses from the address or the text, and refines a day likewise. Where
    page and feed tell different instants the page's is taken: a feed often carries the time of the last change.
    """
    told = [candidate for candidate in candidates if is_plausible(candidate.value.instant, first_seen)]
    if feed is not None and is_plausible(feed, first_seen):
        place = next((i for i, candidate in enumerate(told) if candidate.method.startswith(_GUESSES)), len(told))
        told.insert(place, Candidate(Moment(feed, "second"), "feed:published"))
    if not told:
        return None
    first = told[0]
    if first.value.precision == "day":
        for other in told[1:]:
            if other.value.precision != "day" and falls_on(other.value, first.value.instant):
                return _instant(other)
    if first.value.precision == "minute":
        for other in told[1:]:
            if (
                other.value.precision == "second"
                and other.value.instant.replace(second=0, microsecond=0) == first.value.instant
            ):
                return _instant(other)
    return _instant(first)


def choose_modified(
    candidates: Sequence[Candidate[Moment]], feed: datetime | None, published: datetime | None, first_seen: datetime
) -> Candidate[datetime] | None:
    """Return when the article was last changed, None when nobody says so or it lies before its publication."""
    told = [*candidates, *([Candidate(Moment(feed, "second"), "feed:updated")] if feed is not None else [])]
    for candidate in told:
        instant = candidate.value.instant
        if is_plausible(instant, first_seen) and (published is None or instant > published):
            return _instant(candidate)
    return None


def is_plausible(instant: datetime, first_seen: datetime) -> bool:
    """Return True when *instant* is not before the web and not after *first_seen* by more than a clock's error."""
    return EARLIEST <= instant <= first_seen + MARGIN


def falls_on(moment: Moment, day: datetime) -> bool:
    """Return True when *moment* falls on the calendar *day*: in the zone it was told in, else in one where newsrooms are (UTC−10 … UTC+13)."""
    if moment.utc_offset_minutes is not None:
        return (moment.instant + timedelta(minutes=moment.utc_offset_minutes)).date() == day.date()
    return day - timedelta(hours=13) <= moment.instant < day + timedelta(hours=34)


def _instant(candidate: Candidate[Moment]) -> Candidate[datetime]:
    return Candidate(candidate.value.instant.replace(microsecond=0), candidate.method)
