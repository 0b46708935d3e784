"""A judge on loopback: a small web server that answers chat completions as the test tells it to."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from loopback_server import LoopbackServer, QuietHandler

Reply = Callable[[dict[str, Any]], "tuple[int, bytes] | None"]


def completion(content: str) -> tuple[int, bytes]:
    """Return a well-formed answer that says *content*."""
    return 200, json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()


def told(request: dict[str, Any]) -> dict[str, Any]:
    """Return the question that *request* asks."""
    question: dict[str, Any] = json.loads(request["messages"][1]["content"])
    return question


def always(answer: str) -> Reply:
    """Return a judge that says *answer* to every topic."""
    return lambda request: completion(json.dumps(dict.fromkeys(told(request)["topics"], answer)))


class LoopbackJudge(LoopbackServer):
    """Answers POST by `reply` (None: hangs until the end). `requests` and `keys` list what came. A context manager."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.paths: list[str] = []
        judge = self

        class Handler(QuietHandler):
            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                judge.requests.append(request)
                judge.keys.append(self.headers.get("Authorization"))
                judge.paths.append(self.path)
                answer = judge.reply(request)
                if answer is None:
                    judge._free.wait(30)
                    self.close_connection = True
                    return
                status, body = answer
                self.send_response(status)
                if status == 307:
                    self.send_header("Location", body.decode())
                    body = b""
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        super().__init__(Handler)
        self.url = f"{self.origin}/v1"
