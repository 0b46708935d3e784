"""What an editor decides is obeyed, explained and listed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from invented_news import NOW_TEXT, Story, put
from loopback_web import LoopbackWeb
from portal_runs import (
    done,
    id_of,
    newsloom,
    record_files,
    record_of,
    story_of,
)

LATER = "2026-03-03T20:00:00Z"


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
        assert record_of(portal, held).published is False
        assert (record_of(portal, edited).title, record_of(portal, edited).topics) == (
            "A headline, by Ann",
            ("Robots", "Town Life"),
        )
        assert (record_of(portal, unloved).quality, record_of(portal, unloved).published) == (1, True)
        assert story_of(portal, merged) == story_of(portal, kept)
        assert [bool(record_of(portal, s).published) for s in (kept, merged)].count(True) == 1

    obeyed()
    put(web, [story.corrected("Corrected: " + story.title) for story in news])
    if lose:
        shutil.rmtree(portal / ".newsloom")
    assert done("run", "--portal", portal, "--now", LATER, "--json").json["updated_items"] >= 4
    obeyed()
    assert record_of(portal, held).title == "Corrected: " + held.title

    told = done("review", "split", id_of(portal, merged), "--portal", portal, "--now", LATER).out
    new = re.search(r"new story (\S+)", told)
    assert new
    if lose:
        shutil.rmtree(portal / ".newsloom")
    done("run", "--portal", portal, "--now", "2026-03-04T08:00:00Z")
    assert story_of(portal, merged) == new[1] != story_of(portal, kept)
    assert (record_of(portal, merged).published, record_of(portal, kept).published) == (True, True)


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
    assert f"{record_of(portal, news[0]).published_date_time:%Y-%m-%d}  {news[0].title}" in told
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
    assert news[0].title in done("explain", record_of(portal, news[0]).web_url, "--portal", portal).out


def test_a_held_lead_is_told_and_what_readers_see_instead(copied: Path) -> None:
    first, second = (str(row["id"]) for row in done("review", "list", "--portal", copied, "-n", "2", "--json").json)
    told = done("story", "lead", first, "--portal", copied)
    assert f"`newsloom publish --portal {copied}` shows it" in told.out
    assert told.err == ""
    settings = copied / "newsloom.toml"
    settings.write_text(f"{settings.read_text()}\n[scoring.parameters]\nthreshold = 190\nkeep_from = 180\n")
    told = done("story", "lead", second, "--portal", copied)
    assert "shows it" not in told.out
    assert re.search(r"it is held \(quality \d+, below 190\): readers see nothing of its story", told.out)
    assert f"review publish {second}" in told.out
    done("review", "publish", first, "--portal", copied)
    done("story", "merge", first, second, "--portal", copied)
    title = done("explain", first, "--portal", copied, "--json").json["title"]
    assert f"readers see “{title}” (Harbor Post)" in done("story", "lead", second, "--portal", copied).out
    assert "takes it off the site" in done("review", "hold", first, "--portal", copied).out
