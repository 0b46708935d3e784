"""A web server on loopback that answers from a table, for tests that run the real command over real HTTP."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from loopback_server import LoopbackServer, QuietHandler


@dataclass(frozen=True)
class Answer:
    """What is sent for one path."""

    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class LoopbackWeb(LoopbackServer):
    """Answers GET from `pages` (path → Answer), 404 for the rest, 304 where the asker has it already. A context manager.

    Who asks for a path in `need` (path → header name, value) without that header gets 401.

    `asked` lists (path, was it conditional, status) in order. While `hold` is set, requests for its path wait for
    `let_go()`; `held` is set as soon as one does.
    """

    def __init__(self) -> None:
        self.pages: dict[str, Answer] = {}
        self.need: dict[str, tuple[str, str]] = {}
        self.asked: list[tuple[str, bool, int]] = []
        self.hold: str | None = None
        self.held = threading.Event()
        web = self

        class Handler(QuietHandler):
            def do_GET(self) -> None:
                web._answer(self)

        super().__init__(Handler)
        self.url = self.origin

    def let_go(self) -> None:
        """Answer what is held, and hold nothing any more."""
        self.hold = None
        self._free.set()

    def paths(self) -> list[str]:
        """Return the paths asked for, what is asked of each host as such left out, in order."""
        return [path for path, _, _ in self.asked if path not in ("/robots.txt", "/.well-known/tdmrep.json")]

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        path = request.path
        if path == self.hold:
            self.held.set()
            self._free.wait(60)
        found = self.pages.get(path, Answer(b"<title>Not found</title>", status=404))
        if path in self.need and request.headers.get(self.need[path][0]) != self.need[path][1]:
            found = Answer(status=401)
        tag = f'"{hashlib.sha256(found.body).hexdigest()[:16]}"'
        conditional = "If-None-Match" in request.headers
        status = 304 if found.status == 200 and request.headers.get("If-None-Match") == tag else found.status
        self.asked.append((path, conditional, status))
        try:
            request.send_response(status)
            request.send_header("ETag", tag)
            for name, value in found.headers.items():
                request.send_header(name, value)
            body = b"" if status == 304 else found.body
            request.send_header("Content-Type", found.content_type)
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the one who asked was killed meanwhile
