"""A takedown removes an item from everything that is published or kept, and it does not come in again."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from invented_news import NOW_TEXT, Story, put, stories, write_portal
from loopback_web import LoopbackWeb
from portal_runs import Demo, done, record_files, refused

LATER, MUCH_LATER = "2026-03-03T20:00:00Z", "2026-03-20T20:00:00Z"


@pytest.fixture
def portal(demo: Demo, tmp_path: Path) -> Path:
    """The demo's portal, its sources left out so that runs end at once."""
    folder = tmp_path / "portal"
    shutil.copytree(demo.portal, folder)
    (folder / "sources.opml").unlink()
    return folder


def everything(portal: Path) -> bytes:
    """Return every byte of the portal's files, names included; the database is compacted, so nothing lingers in it either."""
    files = [path for path in portal.rglob("*") if path.is_file()]
    return b"\n".join(str(path.relative_to(portal)).encode() + b"\n" + path.read_bytes() for path in files)


def linked(portal: Path) -> tuple[str, str, str]:
    """Return id, title and address of a published item that another record links to; no copy of it has its title."""
    titles = Counter(file.record.title for file in record_files(portal))
    for file in record_files(portal):
        for link in file.record.related:
            for other in record_files(portal):
                found = other.record
                if found.web_url == link.web_url and found.published and titles[found.title] == 1 and found.bookkeeping:
                    return found.bookkeeping.id, found.title, link.web_url or ""
    raise AssertionError("no related link in the demo")


def test_an_item_leaves_everything_and_a_tombstone_stays(portal: Path) -> None:
    item, title, address = linked(portal)
    count = len(record_files(portal))
    slug = next(f.path for f in record_files(portal) if f.record.title == title).rpartition("/")[2].removesuffix(".md")
    for trace in (title, address, slug):
        assert trace.encode() in everything(portal)
    done("takedown", item, "--reason", "asked to by the person named", "--portal", portal, "--now", MUCH_LATER)
    left = everything(portal)
    for trace in (title, address, slug):
        assert trace.encode() not in left
    assert len(record_files(portal)) == count
    (tomb,) = (file for file in record_files(portal) if file.record.bookkeeping and file.record.bookkeeping.tombstone)
    assert tomb.record.bookkeeping is not None
    assert tomb.record.bookkeeping.id == item
    assert tomb.record.bookkeeping.tombstone == "asked to by the person named"
    assert tomb.record.published is False
    before = everything(portal / "_news")
    done("run", "--portal", portal, "--now", MUCH_LATER)
    assert everything(portal / "_news") == before


def test_a_domain_leaves_with_all_below_it(portal: Path) -> None:
    domain = record_files(portal)[0].record.provider.domain
    done("takedown", domain, "--reason", "asked to", "--portal", portal, "--now", MUCH_LATER)
    for file in record_files(portal):
        tomb = file.record.bookkeeping is not None and file.record.bookkeeping.tombstone
        assert bool(tomb) == (file.record.provider.domain == domain)
    site = b"".join(path.read_bytes() for path in (portal / "_site").rglob("*") if path.is_file())
    assert f"//{domain}".encode() not in site
    assert f"//www.{domain}".encode() not in site


def test_what_a_crash_left_is_made_up_for_by_the_next_run(portal: Path) -> None:
    item, title, _ = linked(portal)
    (portal / "_data" / "takedowns.jsonl").write_text(json.dumps({"item": item, "reason": "law"}) + "\n")
    done("run", "--portal", portal, "--now", MUCH_LATER)
    assert title not in {file.record.title for file in record_files(portal)}
    shutil.rmtree(portal / ".newsloom")
    done("run", "--portal", portal, "--now", MUCH_LATER)
    assert title not in {file.record.title for file in record_files(portal)}
    assert title not in done("search", "the", "--portal", portal, "-n", "1000").out


def test_a_wrong_target_and_a_wrong_list_are_told(portal: Path) -> None:
    assert "no record answers" in refused(2, "takedown", "nonsense", "--reason", "x", "--portal", portal)
    assert "needs a reason" in refused(2, "takedown", "paper.example", "--reason", " ", "--portal", portal)
    for suffix in ("co.uk", "github.io", ".co.jp."):
        assert "public suffix" in refused(2, "takedown", suffix, "--reason", "x", "--portal", portal)
    assert not (portal / "_data" / "takedowns.jsonl").exists()
    (portal / "_data" / "takedowns.jsonl").write_text('{"domain": "a.example"}\n{"domian": "b.example"}\n')
    told = refused(2, "run", "--portal", portal, "--now", MUCH_LATER)
    assert "takedowns.jsonl, line 2" in told


def collected(portal: Path) -> set[str]:
    return {file.record.title for file in record_files(portal)}


def test_it_does_not_come_in_again_under_any_form_of_its_address(web: LoopbackWeb, tmp_path: Path) -> None:
    news: list[Story] = stories(4)
    put(web, news)
    portal = write_portal(tmp_path / "portal", f"{web.url}/feed.xml")
    done("run", "--portal", portal, "--now", NOW_TEXT)
    titles = collected(portal)
    assert len(titles) == 4
    one = record_files(portal)[0].record
    assert one.web_url
    done("takedown", one.web_url + "?utm_source=feed", "--reason", "x", "--portal", portal, "--now", NOW_TEXT)
    assert collected(portal) == titles - {one.title} | {"Taken down"}
    shutil.rmtree(portal / ".newsloom")
    done("run", "--portal", portal, "--now", LATER)
    assert collected(portal) == titles - {one.title} | {"Taken down"}
    lines = (portal / "_data" / "takedowns.jsonl").read_text().splitlines()
    assert len(lines) == len(set(lines))
    done("takedown", "127.0.0.1", "--reason", "x", "--portal", portal, "--now", LATER)
    assert collected(portal) == {"Taken down"}


def test_an_address_can_be_kept_out_before_it_comes(web: LoopbackWeb, tmp_path: Path) -> None:
    put(web, stories(3))
    portal = write_portal(tmp_path / "portal", f"{web.url}/feed.xml")
    (portal / "_data").mkdir(exist_ok=True)
    (portal / "_data" / "takedowns.jsonl").write_text('{"domain": "127.0.0.1", "reason": "x"}\n')
    done("run", "--portal", portal, "--now", NOW_TEXT)
    assert not record_files(portal)


def test_a_provider_without_a_name_is_taken_down_by_its_ip_address(copied: Path) -> None:
    assert "5 items taken down" in done("takedown", "127.0.0.1", "--reason", "asked to", "--portal", copied).out
    assert '"domain": "127.0.0.1"' in (copied / "_data" / "takedowns.jsonl").read_text()
