"""Topic files: read whole, or a message that names file, line and the right key."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newsloom.adapters.files.topics import read_media_topics, read_topic_list, read_topics
from newsloom.errors import ConfigError
from newsloom.model.topic import Example

FULL = """\
taxonomy: topic
_id: face-scans
name: Face Scans
shortname: Faces
description: Cameras that know faces.
keywords: [face scan, face scan, NO]
exclude:
  - face value
hashtags: ["#faces"]
images:
  - url: https://harborpost.example/a.png
    width: 16
    height: 9
services:
  news: https://harborpost.example/api/
examples:
  yes: [Council pauses face scans]
  no:
    - title: Bonds sold at face value
      excerpt: A good day.
"""


def write(folder: Path, **files: str) -> Path:
    for name, content in files.items():
        (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
    return folder


def test_a_whole_file(tmp_path: Path) -> None:
    (topic,) = read_topics(write(tmp_path, a=FULL))
    assert topic.id == "face-scans"
    assert topic.keywords == ("face scan", "face scan", "NO"), "doubles stay, and NO is a word"
    assert topic.examples == (
        Example("Council pauses face scans"),
        Example("Bonds sold at face value", "A good day.", belongs=False),
    )
    assert (topic.images[0].width, topic.services["news"]) == (16, "https://harborpost.example/api/")


def test_examples_as_a_list_and_order_by_file_name(tmp_path: Path) -> None:
    topics = read_topics(
        write(tmp_path, b="name: B\nparent: A", a="name: A\nexamples:\n  - One\n  - {title: Two, belongs: false}")
    )
    assert [topic.name for topic in topics] == ["A", "B"]
    assert topics[0].examples == (Example("One"), Example("Two", belongs=False))


@pytest.mark.parametrize(
    ("files", "where", "words"),
    [
        ({"a": "name: A\nkeyword: [x]"}, "a.yaml:2", "keywords"),
        ({"a": "name: A\nkeywords: {x: y}"}, "a.yaml:2", "list"),
        ({"a": "_id: a"}, "a.yaml:1", "name"),
        ({"a": "taxonomy: person\nname: A"}, "a.yaml:1", "taxonomy"),
        ({"a": "name: A\n\nexamples: {maybe: [x]}"}, "a.yaml:3", "maybe"),
        ({"a": "name: A\nname: B"}, "a.yaml:2", "twice"),
        ({"a": "name: [A"}, "a.yaml:", "YAML"),
        ({"a": "name: A", "b": "name: A\n_id: b"}, "b.yaml:1", "a.yaml"),
        ({"a": "name: A\n_id: x", "b": "_id: x\nname: B"}, "b.yaml:1", "a.yaml"),
        ({"a": "name: Ferries", "b": "name: B\nparent: Ferrys"}, "b.yaml:2", "Ferries"),
        ({"a": "name: A\nparent: B", "b": "name: B\nparent: A"}, "a.yaml:2", "A → B → A"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_file_and_line(
    tmp_path: Path, files: dict[str, str], where: str, words: str
) -> None:
    with pytest.raises(ConfigError) as told:
        read_topics(write(tmp_path, **files))
    assert where in told.value.where
    assert words in str(told.value)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        read_topics(tmp_path / "nowhere")


def test_a_json_list(tmp_path: Path) -> None:
    path = tmp_path / "topics.json"
    path.write_text(
        json.dumps(
            [
                {
                    "name": "A",
                    "parent": None,
                    "keywords": ["x", "1"],
                    "level": 3,
                    "examples": [{"title": "T", "belongs": False}],
                }
            ]
        )
    )
    (topic,) = read_topic_list(path)
    assert (topic.id, topic.parent, topic.keywords, topic.examples) == (
        "a",
        None,
        ("x", "1"),
        (Example("T", belongs=False),),
    )


def test_a_list_may_tell_parents_by_id(tmp_path: Path) -> None:
    path = tmp_path / "topics.json"
    rows = [
        {"id": "m:3", "name": "lighthouses", "definition": "Lamps by the sea", "parent": "m:1", "level": 2, "wikidata": "Q0"},
        {"id": "m:1", "name": "harbours", "definition": "Where ships lie", "parent": None, "level": 1, "wikidata": None},
        {"id": "harbours", "name": "piers", "parent": "harbours"},
    ]  # fmt: skip
    path.write_text(json.dumps(rows))
    topics = read_topic_list(path)
    assert [(topic.id, topic.name, topic.parent) for topic in topics] == [
        ("m:3", "lighthouses", "harbours"),
        ("m:1", "harbours", None),
        ("harbours", "piers", "harbours"),  # a name counts before an id
    ]
    assert topics[0].description == "Lamps by the sea"
    path.write_text(
        json.dumps([{"id": "m:1", "name": "a", "parent": "m:2"}, {"id": "m:2", "name": "b", "parent": "m:1"}])
    )
    with pytest.raises(ConfigError, match="circle"):
        read_topic_list(path)


@pytest.mark.parametrize("content", ["{}", "[1]", "[", '[{"keywords": []}]', '[{"name": "A"}, {"name": "A"}]'])
def test_a_list_that_is_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "topics.json"
    path.write_text(content)
    with pytest.raises(ConfigError):
        read_topic_list(path)


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ("name: A\nkeywords: [face, council NEAR]\n", 2, "NEAR stands between two keywords"),
        ("name: A\nkeywords: [face, '']\n", 2, "a keyword must be words, not ''"),
        ('name: A\nkeywords: [face, "a\\0b"]\n', 2, "a keyword must be words, not"),
        ("name: A\n\nmedia_topic: 20001298\n", 3, "no code such as medtop:20001298"),
        ("name: A\nfloor: 2\n", 2, "number from 0 to 1"),
    ],
)
def test_a_wrong_keyword_code_or_floor_names_its_line(tmp_path: Path, content: str, line: int, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as caught:
        read_topics(write(tmp_path, a=content))
    assert caught.value.where.endswith(f"a.yaml:{line}")


def test_media_topics_are_checked_when_the_list_is_given(tmp_path: Path) -> None:
    listed = tmp_path / "media-topics.json"
    listed.write_text(json.dumps([{"id": "medtop:20001298", "name": "artificial intelligence", "level": 4}]))
    codes = read_media_topics(listed)
    assert codes == {"medtop:20001298": "artificial intelligence"}
    folder = tmp_path / "topics"
    folder.mkdir()
    write(folder, a="name: A\nmedia_topic: medtop:20001298\nfloor: 0.75")
    (topic,) = read_topics(folder, media_topics=codes)
    assert (topic.media_topic, topic.floor) == ("medtop:20001298", 0.75)
    write(folder, b="name: B\nmedia_topic: medtop:99999999")
    assert len(read_topics(folder)) == 2
    with pytest.raises(ConfigError, match=r"no `medtop:99999999`") as caught:
        read_topics(folder, media_topics=codes)
    assert caught.value.where == "b.yaml:2"
