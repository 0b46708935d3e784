"""Reading while fetching goes on: several pages are read at once, and their order stays that in which they came."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from newsloom.model.page import FetchedPage, FetchOutcome, FetchRequest

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Brought(Generic[T]):
    """What came for a request, and what reading it gave: `reading` when it could be read, else `error`; neither without a page."""

    request: FetchRequest
    outcome: FetchOutcome
    reading: T | None = None
    error: Exception | None = None


async def overlapped(
    outcomes: AsyncIterator[tuple[FetchRequest, FetchOutcome]],
    read: Callable[[FetchRequest, FetchedPage], T],
    *,
    at_once: int,
) -> AsyncIterator[Brought[T]]:
    """Yield *outcomes* in their order, each page with what *read* makes of it.

    Args:
        read: called in threads, up to *at_once* at a time; what it raises becomes the `error` of its page.
        at_once: most readings under way, and most pages held for them; 0 reads here, one after the other.
    """
    waiting: deque[tuple[FetchRequest, FetchOutcome, asyncio.Task[T] | None]] = deque()
    try:
        async for request, outcome in outcomes:
            task = None
            if isinstance(outcome, FetchedPage):
                task = asyncio.create_task(_reading(read, request, outcome, in_thread=at_once > 0))
            waiting.append((request, outcome, task))
            while waiting and (len(waiting) >= max(at_once, 1) or (task := waiting[0][2]) is None or task.done()):
                yield await _brought(*waiting.popleft())
        while waiting:
            yield await _brought(*waiting.popleft())
    finally:
        for _, _, task in waiting:
            if task is not None:
                task.cancel()


async def _reading(
    read: Callable[[FetchRequest, FetchedPage], T], request: FetchRequest, page: FetchedPage, *, in_thread: bool
) -> T:
    return await asyncio.to_thread(read, request, page) if in_thread else read(request, page)


async def _brought(request: FetchRequest, outcome: FetchOutcome, task: asyncio.Task[T] | None) -> Brought[T]:
    if task is None:
        return Brought(request, outcome)
    try:
        return Brought(request, outcome, reading=await task)
    except Exception as error:  # noqa: BLE001 - the per-request wall: what it means is decided by who asked
        return Brought(request, outcome, error=error)
