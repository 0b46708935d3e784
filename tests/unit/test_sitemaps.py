"""Sitemaps of any size, and indexes of any shape."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from fake_web import MOMENT, FakeFetcher
from newsloom.adapters.feeds.reader import DefaultFeedReader
from newsloom.adapters.feeds.sitemap import MAX_PAGES, SitemapStream
from newsloom.errors import FeedError
from newsloom.flow.sitemaps import MAX_DEPTH, MAX_SITEMAPS, with_sitemaps
from newsloom.model.page import FeedDocument, FetchedPage

HOME = "https://harborpost.example/"


def read(body: bytes, charset: str | None = None) -> FeedDocument:
    return DefaultFeedReader().read(FetchedPage(HOME, HOME, 200, body, MOMENT, charset=charset))


def urlset(count: int) -> Iterator[bytes]:
    yield b'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    for number in range(count):
        yield f"<url><loc>/news/{number}?a=1&amp;b=2</loc><lastmod>2026-03-02</lastmod></url>".encode()
    yield b"</urlset>"


def test_a_sitemap_as_large_as_allowed_is_read_whole_and_the_rest_counted() -> None:
    document = read(b"".join(urlset(MAX_PAGES + 7)))
    assert len(document.entries) == MAX_PAGES
    assert document.notes == (f"7 pages beyond {MAX_PAGES} left out",)
    assert document.entries[-1].link == f"https://harborpost.example/news/{MAX_PAGES - 1}?a=1&b=2"
    packed = read(gzip.compress(b"".join(urlset(20))))
    assert (len(packed.entries), packed.notes) == (20, ())


def test_memory_does_not_grow_with_the_sitemap() -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        try:
            assert sum(1 for _ in SitemapStream(urlset(count), HOME)) == count
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)
    assert peak(20_000) < peak(2000) + 300_000


@pytest.mark.parametrize("size", [1, 7, 64])
def test_where_the_pieces_are_cut_does_not_matter(size: int) -> None:
    body = (
        "<?xml version='1.0'?><!-- made by hand --><urlset xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>https://harborpost.example/a?x=1&y=2"
        "</loc><n:news><n:publication><n:name>Hafen &amp; Post</n:name><n:language>de</n:language></n:publication><n:title>Möwen &nbsp; &amp;lt;b&amp;gt; los"
        "</n:title><n:publication_date>2026-03-02T13:00:00Z</n:publication_date><n:keywords>a, b</n:keywords></n:news></url></urlset>"
    ).encode()
    stream = SitemapStream((body[at : at + size] for at in range(0, len(body), size)), HOME)
    (entry,) = list(stream)
    assert not isinstance(entry, tuple)
    assert entry == read(body).entries[0]
    assert (entry.link, entry.title) == ("https://harborpost.example/a?x=1&y=2", "Möwen <b> los")  # type: ignore[union-attr]
    assert (stream.has_news, stream.is_index, stream.notes) == (True, False, [])


def test_what_is_cut_off_or_wrong_is_noted_and_costs_nothing_else() -> None:
    body = b"".join(urlset(3))
    cut = read(body[:-40])
    assert len(cut.entries) == 2
    assert "broke off" in cut.notes[0]
    wrong = b"<urlset><url><loc>/a</loc></url><url><loc>/b</url><url><loc>/c</loc></url></urlset>"
    assert "https://harborpost.example/c" in [entry.link for entry in read(wrong).entries]
    utf16 = b"".join(urlset(2)).decode().replace("UTF-8", "UTF-16").encode("utf-16")
    assert len(read(utf16).entries) == 2
    with pytest.raises(FeedError, match="does not end"):
        read(b"<urlset><url>" + b"<loc>x</loc>" * 200_000)


def test_an_index_tells_the_newest_first() -> None:
    body = b"""<sitemapindex><sitemap><loc>/old</loc><lastmod>2020-01-01</lastmod></sitemap><sitemap><loc>/undated</loc></sitemap>
    <sitemap><loc>/new</loc><lastmod>2026-01-01</lastmod></sitemap><sitemap><loc>/new</loc></sitemap></sitemapindex>"""
    document = read(body)
    assert document.dialect == "sitemap-index"
    assert [url.rpartition("/")[2] for url in document.next_sitemaps] == ["new", "old", "undated"]


def collect(pages: dict[str, bytes]) -> tuple[FeedDocument, list[str], list[str]]:
    fetcher = FakeFetcher({HOME + name: ("application/xml", body) for name, body in pages.items()})
    skipped: list[str] = []
    document = asyncio.run(
        with_sitemaps(read(pages["index"]), fetcher, DefaultFeedReader(), lambda url, _: skipped.append(url))
    )
    return document, skipped, [request.url for request in fetcher.asked]


def index(*names: str) -> bytes:
    return (
        "<sitemapindex>" + "".join(f"<sitemap><loc>/{name}</loc></sitemap>" for name in names) + "</sitemapindex>"
    ).encode()


def test_indexes_of_indexes_are_followed_each_once() -> None:
    news = b"<urlset><url><loc>/1</loc><lastmod>2026-03-02</lastmod></url></urlset>"
    document, skipped, asked = collect(
        {"index": index("inner", "gone", "bad"), "inner": index("news", "index"), "news": news, "bad": b"x"}
    )
    assert [(entry.link, entry.updated) for entry in document.entries] == [
        (HOME + "1", datetime(2026, 3, 2, tzinfo=UTC))
    ]
    assert sorted(skipped) == [HOME + "bad", HOME + "gone"]
    assert len(asked) == len(set(asked))


def test_what_the_bounds_leave_out_is_noted() -> None:
    wide = collect({"index": index(*(f"s{number}" for number in range(MAX_SITEMAPS + 5)))})
    assert len(wide[2]) == MAX_SITEMAPS
    assert wide[0].notes == (f"5 sitemaps beyond {MAX_SITEMAPS} left out",)
    deep = {f"d{number}": index(f"d{number + 1}") for number in range(MAX_DEPTH + 3)} | {"index": index("d0")}
    document, _, asked = collect(deep)
    assert len(asked) == MAX_DEPTH
    assert document.notes == (f"1 sitemaps behind more than {MAX_DEPTH} indexes left out",)
