"""Dates as feeds and pages write them, read without guessing.

Three readers in order of how often they apply: ISO 8601 / W3CDTF, RFC 822 / 2822 with everything the web does to it,
and dates in words and numbers of several languages. What could mean two days is read as neither.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

from newsloom.model.article import Moment, Precision
from newsloom.vocab.date_words import MONTHS, NOISE, WEEKDAYS, ZONES, fold, region_zone

_LONGEST = 120  # characters; the longest honest date in the shared suites has 46

_ISO = re.compile(
    r"(\d{4})-?(?:"
    r"(\d{3})(?![\d-])|(?:0(?=\d\d-))?(\d{2})(?:-?(\d{1,2}))?|W(\d{2})-?([1-7])"
    r")?"
    r"(?:(?:\s*T\s*|\s+)(\d{1,2})(?::?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?)?)?"
    r"\s*(Z|UTC|GMT|[+\-−]\d{2}:?(?:\d{2})?Z?)?",
    re.ASCII | re.IGNORECASE,
)
_ISO_SEPARATED = re.compile(r"\d{4}(?:-|$)|\d{8}(?!\d)|\d{8}T", re.ASCII | re.IGNORECASE)
_PLAIN_DIGITS = re.compile(r"\d{10,14}", re.ASCII)
_TRUNCATED = re.compile(r"(\d\d)-(\d\d)-(\d\d)|(\d\d)(\d\d)(\d\d)|-(\d\d)-?(\d\d)", re.ASCII)
_HANGUL_OR_HAN = re.compile(
    r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일号]?\s*(?:[(（].{1,4}[)）])?\s*"
    r"(?:(오전|오후|上午|下午|午前|午後)?\s*(\d{1,2})[:時时시]\s*(\d{1,2})(?:[:分분]\s*(\d{1,2})?[秒초]?)?)?"
)
_COMMENT = re.compile(r"\([^()]*\)")
_CLOCK = re.compile(
    r"(?:(?<=\d)t|(?<![\d:.]))\s*(\d{1,2})(?:[:h](\d{1,2})(?::(\d{1,2})(?:[.,]\d+)?)?(?![:\d])\s*(a\.?m\b\.?|p\.?m\b\.?)?"
    r"|\s*(a\.?m\b\.?|p\.?m\b\.?))"
)
_OFFSET = re.compile(r"\s*(?:(?:gmt|utc|z)\s*([+\-−])(\d{1,2}):?(\d\d)?|([+\-−])(\d\d):?(\d\d)?)z?(?![\d:a-z])")
_ZONE_WORD = re.compile(r"\s*([a-z]+(?:/[a-z_]+)*)(?![\w/])")
_TOKEN = re.compile(r"\d+|[^\W\d_]+|[^\s\w]")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|re|º|ª|°)(?![^\W\d_])")


@lru_cache(maxsize=4096)
def parse_instant(text: str) -> Moment | None:
    """Return the instant that *text* tells, or None when it tells none with certainty.

    A missing zone means UTC (RFC 2822 §4.3); US zone names are RFC 822's, `ET` and the like follow the season. A date
    without a time has precision "day" and stands at midnight UTC. Two-digit years are 1950–2049 (RFC 2822). A year or a
    month alone stands at its first day (W3CDTF). A wrong weekday is ignored, but decides between 4/11 and 11/4; without
    it `04/11/2020` is None. So are the never-set clocks 0001-01-01 and 1970-01-01T00:00:00Z.

    Args:
        text: one date as found; over 120 characters it is no date.

    Example:
        >>> parse_instant("Mon, 16th Nov 2020 13:16 EST").instant.isoformat()
        '2020-11-16T18:16:00+00:00'
        >>> parse_instant("04/11/2020") is None
        True

    Cost: 2–20 µs, remembered.
    Source: RFC 822 §5, RFC 2822 §3.3 and §4.3, ISO 8601, W3C NOTE-datetime.
    """
    text = text.removesuffix("\\n").strip()
    if not text or len(text) > _LONGEST:
        return None
    try:
        moment = _iso(text) or _digits(text) or _han(text) or _words(text)
    except (ValueError, OverflowError):  # a thirteenth month, 30 February, a year outside 1–9999
        return None
    if moment is None or moment.instant.year == 1 or (moment.instant.timestamp() == 0 and moment.precision != "day"):
        return None
    return moment


def _moment(
    date: tuple[int, int, int],
    clock: tuple[int, int, int | None] | None = None,
    zone: tzinfo = UTC,
) -> Moment:
    """Return the moment; raise ValueError when there is no such date or time."""
    if clock is None:
        return Moment(datetime(*date, tzinfo=UTC), "day")
    hour, minute, second = clock
    precision: Precision = "minute" if second is None else "second"
    midnight_after = hour == 24 and not minute and not second
    whole_second = 59 if second == 60 else second or 0  # a leap second; 61 is no second at all
    local = datetime(*date, 0 if midnight_after else hour, minute, whole_second, tzinfo=zone)
    return Moment((local + timedelta(days=midnight_after)).astimezone(UTC), precision)


def _offset(sign: str, hours: str, minutes: str | None) -> timezone:
    """Return a fixed zone; raise ValueError outside −12:00 … +14:00, which no place on Earth keeps."""
    seconds = int(hours) * 3600 + int(minutes or 0) * 60
    signed = seconds if sign == "+" else -seconds
    if not -12 * 3600 <= signed <= 14 * 3600 or int(minutes or 0) > 59:
        raise ValueError("no such offset")
    return timezone(timedelta(seconds=signed))


def _iso(text: str) -> Moment | None:
    match = _ISO.fullmatch(text)
    if match is None or not _ISO_SEPARATED.match(text):
        return None
    year, ordinal, month, day, week, weekday, hour, minute, second, zone_text = match.groups()
    if week:
        found = datetime.fromisocalendar(int(year), int(week), int(weekday))
    elif ordinal:
        found = datetime(int(year), 1, 1) + timedelta(days=int(ordinal) - 1)  # noqa: DTZ001 - only its calendar day is used
        if found.year != int(year):
            return None
    else:
        found = datetime(int(year), int(month or 1), int(day or 1))  # noqa: DTZ001 - only its calendar day is used
    date = (found.year, found.month, found.day)
    if hour is None:
        return _moment(date)
    if not (day or week or ordinal):
        return None
    zone: tzinfo = UTC
    if zone_text and zone_text[0] in "+-−":
        bare = zone_text.rstrip("zZ")
        zone = _offset(bare[0], bare[1:3], bare[3:].lstrip(":") or None)
    return _moment(date, (int(hour), int(minute or 0), int(second) if second else None), zone)


def _digits(text: str) -> Moment | None:
    """Read epoch seconds and milliseconds, YYYYMMDDHHMM[SS], and the truncated forms of ISO 8601:1988."""
    if _PLAIN_DIGITS.fullmatch(text):
        if len(text) in (12, 14) and text[:2] in ("19", "20"):
            second = int(text[12:]) if len(text) == 14 else None
            return _moment((int(text[:4]), int(text[4:6]), int(text[6:8])), (int(text[8:10]), int(text[10:12]), second))
        if (len(text) == 10 and text[:2] not in ("19", "20")) or len(text) == 13:
            return Moment(datetime.fromtimestamp(int(text[:10]), UTC), "second")
        return None
    match = _TRUNCATED.fullmatch(text)
    if match is None:
        return None
    year, month, *day = (int(part) for part in match.groups() if part is not None)
    return _moment((_full_year(year, 2), month, day[0] if day else 1))


def _han(text: str) -> Moment | None:
    match = _HANGUL_OR_HAN.fullmatch(unicodedata.normalize("NFKC", text))
    if match is None:
        return None
    date = (int(match[1]), int(match[2]), int(match[3]))
    if match[5] is None:
        return _moment(date)
    hour = int(match[5])
    if match[4]:
        hour = hour % 12 + (12 if match[4] in ("오후", "下午", "午後") else 0)
    # Only Korea writes 년, and it has one zone; 年 may be any of three.
    zone = timezone(timedelta(hours=9)) if "년" in text else UTC
    return _moment(date, (hour, int(match[6]), int(match[7]) if match[7] else None), zone)


def _words(text: str) -> Moment | None:
    """Read a date told in words and numbers, the time and its zone taken out first."""
    folded = _COMMENT.sub(" ", fold(text))
    clock, zone, rest = _clock_and_zone(folded)
    date = _date(_ORDINAL.sub("", rest))
    if date is None:
        return None
    return _moment(date, clock, zone)


def _clock_and_zone(text: str) -> tuple[tuple[int, int, int | None] | None, tzinfo, str]:
    """Take the time of day and its zone out of *text*; return them and what is left."""
    match = _CLOCK.search(text)
    if match is None:
        return None, UTC, text
    hour, minute = int(match[1]), int(match[2] or 0)
    half = (match[4] or match[5] or "")[:1]
    if half:
        if not 1 <= hour <= 12:
            hour = hour if half == "p" and hour > 12 else 99  # "16:05 PM" is told twice; "0 am" and "13 am" are broken
        else:
            hour = hour % 12 + (12 if half == "p" else 0)
    clock = (hour, minute, int(match[3]) if match[3] else None)
    before, after = text[: match.start()], text[match.end() :]
    zone: tzinfo = UTC
    offset = _OFFSET.match(after)
    word = _ZONE_WORD.match(after)
    if offset:
        sign, hours, minutes = offset.group(1, 2, 3) if offset[1] else offset.group(4, 5, 6)
        zone, after = _offset(sign, hours, minutes), after[offset.end() :]
    elif word:
        named = ZONES.get(word[1]) or region_zone(word[1])
        if named is not None:
            zone, after = named, after[word.end() :]
    return clock, zone, f"{before} {after}"


def _date(text: str) -> tuple[int, int, int] | None:
    """Return (year, month, day) told by *text*, which holds a date and nothing else, or None when unsure."""
    numbers: list[str] = []
    words: list[str] = []
    for token in _TOKEN.findall(text):
        if token.isdigit():
            numbers.append(token)
        elif token.isalpha() and token not in NOISE:
            words.append(token)
        elif not token.isalpha() and token not in ",./-–—|·'’":
            return None
    weekday: int | None = None
    # "mar" is Tuesday in French and March in English: as the first of two words it is the weekday.
    if words and words[0] in WEEKDAYS and (len(words) == 2 or words[0] not in MONTHS):
        weekday = WEEKDAYS[words.pop(0)]
    elif len(words) == 2 and words[1] in WEEKDAYS:
        weekday = WEEKDAYS[words.pop()]
    if len(words) == 1 and words[0] in MONTHS and len(numbers) == 2:
        return _named(MONTHS[words[0]], *numbers)
    if not words and len(numbers) == 3:
        return _numeric(numbers[0], numbers[1], numbers[2], dotted=text.count(".") >= 2, weekday=weekday)
    return None


def _named(month: int, first: str, second: str) -> tuple[int, int, int] | None:
    if len(first) == 4:
        first, second = second, first
    if len(first) > 2 or len(second) not in (2, 4):
        return None
    return _full_year(int(second), len(second)), month, int(first)


def _numeric(first: str, second: str, third: str, *, dotted: bool, weekday: int | None) -> tuple[int, int, int] | None:
    if len(first) == 4:
        return int(first), int(second), int(third)
    if len(third) not in (2, 4) or max(len(first), len(second)) > 2:
        return None
    a, b, year = int(first), int(second), _full_year(int(third), len(third))
    if dotted or a > 12 or a == b:
        return year, b, a
    if b > 12:
        return year, a, b
    if weekday is not None:
        fits = [(m, d) for m, d in ((b, a), (a, b)) if datetime(year, m, d, tzinfo=UTC).weekday() == weekday]
        if len(fits) == 1:
            return year, *fits[0]
    return None


def _full_year(year: int, digits: int) -> int:
    return year if digits == 4 else year + (2000 if year < 50 else 1900)
