"""Advice on topics: what definitions would change, what words they lack, what fits none."""

from __future__ import annotations

from dataclasses import replace

from news_items import news
from newsloom.model.item import Item
from newsloom.model.topic import Topic, TopicLabel
from newsloom.stages.classify.advice import changes, gaps, suggestions

FERRIES = Topic("ferries", "Ferries", keywords=("ferry",))


def filed(title: str, *topics: str, body: str = "", provider: str = "") -> Item:
    return replace(
        news(title, body, provider=provider or title), topics=tuple(TopicLabel(name, 0.9) for name in topics)
    )


def test_changes_name_what_an_item_gains_and_loses() -> None:
    items = [filed("Pier closed"), filed("Tram late")]
    before = {items[0].id: frozenset({"A", "B"}), items[1].id: frozenset({"A"})}
    after = {items[0].id: frozenset({"B", "C"}), items[1].id: frozenset({"A"})}
    (change,) = changes(items, before, after)
    assert (change.item, change.gains, change.loses) == (items[0].id, ("C",), ("A",))


def test_words_of_a_topic_that_no_keyword_holds_are_suggested() -> None:
    inside = [filed(f"Ferry and catamaran sail from pier {n}", "Ferries") for n in range(5)]
    outside = [filed(f"Tram stop {n} moves to the orchard road") for n in range(15)]
    assert {("catamaran", 5, 0), ("sail", 5, 0), ("pier", 5, 0)} == keywords([*inside, *outside])
    assert keywords([*inside, *outside[:5]]) == set(), "ten events teach nothing"


def test_a_story_in_many_papers_is_one_event() -> None:
    report = filed("Captain Orwin steers the ferry past the mole", "Ferries")
    papers = [replace(report, id=f"{n:016x}", story="s1") for n in range(8)]
    others = [filed(f"Ferry and catamaran sail from pier {n}", "Ferries") for n in range(4)]
    outside = [filed(f"Tram stop {n} moves to the orchard road") for n in range(16)]
    assert {phrase for phrase, _, _ in keywords([*papers, *others, *outside])} == {"catamaran", "sail", "pier"}


def test_everyday_words_are_not_suggested() -> None:
    inside = [filed(f"Ferry people said new year government plans {n}", "Ferries") for n in range(5)]
    outside = [filed(f"Tram stop {n} moves to the orchard road") for n in range(16)]
    assert {phrase for phrase, _, _ in keywords([*inside, *outside])}.isdisjoint({"people", "said", "new", "year"})


def keywords(items: list[Item]) -> set[tuple[str, int, int]]:
    """Return what is suggested as keywords, with the events inside and outside of the topic."""
    found = suggestions((FERRIES,), items)
    return {(one.phrase, one.inside, one.outside) for one in found if one.kind == "keyword"}


def test_phrases_of_refused_items_are_suggested_as_exclusions() -> None:
    singer = [filed(f"Bryan Ferry sings in hall {n}") for n in range(3)]
    sailing = [filed(f"Evening ferry sails at {n}", "Ferries") for n in range(3)]
    found = [one for one in suggestions((FERRIES,), [*singer, *sailing]) if one.kind == "exclude"]
    assert [one.phrase for one in found] == ["bryan ferry", "ferry sings"]
    refused = suggestions((FERRIES,), [filed("Old ferry rhyme", "Ferries")], {(filed("Old ferry rhyme").id, "Ferries")})
    assert ("exclude", "old ferry") in {(one.kind, one.phrase) for one in refused}


def test_what_fits_no_topic_is_grouped_and_named() -> None:
    cheese = [
        filed(f"Goat cheese dairy wins prize number {n}", body="A goat cheese dairy in the hills. " * 3)
        for n in range(4)
    ]
    others = [filed("Bell tower mended"), filed("Ferry sails", "Ferries")]
    (gap,) = gaps([*cheese, *others])
    assert set(gap.items) == {item.id for item in cheese}
    assert "cheese" in gap.name
    assert gaps([*reversed(cheese), *others]) == (gap,)


def test_without_items_there_is_nothing_to_say() -> None:
    assert gaps(()) == ()
    assert suggestions((FERRIES,), ()) == ()
