"""Laws of heat and of sums, over generated stories: what no weight in a profile may break.

`pytest tests/property/test_heat_laws.py --hypothesis-profile thorough` tries over 10,000 cases.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from invented_items import NOW, TOPICS, article, item, organization
from newsloom.adapters.files.profiles import read_profile
from newsloom.model.item import Item
from newsloom.model.score import Score, Term
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


levels = st.floats(0, 20)
QUALITY = Score((Term("decided", 80),))


def score(members: list[Item], hours_later: float = 0.0, usual: float = 0.0) -> Score:
    """Return the heat of the first member as the story's lead. Quality has no say in it, and need not be computed."""
    judged = [replace(member, quality=QUALITY) for member in members]
    lead = replace(judged[0], lead=True)
    view = StoryView("s", (lead, *judged[1:]), {"": usual})
    return SCORER.heat(lead, view, NOW + timedelta(hours=hours_later))


def heat(members: list[Item], hours_later: float = 0.0, usual: float = 0.0) -> int:
    return score(members, hours_later, usual).total


@given(stories, reports(), levels)
def test_a_new_independent_report_never_cools_a_story(members: list[Item], more: Item, usual: float) -> None:
    known = {member.article.provider.domain for member in members}
    if more.article.provider.domain in known:
        more = replace(more, article=replace(more.article, provider=replace(BARE.provider, domain="newcomer.example")))
    assert heat([*members, more], usual=usual) >= heat(members, usual=usual)


@given(stories, reports())
def test_a_later_report_of_a_provider_never_cools_a_story(members: list[Item], later: Item) -> None:
    same = replace(later.article, provider=members[0].article.provider)
    later = replace(later, article=same, first_seen=members[0].first_seen + timedelta(hours=1))
    assert heat([*members, later]) >= heat(members)


FARM = [
    item(replace(BARE, provider=replace(BARE.provider, domain=f"farm{n}.example")), key=f"farm{n}") for n in range(500)
]


@given(stories, st.lists(st.integers(5, 10), min_size=20, max_size=22), st.integers(0, 2))
def test_a_farm_of_unknown_hosts_stays_below_twenty_stories_of_neutral_providers(
    members: list[Item], standings: list[int], hours: int
) -> None:
    farm = heat([replace(report, first_seen=NOW - timedelta(hours=hours)) for report in FARM])
    real = [
        item(
            replace(BARE, provider=replace(BARE.provider, domain=f"known{standing}.example")),
            key="real",
            hours_ago=hours,
        )
        for standing in standings
    ]
    assert sum(heat([report]) > farm for report in real) >= 20
    assert heat([*members, *FARM]) - heat(members) <= farm + 24


@given(stories, st.floats(-1000, 1000))
def test_what_pages_claim_does_not_matter(members: list[Item], hours: float) -> None:
    claiming = [
        replace(member, article=replace(member.article, published_date_time=NOW + timedelta(hours=hours)))
        for member in members
    ]
    assert heat(claiming) == heat(members)


@given(stories, st.floats(200, 1000), levels)
def test_every_story_falls_to_nothing(members: list[Item], hours: float, usual: float) -> None:
    assert heat(members, hours, usual) == 0


@given(stories, levels, levels)
def test_the_more_is_usual_the_less_is_hot_and_the_terms_add_up(members: list[Item], one: float, other: float) -> None:
    cool, warm = (score(members, usual=usual) for usual in sorted((one, other), reverse=True))
    assert 0 <= cool.total <= warm.total
    assert warm.total == sum(warm.parts.values())


@given(stories)
def test_a_fresh_report_of_a_new_trusted_provider_warms_a_fresh_story(members: list[Item]) -> None:
    trusted = item(article(domain="known10.example"), key="trusted", hours_ago=0.0)
    before = [member for member in members if member.article.provider.domain != "known10.example"]
    if before:
        assert heat([*before, trusted]) > heat(before) or heat(before) > 80


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
