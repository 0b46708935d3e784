"""What each command does, on small portals and a web on loopback."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from invented_news import NOW_TEXT, Story, page, put, stories, write_pages, write_portal
from loopback_web import Answer, LoopbackWeb
from newsloom.adapters.files.opml import read_sources
from newsloom.model.record import Record
from portal_runs import done, newsloom, record_bytes, record_files, records, remove_site, tree

LATER = "2026-03-03T20:00:00Z"


@pytest.fixture
def web() -> Iterator[LoopbackWeb]:
    with LoopbackWeb() as web:
        yield web


@pytest.fixture
def news() -> list[Story]:
    return stories(6)


@pytest.fixture
def portal(web: LoopbackWeb, news: list[Story], tmp_path: Path) -> Path:
    """A portal that has run once."""
    put(web, news)
    portal = write_portal(tmp_path / "portal", web.url + "/feed.xml")
    done("run", "--portal", portal, "--now", NOW_TEXT)
    return portal


def of(portal: Path, story: Story) -> Record:
    return next(f.record for f in record_files(portal) if (f.record.web_url or "").endswith(story.path))


def id_of(portal: Path, story: Story) -> str:
    book = of(portal, story).bookkeeping
    assert book
    return book.id


def story_of(portal: Path, story: Story) -> str:
    book = of(portal, story).bookkeeping
    assert book
    assert book.story
    return book.story


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
    assert "no source is declared: newsloom add ADDRESS" in ran.err
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


@pytest.mark.parametrize("lose", [False, True])
def test_decisions_are_obeyed_by_every_later_run(portal: Path, web: LoopbackWeb, news: list[Story], lose: bool) -> None:
    held, edited, kept, merged, unloved = news[:5]
    done("review", "hold", id_of(portal, held)[:6], "--portal", portal, "--by", "Ann", "--now", NOW_TEXT)
    done("review", "edit", id_of(portal, edited), "title", "A headline, by Ann", "--portal", portal, "--by", "Ann")
    done("review", "edit", id_of(portal, edited), "topics", "Robots, Town Life", "--portal", portal, "--by", "Ann")
    done("review", "edit", id_of(portal, unloved), "quality", "1", "--portal", portal, "--by", "Ann")
    done("review", "publish", id_of(portal, unloved), "--portal", portal, "--by", "Ann")
    assert (
        "1 item moved" in done("review", "merge", id_of(portal, kept), story_of(portal, merged), "--portal", portal).out
    )

    def obeyed() -> None:
        assert of(portal, held).published is False
        assert (of(portal, edited).title, of(portal, edited).topics) == ("A headline, by Ann", ("Robots", "Town Life"))
        assert (of(portal, unloved).quality, of(portal, unloved).published) == (1, True)
        assert story_of(portal, merged) == story_of(portal, kept)
        assert [bool(of(portal, s).published) for s in (kept, merged)].count(True) == 1

    obeyed()
    put(web, [story.corrected("Corrected: " + story.title) for story in news])
    if lose:
        shutil.rmtree(portal / ".newsloom")
    assert done("run", "--portal", portal, "--now", LATER, "--json").json["updated_items"] >= 4
    obeyed()
    assert of(portal, held).title == "Corrected: " + held.title

    told = done("review", "split", id_of(portal, merged), "--portal", portal, "--now", LATER).out
    new = re.search(r"new story (\S+)", told)
    assert new
    if lose:
        shutil.rmtree(portal / ".newsloom")
    done("run", "--portal", portal, "--now", "2026-03-04T08:00:00Z")
    assert story_of(portal, merged) == new[1] != story_of(portal, kept)
    assert (of(portal, merged).published, of(portal, kept).published) == (True, True)


def test_a_decision_is_explained_and_listed(portal: Path, news: list[Story]) -> None:
    item = id_of(portal, news[0])
    done("review", "hold", item, "--portal", portal, "--by", "Ann")
    told = done("explain", item, "--portal", portal, "--json").json
    assert "Ann decided so" in told["why"]
    assert any("Ann: published" in line for line in told["decisions"])
    assert told["read_as"][0] == "author: Ann Doe (person)"
    assert "title: html:h1, 100% of the page's sources agree" in told["found_by"]
    held = done("review", "list", "--only", "held", "--portal", portal, "--json").json
    assert [row["id"] for row in held] == [item]
    told = done("review", "list", "--portal", portal).out
    assert f"{item} –✎" in told
    assert told.startswith("id  ")
    assert f"{of(portal, news[0]).published_date_time:%Y-%m-%d}  {news[0].title}" in told
    some = done("review", "list", "--only", "published", "-n", "2", "--portal", portal).out
    assert some.endswith("2 of 5 published items (6 in all); --limit 0 or -n for more\n")
    assert done("review", "list", "-n", "0", "--portal", portal).out.endswith("6 of 6 items\n")
    assert "published: false" in done("review", "show", item, "--portal", portal).out


def test_every_receipt_sums_to_its_number(portal: Path, news: list[Story]) -> None:
    for file in record_files(portal):
        told = done("explain", file.path, "--portal", portal, "--json").json
        for name in ("quality", "heat"):
            assert sum(term["points"] for term in told[name]["terms"]) == told[name]["total"]
        assert told["quality"]["total"] == file.record.quality
        assert told["why"]
        assert told["would_change_it"]
    assert newsloom("explain", news[0].path, "--portal", portal).code == 2
    assert news[0].title in done("explain", of(portal, news[0]).web_url, "--portal", portal).out


def test_search(portal: Path, news: list[Story]) -> None:
    name = news[2].title.split()[0]
    found = done("search", name, "--portal", portal, "--json").json
    assert [row["title"] for row in found] == [news[2].title]
    assert news[2].title in done("search", name.upper(), "ferry", "--portal", portal).out
    inside = news[2].paragraphs[3].split()[1].strip(".")
    assert news[2].title in [row["title"] for row in done("search", inside, "--portal", portal, "--json").json]


def test_search_finds_what_was_written_since_the_last_run(portal: Path, news: list[Story]) -> None:
    state = (portal / ".newsloom/state.sqlite").read_bytes()
    url = of(portal, news[2]).web_url or ""
    file = next(file.path for file in record_files(portal) if file.record.web_url == url)
    (portal / file).write_text((portal / file).read_text().replace(news[2].title, "Zeppelins over Norrhamn"))
    own = portal / "_news/2026-03-01-own.md"
    own.write_text((portal / file).read_text().partition("newsloom:")[0].replace("/2026/", "/own/") + "---\n")
    found = done("search", "norrhamn", "zeppelins", "--portal", portal, "--json").json
    assert [row["path"] for row in found] == [file, own.relative_to(portal).as_posix()]
    found = done("search", "zeppelins", "-n", 1, "--portal", portal, "--json").json
    assert [row["path"] for row in found] == [file]
    assert (portal / ".newsloom/state.sqlite").read_bytes() == state, "searching decides nothing"
    own.unlink()
    assert [row["path"] for row in done("search", "zeppelins", "--portal", portal, "--json").json] == [file]


def test_export(portal: Path, news: list[Story]) -> None:
    done("review", "edit", id_of(portal, news[0]), "title", '=HYPERLINK("http://x.example","x")', "--portal", portal)
    done("review", "edit", id_of(portal, news[1]), "title", '+1, and "more"\ton two lines', "--portal", portal)
    done("review", "hold", id_of(portal, news[2]), "--portal", portal)
    rows = [json.loads(line) for line in done("export", "jsonl", "--portal", portal).out.splitlines()]
    assert len(rows) == len(news)
    assert rows == sorted(rows, key=lambda row: row["published_date_time"], reverse=True)
    assert '=HYPERLINK("http://x.example","x")' in [row["title"] for row in rows], "JSON is no spreadsheet"
    table = list(csv.DictReader(io.StringIO(done("export", "csv", "--portal", portal).out)))
    assert list(table[0]) == list(rows[0])
    for row in table:
        assert not any(cell[:1] in ("=", "+", "-", "@", "\t", "\r") for name, cell in row.items() if name != "heat")
    assert {row["published"] for row in table} == {"true", "false"}
    done("export", "csv", "--published", "-o", portal / "new/folder/news.csv", "--portal", portal)
    empty = write_portal(portal.parent / "empty")
    assert done("export", "csv", "--portal", empty).out == ",".join(rows[0]) + "\n"
    published = list(csv.DictReader((portal / "new/folder/news.csv").open(encoding="utf-8", newline="")))
    assert len(published) == sum(bool(file.record.published) for file in record_files(portal)) < len(news)


def test_topics_test(portal: Path) -> None:
    told = done("topics", "test", "--portal", portal)
    assert re.search(r"Robots +\d/\d right +precision", told.out)
    (portal / "_data/topics/09-bare.yaml").write_text("taxonomy: topic\n_id: bare\nname: Bare\n")
    assert re.search(r"Bare +no examples and no keywords", done("topics", "test", "--portal", portal).out)
    path = portal / "_data/topics/01-robots.yaml"
    path.write_text(
        path.read_text().replace("Warehouse robots learn to ask for help", "A quiet day by the sea") + "floor: 1\n"
    )
    told = newsloom("topics", "test", "--portal", portal)
    assert told.code == 1
    assert "missed A quiet day by the sea" in told.out
    assert "under its floor" in told.out
    trial = newsloom("topics", "test", "--portal", portal, "--json").json[0]
    assert (trial["missed"], trial["passed"]) == (["A quiet day by the sea"], False)


def test_topics_compared_previewed_and_applied(portal: Path, tmp_path: Path) -> None:
    topics = portal / "_data/topics"
    shutil.copytree(topics, tmp_path / "old")
    assert "0 items would change" in done("topics", "apply", "--dry-run", "--portal", portal).out
    before = {path.name: path.read_bytes() for path in (portal / "_news").iterdir()}
    for path in topics.iterdir():
        path.unlink()
    (topics / "01-nothing.yaml").write_text("name: Nothing\nkeywords: [zzyzx]\n")
    found = done("topics", "diff", tmp_path / "old", topics, "--portal", portal, "--json").json
    assert found
    assert all(change["loses"] and not change["gains"] for change in found)
    listed = done("topics", "apply", "--dry-run", "--portal", portal)
    assert f"{len(found)} items would change" in listed.out
    assert before == {path.name: path.read_bytes() for path in (portal / "_news").iterdir()}, (
        "a preview changes nothing"
    )
    done("topics", "apply", "--portal", portal, "--now", NOW_TEXT)
    assert "0 items would change" in done("topics", "apply", "--dry-run", "--portal", portal).out


def test_topics_coverage_and_suggestions(portal: Path) -> None:
    told = done("topics", "coverage", "--portal", portal, "--json").json
    assert told["items"] == 6
    assert 0 < told["with_topic"] <= 6
    assert "have a topic" in done("topics", "coverage", "--portal", portal).out
    assert isinstance(done("topics", "suggest", "--portal", portal, "--json").json, list)


def test_records_check_and_doctor(portal: Path) -> None:
    assert "6 records read, 0 cannot be read" in done("records", "check", "--portal", portal).out
    told = done("doctor", "--portal", portal, "--json").json
    assert [finding for finding in told["findings"] if finding["level"] != "info"] == []
    some = next((portal / "_news").iterdir())
    (provider,) = done("doctor", "--portal", portal, "--now", LATER, "--json").json["reading"]
    assert (provider["pages"], provider["shares"]["body"], provider["shares"]["image"]) == (6, 1.0, 0.0)
    assert provider["methods"]["body"] == {"text:blocks": 1.0}
    assert "text:blocks 100%" in done("doctor", "--portal", portal, "--now", LATER).out
    shutil.copy(some, some.with_name("2026-01-01-a-copy.md"))
    told = newsloom("doctor", "--portal", portal)
    assert told.code == 1
    assert "2 files are one item" in told.out
    assert "delete all but one" in told.out


def test_publish_writes_only_what_changed(portal: Path, news: list[Story]) -> None:
    assert done("publish", "--portal", portal, "--now", NOW_TEXT, "--json").json == {"changed": []}
    done("review", "edit", id_of(portal, news[0]), "title", "A headline, by Ann", "--portal", portal)
    changed = done("publish", "--portal", portal, "--now", NOW_TEXT, "--json").json["changed"]
    assert any("api/news/index.json" in path for path in changed)
    assert 0 < len(changed) < len(tree(portal / "_site"))
    assert "0 files changed" in done("publish", "--portal", portal, "--now", NOW_TEXT).out
    remove_site(portal)
    done("publish", "--portal", portal, "--now", NOW_TEXT)
    assert "A headline, by Ann" in (portal / "_site/index.html").read_text("utf-8")


def test_run_without_publishing(web: LoopbackWeb, news: list[Story], tmp_path: Path) -> None:
    put(web, news)
    portal = write_portal(tmp_path / "portal", web.url + "/feed.xml")
    told = done("run", "--portal", portal, "--now", NOW_TEXT, "--no-publish", "--json")
    assert told.err == ""
    assert told.json["new_items"] == told.json["records_written"] == len(news)
    assert told.json["site_files_changed"] == 0
    assert not (portal / "_site").exists()
    assert done("run", "--portal", portal, "--now", NOW_TEXT, "--json").json["site_files_changed"] > len(news)


def test_the_portal_can_be_named_in_the_environment(portal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSLOOM_PORTAL", str(portal))
    assert len(done("review", "list", "--json").json) == 6
    monkeypatch.setenv("NEWSLOOM_SITE__TITLE", "From the environment")
    done("publish", "--now", NOW_TEXT)
    assert "From the environment" in (portal / "_site/index.html").read_text()


def test_names_with_markup_are_shown_as_they_are(portal: Path, news: list[Story]) -> None:
    title = "[bold red]Not markup[/] \\[x] and [/nonsense]"
    done("review", "edit", id_of(portal, news[0]), "title", title, "--portal", portal)
    assert title in done("review", "list", "--portal", portal).out
    assert title in done("search", "nonsense", "--portal", portal).out
    assert title in done("explain", id_of(portal, news[0]), "--portal", portal).out


def test_the_terminal_is_safe_from_titles(web: LoopbackWeb, tmp_path: Path) -> None:
    """A headline cannot move the cursor, ring the bell or rename the window of whoever lists it."""
    portal = write_portal(tmp_path / "portal", web.url + "/feed.json")
    title = "Safe \x1b]0;owned\x07 \x1b[2J ferry adds \x9b31m a night boat"
    web.pages["/feed.json"] = Answer(
        json.dumps(
            {"version": "https://jsonfeed.org/version/1.1", "title": "T\x1b[2J", "items": [{"id": "item-one", "url": f"{web.url}/one", "title": title, "content_text": "A ferry. " * 20}]}
        ).encode(), "application/feed+json",
    )  # fmt: skip
    web.pages["/one"] = Answer(status=410)
    outputs = [done("run", "--portal", portal, "--now", NOW_TEXT)]
    outputs += [newsloom(*c, "--portal", portal) for c in (["review", "list"], ["search", "ferry"], ["doctor"])]
    item = done("review", "list", "--portal", portal, "--json").json[0]["id"]
    outputs += [done("explain", item, "--portal", portal), done("review", "show", item, "--portal", portal)]
    for told in outputs:
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", told.out + told.err), told
