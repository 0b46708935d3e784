"""The polite asynchronous fetcher: what the `Fetcher` port promises, over the gate."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import unquote

import aiohttp

from newsloom import __version__
from newsloom.adapters.http.answers import ACCEPT, Failed, failure_of, read_body, read_page
from newsloom.adapters.http.decoding import ACCEPT_ENCODING, UnreadableCoding
from newsloom.adapters.http.gate import Gate, GateOptions, Target
from newsloom.adapters.http.hosts import Hosts
from newsloom.adapters.http.robots import MAX_ROBOTS_BYTES, RobotsRules, is_current, rules_of
from newsloom.adapters.http.visits import Visits
from newsloom.errors import GateRefused, ReadError, TooLarge
from newsloom.model.page import FetchedPage, FetchFailure, FetchOutcome, FetchRequest, NotModified
from newsloom.model.source import HostState
from newsloom.vocab.urls import same_origin

T = TypeVar("T")

_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_PERMANENT = frozenset((301, 308))
_HOSTS_AT_ONCE = 256
_ROBOTS_HOPS = 5  # RFC 9309 §2.3.1.2


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """How the fetcher behaves.

    Attributes:
        contact: address or page put into the User-Agent, so that publishers can reach the owner.
        delay_seconds: pause between two requests to one host; 0 only on loopback.
        max_crawl_delay_seconds: a longer Crawl-delay of a robots.txt counts as this.
        total_seconds: for one request with its redirects, without waiting for its turn.
        max_bytes: largest body after decoding.
        max_redirects: most hops that are followed.
        obey_robots: False only for hosts that are the owner's own.
    """

    contact: str = ""
    delay_seconds: float = 2.0
    max_crawl_delay_seconds: float = 30.0
    total_seconds: float = 30.0
    max_bytes: int = 15 * 1024 * 1024
    max_redirects: int = 10
    connections: int = 16
    obey_robots: bool = True
    gate: GateOptions = field(default_factory=GateOptions)

    @property
    def user_agent(self) -> str:
        """Return how newsloom introduces itself."""
        return f"newsloom/{__version__} ({'+' + self.contact if self.contact else 'news portal; no contact set'})"


AGENT_TOKEN = "newsloom"  # what robots.txt groups are matched with


@dataclass(frozen=True, slots=True)
class _Hop:
    """What one request of a chain gave: an outcome, or where to go next."""

    outcome: FetchOutcome | None = None
    location: str = ""
    permanent: bool = False


class HttpFetcher:
    """Fetches over HTTP. See `newsloom.ports.fetching.Fetcher` for the contract.

    Args:
        options: how to behave.
        hosts: what earlier runs learned of hosts.
        now: the run's clock, timezone-aware; decides about Retry-After and the age of a robots.txt, never about pauses.
    """

    def __init__(self, options: FetchOptions, hosts: Sequence[HostState], now: Callable[[], datetime]) -> None:
        self._options = options
        self._gate = Gate(dataclasses.replace(options.gate, connections=options.connections))
        self._hosts = Hosts(hosts, now)
        self._visits = Visits(now)
        self._now = now
        self._limit = asyncio.Semaphore(options.connections)
        self._robots: dict[str, asyncio.Task[RobotsRules]] = {}

    async def fetch(self, request: FetchRequest) -> FetchOutcome:
        """Return what came back for *request*."""
        try:
            return await self._follow(request)
        except Failed as failed:
            return FetchFailure(
                request.url, failed.kind, failed.message, self._now(), status=failed.status, retry_at=failed.retry_at
            )
        except Exception as error:  # noqa: BLE001 - the per-request wall: what a server sends may meet a bug below us
            return FetchFailure(
                request.url, "unreadable", f"unexpected {type(error).__name__}: {error}"[:300], self._now()
            )

    async def fetch_all(self, requests: Iterable[FetchRequest]) -> AsyncIterator[tuple[FetchRequest, FetchOutcome]]:
        """Yield each request with its outcome as they complete; hosts run in parallel, one host's requests in order."""
        by_host: dict[str, deque[FetchRequest]] = {}
        for request in requests:
            by_host.setdefault(self._key(request), deque()).append(request)
        waiting = deque(by_host.values())
        running: dict[asyncio.Task[FetchOutcome], tuple[FetchRequest, deque[FetchRequest]]] = {}
        try:
            while waiting or running:
                # A window over the hosts: wide, since most of them pause, but with an end, since each may hold a page.
                while waiting and len(running) < max(_HOSTS_AT_ONCE, 4 * self._options.connections):
                    queue = waiting.popleft()
                    request = queue.popleft()
                    running[asyncio.create_task(self.fetch(request))] = (request, queue)
                finished, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for task in finished:
                    request, queue = running.pop(task)
                    if queue:
                        waiting.appendleft(queue)
                    yield request, task.result()
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    def host_states(self) -> tuple[HostState, ...]:
        """Return what was learned of hosts in this run, and what it asked of them."""
        asked = {key: self._hosts.state(key) for key in self._visits.hosts()}
        known = {state.host: state for state in self._hosts.learned()} | asked
        return tuple(self._visits.added_to(known[key]) for key in sorted(known))

    async def close(self) -> None:
        """Release all connections."""
        for task in self._robots.values():
            task.cancel()
        await asyncio.gather(*self._robots.values(), return_exceptions=True)
        await self._gate.close()

    def _key(self, request: FetchRequest) -> str:
        try:
            return self._gate.check(request.url).key
        except GateRefused:
            return ""

    async def _follow(self, request: FetchRequest) -> FetchOutcome:
        """Ask for *request* and go where it redirects."""
        target = origin = self._check(request.url)
        permanent = True
        budget = self._options.total_seconds
        for _ in range(self._options.max_redirects + 1):
            rules = await self._rules(target) if self._options.obey_robots else None
            if rules is not None and not rules.allow(target.href):
                self._visits.forbidden(target.key)
                raise Failed("robots", f"robots.txt of {target.key} does not allow {target.href}")
            pause = self._pause(rules)
            headers = self._headers(request, origin, target)
            async with self._turn(target, pause):
                hop, budget = await self._timed(self._hop(request, target, headers), budget)
            if isinstance(hop.outcome, FetchedPage | NotModified):
                moved = target.href if permanent and target.href != origin.href else None
                return dataclasses.replace(hop.outcome, permanent_url=moved)
            if hop.outcome is not None:
                return hop.outcome
            permanent = permanent and hop.permanent
            target = self._check(hop.location, target.href)
        raise Failed("redirects", f"more than {self._options.max_redirects} redirects")

    async def _hop(self, request: FetchRequest, target: Target, headers: Mapping[str, str]) -> _Hop:
        """Send one request and read its answer."""
        async with self._gate.get(target, headers) as response:
            status = response.status
            self._visits.answered(target.key, status, conditional=bool(request.etag or request.last_modified))
            if status in _REDIRECTS and response.headers.get("Location"):
                return _Hop(location=response.headers["Location"], permanent=status in _PERMANENT)
            if status == 304 and (request.etag or request.last_modified):
                return _Hop(NotModified(request.url, self._now()))
            if status in (429, 503):
                until = self._hosts.hold(target.key, response.headers.get("Retry-After"), status)
                raise Failed("throttled", f"{target.key} answered {status}", status=status, retry_at=until)
            if status == 410:
                raise Failed("gone", f"{target.key} says that this is gone for good", status=status)
            if status not in (200, 203):
                raise Failed(
                    "http_status", f"{target.key} answered {status} {response.reason or ''}".rstrip(), status=status
                )
            page = await read_page(
                response,
                url=request.url,
                final_url=target.href,
                expected=request.accept,
                limit=self._options.max_bytes,
                now=self._now(),
            )
            return _Hop(page)

    async def _rules(self, target: Target) -> RobotsRules:
        """Return the robots rules of *target*'s host, asked for once however many requests need them."""
        state = self._hosts.state(target.key)
        if is_current(state, self._now()):
            return rules_of(state, AGENT_TOKEN)
        task = self._robots.get(target.key)
        if task is None:
            task = self._robots[target.key] = asyncio.create_task(self._fetch_rules(target))
            task.add_done_callback(
                lambda done: done.cancelled() or done.exception()
            )  # read here, should nobody await it
        return await asyncio.shield(task)

    async def _fetch_rules(self, target: Target) -> RobotsRules:
        """Ask for robots.txt. A host that cannot be reached fails the request for what it is, not for its robots.txt."""
        here = self._check("/robots.txt", target.href)
        status, text = 404, ""
        budget = self._options.total_seconds
        headers = {
            "User-Agent": self._options.user_agent,
            "Accept": "text/plain, */*;q=0.5",
            "Accept-Encoding": ACCEPT_ENCODING,
        }
        for _ in range(_ROBOTS_HOPS + 1):
            async with self._turn(here, self._options.delay_seconds):
                (status, text), budget = await self._timed(self._robots_hop(here, headers), budget)
            if status not in _REDIRECTS:
                break
            try:
                here = self._check(text, here.href)
            except Failed:
                status, text = 404, ""
                break
        else:
            status, text = 404, ""  # more hops than RFC 9309 asks for: as if there were none
        state = dataclasses.replace(
            self._hosts.state(target.key), robots_text=text or None, robots_status=status, robots_fetched=self._now()
        )
        self._hosts.learn(state)
        self._robots.pop(target.key, None)  # from here on the state answers, until it is too old
        return rules_of(state, AGENT_TOKEN)

    async def _robots_hop(self, target: Target, headers: Mapping[str, str]) -> tuple[int, str]:
        async with self._gate.get(target, headers) as response:
            self._visits.answered(target.key, response.status, conditional=False)
            if response.status in _REDIRECTS:
                location = response.headers.get("Location", "")
                return (response.status, location) if location else (404, "")
            if response.status in (429, 503):
                until = self._hosts.hold(target.key, response.headers.get("Retry-After"), response.status)
                raise Failed(
                    "throttled", f"{target.key} answered {response.status}", status=response.status, retry_at=until
                )
            if response.status != 200:
                return response.status, ""
            try:
                body = await read_body(response, MAX_ROBOTS_BYTES, cut=True)
            except (UnreadableCoding, aiohttp.ClientPayloadError):
                return 500, ""  # a broken answer forbids, as an unreachable one does
            return 200, body.decode("utf-8", "replace").removeprefix("\ufeff")

    async def _timed(self, hop: Coroutine[Any, Any, T], budget: float) -> tuple[T, float]:
        """Run *hop* within what is left of the deadline; return its result and what is left then. Raise Failed."""
        start = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(max(budget, 0)):
                result = await hop
        except TimeoutError as error:
            raise Failed("timeout", f"took more than {self._options.total_seconds:g} seconds") from error
        except (TooLarge, GateRefused, ReadError, aiohttp.ClientError, OSError, ValueError) as error:
            raise failure_of(error) from error
        return result, budget - (asyncio.get_running_loop().time() - start)

    @asynccontextmanager
    async def _turn(self, target: Target, pause: float) -> AsyncIterator[None]:
        """Wait for the turn of *target*'s host and for a free connection; raise Failed while the host wants silence."""
        async with self._hosts.turn(target.key, pause, lambda: self._refuse_held(target)), self._limit:
            held = self._hosts.held_until(target.key) is not None
            with self._visits.request(target.key, pause_seconds=pause, wants_silence=held):
                yield

    def _refuse_held(self, target: Target) -> None:
        until = self._hosts.held_until(target.key)
        if until is not None:
            self._visits.withheld(target.key)
            reason = self._hosts.state(target.key).reason or "it asked for silence"
            raise Failed(
                "throttled", f"{target.key} is not asked before {until:%Y-%m-%dT%H:%M:%SZ}: {reason}", retry_at=until
            )

    def _pause(self, rules: RobotsRules | None) -> float:
        wanted = rules.crawl_delay_seconds if rules is not None else 0.0
        return max(self._options.delay_seconds, min(wanted, self._options.max_crawl_delay_seconds))

    def _check(self, url: str, base: str | None = None) -> Target:
        try:
            return self._gate.check(url, base)
        except GateRefused as error:
            raise Failed("refused_by_gate", error.message) from error

    def _headers(self, request: FetchRequest, origin: Target, target: Target) -> dict[str, str]:
        headers = {
            "User-Agent": self._options.user_agent,
            "Accept": ACCEPT[request.accept],
            "Accept-Encoding": ACCEPT_ENCODING,
        }
        if request.etag:
            headers["If-None-Match"] = request.etag
        if request.last_modified:
            headers["If-Modified-Since"] = request.last_modified
        if not same_origin(origin.href, target.href):
            return headers
        if origin.user or origin.password:
            pair = f"{unquote(origin.user)}:{unquote(origin.password)}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        own = {name.lower() for name in request.headers}
        return {name: value for name, value in headers.items() if name.lower() not in own} | dict(request.headers)
