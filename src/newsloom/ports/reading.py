"""Understanding bytes: feeds, pages, archives. Implementations are bounded in time, size, depth and count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from newsloom.model.article import PageReading
from newsloom.model.page import ArchivedMove, ArchivedPage, FeedDocument, FetchedPage
from newsloom.model.source import Source


class FeedReader(Protocol):
    """Reads any feed or sitemap dialect."""

    def read(self, page: FetchedPage) -> FeedDocument:
        """Return the feed in *page*.

        Raises:
            FeedError: the bytes are no feed or sitemap, or break a bound.
        """
        ...


class PageReader(Protocol):
    """Reads what an HTML page says of itself; decides nothing. (The extractor of the design.)"""

    name: str

    def read(self, page: FetchedPage) -> PageReading:
        """Return all candidates found in *page*.

        Raises:
            PageError: the bytes are no HTML page, or break a bound.
        """
        ...


class ArchiveReader(Protocol):
    """Reads local archives: folders of pages, WARC files."""

    def pages(self, source: Source) -> Iterator[ArchivedPage]:
        """Yield the pages of *source* lazily, in archive order; a damaged member is skipped and noted.

        Raises:
            ArchiveError: the archive cannot be opened or has no known layout.
        """
        ...

    def signposts(self, source: Source) -> Iterator[ArchivedPage | ArchivedMove]:
        """Yield what leads to the pages of *source*, lazily, in archive order: feeds and redirects. Damage is not noted again.

        Raises:
            ArchiveError: the archive cannot be opened or has no known layout.
        """
        ...

    def fingerprint(self, source: Source) -> str:
        """Return a short string that changes when the archive's files do, without reading them whole.

        Raises:
            ArchiveError: the archive cannot be opened.
        """
        ...

    def notes(self) -> Sequence[str]:
        """Return what was skipped since the last call, one sentence each."""
        ...
