"""Finding a record by a short name, and what doctor, explain and the edition make of records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from invented_bench import NOW, TOWN, Desk
from invented_news import feed, page, stories
from newsloom.errors import ConfigError, UsageError
from newsloom.flow.corrections import merge_stories, split_story
from newsloom.flow.doctor import diagnose
from newsloom.flow.editions import live_heats
from newsloom.flow.explain import explain
from newsloom.flow.review import edit, find_record, publish_or_hold
from newsloom.model.portal import SiteOptions
from newsloom.model.record import RecordFile
from newsloom.model.source import HostState, Source
from newsloom.model.topic import Topic
from newsloom.pipeline import rework

BASE = "https://harborpost.example"
NEWS = stories(4)
PAGES = {
    f"{BASE}/feed.xml": ("application/rss+xml", feed(NEWS, BASE)),
    **{BASE + story.path: ("text/html", page(story, BASE)) for story in NEWS},
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path, (Source(f"{BASE}/feed.xml"),))
    desk.run(PAGES)
    yield desk
    desk.store.close()


def files(desk: Desk) -> list[RecordFile]:
    return list(desk.records.read_all()[0])


def id_of(file: RecordFile) -> str:
    assert file.record.bookkeeping
    return file.record.bookkeeping.id


def test_a_record_answers_to_its_id_path_and_addresses(desk: Desk) -> None:
    every = files(desk)
    for file in every:
        name = file.path.rpartition("/")[2]
        for wanted in (id_of(file), id_of(file)[:6], file.path, name, file.record.web_url or "", f" {id_of(file)} "):
            assert find_record(every, wanted).path == file.path


def test_names_that_mean_nothing_or_too_much(desk: Desk) -> None:
    every = files(desk)
    for wanted in ("", "abc", "0000", "nowhere", id_of(every[0])[:3], "_news/"):
        with pytest.raises(UsageError, match="no record answers"):
            find_record(every, wanted)
    book = every[1].record.bookkeeping
    assert book
    twin = replace(
        every[1], record=replace(every[1].record, bookkeeping=replace(book, id=id_of(every[0])[:8] + "ffffffff"))
    )
    with pytest.raises(UsageError, match="2 records answer") as caught:
        find_record([every[0], twin], id_of(every[0])[:6])
    assert caught.value.hint == "Give more of the id"
    assert find_record([every[0], twin], id_of(every[0])) is every[0]


def test_a_merge_names_a_story_by_its_id_or_by_an_item(desk: Desk) -> None:
    first, second, third = files(desk)[:3]
    assert first.record.bookkeeping
    assert third.record.bookkeeping
    story = first.record.bookkeeping.story
    assert story
    assert (
        merge_stories(desk.bench, story, [id_of(second), third.record.bookkeeping.story or ""], by="Ann", now=NOW) == 2
    )
    rework(desk.bench, NOW)
    books = [file.record.bookkeeping for file in files(desk)]
    assert [book.story for book in books if book].count(story) == 3
    assert [book.lead for book in books if book and book.story == story].count(True) == 1
    with pytest.raises(UsageError, match="one story already"):
        merge_stories(desk.bench, story, [id_of(second)], by="Ann", now=NOW)
    # The founder leaves its own story: the new one needs a name that is not taken.
    new = split_story(desk.bench, [id_of(first)], by="Ann", now=NOW)
    assert new != story
    assert new.startswith(story)
    rework(desk.bench, NOW)
    assert {book.story for file in files(desk)[1:3] if (book := file.record.bookkeeping)} == {story}


def test_a_receipt_says_what_a_person_set(desk: Desk) -> None:
    name = id_of(files(desk)[0])
    told = explain(desk.bench, name, NOW)
    assert sum(term["points"] for term in told["quality"]["terms"]) == told["quality"]["total"]
    assert told["quality"]["note"] == ""
    edit(desk.bench, name, "quality", "3", by="Ann", now=NOW)
    publish_or_hold(desk.bench, name, published=True, by="Ann", now=NOW)
    rework(desk.bench, NOW)
    told = explain(desk.bench, name, NOW)
    assert (told["quality"]["total"], told["published"]) == (3, True)
    assert told["quality"]["note"].startswith("set by a person")
    assert told["why"] == f"Ann decided so on {NOW:%Y-%m-%d}"
    (flip,) = told["would_change_it"]
    assert flip.startswith(f"another decision: `newsloom review hold {name}`; newsloom alone would ")
    desk.lose_state()
    told = explain(desk.bench, name, NOW)
    assert told["quality"]["total"] == 3
    assert told["published"] is True


def test_heat_cools_while_records_stay(desk: Desk) -> None:
    every = files(desk)
    now = live_heats(every, desk.bench.stages.score, NOW)
    assert set(now) == {id_of(file) for file in every}, "each leads a story of its own"
    merge_stories(desk.bench, id_of(every[0]), [id_of(every[1])], by="Ann", now=NOW)
    edit(desk.bench, id_of(every[2]), "heat", "99", by="Ann", now=NOW)
    rework(desk.bench, NOW)
    every = files(desk)
    heats = live_heats(every, desk.bench.stages.score, NOW)
    assert len(heats) == 2, "one does not lead, and one a person set"
    assert id_of(every[2]) not in heats
    later = live_heats(every, desk.bench.stages.score, NOW + timedelta(days=30))
    assert all(later[key] <= heat for key, heat in heats.items())


def test_doctor_finds_what_is_wrong(desk: Desk, tmp_path: Path) -> None:
    site = SiteOptions(title="T", url="https://news.example", contact="desk@news.example")
    assert diagnose(desk.bench, (TOWN,), site, NOW, contact="desk@news.example") == ()

    path = sorted(desk.records.files)[0]
    desk.records.files["_news/2026-01-01-twin.md"] = desk.records.files[path]
    desk.records.files["_news/2026-01-02-torn.md"] = b"---\ncategory: news\n"
    with desk.store.begin() as work:
        work.sources.put_host(HostState("slow.example", not_before=NOW + timedelta(hours=1)))
    desk.sources += (Source("https://new.example/feed.xml"),)
    wrong = ConfigError("not a number", where="_data/organizations/x.md:3")
    found = diagnose(desk.bench, (Topic("x", "X", path="x.yaml"),), SiteOptions(title="T"), NOW, wrong=[wrong])
    told = [(finding.level, finding.what) for finding in found]
    assert [level for level, _ in told] == sorted((level for level, _ in told), key=["error", "warning", "info"].index)
    for level, words in (
        ("error", "2026-01-02-torn.md cannot be read"),
        ("error", "2 files are one item"),
        ("error", "_data/organizations/x.md:3: not a number"),
        ("warning", "topic 'X' has neither keywords nor examples"),
        ("warning", "slow.example asked us to wait until"),
        ("info", "https://new.example/feed.xml was never polled"),
        ("warning", "site.url is not set"),
        ("info", "fetch.contact is not set: publishers"),
        ("info", "site.contact is not set: readers"),
    ):
        assert any(level == found_level and words in what for found_level, what in told), (level, words, told)
    assert all(finding.fix for finding in found if finding.level == "error")


def test_doctor_on_an_empty_portal(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    told = [finding.what for finding in diagnose(desk.bench, (), SiteOptions(title="T"), NOW)]
    assert "no source is declared" in told
    assert any("no topic is declared" in what for what in told)
    desk.store.close()


def test_an_item_gets_only_topics_that_are_declared(desk: Desk) -> None:
    bench = replace(desk.bench, declared=replace(desk.bench.declared, topic_names=("Town Life", "Sport")))
    key = id_of(files(desk)[0])
    with pytest.raises(UsageError, match="there is no topic 'Town Live'") as caught:
        edit(bench, key, "topics", "Sport, Town Live", by="Ann", now=NOW)
    assert caught.value.hint == "Did you mean 'Town Life'?"
    assert edit(bench, key, "topics", "Sport", by="Ann", now=NOW).record.topics == ("Sport",)
    assert edit(bench, key, "topics", "", by="Ann", now=NOW).record.topics == ()


def test_nothing_is_split_from_itself(desk: Desk) -> None:
    first, second = files(desk)[:2]
    with pytest.raises(UsageError, match="is alone in its story already"):
        split_story(desk.bench, [id_of(first)], by="Ann", now=NOW)
    merge_stories(desk.bench, id_of(first), [id_of(second)], by="Ann", now=NOW)
    with pytest.raises(UsageError, match="the whole of their story"):
        split_story(desk.bench, [id_of(first), id_of(second)], by="Ann", now=NOW)
    assert split_story(desk.bench, [id_of(second)], by="Ann", now=NOW)


def test_doctor_names_topics_that_are_not_declared(desk: Desk) -> None:
    edit(desk.bench, id_of(files(desk)[0]), "topics", "Old Topic", by="Ann", now=NOW)
    found = diagnose(desk.bench, desk.topics, SiteOptions(), NOW)
    assert [(f.level, f.what) for f in found if "not declared" in f.what] == [
        ("warning", "1 record has the topic 'Old Topic', which is not declared")
    ]
