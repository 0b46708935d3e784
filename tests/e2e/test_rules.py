"""Rules from the file to the portal: previewed, applied to old items at the next run, explained, and under a person's decision."""

from __future__ import annotations

from pathlib import Path

from invented_news import NOW_TEXT, put, stories, write_portal
from loopback_web import LoopbackWeb
from portal_runs import done, newsloom, record_bytes, record_files


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
