"""Making, merging, deciding and rebuilding records."""

from __future__ import annotations

from dataclasses import replace

import pytest

from invented import NOW, item, related_items, with_relations
from newsloom.errors import UsageError
from newsloom.model.item import item_id
from newsloom.model.record import Decision, RecordFile
from newsloom.model.score import Score, Term
from newsloom.stages.record import decide, field_digest, item_from, machine_record, merge, parse_value
from newsloom.vocab.frontmatter import parse, serialise

PATH = "_news/2026-03-02-x.md"


def test_a_record_has_what_the_item_says_and_no_text_or_secret() -> None:
    record = machine_record(with_relations(item()), related_items()[::-1])
    assert (record.quality, record.heat, record.published) == (71, 12, True)
    assert record.topics == ("AI", "Facial Recognition")
    assert [related.title[-1] for related in record.related] == ["2", "3"]
    notes = record.bookkeeping
    assert notes and [note.item for note in notes.relations] == [other.id for other in related_items()]
    assert notes.quality_parts == {"source": 40, "depth": 31}
    assert notes.source == "https://harborpost.example/feed.xml"
    assert b"It was close" not in serialise(record) and b"secret" not in serialise(record)


def test_what_an_article_lacks_is_filled_in_and_said() -> None:
    bare = replace(item().article, published_date_time=None, excerpt="")
    record = machine_record(item(article=bare), ())
    assert record.published_date_time == item().first_seen
    assert record.excerpt == "The council voted on Monday. It was close."
    assert record.bookkeeping and record.bookkeeping.methods["publishedDateTime"] == "first-seen"
    assert item_from(RecordFile(PATH, record)).article.published_date_time is None
    empty = machine_record(item(article=replace(bare, article_body="")), ())
    assert empty.excerpt == empty.title
    long = machine_record(item(article=replace(bare, article_body="word " * 500)), ())
    assert len(long.excerpt) <= 300 and long.excerpt.endswith("word…")


def test_without_topics_nothing_is_published_and_unranked_has_no_numbers() -> None:
    assert machine_record(item(topics=()), ()).published is False
    record = machine_record(item(heat=None), ())
    assert (record.quality, record.heat, record.published) == (None, None, None)


def test_a_video_is_a_page_of_our_own() -> None:
    article = replace(item().article, type="video", featured_content='https://video.example/e/1?a=1&b="2"')
    record = machine_record(item(article=article), ())
    assert record.web_url is None and record.original_url
    assert record.featured_content and record.featured_content.startswith("<iframe ")
    assert item_from(RecordFile(PATH, record)).article.featured_content == article.featured_content


def test_an_item_comes_back_from_its_record() -> None:
    made = with_relations(item())
    again = item_from(RecordFile(PATH, parse(serialise(machine_record(made, related_items())))))
    assert again.path == PATH
    wanted = replace(made, path=PATH, source="https://harborpost.example/feed.xml")
    wanted = replace(wanted, article=replace(made.article, article_body=""))
    assert replace(again, quality=None, heat=None) == replace(wanted, quality=None, heat=None)
    assert again.quality and made.quality and again.quality.parts == made.quality.parts


def test_a_record_made_elsewhere_is_a_persons_own() -> None:
    ours = machine_record(item(), ())
    imported = parse(serialise(replace(ours, bookkeeping=None)))
    assert merge(machine_record(item(2), ()), imported, now=NOW) == (imported, ())
    rebuilt = item_from(RecordFile(PATH, imported))
    assert rebuilt.id == item_id(imported.web_url or "")
    assert rebuilt.quality == Score((Term("stored", 71),))
    held = decide(imported, rebuilt.id, Decision("published", "ann", NOW), {"published": False})
    assert held.bookkeeping and held.bookkeeping.id == rebuilt.id
    assert merge(ours, held, now=NOW) == (held, ())


def test_a_record_taken_down_is_left_alone() -> None:
    ours = machine_record(item(), ())
    assert ours.bookkeeping
    gone = replace(ours, bookkeeping=replace(ours.bookkeeping, tombstone="on request"))
    assert merge(machine_record(item(2), ()), gone, now=NOW) == (gone, ())


def test_sub_keys_of_ones_own_make_the_key_theirs() -> None:
    text = (
        serialise(machine_record(item(), ()))
        .decode()
        .replace("  name: Harbor Post\n", "  name: Harbor Post\n  mood: good\n")
    )
    merged, decisions = merge(machine_record(item(2), ()), parse(text.encode()), now=NOW)
    assert [decision.field for decision in decisions] == ["provider"]
    assert b"mood: good" in serialise(merged)


def test_a_decision_is_remembered_and_obeyed() -> None:
    on_file = parse(serialise(machine_record(item(), ())))
    first = decide(on_file, item().id, Decision("quality", "ann", NOW), parse_value("quality", "12"))
    second = decide(first, item().id, Decision("quality", "bob", NOW), parse_value("quality", "13"))
    assert second.bookkeeping and [d.by for d in second.bookkeeping.decisions] == ["bob"]
    again = parse(serialise(second))
    merged, found = merge(machine_record(item(quality=Score((Term("source", 90),))), ()), again, now=NOW)
    assert not found and merged.quality == 13 and merged.heat == 12
    assert merged.bookkeeping and merged.bookkeeping.quality_parts == {}
    assert serialise(merge(machine_record(item(), ()), again, now=NOW)[0]) == serialise(second)
    rebuilt = item_from(RecordFile(PATH, merged)).quality
    assert rebuilt and [term.name for term in rebuilt.terms] == ["decided"]


@pytest.mark.parametrize(
    ("field", "text", "wanted"),
    [
        ("title", "12:30: #1", {"title": "12:30: #1"}),
        ("published_date_time", "2026-03-02", {"published_date_time": NOW.replace(hour=0)}),
        ("published", "false", {"published": False}),
        ("topics", "AI, Facial Recognition,", {"topics": ("AI", "Facial Recognition")}),
        ("topics", "", {"topics": ()}),
        ("webUrl", "", {"web_url": None}),
        ("excerpt", " ", {"excerpt": ""}),
        ("heat", "-1", {"heat": -1}),
    ],
)
def test_values_are_read_as_their_field_wants(field: str, text: str, wanted: dict[str, object]) -> None:
    assert parse_value(field, text) == wanted


def test_a_provider_is_read_as_yaml() -> None:
    found = parse_value("provider", "{name: NO, domain: no.example}")["provider"]
    assert (found.name, found.domain) == ("NO", "no.example")


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("mood", "x"),
        ("quality", "many"),
        ("quality", "-1"),
        ("quality", "900"),
        ("heat", "-2"),
        ("heat", "100000"),
        ("title", ""),
        ("provider", "{"),
        ("type", "podcast"),
        ("newsloom", "{}"),
        ("images", "{a: b}"),
    ],
)
def test_what_a_field_cannot_be_is_said(field: str, text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_value(field, text)
    assert caught.value.where == field


def test_digests_are_twelve_hexadecimal_digits_or_absent() -> None:
    record = machine_record(item(), ())
    digest = field_digest(record, "title")
    assert digest and len(digest) == 12 and int(digest, 16) >= 0
    assert field_digest(record, "secured") is None and field_digest(record, "language")
    assert field_digest(replace(record, title="x"), "title") != digest
