"""The codec: what it writes it reads back, what it reads it gives back byte for byte, and no bytes make it fall over."""

from __future__ import annotations

from dataclasses import replace

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from invented import INSTANTS, NAMES, RECORDS, WORDS
from newsloom.errors import RecordError
from newsloom.model.record import Record
from newsloom.vocab.frontmatter import canonical, parse, serialise
from newsloom.vocab.yaml_text import quoted, scalar

# A record as a person may leave it: each line stands for something that hand-written YAML does.
LINES = (
    'title: "Council pauses face scans"',
    "title: 'It''s over'",
    "title: Plain words, 12:30",
    "title: >-\n  folded over\n  two lines",
    "excerpt: |\n  first\n\n  second\n\n",
    'excerpt: "quoted\n  over two lines"',
    "excerpt:",
    "publishedDateTime: 2026-03-02",
    "publishedDateTime: '2026-03-02T13:00:00+01:00'",
    "type: video",
    "quality: 59   # mine",
    "heat: -1",
    "published: true",
    "provider: {name: Harbor Post, domain: harborpost.example}",
    "provider:\n  name: Harbor Post\n  # a note\n  logo: mine.png",
    "topics: [AI, 'Computer Vision']",
    "topics:\n- AI\n- NO",
    "images:\n    - url: https://a.example/i.jpg\n      width: 10\n      height: 20",
    "myKey: {a: [1, 2]}",
    "other: |+\n  kept\n\n\n",
    "newsloom:\n  id: abc\n  mood: good\n  digests: {title: x}",
    "# a comment",
    "",
    "   ",
    "webUrl: https://a.example/x?y=1#z",
    '"originalUrl": https://a.example/😀',
)
NEEDED = {
    "title": "title: Council pauses",
    "publishedDateTime": "publishedDateTime: 2026-03-02T13:00:00Z",
    "provider": "provider:\n  name: Harbor Post",
}
LINE_ENDS = st.sampled_from(["\n", "\r\n"])


@st.composite
def mangled_files(draw: st.DrawFn) -> bytes:
    """Return a file as an editor, a merge or a crash may leave it."""
    lines = draw(
        st.lists(st.sampled_from(LINES), max_size=14, unique_by=lambda line: line.partition(":")[0] or object())
    )
    present = {line.partition(":")[0] for line in lines}
    lines += [line for key, line in NEEDED.items() if key not in present]
    end = draw(LINE_ENDS)
    front = "---\n" + "".join(line + "\n" for line in lines) + draw(st.sampled_from(["---\n", "--- \n", "---"]))
    text = (front + draw(st.sampled_from(["\n", "", "\nMy own words.\n---\nmore", "no end"]))).replace("\n", end)
    data = draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + text.encode()
    if draw(st.integers(0, 3)) == 0 and data:
        place = draw(st.integers(0, len(data) - 1))
        data = data[:place] + draw(st.binary(max_size=4)) + data[place + draw(st.integers(0, 9)) :]
    return data


@settings(max_examples=200, deadline=None)
@given(
    mangled_files()
    | st.binary(max_size=400)
    | st.text().map(lambda text: f"---\n{text}\n---\n".encode("utf-8", "replace"))
)
def test_any_bytes_are_a_record_given_back_exactly_or_a_record_error(data: bytes) -> None:
    try:
        record = parse(data, path="_news/x.md")
    except RecordError as error:
        assert error.where.startswith("_news/x.md") and error.hint
        return
    assert serialise(record) == data
    assert parse(canonical(record)) == record


@settings(max_examples=120, deadline=None)
@given(mangled_files(), NAMES, INSTANTS, st.none() | st.integers(0, 99))
def test_a_change_in_a_file_written_by_hand_changes_that_key_alone(data: bytes, title: str, moment, quality) -> None:  # type: ignore[no-untyped-def]
    try:
        record = parse(data)
    except RecordError:
        return
    changed = replace(record, title=title, published_date_time=moment, quality=quality, topics=())
    again = parse(serialise(changed))
    assert again == changed
    unknown = [block for block in record.layout.blocks if block.key in ("myKey", "other")]  # type: ignore[union-attr]
    assert [block for block in again.layout.blocks if block.key in ("myKey", "other")] == unknown  # type: ignore[union-attr]


@settings(max_examples=120, deadline=None)
@given(RECORDS)
def test_what_is_written_is_read_back(record: Record) -> None:
    data = canonical(record)
    again = parse(data)
    assert again == record
    assert canonical(again) == serialise(again) == data


@settings(max_examples=120, deadline=None)
@given(RECORDS, RECORDS, LINE_ENDS)
def test_rewriting_a_canonical_file_is_canonical(before: Record, after: Record, end: str) -> None:
    read = parse(canonical(before).replace(b"\n", end.encode()))
    assert serialise(replace(after, layout=read.layout)) == canonical(after).replace(b"\n", end.encode())


@settings(max_examples=50, deadline=None)
@given(RECORDS)
def test_both_yaml_versions_read_the_same_record(record: Record) -> None:
    front = canonical(record).decode().split("\n---\n")[0].removeprefix("---\n")
    for tree in (yaml.load(front, Loader=yaml.SafeLoader), YAML(typ="safe", pure=True).load(front)):
        assert tree["title"] == record.title
        assert tree["excerpt"] == record.excerpt
        assert tree["provider"]["name"] == record.provider.name
        assert tuple(tree.get("topics", ())) == record.topics
        assert len(tree.get("related", ())) == len(record.related)


@settings(max_examples=250, deadline=None)
@given(WORDS)
def test_every_scalar_means_itself_in_both_yaml_versions(text: str) -> None:
    for written in (scalar(text), quoted(text)):
        assert "\n" not in written
        for document in (f"k: {written}", f"- {written}"):
            for tree in (yaml.load(document, Loader=yaml.SafeLoader), YAML(typ="safe", pure=True).load(document)):
                assert (tree["k"] if isinstance(tree, dict) else tree[0]) == text


def test_a_front_matter_too_large_to_be_read_back_is_not_written() -> None:
    record = parse(b"---\ntitle: x\npublishedDateTime: 2026-03-02\nprovider: {name: y}\n---\n")
    with pytest.raises(RecordError, match="larger than 256 KiB"):
        serialise(replace(record, excerpt="x" * 300_000))
