"""Stories across languages: bound by meaning and a shared fact where an embedder understands both, never without one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from news_items import news
from newsloom.model.item import Item, StoryChoice
from newsloom.ports.deciding import StoryConstraints
from newsloom.ports.embedding import Embedder
from newsloom.stages.cluster import StreamClusterer

NOTHING = StoryConstraints()
MEANINGS = (("earthquake", "Erdbeben"), ("interest", "Leitzins"), ("ferry", "Fähre"), ("vaccine", "Impfstoff"))
TONGUE = {"en": " the ", "de": " der "}


class Understanding:
    """An embedder that knows four things in two languages, and whose texts of one language lie close together."""

    name, dimensions = "four things", 6
    languages: frozenset[str] | None = None

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for place, words in enumerate(MEANINGS):
                row[place] = float(any(word in text for word in words))
            row[4:] = [0.5 * (word in text) for word in TONGUE.values()]
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def report(thing: int, lang: str, place: str, *, hours: float = 0.0, story: str | None = None) -> Item:
    """Return a report on one of the four things at *place*."""
    word = MEANINGS[thing][lang == "de"]
    if lang == "de":
        title, body = (
            f"{word} in {place}",
            f"Nach dem {word} in {place} hat der Rat von {place} am Abend getagt und Hilfe zugesagt.",
        )
    else:
        title, body = (
            f"{word.capitalize()} in {place}",
            f"After the {word} in {place} the council of {place} met in the evening and promised help to all.",
        )
    return replace(news(title, body, hours=hours, lang=lang, provider=f"Paper {lang} {hours}"), story=story)


def others(*, settled: bool = False) -> list[Item]:
    """Return reports of other things, so that each language has something its items have in common."""
    places = ("Sarn", "Velm", "Dorst")
    return [
        report(thing, lang, place, hours=thing / 10, story=f"s{thing}{lang}000" if settled else None)
        for lang in ("en", "de")
        for thing, place in enumerate(places, start=1)
        if (thing, lang) != (1, "de")
    ]


def weave(
    fresh: list[Item], known: list[Item] | None = None, *, embedder: Embedder | None, by: StoryConstraints = NOTHING
) -> dict[str, StoryChoice]:
    decided = StreamClusterer(embedder=embedder).stories(fresh, known or [], by)
    assert not decided.revisions
    return {choice.item: choice for choice in decided.choices}


def test_reports_of_one_event_in_two_languages_share_a_story_with_an_embedder_for_both_and_never_without() -> None:
    english, german = report(0, "en", "Karsk"), report(0, "de", "Karsk", hours=2)
    found = weave([english, german, *others()], embedder=Understanding())
    assert found[english.id].story == found[german.id].story
    assert found[english.id].opens
    assert not found[german.id].opens
    found = weave([english, german, *others()], embedder=None)
    assert found[english.id].story != found[german.id].story


class English(Understanding):
    languages = frozenset({"en"})


def test_an_embedder_for_one_language_binds_nothing() -> None:
    english, german = report(0, "en", "Karsk"), report(0, "de", "Karsk", hours=2)
    found = weave([english, german, *others()], embedder=English())
    assert found[english.id].story != found[german.id].story


def test_like_meaning_without_a_shared_name_or_number_binds_nothing() -> None:
    english, german = report(0, "en", "Karsk"), report(0, "de", "Hask", hours=2)
    found = weave([english, german, *others()], embedder=Understanding())
    assert found[english.id].story != found[german.id].story


def test_what_is_weeks_apart_is_not_bound() -> None:
    english, german = report(0, "en", "Karsk"), report(0, "de", "Karsk", hours=24 * 20)
    found = weave([english, german, *others()], embedder=Understanding())
    assert found[english.id].story != found[german.id].story


def test_two_events_of_one_language_do_not_become_one_by_way_of_another() -> None:
    karsk, hask = report(0, "en", "Karsk"), report(0, "en", "Hask", hours=1)
    both = report(0, "de", "Karsk und Hask", hours=2)
    found = weave([karsk, hask, both, *others()], embedder=Understanding())
    assert found[karsk.id].story != found[hask.id].story
    assert found[both.id].story in {found[karsk.id].story, found[hask.id].story}


@pytest.mark.parametrize("by", ["apart", "must"])
def test_what_a_person_parted_is_not_bound(by: str) -> None:
    english, german = report(0, "en", "Karsk"), report(0, "de", "Karsk", hours=2)
    decided = StoryConstraints(
        must={german.id: "s0000000abcde"} if by == "must" else {},
        apart=frozenset({(english.id, german.id)}) if by == "apart" else frozenset(),
    )
    found = weave([english, german, *others()], embedder=Understanding(), by=decided)
    assert found[english.id].story != found[german.id].story


def test_a_known_story_in_two_languages_stays_whole_and_is_joined_in_either() -> None:
    known = [
        report(0, "en", "Karsk", story="s0123456789ab"),
        report(0, "de", "Karsk", hours=2, story="s0123456789ab"),
        *others(settled=True),
    ]
    for lang in ("en", "de"):
        fresh = report(0, lang, "Karsk", hours=5)
        for embedder in (Understanding(), None):
            assert weave([fresh], known, embedder=embedder)[fresh.id].story == "s0123456789ab"


def test_a_known_story_takes_in_a_known_one_of_another_language_when_a_report_shows_it() -> None:
    german = report(0, "de", "Karsk", story="s0000000000de")
    english = [report(0, "en", "Karsk", hours=hours, story="s0000000000en") for hours in (1, 2)]
    fresh = report(0, "de", "Karsk", hours=3)
    decided = StreamClusterer(embedder=Understanding()).stories(
        [fresh], [german, *english, *others(settled=True)], NOTHING
    )
    assert [choice.story for choice in decided.choices] == ["s0000000000en"]
    assert [(one.item, one.before, one.story, one.kind) for one in decided.revisions] == [
        (german.id, "s0000000000de", "s0000000000en", "merged")
    ]
