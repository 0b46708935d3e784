"""Reading beside fetching: order, number at once, and that the finishing order changes no byte."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import threading
import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from fake_web import FakeFetcher
from invented_bench import NOW, Desk
from invented_news import feed, page, stories
from newsloom import pipeline
from newsloom.adapters.workers.limits import Limits
from newsloom.adapters.workers.pool import WorkerPool
from newsloom.errors import ReadError
from newsloom.flow.overlap import Brought, overlapped
from newsloom.model.page import FetchedPage, FetchOutcome, FetchRequest, NotModified
from newsloom.model.source import Source


def fetched(number: int) -> tuple[FetchRequest, FetchOutcome]:
    url = f"https://harborpost.example/{number}"
    body = str(number).encode()
    outcome = FetchedPage(url, url, 200, body, NOW) if number % 5 else NotModified(url, NOW)
    return FetchRequest(url), outcome


async def came(count: int) -> AsyncIterator[tuple[FetchRequest, FetchOutcome]]:
    for number in range(count):
        yield fetched(number)


def run(read: object, at_once: int, count: int = 30) -> list[Brought[int]]:
    async def collected() -> list[Brought[int]]:
        return [brought async for brought in overlapped(came(count), read, at_once=at_once)]  # type: ignore[arg-type]

    return asyncio.run(collected())


@pytest.mark.parametrize("at_once", [0, 1, 3])
def test_pages_come_in_their_order_each_with_its_reading(at_once: int) -> None:
    dice = random.Random(1)

    def read(request: FetchRequest, found: FetchedPage) -> int:
        time.sleep(dice.random() / 500)
        if found.body == b"7":
            raise ReadError("broken")
        return int(found.body)

    brought = run(read, at_once)
    assert [one.request.url.rpartition("/")[2] for one in brought] == [str(n) for n in range(30)]
    assert [one.reading for one in brought] == [None if n % 5 == 0 or n == 7 else n for n in range(30)]
    assert [type(one.error) for one in brought if one.error] == [ReadError]


@pytest.mark.parametrize("at_once", [1, 2, 4])
def test_so_many_are_read_at_once_and_no_more(at_once: int) -> None:
    lock, together = threading.Lock(), threading.Barrier(at_once, timeout=30)
    active, most = 0, 0

    def read(request: FetchRequest, found: FetchedPage) -> int:
        nonlocal active, most
        with lock:
            active += 1
            most = max(most, active)
        if int(found.body) <= at_once:
            together.wait()  # the first ones can only go on together
        with lock:
            active -= 1
        return 0

    run(read, at_once)
    assert most == at_once


def test_here_means_in_this_thread() -> None:
    threads: set[int] = set()
    run(lambda _request, _page: threads.add(threading.get_ident()), 0)
    assert threads == {threading.get_ident()}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="workers are forked")
def test_a_worker_that_is_killed_costs_the_page_it_read_and_no_other() -> None:
    def read_or_die(body: bytes) -> int:
        if body == b"8":
            os.kill(os.getpid(), signal.SIGKILL)
        return int(body)

    pool = WorkerPool({"page": read_or_die}, workers=3, limits=Limits())
    try:
        brought = run(lambda _, found: pool.call("page", found.body), 3)
    finally:
        pool.close()
    assert [str(one.error) for one in brought if one.error] != []
    assert [one.request.url[-2:] for one in brought if one.error] == ["/8"]
    assert all(isinstance(one.error, ReadError) for one in brought if one.error)
    assert sum(one.reading is not None for one in brought) == 23


class ShuffledFetcher(FakeFetcher):
    """Answers in an order of the seed's own, as a network does."""

    dice = random.Random(0)

    async def fetch_all(self, requests: Iterable[FetchRequest]) -> AsyncIterator[tuple[FetchRequest, FetchOutcome]]:
        """Yield each request with its outcome."""
        shuffled = list(requests)
        self.dice.shuffle(shuffled)
        for request in shuffled:
            yield request, await self.fetch(request)


BASES = ("https://harborpost.example", "https://canalnews.example", "https://daily.harborpost.example")


def test_whichever_answer_comes_first_the_records_are_the_same(tmp_path: Path) -> None:
    """Three sources that list each other's pages; some pages name one address as theirs, with words of their own."""
    news = stories(12)
    shared = feed(news[:6], BASES[0])
    pages = {
        BASES[0] + "/feed.xml": ("application/rss+xml", shared),
        BASES[0] + "/again.xml": ("application/rss+xml", shared.replace(b"<title>Harbor Post", b"<title>Again")),
        BASES[2] + "/feed.xml": ("application/rss+xml", feed(news[3:9], BASES[2])),
        BASES[1] + "/feed.xml": ("application/rss+xml", feed(news[8:], BASES[1])),
        **{BASES[0] + story.path: ("text/html", page(story, BASES[0])) for story in news[:6]},
        **{BASES[1] + story.path: ("text/html", page(story, BASES[1])) for story in news[8:]},
    }
    for story in news[3:9]:  # the same item by its canonical address, told in other words
        told = page(replace(story, title="Daily: " + story.title, paragraphs=story.paragraphs[::-1]), BASES[0])
        pages[BASES[2] + story.path] = ("text/html", told)
    sources = tuple(Source(url) for url in pages if url.endswith(".xml"))
    later = {**pages}
    for base, number in ((BASES[0], 4), (BASES[2], 4)):
        told = page(news[number].corrected(f"Corrected by {base[8:13]}: {news[number].title}"), BASES[0])
        later[base + news[number].path] = ("text/html", told)
    for url in (BASES[0] + "/feed.xml", BASES[2] + "/feed.xml"):
        later[url] = (
            later[url][0],
            later[url][1].replace(news[4].title.encode(), b"Corrected " + news[4].title.encode()),
        )
    seen = set()
    for seed in range(6):
        ShuffledFetcher.dice = random.Random(seed)
        folder = tmp_path / str(seed)
        folder.mkdir()
        desk = Desk(folder, sources)
        for moment, web in ((NOW, pages), (NOW.replace(day=NOW.day + 1), later)):
            asyncio.run(pipeline.run(desk.bench, ShuffledFetcher(web, moment=moment), moment))
        files, torn = desk.records.read_all()
        assert not torn
        assert len(files) == 13, "the eighth is told by two providers, each at an address of its own"
        with desk.store.begin() as work:
            versions = [(item.id, len(work.items.versions(item.id)), item.source) for item in work.items.iter_all()]
        desk.store.close()
        seen.add((repr(files), repr(versions), repr(sorted(map(repr, desk.log.iter_all())))))
    assert len(seen) == 1
