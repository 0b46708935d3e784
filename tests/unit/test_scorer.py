"""The default profile's decisions on ordinary items, and what the receipt says of them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from invented_items import NOW, STAFF_BODY, TOPICS, article, item, organization
from newsloom.adapters.files.profiles import read_profile
from newsloom.model.item import Item
from newsloom.ports.deciding import StoryView
from newsloom.stages.rank import ProfileScorer

PRESS_RELEASE = article(
    "Harborline Systems Announces Availability of Next-Generation FerryGate 4.2 Platform",
    domain="harborline.example",
    body="PIER CITY, March 2 -- Harborline Systems, a leading provider of gate solutions, today announced FerryGate 4.2.\n\n"
    + "The platform empowers operators with seamless, end-to-end access. " * 20
    + "\n\nAbout Harborline Systems\n\nFor more information, visit www.harborline.example.\n\nMedia contact: press@harborline.example",
)
MARKET_REPORT = article(
    "Global Ferry Gate Market Size Worth $9.4 Billion by 2031 at a CAGR of 11.2%",
    domain="gatemarkets.example",
    body="The global ferry gate market was valued at $4.1 billion in 2024. " * 30 + "Request a sample of this report.",
)

BAIT = article("You Won't Believe What These 9 Ferry Workers Did Next")


def scorer(**standings: int) -> ProfileScorer:
    organizations = {f"{name}.example": organization(f"{name}.example", value) for name, value in standings.items()}
    return ProfileScorer(read_profile("newsloom"), organizations=organizations, topics=TOPICS)


def test_an_ordinary_staff_article_of_an_unknown_provider_is_published() -> None:
    score = scorer().quality(item())
    assert score.total >= 75
    assert scorer().published(item(lead=True), before=None)[0]


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(PRESS_RELEASE, id="press release"),
        pytest.param(MARKET_REPORT, id="market report"),
        pytest.param(article(body="Scans paused. More soon."), id="thin"),
    ],
)
def test_what_is_not_news_stays_clearly_below_the_gate(made: object) -> None:
    score = scorer().quality(item(made))  # type: ignore[arg-type]
    assert score.total <= 62, score.parts
    assert not scorer().published(item(made, lead=True), before=None)[0]  # type: ignore[arg-type]


def test_a_baiting_headline_costs_an_otherwise_good_article_its_place() -> None:
    assert scorer().quality(item(BAIT)).total <= scorer().quality(item()).total - 15
    assert not scorer().published(item(BAIT, lead=True), before=None)[0]


def test_a_good_name_does_not_carry_a_press_release_over_the_gate() -> None:
    assert scorer(harborline=90).quality(item(PRESS_RELEASE)).total < 65


def test_an_item_known_from_its_feed_alone_is_publishable() -> None:
    assert scorer().quality(item(article(body="", authors=()), topic=0.6)).total >= 70


@pytest.mark.parametrize("field", ["amp_web_url", "cdn_amp_web_url"])
def test_neither_amp_nor_pictures_are_rewarded(field: str) -> None:
    plain, dressed = article(), article(**{field: "https://amp.example/a"})
    assert scorer().quality(item(plain)) == scorer().quality(item(dressed))


def test_a_copy_loses_its_originality_and_is_never_published() -> None:
    copied = item(duplicate_of="0123456789abcdef", lead=True)
    assert scorer().quality(copied).total <= scorer().quality(item()).total - 20
    assert scorer().published(copied, before=True) == (False, scorer().published(copied, before=True)[1])
    assert "copy of 0123456789abcdef" in scorer().published(copied, before=True)[1]


def test_hysteresis_keeps_what_was_published_and_admits_nothing_new() -> None:
    near = _with_total(item(lead=True), 67)
    assert not scorer().published(near, before=None)[0]
    assert not scorer().published(near, before=False)[0]
    assert scorer().published(near, before=True)[0]
    assert not scorer().published(_with_total(near, 64), before=True)[0]


def _with_total(made: Item, total: int) -> Item:
    quality = scorer().quality(made)
    first = quality.terms[0]
    shifted = replace(first, points=first.points + total - quality.total)
    return replace(made, quality=replace(quality, terms=(shifted, *quality.terms[1:])))


def test_heat_has_no_say_in_publication() -> None:
    made = item(lead=True)
    cold = scorer().heat(made, StoryView("s", (made,)), NOW + timedelta(days=30))
    assert cold.total == 0
    assert scorer().published(replace(made, heat=cold), before=None)[0]


def test_an_uncertain_topic_holds_an_item_back_unless_the_portal_has_no_topics() -> None:
    unsure = item(topic=0.3, lead=True)
    published, reason = scorer().published(unsure, before=None)
    assert (published, "0.30" in reason) == (False, True)
    without = ProfileScorer(read_profile("newsloom"), organizations={}, topics=())
    assert without.published(replace(unsure, topics=()), before=None)[0]


def test_flips_name_what_would_change_the_decision() -> None:
    held = item(BAIT, topic=0.2, lead=False)
    told = " | ".join(scorer().flips(held))
    for words in ("more points of quality", "without clickbait", "a topic at least 0.50 certain", "leading its story"):
        assert words in told
    assert any("quality below 65" in flip for flip in scorer().flips(item(lead=True)))


def test_the_standing_that_would_publish_an_item_comes_first_with_its_file() -> None:
    plain = article(body="The council met on Monday. It decided on the ferry. " * 9, authors=())
    first = scorer().flips(item(plain, lead=True))[0]
    told = re.fullmatch(
        r"a standing of (\d+) or more for Harborpost, now unknown, counted as 50: "
        r"`standing: \1` in _data/organizations/harborpost.example.md",
        first,
    )
    assert told, first
    least = int(told[1])
    assert scorer(harborpost=least).published(item(plain, lead=True), before=None)[0]
    assert not scorer(harborpost=least - 1).published(item(plain, lead=True), before=None)[0]
    assert f"now {least - 1}" in scorer(harborpost=least - 1).flips(item(plain, lead=True))[0]
    assert "standing" not in scorer().flips(item(BAIT, lead=True))[0]


def test_what_holds_an_item_is_told_in_words_that_several_share() -> None:
    held = replace(item(BAIT, topic=0.2, lead=False), duplicate_of="z")
    assert scorer().holds(held) == (
        "copied from another",
        "under quality 70",
        "without a certain topic",
        "behind the lead",
    )
    assert scorer().holds(item(lead=True)) == ()


def test_the_lead_is_an_original_and_stays_when_the_order_changes() -> None:
    copied = item(article(domain="a-copycat.example"), key="a", hours_ago=9, duplicate_of="z")
    release = item(PRESS_RELEASE, key="b", hours_ago=8)
    own = item(article(domain="harborpost.example"), key="z", hours_ago=2)
    late = item(article(domain="bay.example"), key="y", hours_ago=1.5)
    for members in ((copied, release, own, late), (late, own, release, copied)):
        assert scorer().lead(StoryView("s", members)) == "z"


def test_standing_decides_between_equal_originals() -> None:
    early = item(article(domain="bay.example"), key="a", hours_ago=3)
    trusted = item(article(domain="harborpost.example"), key="b", hours_ago=2)
    assert scorer().lead(StoryView("s", (early, trusted))) == "a"
    assert scorer(harborpost=90).lead(StoryView("s", (early, trusted))) == "b"


def test_who_leads_is_what_the_items_say_once_it_was_decided() -> None:
    own, late = item(key="z", lead=False), item(article(domain="bay.example"), key="y", lead=True)
    view = StoryView("s", (own, late))
    assert scorer().heat(late, view, NOW).total > 0
    score = scorer().heat(own, view, NOW)
    assert score.total == -1
    assert score.terms[-1].evidence.endswith("(Bay)")


def test_the_owner_s_standing_of_a_source_serves_where_the_provider_has_none() -> None:
    made = item(source="https://harborpost.example/feed")
    trusting = ProfileScorer(
        read_profile("newsloom"),
        organizations={},
        topics=TOPICS,
        source_standings={"https://harborpost.example/feed": 100},
    )
    assert trusting.quality(made).parts["source"] == 50
    assert scorer(harborpost=10).quality(made).parts["source"] == 5


def test_a_provider_file_is_found_by_domain_and_not_by_name() -> None:
    impostor = item(article(domain="harborpost.example.fake.example"))
    assert scorer(harborpost=100).quality(impostor).parts["source"] == 25


def test_hostile_text_is_judged_in_bounded_time_and_without_a_crash() -> None:
    for text in ('"' * 200_000, "1," * 100_000, "“" * 100_000, "a " * 200_000, "\x00\ud800" * 1000, "「" * 90_000):
        made = article(text[:5000], body=text)
        assert scorer().quality(item(made, key="x")).total >= 0


def test_words_are_counted_in_scripts_without_spaces() -> None:
    body = "港の議会は月曜日、渡船の乗り場での顔認識を七対四で止めた。" * 20
    assert scorer().quality(item(article(body=body, in_language="ja"))).parts["depth"] >= 10
    assert len(STAFF_BODY.split()) > 250


def gated(**parameters: object) -> ProfileScorer:
    """Return a scorer with another gate."""
    profile = read_profile("newsloom")
    publish = replace(profile.publish, parameters={**profile.publish.parameters, **parameters})
    return ProfileScorer(replace(profile, publish=publish), organizations={}, topics=TOPICS)


def test_one_missing_point_is_told_as_one() -> None:
    made = item(lead=True)
    flips = gated(threshold=scorer().quality(made).total + 1).flips(made)
    assert any(flip.startswith("1 more point of quality") for flip in flips)


def test_a_published_item_between_the_lines_is_told_what_would_hold_it() -> None:
    made = item(lead=True)
    total = scorer().quality(made).total
    kept = gated(threshold=total + 2, keep_from=total - 2)
    assert f"a quality below {total - 2}, now {total}" in kept.flips(replace(made, published=True))
    assert any("2 more points" in flip for flip in kept.flips(replace(made, published=False)))
