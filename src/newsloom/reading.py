"""What newsloom reads in one page, feed or archive, and how it came to it: for people who look into a source. Keeps nothing."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Literal

from newsloom.adapters.archive.folder import own_address
from newsloom.adapters.archive.reader import LocalArchiveReader
from newsloom.adapters.feeds.reader import DefaultFeedReader
from newsloom.adapters.files.organizations import by_domain
from newsloom.adapters.pages.reader import Extractor, HtmlPageReader
from newsloom.app import WebOptions, fetcher_by, present, remembered_hosts
from newsloom.config import Settings
from newsloom.errors import (
    ArchiveError,
    FeedError,
    FetchError,
    NewsloomError,
    PageError,
    ReadError,
    TooLarge,
    UsageError,
)
from newsloom.flow.signposts import Moves
from newsloom.model.article import Article, PageReading
from newsloom.model.page import ArchivedMove, ArchivedPage, FeedDocument, FetchedPage, FetchFailure, FetchRequest
from newsloom.model.source import Source
from newsloom.portal import Portal, headers_for
from newsloom.stages.collect import entry_notes
from newsloom.stages.extract import FieldAccount, account, article_of, refuse_non_articles
from newsloom.vocab.plain import letters_and_digits
from newsloom.vocab.urls import identity, parse_web, same_origin

MAX_FILE_BYTES = 64 * 1024 * 1024
MOST_LISTED = 200
UNKNOWN_ADDRESS = "https://address.invalid/unknown-page"
"""Stands for the address of a page that comes without one; RFC 2606 keeps `.invalid` free."""

_WARC = (".warc", ".warc.gz", ".warc.zst")
_HTML_STARTS = (b"<!doctype html", b"<html")
_HINTS: Mapping[str, str] = {
    "robots": "newsloom obeys robots.txt. A page that you saved in your browser can be read: `newsloom read FILE`",
    "refused_by_gate": "The gate lets ordinary web requests out; a private network only when [fetch] allow_networks of a portal names it",
    "throttled": "The host wants to be asked later",
    "dns": "Check the spelling, or whether this machine is online",
    "connect": "The host cannot be reached from here; try again later",
    "tls": "The host's certificate is not in order",
    "timeout": "Try again later, or raise [fetch] timeout_seconds",
    "too_large": "Raise [fetch] max_bytes if you want it all the same",
    "http_status": "Save the page in your browser and read the file: `newsloom read FILE --url ADDRESS`",
}


@dataclass(frozen=True, slots=True)
class TextComparison:
    """The article's text by another engine beside ours: paragraphs (of a line or more) that only one of them has, in order."""

    engine: str
    text: str
    only_ours: tuple[str, ...]
    only_theirs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageTold:
    """What was read in a page. `refused` says why a run would not keep it as an article, "" when it would."""

    url: str
    engine: str
    bytes: int
    article: Article
    reading: PageReading
    fields: tuple[FieldAccount, ...]
    refused: str = ""
    hint: str = ""
    other: TextComparison | None = None


@dataclass(frozen=True, slots=True)
class FeedTold:
    """What was read in a feed or sitemap. `notes` say what a run would leave out."""

    url: str
    bytes: int
    document: FeedDocument
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArchiveTold:
    """The pages of an archive, the first `MOST_LISTED` of them: address, title or why there is none, day."""

    path: str
    pages: tuple[tuple[str, str, str], ...]
    is_cut: bool
    notes: tuple[str, ...]


Told = PageTold | FeedTold | ArchiveTold


async def read_anything(
    target: str,
    *,
    url: str | None,
    portal: Portal | None,
    engine: Extractor | None,
    compare: bool,
    web: WebOptions | None = None,
    stdin: BinaryIO | None = None,
) -> Told:
    """Return what is read in *target*, as a run of *portal* (or one with the default settings) would read it.

    Args:
        target: an http(s) address, a file (page, feed, WARC), a folder of pages, or `-` for *stdin*.
        url: the address a file was saved from; of an archive, the page wanted.
        engine: what finds the article's text; None for the settings' own.
        compare: read the text with the other engine too.

    Raises:
        FetchError: nothing came, the hint says what to do. ReadError: what came is no page, no feed and no archive.
        UsageError: there is no such file, or it is an address of another kind.
    """
    settings = portal.settings if portal else Settings()
    page = await _bytes_of(target, url, portal, settings, web or WebOptions(), stdin)
    if isinstance(page, ArchiveTold):
        return page
    try:
        return _told(page, portal, engine or settings.fetch.extractor, compare)
    except ReadError as error:
        if error.where == UNKNOWN_ADDRESS:
            error.where = "standard input" if target == "-" else target
        raise


def _told(page: FetchedPage, portal: Portal | None, engine: Extractor, compare: bool) -> PageTold | FeedTold:
    if not page.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower().startswith(_HTML_STARTS):
        try:
            document = DefaultFeedReader().read(page)
            return FeedTold(page.final_url, len(page.body), document, entry_notes(document))
        except FeedError as error:
            if page.body.lstrip()[:5] in (b"<?xml", b"<rss ", b"<feed") or page.body.lstrip()[:1] == b"{":
                raise error
    return _page_told(page, portal, engine, compare)


async def _bytes_of(
    target: str, url: str | None, portal: Portal | None, settings: Settings, web: WebOptions, stdin: BinaryIO | None
) -> FetchedPage | ArchiveTold:
    if target == "-":
        return _saved((stdin or sys.stdin.buffer).read(MAX_FILE_BYTES + 1), url, "standard input")
    path = Path(target)
    if not target.strip() or ("://" in target and parse_web(target) is None and not path.exists()):
        hint = "Give an address with http:// or https://, a file, or - for standard input"
        raise UsageError("this is no address that can be read", where=repr(target), hint=hint)
    if parse_web(target) is None or path.exists():
        return _from_file(path, url)
    return await _fetched(target, portal, settings, web)


def _from_file(path: Path, url: str | None) -> FetchedPage | ArchiveTold:
    if path.is_dir() or path.name.lower().endswith(_WARC):
        return _from_archive(path, url)
    try:
        with path.open("rb") as file:
            return _saved(file.read(MAX_FILE_BYTES + 1), url, str(path))
    except FileNotFoundError as error:
        hint = "Give an address with https://, a file, or - for standard input"
        raise UsageError("there is no such file", where=str(path), hint=hint) from error
    except OSError as error:
        raise UsageError(f"cannot be read ({error.strerror})", where=str(path)) from error


def _saved(body: bytes, url: str | None, where: str) -> FetchedPage:
    if body.startswith(b"\x1f\x8b"):
        try:
            body = zlib.decompressobj(31).decompress(body, MAX_FILE_BYTES + 1)
        except zlib.error as error:
            raise PageError(f"the packed file is damaged: {error}", where=where) from error
    if len(body) > MAX_FILE_BYTES:
        raise TooLarge(f"more than {MAX_FILE_BYTES} bytes", where=where)
    if not body.strip():
        raise PageError("there is nothing in it", where=where)
    if url is not None and parse_web(url) is None:
        raise UsageError("this is no http or https address", where=url)
    address = url or own_address(body) or UNKNOWN_ADDRESS
    return FetchedPage(address, address, 200, body, present())


def _from_archive(path: Path, url: str | None) -> FetchedPage | ArchiveTold:
    """Return the page at *url* in the archive at *path*, its only page, or the list of its pages."""
    archive = LocalArchiveReader(Path())
    is_warc = path.is_file() or any(file.name.lower().endswith(_WARC) for file in islice(path.iterdir(), 1_000))
    source = Source(url=str(path.resolve()), kind="warc" if is_warc else "html")
    if url is not None:
        return _wanted(archive, source, url)
    listed: list[tuple[str, str, str]] = []
    only: ArchivedPage | None = None
    is_cut = False
    for page in archive.pages(source):
        if len(listed) == MOST_LISTED:
            is_cut = True
            break
        only = page if not listed else None
        listed.append((page.url, *_glance(page)))
    notes = tuple(archive.notes())
    if not listed:
        hint = "; ".join(notes[:3]) or "Is it a WARC file, or a folder of pages?"
        raise ArchiveError("there is no page in it that could be read", where=str(path), hint=hint)
    # What the archive could not give must be told, so a page with losses beside it is listed and not just shown.
    return _archived(only) if only and not notes else ArchiveTold(str(path), tuple(listed), is_cut, notes)


def _wanted(archive: LocalArchiveReader, source: Source, url: str) -> FetchedPage:
    """Return the page or feed at *url* in *archive*, or where its redirects lead; a page may also be named by its id."""
    moves = Moves()
    for one in archive.signposts(source):
        if isinstance(one, ArchivedMove):
            moves.add(one)
    place = moves.place(url)
    for page in archive.pages(source):
        if identity(page.url) == place or page.id == url:
            return _archived(page)
    for one in archive.signposts(source):
        if isinstance(one, ArchivedPage) and identity(one.url) == place:
            return _archived(one)
    hint = f"`newsloom read {source.url}` lists them"
    raise ArchiveError("the archive has no page of this address", where=url, hint=hint)


def _archived(page: ArchivedPage) -> FetchedPage:
    return FetchedPage(
        page.url, page.url, 200, page.body, page.fetched or present(), page.content_type, page.charset, page.headers
    )


def _glance(page: ArchivedPage) -> tuple[str, str]:
    """Return title and day of *page*, or what is wrong with it."""
    fetched = _archived(page)
    try:
        reading = HtmlPageReader().read(fetched)
        refuse_non_articles(reading, None)
        found = _article(reading, fetched, None)
    except NewsloomError as error:
        return f"({error.message})", ""
    return found.title, f"{found.published_date_time:%Y-%m-%d}" if found.published_date_time else ""


async def _fetched(url: str, portal: Portal | None, settings: Settings, web: WebOptions) -> FetchedPage:
    headers: dict[str, str] = {}
    if portal is not None:
        own = {address for address in portal.settings.sources if same_origin(url, address)}
        for told in headers_for(portal, own).values():
            headers.update(told)
    client = fetcher_by(settings, present, remembered_hosts(portal) if portal else (), web)
    try:
        outcome = await client.fetch(FetchRequest(url=url, headers=headers))
    finally:
        await client.close()
    if isinstance(outcome, FetchedPage):
        return outcome
    if isinstance(outcome, FetchFailure):
        raise FetchError(outcome.message, where=url, hint=_HINTS.get(outcome.kind, ""))
    raise FetchError("the server answered that nothing changed, unasked", where=url)


def _page_told(page: FetchedPage, portal: Portal | None, engine: Extractor, compare: bool) -> PageTold:
    reading = HtmlPageReader(engine).read(page)
    refused = hint = ""
    try:
        refuse_non_articles(reading, None)
    except PageError as error:
        refused, hint = error.message, error.hint
    found = _article(reading, page, portal)
    return PageTold(
        url=page.final_url,
        engine=engine,
        bytes=len(page.body),
        article=found,
        reading=reading,
        fields=account(found, reading, page.fetched),
        refused=refused,
        hint=hint,
        other=_compared(page, engine, found.article_body) if compare else None,
    )


def _article(reading: PageReading, page: FetchedPage, portal: Portal | None) -> Article:
    return article_of(
        reading,
        entry=None,
        original_url=page.url,
        organizations=by_domain(portal.organizations) if portal else {},
        first_seen=page.fetched,
    )


def _compared(page: FetchedPage, engine: Extractor, ours: str) -> TextComparison:
    other: Literal["newsloom", "trafilatura"] = "newsloom" if engine == "trafilatura" else "trafilatura"
    bodies = HtmlPageReader(other).read(page).bodies
    theirs = bodies[0].value if bodies and not bodies[0].method.startswith("json-ld:") else ""
    return TextComparison(other, theirs, _only_in(ours, theirs), _only_in(theirs, ours))


def _only_in(text: str, other: str) -> tuple[str, ...]:
    """Return the paragraphs of *text* whose letters and digits do not stand in *other*, however that is cut into paragraphs."""
    there = letters_and_digits(other)
    return tuple(part for part in text.split("\n\n") if part.strip() and letters_and_digits(part) not in there)
