"""Copies: what is one, what is none, and which text is the original."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from news_items import news
from newsloom.model.item import Item
from newsloom.stages.dedupe import CopyRule, DedupeOptions, ShingleDeduplicator, address_key

BODY = (
    "The harbour council voted on Monday night to pause all face recognition by its police for eighteen months. "
    "Seven members were in favour and two against after a debate of five hours in a full chamber. The vote follows the "
    "arrest of a ferry mechanic whom the system took for a man wanted in another town. Officers held him for two nights "
    "before a clerk noticed that he had been at work on the day in question. The mayor has ten days to sign or veto."
)
OTHER_WORDS = (
    "Police in the port may not use face matching until autumn of next year. A clear majority of councillors backed the "
    "moratorium late on Monday. A mechanic from the ferry yard spent a weekend in a cell because software confused him "
    "with somebody else. Campaigners outside the town hall sang when the result was read out. A veto remains possible."
)
YARD = (
    "At the yard where the ferries are mended nobody talked of anything else this morning. The foreman had kept the time sheets "
    "of that week and read them out to whoever asked. His union wants the town to pay for the two nights, and for the wages lost "
    "since. A lawyer for the town said only that the matter was being looked into. The mechanic himself is back at his bench."
)
EXCERPT = (
    "The council voted to pause all face recognition by its police for eighteen months after the arrest of a ferry mechanic "
    "whom the system took for somebody else, and the mayor has ten days to veto it."
)


def decide(fresh: list[Item], known: list[Item] | None = None) -> dict[str, tuple[str, str]]:
    decisions = ShingleDeduplicator().duplicates(fresh, known or [])
    return {decision.item: (decision.primary, decision.kind) for decision in decisions}


def test_the_same_text_elsewhere_is_a_copy_whatever_its_title() -> None:
    first = news("Council pauses face scans", BODY)
    copy = news("Pause for police cameras", BODY.upper(), provider="Ledger", hours=3)
    assert decide([first, copy]) == {copy.id: (first.id, "same-text")}


def test_an_excerpt_of_a_known_article_is_a_partial_copy() -> None:
    first = news("Council pauses face scans", BODY * 1 + " " + OTHER_WORDS)
    copy = news("Council pauses face scans", BODY[:330], provider="Ledger", hours=3)
    assert decide([copy], [first]) == {copy.id: (first.id, "partial-copy")}


def test_a_corrected_version_of_the_same_provider_is_a_copy() -> None:
    first = news("Council pauses face scans", BODY)
    fixed = news(
        "Council pauses face scans (corrected)", BODY.replace("Seven members", "Six members") + " Corrected.", hours=5
    )
    assert decide([first, fixed]) == {fixed.id: (first.id, "near-copy")}


def test_the_same_event_in_other_words_is_no_copy() -> None:
    assert (
        decide(
            [news("Council pauses face scans", BODY), news("Council pauses face scans", OTHER_WORDS, provider="Ledger")]
        )
        == {}
    )


def test_a_title_alone_makes_no_copy() -> None:
    first = news("Letters to the editor", url="https://harborpost.example/letters/1")
    second = news("Letters to the editor", url="https://harborpost.example/letters/2", hours=24)
    third = news("Letters to the editor", provider="Ledger", hours=25)
    assert decide([first, second, third]) == {}


def test_a_long_excerpt_is_enough_when_the_body_is_unknown() -> None:
    first = news("Council pauses face scans", excerpt=EXCERPT)
    copy = news("Council pauses face scans", excerpt=EXCERPT, provider="Ledger", hours=1)
    assert decide([first, copy])[copy.id][0] == first.id


def test_amp_and_mobile_forms_are_copies_by_address() -> None:
    first = news("Pause", url="https://www.harborpost.example/2026/pause")
    amp = news("Pause", url="https://m.harborpost.example/2026/pause/amp?amp=1", hours=1)
    assert decide([first, amp]) == {amp.id: (first.id, "same-url")}


@pytest.mark.parametrize(
    "url",
    [
        "http://amp.harborpost.example/a/b", "https://harborpost.example/a/b/", "https://harborpost.example/a/b/amp/",
        "https://harborpost.example/a/b?outputType=amp",
    ],
)  # fmt: skip
def test_address_forms_of_one_page_have_one_key(url: str) -> None:
    assert address_key(url) == address_key("https://www.harborpost.example/a/b")


def test_other_pages_have_other_keys_and_a_broken_address_harms_nobody() -> None:
    assert address_key("https://harborpost.example/a?id=1") != address_key("https://harborpost.example/a?id=2")
    assert address_key("https://harborpost.example/amplifier") != address_key("https://harborpost.example/lifier")
    assert address_key("https://[broken") == "https://[broken"


def test_chains_end_at_the_original() -> None:
    original = news("Council pauses face scans", BODY)
    known = dataclasses.replace(news("Copy", BODY, provider="Ledger", hours=1), duplicate_of=original.id)
    late = news("Late copy", BODY, provider="Echo", hours=2)
    assert decide([late], [known]) == {late.id: (original.id, "same-text")}


def test_the_original_is_the_one_seen_first_whatever_the_order_given() -> None:
    first, second = news("Council pauses face scans", BODY), news("Copy", BODY, provider="Ledger", hours=2)
    assert decide([second, first]) == {second.id: (first.id, "same-text")}


def test_the_original_is_the_one_that_the_others_credit() -> None:
    early = news("Pause", "(Meridian Wire) - " + BODY, provider="Ledger")
    third = news(
        "Pause again", BODY + " This story was originally published by Meridian Wire.", provider="Echo", hours=1
    )
    wire = news("Council pauses face scans", BODY, provider="Meridian Wire", hours=2)
    assert {primary for primary, _ in decide([early, third, wire]).values()} == {wire.id}


def test_outside_the_window_nothing_is_compared() -> None:
    first = news("Council pauses face scans", BODY)
    assert decide([news("Copy", BODY, provider="Ledger", hours=24 * 8)], [first]) == {}


def test_the_same_words_are_a_copy_whatever_language_the_page_claims() -> None:
    first = news("Council pauses face scans", BODY)
    assert decide([news("Copy", BODY, provider="Ledger", lang="de")], [first]) != {}


def test_boilerplate_of_a_provider_makes_no_copies() -> None:
    footer = " ".join(f"sign up number{n} for our morning letter" for n in range(12))
    items = [
        news(f"Title {name}", f"{name} is all this says today. {footer}", hours=n)
        for n, name in enumerate(["Ann", "Bob", "Cid", "Dan", "Eve"])
    ]
    assert decide(items) == {}


def test_characters_stand_for_words_in_unspaced_scripts() -> None:
    body = "汐浜市議会は月曜日の夜、警察による顔認証の使用を一年半停止することを賛成七、反対二で可決した。傍聴席は満員だった。"
    first, copy = (
        news("顔認証を停止", body, lang="ja"),
        news("顔認証停止へ", body + "続報を待つ。", lang="ja", provider="Kaigan", hours=1),
    )
    assert decide([first, copy])[copy.id][0] == first.id


def test_options_set_how_much_must_be_shared() -> None:
    first = news("Council pauses face scans", BODY)
    half = news(
        "Council pauses face scans", BODY[: len(BODY) // 2] + " " + OTHER_WORDS[:200], provider="Ledger", hours=1
    )
    assert decide([first, half]) != {}
    assert ShingleDeduplicator(DedupeOptions(rule=CopyRule(both_leads=0.99))).duplicates([first, half], []) == ()


@pytest.mark.parametrize("sameness", ["address", "text", "text but for a word"])
def test_a_source_that_gives_all_its_items_one_page_costs_no_square(
    monkeypatch: pytest.MonkeyPatch, sameness: str
) -> None:
    """Each is a copy of the first, after few comparisons."""
    count = 600
    items = []
    for number in range(count):
        body = {"address": f"{number:03} " * 40, "text": BODY, "text but for a word": f"{BODY} Number {number}."}[
            sameness
        ]
        url = "https://one.example/page" if sameness == "address" else f"https://one.example/{number}"
        item = news("Council pauses face scans", body, url=url, hours=number / 100)
        items.append(dataclasses.replace(item, id=f"{number:016x}"))
    compared = []
    intersect = np.intersect1d

    def counted(left: Any, right: Any, *, assume_unique: bool = False) -> Any:
        compared.append(1)
        return intersect(left, right, assume_unique=assume_unique)

    monkeypatch.setattr(np, "intersect1d", counted)
    decisions = decide(items)
    assert {decision[0] for decision in decisions.values()} == {items[0].id}
    assert len(decisions) == count - 1
    assert len(compared) <= (0 if sameness != "text but for a word" else 200 * count)


def led_by(*items: Item, standing: dict[str, int] | None = None) -> set[str]:
    return {one.primary for one in ShingleDeduplicator(standing=standing).duplicates(items, [])}


def test_the_original_credits_nobody() -> None:
    early = news("Pause", "PORT ANSEL (Northern Press) — " + BODY, provider="Ledger")
    late = news("Council pauses face scans", BODY + " (Ann Writer)", provider="Meridian", hours=2)
    assert led_by(early, late) == {late.id}


def test_the_original_can_be_read() -> None:
    teaser = news("Pause", excerpt=EXCERPT, provider="Ledger")
    full = news("Pause", f"{EXCERPT} {BODY}", provider="Echo", hours=1)
    assert led_by(teaser, full) == {full.id}


def test_the_original_is_of_the_better_provider_unless_a_few_points_are_all() -> None:
    first, second = news("Pause", BODY, provider="Relay"), news("Pause", BODY, provider="Harbor Post", hours=3)
    assert led_by(first, second, standing={"relay.example": 20, "harborpost.example": 70}) == {second.id}
    assert led_by(first, second, standing={"relay.example": 62, "harborpost.example": 70}) == {first.id}


def test_a_better_original_that_comes_later_takes_over_all_copies_once() -> None:
    excerpt = news("Pause", excerpt=EXCERPT, provider="Ledger")
    other = dataclasses.replace(news("Pause!", excerpt=EXCERPT, provider="Echo", hours=1), duplicate_of=excerpt.id)
    full = news("Council pauses face scans", f"{EXCERPT} {BODY}", provider="Harbor Post", hours=9)
    assert {item: primary for item, (primary, _) in decide([full], [excerpt, other]).items()} == {
        excerpt.id: full.id,
        other.id: full.id,
    }
    settled = [dataclasses.replace(item, duplicate_of=full.id) for item in (excerpt, other)]
    later = news("Pause elsewhere", excerpt=EXCERPT, provider="Third", hours=10)
    assert set(decide([later], [*settled, full])) == {later.id}, "nothing flaps"


def test_what_lost_its_text_with_the_working_state_stays_the_original() -> None:
    kept = news("Pause", excerpt=EXCERPT)
    kept = dataclasses.replace(kept, article=dataclasses.replace(kept.article, methods={"body": "text:density"}))
    late = news("Pause", f"{EXCERPT} {BODY}", provider="Echo", hours=5)
    assert decide([late], [kept])[late.id][0] == kept.id


def test_an_original_that_is_not_at_hand_stays_one() -> None:
    known = dataclasses.replace(news("Copy", BODY, provider="Ledger"), duplicate_of="0123456789abcdef")
    late = news("Council pauses face scans", BODY, provider="Echo", hours=1)
    assert decide([late], [known]) == {late.id: ("0123456789abcdef", "same-text")}


def test_a_follow_up_and_an_article_that_quotes_are_no_copies() -> None:
    first = news("Council pauses face scans", BODY)
    sentences = BODY.split(". ")
    follow_up = news(
        "Mayor signs pause", f"{OTHER_WORDS[:230]} {'. '.join(sentences[3:])}", provider="Ledger", hours=20
    )
    quoting = news("Ferry yard reacts", f"{YARD[:150]} “{sentences[2]}.” {YARD[150:]}", provider="Echo", hours=2)
    assert decide([first, follow_up, quoting]) == {}


def test_a_template_with_other_names_and_figures_is_no_copy() -> None:
    report = (
        "Shares of {} closed at {} crowns on the Aldmere exchange, {} percent {} than the day before. Trading in {} was livelier "
        "than usual, with {} shares changing hands until the closing bell. Analysts had expected the price to stay within its range."
    )
    one = news("Acme ends the day", report.format("Acme", "41.20", "2.1", "higher", "Acme", "8,400"))
    two = news("Zephyr ends the day", report.format("Zephyr", "7.95", "0.4", "lower", "Zephyr", "12,730"), hours=24)
    other = news(
        "Boreas ends the day", report.format("Boreas", "99.05", "3.3", "lower", "Boreas", "730"), provider="Echo"
    )
    assert decide([one, two, other]) == {}


def test_light_edits_and_an_added_paragraph_are_copies() -> None:
    words = BODY.split()
    edited = " ".join(word if place % 5 else "rather" for place, word in enumerate(words, start=3))
    first = news("Council pauses face scans", BODY)
    second = news("Pause in the port", edited, provider="Ledger", hours=1)
    third = news("What it means here", f"{OTHER_WORDS[:150]}\n\n{BODY}", provider="Echo", hours=2)
    assert set(decide([first, second, third])) == {second.id, third.id}
