"""Stories: what joins, what stays apart, and whose word counts."""

from __future__ import annotations

import pytest

from news_items import news
from newsloom.model.item import Item, story_id
from newsloom.ports.deciding import StoryConstraints
from newsloom.stages.cluster import StreamClusterer

NOTHING = StoryConstraints()


def council(town: str, mayor: str, *, hours: float = 0.0, provider: str = "Harbor Post", words: int = 0) -> Item:
    """Return a report on a council vote; look-alikes differ in their names only, *words* picks the wording."""
    title, body = [
        (
            f"{town} council votes to ban face scans",
            (
                f"The council of {town} voted on Monday to ban face scans by police. Mayor {mayor} of {town} said she would sign. "
                f"Residents in {town} had protested for weeks, and {mayor} had heard them at length in the chamber."
            ),
        ),
        (
            f"Police in {town} lose their face scans after council vote",
            (
                f"Police may scan no faces in {town} any more. Its council voted on Monday for a ban, and {mayor} will sign it. "
                f"Protest in {town} had gone on for weeks. Mayor {mayor} called the scans a mistake of the past."
            ),
        ),
    ][words]
    return news(title, body, hours=hours, provider=provider)


def quake(dead: int, day: int, provider: str = "Harbor Post") -> Item:
    return news(
        f"Toll of Sarn earthquake rises to {dead}",
        f"The earthquake in Sarn has killed {dead} people, officials in Sarn said on day {day} of the search. Rescuers dug "
        f"through the rubble of the old market of Sarn, where tents and soup kitchens now stand.",
        hours=24.0 * day,
        provider=provider,
    )


def weave(fresh: list[Item], known: list[Item] | None = None, constraints: StoryConstraints = NOTHING) -> list[str]:
    choices = StreamClusterer().stories(fresh, known or [], constraints).choices
    assert [choice.item for choice in choices] == [item.id for item in fresh]
    return [choice.story for choice in choices]


def test_two_reports_of_one_event_share_a_story_and_the_first_opens_it() -> None:
    first, second = (
        council("Oakford", "Lindqvist"),
        council("Oakford", "Lindqvist", words=1, hours=3, provider="Ledger"),
    )
    opened, joined = StreamClusterer().stories([first, second], [], NOTHING).choices
    assert opened.opens and opened.story == story_id(first.id)
    assert not joined.opens and joined.story == opened.story
    assert 0.0 < joined.similarity <= 1.0
    assert joined.evidence


def test_the_same_vote_in_two_towns_makes_two_stories() -> None:
    oakford = [council("Oakford", "Lindqvist"), council("Oakford", "Lindqvist", words=1, hours=2, provider="Ledger")]
    portmere = [
        council("Portmere", "Okafor", hours=1),
        council("Portmere", "Okafor", words=1, hours=3, provider="Echo"),
    ]
    stories = weave([oakford[0], portmere[0], oakford[1], portmere[1]])
    assert stories[0] == stories[2] != stories[1] == stories[3]


def test_a_running_story_stays_whole_while_its_numbers_change() -> None:
    assert len(set(weave([quake(12, 0), quake(31, 1), quake(58, 2, "Ledger"), quake(77, 3)]))) == 1


def test_what_comes_after_the_window_opens_a_new_story() -> None:
    first, late = quake(12, 0), quake(12, 9, "Ledger")
    assert len(set(weave([first, late]))) == 2


def test_languages_do_not_mix_unless_unknown() -> None:
    english = council("Oakford", "Lindqvist")
    twin = council("Oakford", "Lindqvist", provider="Ledger", hours=1)
    for tag, stories in (("de", 2), (None, 1), ("en-GB", 1)):
        other = news(twin.article.title, twin.article.article_body, provider="Ledger", hours=1, lang=tag)
        assert len(set(weave([english, other]))) == stories, tag


def test_a_fresh_item_joins_the_story_of_known_ones() -> None:
    known = news(*_text(council("Oakford", "Lindqvist")), story="s0123456789ab")
    assert weave([council("Oakford", "Lindqvist", words=1, provider="Ledger", hours=2)], [known]) == ["s0123456789ab"]


def test_a_persons_word_counts_more_than_likeness() -> None:
    first = council("Oakford", "Lindqvist")
    second = council("Oakford", "Lindqvist", words=1, provider="Ledger", hours=2)
    apart = StoryConstraints(must={second.id: story_id(second.id)})
    assert len(set(weave([first, second], constraints=apart))) == 2
    stranger = news("Ferry timetable changes in spring", "Boats leave earlier from April.", hours=3)
    together = StoryConstraints(must={stranger.id: story_id(first.id)})
    assert len(set(weave([first, stranger], constraints=together))) == 1


def test_a_story_whose_plain_id_is_taken_gets_another() -> None:
    first = council("Oakford", "Lindqvist")
    stranger = news("Ferry timetable changes in spring", "Boats leave earlier from April.", story=story_id(first.id))
    (story,) = weave([first], [stranger])
    assert story != story_id(first.id)
    assert story.startswith(story_id(first.id))


@pytest.mark.parametrize("title", ["", "…", "the of and"])
def test_items_that_say_nothing_stand_alone(title: str) -> None:
    items = [news(title, url=f"https://harborpost.example/{n}") for n in range(3)]
    assert len(set(weave(items))) == 3


def test_nothing_fresh_gives_no_choice() -> None:
    assert weave([], [quake(1, 0)]) == []


def _text(item: Item) -> tuple[str, str]:
    return item.article.title, item.article.article_body
