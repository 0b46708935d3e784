"""Train the models that tell press releases and clickbait by their wording, and print how good they are on what they have not seen.

    python benchmarks/training/headlines.py             print out-of-fold figures and those on the invented sets
    python benchmarks/training/headlines.py --write     and write src/newsloom/adapters/text/headline_weights.npz from all of it

Trained on quality/ and honest headlines of topics/ and stories/ under NEWSLOOM_DATA, and on the invented ones of
`headline_grammar`. Folds are by headline, for invented ones by template. The sets in benchmarks/quality/sets are never trained on.
Words go into the weights as hashes only. Seeded; the same data give the same weights.
"""

from __future__ import annotations

import argparse
import json
import os
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from headline_grammar import made_headlines
from numpy.typing import NDArray

from newsloom.adapters.text.choice import make_embedder
from newsloom.adapters.text.headlines import WEIGHTS
from newsloom.evaluation.ranking_measures import auc
from newsloom.ports.embedding import Embedder
from newsloom.stages.rank.clickbait import CUE_NAMES as CLICKBAIT_CUES
from newsloom.stages.rank.clickbait import clickbait_cues
from newsloom.stages.rank.press_release import CUE_NAMES as PRESS_RELEASE_CUES
from newsloom.stages.rank.press_release import headline_cues
from newsloom.stages.rank.wording import BUCKETS, EXCERPT_CHARACTERS, TITLE_CHARACTERS, bucket, plain, terms

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("NEWSLOOM_DATA", ROOT.parent / "shared" / "data"))
SETS = ROOT / "benchmarks" / "quality" / "sets"
FOLDS = 5
CUE_SCALE, VECTOR_SCALE = 0.7, 2.5
"""How strongly cues and vectors speak beside words whose sum of squares is 1, before training."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Headline:
    """One thing to learn from: its weight, its fold's key, and which set it is of."""

    title: str
    excerpt: str
    label: bool
    group: str
    of: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Task:
    """What is learned: the headlines, the cues of one, how, and which share of *alarms_in* may raise an alarm, by title alone and with
    an excerpt."""

    name: str
    headlines: Sequence[Headline]
    cue_names: Sequence[str]
    cues_of: Callable[[str], Sequence[str]]
    ridge: float
    steps: int
    alarms: tuple[float, float]
    alarms_in: str


def rows_of(path: Path) -> Iterator[dict[str, object]]:
    """Yield the JSON objects of the lines of *path*."""
    for line in path.read_text("utf-8", "replace").splitlines():
        if line.strip():
            yield json.loads(line)


def honest(most: int) -> Iterator[Headline]:
    """Yield honest news of several corpora, at most *most* of each, with excerpts where they have them."""
    for name, path in (
        ("agnews", DATA / "topics/agnews.dev.jsonl"), ("bbc", DATA / "topics/bbc.dev.jsonl"), ("allsides", DATA / "stories/allsides/dev.jsonl"),
    ):  # fmt: skip
        rows = list(rows_of(path))
        random.Random(1).shuffle(rows)
        for row in rows[:most]:
            title = str(row["title"])
            business = "Business" in str(row.get("topics", ""))
            yield Headline(
                title,
                str(row.get("text") or "")[:EXCERPT_CHARACTERS],
                False,
                title,
                f"{name} Business" if business else name,
            )
    lines = (DATA / "topics/uci_headlines.dev.tsv").read_text("utf-8").splitlines()
    random.Random(1).shuffle(lines)
    for row in rows_of(DATA / "topics/disambiguation/cases.jsonl"):
        yield Headline(str(row["title"]), "", False, str(row["title"]), "disambiguation", 2.0)
    for line in lines[:most]:
        title = line.split("\t")[0]
        yield Headline(title, "", False, title, "uci")


def press_release_task() -> Task:
    """Return what is learned of press releases. Real labels weigh more; each invented template weighs alike."""
    known = [
        Headline(str(r["title"]), str(r.get("excerpt") or ""), bool(r["label"]), str(r["title"]), "labelled", 4.0)
        for r in rows_of(DATA / "quality/press_release_spam.jsonl")
    ]
    made = [Headline(m.title, m.excerpt, m.label, m.group, "invented") for m in made_headlines(seed=11, per_template=8)]
    return Task(
        "press_release",
        [*known, *made, *honest(2500)],
        PRESS_RELEASE_CUES,
        headline_cues,
        ridge=0.5,
        steps=250,
        alarms=(0.007, 0.003),
        alarms_in="agnews Business",
    )


def clickbait_task() -> Task:
    """Return what is learned of clickbait."""

    def lines(name: str) -> list[str]:
        return [
            line.strip()
            for line in (DATA / "quality" / name).read_text("utf-8", "replace").splitlines()
            if line.strip()
        ]

    known = [
        Headline(line, "", label, line, "labelled")
        for name, label in (("clickbait.dev.txt", True), ("non_clickbait.dev.txt", False))
        for line in lines(name)
    ]
    news = [Headline(h.title, "", False, h.group, h.of, 1.0) for h in honest(4000)]
    return Task(
        "clickbait",
        [*known, *news],
        CLICKBAIT_CUES,
        lambda title: clickbait_cues(title)[1],
        ridge=1.0,
        steps=150,
        alarms=(0.028, 0.028),
        alarms_in="agnews",
    )


@dataclass(frozen=True, slots=True)
class Rows:
    """Headlines as a model sees them: hashed terms as a sparse matrix (row, column, value), and dense columns beside it."""

    row: NDArray[np.int64]
    column: NDArray[np.int64]
    value: Array
    dense: Array
    count: int

    def times(self, words: Array, rest: Array) -> Array:
        """Return what weights say of each row."""
        return np.bincount(self.row, weights=self.value * words[self.column], minlength=self.count) + self.dense @ rest

    def gradient(self, residual: Array) -> tuple[Array, Array]:
        """Return how the weights of words and of the rest should move by *residual*."""
        by_words = np.bincount(self.column, weights=self.value * residual[self.row], minlength=BUCKETS)
        return by_words.astype(np.float64), self.dense.T @ residual

    def only(self, chosen: NDArray[np.bool_]) -> Rows:
        """Return the rows that are *chosen*."""
        places = np.cumsum(chosen) - 1
        kept = chosen[self.row]
        return Rows(places[self.row[kept]], self.column[kept], self.value[kept], self.dense[chosen], int(chosen.sum()))


def as_rows(task: Task, headlines: Sequence[tuple[str, str]], embedder: Embedder | None) -> Rows:
    """Return *headlines* (title, excerpt) as rows."""
    row, column, value = [], [], []
    extra = np.zeros((len(headlines), 2 + len(task.cue_names)))
    extra[:, 0] = 1.0
    for place, (title, excerpt) in enumerate(headlines):
        for found in (terms(title[:TITLE_CHARACTERS]), terms(excerpt[:EXCERPT_CHARACTERS], "e:")):
            row += [place] * len(found)
            column += [bucket(term) for term in found]
            value += [1 / np.sqrt(len(found) or 1)] * len(found)
        extra[place, 1] = bool(excerpt)
        cues = set(task.cues_of(title[:TITLE_CHARACTERS]))
        extra[place, 2:] = [CUE_SCALE * (name in cues) for name in task.cue_names]
    parts = [extra]
    if embedder is not None:
        parts += [VECTOR_SCALE * embedder.embed([plain(text[:most]) for text in texts]).astype(np.float64)
                  for texts, most in (([t for t, _ in headlines], TITLE_CHARACTERS), ([e for _, e in headlines], EXCERPT_CHARACTERS))]  # fmt: skip
    return Rows(np.array(row), np.array(column), np.array(value), np.hstack(parts), len(headlines))


def fitted(rows: Rows, labels: Array, weights: Array, ridge: float, steps: int) -> tuple[Array, Array]:
    """Return weights of words and of the rest: logistic regression by accelerated gradient descent."""
    words, rest = np.zeros(BUCKETS), np.zeros(rows.dense.shape[1])
    penalty = np.full(len(rest), ridge)
    penalty[:2] = 1e-3
    # The largest eigenvalue of the Hessian, by power iteration.
    at_words, at_rest = np.random.default_rng(0).random(BUCKETS), np.random.default_rng(1).random(len(rest))
    size = 1.0
    for _ in range(15):
        at_words, at_rest = rows.gradient(weights * 0.25 * rows.times(at_words, at_rest))
        size = float(np.sqrt(at_words @ at_words + at_rest @ at_rest))
        at_words, at_rest = at_words / size, at_rest / size
    step = 1.0 / (1.1 * size + ridge)
    ahead_words, ahead_rest, pace = words, rest, 1.0
    for _ in range(steps):
        residual = weights * (1 / (1 + np.exp(-rows.times(ahead_words, ahead_rest))) - labels)
        by_words, by_rest = rows.gradient(residual)
        next_words = ahead_words - step * (by_words + ridge * ahead_words)
        next_rest = ahead_rest - step * (by_rest + penalty * ahead_rest)
        next_pace = (1 + np.sqrt(1 + 4 * pace * pace)) / 2
        push = (pace - 1) / next_pace
        ahead_words, ahead_rest = next_words + push * (next_words - words), next_rest + push * (next_rest - rest)
        words, rest, pace = next_words, next_rest, next_pace
    return words, rest


def doubled(task: Task) -> list[Headline]:
    """Return the headlines, those with an excerpt twice: with it and by title alone."""
    return [
        h
        for head in task.headlines
        for h in (
            [head, Headline(head.title, "", head.label, head.group, head.of, head.weight)] if head.excerpt else [head]
        )
    ]


def train(task: Task, embedder: Embedder | None) -> dict[str, NDArray[np.generic]]:
    """Print the figures of *task* and return the weights from all its headlines."""
    headlines = doubled(task)
    rows = as_rows(task, [(h.title, h.excerpt) for h in headlines], embedder)
    labels = np.array([float(h.label) for h in headlines])
    weights = np.array([h.weight for h in headlines])
    weights[labels == 1] *= 0.5 * weights.sum() / weights[labels == 1].sum()
    weights[labels == 0] *= 0.5 * weights.sum() / weights[labels == 0].sum()
    folds = np.array([crc32(h.group.encode()) % FOLDS for h in headlines])
    said = np.zeros(len(headlines))
    for fold in range(FOLDS):
        said[folds == fold] = rows.only(folds == fold).times(
            *fitted(rows.only(folds != fold), labels[folds != fold], weights[folds != fold], task.ridge, task.steps)
        )
    alone = np.array([not h.excerpt for h in headlines])
    alarmed = np.array([task.alarms_in in h.of for h in headlines])
    bounds = [
        float(np.quantile(said[alarmed & of], 1 - share)) if (alarmed & of).any() else 0.0
        for of, share in zip((alone, ~alone), task.alarms, strict=True)
    ]
    shift, shift_with_excerpt = bounds
    for what in sorted({h.of for h in headlines}):
        of = np.array([h.of == what for h in headlines]) & alone
        yes, no = said[of & (labels == 1)], said[of & (labels == 0)]
        print(
            f"  {what:<18} items {of.sum():>6}  auc {auc(list(yes), list(no)) or 0:.3f}  recall {np.mean(yes >= shift) if len(yes) else 0:.3f}  false {np.mean(no >= shift) if len(no) else 0:.4f}"
        )
    found = fitted(rows, labels, weights, task.ridge, task.steps)
    for name, held in validation(task.name):
        seen = as_rows(task, [(h.title, h.excerpt) for h in held], embedder).times(*found)
        seen -= np.array([shift_with_excerpt if h.excerpt else shift for h in held])
        truth = np.array([h.label for h in held])
        print(
            f"  {name:<18} items {len(held):>6}  auc {auc(list(seen[truth]), list(seen[~truth])):.3f}  recall {np.mean(seen[truth] >= 0):.3f}  false {np.mean(seen[~truth] >= 0):.4f}   (not trained on)"
        )
    return packed(task, found, (shift, shift_with_excerpt if task.name == "press_release" else shift), embedder)


def validation(name: str) -> Iterator[tuple[str, list[Headline]]]:
    """Yield the invented sets that are kept for checking."""
    if name == "press_release":
        rows = list(rows_of(SETS / "press-a.jsonl"))
        for what, has_excerpt in (("press-a, title", False), ("press-a", True)):
            yield (
                what,
                [
                    Headline(str(r["title"]), str(r["excerpt"]) if has_excerpt else "", bool(r["label"]), "", "")
                    for r in rows
                ],
            )
    else:
        yield "clickbait-a", [
            Headline(line, "", label, "", "")
            for file, label in (("clickbait.txt", True), ("non_clickbait.txt", False))
            for line in (SETS / "clickbait-a" / file).read_text("utf-8").splitlines() if line.strip()
        ]  # fmt: skip


def packed(
    task: Task, found: tuple[Array, Array], shifts: tuple[float, float], embedder: Embedder | None
) -> dict[str, NDArray[np.generic]]:
    """Return the weights as the package keeps them: the shipped threshold is where the probability is one half."""
    words, rest = found
    count, name = 2 + len(task.cue_names), task.name + ("_vectors" if embedder else "")
    arrays: dict[str, NDArray[np.generic]] = {
        "words": words.astype(np.float16),
        "cues": (CUE_SCALE * rest[2:count]).astype(np.float32),
        "constants": np.array([rest[0] - shifts[0], rest[1] + shifts[0] - shifts[1]], dtype=np.float32),
    }
    if embedder is not None:
        arrays["title"], arrays["excerpt"] = (
            VECTOR_SCALE * half.astype(np.float32) for half in np.split(rest[count:], 2)
        )
    return {f"{name}_{part}": array for part, array in arrays.items()}


def main() -> None:
    """Train, print, and write where asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--only", choices=("press_release", "clickbait"))
    arguments = parser.parse_args()
    arrays: dict[str, NDArray[np.generic]] = dict(np.load(WEIGHTS)) if arguments.only else {}
    for make in (press_release_task, clickbait_task):
        task = make()
        if arguments.only not in (None, task.name):
            continue
        for embedder in (None, make_embedder("wordllama")):
            print(f"{task.name}, {embedder.name if embedder else 'words alone'}")
            arrays |= train(task, embedder)
        arrays[f"{task.name}_cue_names"] = np.array(task.cue_names)
    if arguments.write:
        np.savez_compressed(WEIGHTS, **arrays)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
