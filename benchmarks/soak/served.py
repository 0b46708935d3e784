"""The restless web over real HTTP in a process of its own, and what it sees of its guest: the count at the door."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from multiprocessing.connection import Connection
from typing import Any

from aiohttp import web
from restless_web import SLOW_SECONDS, RestlessWeb, Served, Shape

_STUCK_SECONDS = 60.0
_CLOCK_SECONDS = 0.001  # a sleep may end this much early


@dataclass
class Door:
    """What one host saw. Times are real seconds, `silent_until` is simulated."""

    active: int = 0
    most_at_once: int = 0
    last_end: float | None = None
    shortest_pause: float | None = None
    hurried: int = 0
    silent_until: datetime | None = None
    early: int = 0
    throttled: int = 0


@dataclass
class Polls:
    """What one feed saw: digest of what its guest has, and the counts the judge needs."""

    has: str = ""
    asked: Counter[str] = field(default_factory=Counter)
    listed: int = -1


class Server:
    """Answers as `RestlessWeb` does at the simulated moment `now`."""

    def __init__(self, shape: Shape, pause_seconds: float) -> None:
        self.world = RestlessWeb(shape)
        self.now = shape.start
        self.pause_seconds = pause_seconds
        self.doors: dict[str, Door] = {}
        self.polls: dict[int, Polls] = {}
        self.served: set[str] = set()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer, and count what the host sees."""
        host = request.host.partition(":")[0]
        door = self.doors.setdefault(host, Door())
        clock = asyncio.get_running_loop().time
        if door.last_end is not None:
            pause = clock() - door.last_end
            door.shortest_pause = pause if door.shortest_pause is None else min(pause, door.shortest_pause)
            door.hurried += pause + _CLOCK_SECONDS < self.pause_seconds
        door.early += door.silent_until is not None and self.now < door.silent_until
        door.active += 1
        door.most_at_once = max(door.most_at_once, door.active)
        door.last_end = None  # of an answer the guest gave up waiting for, nobody here knows when it did
        try:
            answer = await self._answer(request, host, door)
            door.last_end = clock()
        finally:
            door.active -= 1
        if request.path.startswith("/feed-") and self._hangs_up(request.path) and request.transport is not None:
            request.transport.abort()
        return answer

    def _hangs_up(self, path: str) -> bool:
        return self.world.death(_feed_of(path)) == "hung-up"

    async def _answer(self, request: web.Request, host: str, door: Door) -> web.StreamResponse:
        path = request.path
        silence = self.world.silences(host, self.now)
        if silence is not None:
            door.throttled += 1
            door.silent_until = max(door.silent_until or silence, silence)
            seconds = int((silence - self.now).total_seconds())
            dated = format_datetime(silence.astimezone(UTC), usegmt=True)
            return web.Response(status=429, headers={"Retry-After": dated if seconds % 2 else str(seconds)})
        if path.startswith(("/feed-", "/moved/feed-")):
            return await self._feed(request, _feed_of(path))
        found = self.world.page(path, self.now)
        if isinstance(found, str):
            return web.Response(status=301, headers={"Location": found})
        if found is None:
            return web.Response(status=404)
        return web.Response(body=found.body, headers={"Content-Type": found.content_type})

    async def _feed(self, request: web.Request, feed: int) -> web.StreamResponse:
        polls = self.polls.setdefault(feed, Polls())
        habit = self.world.habit(feed)
        if habit == "moved-feed" and request.path.startswith("/feed-"):
            polls.asked["at the old address"] += 1
            return web.Response(status=301, headers={"Location": f"/moved/feed-{feed}.xml"})
        polls.asked[f"day {(self.now - self.world.shape.start).days}"] += 1
        if death := self.world.death(feed):
            return await self._dead(death)
        if habit == "slow":
            await asyncio.sleep(SLOW_SECONDS)
        found = self.world.feed(feed, self.now)
        digest = hashlib.sha256(found.body).hexdigest()[:20]
        headers = self._validators(feed, found, digest)
        unchanged = digest == polls.has
        polls.asked["unchanged"] += unchanged
        if _is_current(request, headers):
            polls.asked["not modified"] += 1
            polls.asked["wrongly not modified"] += not unchanged
            return web.Response(status=304, headers=headers)
        polls.has = digest
        self.served.update(post.code for post in self.world.shown(feed, self.now))
        return web.Response(body=found.body, headers={**headers, "Content-Type": found.content_type})

    async def _dead(self, death: str) -> web.StreamResponse:
        if death == "stuck":
            await asyncio.sleep(_STUCK_SECONDS)
        if death == "garbage":
            return web.Response(body=b"\x00\xff<rss" * 50, headers={"Content-Type": "application/rss+xml"})
        return web.Response(status={"gone": 410, "missing": 404}.get(death, 500))

    def _validators(self, feed: int, found: Served, digest: str) -> dict[str, str]:
        sends = self.world.validators(feed)
        changed = found.changed.astimezone(UTC) + timedelta(seconds=1)
        return {
            **({"ETag": f'W/"{digest}"' if feed % 3 else f'"{digest}"'} if "e" in sends else {}),
            **({"Last-Modified": format_datetime(changed, usegmt=True)} if "m" in sends else {}),
        }

    def told(self) -> dict[str, Any]:
        """Return everything that was counted."""
        asked: Counter[str] = Counter()
        for polls in self.polls.values():
            asked.update({key: n for key, n in polls.asked.items() if not key.startswith("day ")})
            asked["polls"] += sum(n for key, n in polls.asked.items() if key.startswith("day "))
        return {
            "doors": self.doors,
            "asked": asked,
            "served": self.served,
            "old_addresses": [
                polls.asked["at the old address"] for feed, polls in self.polls.items()
                if self.world.habit(feed) == "moved-feed"
            ],
            "dead_by_day": self._dead_by_day(),
        }  # fmt: skip

    def _dead_by_day(self) -> Counter[int]:
        found: Counter[int] = Counter()
        for feed, polls in self.polls.items():
            if self.world.death(feed):
                found.update({int(key[4:]): n for key, n in polls.asked.items() if key.startswith("day ")})
        return found


def _feed_of(path: str) -> int:
    return int(path.rpartition("-")[2].removesuffix(".xml"))


def _is_current(request: web.Request, headers: dict[str, str]) -> bool:
    """Return whether the guest has it already. Source: RFC 9110 §13.2.2: If-None-Match comes first."""
    if "If-None-Match" in request.headers:
        return request.headers["If-None-Match"] == headers.get("ETag")
    since = request.headers.get("If-Modified-Since")
    changed = headers.get("Last-Modified")
    return bool(since and changed) and parsedate_to_datetime(since or "") >= parsedate_to_datetime(changed or "")


def serve(orders: Connection, shape: Shape, pause_seconds: float) -> None:
    """Serve until told to stop; say the port first. Orders: a moment to set the clock to, "tell", "stop"."""
    asyncio.run(_serve(orders, Server(shape, pause_seconds)))


async def _serve(orders: Connection, server: Server) -> None:
    application = web.Application()
    application.router.add_route("*", "/{tail:.*}", server.handle)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    orders.send(runner.addresses[0][1])
    loop = asyncio.get_running_loop()
    while (order := await loop.run_in_executor(None, orders.recv)) != "stop":
        if order == "tell":
            orders.send(server.told())
        else:
            server.now = order
            orders.send(None)
    await runner.cleanup()
