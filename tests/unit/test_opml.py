"""OPML: sources come back as they went, other programs' lists are read as far as can be, attacks are refused."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from newsloom.adapters.files.opml import read_opml, read_sources, write_opml
from newsloom.errors import ConfigError
from newsloom.model.source import Source
from shared_data import shared

EVERYTHING = (
    Source("https://harborpost.example/feed", title="Harbor Post", site_url="https://harborpost.example/", folders=("News", "Local"),
           categories=("/tech/ai", "city"), topics=("AI", "Facial Recognition, in cities"), standing=80, licence="CC-BY-4.0", language="en-GB"),
    Source("https://quiet.example/sitemap.xml", kind="sitemap", folders=("News",)),
    Source("https://quiet.example/notices?a=1&b=2", kind="page"),
    Source("archives/2026", kind="html", title="Old pages"),
    Source("/data/crawl.warc.gz", kind="warc", folders=("News", "Local"), standing=0),
)  # fmt: skip


def test_everything_comes_back() -> None:
    data = write_opml(EVERYTHING, title="My <list> & more", now=datetime(2026, 3, 2, tzinfo=UTC))
    assert read_opml(data) == (EVERYTHING, ())
    assert write_opml(read_opml(data)[0], title="My <list> & more", now=datetime(2026, 3, 2, tzinfo=UTC)) == data
    root = etree.fromstring(data)
    assert root.get("version") == "2.0"
    assert root.findtext("head/title") == "My <list> & more"
    feed = root.find(".//outline[@type='rss']")
    assert feed is not None
    assert (feed.get("text"), feed.get("xmlUrl")) == ("Harbor Post", "https://harborpost.example/feed")


WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=12)
NAMES = WORDS.filter(lambda word: not set(word) & set(",;"))
SOURCES = st.builds(
    Source,
    url=st.integers(0, 10**6).map(lambda number: f"https://p{number}.example/feed?a=1&b=2"),
    kind=st.sampled_from(["feed", "sitemap", "page"]),
    title=st.none() | WORDS,
    site_url=st.none() | st.just("https://p.example/"),
    folders=st.lists(WORDS, max_size=3).map(tuple),
    categories=st.lists(NAMES, max_size=3, unique=True).map(tuple),
    topics=st.lists(NAMES, max_size=3, unique=True).map(tuple),
    standing=st.none() | st.integers(0, 100),
    licence=st.none() | WORDS,
    language=st.none() | st.just("de"),
)


@given(st.lists(SOURCES, max_size=8, unique_by=lambda source: source.url))
def test_round_trip_loses_nothing(sources: list[Source]) -> None:
    assert read_opml(write_opml(sources, title="t")) == (tuple(sources), ())


def test_other_programs_lists() -> None:
    data = b"""\xef\xbb\xbf
    <opml version="1.1"><body><outline TEXT="News & Co"><outline Title="A &amp; B" XMLURL="http://a.example/feed?x=1&y=2" htmlURL="http://a.example/">
    <outline text="no address" type="rss"/><outline type="rss" text="B" url="feed://b.example/rss"></outline>
    <outline type="link" text="C" url="http://c.example/"/><outline text="D" xmlUrl="javascript:alert(1)"/>
    <outline text="A again" xmlUrl="http://a.example/feed?x=1&y=2"/></body>"""
    sources, notes = read_opml(data)
    assert sources == (
        Source("http://a.example/feed?x=1&y=2", title="A & B", site_url="http://a.example/", folders=("News & Co",)),
        Source("http://b.example/rss", title="B", folders=("News & Co",)),
    )
    assert len(notes) == 4
    assert "no well-formed XML" in notes[0]
    assert all(note.startswith("line ") for note in notes[1:])


def test_folders_keep_their_order_when_they_come_back_later() -> None:
    sources = tuple(
        Source(f"https://p{n}.example/", folders=folders)
        for n, folders in enumerate([("A",), ("B",), ("A",), (), ("A", "B")])
    )
    assert read_opml(write_opml(sources, title="t"))[0] == sources


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('<outline xmlUrl="https://a.example/" newsloom:kind="blog"/>', "'blog' is no kind"),
        ('<outline xmlUrl="https://a.example/" newsloom:standing="200"/>', "standing '200'"),
        ('<outline xmlUrl="ftp://a.example/"/>', "no http or https address"),
        ('<outline type="rss" text="x"/>', "no xmlUrl"),
        ("<outline xmlUrl='https://a.example/?a=1&b=2'/>", "no well-formed XML"),
    ],
)
def test_a_wrong_portal_file_names_the_line(tmp_path: Path, line: str, problem: str) -> None:
    path = tmp_path / "sources.opml"
    path.write_text(
        f'<opml version="2.0" xmlns:newsloom="https://newsloom.org/ns/opml">\n<body>\n{line}\n</body>\n</opml>'
    )
    with pytest.raises(ConfigError, match=problem) as caught:
        read_sources(path)
    assert caught.value.where == f"{path}:3"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><body>no</body></html>",
        b"\x00\x01\x02",
        b'<!DOCTYPE opml [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><opml><body><outline xmlUrl="http://a.example/&c;"/></body></opml>',
        b'<!doctype opml [<!entity a SYSTEM "file:///etc/passwd">]><opml><body>&a;</body></opml>',
        b"<opml>" + b" " * (32 * 1024 * 1024),
    ],
)
def test_what_is_no_list_is_refused(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        read_opml(data)
    path = tmp_path / "sources.opml"
    path.write_bytes(data)
    with pytest.raises(ConfigError) as caught:
        read_sources(path)
    assert str(path) in caught.value.where


def test_depth_is_bounded() -> None:
    nested = "<outline text='a'>" * 100 + "<outline xmlUrl='http://a.example/'/>" + "</outline>" * 100
    sources, notes = read_opml(f"<opml><body>{nested}</body></opml>".encode())
    assert sources == ()
    assert notes


def test_a_missing_file_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_sources(tmp_path / "sources.opml")


def test_lists_of_the_shared_suite_do_not_crash_it() -> None:
    files = sorted((shared("suites", "feedvalidator") / "cases").rglob("*.opml"))
    assert files
    refused = []
    for file in files:
        try:
            read_opml(file.read_bytes())
        except ConfigError:
            refused.append(file.name)
    # One of them has a root that is not OPML's; every other is read, whatever the validator says of it.
    assert len(refused) <= 1 + len(files) // 20


def test_a_broken_list_is_told_with_one_place(tmp_path: Path) -> None:
    path = tmp_path / "sources.opml"
    path.write_text('<opml version="2.0">\n<body><outline xmlUrl="https://x.example/</body></opml>')
    with pytest.raises(ConfigError) as caught:
        read_sources(path)
    assert caught.value.where == f"{path}:2"
    assert "line" not in caught.value.message
