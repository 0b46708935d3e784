"""Stories: what joins, what stays apart, and whose word counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from news_items import news
from newsloom.model.item import Item, StoryRevision, story_id
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


def known_pair(*, story: str, other: str) -> list[Item]:
    """Return three reports of one vote that stand in two stories: two in *story*, one in *other*."""
    first, second = (
        council("Oakford", "Lindqvist"),
        council("Oakford", "Lindqvist", words=1, provider="Ledger", hours=2),
    )
    third = council("Oakford", "Lindqvist", provider="Echo", hours=3)
    return [replace(first, story=story), replace(second, story=story), replace(third, story=other)]


def test_stories_that_turn_out_to_be_one_are_put_together_under_the_larger_ones_id() -> None:
    known = known_pair(story="s-large", other="s-small")
    fresh = council("Oakford", "Lindqvist", words=1, provider="Courier", hours=4)
    decided = StreamClusterer().stories([fresh], known, NOTHING)
    assert [choice.story for choice in decided.choices] == ["s-large"]
    (revision,) = decided.revisions
    assert revision == StoryRevision(known[2].id, "s-small", "s-large", "merged", revision.evidence)
    assert "oakford" in revision.evidence, "and says why"
    settled = [replace(item, story="s-large") for item in [*known, fresh]]
    later = council("Oakford", "Lindqvist", provider="Gazette", hours=5)
    assert StreamClusterer().stories([later], settled, NOTHING).revisions == (), "what was put together stays so"


def test_nothing_moves_without_fresh_items() -> None:
    assert StreamClusterer().stories([], known_pair(story="s-large", other="s-small"), NOTHING).revisions == ()


@pytest.mark.parametrize("by", ["apart", "must"])
def test_what_a_person_parted_is_never_put_together_again(by: str) -> None:
    known = known_pair(story="s-large", other="s-small")
    one, other = sorted((known[0].id, known[2].id))
    constraints = (
        StoryConstraints(apart=frozenset({(one, other)}))
        if by == "apart"
        else StoryConstraints(must={known[2].id: "s-small"})
    )
    fresh = council("Oakford", "Lindqvist", words=1, provider="Courier", hours=4)
    assert StreamClusterer().stories([fresh], known, constraints).revisions == ()


def test_an_item_kept_apart_from_a_member_opens_its_own_story() -> None:
    known = known_pair(story="s-large", other="s-large")
    fresh = council("Oakford", "Lindqvist", provider="Courier", hours=4)
    constraints = StoryConstraints(apart=frozenset({tuple(sorted((known[1].id, fresh.id)))}))
    assert weave([fresh], known, constraints) == [story_id(fresh.id)]


def market(subject: str, size: str, hours: float) -> Item:
    """Return a market report: one template, its subject alone differs."""
    return news(
        f"{subject} Market Size Worth ${size} Billion by 2033 | Market Lens Research",
        f"The {subject} market was valued at a record in the base year and is set to reach ${size} billion by 2033, says a new "
        f"study. Rising demand drives the {subject} market. The study of the {subject} market names key players, segments the "
        f"market by region and application, and offers a sample to download. Contact us to learn more about the study.",
        hours=hours,
        provider=f"Wire {hours}",
    )


def test_one_template_about_two_subjects_makes_two_stories() -> None:
    items = [market("Garden Shears", "3.1", 0), market("Kettle Lid", "7.4", 1), market("Door Mat", "2.2", 2)]
    assert len(set(weave(items))) == 3


def _text(item: Item) -> tuple[str, str]:
    return item.article.title, item.article.article_body
