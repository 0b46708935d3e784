"""The extract stage's rules, one by one, and what the feed adds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsloom.errors import PageError
from newsloom.model.article import Article, Candidate, Moment, PageReading
from newsloom.model.page import FeedEntry
from newsloom.model.record import Image
from newsloom.model.source import Source
from newsloom.model.topic import Organization
from newsloom.stages.extract import ExtractOptions, article, article_from_entry
from newsloom.stages.extract.addresses import names_this_page
from newsloom.stages.extract.excerpts import choose_excerpt
from newsloom.stages.extract.instants import choose_modified, choose_published
from newsloom.stages.extract.providers import choose_authors, clean_site_name
from newsloom.stages.extract.titles import choose_title, without_site_name
from newsloom.vocab.plain import shorten
from newsloom.vocab.rights import snippet_limit

SEEN = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
URL = "https://www.harborpost.example/news/face-scans-paused"
BODY = "The council voted on Monday to pause face scans for two years, after a long debate. " * 5


def c(value: object, method: str = "html:h1") -> Candidate:  # type: ignore[type-arg]
    return Candidate(value, method)


def at(text: str, precision: str = "second") -> Moment:
    return Moment(datetime.fromisoformat(text).replace(tzinfo=UTC), precision)  # type: ignore[arg-type]


def reading(**fields: object) -> PageReading:
    given_fields = {"url": URL, "titles": (c("Face scans paused"),), "bodies": (c(BODY, "trafilatura:text"),), **fields}
    return PageReading(**given_fields)  # type: ignore[arg-type]


def extract(page: PageReading, entry: FeedEntry | None = None, **more: object) -> Article:
    return article(
        page,
        entry=entry,
        original_url=page.url + "?utm_source=x",
        organizations=more.get("organizations", {}),
        first_seen=SEEN,
    )  # type: ignore[arg-type]


# --- titles


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


# --- excerpts


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


# --- dates


def test_the_pages_time_comes_before_the_feeds_and_the_feeds_before_a_guess() -> None:
    feed = SEEN - timedelta(hours=3)
    assert (
        choose_published([c(at("2026-03-01T08:00:00"), "json-ld:datePublished")], feed, SEEN).method
        == "json-ld:datePublished"
    )  # type: ignore[union-attr]
    assert choose_published([c(at("2026-03-01T00:00:00", "day"), "text:day")], feed, SEEN).method == "feed:published"  # type: ignore[union-attr]
    assert choose_published([], None, SEEN) is None


def test_a_day_is_refined_by_a_time_that_falls_on_it() -> None:
    day = c(at("2026-03-02T00:00:00", "day"), "meta:date")
    assert (
        choose_published([day, c(at("2026-03-03T02:30:00"), "html:time")], None, SEEN).value
        == at("2026-03-03T02:30:00").instant
    )  # type: ignore[union-attr]
    assert choose_published([day], SEEN - timedelta(days=1), SEEN).method == "feed:published"  # type: ignore[union-attr]
    assert choose_published([day, c(at("2026-02-02T02:30:00"), "html:time")], None, SEEN).method == "meta:date"  # type: ignore[union-attr]


@pytest.mark.parametrize("text", ["2026-03-05T00:00:00", "2199-01-01T00:00:00", "1980-01-01T00:00:00"])
def test_impossible_dates_are_not_believed(text: str) -> None:
    assert choose_published([c(at(text), "json-ld:datePublished")], None, SEEN) is None


def test_a_change_before_publication_is_none() -> None:
    published = at("2026-03-02T08:00:00").instant
    assert choose_modified([c(at("2026-03-01T08:00:00"), "meta:m")], None, published, SEEN) is None
    assert choose_modified([c(at("2026-03-02T09:00:00"), "meta:m")], None, published, SEEN) is not None


# --- addresses


@pytest.mark.parametrize(
    ("claimed", "here", "believed"),
    [
        ("https://e.example/news/a-long-story", "https://m.e.example/news/a-long-story", True),
        ("https://e.example/", "https://e.example/news/a-long-story", False),
        ("https://e.example/news", "https://e.example/news/a-long-story-here", False),
        ("https://other.example/news/a-long-story", "https://e.example/news/a-long-story", False),
        ("https://e.example/view.php", "https://e.example/view.php?id=77", False),
        ("https://e.example/view.php?id=77", "https://e.example/view.php?id=77&page=1", True),
        ("https://e.example/a-long-story-here", "https://e.example/a-long-story-here?p=2", True),
        (
            "https://e.example/a-long-story-here",
            "https://e-example.cdn.ampproject.org/c/s/e.example/amp/a-long-story-here",
            True,
        ),
    ],
)
def test_which_canonical_links_are_believed(claimed: str, here: str, believed: bool) -> None:
    assert names_this_page(claimed, here) is believed


def test_tracking_leaves_both_addresses() -> None:
    found = extract(reading(url=URL + "?fbclid=1"))
    assert found.url == found.original_url == URL


# --- provider and authors


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Harbor Post - Home", "Harbor Post"),
        ("© 2026 Harbor Post. ", "Harbor Post"),
        ("Harbor Post | News from the coast", "Harbor Post"),
        ("News from the coast: Harbor Post", "Harbor Post"),
        ("harborpost.example", None),
        ("www.other.example", None),
        ("@harborpost", None),
        ("x" * 61, None),
        ("", None),
    ],
)
def test_site_names_are_cleaned(text: str, name: str | None) -> None:
    assert clean_site_name(text, "harborpost.com") == name


def test_the_owners_file_names_the_provider() -> None:
    owned = Organization(
        "harborpost.example", "The Harbor Post", images=(Image("https://harborpost.example/l.png", 1, 1),)
    )
    found = extract(
        reading(site_names=(c("HP", "opengraph:og:site_name"),)), organizations={"harborpost.example": owned}
    )
    assert (found.provider.name, found.provider.domain, len(found.provider.images)) == (
        "The Harbor Post",
        "harborpost.example",
        1,
    )


def test_without_a_name_the_domain_is_the_provider() -> None:
    assert extract(reading()).provider.name == "harborpost.example"


def test_the_house_is_credited_only_alone() -> None:
    house = ("Harbor Post",)
    assert choose_authors([c(("Harbor Post", "Ann Doe"))], house).value == ("Ann Doe",)  # type: ignore[union-attr]
    assert choose_authors([c(house), c(("Ann Doe Harbor Post",))], house).value == ("Ann Doe",)  # type: ignore[union-attr]
    assert choose_authors([c(house)], house).value == house  # type: ignore[union-attr]
    assert choose_authors([c(("adoe",)), c(("Ann Doe",))], house).value == ("Ann Doe",)  # type: ignore[union-attr]
    assert choose_authors([c(("Ann Doe",)), c(("Ann Doe", "Bo Li"), "html:rel-author")], house).value == (
        "Ann Doe",
        "Bo Li",
    )  # type: ignore[union-attr]
    assert choose_authors([], house) is None


# --- the whole


def test_scripts_and_missing_titles_are_said_so() -> None:
    with pytest.raises(PageError, match="scripts"):
        extract(reading(needs_javascript=True))
    with pytest.raises(PageError, match="title"):
        extract(reading(titles=()))


def test_the_feed_fills_what_the_page_leaves_open() -> None:
    entry = FeedEntry(
        link=URL, id="guid-1", title="Face scans paused", summary="Two years without face scans, the council says.", content_html=f"<p>{BODY}</p><p>More.</p>",
        published=SEEN - timedelta(hours=5), authors=("Ann Doe",), categories=("Police",), language="en_GB", images=(Image("https://i.example/a.jpg"),),
    )  # fmt: skip
    found = extract(PageReading(url=URL), entry)
    assert (found.title, found.authors, found.keywords, found.in_language) == (
        "Face scans paused",
        ("Ann Doe",),
        ("Police",),
        "en-GB",
    )
    assert found.article_body.endswith("\n\nMore.")
    assert found.published_date_time == entry.published
    assert {found.methods[key] for key in ("title", "excerpt", "body", "images", "authors", "publishedDateTime")} == {
        "feed:title", "feed:summary", "feed:content", "feed:image", "feed:author", "feed:published",
    }  # fmt: skip


def test_options_bound_images() -> None:
    images = tuple(c(Image(f"https://i.example/{n}.jpg"), "opengraph:og:image") for n in range(9))
    assert len(extract(reading(images=images)).images) == ExtractOptions().max_images


def test_structured_data_decides_about_access() -> None:
    assert extract(reading(access=(c("free", "json-ld:a"), c("paywalled", "html:class")))).access == "free"
    assert extract(reading(access=(c("free", "json-ld:a"), c("paywalled", "json-ld:hasPart")))).access == "paywalled"


def test_an_article_from_the_feed_alone() -> None:
    source = Source("https://harborpost.example/feed", title="Harbor Post", language="en")
    entry = FeedEntry(
        link="https://harborpost.example/a?utm_medium=rss",
        title="Ferry late | Harbor Post",
        summary="It was the fog, the harbour office says.",
        updated=SEEN - timedelta(hours=1),
    )
    found = article_from_entry(entry, source=source, organizations={}, first_seen=SEEN)
    assert found is not None
    assert (found.url, found.title, found.provider.name) == (
        "https://harborpost.example/a",
        "Ferry late",
        "Harbor Post",
    )
    assert found.published_date_time == entry.updated and found.date_modified is None
    assert article_from_entry(FeedEntry(link=None, title="x"), source=source, organizations={}, first_seen=SEEN) is None
    assert (
        article_from_entry(FeedEntry(link="https://e.example/"), source=source, organizations={}, first_seen=SEEN)
        is None
    )


def test_an_aggregators_name_is_nobodys_provider() -> None:
    source = Source("https://aggregator.example/feed", title="All the Ferries")
    found = article_from_entry(
        FeedEntry(link="https://harborpost.example/a", title="Ferry late"),
        source=source,
        organizations={},
        first_seen=SEEN,
    )
    assert found is not None and found.provider.name == "harborpost.example"


# --- who, how far, and under which reservations


def test_authors_are_told_apart_from_houses() -> None:
    found = extract(
        reading(
            authors=(c(("Ann Writer", "Harbor News Agency", "Gull"), "json-ld:author"),),
            organizations=frozenset(["gull", "ann writer"]),
        )
    )
    assert found.authors == ("Ann Writer", "Harbor News Agency", "Gull")
    assert found.author_kinds == ("person", "organization", "organization")


def test_colleagues_in_one_row_of_the_byline_complete_what_data_names() -> None:
    both = (c(("Ann Writer",), "json-ld:author"), c(("Ann Writer", "Bo Author"), "html:rel-author"))
    strangers = (c(("Ann Writer",), "json-ld:author"), c(("Ann Writer", "Read more"), "html:rel-author"))
    assert extract(reading(authors=both)).authors == ("Ann Writer", "Bo Author")
    assert extract(reading(authors=strangers)).authors == ("Ann Writer",)


def test_metered_goes_before_paid() -> None:
    told = (c("paywalled", "json-ld:isAccessibleForFree"), c("metered", "meta:article:content_tier"))
    assert extract(reading(access=told)).access == "metered"


def test_agreement_is_the_share_of_sources_that_say_the_same() -> None:
    titles = (
        c("Face scans paused"),
        c("Face scans paused", "json-ld:headline"),
        c("A vote", "opengraph:og:title"),
        c("Face scans paused!", "html:title"),
    )
    found = extract(reading(titles=titles))
    assert found.agreement["title"] == 0.75
    assert "authors" not in found.agreement


@pytest.mark.parametrize(
    ("keywords", "chosen"),
    [
        ([(("Pier", "web", "system tag"), "json-ld:keywords"), (("Pier", "Ferries"), "meta:news_keywords")], ("Pier", "Ferries")),
        ([(("Pier", "Docks"), "json-ld:keywords"), (("a", "b", "c"), "meta:keywords")], ("Pier", "Docks")),
        ([(("Pier Ferries Docks",), "json-ld:keywords"), (("Pier", "Docks", "Ferries"), "meta:news_keywords")], ("Pier", "Docks", "Ferries")),
        ([(("Local",), "json-ld:articleSection"), (("Pier", "Docks"), "html:tags")], ("Pier", "Docks")),
        ([(("Pier",), "json-ld:keywords"), (("Shop", "Docks"), "html:tags")], ("Pier",)),
    ],
)  # fmt: skip
def test_the_list_of_keywords_that_readers_and_searchers_get_is_taken(
    keywords: list[tuple[tuple[str, ...], str]], chosen: tuple[str, ...]
) -> None:
    assert extract(reading(keywords=tuple(c(*pair) for pair in keywords))).keywords == chosen


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
