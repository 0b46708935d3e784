"""What newsloom asked of each host, and whether it kept its manners: the evidence, host by host."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from newsloom.model.source import HostState, HostVisit


def politeness(hosts: Sequence[HostState], now: datetime) -> dict[str, Any]:
    """Return the report: totals, and one row per host that was asked, the most asked first.

    Rows count the runs that are remembered (`model.source.MOST_VISITS`). `hurried` (sooner than the pause in force), `early` (although the
    host wanted silence) and `most_at_once` over 1 are breaches.
    """
    rows = sorted((_row(host, now) for host in hosts if host.visits), key=lambda row: (-row["requests"], row["host"]))
    conditional = sum(row["conditional"] for row in rows)
    unchanged = sum(row["not_modified"] for row in rows)
    return {
        "hosts": len(rows),
        "requests": sum(row["requests"] for row in rows),
        "throttled": sum(row["throttled"] for row in rows),
        "withheld": sum(row["withheld"] for row in rows),
        "forbidden": sum(row["forbidden"] for row in rows),
        "not_modified_share": round(unchanged / conditional, 3) if conditional else None,
        "breaches": sum(row["breaches"] for row in rows),
        "by_host": rows,
    }


def _row(host: HostState, now: datetime) -> dict[str, Any]:
    visits = host.visits
    pauses = [visit.shortest_pause_seconds for visit in visits if visit.shortest_pause_seconds is not None]
    conditional, unchanged = _sum(visits, "conditional"), _sum(visits, "not_modified")
    most_at_once = max(visit.most_at_once for visit in visits)
    hurried, early = _sum(visits, "hurried"), _sum(visits, "early")
    return {
        "host": host.host,
        "runs": len(visits),
        "since": visits[0].at,
        "requests": _sum(visits, "requests"),
        "most_at_once": most_at_once,
        "shortest_pause_seconds": min(pauses) if pauses else None,
        "hurried": hurried,
        "conditional": conditional,
        "not_modified": unchanged,
        "not_modified_share": round(unchanged / conditional, 3) if conditional else None,
        "throttled": _sum(visits, "throttled"),
        "withheld": _sum(visits, "withheld"),
        "early": early,
        "silent_until": host.not_before if host.not_before is not None and host.not_before > now else None,
        "robots_status": host.robots_status,
        "robots_fetched": host.robots_fetched,
        "forbidden": _sum(visits, "forbidden"),
        "breaches": hurried + early + (most_at_once > 1),
    }


def _sum(visits: Sequence[HostVisit], name: str) -> int:
    return sum(int(getattr(visit, name)) for visit in visits)
