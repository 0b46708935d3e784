"""Insight into a story: who was first and by what evidence, how many independent sources, why its lead leads."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from news_items import START, news
from newsloom.model.item import Item
from newsloom.ports.deciding import StoryView
from newsloom.stages.insight import effective_number, insight


def claiming(item: Item, hours: float) -> Item:
    return replace(item, article=replace(item.article, published_date_time=START + timedelta(hours=hours)))


OWN = claiming(news("Pier closes", hours=1, provider="Harbor Post"), 0.5)
LATE = claiming(news("Pier shut down", hours=5, provider="Bay Ledger"), 0.1)
COPY = news("Pier closes today", hours=2, provider="Echo", duplicate_of=OWN.id)


def view(*members: Item, **more: object) -> StoryView:
    return StoryView("s1", members, **more)  # type: ignore[arg-type]


def test_first_is_who_was_seen_first_whatever_others_claim() -> None:
    found = insight(view(LATE, COPY, OWN))
    assert found.first.item == OWN.id
    told = " | ".join(found.first.evidence)
    assert "Bay Ledger followed 4 h later" in told
    assert "Bay Ledger claims 2026-03-02 08:06 UTC, but was first seen 2026-03-02 13:00 UTC" in told
    assert "1 other copies or credits it" in told
    assert [entry.item for entry in found.timeline] == [OWN.id, COPY.id, LATE.id]
    assert (found.reports, found.copies) == (2, 1)


def test_within_one_poll_claims_decide_and_so_they_do_for_what_a_first_poll_brought() -> None:
    together = replace(LATE, first_seen=OWN.first_seen)
    assert insight(view(OWN, together)).first.item == LATE.id
    assert insight(view(OWN, LATE, backlog=frozenset({LATE.id}))).first.item == LATE.id


def test_who_credits_another_gives_place_to_it() -> None:
    crediting = news("Pier closed, says wire", hours=0, provider="Morning Mail", authors=("Bay Ledger",))
    found = insight(view(crediting, LATE))
    assert found.first.item == LATE.id
    assert "credits Bay Ledger" in found.first.evidence[0]
    assert found.independent_sources == pytest.approx(1.0)


def test_forty_copies_are_hardly_more_than_one_source() -> None:
    copies = [news(f"Pier {n}", hours=2, provider=f"Echo {n}", duplicate_of=OWN.id) for n in range(40)]
    assert insight(view(OWN, *copies)).independent_sources == pytest.approx(1.0)
    assert 1.0 < insight(view(OWN, *copies, LATE)).independent_sources < 1.2
    assert insight(view(OWN, LATE)).independent_sources == pytest.approx(2.0)


def test_effective_numbers() -> None:
    assert effective_number({}) == 0.0
    assert effective_number({"a": 3}) == pytest.approx(1.0)
    assert effective_number({"a": 2, "b": 2, "c": 2}) == pytest.approx(3.0)


def test_the_rule_by_which_the_lead_leads_is_named() -> None:
    lead = replace(LATE, lead=True)
    assert insight(view(lead)).lead_rule == "it is the only report"
    assert insight(view(OWN, lead), pinned={lead.id}).lead_rule == "a person made it lead"
    assert insight(view(replace(OWN, lead=True), COPY)).lead_rule == "all the others are copies"
    found = insight(view(OWN, lead, COPY))
    assert (found.headline, found.lead) == ("Pier shut down", lead.id)
    assert "originality" in found.lead_rule
