"""Politeness per host: one request at a time, a pause between two, silence while the host asks for it, its robots.txt."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from newsloom.model.source import HostState

_MAX_HOLD = timedelta(days=7)
_DEFAULT_HOLD = timedelta(minutes=15)


class Hosts:
    """What is known of each host in this run, starting from what earlier runs learned. Use from one event loop."""

    def __init__(self, states: Iterable[HostState], now: Callable[[], datetime]) -> None:
        self._known = {state.host: state for state in states}
        self._changed: set[str] = set()
        self._now = now
        self._locks: dict[str, asyncio.Lock] = {}
        self._last_end: dict[str, float] = {}

    def state(self, key: str) -> HostState:
        """Return what is known of the host."""
        return self._known.get(key) or HostState(host=key)

    def learn(self, state: HostState) -> None:
        """Keep *state* as what is known of its host."""
        self._known[state.host] = state
        self._changed.add(state.host)

    def learned(self) -> tuple[HostState, ...]:
        """Return the hosts of which this run learned something, by name."""
        return tuple(self._known[key] for key in sorted(self._changed))

    def held_until(self, key: str) -> datetime | None:
        """Return when the host may be asked again, None when it may be now."""
        until = self.state(key).not_before
        return until if until is not None and until > self._now() else None

    def hold(self, key: str, retry_after: str | None, status: int) -> datetime:
        """Remember that the host answered 429 or 503, and return when it may be asked again."""
        until = retry_at(retry_after, self._now())
        before = self.held_until(key)
        until = max(until, before) if before else until
        self.learn(dataclasses.replace(self.state(key), not_before=until, reason=f"HTTP {status}"))
        return until

    @asynccontextmanager
    async def turn(self, key: str, pause_seconds: float, admit: Callable[[], None]) -> AsyncIterator[None]:
        """Wait until the host is free and *pause_seconds* passed since its last request ended; keep it busy meanwhile.

        *admit* is asked before the wait and after it, and raises when there is to be no request after all.
        """
        loop = asyncio.get_running_loop()
        async with self._locks.setdefault(key, asyncio.Lock()):
            admit()
            last = self._last_end.get(key)
            if last is not None and (wait := last + pause_seconds - loop.time()) > 0:
                await asyncio.sleep(wait)
                admit()
            try:
                yield
            finally:
                self._last_end[key] = loop.time()


def retry_at(header: str | None, now: datetime) -> datetime:
    """Return when a host wants to be asked again, by its Retry-After header: seconds or an HTTP date.

    Without a header, or with one that cannot be read, that is 15 minutes; never more than 7 days, never in the past.
    Source: RFC 9110 §10.2.3.
    """
    text = (header or "").strip()
    until = now + _DEFAULT_HOLD
    if text.isascii() and text.isdigit():
        until = now + (timedelta(seconds=int(text)) if len(text) < 9 else _MAX_HOLD)
    elif text:
        try:
            told = parsedate_to_datetime(text[:64])
            until = told if told.tzinfo else told.replace(tzinfo=UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            pass
    return min(max(until, now), now + _MAX_HOLD)
