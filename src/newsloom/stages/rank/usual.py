"""What is usual for a topic: how strongly its ordinary story was covered at its height, over the last two weeks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from statistics import median

WINDOW = timedelta(days=14)
EVERYTHING = ""
"""The key of what is usual for the portal as a whole."""

_PRIOR_STORIES = 8
"""How many stories the wider level counts for: with few of its own a topic is believed to be like the portal, the portal
like nothing in particular (0)."""


def usual_window(now: datetime) -> tuple[datetime, datetime]:
    """Return the stretch that tells what is usual at *now*: two weeks up to the beginning of the day, UTC.

    Nothing that happens today changes today's measure: new coverage of a story cannot cool it by being counted as usual.
    """
    end = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return end - WINDOW, end


def usual_levels(heights: Iterable[tuple[Sequence[str], float]]) -> Mapping[str, float]:
    """Return topic → its usual level, and EVERYTHING → the portal's; empty when there is nothing to go by.

    Args:
        heights: of each published story, its topics and the strength of its coverage at its height.

    A level is the median of its stories' heights, drawn towards the wider level the fewer they are. Order does not matter.
    """
    by_topic: dict[str, list[float]] = {}
    for topics, height in heights:
        for topic in (EVERYTHING, *dict.fromkeys(topics)):
            by_topic.setdefault(topic, []).append(height)
    everything = by_topic.pop(EVERYTHING, [])
    if not everything:
        return {}
    overall = _drawn(everything, 0.0)
    return {EVERYTHING: overall, **{topic: _drawn(found, overall) for topic, found in sorted(by_topic.items())}}


def _drawn(heights: Sequence[float], towards: float) -> float:
    return (len(heights) * median(heights) + _PRIOR_STORIES * towards) / (len(heights) + _PRIOR_STORIES)
