"""Addresses that lead inside, led through every outgoing path of newsloom: not one connection is opened to them.

Every name resolves to a listener on loopback, as a rebinding name server would have it; only the publisher's own server,
on loopback too, is let through by its name and port.
"""

from __future__ import annotations

import asyncio
import html
import json
import socket
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.abc import ResolveResult

from invented_news import page, stories, write_portal
from loopback_web import Answer, LoopbackWeb
from newsloom import app
from newsloom.adapters.feeds.discovery import discover
from newsloom.adapters.files.opml import read_sources, write_opml
from newsloom.adapters.http.fetcher import FetchOptions, HttpFetcher
from newsloom.adapters.http.gate import GateOptions
from newsloom.adapters.http.judge import HttpJudge, JudgeAddress
from newsloom.errors import ConfigError, FetchError
from newsloom.model.page import FetchedPage, FetchFailure, FetchRequest
from newsloom.model.source import Source
from newsloom.portal import open_portal
from shared_data import shared

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
PUBLISHER = "publisher.example"
_dialled: list[tuple[str, int]] = []
_is_watching = False


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if _is_watching and event == "socket.connect" and isinstance(arguments[1], tuple):
        _dialled.append((str(arguments[1][0]), int(arguments[1][1])))


sys.addaudithook(_watch)


def rows() -> list[str]:
    """Return every address of the suite. Two of them name a public host by the URL standard; they resolve inside here."""
    lines = (shared("suites", "ssrf") / "vectors.jsonl").read_text("utf-8").splitlines()
    return [row["url"] for row in map(json.loads, lines) if row["url"] is not None]


class Inside:
    """The machine that nobody outside may reach, and the publisher that may be."""

    def __init__(self) -> None:
        self.web = LoopbackWeb()
        self.publisher = LoopbackWeb()
        self.port = int(self.web.url.rpartition(":")[2])
        self.publisher_port = int(self.publisher.url.rpartition(":")[2])

    def options(self, *names: str) -> app.WebOptions:
        hosts = dict.fromkeys((PUBLISHER, *names), f"127.0.0.1:{self.publisher_port}")
        return app.WebOptions(hosts=hosts, allow=tuple(f"{name}:80" for name in hosts), delay_seconds=0.0)

    def fetcher(self, *names: str) -> HttpFetcher:
        web = self.options(*names)
        gate = GateOptions(allow=web.allow, hosts=dict(web.hosts or {}))
        return HttpFetcher(FetchOptions(delay_seconds=0.0, gate=gate, total_seconds=20), (), lambda: NOW)

    def assert_unreached(self) -> None:
        """See that the publisher was asked, and nobody else dialled."""
        assert self.web.asked == []
        assert set(_dialled) == {("127.0.0.1", self.publisher_port)}


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch) -> Iterator[Inside]:
    global _is_watching
    world = Inside()

    async def resolve(self: object, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        return [_result(host, "127.0.0.1", world.port)]

    monkeypatch.setattr(aiohttp.ThreadedResolver, "resolve", resolve)
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, world.web.url)
    with world.web, world.publisher:
        _dialled.clear()
        _is_watching = True
        yield world
        _is_watching = False


def _result(host: str, address: str, port: int) -> ResolveResult:
    return ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0)


def _header(url: str) -> str:
    return url.encode().decode("latin-1")


def test_no_row_is_reached_directly_by_redirect_or_by_discovery(inside: Inside) -> None:
    targets = rows()
    for number, url in enumerate(targets):
        if url.isprintable():
            location = {"Location": _header(url)}
            inside.publisher.pages[f"/to/{number}"] = Answer(b"", status=302, headers=location)
            inside.publisher.pages[f"/hops/{number}"] = Answer(b"", status=307, headers={"Location": f"/to/{number}"})
        link = f'<link rel="alternate" type="application/rss+xml" href="{html.escape(url)}">'
        inside.publisher.pages[f"/home/{number}"] = Answer(f"<!doctype html><title>Home</title>{link}".encode())

    async def ask() -> list[object]:
        fetcher = inside.fetcher()
        outcomes: list[object] = []
        base = f"http://{PUBLISHER}"
        for number, url in enumerate(targets):
            for accept in ("feed", "page", "image", "any"):
                outcomes.append(await fetcher.fetch(FetchRequest(url, accept=accept)))  # type: ignore[arg-type]
            for path in (f"/to/{number}", f"/hops/{number}"):
                outcomes.append(await fetcher.fetch(FetchRequest(base + path)))
            await discover(fetcher, f"{base}/home/{number}", {})
        await fetcher.close()
        return outcomes

    outcomes = asyncio.run(ask())
    assert not any(isinstance(outcome, FetchedPage) for outcome in outcomes)
    assert len(outcomes) == 6 * len(targets)
    inside.assert_unreached()


def test_a_whole_run_reaches_no_row(inside: Inside, tmp_path: Path) -> None:
    """Sources, entries, pictures, AMP and canonical links, sitemaps and robots.txt of hosts that name nothing else."""
    targets = rows()
    web, base = inside.publisher, f"http://{PUBLISHER}"
    news = stories(len(targets))
    items, own, hosts = [], [], []
    for number, (url, story) in enumerate(zip(targets, news, strict=True)):
        safe = html.escape(url)
        items.append(f"<item><title>{story.title} inside</title><link>{safe}</link><guid>{number}</guid></item>")
        own.append(f"<item><title>{story.title}</title><link>{base}{story.path}</link><guid>own{number}</guid>"
                   f'<enclosure url="{safe}" type="image/jpeg" length="1"/></item>')  # fmt: skip
        told = f'<meta property="og:image" content="{safe}"><link rel="amphtml" href="{safe}"><link rel="icon" href="{safe}">'
        refresh = f'<meta http-equiv="refresh" content="0;url={safe}">'
        text = page(story, base).decode().replace("</head>", f"{told}{refresh}</head>")
        web.pages[story.path] = Answer(text.replace(f'"canonical" href="{base}{story.path}"', f'"canonical" href="{safe}"').encode())  # fmt: skip
        hosts.append(f"h{number}.example")
    head = '<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>'
    web.pages["/inside.xml"] = Answer(f"{head}{''.join(items)}</channel></rss>".encode(), "application/rss+xml")
    web.pages["/own.xml"] = Answer(f"{head}{''.join(own)}</channel></rss>".encode(), "application/rss+xml")
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    indexes = []
    for start in range(0, len(targets), 50):
        maps = "".join(f"<sitemap><loc>{html.escape(url)}</loc></sitemap>" for url in targets[start : start + 50])
        web.pages[f"/maps{start}.xml"] = Answer(f"<sitemapindex {space}>{maps}</sitemapindex>".encode(), "application/xml")  # fmt: skip
        indexes.append(Source(url=f"{base}/maps{start}.xml", kind="sitemap"))
    declared = [Source(url=f"{base}/inside.xml"), Source(url=f"{base}/own.xml"), *indexes]
    declared += [Source(url=f"http://{host}/feed.xml") for host in hosts] + list(_declarable(targets, tmp_path))
    folder = write_portal(tmp_path / "portal")
    (folder / "newsloom.toml").write_text("")
    (folder / "sources.opml").write_bytes(write_opml(declared, title="T"))
    portal = open_portal(folder)
    asyncio.run(app.run(portal, NOW, lambda notice: None, publish=True, web=inside.options(*hosts)))
    inside.assert_unreached()
    assert {path for path, _, _ in web.asked} >= {story.path for story in news}, "the publisher's own pages were read"


def _declarable(targets: list[str], folder: Path) -> Iterator[Source]:
    """Yield those of *targets* that sources.opml may name; the others it refuses before anything is asked."""
    path = folder / "one.opml"
    for url in targets:
        try:
            path.write_bytes(write_opml([Source(url=url)], title="T"))
            yield from read_sources(path)
        except (ConfigError, ValueError):
            continue


def test_robots_txt_leads_nowhere_inside(inside: Inside) -> None:
    async def ask(url: str) -> object:
        inside.publisher.pages["/robots.txt"] = Answer(b"", status=302, headers={"Location": _header(url)})
        fetcher = inside.fetcher()
        try:
            return await fetcher.fetch(FetchRequest(f"http://{PUBLISHER}/none"))
        finally:
            await fetcher.close()

    for url in filter(str.isprintable, rows()):
        assert isinstance(asyncio.run(ask(url)), FetchFailure)
    inside.assert_unreached()


def test_a_judge_is_no_way_inside(inside: Inside) -> None:
    async def ask(url: str) -> None:
        judge = HttpJudge(JudgeAddress(url=url, model="m", key="secret"))
        try:
            with pytest.raises(FetchError):
                await judge.ask("Say yes or no.", "Is it?")
        finally:
            await judge.close()

    for url in rows():
        asyncio.run(ask(url))
    assert inside.web.asked == []
    assert _dialled == []


@pytest.mark.parametrize(
    "answers",
    [
        [["93.184.216.34"], ["127.0.0.1"]],
        [["93.184.216.34", "127.0.0.1"]],
        [["127.0.0.1", "93.184.216.34"]],
        [["93.184.216.34"], ["10.0.0.1", "127.0.0.1"], ["169.254.169.254"]],
    ],
)
def test_a_name_that_changes_its_answer_gets_no_connection(
    answers: list[list[str]], inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = iter(answers * 10)

    async def resolve(self: object, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        return [_result(host, address, inside.port) for address in next(turns)]

    async def ask() -> list[object]:
        loop = asyncio.get_running_loop()
        connect = loop.sock_connect

        async def nobody(sock: socket.socket, address: tuple[str, int]) -> None:
            if address[0] == "93.184.216.34":
                raise ConnectionRefusedError  # public, but nobody is to be asked in a test
            await connect(sock, address)

        monkeypatch.setattr(loop, "sock_connect", nobody)
        fetcher = inside.fetcher()
        outcomes = [await fetcher.fetch(FetchRequest("http://rebound.example/feed")) for _ in range(6)]
        outcomes.append(await fetcher.fetch(FetchRequest(f"http://{PUBLISHER}/none")))
        await fetcher.close()
        return outcomes

    monkeypatch.setattr(aiohttp.ThreadedResolver, "resolve", resolve)
    outcomes = asyncio.run(ask())
    assert all(isinstance(outcome, FetchFailure) for outcome in outcomes)
    inside.assert_unreached()
