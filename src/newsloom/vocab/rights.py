"""What a page reserves: robots directives on what may be shown of it, and text and data mining.

Sources: Google, "Robots meta tag, data-nosnippet, and X-Robots-Tag specifications"; W3C community group, "TDM Reservation Protocol".
"""

from __future__ import annotations

import re
from collections.abc import Collection

TDM = "tdm-reservation"
NO_TEXT = frozenset({"nosnippet", "noindex", "none"})
NO_PICTURES = frozenset({"max-image-preview:none", "noimageindex", "none"})
_LIMITS = re.compile(
    r"max-snippet:(?!-)\d{1,6}|max-image-preview:(?:none|standard)|nosnippet|noindex|none|noimageindex|noarchive"
)
_SNIPPET = re.compile(r"max-snippet:(-?\d{1,6})")


def reserved(robots: Collection[str], tdm_reservation: bool | None) -> tuple[str, ...]:
    """Return what of the directives *robots* limits anything, and TDM when mining is reserved, in order of the alphabet."""
    limits = {directive for directive in robots if _LIMITS.fullmatch(directive)}
    return tuple(sorted(limits | ({TDM} if tdm_reservation else set())))


def snippet_limit(robots: Collection[str], limit: int) -> int:
    """Return how many characters of its text the directives *robots* let us quote, *limit* at most; 0 leaves the title only.

    `max-snippet:-1` sets no limit.
    """
    if not NO_TEXT.isdisjoint(robots):
        return 0
    for directive in robots:
        match = _SNIPPET.fullmatch(directive)
        if match and int(match[1]) >= 0:
            limit = min(limit, int(match[1]))
    return limit


def allows_pictures(robots: Collection[str]) -> bool:
    """Return whether the directives *robots* let us show the page's pictures."""
    return NO_PICTURES.isdisjoint(robots)
