"""The codec and the file names against shared data: a real portal's records, hard strings, hard titles."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from ruamel.yaml import YAML

from newsloom.adapters.files.records import MarkdownRecordFolder
from newsloom.errors import RecordError
from newsloom.evaluation.records import evaluate_records
from newsloom.model.item import item_id
from newsloom.model.record import Provider, Record
from newsloom.vocab.frontmatter import canonical, parse, serialise
from newsloom.vocab.slugs import file_name, folded, slug
from shared_data import shared

MOMENT = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
KEYS = ["category", "title", "excerpt", "publishedDateTime", "webUrl", "type", "provider", "topics"]


def made(**changes: object) -> Record:
    plain = Record(
        "t", "e", MOMENT, "article", Provider("P", "p.example"), web_url="https://p.example/1", topics=("T",)
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_every_record_of_the_origin_is_written_byte_for_byte() -> None:
    found = evaluate_records(shared("origin", "power-apps"))
    assert found["roundtrip_exact"] == found["slug_exact"] == found["records"] != 0
    assert found["quarantined"] == 0


def test_the_example_record_is_written_byte_for_byte() -> None:
    data = shared("origin", "example-record.md").read_bytes()
    record = parse(data)
    assert canonical(record) == serialise(record) == data
    assert (record.quality, record.heat, record.published) == (59, -1, False)
    assert len(record.related) == 9 and record.original_url is None


def titles() -> list[str]:
    lines = shared("suites", "frontmatter", "titles.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["title"] for line in lines]


def clean(text: str) -> str:
    return re.sub("[\x00\ud800-\udfff]", "\ufffd", text)


def test_hard_strings_come_back_from_both_yaml_versions_wherever_they_stand() -> None:
    rows = titles()
    assert len(rows) > 300
    for title in rows:
        wanted = clean(title)
        for key, record in {
            "title": made(title=title),
            "excerpt": made(excerpt=title),
            "provider": made(provider=Provider(title or "x", "p.example")),
            "topics": made(topics=(title,)),
        }.items():
            data = canonical(record)
            front = data.decode().split("\n---\n")[0].removeprefix("---\n")
            assert len(front.splitlines()) == 13
            for tree in (yaml.load(front, Loader=yaml.SafeLoader), YAML(typ="safe").load(front)):
                assert list(tree) == KEYS
                got = {"provider": lambda v: v["name"], "topics": lambda v: v[0]}.get(key, lambda v: v)(tree[key])
                assert got == (wanted or "x" if key == "provider" else wanted), key
            again = parse(data)
            assert canonical(again) == data and again.body == "\n"


def test_hard_strings_are_safe_in_a_body() -> None:
    for title in titles():
        body = f"\n{clean(title)}\n---\ntitle: not this one\n"
        again = parse(serialise(made(body=body)))
        assert again.title == "t"
        assert again.body.replace("\r\n", "\n") == body.replace("\r\n", "\n")


def hard_names() -> list[str]:
    rows = shared("suites", "slugs", "slugs.jsonl").read_text(encoding="utf-8").splitlines()
    traversal = shared("suites", "slugs", "traversal.txt").read_text(encoding="utf-8", errors="replace").splitlines()
    return [json.loads(row)["title"] for row in rows] + traversal + titles()


def test_file_names_are_safe_everywhere() -> None:
    for title in hard_names():
        found = slug(title, fallback_url="https://p.example/1")
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", found) and len(found) <= 145
        assert not re.fullmatch(r"con|prn|aux|nul|(com|lpt)\d", found)
        name = file_name(MOMENT, title, "https://p.example/1")
        assert len(name.encode()) <= 200 and name.startswith("2026-03-02-") and "/" not in name


def test_items_with_hard_titles_never_share_a_file_nor_leave_the_folder(tmp_path: Path) -> None:
    folder = MarkdownRecordFolder(tmp_path)
    paths: set[str] = set()
    rows = hard_names()
    for number, title in enumerate(rows):
        url = f"https://p.example/{number}"
        path = folder.free_path(made(title=title, web_url=url), item_id(url))
        place = (tmp_path / path).resolve()
        assert place.parent == (tmp_path / "_news").resolve()
        paths.add(folded(path))
    assert len(paths) == len(rows)


def test_a_record_cut_anywhere_in_its_front_matter_is_refused() -> None:
    data = shared("origin", "example-record.md").read_bytes()
    for cut in range(0, data.index(b"\n---\n") + 1, 97):
        with pytest.raises(RecordError):
            parse(data[:cut], path="x.md")
