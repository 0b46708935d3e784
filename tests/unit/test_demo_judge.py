"""The judge of the demo: a perfect portal gets full marks, and each fault costs the mark it should."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from newsloom.adapters.files.topics import read_topics
from newsloom.cli import demo as demo_command
from newsloom.demo.judge import broken_promises, judge
from newsloom.demo.portal import portal_files
from newsloom.demo.truth import truth_rows
from newsloom.demo.world import World, load_world
from newsloom.model.item import item_id
from newsloom.model.record import Bookkeeping, Provider, Record, RecordFile
from newsloom.stages.classify import TopicClassifier, try_topics
from portal_runs import newsloom


def perfect(world: World) -> list[RecordFile]:
    rows = [row for row in truth_rows(world) if row["obstacle"] is None]
    addresses = {row["id"]: row["url"] for row in rows}
    return [
        RecordFile(
            f"_news/{place:03d}.md",
            Record(
                title=row["title"],
                excerpt=row["excerpt"],
                published_date_time=datetime.fromisoformat(row["published"]),
                type="article",
                provider=Provider(row["publisher"], row["domain"]),
                web_url=row["url"] + ("&" if "?" in row["url"] else "?") + "utm_source=x",
                topics=tuple(row["topics"]),
                published=not row["press_release_spam"],
                bookkeeping=Bookkeeping(
                    id=item_id(row["url"]),
                    story=None if row["duplicate_of"] else "s-" + row["story"],
                    duplicate_of=item_id(addresses[row["duplicate_of"]]) if row["duplicate_of"] else None,
                ),
            ),
        )
        for place, row in enumerate(rows)
    ]


@pytest.fixture(scope="module")
def world() -> World:
    return load_world()


@pytest.fixture
def records(world: World) -> list[RecordFile]:
    return perfect(world)


def with_book(file: RecordFile, **changes: object) -> RecordFile:
    assert file.record.bookkeeping is not None
    kept = replace(file.record.bookkeeping, **changes)  # type: ignore[arg-type]
    return replace(file, record=replace(file.record, bookkeeping=kept))


def find(records: list[RecordFile], part: str) -> int:
    return next(i for i, file in enumerate(records) if part in (file.record.web_url or ""))


def test_a_perfect_portal_has_no_fault(world: World, records: list[RecordFile]) -> None:
    found = judge(records, world)
    assert found["bcubed_f1"] == pytest.approx(1.0)
    assert found["topics_precision"] == found["topics_recall"] == 1.0
    assert found["matched"] == found["items"] - len(found["expected_missing"])
    assert len(found["copies_found"]) == sum(a.copy_of is not None for a in world.articles)
    assert found["titles_exact"] == found["matched"]
    assert found["instants_exact"] == found["instants_told"] > 100
    faults = (
        "missing",
        "originals_demoted",
        "unknown",
        "duplicate_records",
        "false_merges",
        "copies_missed",
        "copies_wrong",
        "spam_published",
    )
    assert [found[key] for key in faults] == [[]] * len(faults)


def test_no_records_are_all_missing(world: World) -> None:
    found = judge([], world)
    assert found["bcubed_f1"] is None
    assert len(found["missing"]) + len(found["expected_missing"]) == found["items"]


def test_merging_look_alikes_is_named_and_costs_precision(world: World, records: list[RecordFile]) -> None:
    place = find(records, "norvane-cuts-rate-1")
    records[place] = with_book(records[place], story="s-aldmere-rate-hold")
    found = judge(records, world)
    assert found["false_merges"] == ["aldmere-rate-hold + norvane-rate-cut"]
    assert found["bcubed_precision"] < 1.0


def test_a_second_record_of_an_item_and_an_unknown_one_are_named(world: World, records: list[RecordFile]) -> None:
    again = replace(records[0], path="_news/zz.md")
    stranger = replace(
        records[1], path="_news/zzz.md", record=replace(records[1].record, web_url="http://else.example/")
    )
    found = judge([*records, again, stranger], world)
    assert len(found["duplicate_records"]) == 1
    assert found["unknown"] == ["_news/zzz.md"]


def test_missed_and_wrong_copies_are_told_apart(world: World, records: list[RecordFile]) -> None:
    missed = find(records, "ledgerandtide.example/port-city-halts")
    records[missed] = with_book(records[missed], duplicate_of=None, story="s-calder-face-pause")
    wrong = find(records, "eighteen-months-without-a-match")
    records[wrong] = with_book(records[wrong], duplicate_of=item_id("http://www.quarrybulletin.example/nothing"))
    found = judge(records, world)
    assert found["copies_missed"] == ["ledger/port-city-halts-police-facial-recognition"]
    assert found["copies_wrong"] == ["plainspoken/eighteen-months-without-a-match"]


def test_which_member_of_a_family_is_the_primary_does_not_matter(world: World, records: list[RecordFile]) -> None:
    original, copy = (
        find(records, "meridianwire.example/article/norvane"),
        find(records, "relaynews.example/2026/03/05/norvane"),
    )
    assert records[copy].record.bookkeeping is not None
    primary = records[copy].record.bookkeeping
    records[original] = with_book(records[original], duplicate_of=primary.id, story=None)
    records[copy] = with_book(records[copy], duplicate_of=None, story="s-norvane-rate-cut")
    other = find(records, "channeltwelve.example/story/norvane")
    records[other] = with_book(records[other], duplicate_of=primary.id)
    found = judge(records, world)
    assert found["copies_wrong"] == found["copies_missed"] == []
    assert found["originals_demoted"] == ["meridianwire/norvane-cuts-rate"]


def test_published_spam_and_wrong_instants_are_named(world: World, records: list[RecordFile]) -> None:
    spam = find(records, "marketlens.example/report/facial")
    records[spam] = replace(records[spam], record=replace(records[spam].record, published=True))
    late = find(records, "corwin-vetoes")
    moved = records[late].record.published_date_time + timedelta(minutes=5)
    records[late] = replace(records[late], record=replace(records[late].record, published_date_time=moved))
    found = judge(records, world)
    assert found["spam_published"] == ["marketlens/facial-recognition-market-2033"]
    assert found["instants_off"] == ["harborpost/corwin-vetoes-face-scan-ordinance"]


def test_a_perfect_portal_keeps_every_promise(world: World, records: list[RecordFile]) -> None:
    assert broken_promises(judge(records, world)) == ()


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"bcubed_f1": 0.899}, "B-cubed F1 is 0.899, not 0.90"),
        ({"bcubed_f1": None}, "nothing to compare"),
        ({"false_merges": ["one + other"]}, "different events share a story: one + other"),
        ({"duplicate_records": ["a/x", "b/y"]}, "more than one record: a/x, b/y"),
        ({"spam_published": ["a/x"]}, "spam is published: a/x"),
    ],
)
def test_each_broken_promise_is_told(
    world: World, records: list[RecordFile], fault: dict[str, object], told: str
) -> None:
    (broken,) = broken_promises({**judge(records, world), **fault})
    assert told in broken


@pytest.mark.parametrize(("broken", "code"), [((), 0), (("spam is published: a/[x]",), 1)])
def test_the_command_fails_when_a_promise_is_broken(
    monkeypatch: pytest.MonkeyPatch, broken: tuple[str, ...], code: int
) -> None:
    async def ten_days(folder: Path, *, quiet: bool) -> dict[str, Any]:
        return {"evaluation": {}, "broken_promises": broken}

    monkeypatch.setattr(demo_command, "_ten_days", ten_days)
    for options in ((), ("--json",)):
        told = newsloom("demo", *options)
        assert told.code == code
        assert told.err.splitlines() == [f"broken promise: {promise}" for promise in broken]


def test_the_topics_of_the_demo_are_mostly_right_on_examples_they_have_not_seen(world: World, tmp_path: Path) -> None:
    for path, data in portal_files(world).items():
        if path.startswith("_data/topics/"):
            (tmp_path / Path(path).name).write_bytes(data)
    topics = read_topics(tmp_path)
    trials = try_topics(TopicClassifier(topics))
    assert len(trials) == len(topics) >= 12
    assert sum(trial.right for trial in trials) >= 0.7 * sum(trial.examples for trial in trials)
    assert all(any(not e.belongs for e in topic.examples) for topic in topics)


def test_the_portal_says_how_long_its_web_lives_and_keeps_what_is_derived_out_of_git(world: World) -> None:
    files = portal_files(world)
    assert files[".gitignore"].decode().split() == [".newsloom/", ".site/", "_site"]
    readme = files["README.md"].decode()
    assert "lives only while `newsloom demo` runs" in readme
    assert "newsloom serve" in readme
