"""What is usual for a topic, and how heat goes by it."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

from invented_items import NOW, TOPICS, article, item, organization
from newsloom.adapters.files.profiles import read_profile
from newsloom.model.item import Item
from newsloom.model.topic import TopicLabel
from newsloom.ports.deciding import StoryView
from newsloom.stages.rank import ProfileScorer
from newsloom.stages.rank.usual import EVERYTHING, usual_levels, usual_window

SCORER = ProfileScorer(
    read_profile("newsloom"),
    organizations={f"p{number}.example": organization(f"p{number}.example", 80) for number in range(9)},
    topics=TOPICS,
)


def story(
    name: str, providers: int, *, hours_ago: float = 48.0, topic: str = "Surveillance", published: bool = True
) -> StoryView:
    members = [
        item(article(domain=f"p{number}.example"), key=f"{name}-{number}", hours_ago=hours_ago)
        for number in range(providers)
    ]
    lead = replace(members[0], lead=True, published=published, topics=(TopicLabel(topic, 0.9),))
    return StoryView(name, (lead, *members[1:]))


def test_nothing_is_usual_in_a_new_portal() -> None:
    assert SCORER.usual([], NOW) == {}
    assert usual_levels([]) == {}


def test_a_busy_topic_is_used_to_more_than_a_quiet_one() -> None:
    busy = [story(f"b{number}", 6, topic="Busy") for number in range(10)]
    quiet = [story(f"q{number}", 1, topic="Quiet") for number in range(10)]
    levels = SCORER.usual([*busy, *quiet], NOW)
    assert levels["Busy"] > levels[EVERYTHING] > levels["Quiet"] > 0.0
    fresh = {topic: story("x", 3, hours_ago=0.0, topic=topic) for topic in ("Busy", "Quiet", "New")}
    heats = {
        topic: SCORER.heat(view.members[0], replace(view, usual=levels), NOW).total for topic, view in fresh.items()
    }
    assert heats["Quiet"] > heats["New"] > heats["Busy"] > 0


def test_a_topic_with_few_stories_is_believed_to_be_like_the_portal() -> None:
    many = [(("Many",), 1.0)] * 40
    few = usual_levels([*many, (("Few",), 9.0)])
    assert few["Many"] < few["Few"] < 3.0


def test_what_happens_today_spam_and_what_is_long_ago_are_not_usual() -> None:
    usual = SCORER.usual([story("a", 2)], NOW)
    since, until = usual_window(NOW)
    assert until - since == timedelta(days=14) and until <= NOW
    today = story("today", 8, hours_ago=1.0)
    held = [story(f"spam{number}", 1, published=False) for number in range(50)]
    old = story("old", 8, hours_ago=24 * 20)
    assert SCORER.usual([story("a", 2), today, *held, old], NOW) == usual
    assert SCORER.usual([story("a", 2)], NOW.replace(hour=23)) == SCORER.usual([story("a", 2)], NOW.replace(hour=1))


def test_order_does_not_matter() -> None:
    stories = [story(f"s{number}", 1 + number % 5, topic=("A", "B")[number % 2]) for number in range(20)]
    shuffled = random.Random(1).sample(stories, len(stories))
    assert SCORER.usual(shuffled, NOW) == SCORER.usual(stories, NOW)


def test_the_origin_profile_knows_nothing_usual() -> None:
    origin = ProfileScorer(read_profile("origin"), organizations={}, topics=TOPICS)
    assert origin.usual([story("a", 2)], NOW) == {}


def heat(made: Item, **view: object) -> int:
    lead = replace(made, lead=True)
    return SCORER.heat(lead, StoryView("s", (lead,), **view), NOW).total  # type: ignore[arg-type]


def test_only_what_was_there_before_us_counts_as_old_as_it_claims() -> None:
    claiming = item(article(domain="p1.example", published_date_time=NOW - timedelta(days=3)), hours_ago=0.0)
    assert heat(claiming) > 20
    assert heat(claiming, backlog=frozenset({claiming.id})) < 5


def test_a_provider_whose_own_source_was_declared_is_neutral_and_one_from_an_aggregator_unknown() -> None:
    made = item(article(domain="harborpost.example"), hours_ago=0.0)
    own = heat(replace(made, source="https://rss.harborpost.example/all.xml"))
    assert own == 23
    assert heat(replace(made, source="https://aggregator.example/feed")) == heat(made) < own / 2
