"""Sources that need a secret: where it is sent, where it is written, and what happens while it is missing."""

from __future__ import annotations

import asyncio
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from invented_news import NOW, NOW_TEXT, put, stories, write_portal
from loopback_web import Answer, LoopbackWeb
from newsloom.app import at_work, run
from newsloom.portal import open_portal
from portal_runs import done, newsloom, record_files, refused, tree


def decided(portal: Path) -> dict[str, tuple[object, ...]]:
    """Return quality and topics of each record by title."""
    made = [file.record for file in record_files(portal)]
    return {r.title: (r.quality, r.bookkeeping and r.bookkeeping.quality_parts, r.topics) for r in made}


def test_a_secret_in_an_address_is_in_no_file_for_others_and_its_source_is_still_known(
    web: LoopbackWeb, tmp_path: Path
) -> None:
    put(web, stories(3), feed_path="/feed.xml?page=1&token=S3CRET")
    address = web.url.replace("//", "//ann:hush@") + "/feed.xml?page=1&amp;token=S3CRET"
    portal = write_portal(tmp_path / "portal")
    (portal / "sources.opml").write_text(
        '<opml version="2.0" xmlns:newsloom="https://newsloom.example/opml"><head/><body>'
        f'<outline type="rss" text="H" xmlUrl="{address}" newsloom:standing="95" newsloom:topics="Robots"/></body></opml>'
    )
    done("run", "--portal", portal, "--now", NOW_TEXT)
    before = decided(portal)
    for path, data in tree(portal, but=(".newsloom", "sources.opml")).items():
        assert b"S3CRET" not in data, path
        assert b"hush" not in data, path
    for file in record_files(portal):
        assert file.record.bookkeeping
        assert file.record.bookkeeping.source == web.url + "/feed.xml?page=1&token=REDACTED"
        assert file.record.bookkeeping.quality_parts["source"] > 0
        assert "Robots" in file.record.topics
    shutil.rmtree(portal / ".newsloom")
    done("run", "--portal", portal, "--now", NOW_TEXT)
    # Other rules let everything be decided anew.
    (portal / "_data" / "topics" / "04-new.yaml").write_text(
        "taxonomy: topic\n_id: new\nname: New\nkeywords: [unheard]\n"
    )
    done("run", "--portal", portal, "--now", NOW_TEXT)
    assert decided(portal) == before


def test_only_what_asks_the_web_needs_the_secrets(
    web: LoopbackWeb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = web.url + "/feed.xml"
    put(web, stories(2))
    settings = f'[sources."{feed}"]\nheaders = {{ X-Key = "env:HARBOUR_KEY" }}\n[sources."{web.url}/gone"]\ncookie = "env:GONE"\n'
    portal = write_portal(tmp_path / "portal", feed, settings=settings)
    assert "HARBOUR_KEY is not set" in refused(2, "run", "--portal", portal, "--now", NOW_TEXT)
    assert web.asked == []
    monkeypatch.setenv("HARBOUR_KEY", "k")
    done("run", "--portal", portal, "--now", NOW_TEXT)
    monkeypatch.delenv("HARBOUR_KEY")
    done("publish", "--portal", portal, "--now", NOW_TEXT)
    done("review", "list", "--portal", portal)
    told = newsloom("doctor", "--portal", portal, "--json")
    assert told.code == 1
    findings = [(found["level"], found["what"]) for found in told.json["findings"]]
    assert ("error", f'sources."{feed}": the environment variable HARBOUR_KEY is not set') in findings
    assert ("warning", f"newsloom.toml sets something for {web.url}/gone, which is no source") in findings
    assert not any("GONE" in what for _, what in findings)


def test_a_wish_for_silence_counts_from_when_it_was_told(web: LoopbackWeb, tmp_path: Path) -> None:
    web.pages["/feed.xml"] = Answer(status=429, headers={"Retry-After": "120"})
    portal = open_portal(write_portal(tmp_path / "portal", web.url + "/feed.xml"))
    late = NOW + timedelta(minutes=40)
    asyncio.run(run(portal, NOW, lambda _: None, clock=lambda: late))
    with at_work(portal, lambda _: None) as bench, bench.ports.store.begin() as work:
        (host,) = [host for host in work.sources.get_hosts() if host.not_before]
        assert host.not_before == late + timedelta(minutes=2)


def test_add_says_why_there_is_no_feed(web: LoopbackWeb, tmp_path: Path) -> None:
    portal = write_portal(tmp_path / "portal")
    for url in ("ftp://x.example/feed", "mailto:ann@x.example", "not an address", "/feed.xml", "https://"):
        assert "no http or https address" in refused(2, "add", url, "--portal", portal)
    told = refused(3, "add", "10.0.0.1/feed.xml", "--portal", portal)
    assert "https://10.0.0.1/feed.xml" in told
    assert "no public address" in told
    assert "allow it in [fetch] allow_networks" in told
    assert "no connection to no-such-host.example" in refused(3, "add", "no-such-host.example", "--portal", portal)
    web.pages["/locked"] = Answer(b"", status=401)
    told = refused(3, "add", web.url + "/locked", "--portal", portal)
    assert "answered 401" in told
    assert f'[sources."{web.url}/locked"]' in told
    assert web.paths() == ["/locked"]
    assert "answered 404" in refused(3, "add", web.url + "/missing", "--portal", portal)


def test_add_asks_nobody_about_a_source_that_is_there(web: LoopbackWeb, tmp_path: Path) -> None:
    portal = write_portal(tmp_path / "portal", "https://harborpost.example/feed.xml", web.url + "/feed.xml")
    for url in ("harborpost.example/feed.xml", "https://HarborPost.example:443/feed.xml", web.url + "/feed.xml"):
        assert "already in sources.opml" in done("add", url, "--portal", portal).out
    assert web.asked == []


def test_add_sends_what_the_source_needs(web: LoopbackWeb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    feed = web.url + "/feed.xml"
    settings = (
        f'[sources."{feed}"]\nheaders = {{ X-Key = "env:HARBOUR_KEY" }}\n'
        '[sources."https://other.example/"]\ncookie = "env:NOT_SET"\n'
    )
    portal = write_portal(tmp_path / "portal", settings=settings)
    put(web, stories(2))
    web.need["/feed.xml"] = ("X-Key", "k")
    assert "HARBOUR_KEY is not set" in refused(2, "add", feed, "--portal", portal)
    assert web.asked == []
    monkeypatch.setenv("HARBOUR_KEY", "wrong")
    assert "answered 401" in refused(3, "add", feed, "--portal", portal)
    monkeypatch.setenv("HARBOUR_KEY", "k")
    assert feed in done("add", feed, "--portal", portal).out
    assert done("run", "--portal", portal, "--now", NOW_TEXT, "--json").json["new_items"] == 2
