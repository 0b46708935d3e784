"""The FeedReader port: every dialect gives the same entry, and no bytes break it."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fake_web import MOMENT, FakeFetcher
from newsloom.adapters.feeds.discovery import discover
from newsloom.adapters.feeds.reader import DefaultFeedReader
from newsloom.errors import FeedError, FetchError
from newsloom.model.page import FeedDocument, FetchedPage
from newsloom.model.record import Image

ADDRESS = "https://harborpost.example/feeds/all.xml"


def read(body: str | bytes, charset: str | None = None) -> FeedDocument:
    data = body.encode() if isinstance(body, str) else body
    return DefaultFeedReader().read(FetchedPage(ADDRESS, ADDRESS, 200, data, MOMENT, charset=charset))


RSS = """<?xml version="1.0"?><rss version="{version}" xmlns:media="http://search.yahoo.com/mrss/"><channel>
<title>Harbor &amp;amp; Post</title><link>https://harborpost.example/</link><language>en-gb</language><ttl>30</ttl>
<item><title>Council &amp;lt;pauses&amp;gt; &lt;b>scans&lt;/b></title><link>/news/1</link><guid isPermaLink="false">n1</guid>
<pubDate>Mon, 02 Mar 2026 13:00:00 GMT</pubDate><author>ann@harborpost.example (Ann Bell)</author>
<category>City</category><category>AI</category><description>&lt;p>Six votes&amp;nbsp;to three.&lt;/p></description>
<media:content url="/i/1.jpg" medium="image" width="640" height="360"/></item></channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB"><title>Harbor &amp; Post</title><id>f</id>
<link href="https://harborpost.example/"/><entry><id>n1</id><title type="html">Council &amp;lt;pauses&amp;gt; &lt;b>scans&lt;/b></title>
<link href="/news/1"/><published>2026-03-02T14:00:00+01:00</published><updated>2026-03-02T15:00:00+01:00</updated>
<author><name>Ann Bell</name></author><category term="City"/><category term="AI"/>
<summary type="html">&lt;p>Six votes&amp;nbsp;to three.&lt;/p></summary></entry></feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>Harbor &amp;amp; Post</title>
<link>https://harborpost.example/</link></channel><item rdf:about="n1"><title>Council &amp;lt;pauses&amp;gt; scans</title>
<link>https://harborpost.example/news/1</link><dc:date>2026-03-02T13:00:00Z</dc:date><dc:creator>Ann Bell</dc:creator>
<dc:subject>City</dc:subject><dc:subject>AI</dc:subject><description>Six votes to three.</description></item></rdf:RDF>"""

JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Harbor & Post",
        "home_page_url": "https://harborpost.example/",
        "language": "en-GB",
        "items": [
            {
                "id": "n1",
                "url": "/news/1",
                "title": "Council <pauses> scans",
                "summary": "Six votes to three.",
                "date_published": "2026-03-02T13:00:00Z",
                "authors": [{"name": "Ann Bell"}],
                "tags": ["City", "AI"],
                "content_html": "<p>x</p>",
                "image": "/i/1.jpg",
            }
        ],
    }
)


@pytest.mark.parametrize(
    ("body", "dialect"),
    [
        *((RSS.replace("{version}", version), f"rss-{version}") for version in ("2.0", "0.91", "0.92")),
        (ATOM, "atom-1.0"),
        (
            ATOM.replace("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#").replace("published", "issued"),
            "atom-0.3",
        ),
        (RDF, "rdf-1.0"),
        (JSON, "json-1.1"),
    ],
)
def test_every_dialect_gives_the_same_entry(body: str, dialect: str) -> None:
    document = read(body)
    assert document.dialect == dialect
    assert (document.title, document.link) == ("Harbor & Post", "https://harborpost.example/")
    (entry,) = document.entries
    assert entry.title == "Council <pauses> scans"
    assert entry.link == "https://harborpost.example/news/1"
    assert entry.id == "n1" or dialect == "rdf-1.0"
    assert entry.published == datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
    assert entry.authors == ("Ann Bell",)
    assert entry.summary == "Six votes to three."
    assert entry.categories == ("City", "AI") or dialect == "atom-0.3"


def test_what_only_some_dialects_tell() -> None:
    rss = read(RSS.replace("{version}", "2.0"))
    assert (rss.language, rss.minimum_interval_seconds) == ("en-gb", 1800)
    assert rss.entries[0].images == (Image("https://harborpost.example/i/1.jpg", 640, 360),)
    assert read(ATOM).language == "en-GB"
    assert read(ATOM).entries[0].updated == datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
    assert read(JSON).entries[0].content_html == "<p>x</p>"


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ('<?xml version="1.0" encoding="ISO-8859-1"?>{rss}'.encode("latin-1"), None),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?>{rss}', None),  # says Latin-1, is UTF-8
        ("{rss}".encode("cp1251", "replace"), "windows-1251"),
        ('<?xml version="1.0" encoding="utf-16"?>{rss}'.encode("utf-16"), None),
        (b'<?xml version="1.0" encoding="utf-16"?>{rss}', None),
        ("\ufeff  \n<br />\n<b>Warning</b>: junk\n<?xml version='1.0'?>{rss}".encode(), "utf-8"),
        (b'<!DOCTYPE rss [<!ENTITY a "b">]>{rss}', None),
    ],
)
def test_encodings_and_leading_junk(body: bytes, charset: str | None) -> None:
    word = "мир" if charset == "windows-1251" else "café"
    encoding = {True: "utf-16"}.get(body.startswith(b"\xff\xfe")) or (
        "latin-1" if b"8859" in body else charset or "utf-8"
    )
    rss = f"<rss version='2.0'><channel><title>{word}</title><item><title>{word} &nbsp;&eacute; AT&T</title><link>/a</link></item></channel></rss>"
    marker = "{rss}".encode(encoding).removeprefix(b"\xff\xfe")
    document = read(body.replace(marker, rss.encode(encoding).removeprefix(b"\xff\xfe")), charset)
    assert document.title == word
    assert document.entries[0].title == f"{word} é AT&T"


def test_relative_links_follow_xml_base() -> None:
    body = ATOM.replace('xml:lang="en-GB"', 'xml:base="https://mirror.example/a/"').replace(
        'href="/news/1"', 'href="news/1"'
    )
    assert read(body).entries[0].link == "https://mirror.example/a/news/1"
    inner = ATOM.replace("<entry>", '<entry xml:base="https://inner.example/b/">').replace(
        'href="/news/1"', 'href="news/1"'
    )
    assert read(inner).entries[0].link == "https://inner.example/b/news/1"


def test_a_guid_is_a_link_only_when_it_says_so() -> None:
    item = "<rss version='2.0'><channel><title>t</title><item><title>a</title><guid{}>https://harborpost.example/p/1</guid></item></channel></rss>"
    assert read(item.format("")).entries[0].link == "https://harborpost.example/p/1"
    assert read(item.format(" isPermaLink='false'")).entries[0].link is None


def test_an_id_that_entries_share_names_none_of_them() -> None:
    items = "".join(f"<item><title>{n}</title><link>/n/{n}</link><guid>same-for-all</guid></item>" for n in range(3))
    assert [
        entry.id for entry in read(f"<rss version='2.0'><channel><title>t</title>{items}</channel></rss>").entries
    ] == [None] * 3


def test_dates_that_cannot_be_known_are_none() -> None:
    body = ATOM.replace("2026-03-02T14:00:00+01:00", "soon").replace("2026-03-02T15:00:00+01:00", "04/11/2020")
    assert (read(body).entries[0].published, read(body).entries[0].updated) == (None, None)


def test_news_sitemap_and_index() -> None:
    sitemap = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
    xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url><loc>/news/1</loc><news:news><news:publication>
    <news:name>Harbor Post</news:name><news:language>en</news:language></news:publication>
    <news:publication_date>2026-03-02T13:00:00Z</news:publication_date><news:title>Council &amp; scans</news:title></news:news>
    <image:image><image:loc>/i/1.jpg</image:loc></image:image></url><url><loc>/about</loc><lastmod>2026-03-01</lastmod></url></urlset>"""
    document = read(sitemap)
    assert document.dialect == "sitemap-news"
    news, about = document.entries
    assert (news.title, news.publisher, news.language) == ("Council & scans", "Harbor Post", "en")
    assert news.link == "https://harborpost.example/news/1"
    assert news.published == datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
    assert news.images[0].url == "https://harborpost.example/i/1.jpg"
    assert (about.title, about.updated) == (None, datetime(2026, 3, 1, tzinfo=UTC))
    index = "<sitemapindex><sitemap><loc>/a.xml</loc><lastmod>2025-01-01</lastmod></sitemap><sitemap><loc>/b.xml</loc><lastmod>2026-01-01</lastmod></sitemap></sitemapindex>"
    assert read(index).next_sitemaps == ("https://harborpost.example/b.xml", "https://harborpost.example/a.xml")


BOMB = (
    '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "&a;" * 10}">' for n in range(9))
    + "]>"
)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"<html><body>no feed</body></html>",
        b"just words",
        b"{}",
        b"[1]",
        b'{"version": "1", "items": 3}',
        b'{"items": ' + b"[" * 100_000,
        b"\x1f\x8b\x08\x00",
        ("<rss><channel>" + "<a/>" * 400_001 + "</channel></rss>").encode(),
        ("<rss " + " ".join(f"xmlns:n{n}='u'" for n in range(600)) + "/>").encode(),
        b"<rss>" + b" " * (15 * 1024 * 1024 + 1),
    ],
)
def test_what_is_no_feed_is_a_typed_error(body: bytes) -> None:
    with pytest.raises(FeedError) as caught:
        read(body)
    assert caught.value.where == ADDRESS


def test_entities_are_neither_expanded_nor_loaded() -> None:
    rss = "<rss version='2.0'><channel><title>&a8;&file;</title><item><title>&a8;&file;</title><link>/a</link></item></channel></rss>"
    document = read(BOMB.replace("]>", '<!ENTITY file SYSTEM "file:///etc/passwd">]>') + rss)
    assert len(document.entries[0].title or "") < 40
    assert "root:" not in repr(document)


def test_counts_are_bounded() -> None:
    items = "<item><title>a</title><link>/a</link></item>" * 5010
    document = read(f"<rss version='2.0'><channel><title>t</title>{items}</channel></rss>")
    assert len(document.entries) == 5000
    assert document.notes == ("10 entries beyond 5000 left out",)


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from(["", "<rss version='2.0'><channel><item>", "<feed><entry><title>", '{"version":"1","items":[{']),
)
def test_no_bytes_break_it(tail: bytes, head: str) -> None:
    try:
        document = read(head.encode() + tail)
    except FeedError:
        return
    assert isinstance(document, FeedDocument)


def found(pages: dict[str, tuple[str, bytes] | int], url: str) -> list[tuple[str, str, str]]:
    candidates = asyncio.run(discover(FakeFetcher(pages), url, guess=True))
    return [(candidate.url, candidate.kind, candidate.found) for candidate in candidates]


def test_feeds_are_discovered() -> None:
    home = "https://harborpost.example/"
    feed = ("application/rss+xml", RSS.replace("{version}", "2.0").encode())
    links = b"""<link rel="alternate" type="application/rss+xml" href="/comments/feed"><link rel=alternate type="application/rss+xml"
    href="/rss"><link rel="alternate" type="application/atom+xml" href="/broken"><link rel="alternate" hreflang="de" href="/de">"""
    page = ("text/html", b"<html><head>" + links + b"</head></html>")
    assert found({home: feed}, home) == [(home, "feed", "given")]
    linked = {home: page, home + "rss": feed, home + "comments/feed": feed, home + "broken": ("text/html", b"<html>")}
    assert found(linked, home) == [(home + "rss", "feed", "link"), (home + "comments/feed", "feed", "link")]
    bare = ("text/html", b"<html></html>")
    sitemap = ("text/xml", b"<urlset><url><loc>/a</loc></url></urlset>")
    robots = ("text/plain", b"User-agent: *\nSitemap: https://harborpost.example/map-news.xml\n")
    guessed = {home: bare, home + "atom.xml": feed, home + "robots.txt": robots, home + "map-news.xml": sitemap}
    assert found(guessed, home) == [(home + "atom.xml", "feed", "path"), (home + "map-news.xml", "sitemap", "robots")]
    assert found({home: bare}, home) == []
    assert found({home: 404, home + "rss": feed}, home) == [(home + "rss", "feed", "path")]


def test_links_that_look_like_feeds_are_followed_where_none_is_declared() -> None:
    home = "https://harborpost.example/"
    feed = ("application/rss+xml", RSS.replace("{version}", "2.0").encode())
    anchors = b"""<a href="/about">About</a><a href="https://reader.example/add?feed=rss">Add</a><a href="/services/feed/">All</a>
    <a href="/x">RSS</a><a href="mailto:a@b.example">Atom</a><a href="/">Feed</a>"""
    web = {home: ("text/html", anchors), home + "services/feed/": feed, home + "x": feed, home + "rss": feed}
    assert found(web, home) == [(home + "services/feed/", "feed", "anchor"), (home + "x", "feed", "anchor")]
    fetcher = FakeFetcher({home: ("text/html", b"<p>nothing"), home + "rss": feed})
    assert asyncio.run(discover(fetcher, home)) == ()
    assert [request.url for request in fetcher.asked] == [home]


@pytest.mark.parametrize(("status", "asked"), [(401, 1), (403, 1), (429, 1), (404, 10), (500, 10)])
def test_discovery_says_what_failed_and_guesses_only_where_that_can_help(status: int, asked: int) -> None:
    home = "https://harborpost.example/"
    web = FakeFetcher({home: status})
    with pytest.raises(FetchError, match=str(status)):
        asyncio.run(discover(web, home, guess=True))
    assert len(web.asked) == asked


def test_discovery_sends_the_owners_headers_to_their_origin() -> None:
    home = "https://harborpost.example/"
    links = b"""<link rel="alternate" type="application/rss+xml" href="/rss"><link rel="alternate" type="application/rss+xml"
    href="https://other.example/rss"><link rel="alternate" type="application/rss+xml" href="/own">"""
    web = FakeFetcher({home: ("text/html", b"<html><head>" + links + b"</head></html>")})
    headers = {home: {"X-Key": "k"}, home + "own": {"X-Key": "o"}}
    asyncio.run(discover(web, home, headers))
    sent = {request.url: request.headers.get("X-Key") for request in web.asked}
    assert (sent[home], sent[home + "rss"], sent[home + "own"]) == ("k", "k", "o")
    assert sent["https://other.example/rss"] is None
