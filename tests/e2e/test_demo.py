"""`newsloom demo`: ten days of an invented web, judged against its truth, and the portal it leaves."""

from __future__ import annotations

import json
import re
import urllib.request

import feedparser
from lxml import etree

from newsloom.adapters.feeds.reader import DefaultFeedReader
from newsloom.demo.world import STEPS
from newsloom.model.page import FetchedPage
from newsloom.vocab.frontmatter import parse, serialise
from portal_runs import Demo, done, newsloom, record_files, start


def test_the_portal_tells_what_happened(demo: Demo) -> None:
    judged = demo.told["evaluation"]
    assert judged["items"] >= 120
    assert judged["records"] == judged["matched"] == judged["items"]
    assert (judged["missing"], judged["unknown"], judged["duplicate_records"]) == ([], [], [])
    assert judged["false_merges"] == []
    assert judged["bcubed_f1"] >= 0.90
    assert judged["spam"] > 0
    assert judged["spam_published"] == []
    assert judged["published"] >= 20


def test_every_day_brought_something_and_trouble_was_named(demo: Demo) -> None:
    days = demo.told["days"]
    assert list(days) == sorted({step.strftime("%Y-%m-%d") for step in STEPS})
    assert sum(day["new_items"] for day in days.values()) == demo.told["evaluation"]["records"]
    assert sum(day["copies"] for day in days.values()) > 0
    # The web has a feed that is broken, one that is unreachable, one that vanishes and a host that asks for patience.
    assert sum(day["sources_failed"] for day in days.values()) >= 3
    assert sum(day["feed_only"] for day in days.values()) >= 2


def test_every_record_parses_and_comes_back_byte_for_byte(demo: Demo) -> None:
    paths = sorted((demo.portal / "_news").glob("*.md"))
    assert len(paths) == demo.told["evaluation"]["records"]
    for path in paths:
        data = path.read_bytes()
        assert serialise(parse(data, path=path.name)) == data
    assert done("records", "check", "--portal", demo.portal, "--json").json["quarantined"] == []


def test_every_story_and_item_has_its_page(demo: Demo) -> None:
    site = demo.portal / "_site"
    published = [file for file in record_files(demo.portal) if file.record.published]
    for file in published:
        slug = file.path.removeprefix("_news/").removesuffix(".md")
        assert (site / "news" / slug / "index.html").is_file(), file.path
    # A page links only to pages that are there.
    for path in site.rglob("*.html"):
        for target in re.findall(r'(?:href|src)="(/[^"#?]*)', path.read_text("utf-8")):
            place = site / target.lstrip("/")
            assert place.is_file() or (place / "index.html").is_file(), f"{path}: {target}"
    stories = {file.record.bookkeeping.story for file in published if file.record.bookkeeping}
    members = [file.record.bookkeeping.story for file in record_files(demo.portal) if file.record.bookkeeping]
    for story in stories:
        if story and members.count(story) > 1:
            assert (site / "stories" / story / "index.html").is_file(), story


def test_the_api_and_the_feeds_parse(demo: Demo) -> None:
    site = demo.portal / "_site"
    answers = sorted((site / "api").rglob("*.json"))
    assert len(answers) > 10
    first = json.loads((site / "api/news/index.json").read_text("utf-8"))
    assert first["page"] == 1
    assert 0 < len(first["value"]) <= 25
    for path in answers:
        json.loads(path.read_text("utf-8"))
    feeds = [path for name in ("feed.xml", "atom.xml", "feed.json") for path in site.rglob(name)]
    assert len(feeds) >= 6
    for path in feeds:
        page = FetchedPage("https://x.example/", "https://x.example/", 200, path.read_bytes(), STEPS[-1])
        read = DefaultFeedReader().read(page)
        assert read.title
        if path.suffix == ".xml":
            etree.parse(path)
            assert not feedparser.parse(path.read_bytes()).bozo, path
    assert (
        DefaultFeedReader()
        .read(FetchedPage("https://x.example/", "https://x.example/", 200, (site / "feed.xml").read_bytes(), STEPS[-1]))
        .entries
    )
    etree.parse(site / "sources.opml")


def test_the_portal_can_be_served(demo: Demo) -> None:
    server = start("serve", "--portal", demo.portal, "--port", 0)
    try:
        assert server.stdout is not None
        address = re.search(r"http://\S+", server.stdout.readline())
        assert address
        with urllib.request.urlopen(address[0], timeout=30) as answer:
            assert answer.status == 200
            assert b"Harbour Lights" in answer.read()
    finally:
        server.terminate()
        server.communicate(timeout=30)


def test_every_number_is_the_sum_of_its_terms(demo: Demo) -> None:
    for file in record_files(demo.portal):
        book = file.record.bookkeeping
        assert book is not None
        assert sum(book.quality_parts.values()) == file.record.quality
        assert sum(book.heat_parts.values()) == file.record.heat
        assert (file.record.heat == -1) == (book.lead is False), file.path


def test_doctor_names_what_is_wrong_with_the_web(demo: Demo) -> None:
    told = newsloom("doctor", "--portal", demo.portal, "--json")
    assert told.code == 1
    errors = [finding["what"] for finding in told.json["findings"] if finding["level"] == "error"]
    assert any("gone" in what for what in errors)
    assert all(finding["fix"] for finding in told.json["findings"] if finding["level"] == "error")
