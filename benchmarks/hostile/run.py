"""Print what hostile input costs: processor time, memory above the reader's own, and the deadline of slow servers.

    python benchmarks/hostile/run.py ../shared/data/suites/hostile/cases

Each case is read as a feed and as a page (a picture as a picture) by a worker of its own. Goals: at most 2 s of processor time and 200 MB
above the base for each, a deadline kept within 10 %.
"""

from __future__ import annotations

import asyncio
import gzip
import io
import resource
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import brotli
from PIL import Image

from newsloom.adapters.feeds.reader import DefaultFeedReader
from newsloom.adapters.http.decoding import BodyDecoder
from newsloom.adapters.http.fetcher import FetchOptions, HttpFetcher
from newsloom.adapters.http.gate import GateOptions
from newsloom.adapters.pages.reader import HtmlPageReader
from newsloom.adapters.pages.thumbnails import make_thumbnail
from newsloom.adapters.workers.limits import Limits
from newsloom.adapters.workers.pool import WorkerPool
from newsloom.errors import NewsloomError, ReadError
from newsloom.model.page import FetchedPage, FetchFailure, FetchRequest

MOST_CPU_SECONDS = 2.0
MOST_MEMORY_MB = 200.0
_MB = 1024 * 1024
_BODY = 15 * _MB  # what the fetcher lets in by default
_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one case took: seconds of processor time, MB above the base, and what came of it."""

    name: str
    cpu_seconds: float
    memory_mb: float
    outcome: str


def bombs() -> Iterator[tuple[str, str, bytes]]:
    """Yield name, task and body of generated bombs: deep, wide, long, packed, and pictures that unfold."""
    rss = b'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>'
    item = b"<item><title>T</title><link>https://a.example/%d</link></item>"
    yield "wide feed", "feed", rss + b"".join(item % n for n in range(200_000)) + b"</channel></rss>"
    yield "deep feed", "feed", rss + b"<a>" * 2_000_000
    yield "feed of attributes", "feed", rss + b"<item " + b"".join(b'a%d="" ' % n for n in range(900_000)) + b"/>"
    yield "feed of ampersands", "feed", rss + b"<item><title>" + b"&" * 10_000_000
    yield "feed of one word", "feed", rss + b"<item><description>" + b"x" * 14_000_000 + b"</description></item>"
    yield "feed of hidden markup", "feed", rss + b"<item><description>" + b"&lt;b&gt;" * 1_500_000
    yield "feed of comments", "feed", rss + b"<!-- - -->" * 1_400_000
    yield "packed sitemap", "feed", gzip.compress(b"<urlset>" + b"<url><loc>https://a.example/</loc></url>" * 1_200_000)
    yield "deep JSON", "feed", b'{"items":' + b"[" * 7_000_000
    yield "wide JSON", "feed", b'{"version":"https://jsonfeed.org/version/1","items":[' + b"{}," * 4_000_000 + b"{}]}"
    yield "deep page", "page", b"<!doctype html><body>" + b"<div>" * 1_900_000
    yield "deep page of tables", "page", b"<!doctype html><body>" + b"<table><tr><td>" * 600_000
    yield "wide page", "page", b"<!doctype html><body>" + b"<p>word word word. " * 500_000
    yield "page of formatting", "page", b"<!doctype html><body>" + b"<b><i><a href=x>" * 500_000
    yield "page of attributes", "page", b"<!doctype html><body><p " + b"".join(b"a%d=1 " % n for n in range(1_000_000))
    yield "page of scripts", "page", b'<script type="application/ld+json">{"a":' * 200_000
    yield "deep JSON-LD", "page", b'<html><script type="application/ld+json">' + b"[" * 5_000_000 + b"</script>"
    yield "page of metadata", "page", b"<html>" + b'<meta property="og:image" content="https://a.example/i">' * 170_000
    yield "page of links", "page", b"<html><body>" + b'<a href="https://a.example/">a</a>' * 290_000
    yield "picture of one colour", "picture", _picture(7_000)
    yield "picture too large", "picture", _picture(12_000)


def _picture(side: int) -> bytes:
    out = io.BytesIO()
    Image.new("L", (side, side), 128).save(out, "PNG", compress_level=9)
    return out.getvalue()


def packed() -> Iterator[tuple[str, str, bytes]]:
    """Yield name, content coding and coded body of decompression bombs."""
    zeros = bytes(256 * _MB)
    yield "gzip bomb", "gzip", gzip.compress(zeros, 6)
    yield "gzip in gzip", "gzip, gzip", gzip.compress(gzip.compress(zeros, 6))
    yield "deflate bomb", "deflate", zlib.compress(zeros, 6)
    yield "brotli bomb", "br", brotli.compress(zeros, quality=1)
    yield "gzip of nothing", "gzip", gzip.compress(b"") * 700_000


def _measured(read: Callable[[object], object], argument: object) -> tuple[float, float, str]:
    """Run in the worker: return processor time, peak memory above what the worker had, and what came of it."""
    before, start = _resident_peak(), time.process_time()
    try:
        read(argument)
        outcome = "read"
    except NewsloomError as error:
        outcome = error.message
    return time.process_time() - start, max(0.0, _resident_peak() - before), outcome


def _resident_peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _decoded(argument: object) -> object:
    coding, body = argument  # type: ignore[misc]
    decoder = BodyDecoder(coding, _BODY)
    size = 0
    for start in range(0, len(body), 64 * 1024):
        size += len(decoder.feed(body[start : start + 64 * 1024]))
    decoder.end()
    return size


def cost_of(name: str, task: str, argument: object) -> Cost:
    """Return what *argument* costs a fresh worker. Peak memory of a fork starts at what its parent holds."""
    readers: dict[str, Callable[[object], object]] = {
        "feed": lambda page: DefaultFeedReader().read(page),  # type: ignore[arg-type]
        "page": lambda page: HtmlPageReader().read(page),  # type: ignore[arg-type]
        "picture": lambda data: make_thumbnail(data, pixels=800),  # type: ignore[arg-type]
        "coding": _decoded,
    }
    limits = Limits(job_bytes=64 * _MB)
    pool = WorkerPool({task: partial(_measured, readers[task])}, workers=1, limits=limits)
    try:
        seconds, memory, outcome = pool.call(task, argument)
    except ReadError as error:
        is_time = "processor" in error.message
        seconds, memory = (limits.cpu_seconds if is_time else 0.0), (0.0 if is_time else MOST_MEMORY_MB)
        outcome = f"ended: {error.message}"
    finally:
        pool.close()
    return Cost(name, seconds, memory, outcome)


def _page(body: bytes) -> FetchedPage:
    return FetchedPage("https://a.example/x", "https://a.example/x", 200, body, _MOMENT)


def costs(cases: Path | None) -> Iterator[Cost]:
    """Yield the cost of every generated bomb and of every file under *cases*."""
    for name, coding, body in packed():
        yield cost_of(name, "coding", (coding, body))
    for name, task, body in bombs():
        yield cost_of(name, task, body if task == "picture" else _page(body))
    for path in sorted(cases.rglob("*.*")) if cases is not None else ():
        for task in ("feed", "page"):
            yield cost_of(f"{path.parent.name}/{path.name} as {task}", task, _page(path.read_bytes()))


def deadlines(seconds: float) -> Iterator[tuple[str, float, str]]:
    """Yield how long slow servers hold a fetcher whose deadline is *seconds*, wall time, and what came of it."""

    class Slow(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/loop":
                self.send_response(302)
                self.send_header("Location", "/loop")
                self.end_headers()
                return
            try:
                self.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"" if self.path == "/headers" else b"\r\n"))
                for number in range(1_000_000):
                    self.wfile.write(b"X-%d: y\r\n" % number if self.path == "/headers" else b"x")
                    time.sleep(0.05)
            except OSError:
                return

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_address[1]}"

    async def ask(path: str) -> tuple[float, str]:
        options = FetchOptions(
            delay_seconds=0.0, total_seconds=seconds, obey_robots=False, gate=GateOptions(("127.0.0.1",))
        )
        fetcher = HttpFetcher(options, (), lambda: _MOMENT)
        start = time.monotonic()
        outcome = await fetcher.fetch(FetchRequest(base + path))
        took = time.monotonic() - start
        await fetcher.close()
        return took, outcome.kind if isinstance(outcome, FetchFailure) else "read"

    for name, path in (("drip", "/drip"), ("endless headers", "/headers"), ("redirect loop", "/loop")):
        yield (name, *asyncio.run(ask(path)))
    server.shutdown()


def main() -> int:
    """Print the tables; return 1 when a goal is missed."""
    missed = 0
    print(f"{'case':44} {'cpu s':>6} {'MB':>6}  outcome")
    for cost in costs(Path(sys.argv[1]) if len(sys.argv) > 1 else None):
        is_over = cost.cpu_seconds > 1.1 * MOST_CPU_SECONDS or cost.memory_mb > MOST_MEMORY_MB
        missed += is_over
        print(f"{cost.name[:44]:44} {cost.cpu_seconds:6.2f} {cost.memory_mb:6.0f}  {'OVER ' if is_over else ''}{cost.outcome[:90]}",
              flush=True)  # fmt: skip
    for name, took, outcome in deadlines(3.0):
        missed += took > 3.3
        print(f"{name:44} {took:6.2f} s of a deadline of 3 s: {outcome}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
