"""What makes an item the same: keys, words, dates, and when it is read again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from fake_web import MOMENT
from newsloom.model.article import Article
from newsloom.model.page import FeedDocument, FeedEntry
from newsloom.model.record import Provider
from newsloom.model.source import Source
from newsloom.stages.identity import (
    FIRST_REVISIT,
    REVISIT_FOR,
    entry_keys,
    is_address,
    is_same,
    keeps_date,
    listed,
    revisit_at,
    text_keys,
)

SOURCE = Source("https://harborpost.example/feed")
TEXT = " ".join(f"the ferry number {n} leaves pier {n + 1} at dusk" for n in range(40))
OTHER_TEXT = " ".join(f"a baker of street {n} sells bread number {n + 1} at dawn" for n in range(40))
NOTICE = "Subscribe to read on. " * 12  # a text that stands for many


def entry(number: int, **changes: object) -> FeedEntry:
    values: dict[str, object] = {
        "link": f"https://harborpost.example/n/{number}",
        "id": f"guid-number-{number}",
        "title": f"Ferry number {number} sails",
        "published": MOMENT + timedelta(hours=number),
    } | changes
    return FeedEntry(**values)  # type: ignore[arg-type]


def article(**changes: object) -> Article:
    base = Article(
        url="https://harborpost.example/n/1", original_url="https://harborpost.example/n/1", title="Night ferry to Torwick sails",
        excerpt="", type="article", provider=Provider("Harbor Post", "harborpost.example"), published_date_time=MOMENT,
        article_body=TEXT, methods={"publishedDateTime": "json-ld:datePublished"},
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]


def keys_of(*entries: FeedEntry) -> list[set[str]]:
    return [set(one.keys) for one in listed(FeedDocument("rss-2.0", entries), SOURCE)]


def test_any_one_change_leaves_a_key_that_recognises() -> None:
    before = set(entry_keys(SOURCE, entry(1)))
    for changed in (
        entry(1, id="another-guid"),
        entry(1, link="https://harborpost.example/moved/1"),
        entry(1, title="Corrected: the ferry stays", published=MOMENT + timedelta(days=9)),
        entry(1, link="https://harborpost.example/moved/1", id="another-guid"),
        entry(1, link="https://harborpost.example/moved/1", title="Another headline"),
    ):
        assert before & set(entry_keys(SOURCE, changed))
    assert not before & set(entry_keys(SOURCE, entry(2)))


def test_what_entries_beside_each_other_share_is_no_key() -> None:
    one, other = keys_of(entry(1, id="guid-for-all"), entry(2, id="guid-for-all"))
    assert not one & other
    notices = [entry(n, title="Notice of a meeting", published=MOMENT) for n in (1, 2, 3)]
    keys = keys_of(*notices)
    assert all(not a & b for a in keys for b in keys if a is not b)
    assert [len(found) for found in keys] == [2, 2, 2]
    assert len(keys_of(entry(1), entry(1))) == 1, "an entry told twice does not unsay itself"


@pytest.mark.parametrize(
    ("found", "same"),
    [
        (article(), True),
        (article(title="Night ferry to Torwick sails after all", published_date_time=MOMENT + timedelta(days=1)), True),
        (article(title="Something else", published_date_time=MOMENT), True),
        (article(title="Something else", published_date_time=None), True),  # a long text that stayed
        (article(article_body=OTHER_TEXT), False),  # a column: its title and time come back, its words do not
        (article(title="Bakers strike", published_date_time=None, article_body=OTHER_TEXT), False),
        (article(article_body=""), True),
        (article(article_body="", published_date_time=MOMENT + timedelta(days=1)), False),
        (article(article_body="", title="Bakers strike"), False),
    ],
)
def test_words_decide_what_a_guid_claims(found: Article, same: bool) -> None:
    assert is_same(article(), found) is same
    assert is_same(found, article()) is same


def test_a_short_text_that_stands_for_many_makes_nothing_the_same() -> None:
    before = article(article_body=NOTICE)
    found = article(article_body=NOTICE, title="Bakers strike", published_date_time=MOMENT + timedelta(hours=1))
    assert not is_same(before, found)
    assert text_keys(SOURCE.url, NOTICE) == text_keys(SOURCE.url, NOTICE.upper())
    assert text_keys(SOURCE.url, "short") == ()
    assert not any(map(is_address, text_keys(SOURCE.url, TEXT)))


@pytest.mark.parametrize(
    ("before", "found", "kept"),
    [
        (MOMENT, MOMENT + timedelta(days=3), True),  # dated anew
        (MOMENT, MOMENT - timedelta(days=3), False),
        (MOMENT, None, True),
        (None, MOMENT, False),
        (None, MOMENT + timedelta(days=40), True),  # never later than it was seen
        (MOMENT.replace(hour=0), MOMENT.replace(hour=15), False),  # told to the day, now to the hour
    ],
)
def test_an_item_stays_as_old_as_it_was(before: datetime | None, found: datetime | None, kept: bool) -> None:
    assert keeps_date(article(published_date_time=before), article(published_date_time=found), MOMENT) is kept


def test_a_guessed_date_gives_way_and_never_wins() -> None:
    guess = article(published_date_time=MOMENT - timedelta(days=5), methods={"publishedDateTime": "url:path"})
    assert not keeps_date(guess, article(), MOMENT)
    assert keeps_date(article(), guess, MOMENT)


def test_readings_of_an_item_become_rarer() -> None:
    times = [revisit_at(MOMENT, readings, MOMENT) for readings in range(30)]
    assert times == sorted(times)
    assert times[:3] == [MOMENT, MOMENT + FIRST_REVISIT, MOMENT + 2 * FIRST_REVISIT]
    assert sum(at <= MOMENT + REVISIT_FOR for at in times) <= 12
    late = MOMENT + timedelta(days=2)
    assert revisit_at(MOMENT, 3, late) == late
