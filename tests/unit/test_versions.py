"""What a publisher changed: told apart from case and commas, kept with the item, explained."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invented_bench import NOW, Desk
from invented_news import feed, page, stories
from news_items import START, news
from newsloom.flow.explain import explain
from newsloom.model.article import Article
from newsloom.model.source import Source
from newsloom.model.version import Change, Version
from newsloom.stages.versions import changes, revisions


def article(title: str = "Nine die in quake", body: str = "", **more: Any) -> Article:
    return replace(news(title, body).article, **more)


def test_a_corrected_toll_names_the_figures_and_counts_the_paragraphs() -> None:
    first = article(body="At least 9 people died.\n\nThe quake had a magnitude of 6.1.")
    second = article(
        "Fourteen die in quake", "At least 14 people died.\n\nThe quake had a magnitude of 6.1.\n\nHelp came."
    )
    assert changes(first, second) == (
        Change("title", "Nine die in quake", "Fourteen die in quake"),
        Change("figures", "9", "14"),
        Change("text", "1 paragraph of 2", "2 paragraphs of 3"),
    )


def test_another_byline_summary_and_a_paywall_are_changes() -> None:
    first = article(authors=("Ann Writer",), excerpt="A quake.", access="free")
    second = article(authors=("Ann Writer", "Ben Author"), excerpt="A strong quake.", access="paywalled")
    assert [(change.field, change.after) for change in changes(first, second)] == [
        ("byline", "Ann Writer, Ben Author"),
        ("excerpt", "A strong quake."),
        ("access", "paywalled"),
    ]


def test_case_commas_the_order_of_names_and_a_text_that_could_not_be_read_are_none() -> None:
    first = article("Nine die in quake", "At least 9 died.", authors=("Ann", "Ben"))
    assert changes(first, replace(first, title="NINE DIE, IN QUAKE!", authors=("Ben", "Ann"))) == ()
    assert changes(first, replace(first, article_body="")) == ()


@given(st.text(max_size=60), st.text(max_size=200), st.lists(st.text(min_size=1, max_size=10), max_size=3))
def test_nothing_differs_from_itself_and_what_differs_one_way_differs_the_other(
    title: str, body: str, authors: list[str]
) -> None:
    one = article("Nine die", "At least 9 died.")
    two = article(title, body, authors=tuple(authors))
    assert changes(two, two) == ()
    there, back = changes(one, two), changes(two, one)
    assert {(change.field, change.before, change.after) for change in there} == {
        (change.field, change.after, change.before) for change in back
    }


def test_revisions_go_from_each_wording_to_the_next_and_leave_out_empty_ones() -> None:
    one, two, three = article("Nine die"), article("Ten die"), article("Eleven die")
    versions = [
        Version(START, one),
        Version(START + timedelta(hours=1), replace(two, keywords=("quake",))),
        Version(START + timedelta(hours=2), two),
    ]
    told = revisions(versions, three)
    assert [(revision.at, revision.changes[0].before, revision.changes[0].after) for revision in told] == [
        (START, "Nine die", "Ten die"),
        (START + timedelta(hours=2), "Ten die", "Eleven die"),
    ]
    assert revisions([], one) == ()


BASE = "https://harborpost.example"
NEWS = stories(1)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path, (Source(f"{BASE}/feed.xml"),))
    yield desk
    desk.store.close()


def pages(story: Any) -> dict[str, Any]:
    return {
        f"{BASE}/feed.xml": ("application/rss+xml", feed([story], BASE)),
        BASE + story.path: ("text/html", page(story, BASE)),
    }


def test_an_edited_entry_becomes_a_new_version_and_both_are_kept_and_explained(desk: Desk) -> None:
    first = NEWS[0]
    edited = replace(first, title=f"{first.title}, 14 hurt")
    desk.run(pages(first))
    desk.run(pages(edited), timedelta(hours=7))
    desk.run(pages(edited), timedelta(hours=14))
    with desk.store.begin() as work:
        (item,) = work.items.iter_all()
        (version,) = work.items.versions(item.id)
    assert (version.article.title, item.article.title) == (first.title, edited.title)
    assert version.until == NOW + timedelta(hours=7)
    told = explain(desk.bench, item.id, NOW)["changed"]
    assert any(first.title in line and edited.title in line for line in told)
    assert any("figures" in line and "14" in line for line in told)
