"""The Fetcher port: the real one over loopback HTTP, and the in-memory fake, keep the same promises."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web

from fake_web import FakeFetcher
from fetcher_on_loopback import NOW, fetcher, loopback_site, options, run
from newsloom.adapters.http.fetcher import HttpFetcher
from newsloom.model.page import FetchedPage, FetchFailure, FetchRequest, NotModified
from newsloom.ports.fetching import Fetcher


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
