"""The ArchiveReader port: folders and WARC files give their pages; what is damaged costs only itself and is noted."""

from __future__ import annotations

import gzip
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newsloom.adapters.archive import folder as folder_module
from newsloom.adapters.archive.reader import LocalArchiveReader
from newsloom.errors import ArchiveError
from newsloom.model.source import Source
from shared_data import shared

HTML = Source("archive", kind="html")
WARC = Source("archive.warc.gz", kind="warc")


def write_folder(root: Path, rows: list[dict[str, object]], name: str = "manifest.jsonl") -> Path:
    folder = root / "archive"
    (folder / "pages").mkdir(parents=True)
    (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return folder


def test_a_manifest_names_the_pages(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"id": "b", "url": "https://harborpost.example/b", "fetched": "2026-03-02T12:00:00Z"},
        {"id": "a", "url": "https://harborpost.example/a", "articleBody": "not to be read"},
        {"id": "gone", "url": "https://harborpost.example/gone"},
        {"id": "../secret", "url": "https://harborpost.example/secret"},
        {"id": "a"},
    ]
    folder = write_folder(tmp_path, rows)
    (folder / "pages" / "a.html").write_bytes(b"<p>a")
    (folder / "pages" / "b.html.gz").write_bytes(gzip.compress(b"<p>b"))
    (tmp_path / "secret.html").write_bytes(b"<p>secret")
    reader = LocalArchiveReader(tmp_path)
    pages = list(reader.pages(HTML))
    assert [(p.id, p.url, p.body) for p in pages] == [
        ("b", "https://harborpost.example/b", b"<p>b"),
        ("a", "https://harborpost.example/a", b"<p>a"),
    ]
    assert pages[0].fetched == datetime(2026, 3, 2, 12, tzinfo=UTC)
    notes = reader.notes()
    assert len(notes) == 3
    assert "line 3" in notes[0]
    assert reader.notes() == ()


def test_plain_files_name_their_own_address(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "one.html").write_text('<link rel="canonical" href="https://harborpost.example/1?utm_source=x">')
    (folder / "two.htm").write_text('<meta property="og:url" content="https://harborpost.example/2">')
    (folder / "three.html").write_text("<p>nameless")
    (folder / "note.txt").write_text("no page")
    reader = LocalArchiveReader(tmp_path)
    assert [(p.id, p.url) for p in reader.pages(HTML)] == [
        ("sub/one.html", "https://harborpost.example/1"),
        ("two.htm", "https://harborpost.example/2"),
    ]
    (note,) = reader.notes()
    assert note.startswith("three.html")


def test_damaged_and_oversized_pages_are_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_module, "MAX_PAGE_BYTES", 1000)
    rows: list[dict[str, object]] = [{"id": name, "url": f"https://harborpost.example/{name}"} for name in "abcd"]
    folder = write_folder(tmp_path, rows)
    (folder / "pages" / "a.html.gz").write_bytes(gzip.compress(bytes(range(256)) * 3)[:-9])
    (folder / "pages" / "b.html.gz").write_bytes(gzip.compress(b"x" * 5_000_000))
    (folder / "pages" / "c.html").write_bytes(b"x" * 1001)
    (folder / "pages" / "d.html").write_bytes(b"x" * 1000)
    reader = LocalArchiveReader(tmp_path)
    assert [p.id for p in reader.pages(HTML)] == ["d"]
    assert len(reader.notes()) == 3


def warc(count: int = 6, *, packed: bool = True) -> tuple[bytes, list[int]]:
    """Write a WARC with requests, redirects and pages; return it and where each page's record starts."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed)
    starts = []
    for number in range(count):
        url = f"https://harborpost.example/{number}"
        other = StatusAndHeaders("301 Moved", [("Content-Type", "text/html"), ("Location", url)], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(url, "response", payload=io.BytesIO(b"moved"), http_headers=other)
        )
        picture = StatusAndHeaders("200 OK", [("Content-Type", "image/png")], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(url, "response", payload=io.BytesIO(b"png"), http_headers=picture)
        )
        body = f"<p>{number} ä".encode()
        headers = [("Content-Type", "text/html; charset=UTF-8")]
        if number % 2:
            body, headers = gzip.compress(body), [*headers, ("Content-Encoding", "gzip")]
        http = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
        starts.append(out.tell())
        date = {"WARC-Date": f"2026-03-0{number + 1}T12:00:00Z"}
        record = writer.create_warc_record(
            url, "response", payload=io.BytesIO(body), http_headers=http, warc_headers_dict=date
        )
        writer.write_record(record)
    return out.getvalue(), starts


def read_warc(tmp_path: Path, data: bytes) -> tuple[list[str], tuple[str, ...]]:
    (tmp_path / WARC.url).write_bytes(data)
    reader = LocalArchiveReader(tmp_path)
    pages = list(reader.pages(WARC))
    assert all(page.body.decode() == f"<p>{page.url[-1]} ä" for page in pages)
    assert all(page.fetched == datetime(2026, 3, int(page.url[-1]) + 1, 12, tzinfo=UTC) for page in pages)
    assert {page.charset for page in pages} <= {"utf-8"}
    return [page.url[-1] for page in pages], tuple(reader.notes())


@pytest.mark.parametrize("packed", [True, False])
def test_warc_gives_its_html_pages(tmp_path: Path, packed: bool) -> None:
    assert read_warc(tmp_path, warc(packed=packed)[0]) == (list("012345"), ())


@pytest.mark.parametrize("victims", [(0,), (2,), (5,), (1, 2), (0, 3, 5)])
def test_a_damaged_member_costs_only_itself(tmp_path: Path, victims: tuple[int, ...]) -> None:
    data, starts = warc()
    torn = bytearray(data)
    for victim in victims:
        torn[starts[victim] + 30 : starts[victim] + 60] = b"\xff" * 30
    names, notes = read_warc(tmp_path, bytes(torn))
    assert names == [str(number) for number in range(6) if number not in victims]
    assert len(notes) >= len(victims)


def test_a_warc_cut_short_gives_what_is_whole(tmp_path: Path) -> None:
    data, starts = warc()
    names, notes = read_warc(tmp_path, data[: starts[5] + 50])
    assert names == list("01234")
    assert notes


def test_fingerprints_change_with_the_files(tmp_path: Path) -> None:
    reader = LocalArchiveReader(tmp_path)
    (tmp_path / WARC.url).write_bytes(warc()[0])
    before = reader.fingerprint(WARC)
    assert reader.fingerprint(WARC) == before
    (tmp_path / WARC.url).write_bytes(warc(3)[0])
    assert reader.fingerprint(WARC) != before
    folder = write_folder(tmp_path, [])
    empty = reader.fingerprint(HTML)
    (folder / "pages" / "a.html").write_text("x")
    assert reader.fingerprint(HTML) != empty


@pytest.mark.parametrize("source", [HTML, WARC, Source("https://harborpost.example/feed")])
def test_what_is_no_archive_is_a_typed_error(tmp_path: Path, source: Source) -> None:
    reader = LocalArchiveReader(tmp_path)
    with pytest.raises(ArchiveError):
        list(reader.pages(source))
    with pytest.raises(ArchiveError):
        reader.fingerprint(source)
    if source is HTML:
        (tmp_path / "archive").mkdir()
        with pytest.raises(ArchiveError, match="no pages"):
            list(reader.pages(source))
    if source is WARC:
        (tmp_path / WARC.url).write_bytes(b"no WARC at all")
        with pytest.raises(ArchiveError, match="no WARC"):
            list(reader.pages(source))


def test_the_shared_pages_are_read_whole() -> None:
    root = shared("extraction", "fundus")
    reader = LocalArchiveReader(root)
    assert sum(1 for _ in reader.pages(Source(str(root), kind="html"))) == len(
        (root / "truth.jsonl").read_bytes().splitlines()
    )
    assert reader.notes() == ()
