"""Laws of finding copies: no copy of itself, groups whatever the order, nothing moved by what is unrelated, nothing done twice."""

from __future__ import annotations

import dataclasses
import random
from collections import defaultdict
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from news_items import news
from newsloom.model.item import Duplicate, Item
from newsloom.stages.dedupe import ShingleDeduplicator

CONSONANTS, VOWELS = "bdfgklmnprstvz", "aeiou"


def prose(seed: str, words: int) -> str:
    """Return invented words, other ones for another *seed*."""
    rng = random.Random(seed)
    return " ".join(
        "".join(rng.choice(CONSONANTS) + rng.choice(VOWELS) for _ in range(rng.randint(1, 4))) for _ in range(words)
    )


@st.composite
def streams(draw: st.DrawFn) -> list[Item]:
    """Return texts and altered copies of them, by several providers, within the window."""
    made = []
    for place in range(draw(st.integers(2, 12))):
        text = prose(f"text {draw(st.integers(0, 3))}", 90)
        words = text.split()
        change = draw(st.sampled_from(["none", "cut", "add", "front", "edit"]))
        own = prose(f"own {place}", 20)
        text = {
            "none": text,
            "cut": " ".join(words[: draw(st.integers(40, 80))]),
            "add": f"{text} {own}",
            "front": f"{own} {text}",
            "edit": " ".join(word if at % 6 else "rather" for at, word in enumerate(words)),
        }[change]
        provider = f"Paper {draw(st.integers(0, 4))}"
        url = f"https://{provider.replace(' ', '').lower()}.example/{place}"
        made.append(
            news(prose(f"title {place % 3}", 6), text, hours=draw(st.integers(0, 100)), provider=provider, url=url)
        )
    return made


def settled(items: Sequence[Item], decisions: Sequence[Duplicate]) -> list[Item]:
    """Return *items* with the decisions taken in."""
    primary = {one.item: one.primary for one in decisions}
    return [dataclasses.replace(item, duplicate_of=primary.get(item.id, item.duplicate_of)) for item in items]


def groups(items: Sequence[Item]) -> set[frozenset[str]]:
    """Return the groups of copies among *items*."""
    found: dict[str, set[str]] = defaultdict(set)
    for item in items:
        found[item.duplicate_of or item.id].add(item.id)
    return {frozenset(inside) for inside in found.values() if len(inside) > 1}


@settings(max_examples=60, deadline=None)
@given(streams())
def test_no_copy_is_its_own_original_and_no_original_a_copy(items: list[Item]) -> None:
    decisions = ShingleDeduplicator().duplicates(items, [])
    assert all(one.item != one.primary for one in decisions)
    assert not {one.item for one in decisions} & {one.primary for one in decisions}
    assert len({one.item for one in decisions}) == len(decisions)


@settings(max_examples=60, deadline=None)
@given(streams(), st.randoms(use_true_random=False), st.integers(0, 12))
def test_the_order_of_arrival_does_not_change_the_groups(items: list[Item], rng: random.Random, first: int) -> None:
    at_once = groups(settled(items, ShingleDeduplicator().duplicates(items, [])))
    shuffled = rng.sample(items, len(items))
    early, late = shuffled[:first], shuffled[first:]
    deduplicator = ShingleDeduplicator()
    early = settled(early, deduplicator.duplicates(early, []))
    in_two = settled([*early, *late], deduplicator.duplicates(late, early))
    assert groups(in_two) == at_once


@settings(max_examples=40, deadline=None)
@given(streams(), st.integers(1, 6))
def test_unrelated_items_change_nothing(items: list[Item], count: int) -> None:
    strangers = [
        news(prose(f"stranger title {n}", 6), prose(f"stranger {n}", 80), hours=n * 9, provider=f"Stranger {n}")
        for n in range(count)
    ]
    alone = ShingleDeduplicator().duplicates(items, [])
    assert ShingleDeduplicator().duplicates([*items, *strangers], []) == alone


@settings(max_examples=40, deadline=None)
@given(streams())
def test_asked_again_nothing_changes(items: list[Item]) -> None:
    deduplicator = ShingleDeduplicator()
    known = settled(items, deduplicator.duplicates(items, []))
    again = deduplicator.duplicates([known[0]], known[1:])
    assert settled(known, again) == known
