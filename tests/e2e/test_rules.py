"""Rules from the file to the portal: previewed, applied to old items at the next run, explained, and under a person's decision."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from invented_news import NOW_TEXT, put, stories, write_portal
from loopback_web import LoopbackWeb
from newsloom.model.item import recorded_id
from portal_runs import Demo, done, newsloom, record_bytes, record_files

LATER = "2026-03-11T23:30Z"
HITS_NOTHING = '[[rule]]\nname = "nothing"\naction = "hold"\ntitle.word = "zzzzqqq"\n'


@pytest.fixture
def own(demo: Demo, tmp_path: Path) -> Path:
    """A copy of the demo's portal."""
    return Path(shutil.copytree(demo.portal, tmp_path / "own", symlinks=True))


def test_a_rule_from_preview_to_person(web: LoopbackWeb, tmp_path: Path) -> None:
    news = stories(6)
    put(web, news)
    portal = write_portal(tmp_path / "portal", web.url + "/feed.xml")
    done("run", "--portal", portal, "--now", NOW_TEXT)
    shown = next(file for file in record_files(portal) if file.record.published)
    word = max(shown.record.title.split(), key=len).strip(".,:;!?'’\"")
    rule = f'[[rule]]\nname = "no such word"\naction = "hold"\ntitle.word = "{word}"\n'
    (portal / "rules.toml").write_text(rule + f'examples = [{{ title = "All about {word}", hits = true }}]\n', "utf-8")
    before = record_bytes(portal)
    assert "0 wrong" in done("rules", "test", "--portal", portal).out
    preview = done("rules", "preview", "--portal", portal, "--json").json
    assert shown.record.title in [change["title"] for change in preview]
    assert record_bytes(portal) == before
    done("run", "--portal", portal, "--now", NOW_TEXT)
    after = {file.path: file.record.published for file in record_files(portal)}
    assert after[shown.path] is False
    assert {change["title"] for change in preview} == {
        file.record.title for file in record_files(portal) if record_bytes(portal)[file.path] != before[file.path]
    }
    assert "no such word" in done("explain", shown.path, "--portal", portal).out
    assert done("rules", "preview", "--portal", portal, "--json").json == []
    done("review", "publish", shown.path, "--portal", portal, "--now", NOW_TEXT, "--by", "mara")
    done("run", "--portal", portal, "--now", NOW_TEXT)
    assert next(f.record.published for f in record_files(portal) if f.path == shown.path) is True


def test_a_wrong_rule_stops_the_run_with_its_line(web: LoopbackWeb, tmp_path: Path) -> None:
    portal = write_portal(tmp_path / "portal", web.url + "/feed.xml")
    (portal / "rules.toml").write_text('[[rule]]\nname = "a"\naction = "hold"\ntitel.word = "x"\n', "utf-8")
    told = newsloom("run", "--portal", portal, "--now", NOW_TEXT)
    assert told.code == 2
    assert "rules.toml:4" in told.err.replace("\n", "") and "'title'" in told.err


def test_a_rule_that_hits_nothing_changes_nothing(own: Path) -> None:
    before = record_bytes(own)
    for text in (HITS_NOTHING, "# A comment moves its line.\n\n" + HITS_NOTHING, "# no rules\n"):
        (own / "rules.toml").write_text(text, "utf-8")
        assert done("rules", "preview", "--portal", own, "--now", LATER, "--json").json == []
        done("topics", "apply", "--portal", own, "--now", LATER)
        assert record_bytes(own) == before


def test_what_says_nothing_about_items_has_none_decided_again(own: Path) -> None:
    before = record_bytes(own)
    topic = own / "_data/topics/06-energy.yaml"
    topic.write_text(topic.read_text("utf-8") + "floor: 0.4\n# A comment.\n", "utf-8")
    sources = own / "sources.opml"
    sources.write_text(sources.read_text("utf-8").replace("Harbor Post", "The Harbor Post"), "utf-8")
    assert done("topics", "apply", "--dry-run", "--portal", own, "--now", LATER, "--json").json == []
    assert "no item is classified again" in done("topics", "apply", "--dry-run", "--portal", own, "--now", LATER).out
    done("topics", "apply", "--portal", own, "--now", LATER)
    assert record_bytes(own) == before


@pytest.mark.parametrize(
    "rule",
    [
        'action = "tag"\ntopics = ["Energy"]\ntitle.word = "council"',
        'action = "mute"\ntitle.word = "council"',
        'action = "include"\nconfidence.above = 0.2',
        'action = "boost"\npoints = 20\ntopic.is = "Energy"',
        'action = "hold"\nquality.above = 90',
    ],
)
def test_a_preview_is_what_the_run_does_to_the_demo(own: Path, rule: str) -> None:
    (own / "rules.toml").write_text(f'[[rule]]\nname = "it"\n{rule}\n', "utf-8")
    before, old = record_bytes(own), {recorded_id(file): file for file in record_files(own)}
    foreseen = {one["item"]: one for one in done("rules", "preview", "--portal", own, "--now", LATER, "--json").json}
    done("topics", "apply", "--portal", own, "--now", LATER)
    after, new = record_bytes(own), {recorded_id(file): file for file in record_files(own)}
    assert foreseen
    assert foreseen.keys() == {key for key, file in old.items() if after[file.path] != before[file.path]}
    for key, one in foreseen.items():
        was, now = old[key].record, new[key].record
        assert (set(one["gains"]), set(one["loses"])) == (
            set(now.topics) - set(was.topics),
            set(was.topics) - set(now.topics),
        )
        assert (f"quality {was.quality} → {now.quality}" in one["changes"]) is (was.quality != now.quality)
        assert any(told.startswith("published: ") for told in one["changes"]) is (was.published is not now.published)
    assert done("topics", "apply", "--dry-run", "--portal", own, "--now", LATER, "--json").json == []


def test_a_preview_asks_for_rules_where_there_are_none(own: Path) -> None:
    told = done("rules", "preview", "--portal", own, "--now", LATER).out
    assert "[[rule]]" in told and "0 items would change" in told
    assert "[[rule]]" in done("rules", "test", "--portal", own).out
    (own / "rules.toml").write_text(HITS_NOTHING, "utf-8")
    assert "nothing was tried" in done("rules", "test", "--portal", own).out
