"""How a portal begins: init, add, and what is imported."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from invented_news import NOW_TEXT, page, put, stories, write_pages, write_portal
from loopback_web import Answer, LoopbackWeb
from newsloom.adapters.files.opml import read_sources
from portal_runs import (
    done,
    newsloom,
    record_bytes,
    records,
    tree,
)

LATER = "2026-03-03T20:00:00Z"


@pytest.mark.parametrize("template", ["blank", "ai"])
def test_init_makes_a_portal_that_runs(template: str, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    told = done("init", folder, "--template", template)
    assert "newsloom run" in told.out
    assert (folder / "README.md").is_file()
    assert (folder / ".gitignore").read_text().count("\n") >= 2
    topics = list((folder / "_data/topics").glob("*.yaml"))
    sources = read_sources(folder / "sources.opml")
    assert (len(topics), bool(sources)) == ((21, True) if template == "ai" else (len(topics), False))
    # Offline: no name is looked up here.
    (folder / "sources.opml").write_text('<opml version="2.0"><body/></opml>')
    done("run", "--portal", folder, "--now", NOW_TEXT)
    assert (folder / "_site/index.html").is_file()
    assert done("topics", "test", "--portal", folder).code == 0
    assert newsloom("doctor", "--portal", folder).code == 0
    assert tree(folder, but=(".newsloom", ".site", "_data")).keys() == {".gitignore", "README.md", "newsloom.toml", "sources.opml"}  # fmt: skip


def test_add_finds_the_feed_of_a_site(portal: Path, web: LoopbackWeb) -> None:
    web.pages["/home"] = Answer(
        b'<html><head><link rel="alternate" type="application/rss+xml" href="/second.xml"></head><body>Hello</body></html>'
    )
    put(web, stories(2, first=50), feed_path="/second.xml")
    before = read_sources(portal / "sources.opml")
    told = done("add", web.url + "/home", "--portal", portal, "--folder", "Towns/Harbour")
    assert web.url + "/second.xml" in told.out
    after = read_sources(portal / "sources.opml")
    assert after[:-1] == before
    assert (after[-1].url, after[-1].folders, after[-1].kind) == (web.url + "/second.xml", ("Towns", "Harbour"), "feed")
    assert "already in sources.opml" in done("add", web.url + "/second.xml", "--portal", portal).out
    assert read_sources(portal / "sources.opml") == after
    assert done("run", "--portal", portal, "--now", LATER, "--json").json["new_items"] == 2


def test_add_keeps_what_a_person_wrote_into_the_list(portal: Path, web: LoopbackWeb) -> None:
    put(web, stories(2, first=50), feed_path="/second.xml")
    path = portal / "sources.opml"
    path.write_text(
        '<?xml version="1.0"?>\n<!-- our list -->\n<opml version="2.0">\n  <head><title>Ours</title><ownerName>Ann</ownerName></head>\n'
        f'  <body>\n    <!-- the harbour first -->\n    <outline text="Towns">\n      <outline type="rss" text="H" xmlUrl="{web.url}/feed.xml" '
        'description="why we read it"/>\n    </outline>\n  </body>\n</opml>\n'
    )
    done("add", web.url + "/second.xml", "--portal", portal, "--folder", "Towns")
    text = path.read_text()
    for kept in ("<!-- our list -->", "<!-- the harbour first -->", "why we read it", "<ownerName>Ann</ownerName>"):
        assert kept in text
    assert [(source.url, source.folders) for source in read_sources(path)] == [
        (web.url + "/feed.xml", ("Towns",)), (web.url + "/second.xml", ("Towns",)),
    ]  # fmt: skip


def test_a_single_page_is_watched(web: LoopbackWeb, tmp_path: Path) -> None:
    portal = write_portal(tmp_path / "portal")
    story = stories(1)[0]
    put(web, [story])
    done("add", "--page", web.url + story.path, "--portal", portal)
    done("run", "--portal", portal, "--now", NOW_TEXT)
    assert list(records(portal)) == [story.title]
    put(web, [story.corrected("A better headline for the same page")])
    assert done("run", "--portal", portal, "--now", "2026-03-06T00:00:00Z", "--json").json["updated_items"] == 1
    assert list(records(portal)) == ["A better headline for the same page"]


def test_import_opml_leaves_local_folders_out(portal: Path, tmp_path: Path) -> None:
    path = tmp_path / "theirs.opml"
    path.write_text(
        '<opml version="2.0" xmlns:newsloom="https://newsloom.org/ns/opml"><head/><body>'
        '<outline text="x" xmlUrl="/etc" newsloom:kind="html"/></body></opml>'
    )
    assert "left out" in done("import", "opml", path, "--portal", portal).out
    assert "/etc" not in (portal / "sources.opml").read_text("utf-8")


def test_import_opml(portal: Path, tmp_path: Path) -> None:
    path = tmp_path / "subscriptions.opml"
    path.write_text(
        '<opml version="1.0"><body><outline text="Papers"><outline text="A & B" type="rss" xmlUrl="https://a.example/feed" '
        'category="/towns"/></outline><outline type="rss" xmlUrl="javascript:x"/></body></opml>'
    )
    told = done("import", "opml", path, "--portal", portal)
    assert "1 sources in the file, 1 added" in told.out
    assert "note" in told.out
    source = read_sources(portal / "sources.opml")[-1]
    assert (source.url, source.title, source.folders, source.categories) == (
        "https://a.example/feed", "A & B", ("Papers",), ("/towns",),
    )  # fmt: skip
    assert "0 added" in done("import", "opml", path, "--portal", portal).out


def test_import_html_then_run(web: LoopbackWeb, tmp_path: Path) -> None:
    portal = write_portal(tmp_path / "portal")
    archive = write_pages(tmp_path / "archive", stories(5), "https://harborpost.example")
    (archive / "pages/p3.html").write_bytes(b"")
    (archive / "manifest.jsonl").open("a").write('{"id": "nowhere", "url": "https://harborpost.example/x"}\nnot json\n')
    told = done("import", "html", archive, "--portal", portal, "--now", NOW_TEXT, "--json").json
    assert (told["new"], told["failed"], told["skipped"]) == (4, 1, 2)
    assert record_bytes(portal) == {}
    again = done("import", "html", archive, "--portal", portal, "--now", NOW_TEXT)
    assert "4 read, 0 new, 0 updated, 4 already known, 1 failed, 2 skipped" in again.out
    for named in (
        "page-failed https://harborpost.example/",
        "there is no page 'nowhere'",
        "no JSON object with id and url",
    ):
        assert named in again.err
    ran = done("run", "--portal", portal, "--now", NOW_TEXT)
    assert "new 4 items" in ran.out, "they get their records now"
    assert "in all 4 items" in ran.out
    assert "no source is declared: `newsloom add ADDRESS" in ran.err
    made = records(portal)
    assert len(made) == 4
    book = next(iter(made.values())).record.bookkeeping
    assert book
    assert book.first_seen
    assert book.first_seen.isoformat() == "2026-03-03T09:00:00+00:00", "as the manifest says"
    before = tree(portal)
    done("run", "--portal", portal, "--now", NOW_TEXT)
    assert tree(portal) == before
    assert web.asked == []


def test_an_import_that_reads_nothing_says_so(tmp_path: Path) -> None:
    portal = write_portal(tmp_path / "portal")
    archive = tmp_path / "archive"
    archive.mkdir()
    for number in range(30):
        (archive / f"{number:02}.html").write_text("<title>A page without an address</title>")
    told = newsloom("import", "html", archive, "--portal", portal, "--now", NOW_TEXT)
    assert told.code == 1
    assert "30 skipped: nothing was read" in told.out
    assert told.err.count("names no address of its own") == 20
    assert "… and 10 more" in told.err


def test_import_warc(tmp_path: Path) -> None:
    portal = write_portal(tmp_path / "portal")
    archive = tmp_path / "pages.warc.gz"
    with archive.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for story in stories(3):
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            body = io.BytesIO(page(story, "https://harborpost.example"))
            writer.write_record(
                writer.create_warc_record(
                    "https://harborpost.example" + story.path,
                    "response",
                    payload=body,
                    http_headers=head,
                    warc_headers_dict={"WARC-Date": "2026-03-03T08:00:00Z"},
                )
            )
    assert done("import", "warc", archive, "--portal", portal, "--now", NOW_TEXT, "--json").json["new"] == 3
    done("run", "--portal", portal, "--now", NOW_TEXT)
    assert len(record_bytes(portal)) == 3
    # What lies in a portal's own folder can be declared, too.
    other = write_portal(tmp_path / "other")
    shutil.copy(archive, other / "pages.warc.gz")
    (other / "sources.opml").write_text(
        '<opml version="2.0" xmlns:newsloom="https://newsloom.org/ns/opml"><body>'
        '<outline newsloom:kind="warc" text="Old" url="pages.warc.gz"/></body></opml>'
    )
    done("run", "--portal", other, "--now", NOW_TEXT)
    assert len(record_bytes(other)) == 3


def test_import_records(portal: Path, tmp_path: Path) -> None:
    other = write_portal(tmp_path / "other", topics={})
    told = done("import", "records", portal, "--portal", other, "--json").json
    assert (told["records"], told["topics"], told["already_there"]) == (6, 3, 0)
    assert record_bytes(other) == record_bytes(portal)
    assert done("import", "records", portal, "--portal", other, "--json").json["already_there"] == 9
    done("run", "--portal", other, "--now", LATER)
    assert record_bytes(other) == record_bytes(portal)
    assert (other / "_site/api/news/index.json").is_file()


def test_records_of_another_system_stay_as_they_are(tmp_path: Path) -> None:
    portal = write_portal(tmp_path / "portal")
    foreign = (
        '---\ncategory: news\ntitle: "A record that somebody else made"\nexcerpt: "Of long ago."\n'
        'publishedDateTime: 2019-05-06T07:08:09Z\nwebUrl: "https://old.example/a"\ntype: article\nquality: 80\nheat: 80\n'
        "published: true\n\nprovider:\n  name: Old\n  domain: old.example\n\ntopics:\n  - Robots\n---\n\n"
    )
    (portal / "_news").mkdir()
    (portal / "_news/2019-05-06-a-record.md").write_text(foreign)
    done("run", "--portal", portal, "--now", NOW_TEXT)
    assert (portal / "_news/2019-05-06-a-record.md").read_text() == foreign
    listed, found = (
        done(*command, "--portal", portal, "--json").json[0]["id"]
        for command in (("review", "list"), ("search", "somebody"))
    )
    assert listed == found == json.loads(done("export", "jsonl", "--portal", portal).out)["id"]
    assert done("explain", listed, "--portal", portal, "--json").json["id"] == listed
    assert (
        "A record that somebody else made"
        in (portal / "_site/index.html").read_text() + (portal / "_site/api/news/index.json").read_text()
    )
    done("review", "hold", "https://old.example/a", "--portal", portal, "--by", "Ann", "--now", NOW_TEXT)
    done("run", "--portal", portal, "--now", LATER)
    held = (portal / "_news/2019-05-06-a-record.md").read_text()
    assert held.startswith(foreign.replace("published: true", "published: false").partition("\n---\n")[0])
    assert "by: Ann" in held
