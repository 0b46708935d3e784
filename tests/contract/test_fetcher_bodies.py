"""What the real Fetcher takes for a whole body: codings, bombs, cut and endless answers, deadlines, media types."""

from __future__ import annotations

import asyncio
import gzip
import zlib

import brotli
import pytest
from aiohttp import web

from fetcher_on_loopback import fetcher, loopback_site, run
from newsloom.errors import TooLarge
from newsloom.model.page import FetchedPage, FetchFailure, FetchRequest


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
