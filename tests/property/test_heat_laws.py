"""Laws of heat and of sums, over generated stories: what no weight in a profile may break."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
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


def heat(members: list[Item], hours_later: float = 0.0) -> int:
    """Return the heat of the first member as the story's lead."""
    lead = replace(members[0], lead=True)
    view = StoryView("s", (lead, *members[1:]))
    return SCORER.heat(lead, view, NOW + timedelta(hours=hours_later)).total


@given(stories)
def test_a_new_independent_provider_never_cools_a_story(members: list[Item]) -> None:
    newcomer = item(article(domain="newcomer.example"), key="newcomer", hours_ago=0.5)
    assert heat([*members, newcomer]) >= heat(members)


@given(stories)
def test_a_fresh_report_of_a_new_trusted_provider_warms_a_fresh_story(members: list[Item]) -> None:
    trusted = item(article(domain="known10.example"), key="trusted", hours_ago=0.0)
    before = [member for member in members if member.article.provider.domain != "known10.example"]
    if before:
        assert heat([*before, trusted]) > heat(before) or heat(before) > 100


@given(stories, st.integers(1, 50))
def test_copies_change_nothing(members: list[Item], count: int) -> None:
    copies = [
        item(
            article(domain=f"known{number % 11}.example"),
            key=f"copy{number}",
            hours_ago=0.1,
            duplicate_of=members[0].id,
        )
        for number in range(count)
    ]
    assert heat([*members, *copies]) == heat(members)


@given(stories, st.floats(0, 48), st.floats(0, 48))
def test_time_never_warms_a_story(members: list[Item], first: float, more: float) -> None:
    assert heat(members, first + more) <= heat(members, first)


@given(stories, st.randoms(use_true_random=False))
def test_order_does_not_matter(members: list[Item], shuffler: random.Random) -> None:
    rest = members[1:]
    shuffler.shuffle(rest)
    assert heat([members[0], *rest]) == heat(members)
