"""Which title and which excerpt the extract stage chooses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsloom.model.article import Candidate
from newsloom.stages.extract.excerpts import choose_excerpt
from newsloom.stages.extract.titles import choose_title, without_site_name
from newsloom.vocab.plain import shorten
from newsloom.vocab.rights import snippet_limit
from readings import BODY, c, extract, reading


@pytest.mark.parametrize(
    ("title", "stripped"),
    [
        ("Ferry late | Harbor Post", "Ferry late"),
        ("Ferry late - News - Harbor Post", "Ferry late - News"),
        ("Ferry late - Harbor Post - Your coast", "Ferry late"),
        ("Harbor Post: Ferry late", "Ferry late"),
        ("Harbor Post | Ferry late", "Ferry late"),
        ("Ferry late – The Harbor Post", "Ferry late"),
        ("A well-known ferry is late", "A well-known ferry is late"),
        ("Harbor Post", "Harbor Post"),
        ("Spider-Man - back again", "Spider-Man - back again"),
    ],
)
def test_site_names_leave_the_title(title: str, stripped: str) -> None:
    assert without_site_name(title, ["Harbor Post"]) == stripped


def test_two_sources_that_agree_outvote_one() -> None:
    chosen = choose_title(
        [
            c("Ferry late again", "json-ld:headline"),
            c("Where is the ferry?", "html:h1"),
            c("Ferry late again", "opengraph:og:title"),
        ],
        [],
    )
    assert chosen == Candidate("Ferry late again", "json-ld:headline")


def test_the_sites_own_heading_is_no_title() -> None:
    chosen = choose_title(
        [
            c("Welcome aboard", "html:h1"),
            c("Ferry late again", "opengraph:og:title"),
            c("Ferry late again", "html:title"),
        ],
        [],
    )
    assert chosen is not None and chosen.value == "Ferry late again"


def test_a_title_cut_off_speaks_for_the_whole_one() -> None:
    whole = "Ferry late again after a night of storms on the coast"
    chosen = choose_title(
        [c(whole, "html:h1"), c(whole[:30] + "...", "opengraph:og:title"), c(whole[:30] + "...", "json-ld:headline")],
        [],
    )
    assert chosen is not None and chosen.value == whole


@given(st.lists(st.text(max_size=30), max_size=5), st.lists(st.text(max_size=8), max_size=3))
def test_choosing_a_title_never_invents_one(texts: list[str], names: list[str]) -> None:
    chosen = choose_title([c(text) for text in texts], names)
    assert chosen is None or any(chosen.value in text for text in texts)


def test_what_a_title_adds_for_others_counts_for_the_title() -> None:
    told = (
        c("Ferry to the old pier runs again-Localㅣ Harbor", "opengraph:og:title"),
        c("Ferry to the old pier runs again", "meta:headline"),
    )
    assert choose_title(told, ["Gull"]).value == "Ferry to the old pier runs again"  # type: ignore[union-attr]


def test_a_heading_that_og_title_confirms_is_the_title_although_it_stands_alone() -> None:
    told = (c("The hidden piers"), c("Comment on this article"), c("The hidden piers", "opengraph:og:title"))
    assert choose_title(told, ["Gull"]).value == "The hidden piers"  # type: ignore[union-attr]


def test_a_site_is_called_by_the_shorter_of_two_names_where_one_only_adds_to_the_other() -> None:
    names = (c("Harbor Post Inc.", "opengraph:og:site_name"), c("Harbor Post", "json-ld:publisher"))
    others = (c("Harbor Post", "opengraph:og:site_name"), c("Gull Media Group", "json-ld:publisher"))
    assert extract(reading(site_names=names)).provider.name == "Harbor Post"
    assert extract(reading(site_names=others)).provider.name == "Harbor Post"


def test_the_publishers_description_comes_first_then_feed_body_title() -> None:
    def chosen(descriptions: list[str], summary: str | None, body: str) -> str:
        return choose_excerpt(
            [c(d, "meta:description") for d in descriptions],
            summary,
            body,
            "Face scans paused",
            robots=frozenset(),
            limit=300,
        ).method

    long = "Two years without face scans: what the council decided."
    assert chosen([long], "Something else entirely from the feed.", BODY) == "meta:description"
    assert chosen(["Face scans paused"], long, BODY) == "feed:summary"
    assert chosen([], None, BODY) == "text:body"
    assert chosen([], None, "") == "text:title"


def test_a_description_cut_off_gives_way_to_the_same_one_whole() -> None:
    whole = "Two years without face scans: what the council decided on Monday night."
    found = choose_excerpt([c(whole[:50] + "...", "meta:description")], whole, "", "T", robots=frozenset(), limit=300)
    assert found == Candidate(whole, "feed:summary")


def test_what_feeds_append_is_cut() -> None:
    found = choose_excerpt(
        [],
        "Two years without face scans. The post Face scans paused appeared first on Harbor Post.",
        "",
        "T",
        robots=frozenset(),
        limit=300,
    )
    assert found.value == "Two years without face scans."


@pytest.mark.parametrize(
    ("robots", "limit"),
    [
        ({"max-snippet:50"}, 50),
        ({"max-snippet:-1"}, 300),
        ({"max-snippet:900"}, 300),
        ({"nosnippet"}, 0),
        ({"noindex"}, 0),
        ({"max-snippet:0"}, 0),
        (set(), 300),
    ],
)
def test_robots_bound_the_excerpt(robots: set[str], limit: int) -> None:
    assert snippet_limit(frozenset(robots), 300) == limit


def test_shorten_cuts_after_a_sentence_but_not_after_an_abbreviation() -> None:
    text = (
        "The board met on Monday and heard Dr. Quill. "
        + "She spoke at length about the U.S. law and its many gaps " * 3
    )
    assert shorten(text, 80) == "The board met on Monday and heard Dr. Quill."
    assert shorten("The board met with Dr. Quill and spoke at length about the law", 40).endswith("…")
    assert shorten("市議会は停止を可決した。条例は四月に施行される。", 15) == "市議会は停止を可決した。"


@given(st.text(max_size=500), st.integers(2, 300))
def test_shorten_keeps_to_the_limit(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit
    assert short.removesuffix("…") in text


def test_a_long_text_without_a_title_is_called_by_how_it_begins() -> None:
    found = extract(reading(titles=()))
    assert found.title == BODY.split(". ")[0] + "."
    assert found.methods["title"] == "text:beginning"
