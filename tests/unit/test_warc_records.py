"""WARC files as crawlers really write them: damage, wrong lengths, codings, captures of the same page."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import brotli
import pytest

from newsloom.adapters.archive.warc import WarcReader
from newsloom.model.page import ArchivedPage


def http(body: bytes, *headers: str, media_type: str = "text/html; charset=UTF-8", status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", *([f"Content-Type: {media_type}"] if media_type else []), *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def record(number: int, payload: bytes, *headers: str, kind: str = "response", length: object = None) -> bytes:
    content_type = "application/http; msgtype=response" if kind == "response" else "text/html; charset=utf-8"
    lines = [
        "WARC/1.1",
        f"WARC-Type: {kind}",
        f"WARC-Target-URI: https://harborpost.example/{number}",
        "WARC-Date: 2026-03-02T12:00:00Z",
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012d}>",
        f"Content-Type: {content_type}",
        *headers,
        f"Content-Length: {len(payload) if length is None else length}",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + payload + b"\r\n\r\n"


def page(number: int) -> bytes:
    return f"<html><p>page {number} ä {'news ' * 40}</p></html>".encode()


def read(tmp_path: Path, data: bytes) -> tuple[list[ArchivedPage], list[str]]:
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(data)
    notes: list[str] = []
    return list(WarcReader(path, notes.append).pages()), notes


def numbers(pages: list[ArchivedPage]) -> str:
    return "".join(found.url[-1] for found in pages)


@pytest.fixture(params=["packed", "plain"])
def pack(request: pytest.FixtureRequest):  # type: ignore[no-untyped-def]
    return gzip.compress if request.param == "packed" else bytes


PAYLOAD = http(page(2))


@pytest.mark.parametrize(
    ("second", "left"),
    [
        (record(2, PAYLOAD, length=len(PAYLOAD) + 100), "012345"),
        (record(2, PAYLOAD, length=len(PAYLOAD) + 100_000), "01345"),
        (record(2, PAYLOAD, length=10**15), "01345"),
        (record(2, PAYLOAD, length=len(PAYLOAD) - 50), "012345"),
        (record(2, PAYLOAD, length="many"), "01345"),
        (record(2, PAYLOAD).replace(b"Content-Length", b"Content-Mumble"), "01345"),
        (record(2, PAYLOAD).replace(b"WARC-Target-URI", b"WARC-Gone"), "01345"),
        (b"no record at all " * 30, "01345"),
    ],
)
def test_a_wrong_record_costs_at_most_itself_and_is_noted(tmp_path: Path, pack, second: bytes, left: str) -> None:  # type: ignore[no-untyped-def]
    parts = [record(number, http(page(number))) for number in range(6)]
    parts[2] = second
    pages, notes = read(tmp_path, b"".join(map(pack, parts)))
    assert numbers(pages) == left
    assert notes


def test_a_file_that_breaks_off_between_header_and_body_is_noted(tmp_path: Path, pack) -> None:  # type: ignore[no-untyped-def]
    parts = [pack(record(number, http(page(number)))) for number in range(3)]
    pages, notes = read(tmp_path, b"".join(parts)[: len(parts[0]) + len(parts[1]) + 50])
    assert numbers(pages) == "01"
    assert "breaks off" in notes[-1]


CHUNKED = b"5\r\n<html\r\n%x;note=x\r\n>" % len(page(2)[5:]) + page(2)[6:] + b"\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    "payload",
    [
        http(gzip.compress(page(2)), "Content-Encoding: gzip"),
        http(zlib.compress(page(2)), "Content-Encoding: deflate"),
        http(brotli.compress(page(2)), "Content-Encoding: br"),
        http(page(2), "Content-Encoding: gzip"),  # undone by the crawler, header left
        http(page(2), "Content-Encoding: br"),
        http(page(2), "Transfer-Encoding: chunked"),
        http(CHUNKED, "Transfer-Encoding: chunked"),
        http(page(2), media_type=""),
        http(page(2), media_type="application/octet-stream"),
        http(page(2), media_type="TEXT/HTML;charset=utf-8"),
        PAYLOAD.replace(b"HTTP/1.1 200 OK", b"HTTP/2 200").replace(b"\r\n", b"\n"),
    ],
)
def test_the_page_is_read_however_it_was_stored(tmp_path: Path, payload: bytes) -> None:
    (found,), notes = read(tmp_path, gzip.compress(record(2, payload)))
    assert (found.body, found.content_type, notes) == (page(2), "text/html", [])


@pytest.mark.parametrize(
    "stored",
    [
        record(2, http(page(2), status="404 Not Found")),
        record(2, http(page(2), "Location: /3", status="301 Moved")),
        record(2, http(b"\x89PNG", media_type="image/png")),
        record(2, b"HTTP/1.1 200 OK\r\n\r\n", kind="revisit"),
        record(2, b"not HTTP"),
    ],
)
def test_what_is_no_page_is_passed_over(tmp_path: Path, stored: bytes) -> None:
    assert read(tmp_path, stored) == ([], [])


def test_a_resource_is_a_page_without_http(tmp_path: Path) -> None:
    (found,), _ = read(tmp_path, record(2, page(2), kind="resource"))
    assert (found.body, found.charset) == (page(2), "utf-8")


def test_an_unchanged_capture_is_read_once(tmp_path: Path) -> None:
    first = record(2, PAYLOAD, "WARC-Payload-Digest: sha1:AAAA")
    changed = record(2, http(page(3)), "WARC-Payload-Digest: sha1:BBBB")
    pages, _ = read(tmp_path, first + changed + first)
    assert [found.body for found in pages] == [page(2), page(3)]


def test_what_the_server_said_of_the_page_is_kept(tmp_path: Path) -> None:
    (found,), _ = read(tmp_path, record(2, http(page(2), "X-Robots-Tag: max-snippet:50", "Set-Cookie: a=b")))
    assert found.headers == {"x-robots-tag": "max-snippet:50"}


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    bomb = http(gzip.compress(b"\0" * 30_000_000), "Content-Encoding: gzip")
    pages, notes = read(tmp_path, record(1, bomb) + record(2, PAYLOAD))
    assert numbers(pages) == "2"
    assert "larger than" in notes[0]


def test_a_cut_body_is_noted(tmp_path: Path) -> None:
    cut = http(gzip.compress(page(1))[:-20], "Content-Encoding: gzip")
    pages, notes = read(tmp_path, record(1, cut) + record(2, PAYLOAD))
    assert numbers(pages) == "2"
    assert "breaks off" in notes[0]
