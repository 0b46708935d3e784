"""Feeds and redirects in an archive: a crawl is read as the web was that it is of."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from invented_bench import NOW, Desk
from invented_news import feed, page, stories
from newsloom import pipeline
from newsloom.adapters.archive.reader import LocalArchiveReader
from newsloom.flow.signposts import Moves
from newsloom.model.item import Item
from newsloom.model.page import ArchivedMove, ArchivedPage
from newsloom.model.source import Source
from newsloom.reading import FeedTold, PageTold, Told, read_anything

BASE = "https://harborpost.example"
WARC = Source("crawl.warc.gz", kind="warc")
FIRST, SECOND, MISSING = stories(3)
FEED_DAY = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Answer:
    """What a server answered when the crawler came."""

    path: str
    body: bytes = b""
    media_type: str = "text/html; charset=utf-8"
    status: str = "200 OK"
    headers: tuple[str, ...] = ()
    day: int = 2


def moved(path: str, location: str, status: str = "301 Moved Permanently") -> Answer:
    return Answer(path, status=status, headers=(f"Location: {location}",))


def packed(answers: list[Answer]) -> bytes:
    members = []
    for number, answer in enumerate(answers):
        head = [f"HTTP/1.1 {answer.status}", f"Content-Type: {answer.media_type}", *answer.headers]
        payload = "\r\n".join(head).encode() + b"\r\n\r\n" + answer.body
        lines = [
            "WARC/1.1",
            "WARC-Type: response",
            f"WARC-Target-URI: {answer.path if '://' in answer.path else BASE + answer.path}",
            f"WARC-Date: 2026-03-{answer.day:02}T12:00:00Z",
            f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012d}>",
            "Content-Type: application/http; msgtype=response",
            f"Content-Length: {len(payload)}",
        ]
        members.append(gzip.compress("\r\n".join(lines).encode() + b"\r\n\r\n" + payload + b"\r\n\r\n"))
    return b"".join(members)


FEED = feed([FIRST, SECOND, MISSING], BASE).replace(
    f"<link>{BASE}{SECOND.path}".encode(), f"<link>{BASE}/go/2".encode()
)
CRAWL = [
    Answer(FIRST.path, page(FIRST, BASE), day=3),
    Answer("/feed.xml", FEED, "application/rss+xml"),
    moved("/go/2", "/hop/2", "302 Found"),
    moved("/hop/2", SECOND.path),
    Answer(SECOND.path, page(SECOND, BASE), day=3),
    Answer("/robots.txt", b"User-agent: *", "text/plain"),
]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.store.close()


def imported(desk: Desk, answers: list[Answer]) -> dict[str, Item]:
    (desk.folder / WARC.url).write_bytes(packed(answers))
    pipeline.import_archive(desk.bench, WARC, NOW)
    with desk.store.begin() as work:
        return {item.article.title: item for item in work.items.iter_all()}


def signposts(folder: Path, answers: list[Answer]) -> list[ArchivedPage | ArchivedMove]:
    (folder / WARC.url).write_bytes(packed(answers))
    return list(LocalArchiveReader(folder).signposts(WARC))


def test_a_feed_in_the_archive_leads_to_its_pages_and_stands_for_those_that_are_not_there(desk: Desk) -> None:
    items = imported(desk, CRAWL)
    assert set(items) == {FIRST.title, SECOND.title, MISSING.title}
    assert items[FIRST.title].article.article_body
    assert items[FIRST.title].first_seen == FEED_DAY
    assert items[MISSING.title].article.unread == "gone"
    assert not items[MISSING.title].article.article_body


def test_redirects_are_followed_from_the_feed_to_the_page(desk: Desk) -> None:
    article = imported(desk, CRAWL)[SECOND.title].article
    assert not article.unread
    assert article.article_body
    assert (article.original_url, article.url) == (f"{BASE}/go/2", BASE + SECOND.path)


def test_reading_it_again_adds_nothing(desk: Desk) -> None:
    before = imported(desk, CRAWL)
    assert imported(desk, CRAWL) == before


def test_an_archive_without_feeds_gives_its_pages_as_they_lie(desk: Desk) -> None:
    items = imported(desk, [answer for answer in CRAWL if answer.path != "/feed.xml"])
    assert set(items) == {FIRST.title, SECOND.title}
    assert items[FIRST.title].first_seen == datetime(2026, 3, 3, 12, tzinfo=UTC)


def test_guids_of_two_publishers_that_count_alike_are_two(desk: Desk) -> None:
    other = "https://canalnews.example"
    feeds = [
        Answer(
            f"{base}/feed.xml",
            feed([story], base).replace(f"<guid>{base}{story.path}".encode(), b"<guid>1"),
            "text/xml",
        )
        for base, story in ((BASE, FIRST), (other, SECOND))
    ]
    assert set(imported(desk, feeds)) == {FIRST.title, SECOND.title}


@pytest.mark.parametrize(
    ("media_type", "body", "is_feed"),
    [
        ("application/rss+xml", FEED, True),
        ("application/atom+xml; charset=utf-8", b"<feed xmlns='http://www.w3.org/2005/Atom'/>", True),
        ("application/feed+json", b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', True),
        ("text/xml", b"<?xml version='1.0'?>\n<!-- made by hand -->\n<rss version='2.0'/>", True),
        ("text/html", b"\xef\xbb\xbf<?xml version='1.0'?><rdf:RDF xmlns:rdf='x'/>", True),
        ("text/xml", b"<?xml version='1.0'?><urlset/>", False),
        ("text/html", b"<html><p>About &lt;rss&gt; feeds</p></html>", False),
        ("application/json", b'{"a": 1}', False),
        ("image/svg+xml", b"<svg/>", False),
    ],
)
def test_what_is_a_feed(tmp_path: Path, media_type: str, body: bytes, is_feed: bool) -> None:
    found = signposts(tmp_path, [Answer("/x", body, media_type)])
    assert [one.body for one in found if isinstance(one, ArchivedPage)] == ([body] if is_feed else [])
    pages = list(LocalArchiveReader(tmp_path).pages(WARC))
    assert [one.url for one in pages] == ([f"{BASE}/x"] if media_type == "text/html" and not is_feed else [])


def test_packed_feeds_and_large_ones_come_whole(tmp_path: Path) -> None:
    large = FEED.replace(b"</channel>", b"<item><title>x</title></item>" * 2_000 + b"</channel>")
    answers = [
        Answer("/large.xml", large, "text/xml"),
        Answer("/packed.xml", gzip.compress(large), "text/xml", headers=("Content-Encoding: gzip",)),
    ]
    assert [one.body for one in signposts(tmp_path, answers) if isinstance(one, ArchivedPage)] == [large, large]


def test_redirects_that_lead_nowhere_are_none(tmp_path: Path) -> None:
    answers = [
        moved("/a", ""),
        moved("/b", "javascript:alert(1)"),
        moved("/c", "/d", "304 Not Modified"),
        moved("/e", "f?x=1"),
    ]
    assert signposts(tmp_path, answers) == [ArchivedMove(f"{BASE}/e", f"{BASE}/f?x=1")]


def test_moves_in_a_circle_and_without_end_leave_an_address_where_it_is() -> None:
    moves = Moves()
    for number in range(40):
        moves.add(ArchivedMove(f"{BASE}/{number}", f"{BASE}/{number + 1}"))
    moves.add(ArchivedMove(f"{BASE}/x", f"{BASE}/y"))
    moves.add(ArchivedMove(f"{BASE}/y", f"{BASE}/x"))
    assert moves.place(f"{BASE}/0") == moves.place(f"{BASE}/0?utm_source=feed") == "harborpost.example/0"
    assert moves.place(f"{BASE}/35") == "harborpost.example/40"
    assert moves.place(f"{BASE}/x") == "harborpost.example/x"


def read(path: Path, place: str) -> Told:
    return asyncio.run(read_anything(str(path), url=BASE + place, portal=None, engine=None, compare=False))


def test_read_follows_redirects_and_reads_feeds_of_an_archive(tmp_path: Path) -> None:
    path = tmp_path / WARC.url
    path.write_bytes(packed(CRAWL))
    one = read(path, "/go/2")
    assert isinstance(one, PageTold)
    assert one.article.title == SECOND.title
    listed = read(path, "/feed.xml")
    assert isinstance(listed, FeedTold)
    assert len(listed.document.entries) == 3
