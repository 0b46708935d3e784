"""Pages out of WARC files (.warc, .warc.gz, .warc.zst), one file or a folder of them; a damaged member costs only itself.

Source: ISO 28500:2017 (WARC 1.1).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from newsloom.errors import ArchiveError
from newsloom.model.page import ArchivedPage
from newsloom.vocab import urls

MAX_RECORD_BYTES = 64 * 1024 * 1024
MAX_PAGE_BYTES = 20 * 1024 * 1024
MAX_RESUMES = 1000

_HTML = ("text/html", "application/xhtml+xml")
_SUFFIXES = (".warc", ".warc.gz", ".warc.zst")
_CHUNK = 1024 * 1024
# What a record (uncompressed) or a member of its own starts with, by the first bytes of the file.
_GZIP = b"\x1f\x8b\x08"
_MARKS = {b"\x1f\x8b": _GZIP, b"\x28\xb5": b"\x28\xb5\x2f\xfd", b"WA": b"WARC/"}


class WarcReader:
    """Reads the HTML responses of status 200, their codings undone.

    Args:
        path: a WARC file, or a folder whose WARC files are read in order of name.
        note: called with a sentence for each record that is skipped because of damage or size.
    """

    def __init__(self, path: Path, note: Callable[[str], None]) -> None:
        self._path = path
        self._note = note

    def pages(self) -> Iterator[ArchivedPage]:
        """Yield the pages in archive order. Raises ArchiveError when a file cannot be opened or is no WARC."""
        for file in self.files():
            try:
                with file.open("rb") as stream:
                    yield from self._file(file.name, stream)
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

    def _file(self, name: str, stream: BinaryIO) -> Iterator[ArchivedPage]:
        """Yield the pages of one file, starting again behind each damaged member."""
        first = stream.read(8)
        mark = _MARKS.get(first[:2])
        if mark is None:
            raise ArchiveError("this is no WARC file", where=name)
        start: int | None = 0
        for _ in range(MAX_RESUMES):
            if start is None:
                return
            at = start
            try:
                for record, position in _records(stream, start):
                    at = position
                    page = self._page(record)
                    if page is not None:
                        yield page
                if mark == _GZIP and not _ends_whole(stream, at):
                    self._note(f"{name}: the file breaks off after byte {at}")
                return
            except _Damaged as damage:
                at = damage.at if damage.at is not None else at
                start = _next_mark(stream, mark, at + 1)
                self._note(f"{name}: a damaged member after byte {at} was skipped ({damage.reason})")
        self._note(f"{name}: more than {MAX_RESUMES} damaged members; the rest was not read")

    def _page(self, record: WarcRecord) -> ArchivedPage | None:
        """Return the page that *record* holds, None when it holds none. Raises _Damaged."""
        if record.record_type != WarcRecordType.response or not record.is_http:
            return None
        url = (record.headers.get("WARC-Target-URI") or "").strip().removeprefix("<").removesuffix(">")
        if urls.parse_web(url) is None:
            return None
        if record.content_length > MAX_RECORD_BYTES:
            self._note(f"{url}: its record is larger than {MAX_RECORD_BYTES} bytes")
            return None
        body, media_type, charset = _payload(record)
        if media_type not in _HTML or not body:
            return None
        if len(body) > MAX_PAGE_BYTES:
            self._note(f"{url}: its page is larger than {MAX_PAGE_BYTES} bytes")
            return None
        return ArchivedPage(
            id=(record.record_id or url).removeprefix("<").removesuffix(">"),
            url=url,
            body=body,
            fetched=_date(record),
            content_type=media_type,
            charset=charset,
        )


class _Damaged(Exception):
    """The stream cannot be read on; *at* is where its last record began, None when that is not known."""

    def __init__(self, at: int | None, reason: str) -> None:
        super().__init__(reason)
        self.at = at
        self.reason = reason


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


def _payload(record: WarcRecord) -> tuple[bytes, str, str | None]:
    """Return body, media type and charset of an HTTP response; an empty body unless it is of status 200 and HTML."""
    length = record.content_length
    try:
        raw = record.reader.read(length)
        if len(raw) < length:  # fastwarc takes the end of the file for the end of the record
            raise _Damaged(record.stream_pos, "it breaks off")
        whole = WarcRecord()
        whole.init_headers(WarcRecordType.response)
        whole.set_bytes_content(raw)
        whole.is_http = True
        whole.parse_http(auto_decode="all")
        headers = whole.http_headers
        media_type = (whole.http_content_type or "").lower()
        if headers is None or headers.status_code != 200 or media_type not in _HTML:
            return b"", "", None
        return whole.reader.read(MAX_PAGE_BYTES + 1), media_type, (whole.http_charset or "").lower() or None
    except (OSError, ValueError, EOFError) as error:
        raise _Damaged(record.stream_pos, str(error)[:200]) from error


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
