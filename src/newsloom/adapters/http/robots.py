"""robots.txt as RFC 9309 has it: what may be asked for, how slowly, and how long the answer holds."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache

from protego import Protego

from newsloom.model.source import HostState

MAX_ROBOTS_BYTES = 500 * 1024
"""What is read of a robots.txt; RFC 9309 §2.5 asks for at least this, and protego takes seconds beyond."""

_KEEP = timedelta(hours=24)  # RFC 9309 §2.4
_KEEP_BROKEN = timedelta(hours=1)  # a server error is asked about again soon
_MAX_LINES = 20_000


class RobotsRules:
    """The rules of one host for one crawler."""

    def __init__(self, text: str, agent: str) -> None:
        self._rules = _parsed(text)
        self._agent = agent

    def allow(self, url: str) -> bool:
        """Return whether *url* may be asked for: as it is sent, percent-encoded; anything else cannot be (RFC 9309 §2.2.2)."""
        return url.isascii() and bool(self._rules.can_fetch(url, self._agent))

    @property
    def crawl_delay_seconds(self) -> float:
        """Return the pause the host asks for between requests; 0.0 when it asks for none."""
        return float(self._rules.crawl_delay(self._agent) or 0.0)

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """Return the sitemap addresses the file names, as written, in order."""
        return tuple(dict.fromkeys(self._rules.sitemaps))


def is_current(state: HostState, now: datetime) -> bool:
    """Return whether the robots.txt remembered in *state* may still be used."""
    if state.robots_fetched is None:
        return False
    keep = _KEEP_BROKEN if (state.robots_status or 0) >= 500 else _KEEP
    return timedelta(0) <= now - state.robots_fetched < keep


def rules_of(state: HostState, agent: str) -> RobotsRules:
    """Return the rules that *state* remembers: none after 4xx, everything forbidden after 5xx (RFC 9309 §2.3.1)."""
    status = state.robots_status or 200
    if status >= 500:
        return RobotsRules("User-agent: *\nDisallow: /", agent)
    return RobotsRules((state.robots_text or "") if status < 400 else "", agent)


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Protego:
    return Protego.parse("\n".join(filter(None, map(_plain_line, text.splitlines()[:_MAX_LINES]))))


def _plain_line(line: str) -> str:
    """Return *line* as protego reads RFC 9309 right: unknown fields dropped, agents cut to their product token.

    Protego lets an unknown line end a group (RFC 9309 §2.2.4 lets it pass) and takes `FooBot 2.0` for another name.
    """
    field, colon, value = line.partition("#")[0].partition(":")
    name = field.strip().lower()
    if not colon or name not in _KNOWN_FIELDS:
        # "Disallow /x" without a colon is protego's to forgive.
        return line if not colon else ""
    if name in _AGENT_FIELDS:
        token = _PRODUCT_TOKEN.match(value.strip())
        return f"User-agent: {token[0] if token else value.strip()}"
    return line


_AGENT_FIELDS = frozenset(("user-agent", "useragent", "user agent"))
_KNOWN_FIELDS = _AGENT_FIELDS | frozenset(
    ("allow", "disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw", "sitemap", "sitemaps", "site-map",
     "crawl-delay", "crawl delay")
)  # fmt: skip
_PRODUCT_TOKEN = re.compile(r"\*|[A-Za-z_-]+")
