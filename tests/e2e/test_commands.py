"""What the commands over a portal that has run say and write."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from pathlib import Path

import pytest

from invented_news import NOW_TEXT, Story, put, write_portal
from loopback_web import Answer, LoopbackWeb
from portal_runs import (
    done,
    id_of,
    newsloom,
    record_files,
    record_of,
    remove_site,
    tree,
)

LATER = "2026-03-03T20:00:00Z"


def test_search(portal: Path, news: list[Story]) -> None:
    name = news[2].title.split()[0]
    found = done("search", name, "--portal", portal, "--json").json
    assert [row["title"] for row in found] == [news[2].title]
    assert news[2].title in done("search", name.upper(), "ferry", "--portal", portal).out
    inside = news[2].paragraphs[3].split()[1].strip(".")
    assert news[2].title in [row["title"] for row in done("search", inside, "--portal", portal, "--json").json]


def test_search_finds_what_was_written_since_the_last_run(portal: Path, news: list[Story]) -> None:
    state = (portal / ".newsloom/state.sqlite").read_bytes()
    url = record_of(portal, news[2]).web_url or ""
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
    (portal / "new").mkdir()
    done("export", "csv", "--published", "-o", portal / "new/news.csv", "--portal", portal)
    empty = write_portal(portal.parent / "empty")
    assert done("export", "csv", "--portal", empty).out == ",".join(rows[0]) + "\n"
    published = list(csv.DictReader((portal / "new/news.csv").open(encoding="utf-8", newline="")))
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
