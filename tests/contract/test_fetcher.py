"""The Fetcher port: the real one over loopback HTTP, and the in-memory fake, keep the same promises."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import aiohttp
import brotli
import pytest
from aiohttp import web

from fake_web import FakeFetcher
from newsloom.adapters.http.fetcher import FetchOptions, HttpFetcher
from newsloom.adapters.http.gate import GateOptions
from newsloom.errors import TooLarge
from newsloom.model.page import FetchedPage, FetchFailure, FetchRequest, NotModified
from newsloom.model.source import HostState
from newsloom.ports.fetching import Fetcher

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


# What every implementation promises ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["http", "fake"])
def test_outcomes_are_values(kind: str) -> None:
    async def check() -> None:
        async with loopback_site() as site:
            site.answer("/feed", body=b"<rss/>", content_type="application/rss+xml", headers={"ETag": '"6"'})
            site.answer("/old", status=410)
            base = site.base
            subject: Fetcher
            if kind == "http":
                subject = HttpFetcher(options(), (), lambda: NOW)
            else:
                subject = FakeFetcher({f"{base}/feed": ("application/rss+xml", b"<rss/>"), f"{base}/old": 410})
            page = await subject.fetch(FetchRequest(f"{base}/feed"))
            assert isinstance(page, FetchedPage)
            assert (page.body, page.content_type, page.headers["etag"]) == (b"<rss/>", "application/rss+xml", '"6"')
            gone = await subject.fetch(FetchRequest(f"{base}/old"))
            assert isinstance(gone, FetchFailure)
            assert (gone.kind, gone.status) == ("gone", 410)
            missing = await subject.fetch(FetchRequest(f"{base}/missing"))
            assert isinstance(missing, FetchFailure)
            assert (missing.kind, missing.status) == ("http_status", 404)
            asked = [FetchRequest(f"{base}/{name}") for name in ("feed", "old", "missing", "feed")]
            seen = [request async for request, _ in subject.fetch_all(asked)]
            assert sorted(r.url for r in seen) == sorted(r.url for r in asked)
            await subject.close()
            await subject.close()

    run(check())


# What the real one promises over the network ---------------------------------------------------------------------------


def test_conditional_requests_are_exact() -> None:
    async def check() -> None:
        async with loopback_site() as site, fetcher() as subject:

            async def handler(request: web.Request) -> web.StreamResponse:
                if (
                    request.headers.get("If-None-Match") == 'W/"a b"'
                    and request.headers.get("If-Modified-Since") == "odd date"
                ):
                    return web.Response(status=304)
                return web.Response(body=b"x", headers={"ETag": 'W/"a b"', "Last-Modified": "odd date"})

            site.routes["/f"] = handler
            first = await subject.fetch(FetchRequest(site.base + "/f"))
            assert isinstance(first, FetchedPage)
            again = FetchRequest(
                site.base + "/f", etag=first.headers["etag"], last_modified=first.headers["last-modified"]
            )
            assert isinstance(await subject.fetch(again), NotModified)
            site.answer("/odd", status=304)
            unasked = await subject.fetch(FetchRequest(site.base + "/odd"))
            assert isinstance(unasked, FetchFailure)

    run(check())


def test_one_request_at_a_time_per_host_hosts_in_parallel() -> None:
    async def check() -> None:
        async with loopback_site() as one, loopback_site() as two, fetcher() as subject:
            both_busy = asyncio.Event()

            async def handler(request: web.Request) -> web.StreamResponse:
                if one.active and two.active:
                    both_busy.set()
                return web.Response(body=b"x")

            for site in (one, two):
                for number in range(10):
                    site.routes[f"/{number}"] = handler
            asked = [FetchRequest(f"{site.base}/{number}") for site in (one, two) for number in range(10)]
            outcomes = [outcome async for _, outcome in subject.fetch_all(asked)]
            assert all(isinstance(outcome, FetchedPage) for outcome in outcomes)
            assert len(outcomes) == 20
            assert (one.most_active, two.most_active) == (1, 1)
            assert both_busy.is_set()

    run(check())


def test_pauses_between_requests_and_obeys_crawl_delay(monkeypatch: pytest.MonkeyPatch) -> None:
    async def check() -> None:
        waits: list[float] = []
        real_sleep = asyncio.sleep

        async def sleep(seconds: float, result: object = None) -> None:
            if seconds > 0.5:
                waits.append(seconds)
                seconds = 0
            await real_sleep(seconds)

        async with loopback_site() as site, fetcher(delay_seconds=2.0, max_crawl_delay_seconds=5.0) as subject:
            monkeypatch.setattr(asyncio, "sleep", sleep)
            site.answer("/robots.txt", text="User-agent: *\nCrawl-delay: 900")
            site.answer("/a", body=b"x")
            await subject.fetch(FetchRequest(site.base + "/a"))
            await subject.fetch(FetchRequest(site.base + "/a"))
            assert [round(wait) for wait in waits] == [5, 5]

    run(check())


def test_robots_txt_is_obeyed() -> None:
    async def check() -> None:
        async with loopback_site() as site, fetcher() as subject:
            site.answer(
                "/robots.txt",
                text="User-agent: newsloom\nDisallow: /private\nAllow: /private/feed\n\nUser-agent: *\nDisallow: /",
            )
            for path in ("/private/x", "/private/feed", "/open"):
                site.answer(path, body=b"x")
            denied = await subject.fetch(FetchRequest(site.base + "/private/x"))
            assert isinstance(denied, FetchFailure)
            assert denied.kind == "robots"
            assert isinstance(await subject.fetch(FetchRequest(site.base + "/private/feed")), FetchedPage)
            assert site.paths() == ["/robots.txt", "/private/feed"]
            (state,) = subject.host_states()
            assert state.robots_status == 200

    run(check())


def test_remembered_robots_txt_is_not_asked_again_within_a_day() -> None:
    async def check() -> None:
        async with loopback_site() as site:
            site.answer("/open", body=b"x")
            key = site.base.removeprefix("http://")
            state = HostState(key, robots_text="User-agent: *\nDisallow:", robots_status=200, robots_fetched=NOW)
            async with fetcher(hosts=(state,), now=lambda: NOW + timedelta(hours=23)) as subject:
                await subject.fetch(FetchRequest(site.base + "/open"))
            assert site.paths() == ["/open"]
            async with fetcher(hosts=(state,), now=lambda: NOW + timedelta(hours=25)) as subject:
                await subject.fetch(FetchRequest(site.base + "/open"))
            assert site.paths() == ["/open", "/robots.txt", "/open"]

    run(check())


@pytest.mark.parametrize(
    ("status", "kind"), [(404, None), (403, None), (500, "robots"), (502, "robots"), (503, "throttled")]
)
def test_robots_txt_that_fails(status: int, kind: str | None) -> None:
    async def check() -> None:
        async with loopback_site() as site, fetcher() as subject:
            site.answer("/robots.txt", status=status)
            site.answer("/a", body=b"x")
            outcome = await subject.fetch(FetchRequest(site.base + "/a"))
            if kind is None:
                assert isinstance(outcome, FetchedPage)
            else:
                assert isinstance(outcome, FetchFailure)
                assert outcome.kind == kind
                assert "/a" not in site.paths()

    run(check())


def test_robots_txt_redirects_are_followed_five_times() -> None:
    async def check() -> None:
        for hops, allowed in ((5, False), (6, True)):
            async with loopback_site() as site, fetcher() as subject:
                names = ["/robots.txt", *(f"/r{number}" for number in range(1, hops + 1))]
                for here, there in itertools.pairwise(names):
                    site.answer(here, status=302, headers={"Location": there})
                site.answer(names[-1], text="User-agent: *\nDisallow: /")
                site.answer("/a", body=b"x")
                assert isinstance(await subject.fetch(FetchRequest(site.base + "/a")), FetchedPage) is allowed

    run(check())


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("header", ["120", "Mon, 02 Mar 2026 12:02:00 GMT"])
def test_retry_after_silences_the_whole_host(status: int, header: str) -> None:
    async def check() -> None:
        moment = [NOW]
        async with loopback_site() as site, fetcher(now=lambda: moment[0]) as subject:
            site.answer("/a", status=status, headers={"Retry-After": header})
            site.answer("/b", body=b"x")
            first = await subject.fetch(FetchRequest(site.base + "/a"))
            second = await subject.fetch(FetchRequest(site.base + "/b"))
            for outcome in (first, second):
                assert isinstance(outcome, FetchFailure)
                assert (outcome.kind, outcome.retry_at) == ("throttled", NOW + timedelta(minutes=2))
            assert site.paths() == ["/robots.txt", "/a"]
            states = subject.host_states()
            async with fetcher(hosts=states, now=lambda: moment[0]) as next_run:
                third = await next_run.fetch(FetchRequest(site.base + "/b"))
                assert isinstance(third, FetchFailure)
                moment[0] += timedelta(minutes=3)
                assert isinstance(await next_run.fetch(FetchRequest(site.base + "/b")), FetchedPage)
            assert site.paths() == ["/robots.txt", "/a", "/b"]

    run(check())


def test_redirects_are_counted_and_permanent_ones_reported() -> None:
    async def check() -> None:
        async with loopback_site() as site, fetcher(max_redirects=3) as subject:
            site.answer("/moved", status=301, headers={"Location": "/moved2"})
            site.answer("/moved2", status=308, headers={"Location": "/end#fragment"})
            site.answer("/found", status=302, headers={"Location": "/moved"})
            site.answer("/loop", status=302, headers={"Location": "/loop", "Set-Cookie": "a=b"})
            site.answer("/end", body=b"x")
            permanent = await subject.fetch(FetchRequest(site.base + "/moved"))
            assert isinstance(permanent, FetchedPage)
            assert permanent.permanent_url == permanent.final_url == site.base + "/end"
            mixed = await subject.fetch(FetchRequest(site.base + "/found"))
            assert isinstance(mixed, FetchedPage)
            assert (mixed.permanent_url, mixed.final_url) == (None, site.base + "/end")
            loop = await subject.fetch(FetchRequest(site.base + "/loop"))
            assert isinstance(loop, FetchFailure)
            assert loop.kind == "redirects"
            assert site.paths().count("/loop") == 4

    run(check())


@pytest.mark.parametrize(
    "location", ["http://169.254.169.254/x", "//10.0.0.1/", "file:///etc/passwd", "http://localhost:1/"]
)
def test_redirects_pass_the_gate_again(location: str) -> None:
    async def check() -> None:
        async with loopback_site() as site, fetcher() as subject:
            site.answer("/a", status=302, headers={"Location": location})
            outcome = await subject.fetch(FetchRequest(site.base + "/a"))
            assert isinstance(outcome, FetchFailure)
            assert outcome.kind == "refused_by_gate"

    run(check())


def test_secrets_stay_with_their_host() -> None:
    async def check() -> None:
        async with loopback_site() as mine, loopback_site() as other, fetcher() as subject:
            mine.answer("/a", status=302, headers={"Location": "/b"})
            mine.answer("/b", status=302, headers={"Location": other.base + "/c"})
            other.answer("/c", body=b"x")
            address = mine.base.replace("//", "//user:p%40ss@") + "/a"
            outcome = await subject.fetch(FetchRequest(address, headers={"Cookie": "s=1", "X-Key": "k"}))
            assert isinstance(outcome, FetchedPage)
            for request in mine.asked:
                if request.path != "/robots.txt":
                    assert request.headers["Cookie"] == "s=1"
                    assert request.headers["Authorization"] == "Basic dXNlcjpwQHNz"
            for request in other.asked:
                assert not {"Cookie", "X-Key", "Authorization"} & set(request.headers)
            assert all(request.headers["User-Agent"].startswith("newsloom/") for request in mine.asked + other.asked)

    run(check())


@pytest.mark.parametrize(
    ("scheme", "location", "told"),
    [
        ("http", "http://mine.example/b", True),
        ("http", "https://mine.example/b", True),
        ("https", "https://mine.example/b", True),
        ("https", "http://mine.example/b", False),
        ("http", "http://mine.example:8080/b", False),
        ("https", "https://mine.example:8443/b", False),
        ("http", "http://other.example/b", False),
    ],
)
def test_secrets_stay_with_their_origin(
    scheme: str, location: str, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def check() -> None:
        async with loopback_site() as site:
            where = site.base.removeprefix("http://")
            gate = GateOptions(allow=(where,), hosts={"mine.example": where, "other.example": where})
            async with fetcher(gate=gate, obey_robots=False) as subject:
                site.answer("/a", status=302, headers={"Location": location})
                site.answer("/b", body=b"x")
                outcome = await subject.fetch(FetchRequest(f"{scheme}://ann:pw@mine.example/a", headers={"X-Key": "k"}))
                assert isinstance(outcome, FetchedPage), outcome
                assert [set(request.headers) >= {"X-Key", "Authorization"} for request in site.asked] == [True, told]
                assert [bool(set(request.headers) & {"X-Key", "Authorization"}) for request in site.asked] == [
                    True,
                    told,
                ]

    # The site has no certificate: what is asked for over TLS is dialled without.
    dial = aiohttp.ClientSession.request
    monkeypatch.setattr(
        aiohttp.ClientSession,
        "request",
        lambda self, method, url, **more: dial(self, method, url.with_scheme("http"), **more),
    )
    run(check())


def _bomb(coding: str) -> bytes:
    raw = bytes(64 * 1024 * 1024)
    if coding == "br":
        return brotli.compress(raw, quality=1)
    if coding == "deflate":
        return zlib.compress(raw)
    return gzip.compress(raw, 9)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_compression_bombs_stop_at_the_cap(coding: str) -> None:
    async def check() -> None:
        async with loopback_site() as site, fetcher(max_bytes=1_000_000) as subject:
            site.answer("/bomb", body=_bomb(coding), headers={"Content-Encoding": coding})
            outcome = await subject.fetch(FetchRequest(site.base + "/bomb"))
            assert isinstance(outcome, FetchFailure)
            assert outcome.kind == "too_large"

    run(check())


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "identity"])
def test_codings_are_undone_and_cut_bodies_are_not_whole(coding: str) -> None:
    async def check() -> None:
        from newsloom.adapters.http.decoding import zstd

        raw = b"<rss>" + bytes(range(256)) * 400 + b"</rss>"
        coded = {
            "gzip": gzip.compress(raw[:100]) + gzip.compress(raw[100:]),
            "deflate": zlib.compress(raw)[2:-4],
            "br": brotli.compress(raw),
            "zstd": zstd.compress(raw),
            "identity": raw,
        }[coding]
        async with loopback_site() as site, fetcher() as subject:
            site.answer("/whole", body=coded, headers={"Content-Encoding": coding})

            async def cut(request: web.Request) -> web.StreamResponse:
                response = web.StreamResponse(headers={"Content-Encoding": coding, "Content-Length": str(len(coded))})
                await response.prepare(request)
                await response.write(coded[:-20])
                assert request.transport is not None
                request.transport.close()
                return response

            async def cut_but_said_whole(request: web.Request) -> web.StreamResponse:
                return web.Response(body=coded[:-20], headers={"Content-Encoding": coding})

            site.routes["/cut"] = cut
            site.routes["/lie"] = cut_but_said_whole
            whole = await subject.fetch(FetchRequest(site.base + "/whole"))
            assert isinstance(whole, FetchedPage)
            assert whole.body == raw
            short = await subject.fetch(FetchRequest(site.base + "/cut"))
            assert isinstance(short, FetchFailure)
            assert short.kind == "truncated"
            if coding != "identity":
                lie = await subject.fetch(FetchRequest(site.base + "/lie"))
                assert isinstance(lie, FetchFailure)
                assert lie.kind == "truncated"

    run(check())


@pytest.mark.parametrize(
    "answer",
    [
        b"Content-Length: 1000\r\n\r\n<rss>",
        b"Transfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nff\r\n<rss>",
        b"Transfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n0\r\n",
        b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n" + gzip.compress(bytes(range(256)) * 9)[:-9],
    ],
)
def test_a_body_that_breaks_off_is_never_whole(answer: bytes) -> None:
    async def check() -> None:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n" + answer)
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        async with server, fetcher(obey_robots=False) as subject:
            outcome = await subject.fetch(FetchRequest(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"))
        assert isinstance(outcome, FetchFailure)
        assert outcome.kind == "truncated"

    run(check())


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_packed_nothing_without_end_is_met_early(coding: str) -> None:
    from newsloom.adapters.http.decoding import BodyDecoder, UnreadableCoding, zstd

    nothing = gzip.compress(b"") if coding == "gzip" else zstd.compress(b"")
    decoder = BodyDecoder(coding, 1_000_000)
    with pytest.raises(UnreadableCoding):
        decoder.feed(nothing * 2_000)
    padded = BodyDecoder(coding, 1_000)
    with pytest.raises(TooLarge):
        padded.feed(nothing + b"\0" * 1_000)


def test_slow_answers_meet_the_total_deadline() -> None:
    async def check() -> None:
        async with loopback_site() as site, fetcher(total_seconds=0.4) as subject:

            async def drip(request: web.Request) -> web.StreamResponse:
                response = web.StreamResponse()
                await response.prepare(request)
                for _ in range(200):
                    await response.write(b"x")
                    await asyncio.sleep(0.05)
                return response

            site.routes["/drip"] = drip
            outcome = await subject.fetch(FetchRequest(site.base + "/drip"))
            assert isinstance(outcome, FetchFailure)
            assert outcome.kind == "timeout"

    run(check())


def test_media_types_that_do_not_fit_are_refused() -> None:
    async def check() -> None:
        async with loopback_site() as site, fetcher() as subject:
            site.answer("/pdf", body=b"%PDF", content_type="application/pdf")
            site.answer("/html", body=b"<html>", content_type="text/html", charset="koi8-r")
            refused = await subject.fetch(FetchRequest(site.base + "/pdf", accept="page"))
            assert isinstance(refused, FetchFailure)
            assert refused.kind == "content_type"
            page = await subject.fetch(FetchRequest(site.base + "/html", accept="page"))
            assert isinstance(page, FetchedPage)
            assert (page.content_type, page.charset) == ("text/html", "koi8-r")

    run(check())


def test_what_cannot_be_reached_is_named() -> None:
    async def check() -> None:
        async with fetcher() as subject:
            for url, kind in (
                ("http://127.0.0.1:9999/", "connect"),
                ("http://no-such-name.invalid/", "refused_by_gate"),
                ("ftp://example.org/", "refused_by_gate"),
                ("not an address", "refused_by_gate"),
                ("http://192.168.1.1/", "refused_by_gate"),
            ):
                outcome = await subject.fetch(FetchRequest(url))
                assert isinstance(outcome, FetchFailure)
                assert (url, outcome.kind) == (url, kind)
                assert outcome.message

    run(check())


def test_garbage_instead_of_http() -> None:
    async def check() -> None:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(100)
            writer.write(b"SSH-2.0-whatever\r\n\r\n")
            writer.close()

        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, fetcher(obey_robots=False) as subject:
            outcome = await subject.fetch(FetchRequest(f"http://127.0.0.1:{port}/"))
            assert isinstance(outcome, FetchFailure)
            assert outcome.kind == "unreadable"

    run(check())


def test_names_can_be_pinned_but_not_to_private_addresses_unless_allowed() -> None:
    async def check() -> None:
        async with loopback_site() as site:
            site.answer("/a", body=b"x")
            where = site.base.removeprefix("http://")
            pinned = {"harborpost.example": where}
            async with fetcher(gate=GateOptions(allow=("127.0.0.1",), hosts=pinned)) as subject:
                page = await subject.fetch(FetchRequest("http://harborpost.example/a"))
                assert isinstance(page, FetchedPage)
                assert site.asked[-1].headers["Host"] == "harborpost.example"
            async with fetcher(gate=GateOptions(allow=("harborpost.example:80",), hosts=pinned)) as subject:
                assert isinstance(await subject.fetch(FetchRequest("http://harborpost.example/a")), FetchedPage)
            count = len(site.asked)
            async with fetcher(gate=GateOptions(hosts=pinned)) as subject:
                refused = await subject.fetch(FetchRequest("http://harborpost.example/a"))
                assert isinstance(refused, FetchFailure)
                assert refused.kind == "refused_by_gate"
            assert len(site.asked) == count

    run(check())


def test_leaving_fetch_all_early_stops_the_rest() -> None:
    async def check() -> None:
        async with loopback_site() as site, fetcher() as subject:
            for number in range(50):
                site.answer(f"/{number}", body=b"x")
            outcomes = subject.fetch_all([FetchRequest(f"{site.base}/{number}") for number in range(50)])
            async for _ in outcomes:
                break
            await outcomes.aclose()  # type: ignore[attr-defined]
            await asyncio.sleep(0.05)
            assert len(site.asked) < 10

    run(check())
