"""Which story follows up which: a later event about the same ones by name, not one that only resembles it."""

from __future__ import annotations

from dataclasses import replace

from invented_edition import invented
from news_items import news
from newsloom.model.item import Item
from newsloom.model.record import FOLLOW_UP, FOLLOWED, RecordFile, RelationNote
from newsloom.publish.stories import newsroom
from newsloom.stages.relate import CoverageRelator, RelateOptions

FIRE = [
    news(
        "Grain silo burns at Hadder Mill in Velmar",
        "Flames destroyed a grain silo at Hadder Mill in Velmar on Monday. Ilse Tarn, who runs Hadder Mill, said two workers "
        "breathed smoke. The fire brigade of Velmar fought the flames for six hours.",
        story="s-fire",
    ),
    news(
        "Two hurt as fire destroys Velmar silo",
        "Two workers breathed smoke when fire destroyed the grain silo of Hadder Mill in Velmar. The brigade fought the flames "
        "for six hours, and Ilse Tarn of Hadder Mill thanked Velmar for its help.",
        provider="Ledger", hours=2, story="s-fire",
    ),
]  # fmt: skip
INQUIRY = [
    news(
        "Inquiry blames a worn belt for the fire at Hadder Mill",
        "A worn belt set the grain silo of Hadder Mill in Velmar on fire, an inquiry found on Thursday. Inspectors say that "
        "Hadder Mill had skipped two checks; Ilse Tarn promised new belts in the silo at Velmar.",
        provider="Echo", hours=74, story="s-inquiry",
    ),
    news(
        "Hadder Mill skipped checks before silo fire, inspectors say",
        "Hadder Mill in Velmar skipped two checks of the belt that set its grain silo on fire, inspectors found. Ilse Tarn, "
        "who runs the mill, said that the inquiry was fair.",
        provider="Ledger", hours=76, story="s-inquiry",
    ),
]  # fmt: skip
LOOK_ALIKE = [
    news(
        "Grain silo burns at Orme Brothers in Quenlow",
        "Flames destroyed a grain silo at Orme Brothers in Quenlow on Wednesday. Pavo Rehn, who runs Orme Brothers, said two "
        "workers breathed smoke. The fire brigade of Quenlow fought the flames for six hours.",
        provider="Courier", hours=50, story="s-other",
    ),
]  # fmt: skip
REST = [
    news(
        f"Ferry {number} leaves earlier",
        f"Boat {number} leaves the pier at dawn in spring.",
        hours=number,
        story=f"s-{number}",
    )
    for number in range(8)
]


def reasons(item: Item, options: RelateOptions | None = None, besides: tuple[Item, ...] = ()) -> dict[str, str]:
    """Return the reason of each link of *item*, by story of the other."""
    items = [*FIRE, *INQUIRY, *LOOK_ALIKE, *REST, *besides]
    stories = {one.id: one.story or "" for one in items}
    notes = CoverageRelator(options).with_candidates(items).relations(item)
    return {stories[note.item]: note.reason for note in notes}


def test_a_follow_up_is_linked_to_the_story_it_follows_and_back() -> None:
    assert reasons(INQUIRY[0])["s-fire"] == FOLLOWED
    assert reasons(FIRE[0])["s-inquiry"] == FOLLOW_UP


def test_a_look_alike_that_names_others_is_none() -> None:
    assert reasons(LOOK_ALIKE[0])["s-fire"] == "background"
    assert reasons(FIRE[0])["s-other"] == "later coverage"


def test_what_began_within_hours_is_none() -> None:
    soon = replace(INQUIRY[0], id="a" * 16, first_seen=FIRE[0].first_seen, story="s-soon")
    assert reasons(soon)["s-fire"] not in (FOLLOWED, FOLLOW_UP)


def test_a_great_story_leaves_room_for_what_it_follows() -> None:
    many = tuple(
        replace(INQUIRY[1], id=f"{number:016x}", article=replace(
            INQUIRY[1].article, title=f"{INQUIRY[1].article.title}, report {number}", url=f"https://paper{number}.example/"))
        for number in range(12)
    )  # fmt: skip
    found = reasons(INQUIRY[0], RelateOptions(per_provider=99), many)
    assert found["s-fire"] == FOLLOWED
    assert found["s-inquiry"] == "same story"


def test_the_site_links_both_stories() -> None:
    edition = invented()
    later, earlier = newsroom(edition).stories[:2]
    note = RelationNote(earlier.lead.id, FOLLOWED, 0.4)

    def linked(file: RecordFile) -> RecordFile:
        book = file.record.bookkeeping
        if book is None or book.id != later.lead.id:
            return file
        return RecordFile(file.path, replace(file.record, bookkeeping=replace(book, relations=(note,))))

    news_now = newsroom(replace(edition, records=tuple(linked(file) for file in edition.records)))
    assert [story.id for story in news_now.followed(later)] == [earlier.id]
    assert [story.id for story in news_now.following(earlier)] == [later.id]
    assert news_now.followed(earlier) == news_now.following(later) == ()
