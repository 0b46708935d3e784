"""Hosts that ask for patience and pages that fail: nothing is lost, nothing is asked too soon, everything is named."""

from __future__ import annotations

from datetime import UTC, timedelta
from pathlib import Path

import pytest

from invented_news import NOW, Story, feed, put, stories, write_portal
from loopback_web import Answer, LoopbackWeb
from portal_runs import Told, done, newsloom, record_files, records


@pytest.fixture
def portal(web: LoopbackWeb, tmp_path: Path) -> Path:
    return write_portal(tmp_path / "portal", web.url + "/feed.xml")


def run(portal: Path, after: timedelta = timedelta()) -> Told:
    return done("run", "--portal", portal, "--now", (NOW + after).strftime("%Y-%m-%dT%H:%M:%SZ"))


def page_read(portal: Path, story: Story) -> bool:
    """Return whether the record of *story* was made of its page, and not of its feed's words only."""
    book = records(portal)[story.title].record.bookkeeping
    assert book
    return book.methods["webUrl"] != "feed:link"


def test_a_throttled_host_is_left_alone_and_read_later(portal: Path, web: LoopbackWeb) -> None:
    news = stories(5)
    put(web, news)
    pages = {story.path: web.pages[story.path] for story in news}
    for path in pages:
        web.pages[path] = Answer(b"", "text/plain", 429, {"Retry-After": "7200"})
    told = run(portal)
    assert len([path for path in web.paths() if path in pages]) == 1, "after the first 429 the host has its silence"
    assert "tried again after 2026-03-03 14:00 UTC" in told.err
    assert record_files(portal) == []
    web.asked.clear()
    run(portal, timedelta(minutes=90))
    assert web.asked == [], "neither the pages nor the feed of that host are asked before it allows it"
    web.pages.update(pages)
    run(portal, timedelta(hours=2, minutes=1))
    assert set(records(portal)) == {story.title for story in news}
    assert all(page_read(portal, story) for story in news)


def test_a_throttled_feed_has_not_failed(portal: Path, web: LoopbackWeb) -> None:
    put(web, stories(3))
    good = web.pages["/feed.xml"]
    date = (NOW + timedelta(hours=5)).astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
    web.pages["/feed.xml"] = Answer(b"", "text/plain", 429, {"Retry-After": date})
    assert "source-failed" in run(portal).err
    web.asked.clear()
    run(portal, timedelta(hours=4))
    assert web.asked == []
    web.pages["/feed.xml"] = good
    run(portal, timedelta(hours=5, minutes=30))
    assert len(record_files(portal)) == 3


def test_a_page_that_keeps_failing_is_kept_as_its_feed_tells_it(portal: Path, web: LoopbackWeb) -> None:
    good, bad = stories(2)
    put(web, [good, bad])
    web.pages[bad.path] = Answer(b"", "text/plain", 500)
    tries = 0
    for hours in range(25):
        web.asked.clear()
        told = run(portal, timedelta(hours=hours))
        tries += bad.path in web.paths()
        if "feed-only" in told.err:
            break
        assert set(records(portal)) == {good.title}
    assert tries == 4
    assert f"feed-only {web.url}{bad.path}" in told.err
    assert "answered 500" in told.err
    assert not page_read(portal, bad)
    assert page_read(portal, good)
    web.asked.clear()
    run(portal, timedelta(days=2))
    assert bad.path not in web.paths(), "it is not tried for ever"


def test_a_host_that_never_lets_us_in_does_not_swallow_its_items(portal: Path, web: LoopbackWeb) -> None:
    """A 503 to every page, for ever, is patience without an end: after some days the feed's words are better than nothing."""
    other = LoopbackWeb()
    with other:
        news = stories(2)
        put(other, news)
        web.pages["/feed.xml"] = Answer(feed(news, other.url), "application/rss+xml")
        for story in news:
            other.pages[story.path] = Answer(b"", "text/plain", 503)
        for day in range(4):
            run(portal, timedelta(days=day))
            assert record_files(portal) == []
        told = run(portal, timedelta(days=4))
        while len(record_files(portal)) < 2 and day < 9:
            day += 1
            told = run(portal, timedelta(days=day))
        assert set(records(portal)) == {story.title for story in news}
        assert "feed-only" in told.err


def test_a_page_that_only_scripts_can_show_is_named(portal: Path, web: LoopbackWeb) -> None:
    story = stories(1)[0]
    put(web, [story])
    web.pages[story.path] = Answer(
        b'<!doctype html><html><head><title>App</title><script src="/app.js"></script></head>'
        b'<body><noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div></body></html>'
    )
    told = run(portal)
    line = next(line for line in told.err.splitlines() if "feed-only" in line)
    assert web.url + story.path in line
    assert "scripts" in line
    assert "1 from the feed only" in told.out
    assert list(records(portal)) == [story.title]


def test_what_robots_txt_forbids_is_not_asked_for(portal: Path, web: LoopbackWeb) -> None:
    news = stories(2)
    put(web, news)
    web.pages["/robots.txt"] = Answer(f"User-agent: *\nDisallow: {news[0].path}\n".encode(), "text/plain")
    told = run(portal)
    assert "robots.txt" in next(line for line in told.err.splitlines() if "feed-only" in line)
    assert news[0].path not in web.paths()
    assert not page_read(portal, news[0])


def test_an_index_of_sitemaps_is_read_though_it_did_not_change(portal: Path, web: LoopbackWeb) -> None:
    """Its sitemaps have, and an index without dates does not tell."""
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    web.pages["/index.xml"] = Answer(
        f"<sitemapindex {space}><sitemap><loc>{web.url}/news.xml</loc></sitemap></sitemapindex>".encode(), "application/xml"
    )  # fmt: skip

    def show(news: list[Story]) -> None:
        put(web, news)
        rows = "".join(f"<url><loc>{web.url}{story.path}</loc></url>" for story in news)
        web.pages["/news.xml"] = Answer(f"<urlset {space}>{rows}</urlset>".encode(), "application/xml")

    (portal / "sources.opml").write_text(
        '<opml version="2.0" xmlns:newsloom="https://newsloom.org/ns/opml"><body>'
        f'<outline newsloom:kind="sitemap" text="S" url="{web.url}/index.xml"/></body></opml>'
    )
    show(stories(2))
    run(portal)
    assert len(record_files(portal)) == 2
    show(stories(3))
    run(portal, timedelta(days=2))
    assert len(record_files(portal)) == 3


def test_two_sources_that_moved_to_one_place(web: LoopbackWeb, tmp_path: Path) -> None:
    put(web, stories(3))
    for old in ("/a.xml", "/b.xml"):
        web.pages[old] = Answer(b"", status=301, headers={"Location": web.url + "/feed.xml"})
    portal = write_portal(tmp_path / "portal", web.url + "/a.xml", web.url + "/b.xml")
    for day in range(5):
        run(portal, timedelta(days=2 * day))
    assert len(record_files(portal)) == 3
    # Both were believed to have moved, and both are polled there: neither is asked again before it is due.
    web.asked.clear()
    run(portal, timedelta(days=8))
    assert web.paths() == []
    told = newsloom("doctor", "--portal", portal).out
    assert told.count("moved for good to") == 2


def test_a_run_takes_the_newest_entries_of_a_long_feed(web: LoopbackWeb, tmp_path: Path) -> None:
    news = stories(7)
    put(web, news)
    portal = write_portal(tmp_path / "portal", web.url + "/feed.xml", settings="entries_per_source = 3\n")
    run(portal)
    assert set(records(portal)) == {story.title for story in news[-3:]}
