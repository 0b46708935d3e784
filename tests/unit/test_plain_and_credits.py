"""Plain text, language tags and bylines out of what the web writes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsloom.vocab import credits
from newsloom.vocab.languages import language_tag, same_language
from newsloom.vocab.plain import decode_entities, markup_text, one_line, paragraphs


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Tom &amp;amp; Ann", "Tom & Ann"),
        ("a\r\n b\t c\u00a0d", "a b c d"),
        ("&#8217;tis &#x2019; &nosuch;", "’tis ’ &nosuch;"),
        ("x &copy=1", "x &copy=1"),
        ("<b>Bold</b> and <br/>line, 1 < 2 > 0", "Bold and line, 1 < 2 > 0"),
        ("soft\u00adhyphen\u200b", "softhyphen"),
        ("cafe\u0301", "café"),
        ("lone \ud800 half", "lone \ufffd half"),
    ],
)
def test_one_line(text: str, plain: str) -> None:
    assert one_line(text) == plain


@given(st.text(max_size=300))
def test_one_line_is_one_line_and_settles(text: str) -> None:
    plain = one_line(text)
    assert plain == " ".join(plain.split())
    plain.encode()


def test_markup_becomes_paragraphs() -> None:
    markup = "<style>x{}</style><h2>Head</h2><p>One <b>b</b>old &amp; two</p>\n<ul><li>a</li><li>b</li></ul><script>alert(1)</script><!-- c"
    assert markup_text(markup) == "Head\n\nOne bold & two\n\na\n\nb"
    assert paragraphs(" a \r\n\r\n\r\n b ") == "a\n\nb"
    assert decode_entities("&lt;script&gt;") == "<script>"


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("en_US.UTF-8", "en-US"),
        ("EN", "en"),
        ("zh-hans-cn", "zh-Hans-CN"),
        ("German", "de"),
        ("iw", "he"),
        ("und", None),
        ("english language", None),
        ("", None),
        ("x-default", None),
    ],
)
def test_language_tags(text: str, tag: str | None) -> None:
    assert language_tag(text) == tag


def test_same_language_looks_at_the_primary_tag() -> None:
    assert same_language("en-US", "EN") and not same_language("en", "de-AT")
    assert same_language("en", None) and same_language("und", "de")


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ann Doe and Bo Li", ("Ann Doe", "Bo Li")),
        ("Ann Doe, Bo Li & Cy Ng", ("Ann Doe", "Bo Li", "Cy Ng")),
        ("Von Anna Groß und Bernd Klein", ("Anna Groß", "Bernd Klein")),
        ("Par Zoé Petit", ("Zoé Petit",)),
        ("View all posts by Ann Doe", ("Ann Doe",)),
        ("By Ann Doe, BBC News and https://social.example/ann", ("Ann Doe", "BBC News")),
        ("Ann Doe, Staff Writer", ("Ann Doe",)),
        ("By Ann Doe | March 2, 2026", ("Ann Doe",)),
        ("ann@harborpost.example Ann Doe @anndoe", ("Ann Doe",)),
        ("Staff", ()),
        ("admin", ()),
        ("https://facebook.com/harborpost", ()),
        ("Ann Doe ANN DOE", ("Ann Doe ANN DOE",)),
        ("Byron Sand", ("Byron Sand",)),
        ("Andy Anders", ("Andy Anders",)),
        ("", ()),
    ],
)
def test_bylines(byline: str, names: tuple[str, ...]) -> None:
    assert credits.names([byline]) == names


def test_each_name_once_in_order() -> None:
    assert credits.names(["Bo Li", "Ann Doe", "bo li"]) == ("Bo Li", "Ann Doe")


@given(st.lists(st.text(max_size=80), max_size=6))
def test_credits_never_fail(texts: list[str]) -> None:
    assert len(credits.names(texts)) <= credits.MAX_NAMES
