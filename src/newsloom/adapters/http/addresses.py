"""Which IP addresses lead to the public internet: the IANA special-purpose registries as a deny list.

IPv4 hidden in IPv6 is unwrapped first. Python's `is_private` / `is_global` are not used: they follow the interpreter's age
(3.11 calls `::7f00:1`, NAT64 of 10.0.0.1 and multicast global).
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_DENIED_V4: tuple[tuple[IPv4Network, str], ...] = tuple(
    (IPv4Network(network), name)
    for network, name in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "cloud metadata"),  # Azure's host agent: public by registry, local by routing
        ("169.254.0.0/16", "link local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.31.196.0/24", "AS112"),
        ("192.52.193.0/24", "AMT"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("192.175.48.0/24", "AS112"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)
_PUBLIC_V6 = IPv6Network("2000::/3")  # all that IANA ever gave out as global unicast
_DENIED_V6: tuple[tuple[IPv6Network, str], ...] = tuple(
    (IPv6Network(network), name)
    for network, name in (
        ("2001::/23", "protocol assignments"),  # Teredo, ORCHID, benchmarking among them
        ("2001:db8::/32", "documentation"),
        ("2620:4f:8000::/48", "AS112"),
        ("3ffe::/16", "6bone"),
        ("3fff::/20", "documentation"),
    )
)
_MAPPED = IPv6Network("::ffff:0:0/96")
_COMPATIBLE = IPv6Network("::/96")
_NAT64 = IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR = IPv6Network("2002::/16")


def refusal(address: str) -> str | None:
    """Return why *address* is not on the public internet, or None when it is.

    Args:
        address: an IP address as the resolver or the socket layer writes it; a zone id (`fe80::1%eth0`) is allowed.

    Raises:
        ValueError: *address* is no IP address.

    Source: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890), RFC 4291, RFC 6052, RFC 3056, RFC 5214.
    """
    parsed = ip_address(address.partition("%")[0])
    if isinstance(parsed, IPv4Address):
        return _refusal_v4(parsed)
    embedded = _embedded(parsed)
    if embedded is not None:
        reason = _refusal_v4(embedded)
        return f"{reason} inside IPv6" if reason else None
    if parsed not in _PUBLIC_V6:
        return "not global IPv6"
    for network, name in _DENIED_V6:
        if parsed in network:
            return name
    # ISATAP (RFC 5214) carries an IPv4 address in the interface identifier of any prefix.
    if (int(parsed) >> 32) & 0xFDFF_FFFF == 0x0000_5EFE:
        return _refusal_v4(IPv4Address(int(parsed) & 0xFFFF_FFFF))
    return None


def _refusal_v4(address: IPv4Address) -> str | None:
    for network, name in _DENIED_V4:
        if address in network:
            return name
    return None


def _embedded(address: IPv6Address) -> IPv4Address | None:
    if address in _MAPPED or address in _NAT64 or address in _COMPATIBLE:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    if address in _SIX_TO_FOUR:
        return IPv4Address((int(address) >> 80) & 0xFFFF_FFFF)
    return None
