"""Getting bytes from the web."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import Protocol

from newsloom.model.page import FetchOutcome, FetchRequest
from newsloom.model.source import HostState


class Fetcher(Protocol):
    """Fetches addresses politely. One instance serves one run; it is used from one event loop.

    Politeness is the fetcher's own: robots.txt (RFC 9309), one request at a time per host with a delay between, Retry-After
    and 429/503 for the whole host, a total deadline and a cap on decoded bytes per request. It never raises for what the
    network does: every outcome is a value. It does raise `asyncio.CancelledError`.
    """

    async def fetch(self, request: FetchRequest) -> FetchOutcome:
        """Return what came back for *request*: a whole page, NotModified, or a FetchFailure that says why."""
        ...

    def fetch_all(self, requests: Iterable[FetchRequest]) -> AsyncIterator[tuple[FetchRequest, FetchOutcome]]:
        """Yield each request with its outcome as they complete, in no fixed order, hosts in parallel."""
        ...

    def host_states(self) -> tuple[HostState, ...]:
        """Return what was learned of hosts in this run, to be kept for the next one."""
        ...

    async def close(self) -> None:
        """Release all connections. May be called twice."""
        ...
