"""What was taken down and stays away: `_data/takedowns.jsonl`, a line for each item, address or domain.

    {"item": "4f2a90c1d5e6b7a8", "reason": "court order 12/26", "by": "ada", "at": "2026-03-02T12:00:00Z"}
    {"address": "9f3c…", "reason": "court order 12/26", "by": "ada", "at": "2026-03-02T12:00:00Z"}
    {"domain": "paper.example", "reason": "asked to", "by": "ada", "at": "2026-03-02T12:00:00Z"}

An address is kept as the start of its hash: the address may be what had to go.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from newsloom.errors import ConfigError
from newsloom.vocab.urls import identity, parse_web

_HASH_DIGITS = 32


@dataclass(frozen=True, slots=True)
class Takedowns:
    """Items, domains and hashed addresses that must not come back, each with its reason."""

    items: dict[str, str] = field(default_factory=dict)
    domains: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)

    def reason(self, urls: Iterable[str | None]) -> str | None:
        """Return why one of *urls* was taken down, None when none was."""
        for url in urls:
            if not url or not (self.domains or self.addresses):
                continue
            found = self.addresses.get(address_hash(url)) or self.reason_for_domain(_host(url))
            if found is not None:
                return found
        return None

    def reason_for_domain(self, host: str) -> str | None:
        """Return why *host*, or a domain it belongs to, was taken down, None when it was not."""
        labels = host.split(".")
        wider = (".".join(labels[start:]) for start in range(len(labels)))
        return next((self.domains[domain] for domain in wider if domain in self.domains), None)


def address_hash(url: str) -> str:
    """Return what stands for *url* in the list: 32 hex digits, the same for every form of one address."""
    return hashlib.sha256(identity(url).encode("utf-8", "replace")).hexdigest()[:_HASH_DIGITS]


def takedown_line(kind: str, value: str, *, reason: str, by: str, at: datetime) -> str:
    """Return one line of the list, its line end with it. *kind* is `item` (an id), `address` (a hash) or `domain`."""
    said = {kind: value, "reason": reason, "by": by, "at": at.strftime("%Y-%m-%dT%H:%M:%SZ")}
    return json.dumps(said, ensure_ascii=False) + "\n"


def read_takedowns(text: str, *, where: str) -> Takedowns:
    """Return what the list *text* says; blank lines are passed over.

    Raises:
        ConfigError: a line is none. A list that is not understood must not be passed over: what it keeps away would come back.
    """
    found = Takedowns()
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            said = json.loads(line)
            kind = next(kind for kind in ("item", "address", "domain") if kind in said)
            value, reason = str(said[kind]).strip().lower(), str(said.get("reason") or "taken down")
        except (ValueError, TypeError, StopIteration, RecursionError) as error:
            raise ConfigError(
                "the line names no item, address or domain",
                where=f"{where}, line {number}",
                hint='A line is {"domain": "paper.example", "reason": "…"}',
            ) from error
        {"item": found.items, "address": found.addresses, "domain": found.domains}[kind][value] = reason
    return found


def _host(url: str) -> str:
    parsed = parse_web(url)
    return parsed.hostname.lower().rstrip(".") if parsed is not None else ""
