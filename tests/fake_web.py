"""A fetcher without a network: answers from a table, for tests of everything above the port."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import UTC, datetime

from newsloom.model.page import FailureKind, FetchedPage, FetchFailure, FetchOutcome, FetchRequest, NotModified
from newsloom.model.source import HostState

MOMENT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class FakeFetcher:
    """Implements `newsloom.ports.fetching.Fetcher` over a table of address → (media type, body), status, or kind of failure."""

    def __init__(
        self, pages: Mapping[str, tuple[str, bytes] | int | FailureKind], *, moment: datetime = MOMENT
    ) -> None:
        self.pages = dict(pages)
        self.moment = moment
        self.asked: list[FetchRequest] = []

    async def fetch(self, request: FetchRequest) -> FetchOutcome:
        """Return what the table says, 404 for what it does not know."""
        self.asked.append(request)
        known = self.pages.get(request.url, 404)
        if known == 410:
            return FetchFailure(request.url, "gone", "410", self.moment, status=410)
        if isinstance(known, int):
            return FetchFailure(request.url, "http_status", str(known), self.moment, status=known)
        if isinstance(known, str):
            return FetchFailure(request.url, known, f"failed by {known}", self.moment)
        media_type, body = known
        etag = f'"{len(body)}"'
        if request.etag == etag:
            return NotModified(request.url, self.moment)
        return FetchedPage(request.url, request.url, 200, body, self.moment, media_type, None, {"etag": etag})

    async def fetch_all(self, requests: Iterable[FetchRequest]) -> AsyncIterator[tuple[FetchRequest, FetchOutcome]]:
        """Yield each request with its outcome."""
        for request in requests:
            yield request, await self.fetch(request)

    def host_states(self) -> tuple[HostState, ...]:
        """Return nothing: a table has no hosts."""
        return ()

    async def close(self) -> None:
        """Do nothing."""
