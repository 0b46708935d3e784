"""The one door to the network: every request newsloom sends leaves through `Gate.get` or `Gate.post`.

Three checks, each on what will really be used: the address as WHATWG parses it (and aiohttp gets that very text), the names
and ports in it, and the IP address at each dial, after resolving, so that no answer of a name server changes between
check and use. Redirects are the caller's and pass the gate again. No proxy, cookie or netrc of the environment is used.
"""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

import aiohttp
import yarl
from aiohttp.abc import AbstractResolver, ResolveResult

from newsloom.adapters.http.addresses import refusal
from newsloom.errors import ConfigError, GateRefused
from newsloom.vocab import urls

_DEFAULT_PORTS = {"http": 80, "https": 443}
# The WHATWG Fetch standard's bad ports above 1023; of those below only 80 and 443 serve the web.
_BAD_PORTS = frozenset(
    (1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, *range(6665, 6670), 6679, 6697, 10080)
)
_LOCAL_SUFFIXES = (
    "localhost",
    "local",
    "internal",
    "localdomain",
    "home.arpa",
    "lan",
    "intranet",
    "corp",
    "home",
    "onion",
    "invalid",
)


@dataclass(frozen=True, slots=True)
class GateOptions:
    """What may pass besides the public web.

    Attributes:
        allow: exceptions to the address check: a network or address (`10.1.0.0/16`, `127.0.0.1`, `[::1]:8080`) or a host
            (`intranet.example`, `intranet.example:8080`), which is trusted wherever it resolves to. With a port only that port.
        hosts: names resolved here instead of by the system, as in a hosts file: name → `address` or `address:port`. What
            they resolve to is checked like any other address.
        connections: most connections open at once.
    """

    allow: tuple[str, ...] = ()
    hosts: Mapping[str, str] = field(default_factory=dict)
    connections: int = 16


@dataclass(frozen=True, slots=True)
class Target:
    """An address that passed the first check. `key` names its host for politeness: `host` or `host:port`."""

    href: str
    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = ""

    @property
    def key(self) -> str:
        """Return the host, with its port unless that is the scheme's own."""
        return self.host if self.port == _DEFAULT_PORTS[self.scheme] else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class _Allowed:
    networks: tuple[tuple[IPv4Network | IPv6Network, int | None], ...]
    names: frozenset[tuple[str, int | None]]

    def address(self, address: str, port: int) -> bool:
        parsed = ip_address(address.partition("%")[0])
        return any(parsed in network and only in (None, port) for network, only in self.networks)

    def name(self, host: str, port: int) -> bool:
        return (host, None) in self.names or (host, port) in self.names


@dataclass(frozen=True, slots=True)
class _Ask:
    """The request a dial belongs to, and which of its dials were refused."""

    target: Target
    refused: list[str] = field(default_factory=list)


_current: ContextVar[_Ask] = ContextVar("newsloom_gate_ask")


class _RefusedDial(OSError):
    """An OSError, because the connector tries the next address after one and mishandles anything else."""


def read_target(url: str, base: str | None = None) -> Target:
    """Return what *url* (against *base*) names by the WHATWG URL standard, whether it may be asked for or not.

    Raises:
        GateRefused: it is no http(s) address.
    """
    parsed = urls.parse_web(url, base)
    if parsed is None:
        raise GateRefused("not an http or https address", where=url[:200])
    scheme = str(parsed.protocol)[:-1]
    user, password = str(parsed.username), str(parsed.password)
    parsed.username = parsed.password = ""
    parsed.hash = ""
    host = str(parsed.hostname).strip("[]").rstrip(".")
    port = int(parsed.port) if parsed.port else _DEFAULT_PORTS[scheme]
    return Target(str(parsed.href), scheme, host, port, user, password)


def connector_address(target: Target) -> yarl.URL:
    """Return *target* as aiohttp takes it, character by character the text that was checked.

    Raises:
        GateRefused: aiohttp's parser sees another host, port or scheme in it; two parsers that read one address differently
            are how such guards fail.
    """
    try:
        address = yarl.URL(target.href, encoded=True)
        seen = (address.scheme, (address.raw_host or "").rstrip("."), address.port)
    except ValueError as error:
        raise GateRefused("address is read in two ways", where=target.href[:200]) from error
    if seen != (target.scheme, target.host, target.port):
        raise GateRefused("address is read in two ways", where=target.href[:200])
    return address


class Gate:
    """Lets requests to the public web out and refuses all others. Use from one event loop; close it at the end."""

    def __init__(self, options: GateOptions) -> None:
        self._allowed = _parse_allow(options.allow)
        self._resolver = _Resolver(options.hosts)
        self._connections = options.connections
        self._session: aiohttp.ClientSession | None = None

    def check(self, url: str, base: str | None = None) -> Target:
        """Return what *url* (against *base*) names, when it may be asked for.

        Raises:
            GateRefused: no http(s) address, or one that names a private host, a literal private address or an unfit port.
        """
        target = read_target(url, base)
        self._check_names(target)
        return target

    def get(self, target: Target, headers: Mapping[str, str]) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        """Send one GET for *target*; see `_send`."""
        return self._send("GET", target, headers, None)

    def post(
        self, target: Target, headers: Mapping[str, str], body: bytes
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        """Send *body* to *target* by one POST; see `_send`."""
        return self._send("POST", target, headers, body)

    @asynccontextmanager
    async def _send(
        self, method: str, target: Target, headers: Mapping[str, str], body: bytes | None
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Send one request to *target* and give its response; redirects are not followed, the body is not decoded.

        Leaving the block before the body was read drops the connection.

        Raises:
            GateRefused: a dialled address is not allowed.
            aiohttp.ClientError, OSError, TimeoutError: what the network did.
        """
        address = connector_address(target)
        if self._session is None:
            self._session = self._open_session()
        ask = _Ask(target)
        token = _current.set(ask)
        try:
            async with self._session.request(
                method, address, headers=headers, data=body, allow_redirects=False
            ) as response:
                yield response
        except aiohttp.ClientConnectorError as error:
            if ask.refused:
                raise GateRefused(ask.refused[0], where=target.href[:200], hint=_HINT) from error
            raise
        finally:
            _current.reset(token)

    async def close(self) -> None:
        """Close all connections. May be called twice."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _open_session(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            limit=self._connections,
            limit_per_host=1,
            resolver=self._resolver,
            use_dns_cache=False,  # names are asked for anew, and every answer is checked when dialled
            socket_factory=self._dial,
        )
        session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None),  # deadlines are the fetcher's
            trust_env=False,
            auto_decompress=False,
            skip_auto_headers=("User-Agent", "Accept-Encoding", "Accept"),
        )
        # Else it asks a second time, at once and uncounted, when a server hangs up. There is no public switch.
        session._retry_connection = False
        return session

    def _dial(
        self, info: tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[Any, ...]]
    ) -> socket.socket:
        """Make the socket for one dial, unless its address is refused. aiohttp calls this before every connect."""
        family, kind, protocol, _, sockaddr = info
        address, port = str(sockaddr[0]), int(sockaddr[1])
        ask = _current.get()
        trusted = self._allowed.name(ask.target.host, ask.target.port)
        if not trusted and not self._allowed.address(address, port):
            reason = refusal(address)
            if reason is not None:
                ask.refused.append(f"{address} is no public address ({reason})")
                raise _RefusedDial(ask.refused[-1])
        return socket.socket(family, kind, protocol)

    def _check_names(self, target: Target) -> None:
        if self._allowed.name(target.host, target.port):
            return
        literal = urls.is_ip_address(target.host) or ":" in target.host
        if literal and self._allowed.address(target.host, target.port):
            return
        if (target.port < 1024 and target.port not in (80, 443)) or target.port in _BAD_PORTS:
            raise GateRefused(f"port {target.port} serves no web pages", where=target.href[:200], hint=_HINT)
        if literal:
            reason = refusal(target.host)
            if reason is not None:
                raise GateRefused(f"{target.host} is no public address ({reason})", where=target.href[:200], hint=_HINT)
        elif target.host not in self._resolver.names and (
            "." not in target.host or target.host.endswith(tuple("." + suffix for suffix in _LOCAL_SUFFIXES))
        ):
            raise GateRefused(f"{target.host} names a private host", where=target.href[:200], hint=_HINT)


_HINT = "If it is yours, list it under allow_networks in [fetch]"


class _Resolver(AbstractResolver):
    """Resolves by the given names first, then by the system."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = {name.lower(): _split_port(where) for name, where in names.items()}
        self._system: aiohttp.ThreadedResolver | None = None

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return where *host* is."""
        known = self.names.get(host.rstrip("."))
        if known is None:
            if self._system is None:
                self._system = aiohttp.ThreadedResolver()
            return await self._system.resolve(host, port, family)
        address, own_port = known
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=own_port or port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
        ]

    async def close(self) -> None:
        """Do nothing: no resource is held."""


def _split_port(text: str) -> tuple[str, int | None]:
    """Split `host`, `host:port`, `[v6]:port` or a bare IPv6 address."""
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        return host, int(rest[1:]) if rest.startswith(":") else None
    if text.count(":") == 1:
        host, _, port = text.partition(":")
        return host, int(port)
    return text, None


def _parse_allow(entries: tuple[str, ...]) -> _Allowed:
    networks: list[tuple[IPv4Network | IPv6Network, int | None]] = []
    names: set[tuple[str, int | None]] = set()
    for entry in entries:
        try:
            host, port = _split_port(entry.strip())
        except ValueError as error:
            raise ConfigError("not a network, address or host[:port]", where=f"allow_networks: {entry!r}") from error
        try:
            networks.append((ip_network(host, strict=False), port))
        except ValueError:
            parsed = urls.parse_web(f"http://{host}/")
            if parsed is None or str(parsed.hostname) != host.lower():
                raise ConfigError("not a network, address or host[:port]", where=f"allow_networks: {entry!r}") from None
            names.add((host.lower(), port))
    return _Allowed(tuple(networks), frozenset(names))
