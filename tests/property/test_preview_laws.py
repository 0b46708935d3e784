"""A preview lists exactly the records that the run after it changes, and how, whatever the owner wrote and decided before."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from invented_news import NOW, NOW_TEXT, TOPICS, put, stories, write_portal
from loopback_web import LoopbackWeb
from newsloom.app import at_work, rework
from newsloom.flow.review import publish_or_hold
from newsloom.model.item import recorded_id
from newsloom.model.record import Record
from newsloom.portal import open_portal
from newsloom.previews import preview
from portal_runs import done, record_bytes, record_files

COUNT = 10
WORDS = st.sampled_from(["council", "robots", "ferry", "kitchen", "bridge", "zzzzqqq"])
NAMES = st.sampled_from(["Robots", "Face Scans", "Town Life"])
CONDITIONS = st.one_of(
    st.builds("title.word = {!r}".format, WORDS),
    st.builds("text.phrase = {!r}".format, WORDS),
    st.builds("topic.is = {!r}".format, NAMES),
    st.builds("confidence.above = {}".format, st.sampled_from([0.0, 0.5, 0.9])),
    st.builds("words.below = {}".format, st.sampled_from([1, 1000])),
    st.sampled_from(
        ['provider.is = "Harbor Post"', "source.starts = 'http://127.0.0.1'", "domain.is = 'nowhere.example'"]
    ),
)
LATE_CONDITIONS = st.one_of(CONDITIONS, st.builds("quality.above = {}".format, st.sampled_from([50, 70, 75, 80])))
BOOSTS = st.integers(-60, 60).filter(bool)
ACTIONS = st.one_of(
    st.tuples(st.sampled_from(['action = "mute"', 'action = "hold"', 'action = "include"']), LATE_CONDITIONS),
    st.tuples(st.builds('action = "tag"\ntopics = [{!r}]'.format, NAMES), CONDITIONS),
    st.tuples(st.builds('action = "boost"\npoints = {}'.format, BOOSTS), CONDITIONS),
)
RULES = st.lists(st.tuples(ACTIONS, st.one_of(st.none(), CONDITIONS)), max_size=4)
KEYWORDS = st.one_of(st.just("robots, automation"), st.builds("robots, {}".format, WORDS))
DECISIONS = st.lists(st.tuples(st.integers(0, COUNT - 1), st.booleans()), max_size=2)


def written(rules: list[Any]) -> str:
    """Return *rules* as their owner writes them, a comment above the first."""
    blocks = [
        f'[[rule]]\nname = "r{number}"\n{action}\n{condition}\n' + (f"unless.{unless}\n" if unless else "")
        for number, ((action, condition), unless) in enumerate(rules)
    ]
    return "# ours\n" * len(rules) + "\n".join(blocks)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A portal that ran once, one of its stories in three articles; not to be changed."""
    news = stories(COUNT)
    with LoopbackWeb() as web:
        put(web, news)
        portal = tmp_path_factory.mktemp("ran") / "portal"
        write_portal(portal, web.url + "/feed.xml", settings='[text]\nembedder = "none"\n')
        done("run", "--portal", portal, "--now", NOW_TEXT)
        first, second, third = (recorded_id(file) for file in record_files(portal)[:3])
        for other in (second, third):
            done("review", "merge", first, other, "--portal", portal, "--now", NOW_TEXT, "--by", "ann")
    yield portal


def told_by(record: Record) -> dict[str, object]:
    """Return what of *record* a preview has words of its own for."""
    return {
        "topics": set(record.topics),
        "quality": record.quality,
        "heat": record.heat,
        "published": bool(record.published),
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=RULES, after=RULES, keywords=KEYWORDS, decisions=DECISIONS)
def test_a_preview_is_what_a_run_does(
    ran: Path, tmp_path_factory: pytest.TempPathFactory, before: list[Any], after: list[Any], keywords: str,
    decisions: list[tuple[int, bool]],
) -> None:  # fmt: skip
    portal = tmp_path_factory.mktemp("copy") / "portal"
    shutil.copytree(ran, portal, symlinks=True)
    (portal / "rules.toml").write_text(written(before), "utf-8")
    with at_work(open_portal(portal), lambda _: None) as bench:
        for number, published in decisions:
            name = recorded_id(record_files(portal)[number])
            publish_or_hold(bench, name, published=published, by="ann", now=NOW)
    rework(open_portal(portal), NOW, lambda _: None)

    (portal / "rules.toml").write_text(written(after), "utf-8")
    robots = TOPICS["01-robots.yaml"].replace("robots, automation", keywords)
    (portal / "_data/topics/01-robots.yaml").write_text(robots, "utf-8")
    opened, old, old_bytes = open_portal(portal), record_files(portal), record_bytes(portal)
    foreseen = {one.item: one for one in preview(opened, NOW).changes}
    assert record_bytes(portal) == old_bytes
    rework(opened, NOW, lambda _: None)
    new, new_bytes = {file.path: file for file in record_files(portal)}, record_bytes(portal)
    assert {recorded_id(file) for file in old if new_bytes[file.path] != old_bytes[file.path]} == foreseen.keys()
    for file in old:
        was, now = told_by(file.record), told_by(new[file.path].record)
        text = "; ".join(foreseen[recorded_id(file)].changes) if recorded_id(file) in foreseen else ""
        assert ("topic +" in text or "topic −" in text) is (was["topics"] != now["topics"])
        for number in ("quality", "heat"):
            assert (f"{number} {was[number]} → {now[number]}" in text) is (was[number] != now[number])
        assert ("published: " in text) is (was["published"] is not now["published"])
    assert preview(opened, NOW).changes == ()
    shutil.rmtree(portal)
