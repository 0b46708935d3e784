"""No bytes make the feed reader raise anything but FeedError, and what it returns can be stored and shown."""

from __future__ import annotations

import json
import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from fake_web import MOMENT
from newsloom.adapters.feeds.reader import DefaultFeedReader
from newsloom.adapters.feeds.values import absolute
from newsloom.errors import FeedError
from newsloom.model.page import FeedDocument, FetchedPage
from newsloom.vocab import urls

ADDRESS = "https://harborpost.example/feeds/all.xml"

SEEDS = [
    b"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Harbor Post</title><link>https://harborpost.example/</link><ttl>30</ttl><item><title>One &amp; two</title><link>/1</link>
<guid isPermaLink="false">g</guid><pubDate>Mon, 02 Mar 2026 13:00:00 GMT</pubDate><dc:creator>Ann Bell</dc:creator><category>City</category>
<description><![CDATA[<p>Six <b>votes</b></p>]]></description><media:group><media:content url="/i.jpg" medium="image" width="6" height="4"/></media:group>
<enclosure url="/a.mp3" type="audio/mpeg" length="1"/></item><item><title>Two</title><link>/2</link></item></channel></rss>""",
    b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en" xml:base="/b/"><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">T</div></title>
<entry xml:base="c/"><id>urn:1</id><title type="html">a &lt;b&gt;</title><link href="x"/><updated>2026-03-02T13:00:00Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>x</p></div></content><source><title>s</title></source></entry></feed>""",
    b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel rdf:about="x"><title>t</title>
</channel><item rdf:about="http://h.example/1"><title>a</title></item></rdf:RDF>""",
    b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>/1</loc>
<news:news><news:title>t &nbsp;</news:title><news:publication_date>2026-03-02</news:publication_date></news:news></url></urlset>""",
    json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "t",
            "items": [{"id": "1", "content_html": "<p>x", "tags": ["a"]}],
        }
    ).encode(),
]
NASTY = [
    b"<", b">", b"&", b"&#0;", b"&#xD800;", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<?", b"<!DOCTYPE a [", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf",
    b"</item>", b"<item>", b"<entry>", b"<title>", b"</title>", b' xmlns:a="', b" xml:base='http://['", b":", b"<:a>", b"<a:b:c>", b"{}", b"\xed\xa0\x80",
    b"<link href='http://[::1'/>", b"<media:group>", b"<author>", b"<source>", b' type="xhtml"', b' mode="base64"', b"\x1f\x8b", b"\\ud800", b"1e999", b"null",
]  # fmt: skip


def read(body: bytes) -> FeedDocument | None:
    try:
        return DefaultFeedReader().read(FetchedPage(ADDRESS, ADDRESS, 200, body, MOMENT))
    except FeedError:
        return None


@settings(max_examples=200, deadline=None)
@given(seed=st.sampled_from(SEEDS), changes=st.integers(1, 12), draw=st.randoms(use_true_random=False))
def test_no_damage_breaks_it(seed: bytes, changes: int, draw: random.Random) -> None:
    body = bytearray(seed)
    for _ in range(changes):
        at, width = draw.randrange(len(body) + 1), draw.choice((0, 0, 1, 5, 40))
        body[at : at + width] = draw.choice([*NASTY, bytes([draw.randrange(256)]), bytes(body[:30])])
    document = read(bytes(body))
    if document is not None:
        for entry in document.entries:
            for text in (
                entry.title,
                entry.summary,
                entry.id,
                entry.content_html,
                entry.publisher,
                *entry.authors,
                *entry.categories,
            ):
                assert text is None or text.encode("utf-8")  # no lone surrogates: it can be stored
            for address in (entry.link, *(image.url for image in entry.images)):
                assert address is None or urls.parse_web(address) is not None


@settings(max_examples=100, deadline=None)
@given(seed=st.sampled_from(SEEDS), cut=st.floats(0, 1))
def test_a_part_of_a_feed_never_gives_other_entries_than_the_whole(seed: bytes, cut: float) -> None:
    whole, part = read(seed), read(seed[: int(len(seed) * cut)])
    assert whole is not None
    if part is not None and len(part.entries) > 1:
        assert part.entries[:-1] == tuple(replace(entry) for entry in whole.entries[: len(part.entries) - 1])


@settings(max_examples=300, deadline=None)
@given(
    host=st.from_regex(r"[a-z0-9.-]{1,20}\.[a-z]{2,5}", fullmatch=True),
    path=st.text(st.sampled_from("abzAZ09/._~&=?+,;:@!$*()-%'\\|^[]{}# \t<>é"), max_size=30),
    scheme=st.sampled_from(["http://", "https://", "HTTP://", "https:/"]),
)
def test_addresses_are_the_browsers(host: str, path: str, scheme: str) -> None:
    address = f"{scheme}{host}/{path}"
    assert absolute(address, ADDRESS) == urls.resolve(ADDRESS, address.strip())
