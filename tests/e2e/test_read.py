"""`newsloom read` on addresses, files, archives and standard input; with a portal and without."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from typer.testing import CliRunner
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from invented_news import NOW_TEXT, page, put, stories, write_pages, write_portal
from loopback_web import Answer, LoopbackWeb
from newsloom.cli.main import app
from portal_runs import done, newsloom, record_files, refused, tree

BASE = "https://harborpost.example"


def test_a_page_of_the_web_by_the_settings_of_a_portal_that_keeps_nothing(web: LoopbackWeb, tmp_path: Path) -> None:
    news = stories(1)
    put(web, news)
    portal = write_portal(tmp_path / "portal")
    before = tree(portal)
    told = done("read", web.url + news[0].path, "--portal", portal, "--json", "--compare", "--body").json
    assert told["article"]["title"] == news[0].title
    assert told["fields"]["title"]["method"] == "html:h1"
    assert told["fields"]["title"]["agreement"] == 1.0
    assert [one["method"] for one in told["fields"]["title"]["alternatives"] if one["is_chosen"]] == ["html:h1"]
    assert told["article"]["article_body"].split("\n\n") == list(news[0].paragraphs)
    assert told["other"]["engine"] == "trafilatura"
    assert told["other"]["text"]
    assert tree(portal) == before


def test_without_a_portal_private_networks_stay_closed(
    web: LoopbackWeb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    error = refused(3, "read", web.url + "/page.html")
    assert "allow_networks" in " ".join(error.split()) or "port" in error
    assert web.asked == []


def test_robots_txt_is_obeyed_and_the_way_round_it_is_told(web: LoopbackWeb, tmp_path: Path) -> None:
    news = stories(1)
    put(web, news)
    web.pages["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /", "text/plain")
    portal = write_portal(tmp_path / "portal")
    error = refused(3, "read", web.url + news[0].path, "--portal", portal)
    assert "robots.txt" in error
    assert "newsloom read FILE" in error
    assert web.paths() == []


def test_a_feed_with_its_repairs(web: LoopbackWeb, tmp_path: Path) -> None:
    put(web, stories(3))
    body = web.pages["/feed.xml"].body.replace(b"<rss", b"<b>oops</b><rss", 1)
    web.pages["/feed.xml"] = Answer(body, "application/rss+xml")
    told = done("read", web.url + "/feed.xml", "--portal", write_portal(tmp_path / "portal"), "--json", "-n", "2").json
    assert told["kind"] == "feed"
    assert (told["entry_count"], len(told["entries"]), told["with"]["link"]) == (3, 2, 3)
    assert told["repairs"]


def test_a_page_that_a_run_would_refuse_is_shown_all_the_same(tmp_path: Path) -> None:
    shell = tmp_path / "shell.html"
    shell.write_text('<html><head><title>Harbor Post</title></head><body><div id="root"></div></body></html>')
    told = newsloom("read", shell, "--url", BASE + "/2026/storm.html")
    assert told.code == 1
    assert "a run would refuse it: the page shows nothing without running its scripts" in told.out
    assert "look for a feed" in told.out


def test_standard_input_of_no_known_address() -> None:
    result = CliRunner().invoke(app, ["read", "-"], input=page(stories(1)[0], "").replace(b'rel="canonical"', b""))
    assert result.exit_code == 0
    assert "address unknown" in result.stdout
    assert "--url ADDRESS" in result.stdout


def test_an_archive_lists_its_pages_and_one_of_them_is_read(tmp_path: Path) -> None:
    news = stories(3)
    archive = tmp_path / "pages.warc.gz"
    with archive.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for story in news:
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(
                    BASE + story.path, "response", payload=io.BytesIO(page(story, BASE)), http_headers=head,
                    warc_headers_dict={"WARC-Date": "2026-03-03T08:00:00Z"},
                )
            )  # fmt: skip
    listed = done("read", archive, "--json").json["pages"]
    assert [(row["url"], row["title"]) for row in listed] == [(BASE + s.path, s.title) for s in news]
    assert news[1].title in done("read", archive, "--url", BASE + news[1].path).out
    assert "no page of this address" in refused(1, "read", archive, "--url", BASE + "/other.html")
    archive.write_bytes(archive.read_bytes() + b"\x1f\x8b\x08 torn")
    one = tmp_path / "one.warc"
    one.write_bytes(b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99999\r\n\r\ncut off")
    assert "could be read" in refused(1, "read", one)
    assert done("read", archive, "--json").json["notes"], "what is lost is told"
    folder = write_pages(tmp_path / "folder", news, BASE)
    assert len(done("read", folder, "--json").json["pages"]) == 3


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        (b"", 1, "nothing in it"),
        (b"\x1f\x8b\x08damaged", 1, "damaged"),
        (b'{"a": 1}', 1, "no JSON Feed"),
        (b"%PDF-1.7 text", 1, "no HTML page"),
        (b"<?xml version='1.0'?><opml/>", 1, "OPML"),
    ],
)
def test_what_cannot_be_read_is_said(body: bytes, code: int, said: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(body)
    assert said in refused(code, "read", file)


@pytest.mark.parametrize("target", ["", " ", "ftp://harborpost.example/a", "http://[::1"])
def test_an_address_that_is_none(target: str) -> None:
    assert "no address that can be read" in refused(2, "read", target)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "no such file" in refused(2, "read", tmp_path / "absent.html")
    assert "no engine" in refused(2, "read", tmp_path / "absent.html", "--engine", "other")


def test_doctor_says_which_providers_need_scripts(web: LoopbackWeb, tmp_path: Path) -> None:
    news = stories(2)
    put(web, news)
    web.pages[news[0].path] = Answer(b'<html><head><title>App</title></head><body><div id="root"></div></body></html>')
    portal = write_portal(tmp_path / "portal", web.url + "/feed.xml")
    done("run", "--portal", portal, "--now", NOW_TEXT)
    (provider,) = done("doctor", "--portal", portal, "--now", NOW_TEXT, "--json").json["reading"]
    assert (provider["pages"], provider["feed_only"], provider["needs_javascript"]) == (2, 0.5, 0.5)
    assert provider["unread"] == {"needs_javascript": 1}
    lines = done("doctor", "--portal", portal, "--now", NOW_TEXT).out.splitlines()
    shown = lines[next(i for i, line in enumerate(lines) if "reading in the last" in line) :]
    assert [line for line in shown if len(line) > 80] == []


def test_what_a_site_reserves_reaches_the_records_of_its_pages(web: LoopbackWeb, tmp_path: Path) -> None:
    news = stories(2)
    put(web, news)
    rules = f'[{{"location": "{news[0].path}", "tdm-reservation": 1}}]'
    web.pages["/.well-known/tdmrep.json"] = Answer(rules.encode(), "application/json")
    portal = write_portal(tmp_path / "portal", web.url + "/feed.xml")
    done("run", "--portal", portal, "--now", NOW_TEXT)
    done("run", "--portal", portal, "--now", "2026-03-03T20:00:00Z")
    assert [path for path, _, _ in web.asked].count("/.well-known/tdmrep.json") == 1
    rights = {
        file.record.title: file.record.bookkeeping.rights for file in record_files(portal) if file.record.bookkeeping
    }
    assert rights == {news[0].title: ("tdm-reservation",), news[1].title: ()}
