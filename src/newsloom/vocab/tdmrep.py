"""`/.well-known/tdmrep.json`: what a site reserves for text and data mining, by path.

Source: TDM Reservation Protocol (W3C Community Group), final report of 10 May 2024, "TDM file on the origin server".
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

PATH = "/.well-known/tdmrep.json"
MAX_BYTES = 256 * 1024
MAX_RULES = 200
_MAX_LOCATION = 500
_MAX_STARS = 20


@dataclass(frozen=True, slots=True)
class TdmRule:
    """One rule: a path as robots.txt has them (`*`, and `$` at the end), and whether mining is reserved there."""

    location: str
    is_reserved: bool


def read_tdmrep(body: bytes) -> tuple[TdmRule, ...]:
    """Return the rules in *body*; what is no rule is passed over, and a file that is no list of rules has none."""
    if len(body) > MAX_BYTES:
        return ()
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    rules = []
    for row in told[:MAX_RULES] if isinstance(told, list) else ():
        location = row.get("location") if isinstance(row, dict) else None
        if not isinstance(location, str) or location[:1] not in ("/", "*") or len(location) > _MAX_LOCATION:
            continue
        reservation = str(row.get("tdm-reservation"))
        if location.count("*") <= _MAX_STARS and reservation in ("0", "1"):
            rules.append(TdmRule(location, reservation == "1"))
    return tuple(rules)


def is_reserved(rules: Sequence[TdmRule], path: str) -> bool | None:
    """Return whether *rules* reserve mining at *path*, None when none of them is about it.

    The most specific rule decides, as in robots.txt (RFC 9309): the longest, and of two as long the one that reserves.
    """
    matching = [rule for rule in rules if _matches(rule.location, path)]
    if not matching:
        return None
    return max(matching, key=lambda rule: (len(rule.location), rule.is_reserved)).is_reserved


def _matches(location: str, path: str) -> bool:
    """Return whether *path* begins as *location* has it, or ends so too where that ends in `$`. Linear in the path for each star."""
    first, *parts = location.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    position = len(first)
    last = parts.pop() if parts and location.endswith("$") else None
    for part in parts:
        position = path.find(part, position)
        if position < 0:
            return False
        position += len(part)
    if last is not None:
        return path.endswith(last) and len(path) - len(last) >= position
    return not location.endswith("$") or position == len(path)
