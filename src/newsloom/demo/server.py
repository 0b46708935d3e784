"""The invented web on loopback: one server that plays every host, told apart by the Host header."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import TracebackType

from aiohttp import web

from newsloom.demo.answers import answer, hosts
from newsloom.demo.world import World


class DemoWeb:
    """Serves *world* over real HTTP on 127.0.0.1 as of `clock()`. An async context manager; one event loop.

    Addresses inside pages and feeds are `http://<host>.example/…` without a port, so a client must be told to dial
    `address` for every name in `hosts`. Requests seen so far are kept in `requests` as (host, target, status).
    """

    def __init__(self, world: World, clock: Callable[[], datetime]) -> None:
        self._world = world
        self._clock = clock
        self._runner: web.AppRunner | None = None
        self._address: tuple[str, int] | None = None
        self.requests: list[tuple[str, str, int]] = []

    @property
    def address(self) -> tuple[str, int]:
        """Return where it listens: ("127.0.0.1", port). Raises RuntimeError before it is started."""
        if self._address is None:
            raise RuntimeError("the demo's web is not running: enter it with `async with`")
        return self._address

    @property
    def hosts(self) -> tuple[str, ...]:
        """Return every host name it plays, sorted: what a client must be told to dial at `address`."""
        return hosts(self._world)

    async def __aenter__(self) -> DemoWeb:
        application = web.Application()
        application.router.add_route("*", "/{tail:.*}", self._handle)
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self._address = (host, port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
        self._runner = self._address = None

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        host = request.host.rsplit(":", 1)[0].lower()
        headers = {name.lower(): value for name, value in request.headers.items()}
        found = answer(self._world, host, request.raw_path, headers, self._clock())
        self.requests.append((host, request.raw_path, found.status))
        if found.hang_up and request.transport is not None:
            request.transport.abort()
        return web.Response(status=found.status or 500, body=found.body, headers=found.headers)
