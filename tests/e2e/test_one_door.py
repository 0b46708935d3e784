"""While a portal is collected and published, every connection is made by the gate's own sockets."""

from __future__ import annotations

import socket
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from invented_news import NOW, put, stories, write_portal
from loopback_web import Answer, LoopbackWeb
from newsloom.adapters.http.gate import Gate
from portal_runs import done

_made: set[int] = set()
_strays: list[str] = []
_connections = 0
_is_watching = False


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    global _connections
    if not _is_watching or event not in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        return
    if arguments[0].family == socket.AF_UNIX or id(arguments[0]) in _made:
        _connections += 1
    else:
        _strays.append(f"{event} {arguments[1:]}")


sys.addaudithook(_watch)


def test_no_socket_is_connected_past_the_gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    global _is_watching
    dial = Gate._dial

    def dialled(self: Gate, info: Any) -> socket.socket:
        made = dial(self, info)
        _made.add(id(made))
        return made

    monkeypatch.setattr(Gate, "_dial", dialled)
    with LoopbackWeb() as web:
        put(web, stories(6))
        web.pages["/old.xml"] = Answer(b"", status=301, headers={"Location": web.url + "/feed.xml"})
        portal = write_portal(tmp_path / "portal", web.url + "/feed.xml", web.url + "/old.xml")
        settings = portal / "newsloom.toml"
        settings.write_text(settings.read_text().replace('images = "none"', 'images = "thumbnail"'))
        _is_watching = True
        try:
            for day in range(2):
                now = (NOW + timedelta(days=day)).strftime("%Y-%m-%dT%H:%M:%SZ")
                done("run", "--portal", portal, "--now", now)
            done("publish", "--portal", portal)
        finally:
            _is_watching = False
    assert _strays == []
    assert _connections > 0


def test_the_watch_sees_what_goes_past_the_gate() -> None:
    global _is_watching
    with LoopbackWeb() as web:
        _is_watching = True
        try:
            socket.create_connection(("127.0.0.1", int(web.url.rpartition(":")[2]))).close()
        finally:
            _is_watching = False
    assert _strays.pop().startswith("socket.connect")
