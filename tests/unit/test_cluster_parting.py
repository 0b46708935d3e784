"""A settled story that has come apart: when it is parted, who keeps the id, and whose word counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from news_items import news
from newsloom.model.item import Item, story_id
from newsloom.ports.deciding import StoryConstraints
from newsloom.stages.cluster import StreamClusterer

NOTHING = StoryConstraints()
MIXED = "s-mixed"

FIRE = [
    (
        "Fire destroys grain silo in Velmar harbour",
        (
            "Flames tore through a grain silo in the harbour of Velmar at dawn. Firefighters from Velmar pumped sea water on the "
            "silo for six hours, and two dockers were treated for smoke. The silo held barley for export."
        ),
    ),
    (
        "Grain silo burns in Velmar, two dockers hurt",
        (
            "Two dockers breathed smoke when a grain silo burned in Velmar harbour this morning. The silo, full of barley for "
            "export, burned for six hours; firefighters drew sea water to put out the flames."
        ),
    ),
    (
        "Velmar harbour reopens after silo fire",
        (
            "Ships enter the harbour of Velmar again after flames destroyed a grain silo. Firefighters watch the barley, which "
            "still glows, and the two dockers who breathed smoke have left hospital."
        ),
    ),
    (
        "Barley still glows in burned Velmar silo",
        (
            "The barley in the burned grain silo in Velmar harbour still glows, say firefighters, who go on pumping sea water. "
            "Two dockers had been treated for smoke after the flames."
        ),
    ),
]
CHESS = [
    (
        "Teenager Ilka Dorn wins the chess open in Tarsin",
        (
            "Ilka Dorn, who is fifteen, won the chess open in Tarsin with a queen sacrifice in the last round. The grandmaster "
            "Pavo Rehn, whom Dorn beat in the endgame, called the sacrifice the finest of the tournament."
        ),
    ),
    (
        "Queen sacrifice gives Ilka Dorn the Tarsin open",
        (
            "A queen sacrifice in the last round made Ilka Dorn, fifteen, the winner of the chess open in Tarsin. Grandmaster Pavo "
            "Rehn lost the endgame and praised the finest move of the tournament."
        ),
    ),
    (
        "Grandmaster Rehn praises teenage chess winner Dorn",
        (
            "Pavo Rehn, the grandmaster who lost to Ilka Dorn in the endgame of the last round in Tarsin, praised the queen "
            "sacrifice of the fifteen-year-old, who won the chess open and its tournament purse."
        ),
    ),
    (
        "Dorn, fifteen, takes the purse of the Tarsin chess open",
        (
            "The purse of the chess open in Tarsin goes to Ilka Dorn, fifteen, who offered her queen in the last round. "
            "Grandmaster Pavo Rehn could not hold the endgame of the tournament."
        ),
    ),
]


def reports(texts: list[tuple[str, str]], story: str | None = MIXED, start: float = 0.0) -> list[Item]:
    return [
        news(title, body, hours=start + number, provider=f"Paper {number}", story=story)
        for number, (title, body) in enumerate(texts)
    ]


def fresh_on(texts: list[tuple[str, str]], hours: float = 5.0) -> Item:
    """Return the last of *texts* as a fresh report."""
    return news(*texts[-1], hours=hours, provider="Courier")


def test_a_story_that_has_come_apart_is_parted_and_the_larger_half_keeps_the_id() -> None:
    fire, chess = reports(FIRE[:3]), reports(CHESS[:2], start=0.5)
    decided = StreamClusterer().stories([fresh_on(CHESS)], [*fire, *chess], NOTHING)
    (choice,) = decided.choices
    assert {revision.item for revision in decided.revisions} == {item.id for item in chess}
    new = story_id(chess[0].id)
    assert {(one.before, one.story, one.kind) for one in decided.revisions} == {(MIXED, new, "split")}
    assert choice.story == new, "it goes with those it tells of"
    assert "dorn" in decided.revisions[0].evidence
    assert "silo" not in decided.revisions[0].evidence


def test_halves_as_large_as_each_other_leave_the_id_with_the_older() -> None:
    fire, chess = reports(FIRE[:2]), reports(CHESS[:2], start=0.5)
    decided = StreamClusterer().stories([fresh_on(CHESS), fresh_on(FIRE, 6.0)], [*fire, *chess], NOTHING)
    assert {revision.item for revision in decided.revisions} == {item.id for item in chess}


def test_what_was_parted_stays_parted_and_nothing_moves_twice() -> None:
    fire, chess = reports(FIRE[:3]), reports(CHESS[:2], start=0.5)
    known = [*fire, *chess]
    late = [
        fresh_on(CHESS),
        fresh_on(FIRE, 6.0),
        news("Ferry timetable changes", "Boats leave earlier in spring.", hours=7),
    ]
    for number, item in enumerate(late):
        decided = StreamClusterer().stories([item], known, NOTHING)
        assert bool(decided.revisions) is (number == 0)
        places = {revision.item: revision.story for revision in decided.revisions}
        places[item.id] = decided.choices[0].story
        known = [replace(one, story=places.get(one.id, one.story)) for one in [*known, item]]
    assert len({item.story for item in known}) == 3


@pytest.mark.parametrize("who", ["merged by hand", "one moved by hand"])
def test_a_story_that_a_person_made_is_never_parted(who: str) -> None:
    fire, chess = reports(FIRE[:3]), reports(CHESS[:2], start=0.5)
    hands = chess if who == "merged by hand" else chess[:1]
    constraints = StoryConstraints(must={item.id: MIXED for item in hands})
    decided = StreamClusterer().stories([fresh_on(CHESS)], [*fire, *chess], constraints)
    assert decided.revisions == ()


def test_one_stranger_is_no_half() -> None:
    fire, chess = reports(FIRE[:3]), reports(CHESS[:1], start=0.5)
    decided = StreamClusterer().stories([fresh_on(FIRE)], [*fire, *chess], NOTHING)
    assert decided.revisions == ()


def test_a_story_that_runs_on_is_not_parted_for_its_new_words() -> None:
    fire, chess = reports(FIRE[:3]), reports(CHESS[:2], start=30.0)
    decided = StreamClusterer().stories([fresh_on(CHESS, 33.0)], [*fire, *chess], NOTHING)
    assert decided.revisions == (), "the one was over before the other began"


def test_the_order_in_which_known_items_are_given_does_not_matter() -> None:
    known = [*reports(FIRE[:3]), *reports(CHESS[:2], start=0.5)]
    fresh = [fresh_on(CHESS)]
    assert StreamClusterer().stories(fresh, known, NOTHING) == StreamClusterer().stories(fresh, known[::-1], NOTHING)
