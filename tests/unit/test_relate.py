"""Related coverage: order, reasons, and who is never linked."""

from __future__ import annotations

import dataclasses
from dataclasses import replace

from news_items import news
from newsloom.model.item import Item
from newsloom.model.record import FOLLOW_UP, FOLLOWED, RelationNote
from newsloom.model.topic import TopicLabel
from newsloom.stages.relate import CoverageRelator, RelateOptions

BAN = "The council of Oakford banned face scans by police after a wrongful arrest at the ferry pier."


def oakford(number: int, *, hours: float = 0.0, story: str | None = "s1", provider: str = "") -> Item:
    return news(
        f"Oakford face scans, part {number}", f"{BAN} This is report {number}.", hours=hours, story=story,
        provider=provider or f"Paper {number}",
    )  # fmt: skip


def related(item: Item, candidates: list[Item], options: RelateOptions | None = None) -> tuple[RelationNote, ...]:
    return CoverageRelator(options).with_candidates(candidates).relations(item)


ITEM = oakford(0)


def test_the_same_story_first_then_what_went_before_and_came_of_it() -> None:
    same = oakford(1, hours=1)
    before = oakford(2, hours=-48, story="s2")
    after = oakford(3, hours=48, story="s3")
    beside = dataclasses.replace(oakford(4, hours=2, story="s4"), topics=(TopicLabel("Faces", 0.9),))
    item = dataclasses.replace(ITEM, topics=(TopicLabel("Faces", 0.8),))
    notes = related(item, [before, beside, after, same])
    assert notes[0].item == same.id
    assert {note.item: note.reason for note in notes} == {
        same.id: "same story", before.id: FOLLOWED, after.id: "later coverage", beside.id: "also on Faces",
    }  # fmt: skip
    assert all(0.0 < note.score <= 1.0 for note in notes), "what came later follows the first of them all"
    assert notes[0].score > max(note.score for note in notes[1:])


def test_a_story_that_runs_on_goes_before_what_it_led_to() -> None:
    began, later = oakford(1, hours=-48, story="s2"), oakford(2, hours=20, story="s2")
    reasons = {note.item: note.reason for note in related(ITEM, [began, later, ITEM])}
    assert reasons == {began.id: FOLLOWED, later.id: FOLLOWED}
    assert {note.reason for note in related(later, [began, later, ITEM]) if note.item == ITEM.id} == {FOLLOW_UP}


def test_never_itself_never_a_copy_and_one_of_each_group_of_copies() -> None:
    copy = dataclasses.replace(oakford(1), duplicate_of=ITEM.id)
    other = oakford(2, hours=1)
    first_copy, second_copy = (dataclasses.replace(oakford(n, hours=n), duplicate_of=other.id) for n in (3, 4))
    notes = related(ITEM, [ITEM, copy, first_copy, other, second_copy])
    assert [note.item for note in notes] == [other.id]
    assert related(copy, [ITEM]) == ()


def test_of_copies_without_their_original_one_is_linked() -> None:
    copies = [dataclasses.replace(oakford(n, hours=n), duplicate_of="f" * 16) for n in (1, 2)]
    assert len(related(ITEM, copies)) == 1


def test_at_most_nine_and_at_most_three_of_one_provider() -> None:
    many = [oakford(n, hours=n) for n in range(1, 20)]
    assert len(related(ITEM, many)) == 9
    assert len(related(ITEM, many, RelateOptions(limit=4))) == 4
    one = [oakford(n, hours=n, provider="Ledger") for n in range(1, 20)]
    assert len(related(ITEM, one)) == 3


def test_what_has_nothing_in_common_is_not_related() -> None:
    assert related(ITEM, [news("Orchards fight the frost", "Candles burn all night.", story="s9")]) == ()


def test_the_bound_relator_says_the_same_as_the_plain_one() -> None:
    items = [ITEM, *(oakford(n, hours=5 * n, story=f"s{n % 3}") for n in range(1, 12))]
    bound = CoverageRelator().with_candidates(items)
    for item in items:
        assert bound.relations(item) == related(item, list(reversed(items)))


def test_what_two_texts_of_a_place_share_is_not_enough_without_a_topic() -> None:
    crowd = [
        replace(news(f"Northgate {word} opens", f"The {word} of Northgate opens on Monday, Northgate says."), id=word)
        for word in ("library", "market", "tannery", "bakery", "harbour")
    ]
    heaters = replace(
        news("Stop using heaters, Northgate says", "Northgate asks owners of heaters to unplug them."), id="a"
    )
    robot = replace(
        news("Robot injures worker in Northgate", "A robot in a Northgate shed hurt a man, Northgate police say."),
        id="b",
    )
    close = RelateOptions(off_topic=0.0)
    assert "b" in {note.item for note in related(heaters, [robot, *crowd], close)}
    assert "b" not in {note.item for note in related(heaters, [robot, *crowd])}
    safety = (TopicLabel("Consumer Safety", 0.9),)
    tied = related(replace(heaters, topics=safety), [replace(robot, topics=safety), *crowd])
    assert "b" in {note.item for note in tied}
