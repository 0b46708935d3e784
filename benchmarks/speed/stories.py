"""How fast stories are woven: at many live items, and with a growing archive behind the same live window.

Usage: python benchmarks/speed/stories.py [--live N] [--more N] [--archive N N] [--json]

`live`: the CPU time that the last --more items of an invented stream take when --live items are live, everything included (reading,
index, join, merge; words alone), and the same items by a plain Python scan of the same vectors over all live items.
`archive`: the CPU time from the store to the stories for --more fresh items, with archives of the sizes given that lie before
the same live window of --window items. Figures are ratios within one run; wall time is never used.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from newsloom.adapters.store.sqlite import SqliteStore
from newsloom.demo.stream import write_stream
from newsloom.evaluation.streams import in_stream_order, read_rows
from newsloom.model.item import Item
from newsloom.ports.deciding import StoryConstraints
from newsloom.stages.cluster import ClusterOptions, StreamClusterer
from newsloom.vocab.vectors import TermWeights, count_terms, dot

WINDOW = timedelta(days=5)
SCANNED = 10
"""So many items are compared with every live one, to tell what a scan takes."""


def invented(count: int, per_day: int) -> list[Item]:
    """Return *count* items of an invented stream, in order."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "stream.jsonl"
        write_stream(path, count, per_day=per_day)
        rows, timed = in_stream_order(read_rows(path))
    return [replace(row.item(timed=timed), story=None) for row in rows]


def weave(items: Sequence[Item], known: Sequence[Item] = ()) -> float:
    """Return the CPU seconds it takes to weave *items*."""
    clusterer = StreamClusterer(ClusterOptions(window=WINDOW))
    started = time.process_time()
    clusterer.stories(items, known, StoryConstraints())
    return time.process_time() - started


def scan(items: Sequence[Item], live: int) -> float:
    """Return the CPU seconds for one item by a plain scan: its vector against the vector of each live item."""
    counts = [count_terms(item.article.title, item.article.article_body) for item in items]
    weights = TermWeights.of(counts)
    vectors = [weights.vector(count) for count in counts]
    started = time.process_time()
    for vector in vectors[live : live + SCANNED]:
        max(dot(vector, other) for other in vectors[:live])
    return (time.process_time() - started) / SCANNED


def at_live(live: int, more: int) -> dict[str, float]:
    """Measure the join at *live* live items."""
    items = invented(live + more, max(10, int(live / (WINDOW / timedelta(days=1)))))
    most = weave(items)
    seconds = (most - weave(items[:live])) / more
    by_scan = scan(items, live)
    return {
        "live": live,
        "items_per_cpu_second": 1 / seconds,
        "items_per_cpu_second_whole_stream": len(items) / most,
        "items_per_cpu_second_by_scan": 1 / by_scan,
        "times_the_scan": by_scan / seconds,
    }


def archived(items: Sequence[Item], count: int) -> Iterator[Item]:
    """Yield *count* items long before *items*, each in a story of its own."""
    for number in range(count):
        like = items[number % len(items)]
        seen = items[0].first_seen - timedelta(days=60, minutes=number)
        article = replace(like.article, published_date_time=seen, article_body="")
        yield replace(like, id=f"{number:016x}", article=article, first_seen=seen, story=f"s{number:012x}")


def with_archive(count: int, window: int, more: int) -> float:
    """Return the CPU seconds an item, from the store to its story, with *count* items in the archive."""
    items = invented(window + more, max(10, window // 5))
    known = [replace(item, story=f"s{place:012x}") for place, item in enumerate(items[:window])]
    fresh = items[window:]
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "state.sqlite")
        with store.begin() as work:
            for item in [*archived(items, count - window), *known]:
                work.items.put(item)
        started = time.process_time()
        with store.begin() as work:
            live = work.items.window(fresh[0].seen_at - 2 * WINDOW, fresh[-1].seen_at + 2 * WINDOW)
        StreamClusterer(ClusterOptions(window=WINDOW)).stories(fresh, live, StoryConstraints())
        seconds = time.process_time() - started
        store.close()
    return seconds / more


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--live", type=int, default=50_000)
    parser.add_argument("--more", type=int, default=2_000)
    parser.add_argument("--archive", type=int, nargs=2, default=(10_000, 1_000_000))
    parser.add_argument("--window", type=int, default=5_000)
    parser.add_argument("--only", choices=["live", "archive"])
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found: dict[str, float] = {}
    if options.only != "archive":
        found |= at_live(options.live, options.more)
    if options.only != "live":
        small, large = (with_archive(size, options.window, options.more) for size in options.archive)
        found |= {"archive_small_ms": 1000 * small, "archive_large_ms": 1000 * large, "archive_ratio": large / small}
    if options.json:
        print(json.dumps(found, indent=2))
    else:
        for key, value in found.items():
            print(f"{key:<36}{value:12.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
