"""A labelled, dated stream of any size, for measuring at scale: `newsloom demo --stream N`.

Everything is invented: names out of syllables, sentences out of templates. Events start one after another and are reported over
hours and days by providers of each kind; some have a twin elsewhere, told with the same templates (two earthquakes, two votes,
two rate decisions); floods and strikes run on with new numbers every day; some have a follow-up that is a story of its own;
wires are copied in every way. Memory does not grow with the size: only what is still to be told of running events is held.
"""

from __future__ import annotations

import heapq
import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from newsloom.demo.stream_events import Event, Publisher, rows
from newsloom.demo.stream_words import name, speeches

START = datetime(2026, 1, 5, 6, tzinfo=UTC)
PER_DAY = 2_000

_ITEMS_PER_EVENT = 4.6
"""What an event brings on average; it sets how often events happen."""
_LANGUAGES = ("en",) * 14 + ("de", "fr", "es")
_SINGLES = (("offtopic", 0.12), ("market", 0.05), ("release", 0.05))
_TWINS = 0.2
_KINDS = {"national": 8, "local": 30, "trade": 8, "blog": 12, "aggregator": 7, "press_release": 3}


def stream_rows(count: int, seed: int = 0, *, per_day: int = PER_DAY) -> Iterator[dict[str, Any]]:
    """Yield *count* lines of a labelled stream in order of first_seen; the same for the same arguments.

    Args:
        per_day: about how many items come in a day.

    Cost: O(count) time; memory for the events of a few days.
    """
    rng = random.Random(f"newsloom stream {seed}")
    publishers = {tag: _publishers(tag, random.Random(f"publishers {seed} {tag}")) for tag in speeches()}
    gap = timedelta(days=_ITEMS_PER_EVENT / per_day)
    planned: list[tuple[datetime, int, str, str]] = []
    waiting: list[tuple[str, str, dict[str, Any]]] = []
    at, number, told = START, 0, 0
    while told < count:
        if not planned or planned[0][0] > at:
            heapq.heappush(planned, (at, number, *_drawn(rng)))
            at += gap * rng.expovariate(1.0)
            number += 1
        start, own, tag, kind = heapq.heappop(planned)
        until = f"{min(start, at):%Y-%m-%dT%H:%M:%SZ}"
        while waiting and waiting[0][0] < until and told < count:
            yield heapq.heappop(waiting)[2]
            told += 1
        event = Event(own, kind, start, speeches()[tag], publishers[tag], random.Random(f"{seed} event {own}"))
        for row in rows(event):
            heapq.heappush(waiting, (row["first_seen"], row["id"], row))
        if kind in speeches()[tag].data["kinds"] and rng.random() < _TWINS:
            later = start + timedelta(hours=rng.uniform(2, 72))
            heapq.heappush(planned, (later, number, tag, kind))
            number += 1


def write_stream(path: Path, count: int, seed: int = 0, *, per_day: int = PER_DAY) -> None:
    """Write *count* lines of a labelled stream to *path*, UTF-8, one JSON object a line. Raises OSError."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in stream_rows(count, seed, per_day=per_day):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _drawn(rng: random.Random) -> tuple[str, str]:
    """Return language and kind of the next event."""
    drawn = rng.random()
    for kind, share in _SINGLES:
        if drawn < share:
            return "en", kind
        drawn -= share
    tag = rng.choice(_LANGUAGES)
    return tag, rng.choice(sorted(speeches()[tag].data["kinds"]))


def _publishers(tag: str, rng: random.Random) -> tuple[Publisher, ...]:
    """Return the wire and the invented providers of one language, fewer where it is not English."""
    found = [Publisher("Meridian Wire", "meridianwire.example", "wire", tag)]
    endings = ("Post", "Herald", "Times", "Ledger", "Echo", "Review", "Courier", "Bulletin")
    for kind, count in _KINDS.items():
        for _ in range(count if tag == "en" else max(2, count // 3)):
            base = name(rng)
            title = f"{base} {rng.choice(endings)}"
            domain = f"{title.lower().replace(' ', '')}{len(found)}.example"
            found.append(Publisher(title, domain, kind, tag))
    return tuple(found)
