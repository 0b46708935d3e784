"""The small parts of publishing: words, addresses, pages of lists, Markdown, data in a page."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsloom.model.topic import Topic
from newsloom.publish.addresses import item_pages, page_file, safe_link, topic_pages
from newsloom.publish.jsonld import script_json
from newsloom.publish.markup import rendered
from newsloom.publish.pagination import stable_pages
from newsloom.publish.words import direction, words

LANGUAGES = ("ar", "de", "en", "es", "fr", "ja", "zh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_words_and_blanks(language: str) -> None:
    def shape(value: object) -> object:
        if isinstance(value, dict):
            return "plural"
        if isinstance(value, list):
            return len(value)
        return sorted(part.split("}")[0] for part in str(value).split("{")[1:])

    def table(name: str) -> dict[str, object]:
        return json.loads(files("newsloom.publish").joinpath("words", f"{name}.json").read_text("utf-8"))

    assert {key: shape(value) for key, value in table(language).items()} == {
        key: shape(value) for key, value in table("en").items()
    }


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "2 March 2026, 14:05"), ("de", "2. März 2026, 14:05"), ("es", "2 de marzo de 2026, 14:05"), ("fr", "2 mars 2026 à 14:05"),
        ("ar", "2 مارس 2026، 14:05"), ("zh-Hant", "2026年3月2日 14:05"), ("ja", "2026年3月2日 14:05"), ("xx", "2 March 2026, 14:05"),
    ],
)  # fmt: skip
def test_dates_as_people_write_them(language: str, told: str) -> None:
    assert words(language).date_time(datetime(2026, 3, 2, 14, 5, tzinfo=UTC)) == told


@pytest.mark.parametrize(
    ("language", "count", "told"),
    [
        ("en", 1, "1 item"), ("en", 0, "0 items"), ("fr", 0, "0 article"), ("fr", 2, "2 articles"), ("ja", 1, "1 件"), ("ar", 0, "لا أخبار"),
        ("ar", 1, "خبر واحد"), ("ar", 2, "خبران"), ("ar", 3, "3 أخبار"), ("ar", 11, "11 خبرًا"), ("ar", 100, "100 خبر"), ("ar", 103, "103 أخبار"),
    ],
)  # fmt: skip
def test_plurals(language: str, count: int, told: str) -> None:
    assert words(language).count("items", count) == told


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("ar", "rtl"),
        ("he-IL", "rtl"),
        ("en", "ltr"),
        ("ks-Deva", "ltr"),
        ("az-Arab", "rtl"),
        ("az-arab-ir", "rtl"),
        (None, "auto"),
        ("", "auto"),
    ],
)
def test_direction(language: str | None, told: str) -> None:
    assert direction(language) == told


@pytest.mark.parametrize(
    "good", ["https://a.example/x?y=1#z", "HTTP://a.example", "https://[::1]/", "https://例え.example/道"]
)
def test_links_that_may_leave(good: str) -> None:
    assert safe_link(good) == good


@pytest.mark.parametrize(
    "bad",
    [
        None, "", "javascript:alert(1)", "java\nscript:alert(1)", " \x01javascript:x", "//a.example", "/a", "data:text/html,x", "https://", "https:///x",
        "https://u:p@a.example/", "https://a.example\\@b.example", "ftp://a.example", "https://a.example/\u2028x", "https://[::1", "https://a b/", "x" * 5000,
    ],
)  # fmt: skip
def test_links_that_may_not(bad: str | None) -> None:
    assert safe_link(bad) is None


def test_record_keeps_its_page_in_the_archive_and_two_never_share_one() -> None:
    assert item_pages(["_archive/_news/a.md"]) == {"_archive/_news/a.md": "news/a/"}
    both = item_pages(["_archive/_news/a.md", "_news/a.md", "_news/A.md"])
    assert both["_news/A.md"] == "news/A/" and len({page.casefold() for page in both.values()}) == 3


@given(st.lists(st.text(min_size=1, max_size=40), unique=True, max_size=8))
def test_pages_stay_inside_whatever_the_file_is_called(names: list[str]) -> None:
    pages = item_pages([f"_news/{name}.md" for name in names])
    assert len({page.casefold() for page in pages.values()}) == len(names)
    for page in pages.values():
        parts = page_file(page).split("/")
        assert parts[0] == "news" and parts[-1] == "index.html"
        assert all(part and not part.startswith(".") and "\\" not in part for part in parts)


def test_topic_pages_by_plain_id_else_by_digest() -> None:
    made = topic_pages([Topic("ai", "AI"), Topic("../../etc", "Evil"), Topic("AI", "Other"), Topic("", "Empty")])
    assert made["AI"] == "topics/ai/"
    assert all(page.startswith("topics/topic-") for name, page in made.items() if name != "AI")
    assert len(set(made.values())) == 4


@given(st.integers(0, 300), st.integers(1, 30))
def test_pages_hold_every_item_once_and_in_order(count: int, size: int) -> None:
    made = list(stable_pages(range(count, 0, -1), size))
    assert [item for page in made for item in page.items] == list(range(count, 0, -1))
    assert made[0].number is None and all(len(page.items) == size for page in made[1:])
    assert [page.older for page in made] == [*(page.number for page in made[1:]), None]


@given(st.integers(0, 300), st.integers(1, 30))
def test_a_new_item_leaves_closed_pages_as_they_are(count: int, size: int) -> None:
    before = {page.number: page.items for page in stable_pages(range(count, 0, -1), size) if page.number}
    after = {page.number: page.items for page in stable_pages(range(count + 1, 0, -1), size) if page.number}
    assert {number: list(after[number]) for number in before} == {
        number: list(items) for number, items in before.items()
    }


@given(
    st.recursive(
        st.none() | st.text() | st.integers(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_data_in_a_page_cannot_end_its_block_and_comes_back(value: object) -> None:
    text = str(script_json(value))
    assert not any(c in text for c in "<>&\u2028\u2029")
    assert json.loads(text) == value


@given(st.text(max_size=300))
def test_markdown_never_gives_a_script_or_a_picture(markdown: str) -> None:
    html = str(rendered(markdown + "\n\n<img src=x onerror=alert(1)> ![x](https://a.example/x.png) [y](javascript:z)"))
    assert "<script" not in html and "<img" not in html and 'href="javascript' not in html


def test_markdown_of_nothing_is_nothing() -> None:
    assert rendered("\n") == "" and rendered("\r\n") == ""
    assert rendered("# Big\n\n- a\n- b") == "<h2>Big</h2>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"
