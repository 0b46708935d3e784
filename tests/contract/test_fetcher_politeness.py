"""How the real Fetcher treats hosts: one request at a time, pauses, robots.txt, Retry-After."""

from __future__ import annotations

import asyncio
import itertools
from datetime import timedelta

import pytest
from aiohttp import web

from fetcher_on_loopback import NOW, fetcher, loopback_site, run
from newsloom.model.page import FetchedPage, FetchFailure, FetchRequest
from newsloom.model.source import HostState


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


def test_a_host_that_hangs_up_is_not_asked_again_at_once() -> None:
    async def check() -> None:
        async with loopback_site() as site, fetcher(obey_robots=False) as subject:

            async def hang_up(request: web.Request) -> web.StreamResponse:
                assert request.transport is not None
                request.transport.abort()
                return web.Response()

            site.answer("/a", body=b"x")
            site.routes["/b"] = hang_up
            await subject.fetch(
                FetchRequest(site.base + "/a")
            )  # leaves a connection open, on which a library tries again
            outcome = await subject.fetch(FetchRequest(site.base + "/b"))
            assert isinstance(outcome, FetchFailure)
            assert outcome.kind == "connect"
            assert site.paths() == ["/a", "/b"]

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
