"""Tidy: what a provider puts on every page goes, what an article says stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from newsloom.model.article import Article
from newsloom.model.item import Item, item_id
from newsloom.model.record import Provider
from newsloom.stages.tidy import tidied

SEEN = datetime(2026, 3, 2, tzinfo=UTC)
MENU = "You are visitor number 48211"
STORY = "The bridge was closed on Tuesday after engineers found two cracks in a girder under the western lane."
OTHER = "Growers lit candles between the rows on Friday night, because the thermometer had gone to four below."


def page(title: str, *paragraphs: str, domain: str = "mill.example") -> Item:
    url = f"https://{domain}/{title.replace(' ', '-')}"
    article = Article(url, url, title, "", "article", Provider("Mill", domain), article_body="\n\n".join(paragraphs))
    return Item(item_id(url), article, SEEN)


def bodies(*items: Item, known: tuple[Item, ...] = ()) -> list[list[str]]:
    return [item.article.article_body.split("\n\n") for item in tidied(items, known)]


def test_one_sister_page_tells_what_is_furniture() -> None:
    assert bodies(page("a", MENU, STORY, OTHER), page("b", MENU, "Quite another thing.", "And more of it.")) == [
        [STORY, OTHER],
        ["Quite another thing.", "And more of it."],
    ]


def test_the_first_page_of_a_provider_stays_whole() -> None:
    assert bodies(page("a", MENU, STORY), page("b", MENU, OTHER, domain="other.example")) == [
        [MENU, STORY],
        [MENU, OTHER],
    ]


def test_the_title_of_another_article_goes_and_its_own_stays() -> None:
    known = (page("Candles in the orchards", OTHER),)
    assert bodies(page("Bridge shut", "Bridge shut", "Candles in the orchards", STORY), known=known) == [
        ["Bridge shut", STORY]
    ]


def test_a_long_paragraph_used_twice_is_background_and_used_three_times_is_furniture() -> None:
    long = STORY * 3
    twice = [page("a", long, OTHER, "x y"), page("b", long, "One.", "Two.")]
    assert bodies(*twice)[0] == [long, OTHER, "x y"]
    assert bodies(*twice, page("c", long, "Three.", "Four."))[0] == [OTHER, "x y"]


def test_versions_of_one_text_are_no_sisters() -> None:
    first, second = page("a", STORY, OTHER, "A correction was made."), page("a again", STORY, OTHER)
    assert bodies(first, second) == [[STORY, OTHER, "A correction was made."], [STORY, OTHER]]


def test_a_body_of_furniture_alone_stays() -> None:
    assert bodies(page("a", MENU), page("b", MENU, STORY, OTHER))[0] == [MENU]


def test_tidying_twice_changes_nothing_more() -> None:
    known = (page("b", MENU, "Quite another thing.", "And more of it."),)
    once = tidied((page("a", MENU, STORY, OTHER),), known)
    assert tidied(once, known) == once
    assert (
        tidied((replace(once[0], article=replace(once[0].article, article_body="")),), known)[0].article.article_body
        == ""
    )
