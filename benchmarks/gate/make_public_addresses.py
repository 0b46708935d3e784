"""Write 500 public addresses, drawn from what IANA gave out, minus what its special-purpose registries set apart.

    uv run --no-project --with netaddr==1.3.0 benchmarks/gate/make_public_addresses.py tests/golden/public_addresses.txt

netaddr carries the registries as IANA publishes them: ipv4-address-space.xml and ipv6-unicast-address-assignments.xml. The
special-purpose registries (RFC 6890) are short and stand below as their entries are today.
"""

from __future__ import annotations

import random
import sys
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from pathlib import Path
from xml.etree import ElementTree

import netaddr

SPACE = "{http://www.iana.org/assignments}"
SPECIAL_V4 = [
    IPv4Network(text)
    for text in [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "240.0.0.0/4",
    ]
]
SPECIAL_V6 = [
    IPv6Network(text) for text in ["2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"]
]


def _given_out(file: str, states: set[str]) -> list[str]:
    """Return the prefixes of one registry whose status is one of *states*."""
    root = ElementTree.parse(Path(netaddr.__file__).parent / "ip" / file).getroot()
    records = root.iter(f"{SPACE}record")
    return [str(r.findtext(f"{SPACE}prefix")) for r in records if r.findtext(f"{SPACE}status") in states]


def main(path: Path) -> None:
    """Write the list: 300 IPv4 and 200 IPv6 addresses, the same ones each time."""
    dice = random.Random(20260302)
    blocks4 = [IPv4Network(f"{int(p.split('/')[0])}.0.0.0/8")
               for p in _given_out("ipv4-address-space.xml", {"ALLOCATED", "LEGACY"})]  # fmt: skip
    blocks6 = [IPv6Network(p) for p in _given_out("ipv6-unicast-address-assignments.xml", {"ALLOCATED"})]
    found: list[IPv4Address | IPv6Address] = []
    while len(found) < 300:
        v4 = dice.choice(blocks4)[dice.randrange(2**24)]
        if not any(v4 in network for network in SPECIAL_V4):
            found.append(v4)
    while len(found) < 500:
        block = dice.choice(blocks6)
        v6 = block[dice.randrange(block.num_addresses)]
        if not any(v6 in network for network in SPECIAL_V6):
            found.append(v6)
    path.write_text("".join(f"{address}\n" for address in found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
