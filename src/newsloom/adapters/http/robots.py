"""robots.txt as RFC 9309 has it: what may be asked for, how slowly, and how long the answer holds."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from protego import Protego

from newsloom.model.source import HostState

MAX_ROBOTS_BYTES = 500 * 1024
"""What is read of a robots.txt; RFC 9309 §2.5 asks for at least this, and protego takes seconds beyond."""

_KEEP = timedelta(hours=24)  # RFC 9309 §2.4
_KEEP_BROKEN = timedelta(hours=1)  # a server error is asked about again soon
_MAX_TEXT_LINES = 20_000


class RobotsRules:
    """The rules of one host for one crawler."""

    def __init__(self, text: str, agent: str) -> None:
        self._rules = _parsed(text)
        self._agent = agent

    def allow(self, url: str) -> bool:
        """Return whether *url* may be asked for."""
        return bool(self._rules.can_fetch(url, self._agent))

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
    lines = text.splitlines()
    return Protego.parse("\n".join(lines[:_MAX_TEXT_LINES]))
