"""Report how stories stand when items come in run by run, as at a portal, with and without parting what has come apart.

Usage: python benchmarks/training/story_runs.py DATA/stories [--embedder none|default] [--size 60]

Each run weaves --size more items into the stories that the runs before left behind. Out of fold by story, with the weights and the
folds of train_stories.py. `back` counts items that came into a story which they had left. Deterministic; ten minutes of CPU time.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import train_stories as training

from newsloom.adapters.text.choice import make_embedder
from newsloom.evaluation.streams import Row, in_stream_order, read_rows
from newsloom.stages.cluster import ClusterOptions, StreamClusterer

NEVER = -math.inf


@dataclass
class Runs:
    """Where the items of a stream stand after all runs, and how often they moved."""

    rows: Sequence[Row]
    found: list[str]
    moved: dict[str, int]

    def true(self, index: int) -> str:
        return self.rows[index].story or self.rows[index].id


def run(rows: Sequence[Row], *, timed: bool, clusterer: StreamClusterer, size: int) -> Runs:
    items = [row.item(timed=timed) for row in rows]
    places: dict[str, list[str]] = defaultdict(list)
    moved = {"merged": 0, "split": 0, "back": 0}
    for start in range(0, len(items), size):
        known = [replace(item, story=places[item.id][-1]) for item in items[:start]]
        decided = clusterer.stories(items[start : start + size], known, training.NOTHING)
        for choice in decided.choices:
            places[choice.item].append(choice.story)
        for revision in decided.revisions:
            moved[revision.kind] += 1
            moved["back"] += revision.story in places[revision.item]
            places[revision.item].append(revision.story)
    return Runs(rows, [places[item.id][-1] for item in items], moved)


def report(name: str, rows: Sequence[Row], by_fold: Sequence[training.Weights], embedder: str, size: int) -> None:
    ordered, timed = in_stream_order(list(rows))
    clusterer = StreamClusterer(embedder=make_embedder(embedder))
    for part in (NEVER, ClusterOptions().part):
        sums, moved = [0.0, 0.0, 0], {"merged": 0, "split": 0, "back": 0}
        for fold, weights in enumerate(by_fold):
            clusterer.options = ClusterOptions(weights=weights, part=part)
            after = run(ordered, timed=timed, clusterer=clusterer, size=size)
            sums = [a + b for a, b in zip(sums, training.figures(after, after.found, {fold}), strict=True)]
            moved = {kind: count + after.moved[kind] for kind, count in moved.items()}
        precision, recall = sums[0] / sums[2], sums[1] / sums[2]
        told = "  ".join(f"{kind} {count}" for kind, count in moved.items())
        print(
            f"{name} part {part}: F1 {training.f1(precision, recall):.4f} (P {precision:.3f} R {recall:.3f})  {told}",
            flush=True,
        )


def main() -> int:
    """Train, run, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--embedder", default="none")
    parser.add_argument("--size", type=int, default=60)
    options = parser.parse_args()
    learned = training.gather(*training.streams(options.data, options.embedder))
    by_fold = [learned.weights(fold) for fold in range(training.FOLDS)]
    rows = {name: read_rows(options.data / name / "dev.jsonl") for name in ("allsides", "ecbplus")}
    rows["allsides"] = [
        row for row in rows["allsides"] if training.digest("y" + (row.story or "")) % training.ALLSIDES == 0
    ]
    rows["stream-a"] = read_rows(training.ROOT / "benchmarks/quality/sets/stream-a.jsonl")
    for name, found in rows.items():
        report(name, found, by_fold, options.embedder, options.size)
    return 0


if __name__ == "__main__":
    sys.exit(main())
