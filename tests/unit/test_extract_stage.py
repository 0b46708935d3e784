"""The extract stage's rules, one by one, and what the feed adds."""

from __future__ import annotations

from datetime import timedelta

import pytest

from newsloom.errors import PageError
from newsloom.model.article import PageReading
from newsloom.model.page import FeedEntry
from newsloom.model.record import Image
from newsloom.model.source import Source
from newsloom.model.topic import Organization
from newsloom.stages.extract import ExtractOptions, article_from_entry
from newsloom.stages.extract.addresses import names_this_page
from newsloom.stages.extract.instants import choose_modified, choose_published
from newsloom.stages.extract.providers import choose_authors, clean_site_name
from readings import BODY, SEEN, URL, at, c, extract, reading


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


def test_scripts_and_missing_titles_are_said_so() -> None:
    with pytest.raises(PageError, match="scripts"):
        extract(reading(needs_javascript=True))
    with pytest.raises(PageError, match="no title"):
        extract(reading(titles=(), bodies=(c(BODY[:100], "text:blocks"),), descriptions=(c("What the council did."),)))


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
