"""Reading and writing single records: what people write by hand, and what is wrong said in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from newsloom.errors import RecordError
from newsloom.model.record import Bookkeeping, Image, Provider
from newsloom.vocab.frontmatter import canonical, parse, serialise

START = "title: Council pauses scans\npublishedDateTime: 2026-03-02T13:00:00Z\nprovider: {name: Harbor Post}\n"


def file(front: str, start: str = START) -> bytes:
    return f"---\n{start}{front}---\n\n".encode()


def test_what_people_write_by_hand_is_understood() -> None:
    record = parse(
        file(
            "excerpt: >-\n  two lines\n  folded\n"
            "webUrl: https://a.example/x#y\n"
            "quality: '59'\n"
            "heat: -1\n"
            "published: True\n"
            "topics: [AI, 'NO', 12:30, 2026]\n"
            "images:\n- {url: a.jpg, width: 10}\n"
            "secured:\n"
        )
    )
    assert record.excerpt == "two lines folded"
    assert record.web_url == "https://a.example/x#y"
    assert (record.quality, record.heat, record.published) == (59, -1, True)
    assert record.topics == ("AI", "NO", "12:30", "2026")
    assert record.images == (Image("a.jpg", 10),)
    assert record.provider == Provider("Harbor Post", "")
    assert record.secured is None and record.category == "news" and record.type == "article"


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-03-02", datetime(2026, 3, 2, tzinfo=UTC)),
        ("2026-03-02T13:00:05.999Z", datetime(2026, 3, 2, 13, 0, 5, tzinfo=UTC)),
        ('"2026-03-02T13:00:00+05:30"', datetime(2026, 3, 2, 7, 30, tzinfo=UTC)),
        ("2026-3-2 13:00:00 -5", datetime(2026, 3, 2, 18, 0, tzinfo=UTC)),
        ("2026-03-02 13:00", datetime(2026, 3, 2, 13, 0, tzinfo=UTC)),
    ],
)
def test_moments_in_their_many_forms(written: str, instant: datetime) -> None:
    data = file("", f"title: x\npublishedDateTime: {written}\nprovider: {{name: y}}\n")
    assert parse(data).published_date_time == instant
    assert serialise(parse(data)) == data


@pytest.mark.parametrize(
    ("front", "line", "words"),
    [
        ("quality: abc\n", 5, "`quality` must be a whole number of 0 or more, not 'abc'"),
        ("quality: -1\n", 5, "`quality`"),
        ("heat: " + "9" * 6000 + "\n", 5, "`heat`"),
        ("type: podcast\n", 5, "`type` must be article or video"),
        ("# why\npublished: yes\n", 6, "`published` must be true or false"),
        ("images:\n  - width: 5\n", 5, "`images[0].url`"),
        ("topics:\n  a: b\n", 5, "`topics` must be a list"),
        ("related:\n  - title: x\n    publishedDateTime: soon\n", 5, "`related[0].publishedDateTime` must be a moment"),
        ("newsloom:\n  story: s1\n", 5, "`newsloom.id`"),
        ("newsloom:\n  id: x\n  topics: {AI: 2}\n", 5, "`newsloom.topics.AI` must be a number from 0 to 1"),
        ("title: again\n", 5, "`title` is there twice"),
        ("x: &a b\n", 5, "anchors"),
        ("x: !!python/object:os.system b\n", 5, "tags"),
        ("x: " + "[" * 100_000 + "\n", 5, "nested deeper"),
        ("<<: {a: b}\n", 5, "merge keys"),
        ("x: 'open\n", 6, "no valid YAML"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(front: str, line: int, words: str) -> None:
    with pytest.raises(RecordError) as caught:
        parse(file(front), path="_news/x.md")
    assert words in caught.value.message
    assert caught.value.where == f"_news/x.md, line {line}"
    assert caught.value.hint


@pytest.mark.parametrize("key", ["title", "publishedDateTime", "provider"])
def test_a_missing_key_is_named(key: str) -> None:
    start = "".join(line + "\n" for line in START.splitlines() if not line.startswith(key))
    with pytest.raises(RecordError, match=f"the key `{key}` is missing"):
        parse(file("", start))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"---\n",
        b"--- x\n---\n",
        b"---\n" + START.encode(),
        b"---\n" + START.encode()[:-1] + b"\x00\n---\n",
        b"---\n" + START.encode() + b"---\n\xc3",
        b"\xff\xfe-\x00-\x00-\x00",
        b"---\n" + START.encode() + b"x: " + b"y" * 300_000 + b"\n---\n",
        b"---\n---\n",
        b"---\njust text\n---\n",
        b"---\n{title: x}\n---\n",
    ],
)
def test_torn_and_foreign_files_are_refused(data: bytes) -> None:
    with pytest.raises(RecordError) as caught:
        parse(data, path="x.md")
    assert caught.value.where.startswith("x.md")


def test_a_changed_key_leaves_all_others_as_they_were_typed() -> None:
    data = (
        b"\xef\xbb\xbf---\r\n# my file\r\ntitle: 'Old'   # a note\r\nexcerpt: 'It''s'\r\nmood: good\r\n"
        b"publishedDateTime: 2026-03-02\r\nprovider: {name: Harbor}\r\n\r\n# about topics\r\ntopics: [AI]\r\n--- \r\nMy words.\r\n"
    )
    record = parse(data)
    assert serialise(record) == data
    changed = replace(
        record, title="New", topics=(), quality=3, images=(Image("a.jpg"),), bookkeeping=Bookkeeping("abc")
    )
    assert serialise(changed) == (
        b"\xef\xbb\xbf---\r\n# my file\r\ntitle: \"New\"\r\nexcerpt: 'It''s'\r\nmood: good\r\n"
        b"publishedDateTime: 2026-03-02\r\nquality: 3\r\nprovider: {name: Harbor}\r\n\r\nimages:\r\n"
        b'  - url: "a.jpg"\r\n\r\n# about topics\r\n\r\nnewsloom:\r\n  id: abc\r\n--- \r\nMy words.\r\n'
    )


def test_line_ends_that_are_mixed_stay_as_they_are() -> None:
    data = file("excerpt: x\n").replace(b"title: Council pauses scans\n", b"title: Council pauses scans\r\n")
    assert serialise(parse(data)) == data
    assert parse(serialise(replace(parse(data), title="New"))).title == "New"


def test_unknown_sub_keys_of_newsloom_survive_a_change() -> None:
    record = parse(file("newsloom:\n  id: abc\n  mood: [good, {or: 'bad: no'}]\n  story: s1\n"))
    assert record.bookkeeping
    changed = replace(record, bookkeeping=replace(record.bookkeeping, story="s2"))
    text = serialise(changed).decode()
    assert text.endswith('newsloom:\n  id: abc\n  story: s2\n  mood:\n    - good\n    - or: "bad: no"\n---\n\n')
    assert parse(text.encode()) == changed


def test_a_record_without_a_file_is_written_in_paragraphs() -> None:
    record = replace(parse(file("topics: [AI]\nquality: 5\nheat: 5\npublished: false\n")), layout=None)
    assert canonical(record).decode() == (
        '---\ncategory: news\ntitle: "Council pauses scans"\nexcerpt: ""\npublishedDateTime: 2026-03-02T13:00:00Z\n'
        "type: article\nquality: 5\nheat: 5\npublished: false\n\nprovider:\n  name: Harbor Post\n\ntopics:\n  - AI\n---\n\n"
    )
