"""Train the weights of the topic classifier over many tasks, and print what each task gives when it is left out.

    python benchmarks/training/topics.py            print out-of-task figures
    python benchmarks/training/topics.py --write    and write src/newsloom/stages/classify/weights.py from all tasks

A task is a set of topic definitions and of items with the truth: data/topics under NEWSLOOM_DATA with the definitions beside the
floors, the invented sets in benchmarks/quality/sets (the `a` ones), the demo's truth, the examples of the shipped topics, and real
items that have nothing to do with the topics asked about, so that a keyword met by chance is known. Logistic regression with weights that are
not negative, each task with a fixed total weight, each answer (yes, no) with a fixed share of it. No text goes into the weights.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from newsloom.adapters.files.topics import read_topic_list, read_topics
from newsloom.adapters.text.choice import make_embedder
from newsloom.adapters.text.general_words import general_words
from newsloom.demo.portal import portal_files
from newsloom.evaluation.streams import Row
from newsloom.evaluation.topics import read_cases, with_ancestors
from newsloom.model.item import Item
from newsloom.model.topic import Topic
from newsloom.ports.embedding import Embedder
from newsloom.stages.classify.classifier import TopicClassifier
from newsloom.stages.classify.evidence import FEATURES, LEARNED
from newsloom.stages.classify.keywords import KeywordIndex
from newsloom.stages.classify.reading import read_item
from newsloom.stages.classify.weighing import Weights

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("NEWSLOOM_DATA", ROOT.parent / "shared" / "data")) / "topics"
QUALITY = ROOT / "benchmarks" / "quality"
WEIGHTS = ROOT / "src" / "newsloom" / "stages" / "classify" / "weights.py"
MOST = 400
YES_SHARE = 0.4
RIDGE = 30.0

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Task:
    """A labelled set with its topics. *weight* is its share in the training, *kin* what may not train for its figures."""

    name: str
    data: Path
    topics: Path | None
    weight: float
    kin: tuple[str, ...] = ()


TASKS = (
    Task("disambiguation", DATA / "disambiguation/cases.jsonl", DATA / "disambiguation/taxonomy.json", 1.0),
    Task("ambiguous-a", QUALITY / "sets/ambiguous-a.jsonl", QUALITY / "sets/ambiguous-a.topics.json", 1.0, ("ambiguous-hard",)),
    Task("ambiguous-hard", QUALITY / "sets/ambiguous-hard.jsonl", QUALITY / "sets/ambiguous-a.topics.json", 0.5, ("ambiguous-a",)),
    Task("stream-a", QUALITY / "sets/stream-a.jsonl", QUALITY / "sets/stream-a.topics.json", 2.0),
    Task("demo", ROOT / "src/newsloom/demo/truth.jsonl", None, 2.0),
    Task("agnews", DATA / "agnews.dev.jsonl", QUALITY / "topics/agnews.json", 0.5),
    Task("bbc", DATA / "bbc.dev.jsonl", QUALITY / "topics/bbc.json", 0.5, ("agnews",)),
    Task("uci", DATA / "uci_headlines.dev.tsv", QUALITY / "topics/uci.json", 0.5),
)  # fmt: skip


EXAMPLES = Task("examples", ROOT / "src/newsloom/portals/ai/_data/topics", None, 2.0)
"""The examples and counter-examples of a portal's own topics, judged by the definitions alone."""


FOREIGN = (
    Task("foreign to a", QUALITY, QUALITY / "sets/ambiguous-a.topics.json", 0.3, ("ambiguous-a", "ambiguous-hard")),
    Task("foreign to d", QUALITY, DATA / "disambiguation/taxonomy.json", 0.3, ("disambiguation",)),
)
"""Real items of labels that have nothing to do with the topics: a keyword in them is there by chance."""
FOREIGN_LABELS = {
    "agnews": ("Sports", "World"),
    "bbc": ("sport", "politics", "entertainment"),
    "uci": ("Entertainment", "Health"),
}
FOREIGN_ITEMS = 60
FOREIGN_HITS = 0.6
"""Share of the weight of foreign items that those with a keyword have."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A task in memory: its items, its topics, and the (item, topic) pairs with the right answers. *foreign*: all answers are no."""

    task: Task
    topics: tuple[Topic, ...]
    items: list[Item]
    pairs: NDArray[np.int64]
    answers: NDArray[np.int64]
    single: bool = False
    foreign: bool = False


def load(task: Task) -> Loaded:
    """Return *task* with at most MOST English items, evenly taken."""
    topics = read_topic_list(task.topics) if task.topics else _demo_topics()
    cases = [case for case in read_cases(task.data) if (case.row.fields or {}).get("lang", "en") == "en"]
    cases = cases[:: max(1, -(-len(cases) // MOST))]
    places = {topic.name: place for place, topic in enumerate(topics)}
    pairs, answers = [], []
    for number, case in enumerate(cases):
        right = with_ancestors(case.right, topics)
        for name, place in places.items():
            if case.asked in (None, name):
                pairs.append((number, place))
                answers.append(int(case.belongs if case.asked else name in right))
    single = all(len(case.right) == 1 for case in cases)
    items = [replace(case.row.item(timed=False), id=f"{place}") for place, case in enumerate(cases)]
    return Loaded(task, topics, items, np.array(pairs), np.array(answers), single)


def load_examples(task: Task) -> Loaded:
    """Return the examples of a folder of topics as a task: each is asked about its own topic."""
    topics = read_topics(task.data)
    items: list[Item] = []
    pairs, answers = [], []
    for place, topic in enumerate(topics):
        for example in topic.examples:
            row = Row(f"{len(items)}", example.title, example.excerpt, example.excerpt, None, None, None)
            pairs.append((len(items), place))
            answers.append(int(example.belongs))
            items.append(row.item(timed=False))
    bare = tuple(replace(topic, examples=()) for topic in topics)
    return Loaded(task, bare, items, np.array(pairs), np.array(answers))


def load_foreign(task: Task) -> Loaded:
    """Return items of other tasks, twice as many with a keyword of the topics of *task* as without, asked about all of them."""
    assert task.topics is not None
    topics = read_topic_list(task.topics)
    indexes = [KeywordIndex(topic.keywords, topic.exclude) for topic in topics]
    chosen: list[Item] = []
    for other in TASKS:
        rows = [case.row for case in read_cases(other.data) if case.right & set(FOREIGN_LABELS.get(other.name, ()))]
        items = [row.item(timed=False) for row in rows]
        texts = [read_item(item) for item in items]
        hit = [any(index.hits(read.lead) for index in indexes) for read in texts]
        for wanted, most in ((True, 2 * FOREIGN_ITEMS), (False, FOREIGN_ITEMS)):
            part = [item for item, has in zip(items, hit, strict=True) if has == wanted]
            chosen += part[:: max(1, -(-len(part) // most))]
    chosen = [replace(item, id=f"{place}") for place, item in enumerate(chosen)]
    pairs = np.array([(item, topic) for item in range(len(chosen)) for topic in range(len(topics))])
    return Loaded(task, topics, chosen, pairs, np.zeros(len(pairs), dtype=np.int64), foreign=True)


def _demo_topics() -> tuple[Topic, ...]:
    """Return the demo's topics without their examples."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in portal_files().items():
            if name.startswith("_data/topics/"):
                (Path(folder) / Path(name).name).write_bytes(content)
        return tuple(replace(topic, examples=()) for topic in read_topics(Path(folder)))


class Trainer:
    """Trains one table of weights: `full`, `texts` or `none`."""

    def __init__(self, loaded: list[Loaded], embedder: Embedder | None, *, single_words: bool) -> None:
        self._loaded = loaded
        nothing = Weights((0.0,) * (len(FEATURES) + 1), (0.0,) * (len(FEATURES) + 1))
        self._judged = [
            TopicClassifier(
                one.topics,
                embedder=embedder,
                single_words=single_words,
                vocabulary=general_words(),
                weights=nothing,
            ).among(one.items)
            for one in loaded
        ]
        self._shares = [
            _shares(one, set(judged.evidence.mentions)) for one, judged in zip(loaded, self._judged, strict=True)
        ]

    def _features(self, place: int) -> Array:
        pairs = self._loaded[place].pairs
        return np.asarray(self._judged[place].evidence.features[pairs[:, 0], pairs[:, 1]], dtype=float)

    def train(self, left_out: tuple[str, ...] = ()) -> Weights:
        """Return the weights that all tasks but *left_out*, and those of their kin, give."""
        chosen = [place for place, one in enumerate(self._loaded) if one.task.name not in left_out]
        known = len(FEATURES) - LEARNED
        plain = self._fit(chosen, [self._features(place)[:, :known] for place in chosen])
        weights = Weights(plain, plain)
        for _ in range(2):
            for place in chosen:
                self._judged[place].weigh(weights)
            weights = Weights(plain, self._fit(chosen, [self._features(place) for place in chosen]))
        return weights

    def _fit(self, chosen: list[int], features: list[Array]) -> tuple[float, ...]:
        answers = np.concatenate([self._loaded[place].answers for place in chosen])
        shares = np.concatenate([self._shares[place] for place in chosen])
        found = fit(np.concatenate(features), answers, shares)
        return (*found, *(0.0,) * (len(FEATURES) + 1 - len(found)))

    def report(self, place: int, weights: Weights) -> str:
        """Return the figures of one task under *weights*."""
        one = self._loaded[place]
        self._judged[place].weigh(weights)
        confidence = self._judged[place].confidence[: len(one.items)]
        given = confidence[one.pairs[:, 0], one.pairs[:, 1]]
        told = f"  {one.task.name:<16}"
        if one.single:
            truth = one.pairs[one.answers == 1][:, 1]
            told += f" macro_f1 of the highest {_macro_f1(truth, confidence.argmax(axis=1)):.3f}"
        for threshold in (0.3, 0.35, 0.4, 0.45):
            got = given >= threshold
            told += f" | at {threshold}: false {np.average(got[one.answers == 0]):.3f}"
            if one.foreign:
                continue
            told += f" recall {got[one.answers == 1].mean():.3f}"
            scores = []
            for topic in np.unique(one.pairs[:, 1]):
                here = one.pairs[:, 1] == topic
                if total := int(got[here].sum() + one.answers[here].sum()):
                    scores.append(2 * (got & (one.answers == 1))[here].sum() / total)
            told += f" f1 {np.mean(scores):.3f}"
        return told


def _shares(one: Loaded, mentions: set[tuple[int, int]]) -> Array:
    """Return the weight of each pair of a task: each answer, and each kind of foreign pair, has its fixed share."""
    if one.foreign:
        hit = np.array([(int(item), int(topic)) in mentions for item, topic in one.pairs])
        shares = np.where(hit, FOREIGN_HITS / hit.sum(), (1 - FOREIGN_HITS) / (~hit).sum())
    else:
        yes, no = max(1, int(one.answers.sum())), max(1, int((1 - one.answers).sum()))
        shares = np.where(one.answers == 1, YES_SHARE / yes, (1 - YES_SHARE) / no)
    return np.asarray(shares * 1000.0 * one.task.weight)


def fit(features: Array, answers: NDArray[np.int64], shares: Array) -> tuple[float, ...]:
    """Return constant and weights of a ridge logistic regression with weights of at least 0: accelerated projected gradient."""
    middle = np.average(features, axis=0, weights=shares)
    spread = np.sqrt(np.average((features - middle) ** 2, axis=0, weights=shares)) + 1e-9
    known = np.concatenate([np.ones((len(features), 1)), (features - middle) / spread], axis=1)
    ridge = np.array([0.0, *[2.0 * RIDGE] * features.shape[1]])
    curvature = np.linalg.eigvalsh((known * shares[:, None]).T @ known).max() / 4 + ridge.max()
    now = ahead = np.zeros(known.shape[1])
    for step in range(3_000):
        confidence = 1.0 / (1.0 + np.exp(-np.clip(known @ ahead, -30, 30)))
        slope = known.T @ (shares * (confidence - answers)) + ridge * ahead
        new = ahead - slope / curvature
        new[1:] = np.maximum(new[1:], 0.0)
        ahead, now = new + step / (step + 3) * (new - now), new
    weights = now[1:] / spread
    return (float(now[0] - (weights * middle).sum()), *map(float, weights))


def _macro_f1(truth: NDArray[np.int64], found: NDArray[np.int64]) -> float:
    scores = []
    for topic in np.unique(truth):
        both = int(((truth == topic) & (found == topic)).sum())
        scores.append(2 * both / max(1, int((truth == topic).sum() + (found == topic).sum())))
    return float(np.mean(scores))


def write(tables: dict[str, Weights]) -> None:
    """Write the weights as a module of constants."""
    lines = ['"""Weights of the topic classifier. Made by benchmarks/training/topics.py; do not edit."""', ""]
    lines += [
        "from __future__ import annotations",
        "",
        "TABLES: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {",
    ]
    for name, weights in tables.items():
        lines.append(f"    {json.dumps(name)}: (")
        for row in (weights.plain, weights.learned):
            lines.append("        (")
            lines += [
                f"            {value:.4f},  # {told}" for value, told in zip(row, ("constant", *FEATURES), strict=True)
            ]
            lines.append("        ),")
        lines.append("    ),")
    lines += ["}", '"""Name → constant and weight of each feature, before and after the pile taught."""', ""]
    WEIGHTS.write_text("\n".join(lines), "utf-8")


def main() -> None:
    """Train, print, and write when asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--quick", action="store_true", help="no out-of-task figures")
    asked = parser.parse_args()
    loaded = [*map(load, TASKS), load_examples(EXAMPLES), *map(load_foreign, FOREIGN)]
    embedder = make_embedder("wordllama")
    tables = {}
    for name, used, single_words in (("full", embedder, True), ("texts", embedder, False), ("none", None, True)):
        trainer = Trainer(loaded, used, single_words=single_words)
        print(f"{name}, each task left out" if not asked.quick else name)
        for place, one in enumerate(loaded if not asked.quick else ()):
            kin = (one.task.name, *one.task.kin)
            kin += tuple(other.task.name for other in loaded if one.task.name in other.task.kin)
            print(trainer.report(place, trainer.train(kin)), flush=True)
        tables[name] = trainer.train()
        print(
            f"{name}, all tasks",
            *(trainer.report(place, tables[name]) for place in range(len(loaded))),
            sep="\n",
            flush=True,
        )
    if asked.write:
        write(tables)


if __name__ == "__main__":
    main()
