"""Servers and texts that break every rule: each is named, none stops the run or its neighbours."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from invented_news import NOW_TEXT, page, put, stories, write_portal
from loopback_web import Answer, LoopbackWeb
from newsloom.vocab.frontmatter import parse, serialise
from portal_runs import done, record_bytes, record_files, records

_OK = b"HTTP/1.1 200 OK\r\n"
_RSS = b"<rss version='2.0'><channel><title>x</title></channel></rss>"
ANSWERS: dict[str, bytes] = {
    "nothing": b"",
    "no-http": b"SSH-2.0-OpenSSH_9.2\r\n",
    "no-status": b"HTTP/1.1\r\n\r\n",
    "long-status": b"HTTP/1.1 99999 What\r\n\r\n",
    "negative-length": _OK + b"Content-Length: -5\r\n\r\n" + _RSS,
    "two-lengths": _OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n" + _RSS,
    "length-no-number": _OK + b"Content-Length: many\r\n\r\n" + _RSS,
    "too-long": _OK + b"Content-Length: 99999\r\n\r\n" + _RSS,
    "bad-chunk": _OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + _RSS,
    "cut-chunk": _OK + b"Transfer-Encoding: chunked\r\n\r\nffff\r\n" + _RSS,
    "no-gzip": _OK + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
    "odd-coding": _OK + b"Content-Encoding: magic\r\nContent-Length: 5\r\n\r\nhello",
    "odd-charset": _OK + b"Content-Type: text/xml; charset=\xff\xfe\r\nContent-Length: 3\r\n\r\n<x>",
    "odd-header": _OK + b"X-\x00Y: \xff\xfe\x01\r\n: none\r\nfolded\r\n  more\r\n\r\n",
    "long-header": _OK + b"X-Long: " + b"x" * 100_000 + b"\r\n\r\n",
    "many-headers": _OK + b"".join(b"X-%d: y\r\n" % n for n in range(20_000)) + b"\r\n",
    "odd-location": b"HTTP/1.1 302 Found\r\nLocation: http://[::::/\xff\r\nContent-Length: 0\r\n\r\n",
    "own-machine": b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n",
    "round": b"HTTP/1.1 301 Moved\r\nLocation: /round\r\nContent-Length: 0\r\n\r\n",
    "no-location": b"HTTP/1.1 301 Moved\r\nContent-Length: 0\r\n\r\n",
    "odd-retry": b"HTTP/1.1 429 Slow\r\nRetry-After: \xff99999999999999999999\r\nContent-Length: 0\r\n\r\n",
    "continue": b"HTTP/1.1 100 Continue\r\n\r\n" * 50,
    "switch": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
    "not-asked-304": b"HTTP/1.1 304 Not Modified\r\n\r\n",
    "partial": b"HTTP/1.1 206 Partial Content\r\nContent-Length: 3\r\n\r\n<x>",
    "empty": _OK + b"Content-Length: 0\r\n\r\n",
    "cookies": _OK + b"Set-Cookie: \xff=\x01; expires=never\r\nContent-Length: 3\r\n\r\n<x>",
}


@contextmanager
def server(answer: bytes) -> Iterator[str]:
    """Yield the address of a server that sends *answer* to everything but robots.txt, and hangs up."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            asked = self.rfile.readline()
            while self.rfile.readline().strip():
                pass
            is_robots = b"robots.txt" in asked
            self.wfile.write(
                b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" if is_robots else answer
            )

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            pass  # the client hung up first

    with Server(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()


def test_no_server_stops_a_run(tmp_path: Path) -> None:
    with ExitStack() as stack, LoopbackWeb() as web:
        put(web, stories(2))
        bases = {name: stack.enter_context(server(answer)) for name, answer in ANSWERS.items()}
        portal = write_portal(
            tmp_path / "portal", *(f"{base}/{name}" for name, base in bases.items()), web.url + "/feed.xml"
        )
        told = done("run", "--portal", portal, "--now", NOW_TEXT)
        lines = [line for line in told.err.splitlines() if line.startswith("  source-failed")]
        for name, base in bases.items():
            assert any(f"{base}/{name}" in line for line in lines), f"{name} is not named: {told.err}"
        assert not [line for line in lines if "unexpected" in line]
        assert max(map(len, lines)) < 600
        assert len(record_files(portal)) == 2
        again = done("run", "--portal", portal, "--now", "2026-03-12T00:00:00Z")
        assert len(record_files(portal)) == 2
        assert "unexpected" not in again.err


def test_no_page_stops_a_run(tmp_path: Path) -> None:
    """The same servers, as pages that a feed names: what the feed says is kept, now or after the last try."""
    with ExitStack() as stack, LoopbackWeb() as web:
        bases = {name: stack.enter_context(server(answer)) for name, answer in ANSWERS.items()}
        items = [
            {
                "id": f"entry-{name}",
                "url": f"{base}/{name}",
                "title": f"A ferry that {name}",
                "content_text": "A ferry.",
            }
            for name, base in bases.items()
        ]
        web.pages["/feed.json"] = Answer(
            json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": items}).encode(),
            "application/feed+json",
        )
        portal = write_portal(tmp_path / "portal", web.url + "/feed.json")
        for day in range(3, 9):
            told = done("run", "--portal", portal, "--now", f"2026-03-{day:02}T12:00:00Z")
            assert "unexpected" not in told.err
        assert len(record_files(portal)) == len(ANSWERS)


def test_text_that_is_no_text(web: LoopbackWeb, tmp_path: Path) -> None:
    """Half an emoji, NULs, line breaks and bidirectional controls, in feeds and pages: records can be written and read."""
    good, bad = stories(2)
    title = "Half an emoji \ud83d, a NUL \x00, a break \r\n\u2028 and \u202egnol a"
    entries = [
        {"id": "tag:one-entry", "url": web.url + good.path, "title": title, "content_text": "Text \udfff\x00." * 30, "authors": [{"name": "A\ud800nn"}]},
        {"id": "tag:two-\ud83d", "url": web.url + bad.path, "title": "Two", "tags": ["\ud83d"]},
        {"id": "tag:three", "url": web.url + "/three\ud83d\x00", "title": title + " three", "summary": "\ud83d"},
        {"id": "tag:four", "url": "http://\ud83d.example/", "title": title + " four"},
        {"id": 5, "url": ["x"], "title": {"a": 1}}, None, [], "x",
    ]  # fmt: skip
    web.pages["/feed.json"] = Answer(
        json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "T\ud83d\x00", "items": entries}).encode(),
        "application/feed+json",
    )
    text = page(bad, web.url).decode()
    for name in ("headline", "name"):
        text = text.replace(f'"{name}": "', f'"{name}": "Half \\ud83d NUL \\u0000 ')
    web.pages[bad.path] = Answer(text.encode())
    web.pages[good.path] = Answer(page(good, web.url).replace(b"<p>", b"<p>\x00\xed\xa0\xbd\xff&#0;&#xD83D;&#27;[31m"))
    portal = write_portal(tmp_path / "portal", web.url + "/feed.json")
    told = done("run", "--portal", portal, "--now", NOW_TEXT)
    assert "unexpected" not in told.err
    assert "source-failed" not in told.err
    assert len(record_files(portal)) >= 2
    for path, data in record_bytes(portal).items():
        assert serialise(parse(data, path=path)) == data
        assert "\x00" not in data.decode("utf-8")
    before = record_bytes(portal)
    done("run", "--portal", portal, "--now", NOW_TEXT)
    assert record_bytes(portal) == before
    for command in (["export", "csv"], ["export", "jsonl"], ["search", "council"], ["review", "list"], ["doctor"]):
        done(*command, "--portal", portal)


def test_one_entry_that_breaks_a_bound_costs_no_other(web: LoopbackWeb, tmp_path: Path) -> None:
    news = stories(3)
    put(web, news)
    feed = web.pages["/feed.xml"].body
    huge = (
        b"<item><title>"
        + b"T" * 200_000
        + b"</title><link>"
        + (web.url + "/" + "l" * 30_000).encode()
        + b"</link></item>"
    )
    web.pages["/feed.xml"] = Answer(feed.replace(b"<item>", huge + b"<item>", 1), "application/rss+xml")
    portal = write_portal(tmp_path / "portal", web.url + "/feed.xml")
    told = done("run", "--portal", portal, "--now", NOW_TEXT)
    assert "unexpected" not in told.err
    assert {story.title for story in news} <= set(records(portal))
