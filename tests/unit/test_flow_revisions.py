"""What a later report shows of known items: records move, both stories are ranked anew, the log says why, and only once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from invented_bench import Desk
from invented_news import feed, page, stories
from newsloom.flow.world import Bench
from newsloom.model.item import Item, StoryChoice, StoryRevision, story_id
from newsloom.model.record import Record
from newsloom.model.source import Source
from newsloom.ports.deciding import StoryConstraints, StoryDecisions

BASE = "https://harborpost.example"
FIRST, SECOND, LATE = stories(3)


@dataclass
class Told:
    """A clusterer that says what it is told to, at its next call with fresh items; of itself it opens a story for each item."""

    plan: Callable[[dict[str, Item], dict[str, Item]], StoryDecisions] | None = None
    calls: list[int] = field(default_factory=list)

    def stories(self, fresh: Sequence[Item], known: Sequence[Item], constraints: StoryConstraints) -> StoryDecisions:
        self.calls.append(len(fresh))
        if self.plan:
            plan, self.plan = self.plan, None
            return plan({item.article.title: item for item in fresh}, {item.article.title: item for item in known})
        return StoryDecisions(tuple(StoryChoice(item.id, story_id(item.id), True) for item in fresh))


@dataclass
class ToldDesk(Desk):
    cluster: Told = field(default_factory=Told)

    @property
    def bench(self) -> Bench:
        made = super().bench
        return replace(made, stages=replace(made.stages, cluster=self.cluster))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ToldDesk]:
    desk = ToldDesk(tmp_path, (Source(f"{BASE}/feed.xml"),))
    yield desk
    desk.store.close()


def web(count: int) -> dict[str, Any]:
    shown = [FIRST, SECOND, LATE][:count]
    pages = {BASE + story.path: ("text/html", page(story, BASE)) for story in shown}
    return {f"{BASE}/feed.xml": ("application/rss+xml", feed(shown, BASE)), **pages}


def items(desk: Desk) -> dict[str, Item]:
    with desk.store.begin() as work:
        return {item.article.title: item for item in work.items.iter_all()}


def records(desk: Desk) -> dict[str, Record]:
    return {file.record.bookkeeping.id: file.record for file in desk.records.read_all()[0] if file.record.bookkeeping}


def told(desk: Desk, item: Item) -> list[tuple[str, str]]:
    return [(event.kind, event.detail) for event in desk.log.iter_all() if event.item == item.id]


def test_a_story_put_into_another_moves_its_records_and_is_told_once(desk: ToldDesk) -> None:
    desk.run(web(2))
    before = items(desk)
    kept, gone = before[FIRST.title].story or "", before[SECOND.title].story or ""
    assert kept != gone
    assert before[SECOND.title].lead

    def plan(fresh: dict[str, Item], known: dict[str, Item]) -> StoryDecisions:
        late, moved = fresh[LATE.title], known[SECOND.title]
        return StoryDecisions(
            (StoryChoice(late.id, kept, False, 0.5, ("harbor",)),),
            (StoryRevision(moved.id, gone, kept, "merged"),),
        )

    desk.cluster.plan = plan
    desk.run(web(3), timedelta(hours=1))
    after = items(desk)
    assert {item.story for item in after.values()} == {kept}
    assert sum(bool(item.lead) for item in after.values()) == 1
    for item in after.values():
        record = records(desk)[item.id]
        assert record.bookkeeping is not None
        assert (record.bookkeeping.story, record.bookkeeping.lead) == (kept, item.lead)
    moved = after[SECOND.title]
    events = told(desk, moved)
    at = events.index(("merged", gone))
    assert events[at : at + 3] == [("merged", gone), ("left", gone), ("joined", kept)]
    passed = [title for title in (FIRST.title, SECOND.title) if not after[title].lead]
    assert passed
    assert all(after[title].heat != before[title].heat for title in passed), (
        "who leads no longer has no heat of its own"
    )
    _assert_nothing_changes(desk)


def test_an_item_taken_out_of_a_story_moves_alone_and_both_stories_are_ranked_anew(desk: ToldDesk) -> None:
    together: list[str] = []

    def one_story(fresh: dict[str, Item], known: dict[str, Item]) -> StoryDecisions:
        together.append(story_id(fresh[FIRST.title].id))
        choices = [StoryChoice(item.id, together[0], title == FIRST.title) for title, item in fresh.items()]
        return StoryDecisions(tuple(choices))

    def part(fresh: dict[str, Item], known: dict[str, Item]) -> StoryDecisions:
        late, moved = fresh[LATE.title], known[SECOND.title]
        own = story_id(late.id)
        moves = StoryRevision(moved.id, together[0], own, "split", ("ferry", "pier"))
        return StoryDecisions((StoryChoice(late.id, own, True),), (moves,))

    desk.cluster.plan = one_story
    desk.run(web(2))
    before = items(desk)
    assert len({item.story for item in before.values()}) == 1
    desk.cluster.plan = part
    desk.run(web(3), timedelta(hours=1))
    after = items(desk)
    own = story_id(after[LATE.title].id)
    assert [after[title].story for title in (FIRST.title, SECOND.title, LATE.title)] == [together[0], own, own]
    assert after[FIRST.title].lead, "what is left leads its story"
    assert sum(bool(after[title].lead) for title in (SECOND.title, LATE.title)) == 1
    events = told(desk, after[SECOND.title])
    split = ("split", f"{together[0]}: ferry, pier")
    at = events.index(split)
    assert events[at : at + 3] == [split, ("left", together[0]), ("joined", own)], "and the log says why"
    assert not [kind for kind, _ in told(desk, after[FIRST.title]) if kind in {"merged", "split", "left"}]
    record = records(desk)[after[SECOND.title].id]
    assert record.bookkeeping is not None
    assert record.bookkeeping.story == own
    _assert_nothing_changes(desk)


def _assert_nothing_changes(desk: ToldDesk) -> None:
    before, written, events = items(desk), records(desk), list(desk.log.iter_all())
    asked = len(desk.cluster.calls)
    desk.run(web(3), timedelta(hours=2))
    assert items(desk) == before
    assert records(desk) == written
    assert list(desk.log.iter_all()) == events
    assert desk.cluster.calls[asked:] in ([], [0])
