"""The count at the door: what really went out to each host, measured apart from what decides about it."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from newsloom.model.source import MOST_VISITS, HostState, HostVisit

_CLOCK_SECONDS = 0.002  # clocks tick and sleeps end a little early


@dataclass(slots=True)
class _Tally:
    visit: HostVisit
    active: int = 0
    last_end: float | None = None


class Visits:
    """Counts one run's requests by host. Use from one event loop."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._tallies: dict[str, _Tally] = {}

    @contextmanager
    def request(self, key: str, *, pause_seconds: float, wants_silence: bool) -> Iterator[None]:
        """Count one request to the host while it is under way; *pause_seconds* is what had to pass since the last one."""
        tally, clock = self._tally(key), asyncio.get_running_loop().time
        tally.active += 1
        before = tally.visit
        gap = None if tally.last_end is None else max(0.0, clock() - tally.last_end)
        shortest = before.shortest_pause_seconds
        if gap is not None and (shortest is None or gap < shortest):
            shortest = round(gap, 3)
        tally.visit = dataclasses.replace(
            before,
            requests=before.requests + 1,
            most_at_once=max(before.most_at_once, tally.active),
            shortest_pause_seconds=shortest,
            hurried=before.hurried + (gap is not None and gap + _CLOCK_SECONDS < pause_seconds),
            early=before.early + wants_silence,
        )
        try:
            yield
        finally:
            tally.active -= 1
            tally.last_end = clock()

    def answered(self, key: str, status: int, *, conditional: bool) -> None:
        """Count what the host answered to a request that was *conditional* or not."""
        tally = self._tally(key)
        visit = tally.visit
        tally.visit = dataclasses.replace(
            visit,
            conditional=visit.conditional + conditional,
            not_modified=visit.not_modified + (conditional and status == 304),
            throttled=visit.throttled + (status in (429, 503)),
        )

    def withheld(self, key: str) -> None:
        """Count a request that was not sent because the host wants silence."""
        tally = self._tally(key)
        tally.visit = dataclasses.replace(tally.visit, withheld=tally.visit.withheld + 1)

    def forbidden(self, key: str) -> None:
        """Count a request that was not sent because of the host's robots.txt."""
        tally = self._tally(key)
        tally.visit = dataclasses.replace(tally.visit, forbidden=tally.visit.forbidden + 1)

    def hosts(self) -> tuple[str, ...]:
        """Return the hosts that were counted, by name."""
        return tuple(sorted(self._tallies))

    def added_to(self, state: HostState) -> HostState:
        """Return *state*, as earlier runs left its visits, with this run's."""
        tally = self._tallies.get(state.host)
        if tally is None:
            return state
        return dataclasses.replace(state, visits=(*state.visits, tally.visit)[-MOST_VISITS:])

    def _tally(self, key: str) -> _Tally:
        tally = self._tallies.get(key)
        if tally is None:
            tally = self._tallies[key] = _Tally(HostVisit(self._now()))
        return tally
