"""The reading ports, done by workers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from newsloom.adapters.workers.limits import Limits
from newsloom.errors import FeedError, NewsloomError, PageError, ReadError
from newsloom.model.article import PageReading
from newsloom.model.page import FeedDocument, FetchedPage
from newsloom.model.portal import Thumbnail
from newsloom.ports.reading import FeedReader, PageReader

if TYPE_CHECKING:
    from newsloom.adapters.workers.pool import WorkerPool

MakeThumbnail = Callable[[bytes], Thumbnail | None]


@dataclass(frozen=True, slots=True)
class Readers:
    """What reads strangers' bytes: feeds, pages and pictures; `at_once` calls may be made in threads, 0: none."""

    feeds: FeedReader
    pages: PageReader
    thumbnail: MakeThumbnail
    at_once: int = 0


@contextmanager
def bounded(readers: Readers, *, workers: int, limits: Limits) -> Iterator[Readers]:
    """Yield *readers*, done by as many *workers*: processes forked now, and gone when the block is left.

    With 0 workers, and on systems that cannot fork, they read in this process, bounded by their own limits alone.
    """
    if workers == 0 or not hasattr(os, "fork"):
        yield readers
        return
    from newsloom.adapters.workers.pool import WorkerPool

    tasks: dict[str, Callable[[Any], Any]] = {
        "feed": readers.feeds.read,
        "page": readers.pages.read,
        "picture": readers.thumbnail,
    }
    pool = WorkerPool(tasks, workers=workers, limits=limits)
    try:
        yield Readers(WorkerFeedReader(pool), WorkerPageReader(pool, readers.pages.name), _Thumbnails(pool), workers)
    finally:
        pool.close()


@dataclass(frozen=True, slots=True)
class _Thumbnails:
    """Makes small copies of pictures in workers; None for one that exceeds what a worker may take."""

    pool: WorkerPool

    def __call__(self, data: bytes) -> Thumbnail | None:
        try:
            return cast("Thumbnail | None", self.pool.call("picture", data))
        except ReadError:
            return None


class WorkerFeedReader:
    """Implements `ports.reading.FeedReader` in workers."""

    def __init__(self, pool: WorkerPool) -> None:
        self._pool = pool

    def read(self, page: FetchedPage) -> FeedDocument:
        """Return the feed in *page*. Raises FeedError, also for one that takes too much time or memory."""
        return cast("FeedDocument", _read(self._pool, "feed", page, FeedError))


class WorkerPageReader:
    """Implements `ports.reading.PageReader` in workers."""

    def __init__(self, pool: WorkerPool, name: str) -> None:
        self._pool = pool
        self.name = name

    def read(self, page: FetchedPage) -> PageReading:
        """Return all candidates found in *page*. Raises PageError, also for one that takes too much time or memory."""
        return cast("PageReading", _read(self._pool, "page", page, PageError))


def _read(pool: WorkerPool, task: str, page: FetchedPage, kind: type[ReadError]) -> object:
    try:
        return pool.call(task, page)
    except kind:
        raise
    except NewsloomError as error:
        raise kind(error.message, where=error.where or page.final_url or page.url, hint=error.hint) from error
