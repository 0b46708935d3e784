"""Dates as the web writes them: read to the precision told, and not at all when they could mean two days."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsloom.vocab import dates
from newsloom.vocab.dates import parse_instant


@pytest.mark.parametrize(
    ("text", "instant", "precision"),
    [
        ("2026-03-02T13:00:05Z", "2026-03-02T13:00:05+00:00", "second"),
        ("2026-03-02T13:00:05.123456789+0530", "2026-03-02T07:30:05+00:00", "second"),
        ("2026-03-02T13:00", "2026-03-02T13:00:00+00:00", "minute"),
        ("2026-03-02", "2026-03-02T00:00:00+00:00", "day"),
        ("2026-03-02+01:00", "2026-03-02T00:00:00+00:00", "day"),
        ("20260302T130005Z", "2026-03-02T13:00:05+00:00", "second"),
        ("2026-03", "2026-03-01T00:00:00+00:00", "day"),
        ("2026-W10-1", "2026-03-02T00:00:00+00:00", "day"),
        ("2026-061", "2026-03-02T00:00:00+00:00", "day"),
        ("2026-03-02T24:00:00Z", "2026-03-03T00:00:00+00:00", "second"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59+00:00", "second"),
        ("Mon, 02 Mar 2026 13:00:05 EST", "2026-03-02T18:00:05+00:00", "second"),
        ("Mon, 02 Mar 26 13:00 +0100", "2026-03-02T12:00:00+00:00", "minute"),
        ("Mon, 06 Jul 2026 09:00:00 ET", "2026-07-06T13:00:00+00:00", "second"),
        ("Mon Mar 02 2026 13:00:05 GMT+0100 (CET)", "2026-03-02T12:00:05+00:00", "second"),
        ("2 de marzo de 2026", "2026-03-02T00:00:00+00:00", "day"),
        ("2. März 2026, 13:05 Uhr", "2026-03-02T13:05:00+00:00", "minute"),
        ("2 марта 2026, 13:05", "2026-03-02T13:05:00+00:00", "minute"),
        ("2026年3月2日 午後1時05分", "2026-03-02T13:05:00+00:00", "minute"),
        ("2026년 3월 2일 13:05", "2026-03-02T04:05:00+00:00", "minute"),
        ("March 2, 2026 12:05 a.m.", "2026-03-02T00:05:00+00:00", "minute"),
        ("02.03.2026", "2026-03-02T00:00:00+00:00", "day"),
        ("25/12/2026", "2026-12-25T00:00:00+00:00", "day"),
        ("Sat, 04/11/2020", "2020-04-11T00:00:00+00:00", "day"),
        ("1772456405", "2026-03-02T13:00:05+00:00", "second"),
        ("1772456405123", "2026-03-02T13:00:05+00:00", "second"),
    ],
)
def test_reads_to_the_precision_told(text: str, instant: str, precision: str) -> None:
    moment = parse_instant(text)
    assert moment is not None
    assert (moment.instant.isoformat(), moment.precision) == (instant, precision)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "04/11/2020",
        "yesterday",
        "2 hours ago",
        "30 February 2026",
        "2026-13-01",
        "2026-03-02T25:00:00Z",
        "2026-03-02T10:14:61Z",
        "2026-03-02T10:00:00+15:00",
        "Mon, 02 Mar 2026 13:00:05 XQZ",
        "2026-03-02 and 2026-03-03",
        "0001-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "2026-366",
        "12",
        "9" * 5000,
        "2026" + "-" * 200,
    ],
)
def test_says_nothing_when_unsure(text: str) -> None:
    assert parse_instant(text) is None


@given(st.datetimes(timezones=st.timezones()))
def test_iso_instants_come_back(moment: object) -> None:
    import datetime

    assert isinstance(moment, datetime.datetime)
    offset = moment.utcoffset()
    assert offset is not None
    told = moment.replace(microsecond=0).isoformat()
    read = parse_instant(told)
    if moment.year < 2 or moment.year > 9998 or offset.seconds % 60 or int(moment.timestamp()) == 0:
        return
    # Local mean times before there were zones reach further (Saipan in 1844); what claims such an offset today is wrong.
    if abs(offset) > datetime.timedelta(hours=14):
        return
    assert read is not None
    assert read.instant == datetime.datetime.fromisoformat(told)


@given(st.text(alphabet=st.characters(codec="utf-8") | st.sampled_from("0123456789:-/+ TZaprm年月日"), max_size=130))
def test_never_crashes(text: str) -> None:
    read = parse_instant(text)
    assert read is None or read.instant.tzinfo is not None


def test_examples_in_the_docstring() -> None:
    assert doctest.testmod(dates).failed == 0
