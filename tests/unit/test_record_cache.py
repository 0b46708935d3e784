"""The cache of parsed records: it saves work, and changes nothing of what is read or written."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from newsloom.adapters.files import record_cache, records
from newsloom.adapters.files.record_cache import RecordCache
from newsloom.adapters.files.records import MarkdownRecordFolder
from newsloom.errors import RecordChanged
from newsloom.model.record import RecordFile
from newsloom.vocab.frontmatter import canonical, parse, serialise

PLAIN = """---
category: news
title: "Ferry to Norrhamn runs again"
excerpt: "After nine weeks."
publishedDateTime: 2026-03-02T08:15:00Z
webUrl: "https://harborpost.example/ferry"
type: article
quality: 71
heat: 4
published: true

provider:
  name: Harbor Post
  domain: harborpost.example

topics:
  - Harbours

newsloom:
  id: 0123456789abcdef
  firstSeen: 2026-03-02T09:00:00Z
  authors: ["Ada Lind", "NO"]
  story: s0123456789ab
  lead: true
  topics:
    Harbours: 1
  qualityParts: {source: 80, "press release": -9}
  relations:
    - {item: fedcba9876543210, reason: same story, score: 0.75}
  decisions:
    - {field: title, by: ada, at: 2026-03-03T00:00:00Z}
---
"""
FILES = {
    "plain.md": PLAIN.encode(),
    "crlf.md": PLAIN.replace("\n", "\r\n").encode(),
    "marked.md": b"\xef\xbb\xbf" + PLAIN.encode(),
    "own-keys.md": PLAIN.replace("type: article", "# why\nmood: [dark, 1.0]\ntype: article").encode() + "Nebel – ☂\n".encode(),
    "own-sub-keys.md": PLAIN.replace("  lead: true", "  lead: true\n  mood: 1\n  tone: {a: '1', b: no}").encode(),
    "extended.md": PLAIN.replace("  domain:", "  city: Norrhamn\n  domain:").encode(),
    "torn.md": PLAIN.encode()[:120],
}  # fmt: skip

Count = Callable[[], int]


def later() -> int:
    """Return a moment at which every file just written has rested."""
    return time.time_ns() + 10_000_000_000


@pytest.fixture
def portal(tmp_path: Path) -> Path:
    (tmp_path / ".newsloom").mkdir()
    (tmp_path / "_news").mkdir()
    for name, data in FILES.items():
        (tmp_path / "_news" / name).write_bytes(data)
    return tmp_path


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the paths that were parsed, in order."""
    paths: list[str] = []

    def watched(data: bytes, *, path: str = "") -> object:
        paths.append(path)
        return parse(data, path=path)

    monkeypatch.setattr(records, "parse", watched)
    return paths


def folder(portal: Path, clock: Callable[[], int] = later) -> MarkdownRecordFolder:
    return MarkdownRecordFolder(portal, RecordCache(portal / ".newsloom/records.sqlite", clock))


def read(portal: Path, clock: Callable[[], int] = later) -> dict[str, RecordFile]:
    return {file.path: file for file in folder(portal, clock).read_all()[0]}


@pytest.mark.parametrize("clock", [later, time.time_ns])
def test_what_comes_from_the_cache_is_what_parsing_gives(
    portal: Path, parsed: list[str], clock: Callable[[], int]
) -> None:
    first = read(portal, clock)
    assert len(parsed) == len(FILES)
    parsed.clear()
    again = read(portal, clock)
    assert set(parsed) == {"_news/torn.md", "_news/own-sub-keys.md"}, "what cannot be kept is parsed, and nothing else"
    assert again == first and len(first) == len(FILES) - 1
    for path, file in again.items():
        before = first[path].record
        assert file.record.layout == before.layout
        assert serialise(file.record) == serialise(before) == (portal / path).read_bytes()
        assert canonical(file.record) == canonical(before)
        changed = [serialise(replace(record, title="Changed", heat=-1, topics=())) for record in (file.record, before)]
        assert changed[0] == changed[1]
    assert folder(portal).read_all()[1][0].path == "_news/torn.md"


def test_edited_moved_and_deleted_files_are_noticed(portal: Path, parsed: list[str]) -> None:
    read(portal)
    plain = portal / "_news/plain.md"
    plain.write_bytes(FILES["plain.md"].replace(b"nine", b"five"))  # of the same size
    (portal / "_news/crlf.md").rename(portal / "_news/moved.md")
    (portal / "_news/marked.md").unlink()
    parsed.clear()
    found = read(portal)
    assert found["_news/plain.md"].record.excerpt == "After five weeks."
    assert "_news/moved.md" in found and not {"_news/crlf.md", "_news/marked.md"} & found.keys()
    assert {"_news/plain.md", "_news/moved.md"} <= set(parsed)
    with sqlite3.connect(portal / ".newsloom/records.sqlite") as connection:
        kept = {path for (path,) in connection.execute("SELECT path FROM records")}
    assert kept == found.keys() - {"_news/own-sub-keys.md"}


@pytest.mark.parametrize(("clock", "is_seen"), [(time.time_ns, True), (later, False)])
def test_a_file_just_written_is_compared_by_its_bytes(
    portal: Path, monkeypatch: pytest.MonkeyPatch, clock: Callable[[], int], is_seen: bool
) -> None:
    """Two writes within one tick of a file system's clock leave one status; only a file that rested is taken by it."""
    for module in (records, record_cache):
        monkeypatch.setattr(module, "file_state", lambda _: "the same")
    read(portal, clock)
    (portal / "_news/plain.md").write_bytes(FILES["plain.md"].replace(b"nine", b"five"))
    excerpt = read(portal, clock)["_news/plain.md"].record.excerpt
    assert (excerpt == "After five weeks.") is is_seen


@pytest.mark.parametrize("damage", ["empty", "noise", "cut", "bits", "version", "folder"])
def test_a_damaged_cache_changes_nothing_and_heals(portal: Path, parsed: list[str], damage: str) -> None:
    first = read(portal)
    cache = portal / ".newsloom/records.sqlite"
    data = cache.read_bytes()
    if damage == "folder":
        cache.unlink()
        cache.mkdir()
    elif damage == "version":
        with sqlite3.connect(cache) as connection:
            connection.execute("PRAGMA user_version = 1")
            connection.execute("UPDATE records SET data = 'nonsense'")
    else:
        cache.write_bytes(
            {
                "empty": b"",
                "noise": b"\x07" * len(data),
                "cut": data[: len(data) // 2],
                "bits": data.replace(b"Ferry", b"Berry"),
            }[damage]
        )
    assert read(portal) == first
    if damage == "folder":
        return
    assert read(portal) == first
    parsed.clear()
    assert read(portal) == first
    assert set(parsed) == {"_news/torn.md", "_news/own-sub-keys.md"}


def test_an_edit_after_a_cached_reading_is_not_overwritten(portal: Path) -> None:
    read(portal)
    at_work = folder(portal)
    file = next(file for file in at_work.read_all()[0] if file.path == "_news/plain.md")
    edited = FILES["plain.md"].replace(b"nine", b"five")
    (portal / file.path).write_bytes(edited)
    with pytest.raises(RecordChanged):
        at_work.write(file.path, replace(file.record, title="Ours"))
    assert (portal / file.path).read_bytes() == edited


def test_a_cached_record_is_written_with_its_layout(portal: Path) -> None:
    read(portal)
    at_work = folder(portal)
    file = next(file for file in at_work.read_all()[0] if file.path == "_news/own-keys.md")
    assert at_work.write(file.path, replace(file.record, title="Ours"))
    assert (portal / file.path).read_bytes() == FILES["own-keys.md"].replace(
        b'title: "Ferry to Norrhamn runs again"', b'title: "Ours"'
    )


def test_without_a_working_state_nothing_is_kept(portal: Path) -> None:
    shutil.rmtree(portal / ".newsloom")
    assert read(portal) == read(portal)
    assert not (portal / ".newsloom").exists()
