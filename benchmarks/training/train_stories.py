"""Train what joins items to stories and puts stories together, and report out-of-fold figures.

Usage: python benchmarks/training/train_stories.py DATA [--embedder none|default] [--choose] [--write]

DATA holds allsides/, ecbplus/ and uci_news_aggregator_2014/, each with a dev.jsonl; stream-a of benchmarks/quality/sets and an
invented stream are used besides. The demo's items and stream-b are not. Two logistic regressions. The join learns from every
(item, near story) of a stream: once with the earlier items in their true stories, once in those that a first fit put them in. The
merge learns from every linked pair of the stories that the join makes. Each set counts the same, once as a whole and once cut into
small pools, since a portal may be small. Time is no feature: in most of these sets it would leak the label.

Five folds by story: no example that touches a story of the fold is learned from; what the fold's items get is what is printed. The
odds among the merge's likenesses come from a join fitted on all. --choose prints the same figures for other values of the few
constants, on smaller sets and two folds. Deterministic; some three minutes of CPU time each.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import math
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from newsloom.adapters.text.choice import make_embedder
from newsloom.demo.stream import write_stream
from newsloom.evaluation.streams import Row, in_stream_order, read_rows
from newsloom.ports.deciding import StoryConstraints
from newsloom.stages.cluster import ClusterOptions, StreamClusterer, learned
from newsloom.stages.cluster.call import Call
from newsloom.stages.cluster.likeness import Kinship, Likeness, Weights
from newsloom.stages.cluster.pool import Pool

ROOT = Path(__file__).parents[2]
TARGET = ROOT / "src/newsloom/stages/cluster/learned.py"
SMALL = {"allsides": 12, "ecbplus": 3, "uci": 6}
"""Set → into how many small pools it is cut, by story (ecbplus: by topic, so that look-alikes stay side by side; uci: by item)."""
TRAINED_POOLS, FOLDS = 2, 5
GENERATED, PER_DAY = 800, 250
"""Items of an invented stream full of look-alikes: one template, two events."""
ALLSIDES = 8
"""Of allsides every so-manieth story is one pool: the density of a portal, not of an archive."""
NOTHING = StoryConstraints()


class Example(NamedTuple):
    """What was compared, whether it is one story, and the folds of both sides."""

    features: tuple[float, ...]
    same: bool
    folds: tuple[int, int]


def digest(text: str) -> int:
    return int(hashlib.sha1(text.encode()).hexdigest(), 16)


def fold_of(story: str) -> int:
    return digest(story) % FOLDS


@dataclass
class Stream:
    """A labelled stream with its arrays, made once."""

    name: str
    rows: list[Row]
    pool: Pool
    meanings: NDArray[np.float32] | None

    def call(self, weights: Weights | None, **options: float) -> Call:
        made = ClusterOptions(weights=weights, **options)  # type: ignore[arg-type]
        return Call(self.pool, self.meanings, 0, made, NOTHING)

    def true(self, index: int) -> str:
        return self.rows[index].story or self.rows[index].id


def make_stream(name: str, rows: Sequence[Row], embedder: str) -> Stream:
    ordered, timed = in_stream_order(list(rows))
    clusterer = StreamClusterer(embedder=make_embedder(embedder))
    items = [row.item(timed=timed) for row in ordered]
    pool, meanings = clusterer.arrays(items)
    return Stream(name, ordered, pool, meanings)


def small_pools(name: str, rows: Sequence[Row]) -> Iterator[list[Row]]:
    groups: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        story = row.story or row.id
        key = {"ecbplus": story.split("ecb")[0], "uci": row.id}.get(name, story)
        groups[digest("x" + key) % SMALL[name]].append(row)
    yield from (groups[key] for key in sorted(groups)[:TRAINED_POOLS])


def streams(data: Path, embedder: str) -> tuple[dict[str, Stream], dict[str, list[Stream]]]:
    """Return the whole sets, and those to train on besides."""
    paths = {
        "allsides": data / "allsides/dev.jsonl",
        "ecbplus": data / "ecbplus/dev.jsonl",
        "uci": data / "uci_news_aggregator_2014/dev.jsonl",
        "stream-a": ROOT / "benchmarks/quality/sets/stream-a.jsonl",
    }
    rows = {name: read_rows(path) for name, path in paths.items()}
    every = dict(rows)
    with tempfile.TemporaryDirectory() as folder:
        write_stream(Path(folder) / "generated.jsonl", GENERATED, seed=11, per_day=PER_DAY)
        rows["generated"] = read_rows(Path(folder) / "generated.jsonl")
    rows["allsides"] = [row for row in rows["allsides"] if digest("y" + (row.story or "")) % ALLSIDES == 0]
    whole = {name: make_stream(name, found, embedder) for name, found in rows.items()}
    small = {name: [make_stream(name, pool, embedder) for pool in small_pools(name, every[name])] for name in SMALL}
    return whole, small


def joins(stream: Stream, weights: Weights | None) -> list[Example]:
    """Return the examples of the join along *stream*: earlier items in their true stories, or where *weights* put them."""
    call = stream.call(weights)
    held: dict[str, Counter[str]] = defaultdict(Counter)
    found = []
    for index in range(len(stream.rows)):
        true = stream.true(index)
        for likeness, is_look_alike, story in call.compared(index):
            first = held[story].most_common(1)[0][0]
            if not is_look_alike:
                same = 2 * held[story][true] >= held[story].total()
                found.append(Example(likeness, same, (fold_of(true), fold_of(first))))
        if weights is None:
            held[call.put(index, true)][true] += 1
        else:
            held[call.join(index)][true] += 1
    return found


def merges(stream: Stream, weights: Weights) -> list[Example]:
    """Return the examples of the merge among the stories that the join makes of *stream*."""
    found = []
    for join in (0.0, 0.7):
        call = stream.call(weights, join=join)
        for index in range(len(stream.rows)):
            call.join(index)
        for one, other, kin in call.gathering().pairs():
            first, second = (Counter(map(stream.true, story.members)).most_common(1)[0][0] for story in (one, other))
            found.append(Example(kin, first == second, (fold_of(first), fold_of(second))))
    return found


def fit(parts: Sequence[Sequence[Example]], left_out: int | None = None, ridge: float = 1.0) -> tuple[float, ...]:
    """Return the weights, by Newton's method, from all examples that touch no story of the fold *left_out*."""
    used = [[e for e in part if left_out not in e.folds] for part in parts]
    features = np.array([e.features for part in used for e in part], dtype=float)
    right = np.array([e.same for part in used for e in part], dtype=float)
    shares = np.concatenate([np.full(len(part), 1000 / max(1, len(part))) for part in used])
    mean, spread = features.mean(0), features.std(0) + 1e-9
    mean[0], spread[0] = 0.0, 1.0
    scaled = (features - mean) / spread
    penalty = np.eye(scaled.shape[1]) * ridge
    penalty[0, 0] = 1e-6
    weights = np.zeros(scaled.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-scaled @ weights))
        slope = scaled.T @ (shares * (right - chance)) - penalty @ weights
        curve = (scaled * (shares * chance * (1 - chance))[:, None]).T @ scaled + penalty
        weights = weights + np.linalg.solve(curve, slope)
    plain = weights / spread
    plain[0] -= (plain * mean)[1:].sum()
    return tuple(round(float(weight), 4) for weight in plain)


@dataclass
class Training:
    """Everything the weights are fitted on."""

    joins: list[list[Example]]
    merges: list[list[Example]]

    def weights(self, left_out: int | None = None) -> Weights:
        return Weights(fit(self.joins, left_out), fit(self.merges, left_out))


def gather(whole: dict[str, Stream], small: dict[str, list[Stream]]) -> Training:
    """Return the examples of all sets; allsides as a whole counts for the join only, it is long."""
    groups = [[stream] for stream in whole.values()] + list(small.values())
    true = [[e for stream in group for e in joins(stream, None)] for group in groups]
    first = Weights(fit(true), (0.0,) * len(Kinship._fields))
    own = [[e for stream in group for e in joins(stream, first)] for group in groups]
    join = Weights(fit(true + own), first.kin)
    print("join examples", [len(part) for part in true + own], flush=True)
    parts = [[e for stream in group for e in merges(stream, join)] for group in groups]
    print("merge examples", [len(part) for part in parts], flush=True)
    return Training(true + own, parts)


def labels(stream: Stream, weights: Weights, **options: float) -> list[str]:
    return [choice.story for choice in stream.call(weights, **options).decide().choices]


class Labelled(Protocol):
    """Items whose true stories are known."""

    def true(self, index: int) -> str: ...


def figures(stream: Labelled, found: Sequence[str], folds: Collection[int]) -> tuple[float, float, int]:
    """Return the sums of B-cubed precision and recall over the items whose story is in *folds*, and how many these are."""
    pairs = [(found[index], stream.true(index)) for index in range(len(found))]
    both, of_found, of_true = Counter(pairs), Counter(p[0] for p in pairs), Counter(p[1] for p in pairs)
    mine = [pair for pair in pairs if fold_of(pair[1]) in folds]
    precision = math.fsum(both[pair] / of_found[pair[0]] for pair in mine)
    return precision, math.fsum(both[pair] / of_true[pair[1]] for pair in mine), len(mine)


def f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall)


def told(stream: Stream, rates: tuple[float, float]) -> str:
    return f"{stream.name} F1 {f1(*rates):.3f} (P {rates[0]:.3f} R {rates[1]:.3f})"


def out_of_fold(stream: Stream, by_fold: Sequence[Weights], **options: float) -> tuple[float, float]:
    """Return B-cubed precision and recall over the items of all folds, each placed by weights that never saw its story."""
    parts = [figures(stream, labels(stream, weights, **options), {fold}) for fold, weights in enumerate(by_fold)]
    count = max(1, sum(part[2] for part in parts))
    return math.fsum(part[0] for part in parts) / count, math.fsum(part[1] for part in parts) / count


def listed(name: str, weights: Weights) -> str:
    def rows(values: Sequence[float], names: Sequence[str]) -> str:
        return "".join(f"        {value},  # {field}\n" for value, field in zip(values, names, strict=True))

    return (
        f"{name} = Weights(\n    join=(\n{rows(weights.join, Likeness._fields)}    ),\n"
        f"    kin=(\n{rows(weights.kin, Kinship._fields)}    ),\n)\n"
    )


CHOICES: tuple[tuple[str, tuple[float, ...]], ...] = (
    ("join", (-0.5, 0.0, 0.5)),
    ("merge", (-1.0, -0.3, 0.4)),
    ("part", (-2.0, -1.5, -1.0)),
    ("ageing", (0.0, 0.5, 1.0)),
    ("caution", (0.3, 0.6, 0.9)),
    ("merge_caution", (0.6, 1.2, 1.8)),
)
"""Constants and the values tried, one constant at a time, the others as they are."""
CHOOSING_FOLDS = 2
CHOOSING = {"allsides": 3, "uci": 3}
"""Of these sets every so-manieth story (allsides) or item (uci) is enough to choose by."""


def choose(data: Path, embedder: str, by_fold: Sequence[Weights]) -> None:
    """Print out-of-fold figures for other values of the constants."""
    paths = {"allsides": "allsides", "ecbplus": "ecbplus", "uci": "uci_news_aggregator_2014"}
    rows = {name: read_rows(data / folder / "dev.jsonl") for name, folder in paths.items()}
    rows["stream-a"] = read_rows(ROOT / "benchmarks/quality/sets/stream-a.jsonl")
    for name, parts in CHOOSING.items():
        keys = {row.id: row.id if name == "uci" else row.story or row.id for row in rows[name]}
        rows[name] = [row for row in rows[name] if digest("z" + keys[row.id]) % parts == 0]
    made = [make_stream(name, found, embedder) for name, found in rows.items()]
    known: dict[tuple[float, ...], str] = {}
    for field, values in CHOICES:
        for value in values:
            now = {name: float(getattr(ClusterOptions(), name)) for name, _ in CHOICES} | {field: value}
            key = tuple(now.values())
            if key not in known:
                found = [out_of_fold(stream, by_fold[:CHOOSING_FOLDS], **now) for stream in made]
                mean = math.fsum(f1(*rates) for rates in found) / len(found)
                known[key] = f"mean {mean:.4f}  " + "  ".join(map(told, made, found))
            print(f"{field} {value}: {known[key]}", flush=True)


def main() -> int:
    """Train, report, write when told."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--embedder", default="none")
    parser.add_argument("--choose", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    whole, small = streams(options.data, options.embedder)
    training = gather(whole, small)
    weights = training.weights()
    for field, value in zip((*Likeness._fields, *Kinship._fields), (*weights.join, *weights.kin), strict=True):
        print(f"  {field:<18}{value:9.3f}")
    by_fold = [training.weights(fold) for fold in range(FOLDS)]
    for stream in whole.values():
        print(told(stream, out_of_fold(stream, by_fold)), flush=True)
    if options.choose:
        choose(options.data, options.embedder, by_fold)
    if options.write:
        importlib.reload(learned)  # the other embedder's weights may have been written meanwhile
        kept = {"WORDS": learned.WORDS, "MEANING": learned.MEANING}
        kept["WORDS" if options.embedder == "none" else "MEANING"] = weights
        TARGET.write_text(
            '"""Weights of the join and of the merge, written by benchmarks/training/train_stories.py DATA --write. Do not edit."""\n\n'
            "from newsloom.stages.cluster.likeness import Weights\n\n"
            + "\n".join(listed(name, found) for name, found in kept.items()),
            encoding="utf-8",
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
