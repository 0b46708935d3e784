"""Pages, feeds and redirects out of WARC files (.warc, .warc.gz, .warc.zst), one or a folder of them; damage costs only itself.

Source: ISO 28500:2017 (WARC 1.1).
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, TypeVar

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from newsloom.adapters.archive.responses import StoredResponse, stored_head, stored_response
from newsloom.adapters.http.decoding import UnreadableCoding
from newsloom.errors import ArchiveError, TooLarge
from newsloom.model.page import ArchivedMove, ArchivedPage
from newsloom.vocab import urls

MAX_RECORD_BYTES = 64 * 1024 * 1024
MAX_PAGE_BYTES = 20 * 1024 * 1024
MAX_RESUMES = 10_000

_HTML = ("text/html", "application/xhtml+xml")
_MOVES = (301, 302, 303, 307, 308)
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json")
# What servers call a feed that do not know better; then its first element must say that it is one.
_VAGUE_TYPES = ("", "text/xml", "application/xml", "text/html", "text/plain", "application/octet-stream")
_FEED_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,300}\?>)?\s*(?:<(?:\?[^>]{0,500}|!--[^>]{0,1000}--)>\s*){0,4}<(?:rss|feed|rdf:RDF)[\s>]"
)
_PEEK_BYTES = 16_384
_SUFFIXES = (".warc", ".warc.gz", ".warc.zst")
_CHUNK = 1024 * 1024
_MOST_REMEMBERED = 100_000
# What a record (uncompressed) or a member of its own starts with, by the first bytes of the file.
_GZIP = b"\x1f\x8b\x08"
_PLAIN = b"WARC/"
_MARKS = {b"\x1f\x8b": _GZIP, b"\x28\xb5": b"\x28\xb5\x2f\xfd", b"WA": _PLAIN}
_KEPT_HEADERS = ("x-robots-tag", "last-modified", "content-language", "link")


T = TypeVar("T")


class WarcReader:
    """Reads the HTML responses of status 200 (and HTML resources), their codings undone.

    One record is in memory at a time. A page captured again unchanged (a revisit, or the same address with the same payload
    digest) is read once.

    Args:
        path: a WARC file, or a folder whose WARC files are read in order of name.
        note: called with a sentence for each record that is skipped because of damage or size.
    """

    def __init__(self, path: Path, note: Callable[[str], None]) -> None:
        self._path = path
        self._note = note
        self._seen: set[int] = set()

    def pages(self) -> Iterator[ArchivedPage]:
        """Yield the pages in archive order. Raises ArchiveError when a file cannot be opened or is no WARC."""
        return self._each(self._page)

    def signposts(self) -> Iterator[ArchivedPage | ArchivedMove]:
        """Yield the feeds and redirects in archive order. Raises ArchiveError as `pages`.

        Cost: every record is passed over, but of pages only the head is unpacked.
        """
        return self._each(_signpost)

    def _each(self, found_in: Callable[[WarcRecord], T | None]) -> Iterator[T]:
        for file in self.files():
            try:
                with file.open("rb") as stream:
                    yield from self._file(file.name, stream, found_in)
            except OSError as error:
                raise ArchiveError(f"cannot be read ({error.strerror or error})", where=str(file)) from error

    def files(self) -> Iterator[Path]:
        """Yield the WARC files. Raises ArchiveError when there is none."""
        if self._path.is_dir():
            found = sorted(path for path in self._path.iterdir() if path.name.lower().endswith(_SUFFIXES))
        else:
            found = [self._path] if self._path.is_file() else []
        if not found:
            raise ArchiveError("there is no WARC file", where=str(self._path))
        yield from found

    def _file(self, name: str, stream: BinaryIO, found_in: Callable[[WarcRecord], T | None]) -> Iterator[T]:
        """Yield what is found in the records of one file, starting again behind each damaged member."""
        mark = _MARKS.get(stream.read(8)[:2])
        if mark is None:
            raise ArchiveError("this is no WARC file", where=name)
        size = stream.seek(0, os.SEEK_END)
        start: int | None = 0
        for _ in range(MAX_RESUMES):
            if start is None:
                return
            at = behind = start
            try:
                for record, position in _records(stream, start):
                    at = position
                    behind = position + record.content_length
                    _check_length(record, position, size, is_packed=mark != _PLAIN)
                    found = found_in(record)
                    if found is not None:
                        yield found
                if (mark == _GZIP and not _ends_whole(stream, at)) or (
                    mark == _PLAIN and _next_mark(stream, mark, behind) is not None
                ):
                    self._note(f"{name}: the file breaks off after byte {at}")
                return
            except _Damaged as damage:
                at = damage.at if damage.at is not None else at
                # A length may lie in a member that is whole: then the next one begins where that one ends.
                whole = _member_end(stream, at) if mark == _GZIP and damage.is_length else None
                start = whole if whole is not None else _next_mark(stream, mark, at + 1)
                self._note(f"{name}: a damaged member after byte {at} was skipped ({damage.reason})")
        self._note(f"{name}: more than {MAX_RESUMES} damaged members; the rest was not read")

    def _page(self, record: WarcRecord) -> ArchivedPage | None:
        """Return the page that *record* holds, None when it holds none. Raises _Damaged."""
        is_response = _is_response(record)
        if not is_response and record.record_type != WarcRecordType.resource:
            return None
        url = _target(record)
        if urls.parse_web(url) is None:
            if not url:
                self._note(f"a record without address at byte {record.stream_pos} was skipped")
            return None
        if record.content_length > MAX_RECORD_BYTES:
            self._note(f"{url}: its record is larger than {MAX_RECORD_BYTES} bytes")
            return None
        try:
            response = _response(record) if is_response else _resource(record)
        except TooLarge:
            self._note(f"{url}: its page is larger than {MAX_PAGE_BYTES} bytes")
            return None
        except UnreadableCoding as error:
            self._note(f"{url}: {error.message}")
            return None
        if response is None or response.status != 200 or response.media_type not in _HTML or not response.body:
            return None
        if _FEED_START.match(response.body[:_PEEK_BYTES]):
            return None
        if self._is_known(url, record.headers.get("WARC-Payload-Digest")):
            return None
        return _archived(record, url, response)

    def _is_known(self, url: str, payload: str | None) -> bool:
        """Return whether this very capture came before; remembered for so many that memory stays flat."""
        if not payload:
            return False
        key = hash((url, payload))
        if key in self._seen:
            return True
        if len(self._seen) < _MOST_REMEMBERED:
            self._seen.add(key)
        return False


class _Damaged(Exception):
    """The stream cannot be read on; *at* is where its last record began, None when that is not known.

    `is_length` when it is the record's length that is wrong, and its member may be whole.
    """

    def __init__(self, at: int | None, reason: str, *, is_length: bool = False) -> None:
        super().__init__(reason)
        self.at = at
        self.reason = reason
        self.is_length = is_length


def _records(stream: BinaryIO, start: int) -> Iterator[tuple[WarcRecord, int]]:
    """Yield every record from byte *start* on, with where it begins. Raises _Damaged."""
    stream.seek(start)
    position: int | None = None
    try:
        iterator = ArchiveIterator(stream, record_types=WarcRecordType.any_type, parse_http=False)
        for record in iterator:
            position = record.stream_pos
            yield record, position
    except (OSError, ValueError, EOFError) as error:
        raise _Damaged(position, str(error)[:200]) from error


def _check_length(record: WarcRecord, position: int, size: int, *, is_packed: bool) -> None:
    """Raise _Damaged when the length that *record* states reaches beyond its file, or beyond sense."""
    stated = record.content_length
    if stated > size - position if not is_packed else stated > max(MAX_RECORD_BYTES, 1100 * (size - position)):
        raise _Damaged(position, f"its length is said to be {stated} bytes", is_length=True)


def _is_response(record: WarcRecord) -> bool:
    return record.record_type == WarcRecordType.response and bool(record.is_http)


def _target(record: WarcRecord) -> str:
    return (record.headers.get("WARC-Target-URI") or "").strip().removeprefix("<").removesuffix(">")


def _archived(record: WarcRecord, url: str, response: StoredResponse) -> ArchivedPage:
    return ArchivedPage(
        id=(record.record_id or url).removeprefix("<").removesuffix(">"),
        url=url,
        body=response.body,
        fetched=_date(record),
        content_type=response.media_type,
        charset=response.charset,
        headers={name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers},
    )


def _signpost(record: WarcRecord) -> ArchivedPage | ArchivedMove | None:
    """Return the feed or redirect that *record* holds, None when it holds neither. Raises _Damaged."""
    url = _target(record)
    if not _is_response(record) or urls.parse_web(url) is None or record.content_length > MAX_RECORD_BYTES:
        return None
    start = _block(record, _PEEK_BYTES)
    head = stored_head(start)
    if head is None:
        return None
    if head.status in _MOVES:
        location = head.headers.get("location")
        target = urls.resolve(url, location) if location else None
        return ArchivedMove(url, target) if target else None
    told = head.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_packed = bool(head.headers.get("content-encoding") or head.headers.get("transfer-encoding"))
    if head.status != 200 or not (
        told in _FEED_TYPES
        or (told in _VAGUE_TYPES and ((is_packed and "xml" in told) or _FEED_START.match(head.body)))
    ):
        return None
    try:
        response = stored_response(start + _block(record, record.content_length - len(start)), MAX_PAGE_BYTES)
    except (TooLarge, UnreadableCoding):
        return None  # noted when the pages are read
    is_feed = response is not None and (told in _FEED_TYPES or _FEED_START.match(response.body[:_PEEK_BYTES]))
    return _archived(record, url, response) if response is not None and is_feed else None


def _response(record: WarcRecord) -> StoredResponse | None:
    return stored_response(_block(record, record.content_length), MAX_PAGE_BYTES)


def _resource(record: WarcRecord) -> StoredResponse | None:
    """Return a page that was stored without HTTP; its type stands in the record's own header."""
    media_type = record.headers.get("Content-Type") or ""
    if media_type.partition(";")[0].strip().lower() not in _HTML:
        return None
    body = _block(record, record.content_length)
    if len(body) > MAX_PAGE_BYTES:
        raise TooLarge(f"more than {MAX_PAGE_BYTES} bytes")
    return StoredResponse(200, {"content-type": media_type}, body)


def _block(record: WarcRecord, most: int) -> bytes:
    """Return the next *most* bytes of the record's block, all there are where it is shorter. Raises _Damaged when it breaks off."""
    length = min(most, record.content_length)
    try:
        raw: bytes = record.reader.read(length)
    except (OSError, ValueError, EOFError) as error:
        raise _Damaged(record.stream_pos, str(error)[:200]) from error
    if len(raw) < length:  # fastwarc takes the end of the file for the end of the record
        raise _Damaged(record.stream_pos, "it breaks off", is_length=True)
    return raw


def _date(record: WarcRecord) -> datetime | None:
    moment: datetime | None = record.record_date
    if moment is None:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _next_mark(stream: BinaryIO, mark: bytes, start: int) -> int | None:
    """Return where *mark* next stands from byte *start* on, None when nowhere."""
    stream.seek(start)
    position, tail = start, b""
    while chunk := stream.read(_CHUNK):
        window = tail + chunk
        found = window.find(mark)
        if found >= 0:
            return position - len(tail) + found
        tail = window[-(len(mark) - 1) :]
        position += len(chunk)
    return None


def _member_end(stream: BinaryIO, start: int) -> int | None:
    """Return where the gzip member at byte *start* ends, None when it is damaged or the file's last."""
    stream.seek(start)
    member = zlib.decompressobj(31)
    position = start
    try:
        while chunk := stream.read(_CHUNK):
            position += len(chunk)
            data = chunk
            while data and not member.eof:
                member.decompress(data, _CHUNK)
                data = member.unconsumed_tail
            if member.eof:
                end = position - len(member.unused_data)
                stream.seek(end)
                return end if stream.read(1) else None
    except zlib.error:
        pass
    return None


def _ends_whole(stream: BinaryIO, start: int) -> bool:
    """Return whether the gzip members from byte *start* on end with the file, which fastwarc does not tell."""
    stream.seek(start)
    member = zlib.decompressobj(31)
    try:
        while data := stream.read(_CHUNK):
            while data:
                member.decompress(data, _CHUNK)
                data = member.unused_data if member.eof else member.unconsumed_tail
                if member.eof and data:
                    member = zlib.decompressobj(31)
    except zlib.error:
        return False
    return member.eof
