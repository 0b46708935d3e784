"""Any feed or sitemap, read by its dialect's reader: the `FeedReader` port."""

from __future__ import annotations

import zlib
from dataclasses import replace

from newsloom.adapters.feeds.document import read_document
from newsloom.adapters.feeds.encoding import feed_text
from newsloom.adapters.feeds.json_feed import read_json_feed
from newsloom.adapters.feeds.sitemap import MAX_SITEMAP_BYTES, is_sitemap, read_sitemap
from newsloom.adapters.feeds.tree import parse_feed
from newsloom.errors import FeedError
from newsloom.model.page import FeedDocument, FetchedPage


class DefaultFeedReader:
    """Reads RSS, Atom, RDF, CDF, JSON Feed and sitemaps. Stateless; see `newsloom.ports.reading.FeedReader`."""

    def read(self, page: FetchedPage) -> FeedDocument:
        """Return the feed in *page*. Raises FeedError."""
        try:
            return _read(page)
        except FeedError as error:
            error.where = error.where or page.url
            raise


def _read(page: FetchedPage) -> FeedDocument:
    body, is_cut = _unpacked(page.body) if page.body.startswith(b"\x1f\x8b") else (page.body, False)
    document = _dispatched(body, page.charset, page.final_url)
    return replace(document, notes=(*document.notes, "the packed file broke off")) if is_cut else document


def _dispatched(body: bytes, charset: str | None, address: str) -> FeedDocument:
    if is_sitemap(body):
        return read_sitemap(body, charset, address)
    text = feed_text(body, charset).lstrip("\ufeff \t\r\n")
    if text[:1] == "{":
        return read_json_feed(text, address)
    return read_document(parse_feed(text), address)


def _unpacked(body: bytes) -> tuple[bytes, bool]:
    """Return a gzip file (sitemaps are often served so) unpacked, and whether it broke off. Raises FeedError."""
    unpacker = zlib.decompressobj(31)
    try:
        data = unpacker.decompress(body, MAX_SITEMAP_BYTES + 1)
    except zlib.error as error:
        raise FeedError(f"the packed file is damaged: {error}") from error
    if len(data) > MAX_SITEMAP_BYTES:
        raise FeedError(f"the packed file holds more than {MAX_SITEMAP_BYTES} bytes")
    return data, not unpacker.eof
