"""Content codings (gzip, deflate, br, zstd) undone piece by piece, so that a bomb is met before it goes off.

aiohttp's own decoding is off: it takes a gzip stream that breaks off for a whole one.
"""

from __future__ import annotations

import sys
import zlib
from typing import Any, Protocol

import brotli

from newsloom.errors import ReadError, TooLarge

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPT_ENCODING = "gzip, deflate, br, zstd"

_PIECE_BYTES = 256 * 1024
_MAX_CODINGS = 3
# Members of gzip and frames of zstd may follow each other, and may be empty: a body of nothing else costs time for ever.
_MAX_MEMBERS = 1_000
_NO_CODING = frozenset(("", "identity", "none", "utf-8", "utf8", "binary", "8bit"))  # the latter: seen, and wrong


class UnreadableCoding(ReadError):
    """The bytes do not have the content coding they are said to have, or one that newsloom does not know."""


class CutCoding(UnreadableCoding):
    """The coded bytes end before the coding does."""


class _Coding(Protocol):
    def feed(self, data: bytes) -> bytes: ...
    def end(self) -> None: ...


class BodyDecoder:
    """Undoes the codings of one body and counts what comes out.

    Args:
        content_encoding: value of the Content-Encoding header; "" for none.
        limit: most bytes that may come out, and most that may go in: a coding can say nothing at any length.

    Raises:
        UnreadableCoding: a coding is unknown.
    """

    def __init__(self, content_encoding: str, limit: int) -> None:
        names = [name.strip().lower() for name in content_encoding.split(",")]
        names = [name for name in names if name not in _NO_CODING]
        if len(names) > _MAX_CODINGS:
            raise UnreadableCoding(f"{len(names)} content codings")
        self._budget = _Budget(limit)
        self._coded = _Budget(limit)
        self._codings = [_coding(name, self._budget) for name in reversed(names)]

    def feed(self, data: bytes) -> bytes:
        """Return what *data* adds to the body.

        Raises:
            TooLarge: the body exceeds the limit.
            UnreadableCoding: *data* is not coded as announced.
        """
        self._coded.take(len(data))
        for coding in self._codings:
            data = coding.feed(data)
        return data

    def end(self) -> None:
        """Say that all bytes came. Raises CutCoding when the coding expects more."""
        for coding in self._codings:
            coding.end()


class _Budget:
    def __init__(self, limit: int) -> None:
        self.left = self.limit = limit

    def take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise TooLarge(f"more than {self.limit} bytes")


def _coding(name: str, budget: _Budget) -> _Coding:
    if name in ("gzip", "x-gzip"):
        return _Zlib(budget, 31)
    if name == "deflate":
        return _Zlib(budget, zlib.MAX_WBITS)
    if name == "br":
        return _Brotli(budget)
    if name == "zstd":
        return _Zstd(budget)
    raise UnreadableCoding(f"unknown content coding {name[:40]!r}")


def _counted(members: int) -> int:
    if members >= _MAX_MEMBERS:
        raise UnreadableCoding(f"more than {_MAX_MEMBERS} packed members after each other")
    return members + 1


class _Zlib:
    """gzip (several members after each other count as one) and deflate (with and without zlib's header)."""

    def __init__(self, budget: _Budget, window: int) -> None:
        self._budget = budget
        self._window = window
        self._inflate = zlib.decompressobj(window)
        self._started = False
        self._members = 1

    def feed(self, data: bytes) -> bytes:
        if data and not self._started:
            self._started = True
            if self._window == zlib.MAX_WBITS and data[0] & 0x0F != 8:  # servers that send raw deflate
                self._window = -zlib.MAX_WBITS
                self._inflate = zlib.decompressobj(self._window)
        pieces = []
        try:
            while data:
                if self._inflate.eof:
                    if self._window != 31 or not data.startswith(b"\x1f"):
                        break  # bytes after the end are padding
                    self._members = _counted(self._members)
                    self._inflate = zlib.decompressobj(self._window)
                piece = self._inflate.decompress(data, _PIECE_BYTES)
                self._budget.take(len(piece))
                pieces.append(piece)
                data = self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail
        except zlib.error as error:
            raise UnreadableCoding(str(error)) from error
        return b"".join(pieces)

    def end(self) -> None:
        if self._started and not self._inflate.eof:
            raise CutCoding("the compressed body breaks off")


class _Brotli:
    def __init__(self, budget: _Budget) -> None:
        self._budget = budget
        self._stream: Any = brotli.Decompressor()
        self._started = False

    def feed(self, data: bytes) -> bytes:
        self._started = self._started or bool(data)
        pieces = []
        try:
            while not self._stream.is_finished() and (data or not self._stream.can_accept_more_data()):
                piece = self._stream.process(data, output_buffer_limit=_PIECE_BYTES)
                data = b""
                self._budget.take(len(piece))
                pieces.append(piece)
        except brotli.error as error:
            raise UnreadableCoding(str(error)) from error
        return b"".join(pieces)

    def end(self) -> None:
        if self._started and not self._stream.is_finished():
            raise CutCoding("the compressed body breaks off")


class _Zstd:
    def __init__(self, budget: _Budget) -> None:
        self._budget = budget
        self._members = 1
        self._stream = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: 27})
        self._started = False

    def feed(self, data: bytes) -> bytes:
        self._started = self._started or bool(data)
        pieces = []
        try:
            while data or not (self._stream.needs_input or self._stream.eof):
                if self._stream.eof:
                    if not data.startswith(b"\x28\xb5\x2f\xfd"):
                        break
                    self._members = _counted(self._members)
                    self._stream = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: 27})
                piece = self._stream.decompress(data, max_length=_PIECE_BYTES)
                self._budget.take(len(piece))
                pieces.append(piece)
                data = self._stream.unused_data if self._stream.eof else b""
        except zstd.ZstdError as error:
            raise UnreadableCoding(str(error)) from error
        return b"".join(pieces)

    def end(self) -> None:
        if self._started and not self._stream.eof:
            raise CutCoding("the compressed body breaks off")
