"""The real Fetcher against a little web server on loopback, for the tests of its port."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from aiohttp import web

from newsloom.adapters.http.fetcher import FetchOptions, HttpFetcher
from newsloom.adapters.http.gate import GateOptions
from newsloom.model.source import HostState

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class LoopbackSite:
    """A little web server that remembers what it was asked."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.routes: dict[str, Handler] = {}
        self.asked: list[web.Request] = []
        self.active = self.most_active = 0

    def paths(self) -> list[str]:
        return [request.path for request in self.asked]

    def answer(self, path: str, **kwargs: object) -> None:
        async def handler(request: web.Request) -> web.StreamResponse:
            return web.Response(**kwargs)  # type: ignore[arg-type]

        self.routes[path] = handler

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        self.active += 1
        self.most_active = max(self.most_active, self.active)
        try:
            await asyncio.sleep(0.005)
            handler = self.routes.get(request.path)
            return await handler(request) if handler else web.Response(status=404)
        finally:
            self.active -= 1


@asynccontextmanager
async def loopback_site() -> AsyncIterator[LoopbackSite]:
    site = LoopbackSite("")
    server = web.Server(site.handle)
    runner = web.ServerRunner(server, shutdown_timeout=0.1)
    await runner.setup()
    tcp = web.TCPSite(runner, "127.0.0.1", 0)
    await tcp.start()
    port = tcp._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    site.base = f"http://127.0.0.1:{port}"
    try:
        yield site
    finally:
        await runner.cleanup()


def options(**changes: object) -> FetchOptions:
    settings: dict[str, object] = {"delay_seconds": 0.0, "gate": GateOptions(allow=("127.0.0.0/8",))} | changes
    return FetchOptions(**settings)  # type: ignore[arg-type]


@asynccontextmanager
async def fetcher(
    hosts: tuple[HostState, ...] = (), now: Callable[[], datetime] = lambda: NOW, **changes: object
) -> AsyncIterator[HttpFetcher]:
    made = HttpFetcher(options(**changes), hosts, now)
    try:
        yield made
    finally:
        await made.close()


def run(coroutine: Awaitable[None]) -> None:
    asyncio.run(asyncio.wait_for(coroutine, 60))  # type: ignore[arg-type]
