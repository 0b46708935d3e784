"""Laws of heat and of sums, over generated stories: what no weight in a profile may break."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from invented_items import NOW, TOPICS, article, item, organization
from newsloom.adapters.files.profiles import read_profile
from newsloom.model.item import Item
from newsloom.ports.deciding import StoryView
from newsloom.stages.rank import ProfileScorer

KNOWN = {f"known{number}.example": organization(f"known{number}.example", 10 * number) for number in range(11)}
SCORER = ProfileScorer(read_profile("newsloom"), organizations=KNOWN, topics=TOPICS)
BARE = article(body="", published_date_time=None)

domains = st.one_of(st.sampled_from(sorted(KNOWN)), st.integers(0, 30).map(lambda number: f"unknown{number}.example"))


@st.composite
def reports(draw: st.DrawFn) -> Item:
    """An item of some provider, seen up to four days ago or (a wrong clock) up to a day ahead."""
    domain, number = draw(domains), draw(st.integers(0, 10**6))
    made = replace(BARE, url=f"https://{domain}/{number}", provider=replace(BARE.provider, domain=domain))
    return item(made, key=f"{number:07d}-{domain}", hours_ago=draw(st.floats(-24, 96)))


stories = st.lists(reports(), min_size=1, max_size=12, unique_by=lambda made: made.id)
usuals = st.floats(0, 8)


def heat(members: list[Item], usual: float = 0.0, hours_later: float = 0.0) -> int:
    """Return the heat of the first member as the story's lead."""
    lead = replace(members[0], lead=True)
    view = StoryView("s", (lead, *members[1:]), usual)
    return SCORER.heat(lead, view, NOW + timedelta(hours=hours_later)).total


@given(stories, usuals)
def test_a_new_independent_provider_never_cools_a_story(members: list[Item], usual: float) -> None:
    newcomer = item(article(domain="newcomer.example"), key="newcomer", hours_ago=0.5)
    assert heat([*members, newcomer], usual) >= heat(members, usual)


@given(stories, st.integers(0, 10))
def test_a_fresh_report_of_a_new_trusted_provider_warms_a_fresh_story(members: list[Item], usual: int) -> None:
    trusted = item(article(domain="known10.example"), key="trusted", hours_ago=0.0)
    before = [member for member in members if member.article.provider.domain != "known10.example"]
    if before:
        assert heat([*before, trusted], float(usual)) > heat(before, float(usual)) or heat(before, float(usual)) > 100


@given(stories, usuals, st.integers(1, 50))
def test_copies_change_nothing(members: list[Item], usual: float, count: int) -> None:
    copies = [
        item(article(domain=f"known{number % 11}.example"), key=f"copy{number}", hours_ago=0.1, duplicate_of=members[0].id)
        for number in range(count)
    ]
    assert heat([*members, *copies], usual) == heat(members, usual)


@given(stories, usuals, st.floats(0, 48), st.floats(0, 48))
def test_time_never_warms_a_story(members: list[Item], usual: float, first: float, more: float) -> None:
    assert heat(members, usual, first + more) <= heat(members, usual, first)


@given(stories, usuals, st.randoms(use_true_random=False))
def test_order_does_not_matter(members: list[Item], usual: float, shuffler: random.Random) -> None:
    rest = members[1:]
    shuffler.shuffle(rest)
    assert heat([members[0], *rest], usual) == heat(members, usual)


@given(stories, usuals)
def test_usual_coverage_never_warms(members: list[Item], usual: float) -> None:
    assert heat(members, usual) <= heat(members, 0.0)


@given(st.integers(1, 500))
@settings(max_examples=25)
def test_a_farm_of_unknown_hosts_is_bounded(count: int) -> None:
    farm = [item(article(domain=f"farm{number}.example", body=""), key=f"f{number:03d}") for number in range(count)]
    assert 0 < heat(farm) <= 40
    known = item(article(domain="known9.example"), key="k", hours_ago=0.0)
    assert heat([known, *farm]) <= heat([known]) + 40


def test_heat_is_gone_after_four_days() -> None:
    members = [item(article(domain=f"known{number}.example"), key=str(number)) for number in range(5, 11)]
    assert heat(members) > 60
    assert heat(members, hours_later=96) == 0


@given(stories, usuals, st.booleans())
def test_the_parts_of_heat_sum_to_it_and_have_names_of_their_own(members: list[Item], usual: float, leads: bool) -> None:
    score = SCORER.heat(replace(members[0], lead=leads), StoryView("s", tuple(members), usual), NOW)
    assert sum(score.parts.values()) == score.total
    assert len({term.name for term in score.terms}) == len(score.terms)
    assert score.total >= 0 if leads else score.total == -1


@given(stories)
def test_the_lead_does_not_depend_on_the_order_of_members(members: list[Item]) -> None:
    assert SCORER.lead(StoryView("s", tuple(members))) == SCORER.lead(StoryView("s", tuple(reversed(members))))
