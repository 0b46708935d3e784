"""The PageReader port: any bytes give a reading or a PageError; addresses come out absolute, text plain, everything bounded."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsloom.adapters.pages.document import MAX_ATTRIBUTES, MAX_PAGE_BYTES, MAX_TAGS
from newsloom.adapters.pages.reader import HtmlPageReader
from newsloom.errors import PageError
from newsloom.model.article import PageReading
from newsloom.model.page import FetchedPage
from newsloom.ports.reading import PageReader
from shared_data import shared

NOW = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
URL = "https://harborpost.example/news/a"
FRAGMENTS = (
    "<html>", "<h1>", "</h1>", "<meta property=og:image content='", "'>", "<script type=application/ld+json>", "</script>", '{"@type":"NewsArticle",',
    '"headline":', '"datePublished":"2026-', "[", "]", "}", "null", "<time datetime=", "<link rel=canonical href=", "//", "javascript:", "&#0;", "&amp;amp;lt;",
    "<base href=", "<a rel=author>", "\ud7ff", "\u0000", "<svg><title>", "<template>", "<p itemprop=author>", "9" * 30, "<table>", "<noscript>",
)  # fmt: skip


@pytest.fixture(params=["newsloom", "trafilatura"])
def reader(request: pytest.FixtureRequest) -> PageReader:
    return HtmlPageReader(request.param)


def page(body: bytes | str, *, charset: str | None = None, url: str = URL, **headers: str) -> FetchedPage:
    raw = body.encode() if isinstance(body, str) else body
    return FetchedPage(url, url, 200, raw, NOW, "text/html", charset, headers)


def test_addresses_are_absolute_and_text_is_plain(reader: PageReader) -> None:
    reading = reader.read(
        page(
            "<html><head><base href='/base/'><title>Tom &amp;amp; Ann\r\n  win</title><link rel=canonical href='a?x=1'><link rel=amphtml href='amp'>"
            "<link rel=alternate type=application/rss+xml href=feed.xml><meta property=og:image content=i.jpg><meta name=description content='&lt;b&gt;Bold&lt;/b&gt; words'></head><body>x</body></html>"
        )
    )
    assert reading.url == URL
    assert [c.value for c in reading.titles] == ["Tom & Ann win"]
    assert reading.canonical_urls[0].value == "https://harborpost.example/base/a?x=1"
    assert reading.amp_urls[0].value == "https://harborpost.example/base/amp"
    assert reading.feeds == ("https://harborpost.example/base/feed.xml",)
    assert reading.images[0].value.url == "https://harborpost.example/base/i.jpg"
    assert reading.descriptions[0].value == "Bold words"


def test_robots_come_from_page_and_header_but_not_another_crawlers(reader: PageReader) -> None:
    html = "<html><meta name=robots content='Max-Snippet : 50, NOARCHIVE'><meta name=googlebot content=noindex>x"
    assert reader.read(page(html, **{"x-robots-tag": "max-image-preview:none"})).robots == {
        "max-snippet:50",
        "noarchive",
        "max-image-preview:none",
    }
    assert reader.read(page(html, **{"x-robots-tag": "otherbot: noindex"})).robots == {"max-snippet:50", "noarchive"}
    dated = reader.read(
        page("<html><meta name=robots content='noarchive, unavailable_after: 25 Jun 2026 15:00:00 PST'>x")
    )
    assert "unavailable_after:25 jun 2026 15:00:00 pst" in dated.robots


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ("<html><title>Café crème</title>".encode(), None),
        ("<html><title>Café crème</title>".encode("utf-8-sig"), "iso-8859-1"),
        ("<html><title>Café crème</title>".encode("cp1252"), "windows-1252"),
        ('<html><meta charset="iso-8859-1"><title>Café crème</title>'.encode("cp1252"), None),
        ('<html><meta charset="iso-8859-1"><title>Café crème</title>'.encode(), None),
        ("<html><title>Café crème</title>".encode("utf-16"), None),
        ("<html><title>Café crème</title>".encode("utf-16-le"), "no-such-charset"),
    ],
)
def test_encodings(reader: PageReader, body: bytes, charset: str | None) -> None:
    assert reader.read(page(body, charset=charset)).titles[0].value == "Café crème"


def test_asian_encodings(reader: PageReader) -> None:
    for encoding, label in (("shift_jis", "Shift_JIS"), ("euc_jp", "EUC-JP"), ("iso2022_jp", "ISO-2022-JP")):
        body = f"<html><meta charset={label}><title>市議会、停止を可決</title>".encode(encoding)
        assert reader.read(page(body)).titles[0].value == "市議会、停止を可決", label


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"%PDF-1.7 <html>", "no HTML"),
        (b"\x89PNG\r\n", "no HTML"),
        (b'{"json": true}', "no HTML"),
        (b"<?xml version='1.0'?><rss><channel/></rss>", "no HTML"),
        (b"<html>" + b"x" * MAX_PAGE_BYTES, "bytes"),
        (b"<html>" + b"<br>" * (MAX_TAGS + 1), "tags"),
        (b"<html>" + b"<div>" * 20_000, "deep"),
        (b"<html><p " + b" ".join(b"a%d=1" % n for n in range(MAX_ATTRIBUTES + 2)) + b">", "attributes"),
    ],
    ids=range(10),
)
def test_what_is_no_page_or_breaks_a_bound_is_refused(reader: PageReader, body: bytes, says: str) -> None:
    with pytest.raises(PageError, match=says):
        reader.read(page(body))


@pytest.mark.parametrize(
    "data",
    ["[" * 50_000, '{"a":' * 50_000 + "1" + "}" * 50_000, '{"@type":"NewsArticle","headline":{"a":[1]},"author":[[["x"]]],"image":7,"datePublished":' + "9" * 5000 + "}", '{"@type":["NewsArticle",7,null],"headline":["One","Two"],"author":null}', ",,,;", '{"@graph":[null,1,"x",{"@type":"NewsArticle","@id":"#a","author":{"@id":"#a"}}]}'],
    ids=range(6),
)  # fmt: skip
def test_hostile_json_ld_does_no_harm(reader: PageReader, data: str) -> None:
    reading = reader.read(
        page(f"<html><title>A title</title><script type='application/ld+json'>{data}</script><p>text")
    )
    assert any(candidate.value == "A title" for candidate in reading.titles)


def test_script_addresses_never_come_out(reader: PageReader) -> None:
    bad = "javascript:alert(1)"
    reading = reader.read(
        page(
            f"<html><link rel=canonical href='{bad}'><link rel=amphtml href='{bad}'><meta property=og:image content='{bad}'><meta property=og:video content='{bad}'><iframe src='{bad}'></iframe><link rel=alternate type=application/rss+xml href='{bad}'>x"
        )
    )
    assert not (reading.canonical_urls or reading.amp_urls or reading.images or reading.embeds or reading.feeds)


@given(st.binary(max_size=2_000))
@settings(max_examples=150)
def test_any_bytes(body: bytes) -> None:
    check(body)
    check(b"<html><title>" + body)


@given(st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=12), max_size=60))
@settings(max_examples=150)
def test_any_soup(parts: list[str]) -> None:
    check("".join(["<html>", *parts]).encode("utf-8", "replace"))


def test_hostile_suite() -> None:
    cases = [
        path
        for path in sorted(shared("suites", "hostile", "cases").rglob("*"))
        if path.is_file() and path.stat().st_size < 2_000_000
    ]
    assert cases
    for path in cases:
        check(path.read_bytes())


def test_real_pages_cut_anywhere() -> None:
    for path in sorted(shared("extraction", "aeb", "pages").iterdir())[:4]:
        whole = gzip.decompress(path.read_bytes())
        for share in (0.2, 0.6, 0.9):
            check(whole[: int(len(whole) * share)])


def check(body: bytes) -> None:
    try:
        reading = HtmlPageReader().read(page(body))
    except PageError as error:
        assert error.message
        return
    assert_bounded(reading)


def assert_bounded(reading: PageReading) -> None:
    for candidate in (*reading.titles, *reading.descriptions, *reading.site_names):
        assert candidate.value == " ".join(candidate.value.split()) != ""
        candidate.value.encode()
    for address in (*reading.canonical_urls, *reading.amp_urls, *reading.embeds):
        assert address.value.startswith(("http://", "https://"))
    for image in reading.images:
        assert (image.value.width is None) == (image.value.height is None)
    assert all(ord(character) >= 32 or character == "\n" for body in reading.bodies for character in body.value)
    assert all(candidate.value.instant.tzinfo is UTC for candidate in (*reading.published, *reading.modified))


@pytest.mark.parametrize(
    ("head", "headers", "reserved"),
    [
        ("<meta name=tdm-reservation content=1>", {}, True),
        ("<meta name=tdm-reservation content=1>", {"tdm-reservation": "0"}, False),
        ("<meta name=tdm-reservation content=maybe>", {}, None),
        ("", {}, None),
    ],
)
def test_text_mining_reservations_are_read(
    reader: PageReader, head: str, headers: dict[str, str], reserved: bool | None
) -> None:
    assert reader.read(page(f"<html>{head}<title>A title</title>x", **headers)).tdm_reservation is reserved


def test_attributes_parted_by_slashes_count_too(reader: PageReader) -> None:
    with pytest.raises(PageError, match="attributes"):
        reader.read(page("<html><p " + "/".join(f"a{n}" for n in range(MAX_ATTRIBUTES + 2)) + ">x"))


def test_tags_that_readers_see_and_the_section_are_read(reader: PageReader) -> None:
    found = reader.read(
        page(
            "<html><title>A title</title><meta property=article:section content='Local | '><nav class='menu tags'><a>Home</a><a>Shop</a></nav>"
            "<article><h1>A title</h1><ul class=article-tags><li><a href=/tag/pier>Pier</a></li><li><a href=/tag/docks>Docks</a></li></ul></article>"
        )
    )
    assert (("Pier", "Docks"), "html:tags") in [(c.value, c.method) for c in found.keywords]
    assert found.sections[0].value == "Local"
