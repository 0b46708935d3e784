"""Feeds and sitemaps, read back by other people's parsers."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import feedparser
import pytest
from lxml import etree

from invented_edition import NOW, SITE, invented, record_file
from newsloom.model.portal import Edition, SiteOptions
from newsloom.publish.feeds import Feeds
from newsloom.publish.opml import SourceList
from newsloom.publish.sitemap import Sitemap

SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "n": "http://www.google.com/schemas/sitemap-news/0.9"}
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture(scope="module")
def feeds() -> dict[str, bytes]:
    return {file.path: file.body for file in Feeds().files(invented())}


def test_whole_portal_and_every_topic_have_three_feeds(feeds: dict[str, bytes]) -> None:
    folders = (
        "",
        *(f"topics/{t}/" for t in ("ai", "facial-recognition", "city-policy", "privacy", "robots", "warehouse-robots")),
    )
    assert set(feeds) == {f"{folder}{name}" for folder in folders for name in ("feed.xml", "atom.xml", "feed.json")}


@pytest.mark.parametrize("path", ["feed.xml", "atom.xml"])
def test_feedparser_reads_it_back(feeds: dict[str, bytes], path: str) -> None:
    read = feedparser.parse(feeds[path])
    assert not read.bozo
    assert read.feed.title == SITE.title and read.feed.link == "https://news.example/portal/"
    first = read.entries[0]
    assert first.title == "Coalition of seventy-five groups presses Chicago to drop face recognition for good"
    assert first.link == "https://dunmoreledger.example/2026/3"
    assert first.id.startswith("urn:uuid:")
    assert datetime(*first.published_parsed[:6], tzinfo=UTC) == datetime(2026, 3, 10, 2, 9, tzinfo=UTC)
    assert [tag.term for tag in first.tags] == ["AI", "Facial Recognition"]
    assert [author.name for author in first.authors] == ["Ada Brill", "Tomás Quint"]
    assert first.media_thumbnail[0]["url"].startswith("https://news.example/portal/images/")
    dates = [entry.published_parsed for entry in read.entries]
    assert dates == sorted(dates, reverse=True) and len(read.entries) == 50


@pytest.mark.parametrize("path", ["feed.xml", "atom.xml"])
def test_hostile_text_comes_back_as_text(feeds: dict[str, bytes], path: str) -> None:
    root = etree.fromstring(feeds[path])
    titles = [node.text for node in root.iter("{*}title")]
    said = '<script>alert("x")</script> & "quotes" </title> ]]> \ufffd'
    # RSS cannot say that a title is text, and readers take it for HTML: what would be markup there is escaped once more.
    assert (said.replace("<", "&lt;") if path == "feed.xml" else said) in titles
    entry = next(e for e in feedparser.parse(feeds[path]).entries if "quotes" in e.title)
    # Atom says that its summary is text; in RSS a reader must take it for HTML.
    assert entry.summary_detail.type == ("text/plain" if path == "atom.xml" else "text/html")
    assert ("&lt;img" if path == "feed.xml" else "<img") in entry.summary


def test_rss_description_is_escaped_twice_since_readers_take_it_for_html() -> None:
    site = Edition((record_file(1, "t", excerpt="a < b & <b>c</b>"),), (), (), SITE, NOW)
    (rss, *_) = Feeds().files(site)
    assert etree.fromstring(rss.body).findtext(".//item/description") == "a &lt; b &amp; &lt;b&gt;c&lt;/b&gt;"


def test_same_ids_in_all_three_and_under_another_address(feeds: dict[str, bytes]) -> None:
    moved = {f.path: f.body for f in Feeds().files(invented(replace(SITE, url="https://else.example", base_path="")))}
    ids = {}
    for name, made in (("here", feeds), ("moved", moved)):
        ids[name, "rss"] = [n.text for n in etree.fromstring(made["feed.xml"]).iter("guid")]
        ids[name, "atom"] = [n.text for n in etree.fromstring(made["atom.xml"]).findall("a:entry/a:id", ATOM)]
        ids[name, "json"] = [item["id"] for item in json.loads(made["feed.json"])["items"]]
    assert len({tuple(of_one) for of_one in ids.values()}) == 1
    assert len(set(ids["here", "rss"])) == 50


def test_atom_has_what_rfc_4287_demands(feeds: dict[str, bytes]) -> None:
    root = etree.fromstring(feeds["topics/privacy/atom.xml"])
    for element in (root, *root.findall("a:entry", ATOM)):
        for required in ("id", "title", "updated"):
            assert len(element.findall(f"a:{required}", ATOM)) == 1
        assert element.find("a:author/a:name", ATOM) is not None
        assert [link for link in element.findall("a:link", ATOM) if link.get("rel") == "alternate"]
    assert root.findtext("a:updated", namespaces=ATOM) == max(
        n.text or "" for n in root.findall("a:entry/a:updated", ATOM)
    )


def test_json_feed_has_what_version_1_1_demands(feeds: dict[str, bytes]) -> None:
    told = json.loads(feeds["feed.json"])
    assert told["version"] == "https://jsonfeed.org/version/1.1" and told["title"]
    first = told["items"][0]
    assert first["url"] == "https://news.example/portal/news/2026-03-10-item-3/"
    assert first["external_url"] == "https://dunmoreledger.example/2026/3"
    assert first["date_modified"] == "2026-03-10T10:00:00Z"
    assert all(item["id"] and item["content_text"] for item in told["items"])
    assert None not in [value for item in told["items"] for value in item.values()]


def test_a_feed_is_as_old_as_its_newest_item(feeds: dict[str, bytes]) -> None:
    assert {f.path: f.body for f in Feeds().files(replace(invented(), now=NOW + timedelta(days=9)))} == feeds
    (_, atom, _) = Feeds().files(Edition((), (), (), SITE, NOW))
    assert etree.fromstring(atom.body).findtext("a:updated", namespaces=ATOM) == "1970-01-01T00:00:00Z"


def test_without_an_address_links_still_lead_to_the_originals() -> None:
    rss, _, told = list(Feeds().files(invented(SiteOptions(title="x"))))[:3]
    read = feedparser.parse(rss.body)
    assert read.entries[0].link == "https://dunmoreledger.example/2026/3"
    assert json.loads(told.body)["items"][0]["url"] == "https://dunmoreledger.example/2026/3"


def test_source_of_an_item_is_told_without_a_subscribers_key() -> None:
    files = (
        record_file(1, "a", source="https://a.example/feed"),
        record_file(2, "b", source="https://b.example/feed?key=1"),
    )
    (rss, *_) = Feeds().files(Edition(files, (), (), SITE, NOW))
    assert [node.get("url") for node in etree.fromstring(rss.body).iter("source")] == ["https://a.example/feed"]


def test_sitemap_names_own_pages_with_their_true_age() -> None:
    made = {f.path: f.body for f in Sitemap().files(invented())}
    root = etree.fromstring(made["sitemap.xml"])
    ages = {node.findtext("s:loc", namespaces=SITEMAP): node.findtext("s:lastmod", namespaces=SITEMAP) for node in root}
    assert all(str(address).startswith("https://news.example/portal/") for address in ages)
    assert ages["https://news.example/portal/stories/sbig/"] == "2026-03-10T02:09:00Z"
    assert ages["https://news.example/portal/news/2026-03-10-item-3/"] == "2026-03-10T10:00:00Z"
    assert b"Sitemap: https://news.example/portal/sitemap.xml\n" in made["robots.txt"]


def test_large_sitemap_is_cut_under_an_index() -> None:
    whole = {f.path: f.body for f in Sitemap().files(invented())}
    made = {f.path: f.body for f in Sitemap(largest=20).files(invented())}
    index = etree.fromstring(made["sitemap.xml"])
    assert index.tag.endswith("sitemapindex")
    names = [str(node.text).rsplit("/", 1)[1] for node in index.iter("{*}loc")]
    parts = [node.text for name in names for node in etree.fromstring(made[name]).iter("{*}loc")]
    assert parts == [node.text for node in etree.fromstring(whole["sitemap.xml"]).iter("{*}loc")]
    assert all(len(etree.fromstring(made[name])) <= 20 for name in names)


def test_news_sitemap_holds_the_last_two_days() -> None:
    root = etree.fromstring({f.path: f.body for f in Sitemap().files(invented())}["news-sitemap.xml"])
    found = [
        (n.findtext("s:loc", namespaces=SITEMAP), n.findtext("n:news/n:publication_date", namespaces=SITEMAP))
        for n in root
    ]
    assert found == [
        ("https://news.example/portal/news/2026-03-10-item-3/", "2026-03-10T02:09:00Z"),
        ("https://news.example/portal/news/2026-03-08-item-14/", "2026-03-08T17:02:00Z"),
    ]
    assert root.findtext("s:url/n:news/n:publication/n:language", namespaces=SITEMAP) == "en"
    later = {f.path: f.body for f in Sitemap().files(replace(invented(), now=NOW + timedelta(days=9)))}
    assert len(etree.fromstring(later["news-sitemap.xml"])) == 0


def test_no_sitemap_without_an_address() -> None:
    assert [f.path for f in Sitemap().files(invented(SiteOptions()))] == ["robots.txt"]


def test_opml_names_sources_but_no_secret_and_no_folder() -> None:
    (file,) = SourceList().files(invented())
    root = etree.fromstring(file.body)
    assert [o.get("xmlUrl") for o in root.iter("outline") if o.get("type")] == ["https://harborpost.example/feed.xml"]
    assert [o.get("text") for o in root.iter("outline")] == ["Local", "Coast", "Harbor Post"]
    for secret in (b"secret", b"token", b"/home/ada"):
        assert secret not in file.body
