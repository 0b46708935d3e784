"""What a crash between store, records and log leaves behind is put right before the next run."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from fake_web import FakeFetcher
from invented_bench import NOW, Desk
from invented_news import feed, page, stories
from newsloom import pipeline
from newsloom.errors import RecordsMissing, StorageError, UsageError
from newsloom.flow.corrections import merge_stories, move_item, pin_lead, split_story
from newsloom.flow.past import records_as_of
from newsloom.flow.reconcile import reconcile
from newsloom.flow.review import edit, publish_or_hold
from newsloom.flow.vanished import require_records
from newsloom.model.event import Event
from newsloom.model.item import recorded_id
from newsloom.model.record import Decision, RecordFile
from newsloom.model.source import Source
from newsloom.pipeline import rework
from newsloom.stages.record import decide
from newsloom.stages.record.takedown import TITLE
from newsloom.vocab.frontmatter import parse, serialise
from newsloom.vocab.takedowns import Takedowns

BASE = "https://harborpost.example"
NEWS = stories(4)
PAGES = {
    f"{BASE}/feed.xml": ("application/rss+xml", feed(NEWS, BASE)),
    **{BASE + story.path: ("text/html", page(story, BASE)) for story in NEWS},
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path, (Source(f"{BASE}/feed.xml"),))
    yield desk
    desk.store.close()


@pytest.fixture
def ran(desk: Desk) -> Desk:
    desk.run(PAGES)
    assert len(desk.records.files) == len(NEWS)
    return desk


class FullAfter:
    """Lets so many calls through, and fails then as a full disk does."""

    def __init__(self, real: object, calls: int) -> None:
        self._real, self._left = real, calls

    def __call__(self, *arguments: object) -> object:
        if self._left == 0:
            raise StorageError("cannot write the file (No space left on device)")
        self._left -= 1
        return self._real(*arguments)  # type: ignore[operator]


@pytest.mark.parametrize(("port", "calls"), [("write", 0), ("write", 1), ("write", 3), ("append", 0)])
def test_the_log_tells_each_event_once_whatever_failed(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, port: str, calls: int
) -> None:
    (tmp_path / "whole").mkdir()
    whole = Desk(tmp_path / "whole", desk.sources)
    whole.run(PAGES)
    target = desk.records if port == "write" else desk.log
    with monkeypatch.context() as broken:
        broken.setattr(target, port, FullAfter(getattr(target, port), calls))
        with pytest.raises(StorageError):
            desk.run(PAGES)
    desk.run(PAGES)
    assert desk.records.files == whole.records.files
    assert Counter(desk.log.events) == Counter(whole.log.events)
    assert {event.kind for event in whole.log.events} == {"recorded", "joined", "lead", "published", "stated"}
    desk.run(PAGES)
    assert Counter(desk.log.events) == Counter(whole.log.events)
    whole.store.close()


def test_a_decision_that_the_log_missed_is_added(ran: Desk) -> None:
    path, data = next(iter(ran.records.files.items()))
    ran.records.files[path] = data.replace(b"published: true", b"published: false")
    ran.run(PAGES)
    decided = [event for event in ran.log.events if event.kind == "decided"]
    assert [event.detail for event in decided] == ["published"]
    ran.log.events = [event for event in ran.log.events if event.kind != "decided"]
    ran.run(PAGES)
    assert [event for event in ran.log.events if event.kind == "decided"] == decided
    ran.run(PAGES)
    assert [event for event in ran.log.events if event.kind == "decided"] == decided


def test_what_cannot_be_read_is_neither_taken_for_deleted_nor_made_anew(ran: Desk) -> None:
    path = sorted(ran.records.files)[1]
    whole = ran.records.files[path]
    ran.records.files[path] = whole[:200]
    for lose in (False, True):
        if lose:
            ran.lose_state()
        notices = ran.run(PAGES)
        assert [n.subject for n in notices if n.kind == "quarantined"] == [path]
        assert not [n for n in notices if n.kind in ("removed", "new", "written")]
        assert len(ran.records.files) == len(NEWS)
    ran.records.files[path] = whole
    before = dict(ran.records.files)
    ran.run(PAGES)
    assert ran.records.files == before


def test_a_deleted_record_is_logged_once(ran: Desk) -> None:
    path = sorted(ran.records.files)[0]
    book = parse(ran.records.files.pop(path), path=path).bookkeeping
    assert book
    ran.lose_state()  # before any run could notice: the log knows that it was there
    for _ in range(3):
        ran.run(PAGES, timedelta(days=1))
        ran.lose_state()
    assert [event for event in ran.log.events if event.kind == "removed"] == [
        Event(NOW + timedelta(days=1), "removed", book.id, path)
    ]
    assert path not in ran.records.files


def test_an_item_pending_when_its_record_moves_stays_pending(ran: Desk) -> None:
    path = sorted(ran.records.files)[0]
    data = ran.records.files.pop(path)
    ran.records.files["_archive/" + path] = data
    book = parse(data, path=path).bookkeeping
    assert book
    with ran.store.begin() as work:
        work.items.mark_pending([book.id])
    reconcile(ran.bench, NOW)
    with ran.store.begin() as work:
        assert [item.id for item in work.items.pending()] == [book.id]
        assert work.items.get(book.id).path == "_archive/" + path


def test_a_story_decided_before_a_crash_is_moved_to(ran: Desk) -> None:
    """`review merge` writes the record first: killed right then, the next run finishes the move."""
    files, _ = ran.records.read_all()
    first, second = files[0], files[1]
    assert first.record.bookkeeping
    assert second.record.bookkeeping
    story = first.record.bookkeeping.story
    record = decide(second.record, second.record.bookkeeping.id, Decision("story", "Ann", NOW, story), {})
    ran.records.files[second.path] = serialise(record)
    ran.run(PAGES)
    with ran.store.begin() as work:
        assert story
        assert {item.id for item in work.items.story(story)} == {
            first.record.bookkeeping.id, second.record.bookkeeping.id,
        }  # fmt: skip
    leads = [file.record.bookkeeping.lead for file in ran.records.read_all()[0][:2] if file.record.bookkeeping]
    assert sorted(map(bool, leads)) == [False, True]


def test_text_that_comes_back_after_a_loss_is_no_news_but_can_be_judged_again(ran: Desk) -> None:
    before = dict(ran.records.files)
    ran.lose_state()
    notices = ran.run(PAGES)
    assert "updated" not in {notice.kind for notice in notices}
    assert ran.records.files == before
    ran.retopic("Harbour Towns")
    ran.run(PAGES)
    assert all(b"- Harbour Towns" in data for data in ran.records.files.values())


def test_a_correction_after_a_loss_is_news(ran: Desk) -> None:
    ran.lose_state()
    corrected = [story.corrected("Corrected: " + story.title) for story in NEWS]
    pages = {
        f"{BASE}/feed.xml": ("application/rss+xml", feed(corrected, BASE)),
        **{BASE + story.path: ("text/html", page(story, BASE)) for story in corrected},
    }
    notices = ran.run(pages)
    assert [n.kind for n in notices].count("updated") == len(NEWS)
    assert all(b'title: "Corrected: ' in data for data in ran.records.files.values())


def test_an_entry_kept_from_its_feed_gets_its_page_when_that_can_be_read(desk: Desk) -> None:
    story = NEWS[0]
    missing = {**PAGES, BASE + story.path: 410}
    assert "feed-only" in {notice.kind for notice in desk.run(missing)}
    desk.lose_state()
    notices = desk.run(PAGES)
    assert [n.subject for n in notices if n.kind == "updated"] == [BASE + story.path]


def test_records_that_vanish_at_once_are_not_taken_for_deleted(tmp_path: Path) -> None:
    """An empty mount, a lost folder, another branch: nobody deletes all records, or most of them, by hand."""
    many = stories(24)
    desk = Desk(tmp_path, (Source(f"{BASE}/feed.xml"),))
    pages = {
        f"{BASE}/feed.xml": ("application/rss+xml", feed(many, BASE)),
        **{BASE + story.path: ("text/html", page(story, BASE)) for story in many},
    }
    desk.run(pages)
    whole, log = dict(desk.records.files), list(desk.log.events)
    for lose in (False, True):
        for left in (0, 11):
            desk.records.files = dict(sorted(whole.items())[:left])
            with pytest.raises(RecordsMissing) as told:
                desk.run(pages, timedelta(days=1))
            assert f"{len(whole) - left} of {len(whole)} records" in told.value.message
            with pytest.raises(RecordsMissing):
                require_records(desk.bench)
            assert desk.log.events == log
        if not lose:
            with desk.store.begin() as work:
                assert all(item.article.article_body for item in work.items.iter_all())
            desk.lose_state()
    desk.records.files = dict(sorted(whole.items())[:11])
    meant = replace(desk.bench, deletions_are_meant=True)
    asyncio.run(pipeline.run(meant, FakeFetcher(pages, moment=NOW), NOW))
    assert sum(event.kind == "removed" for event in desk.log.events) == len(whole) - 11
    assert len(desk.records.files) == 11
    require_records(desk.bench)
    desk.run(pages)
    desk.store.close()


def test_a_few_records_are_deleted_without_being_asked(ran: Desk) -> None:
    for path in sorted(ran.records.files)[:-1]:
        del ran.records.files[path]
    require_records(ran.bench)
    ran.run(PAGES)
    assert len(ran.records.files) == 1
    assert sum(event.kind == "removed" for event in ran.log.events) == len(NEWS) - 1


def test_a_record_that_comes_back_is_there_again_and_can_be_deleted_again(ran: Desk) -> None:
    path = sorted(ran.records.files)[0]
    data = ran.records.files[path]
    key = recorded_id(ran.records.read(path))
    kinds: list[list[str]] = []
    for day in (1, 3):
        del ran.records.files[path]
        ran.run(PAGES, timedelta(days=day))
        ran.records.files[path] = data
        for _ in range(2):
            ran.run(PAGES, timedelta(days=day + 1))
        kinds.append([event.kind for event in ran.log.events if event.item == key and event.at > NOW])
    assert kinds[0][:3] == ["removed", "recorded", "stated"]
    assert [kind for kind in kinds[1] if kind == "removed"] == ["removed"] * 2
    files = ran.records.read_all()[0]
    there = {
        day: key
        in {recorded_id(file) for file in records_as_of(files, ran.log.events, NOW + timedelta(days=day)).files}
        for day in range(6)
    }
    assert there == {0: True, 1: False, 2: True, 3: False, 4: True, 5: True}


def test_what_a_deleted_lead_leaves_is_led_by_another_until_it_comes_back(ran: Desk) -> None:
    first, second, third = (recorded_id(file) for file in ran.records.read_all()[0][:3])
    merge_stories(ran.bench, first, [second, third], by="Ann", now=NOW)
    ran.run(PAGES)

    def leads() -> list[str]:
        return [recorded_id(f) for f in story_of(ran, third) if f.record.bookkeeping and f.record.bookkeeping.lead]

    (lead,) = leads()
    path = next(file.path for file in ran.records.read_all()[0] if recorded_id(file) == lead)
    assert lead in named(ran)
    data = ran.records.files.pop(path)
    ran.run(PAGES, timedelta(days=1))
    assert len(leads()) == 1
    assert lead not in named(ran)
    with ran.store.begin() as work:
        assert lead not in {note.item for item in work.items.iter_all() for note in item.relations}
    ran.records.files[path] = data
    ran.run(PAGES, timedelta(days=2))
    assert len(leads()) == 1
    assert len(story_of(ran, third)) == 3


def test_no_link_names_what_was_taken_down_whatever_comes_later(ran: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third = (recorded_id(file) for file in ran.records.read_all()[0][:3])
    merge_stories(ran.bench, first, [second, third], by="Ann", now=NOW)
    ran.run(PAGES)
    gone = next(iter(named(ran)))
    bench = Desk.bench.fget  # type: ignore[attr-defined]
    monkeypatch.setattr(
        Desk,
        "bench",
        property(
            lambda desk: replace(bench(desk), declared=replace(bench(desk).declared, takedowns=Takedowns({gone: "x"})))
        ),
    )
    for day, published in ((1, True), (2, False)):
        ran.run(PAGES, timedelta(days=day))
        for file in ran.records.read_all()[0]:
            if recorded_id(file) != gone:
                publish_or_hold(ran.bench, recorded_id(file), published=published, by="Ann", now=NOW)
        rework(ran.bench, NOW + timedelta(days=day))
        assert gone not in named(ran)
        assert TITLE not in {link.title for file in ran.records.read_all()[0] for link in file.record.related}
        with ran.store.begin() as work:
            assert gone not in {note.item for item in work.items.iter_all() for note in item.relations}
    (tomb,) = (file for file in ran.records.read_all()[0] if recorded_id(file) == gone)
    for act in (
        lambda: edit(ran.bench, gone, "title", "Again", by="Ann", now=NOW),
        lambda: publish_or_hold(ran.bench, gone, published=True, by="Ann", now=NOW),
        lambda: split_story(ran.bench, [gone], by="Ann", now=NOW),
        lambda: move_item(ran.bench, gone, second if gone != second else first, by="Ann", now=NOW),
        lambda: pin_lead(ran.bench, gone, by="Ann", now=NOW),
    ):
        with pytest.raises(UsageError, match="was taken down"):
            act()
    before = ran.records.files[tomb.path]
    ran.records.files[tomb.path] = before.replace(b"published: false", b"published: true").replace(
        TITLE.encode(), b"Ha"
    )
    assert ran.records.files[tomb.path] != before
    ran.run(PAGES, timedelta(days=3))
    assert ran.records.files[tomb.path] == before


def named(desk: Desk) -> set[str]:
    """Return the ids that any record's relations name; each stands beside its link."""
    found = set()
    for file in desk.records.read_all()[0]:
        notes = file.record.bookkeeping
        assert notes
        assert len(notes.relations) == len(file.record.related)
        found |= {note.item for note in notes.relations}
    return found


def story_of(desk: Desk, item: str) -> list[RecordFile]:
    """Return the records of the story that *item* is in."""
    files = desk.records.read_all()[0]
    stories_ = {recorded_id(file): file.record.bookkeeping.story for file in files if file.record.bookkeeping}
    return [file for file in files if recorded_id(file) in stories_ and stories_[recorded_id(file)] == stories_[item]]
