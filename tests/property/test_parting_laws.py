"""Laws of the pass that merges and parts: no order, no to and fro, nobody's word broken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from news_items import news
from newsloom.model.item import Item, StoryRevision
from newsloom.ports.deciding import StoryConstraints, StoryDecisions
from newsloom.stages.cluster import StreamClusterer

EVENTS = {
    "Velmar": [
        "grain",
        "silo",
        "harbour",
        "flames",
        "firefighters",
        "dockers",
        "smoke",
        "barley",
        "export",
        "dawn",
        "pumped",
        "sea",
        "water",
    ],
    "Tarsin": [
        "chess",
        "open",
        "queen",
        "sacrifice",
        "grandmaster",
        "endgame",
        "tournament",
        "teenager",
        "round",
        "purse",
        "board",
        "winner",
    ],
    "Oakford": [
        "council",
        "vote",
        "face",
        "scans",
        "police",
        "ban",
        "mayor",
        "protest",
        "chamber",
        "sign",
        "residents",
    ],
}
NOTHING = StoryConstraints()


@st.composite
def reports(draw: st.DrawFn) -> list[Item]:
    """Return reports of some events, in order; some stand already in stories that mix the events up."""
    made = []
    count = draw(st.integers(4, 14))
    for number in range(count):
        event = draw(st.sampled_from(sorted(EVENTS)))
        words = draw(st.permutations(EVENTS[event]))[: draw(st.integers(5, 10))]
        title = f"{event} {' '.join(words[:3])}"
        body = f"In {event} the {' and the '.join(words)} were told of. People in {event} said so."
        story = draw(st.sampled_from(["s-one", "s-two", None])) if number < count - 1 else None
        made.append(news(title, body, hours=number, provider=f"Paper {number}", story=story))
    return made


def decide(items: Sequence[Item], constraints: StoryConstraints = NOTHING) -> StoryDecisions:
    """Return what is decided about the *items* that stand in no story yet, the others being known."""
    fresh = [item for item in items if item.story is None]
    return StreamClusterer().stories(fresh, [item for item in items if item.story], constraints)


def settled(items: Sequence[Item], decided: StoryDecisions) -> list[Item]:
    places = {choice.item: choice.story for choice in decided.choices}
    places |= {revision.item: revision.story for revision in decided.revisions}
    return [replace(item, story=places.get(item.id, item.story)) for item in items]


@settings(max_examples=50, deadline=None)
@given(reports(), st.randoms())
def test_the_order_of_what_is_known_changes_nothing(items: list[Item], chance: object) -> None:
    known = [item for item in items if item.story]
    mixed = list(known)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    fresh = [item for item in items if item.story is None]
    assert decide([*mixed, *fresh]) == decide([*known, *fresh])


@settings(max_examples=50, deadline=None)
@given(reports())
def test_what_moved_does_not_move_back(items: list[Item]) -> None:
    """Reports that change nothing come in, one a run: whoever left a story never stands in it again."""
    decided = decide(items)
    left = {(revision.item, revision.before) for revision in decided.revisions}
    known = settled(items, decided)
    for number in range(3):
        stranger = news(f"Ferry timetable {number}", f"Boat {number} leaves earlier in spring.", hours=20 + number)
        decided = decide([*known, stranger])
        assert not {(revision.item, revision.story) for revision in decided.revisions} & left
        assert decided.revisions == (), "without news of them, what stands stands"
        known = settled([*known, stranger], decided)


@settings(max_examples=50, deadline=None)
@given(reports(), st.data())
def test_what_a_person_made_stays_whole(items: list[Item], data: st.DataObject) -> None:
    """Once a person put an item somewhere, that story is neither parted nor put into another."""
    standing = [item for item in items if item.story]
    if not standing:
        return
    chosen = data.draw(st.sampled_from(standing))
    decided = decide(items, StoryConstraints(must={chosen.id: chosen.story or ""}))
    moved: dict[str, StoryRevision] = {revision.item: revision for revision in decided.revisions}
    assert not [item.id for item in standing if item.story == chosen.story and item.id in moved]


@settings(max_examples=50, deadline=None)
@given(reports(), st.data())
def test_two_whom_a_person_parted_never_share_a_story(items: list[Item], data: st.DataObject) -> None:
    one, other = data.draw(st.lists(st.sampled_from(items), min_size=2, max_size=2, unique_by=lambda item: item.id))
    if one.story is not None and one.story == other.story:
        return  # such a wish comes with a move, which is obeyed before
    pair = (min(one.id, other.id), max(one.id, other.id))
    places = {item.id: item.story for item in settled(items, decide(items, StoryConstraints(apart=frozenset({pair}))))}
    assert places[one.id] != places[other.id]
