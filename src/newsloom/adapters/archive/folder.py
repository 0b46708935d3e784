"""A folder of HTML pages: with a manifest that tells their addresses, or plain files that tell their own."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from newsloom.errors import ArchiveError
from newsloom.model.page import ArchivedPage
from newsloom.vocab import urls
from newsloom.vocab.dates import parse_instant

MAX_PAGE_BYTES = 20 * 1024 * 1024
MAX_LINE_BYTES = 32 * 1024 * 1024
MAX_FILES = 1_000_000

_MANIFESTS = ("manifest.jsonl", "truth.jsonl")
_SUFFIXES = (".html", ".html.gz", ".htm", ".htm.gz", ".xhtml")
_HEAD_BYTES = 300_000


class FolderReader:
    """Reads one folder.

    With `manifest.jsonl` or `truth.jsonl` its rows give id, url and (optional) fetched, and nothing else of them is read;
    pages lie in `pages/`, or beside it, as `<id>.html` or `<id>.html.gz`. Without one, every HTML file counts, and its
    address is the one it names itself (canonical link, og:url).

    Args:
        folder: the folder.
        note: called with a sentence for each page that is skipped.
    """

    def __init__(self, folder: Path, note: Callable[[str], None]) -> None:
        self._folder = folder
        self._note = note

    def pages(self) -> Iterator[ArchivedPage]:
        """Yield the pages in order of the manifest, or of file name. Raises ArchiveError when there is no known layout."""
        manifest = self._manifest()
        if manifest is not None:
            yield from self._listed(manifest)
            return
        for file in self._plain():
            page = self._own(file)
            if page is not None:
                yield page

    def files(self) -> Iterator[Path]:
        """Yield the files that the archive is made of. Raises ArchiveError."""
        manifest = self._manifest()
        if manifest is not None:
            yield manifest
        yield from self._plain(may_be_empty=manifest is not None)

    def _manifest(self) -> Path | None:
        if not self._folder.is_dir():
            raise ArchiveError("there is no such folder", where=str(self._folder))
        return next((path for name in _MANIFESTS if (path := self._folder / name).is_file()), None)

    def _plain(self, *, may_be_empty: bool = False) -> list[Path]:
        try:
            found = [
                path for path in self._folder.rglob("*") if path.name.lower().endswith(_SUFFIXES) and path.is_file()
            ]
        except OSError as error:
            raise ArchiveError(f"cannot be read ({error.strerror})", where=str(self._folder)) from error
        if not found and not may_be_empty:
            hint = "Expected pages/ with manifest.jsonl or truth.jsonl (a line a page: id, url), or .html files"
            raise ArchiveError("there are no pages in it", where=str(self._folder), hint=hint)
        return sorted(found)[:MAX_FILES]

    def _listed(self, manifest: Path) -> Iterator[ArchivedPage]:
        try:
            with manifest.open("rb") as lines:
                number = 0
                while line := lines.readline(MAX_LINE_BYTES):
                    number += 1
                    if line.strip() and (page := self._row(line, f"{manifest.name} line {number}")):
                        yield page
        except OSError as error:
            raise ArchiveError(f"cannot be read ({error.strerror})", where=str(manifest)) from error

    def _row(self, line: bytes, where: str) -> ArchivedPage | None:
        try:
            row = json.loads(line)
            name, url = row["id"], row["url"]
        except (ValueError, KeyError, TypeError, RecursionError):
            self._note(f"{where} is no JSON object with id and url")
            return None
        if not isinstance(name, str) or not isinstance(url, str) or urls.parse_web(url) is None:
            self._note(f"{where}: id or url is not what it should be")
            return None
        file = self._page_file(name)
        body = self._read(file) if file is not None else None
        if body is None:
            if file is None:
                self._note(f"{where}: there is no page {name[:200]!r}")
            return None
        return ArchivedPage(id=name, url=url, body=body, fetched=_instant(row.get("fetched")))

    def _page_file(self, name: str) -> Path | None:
        """Return the file of page *name*, never one outside the folder."""
        root = self._folder.resolve()
        for place in (root / "pages", root):
            for suffix in _SUFFIXES:
                try:
                    file = (place / (name + suffix)).resolve()
                    if file.is_relative_to(root) and file.is_file():
                        return file
                except (OSError, ValueError, RuntimeError):  # a name too long, with a NUL, a loop of links
                    return None
        return None

    def _own(self, file: Path) -> ArchivedPage | None:
        name = file.relative_to(self._folder).as_posix()
        if not file.resolve().is_relative_to(self._folder.resolve()):
            self._note(f"{name} is a link to outside the folder")
            return None
        body = self._read(file)
        if body is None:
            return None
        url = own_address(body)
        if url is None:
            self._note(f"{name} names no address of its own (canonical link), and there is no manifest to tell it")
            return None
        return ArchivedPage(id=name, url=url, body=body)

    def _read(self, file: Path) -> bytes | None:
        """Return the page in *file*, unpacked, or None (noted) when it cannot be read or is too large."""
        try:
            with file.open("rb") as stream:
                data = stream.read(MAX_PAGE_BYTES + 1)
        except OSError as error:
            self._note(f"{file.name} cannot be read ({error.strerror})")
            return None
        if data.startswith(b"\x1f\x8b"):
            unpacker = zlib.decompressobj(31)
            try:
                data = unpacker.decompress(data, MAX_PAGE_BYTES + 1)
            except zlib.error as error:
                self._note(f"{file.name} is damaged: {error}")
                return None
            if not unpacker.eof and len(data) <= MAX_PAGE_BYTES:
                self._note(f"{file.name} is damaged: it breaks off")
                return None
        if len(data) > MAX_PAGE_BYTES:
            self._note(f"{file.name} is larger than {MAX_PAGE_BYTES} bytes")
            return None
        return data


def own_address(body: bytes) -> str | None:
    """Return the address that the page in *body* gives itself (canonical link, og:url), None when it gives none."""
    tree = LexborHTMLParser(body[:_HEAD_BYTES].decode("utf-8", "replace"))
    for selector, attribute in (('link[rel="canonical"]', "href"), ('meta[property="og:url"]', "content")):
        for node in tree.css(selector):
            url = urls.canonical(node.attributes.get(attribute) or "")
            if url is not None:
                return url
    return None


def _instant(value: object) -> datetime | None:
    moment = parse_instant(value) if isinstance(value, str) else None
    return moment.instant if moment else None
