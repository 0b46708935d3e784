"""What every Scorer promises, over both packaged profiles."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from invented_items import NOW, TOPICS, article, item
from newsloom.adapters.files.profiles import PACKAGED, read_profile
from newsloom.ports.deciding import Scorer, StoryView
from newsloom.stages.rank import ProfileScorer

MEMBERS = (
    item(key="a", hours_ago=5.0),
    item(article("Ferry terminal scans paused", domain="bay.example", body=""), key="b", hours_ago=3.0),
    item(article(domain="copycat.example"), key="c", hours_ago=2.0, duplicate_of="a"),
)


@pytest.fixture(params=PACKAGED)
def scorer(request: pytest.FixtureRequest) -> Scorer:
    return ProfileScorer(read_profile(request.param), organizations={}, topics=TOPICS)


def test_quality_is_deterministic_and_not_negative(scorer: Scorer) -> None:
    for member in MEMBERS:
        assert scorer.quality(member) == scorer.quality(member)
        assert scorer.quality(member).total >= 0


def test_terms_have_names_of_their_own_and_evidence(scorer: Scorer) -> None:
    view = StoryView("s", MEMBERS)
    for score in (scorer.quality(MEMBERS[0]), scorer.heat(MEMBERS[0], view, NOW)):
        assert len({term.name for term in score.terms}) == len(score.terms)
        assert all(term.evidence for term in score.terms if term.points)


def test_the_lead_is_a_member_no_copy_and_the_same_whenever_asked(scorer: Scorer) -> None:
    leads = {scorer.lead(StoryView("s", members)) for members in (MEMBERS, MEMBERS[::-1])}
    assert len(leads) == 1
    assert leads <= {"a", "b"}


def test_a_story_of_copies_alone_still_has_a_lead(scorer: Scorer) -> None:
    assert scorer.lead(StoryView("s", MEMBERS[2:])) == "c"


def test_a_story_without_members_has_none(scorer: Scorer) -> None:
    with pytest.raises(ValueError, match="no members"):
        scorer.lead(StoryView("s", ()))


def test_the_lead_has_heat_and_heat_never_grows_by_waiting(scorer: Scorer) -> None:
    view = StoryView("s", MEMBERS)
    lead = next(member for member in MEMBERS if member.id == scorer.lead(view))
    first, later = (scorer.heat(lead, view, NOW + timedelta(hours=hours)).total for hours in (0, 30))
    assert first >= later >= 0


def test_an_item_with_better_ones_beside_it_is_cold(scorer: Scorer) -> None:
    view = StoryView("s", MEMBERS)
    weak = replace(
        MEMBERS[1], article=replace(MEMBERS[1].article, title="x" * 200), lead=False, quality=None, topics=()
    )
    assert scorer.heat(weak, replace(view, members=(MEMBERS[0], weak)), NOW).total == -1


def test_publication_says_why(scorer: Scorer) -> None:
    for member in MEMBERS:
        for before in (None, True, False):
            published, reason = scorer.published(replace(member, lead=True), before=before)
            assert isinstance(published, bool) and reason


def test_what_is_held_is_held_for_something_and_what_is_published_for_nothing(scorer: Scorer) -> None:
    for member in MEMBERS:
        led = replace(member, lead=True)
        assert bool(scorer.holds(led)) is not scorer.published(led, before=led.published)[0]
