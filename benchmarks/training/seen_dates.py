"""Learn how much each mark of a day's place counts, print out-of-fold figures by site, and write the weights into the package.

    python benchmarks/training/seen_dates.py ../shared/data/extraction

Pages of the sets with a day of publication, their data hidden: only what readers see counts. A conditional logit over the days of a
page, gradient steps from zero, no randomness. Folds are by host, so that no site is on both sides.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from newsloom.adapters.pages.document import PageDocument
from newsloom.adapters.pages.encoding import as_utf8
from newsloom.adapters.pages.evidence import Evidence
from newsloom.adapters.pages.seen_dates import FEATURES, seen_days
from newsloom.errors import PageError
from newsloom.evaluation import extract_sets

SETS = ("htmldate", "aed", "fundus", "mozilla")
FOLDS = 5
SHRINK = 0.05
STEPS = 400
UNTOLD_WEIGHT = 3.0
"""Pages whose data tell no day are the ones the guess is for: each counts as three."""

Page = tuple[str, int, bool, NDArray[np.float64], NDArray[np.float64]]


def read(folder: Path) -> list[Page]:
    """Return (set, fold, whether the data tell no day, marks of each day, whether each day is right) for every page with truth."""
    from newsloom.adapters.pages import moments

    pages = []
    for name in SETS:
        for truth in extract_sets.truths(folder / name):
            if truth.day is None:
                continue
            try:
                markup = as_utf8(extract_sets.page_bytes(folder / name, truth.id))
                evidence = Evidence(PageDocument(markup, truth.url))
            except PageError:
                continue
            host = urlsplit(truth.url).hostname or ""
            site = truth.id if host in ("", "fakehost") else host.removeprefix("www.")
            fold = int(hashlib.sha1(site.encode(), usedforsecurity=False).hexdigest(), 16) % FOLDS
            right = {truth.day} | ({truth.instant.astimezone(UTC).date()} if truth.instant else set())
            days = [
                seen
                for seen in seen_days(evidence)
                if date(1995, 1, 1) <= seen.day.instant.date() <= datetime.now(UTC).date()
            ]
            marks = np.array([seen.marks for seen in days]).reshape(len(days), len(FEATURES))
            hits = np.array([float(seen.day.instant.date() in right) for seen in days])
            pages.append((name, fold, not moments.told(evidence), marks, hits))
    return pages


def fit(pages: Sequence[Page]) -> NDArray[np.float64]:
    """Return the weights under which the right days of *pages* are likeliest, by Adam on the shrunk log likelihood."""
    useful = [page for page in pages if len(page[4]) and page[4].any() and not page[4].all()]
    weights, first, second = (np.zeros(len(FEATURES)) for _ in range(3))
    for _ in range(STEPS):
        gradient = np.zeros(len(FEATURES))
        for _, _, untold, marks, hits in useful:
            scores = marks @ weights
            likely = np.exp(scores - scores.max())
            likely /= likely.sum()
            right = likely * hits
            gradient += (UNTOLD_WEIGHT if untold else 1.0) * (marks.T @ (right / right.sum() - likely))
        gradient = gradient / len(useful) - SHRINK * weights
        first = 0.9 * first + 0.1 * gradient
        second = 0.99 * second + 0.01 * gradient**2
        weights = weights + 0.05 * first / (np.sqrt(second) + 1e-8)
    return weights


def main(folder: Path, target: Path) -> None:
    """Print the out-of-fold figures and write the weights learned from all pages to *target*."""
    pages = read(folder)
    counts = {(name, untold): [0, 0, 0] for name in SETS for untold in (False, True)}
    for fold in range(FOLDS):
        weights = fit([page for page in pages if page[1] != fold])
        for name, place, untold, marks, hits in pages:
            if place == fold:
                count = counts[name, untold]
                count[0] += 1
                count[1] += int(bool(len(hits)) and bool(hits[int(np.argmax(marks @ weights))]))
                count[2] += int(hits.any()) if len(hits) else 0
    for (name, untold), (number, right, possible) in counts.items():
        kind = "data tell no day" if untold else "data hidden"
        print(f"{name:9} {kind:17} pages {number:4}  right out of fold {right:4}  some day right {possible:4}")
    weights = fit(pages)
    lines = [f"    {value:.2f},  # {name}" for name, value in zip(FEATURES, weights, strict=True)]
    target.write_text(
        '"""Learned by benchmarks/training/seen_dates.py; do not edit."""\n\nfrom __future__ import annotations\n\n'
        "WEIGHTS = (\n" + "\n".join(lines) + "\n)\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    package = Path(__file__).parents[2] / "src" / "newsloom" / "adapters" / "pages"
    main(Path(sys.argv[1]), package / "seen_date_weights.py")
