"""Other extractors that `newsloom eval extract --peer` scores on the same pages, each with its full record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from newsloom.errors import UsageError

PEERS: Mapping[str, Mapping[str, Any]] = {
    "trafilatura": {},
    "trafilatura-precision": {"favor_precision": True},
}
"""Name → the mode that trafilatura is run in."""


def checked_peer(name: str) -> str:
    """Return *name* when there is such a peer.

    Raises:
        UsageError: there is none.
    """
    if name not in PEERS:
        raise UsageError(f"there is no peer {name!r} for extract", hint=f"Known: {', '.join(PEERS)}")
    return name


def peer_record(name: str, body: bytes, url: str) -> Any:
    """Return the record (text and metadata) that the peer makes of the page *body*, None when it finds nothing."""
    import trafilatura

    return trafilatura.bare_extraction(body, url=url, include_comments=False, with_metadata=True, **PEERS[name])
