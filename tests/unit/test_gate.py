"""The gate: nothing but the public web is reached, whatever an address or a name server says."""

from __future__ import annotations

import ast
import asyncio
import json
import socket
from pathlib import Path

import pytest
from aiohttp.abc import ResolveResult

import newsloom
from newsloom.adapters.http.addresses import refusal
from newsloom.adapters.http.gate import Gate, GateOptions, connector_address
from newsloom.errors import ConfigError, GateRefused
from shared_data import shared


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "100.64.0.1", "169.254.169.254", "192.0.0.192", "224.0.0.1", "255.255.255.255", "0.0.0.0",
        "168.63.129.16", "::1", "::", "::7f00:1", "::ffff:127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1",
        "2002:7f00:1::", "2001::1", "fe80::1%eth0", "fec0::1", "fc00::1", "ff02::1", "5f00::1", "2a00:1450::5efe:10.0.0.1",
        "2001:db8::1", "3fff::1",
    ],
)  # fmt: skip
def test_special_addresses_are_refused(address: str) -> None:
    assert refusal(address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1", "2002:101:101::"]
)
def test_public_addresses_pass(address: str) -> None:
    assert refusal(address) is None


def test_vectors_of_the_shared_suite_are_refused() -> None:
    gate = Gate(GateOptions())
    passed = []
    for line in (shared("suites", "ssrf") / "vectors.jsonl").read_text("utf-8").splitlines():
        url = json.loads(line)["url"]
        if url is None:
            continue
        try:
            passed.append((url, gate.check(url).host))
        except GateRefused:
            continue
    # Two vectors name a public host by the URL standard and only look like another; the dial goes to that public host.
    assert {host for _, host in passed} <= {"example.org"}
    assert len(passed) <= 2


@pytest.mark.parametrize(
    "answers", [["127.0.0.1"], ["127.0.0.1", "93.184.216.34"], ["::1", "93.184.216.34"], ["::1", "127.0.0.1"]]
)
def test_every_dial_is_checked_after_resolving(answers: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    async def check() -> None:
        gate = Gate(GateOptions())

        async def resolve(host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
            return [
                ResolveResult(
                    hostname=host,
                    host=a,
                    port=port,
                    family=socket.AF_INET6 if ":" in a else socket.AF_INET,
                    proto=0,
                    flags=0,
                )
                for a in answers
            ]

        monkeypatch.setattr(gate._resolver, "resolve", resolve)
        connected: list[object] = []

        async def connect(sock: socket.socket, address: object) -> None:
            connected.append(address)
            raise OSError("not in a test")

        monkeypatch.setattr(asyncio.get_running_loop(), "sock_connect", connect)
        with pytest.raises(GateRefused):
            async with gate.get(gate.check("http://rebound.example/"), {}):
                pass
        assert all("127.0.0.1" not in str(address) and "::1" not in str(address) for address in connected)
        await gate.close()

    asyncio.run(check())


def test_exceptions_are_exact() -> None:
    gate = Gate(GateOptions(allow=("10.1.0.0/16", "127.0.0.1:8080", "[::1]:8080", "intranet.example:81", "printer")))
    for url in (
        "http://10.1.2.3/",
        "http://127.0.0.1:8080/",
        "http://[::1]:8080/",
        "http://intranet.example:81/",
        "http://printer:631/",
    ):
        assert gate.check(url)
    for url in (
        "http://10.2.0.1/",
        "http://127.0.0.1/",
        "http://127.0.0.2:8080/",
        "http://intranet.example:82/",
        "http://example.org:22/",
    ):
        with pytest.raises(GateRefused):
            gate.check(url)
    for wrong in ("http://x/", "10.0.0.0/99", "a b", "host:port"):
        with pytest.raises(ConfigError):
            Gate(GateOptions(allow=(wrong,)))


def test_addresses_reach_the_network_as_they_were_checked() -> None:
    target = Gate(GateOptions()).check("HTTP://user:pw@EXAMPLE.org:80/a/../b c?q=ü#fragment")
    assert (target.href, target.key) == ("http://example.org/b%20c?q=%C3%BC", "example.org")
    assert (target.user, target.password) == ("user", "pw")


_NETWORK_MODULES = {
    "aiohttp", "httpx", "requests", "urllib3", "urllib.request", "http.client", "socket", "ssl", "ftplib", "smtplib", "telnetlib",
    "xmlrpc", "websockets", "socketserver", "aiodns", "pycares",
}  # fmt: skip
_NETWORK_CALLS = {
    "open_connection", "create_connection", "create_datagram_endpoint", "getaddrinfo", "sock_connect", "urlopen", "fetch_url",
    "fetch_response", "gethostbyname", "open_unix_connection",
}  # fmt: skip


def _network_use(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "aiohttp":
            names = [] if {alias.name for alias in node.names} == {"web"} else ["aiohttp"]  # a server dials nobody
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""] + [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Attribute) and node.attr in _NETWORK_CALLS:
            names = [node.attr]
        else:
            continue
        found += [name for name in names if name in _NETWORK_MODULES | _NETWORK_CALLS]
    return found


def test_only_the_gate_opens_connections() -> None:
    root = Path(newsloom.__file__).parent
    users = {str(path.relative_to(root)): use for path in root.rglob("*.py") if (use := _network_use(path))}
    assert any(path.startswith("adapters/http/") for path in users)
    outside = {path: use for path, use in users.items() if not path.startswith("adapters/http/")}
    assert not outside, f"these modules can reach the network past the gate: {outside}"


@pytest.mark.parametrize("url", ["http://bücher.example/a", "https://xn--bcher-kva.example/", "http://faß.example/ü"])
def test_names_in_other_scripts_pass(url: str) -> None:
    target = Gate(GateOptions()).check(url)
    assert connector_address(target).raw_host == target.host
    assert target.host.startswith("xn--")


def test_no_public_address_is_refused() -> None:
    """The list is drawn from the IANA registries by benchmarks/gate/make_public_addresses.py."""
    listed = (Path(__file__).parents[1] / "golden" / "public_addresses.txt").read_text().split()
    gate = Gate(GateOptions())
    assert len(set(listed)) == 500
    assert [address for address in listed if refusal(address)] == []
    for address in listed:
        assert gate.check(f"http://[{address}]/" if ":" in address else f"http://{address}/")
