"""Learn which text blocks of a page are its article's; print figures on sites not seen, against trafilatura; write the weights.

    python benchmarks/training/body.py ../shared/data/extraction            train and write the weights
    python benchmarks/training/body.py ../shared/data/extraction --dry      print the figures only

The sets aeb, fundus, aed and mozilla, and htmldate's pages with trafilatura's text as a stand-in for a true one. Five folds by site (fundus: by publisher; mozilla: by page), so that no site is on both sides;
the weights written are then learned from all pages. Everything is seeded.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import body_labels
import network
import numpy as np
from numpy.typing import NDArray

from newsloom.adapters.pages import block_features
from newsloom.adapters.pages.article_text import page_words, text_blocks
from newsloom.adapters.pages.block_classifier import KEEP, WEIGHTS, Network, context
from newsloom.adapters.pages.block_cues import Cues, cue_features, name_keys, word_keys
from newsloom.adapters.pages.document import PageDocument
from newsloom.adapters.pages.encoding import as_utf8
from newsloom.adapters.pages.evidence import Evidence
from newsloom.adapters.pages.notices import is_notice
from newsloom.adapters.pages.page_blocks import PageBlocks
from newsloom.adapters.pages.trafilatura_text import trafilatura_text
from newsloom.errors import PageError
from newsloom.evaluation import extract as evaluation
from newsloom.evaluation import extract_sets

SETS = ("aeb", "fundus", "aed", "mozilla")
NEWS_SETS = SETS[:3]
UNTOLD = "htmldate"
"""Pages without a true text: what trafilatura finds stands in for it when training, at half the weight; never scored."""

UNTOLD_WEIGHT = 0.5
LEAST_STAND_IN = 500
FOLDS = 5
SITES_NAME, SITES_WORD = 4, 6
"""On how many sites a word of class names, or of texts, must stand to become a cue: a site's or a person's name never does."""

PRIOR, PRIOR_SITES = 0.3, 3.0
EVEN = 0.3
MOST_GAIN = 0.2
"""A block weighs what hangs on it, at most a fifth of the page's F1, plus 0.3 shared evenly by the page's blocks."""

FIRST = network.Plan(units=32, passes=10)
SECOND = network.Plan(units=24, passes=8)
SEED = 20_261_123
DRAWS = 2_000
TARGET = Path(block_features.__file__).with_name(WEIGHTS)

Rates = tuple[float, float]


@dataclass
class Page:
    """One page with its blocks, which of them are the article's, and how much hangs on each."""

    set: str
    id: str
    site: str
    fold: int
    truth: str
    blocks: PageBlocks
    on: NDArray[np.bool_]
    gains: NDArray[np.float32]
    plain: NDArray[np.float32]
    names: list[list[int]]
    texts: list[list[int]]

    def weights(self) -> NDArray[np.float32]:
        """Return what each block counts in training; a page counts 1.3 in all."""
        gains = np.minimum(self.gains, MOST_GAIN)
        weights = gains / max(float(gains.sum()), 1e-6) + EVEN / len(gains)
        return weights * (UNTOLD_WEIGHT if self.set == UNTOLD else 1.0)


def read(folder: Path) -> list[Page]:
    """Return the pages of all sets that have a true text and any block."""
    pages = []
    for name in (*SETS, UNTOLD):
        for told in extract_sets.truths(folder / name):
            truth = replace(told, body=_stand_in(folder / name, told)) if name == UNTOLD else told
            if truth.body is None:
                continue
            try:
                evidence = _evidence(folder / name, truth)
            except PageError:
                continue
            blocks = text_blocks(evidence)
            if blocks is None:
                continue
            labels = body_labels.Labelling(
                [body_labels.words(block.text) for block in blocks.blocks], body_labels.words(truth.body)
            )
            site = _site(name, truth)
            pages.append(
                Page(
                    set=name, id=truth.id, site=site, fold=int(hashlib.sha1(site.encode()).hexdigest(), 16) // 2 % FOLDS,
                    truth=truth.body, blocks=blocks, plain=block_features.plain_features(blocks, page_words(evidence)),
                    on=np.array(labels.on), gains=np.array(labels.gains, np.float32),
                    names=_names_around(blocks), texts=[word_keys(words) for words in blocks.words],
                )
            )  # fmt: skip
        print(f"read {name}", file=sys.stderr)
    return pages


def _stand_in(folder: Path, truth: extract_sets.Truth) -> str | None:
    text = trafilatura_text(as_utf8(extract_sets.page_bytes(folder, truth.id)).decode("utf-8"))
    return text if len(text) >= LEAST_STAND_IN else None


def _evidence(folder: Path, truth: extract_sets.Truth) -> Evidence:
    markup = as_utf8(extract_sets.page_bytes(folder, truth.id)).replace(b"\x00", b"")
    return Evidence(PageDocument(markup, truth.url))


def _site(name: str, truth: extract_sets.Truth) -> str:
    if name == "fundus":
        return f"publisher {truth.id.split('_')[1]}"
    if name == "mozilla":
        return f"page {truth.id}"
    return (urlsplit(truth.url).hostname or truth.id).removeprefix("www.")


def _names_around(page: PageBlocks) -> list[list[int]]:
    """Return for each block the keys of all class names and ids of the boxes around it."""
    around: list[set[int]] = []
    for box in page.boxes:
        around.append(set(name_keys(box.names)) | (around[box.parent] if box.parent >= 0 else set()))
    return [sorted(around[block.box] | set(name_keys(block.inline))) for block in page.blocks]


class CueTable:
    """How much each word speaks for the article, by site; a page is told only what other sites say."""

    def __init__(self, pages: Sequence[Page], keys: str, least_sites: int) -> None:
        counts: dict[int, dict[str, list[int]]] = {}
        for page in pages:
            for on, each in zip(page.on.tolist(), getattr(page, keys), strict=True):
                for key in set(each):
                    counts.setdefault(key, {}).setdefault(page.site, [0, 0])[on] += 1
        self._least = least_sites
        self._shares = {
            key: {site: yes / (no + yes) for site, (no, yes) in sites.items()}
            for key, sites in counts.items()
            if len(sites) >= least_sites
        }
        self._sums = {key: math.fsum(shares.values()) for key, shares in self._shares.items()}

    def odds(self, without: str | None, keys: Iterable[int]) -> dict[int, float]:
        """Return key → log odds against the average, as the sites other than *without* have it."""
        found = {}
        for key in keys:
            shares = self._shares.get(key)
            if shares is None:
                continue
            own = shares.get(without or "")
            sites = len(shares) - (own is not None)
            if sites >= self._least:
                share = (self._sums[key] - (own or 0.0) + PRIOR_SITES * PRIOR) / (sites + PRIOR_SITES)
                found[key] = math.log(share / (1 - share)) - math.log(PRIOR / (1 - PRIOR))
        return found

    def all_odds(self) -> dict[int, float]:
        """Return key → log odds from all sites."""
        return self.odds(None, self._shares)


def _rows(page: Page, names: CueTable, texts: CueTable) -> NDArray[np.float32]:
    cues = Cues(
        names.odds(page.site, {key for keys in page.names for key in keys}),
        texts.odds(page.site, {key for keys in page.texts for key in keys}),
    )
    return np.hstack([page.plain, cue_features(page.blocks, cues)])


@dataclass
class Trained:
    """The two networks and the tables they were trained with."""

    names: CueTable
    texts: CueTable
    first: Network
    second: Network

    def probabilities(self, page: Page) -> NDArray[np.float32]:
        """Return the probability of each block of *page*, its own site's words left out."""
        rows = _rows(page, self.names, self.texts)
        return self.second.probabilities(np.hstack([rows, context(page.blocks, self.first.probabilities(rows))]))


def train(pages: Sequence[Page]) -> Trained:
    """Return what *pages* teach. The second network learns from what the first says of sites it has not seen."""
    names, texts = CueTable(pages, "names", SITES_NAME), CueTable(pages, "texts", SITES_WORD)
    rows = [_rows(page, names, texts) for page in pages]
    alone: list[NDArray[np.float32]] = [np.empty(0, np.float32)] * len(pages)
    for fold in sorted({page.fold for page in pages}):
        inside = [place for place, page in enumerate(pages) if page.fold != fold]
        part = _network([rows[place] for place in inside], [pages[place] for place in inside], FIRST, SEED + fold)
        for place, page in enumerate(pages):
            if page.fold == fold:
                alone[place] = part.probabilities(rows[place])
    both = [np.hstack([row, context(page.blocks, said)]) for row, page, said in zip(rows, pages, alone, strict=True)]
    return Trained(names, texts, _network(rows, pages, FIRST, SEED + 100), _network(both, pages, SECOND, SEED + 200))


def _network(rows: Sequence[NDArray[np.float32]], pages: Sequence[Page], plan: network.Plan, seed: int) -> Network:
    return network.train(
        np.concatenate(rows),
        np.concatenate([page.on for page in pages]),
        np.concatenate([page.weights() for page in pages]),
        plan,
        seed,
    )


def out_of_fold(pages: Sequence[Page]) -> list[NDArray[np.float32]]:
    """Return the probabilities of every page's blocks, learned from the sites of the other folds."""
    found: list[NDArray[np.float32]] = [np.empty(0, np.float32)] * len(pages)
    for fold in range(FOLDS):
        trained = train([page for page in pages if page.fold != fold])
        for place, page in enumerate(pages):
            if page.fold == fold:
                found[place] = trained.probabilities(page)
        print(f"fold {fold + 1} of {FOLDS}", file=sys.stderr)
    return found


def scores(page: Page, said: NDArray[np.float32], keep: float = KEEP) -> Rates:
    """Return precision and recall of the blocks of *page* that *said* keeps, notices left out as the reader does."""
    kept = [block for block, each in zip(page.blocks.blocks, said, strict=True) if each >= keep]
    text = "\n".join(block.text for block in kept if not is_notice(block.text, block.linked))
    return evaluation.shingle_scores(page.truth, text)


def peer_scores(folder: Path, pages: Sequence[Page]) -> list[Rates]:
    """Return trafilatura's scores on *pages*, in its precision mode: its better one."""
    import trafilatura

    found = []
    for page in pages:
        raw = extract_sets.page_bytes(folder / page.set, page.id)
        answer: Any = trafilatura.bare_extraction(raw, include_comments=False, favor_precision=True)
        found.append(evaluation.shingle_scores(page.truth, getattr(answer, "text", "") or ""))
    return found


def f1(rates: NDArray[np.float64]) -> float:
    """Return the F1 of mean precision and mean recall."""
    precision, recall = rates.mean(axis=0)
    return float(2 * precision * recall / (precision + recall))


def interval(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> tuple[float, float]:
    """Return the 95 % bootstrap interval, by page, of the difference of the F1s."""
    random = np.random.default_rng(SEED)
    draws = random.integers(0, len(ours), (DRAWS, len(ours)))
    low, high = np.quantile([f1(ours[draw]) - f1(theirs[draw]) for draw in draws], (0.025, 0.975))
    return float(low), float(high)


def show(pages: Sequence[Page], ours: Sequence[Rates], theirs: Sequence[Rates] | None) -> None:
    """Print F1 of each set and of the news sets together, with the difference to the peer."""
    for name in (*SETS, "news sets"):
        places = [
            at for at, page in enumerate(pages) if page.set == name or (page.set in NEWS_SETS and name == "news sets")
        ]
        own = np.array([ours[at] for at in places])
        precision, recall = own.mean(axis=0)
        line = f"{name:<10} {len(places):>4} pages  F1 {f1(own):.4f}  precision {precision:.4f}  recall {recall:.4f}"
        if theirs is not None:
            other = np.array([theirs[at] for at in places])
            low, high = interval(own, other)
            line += f"  trafilatura {f1(other):.4f}  difference {f1(own) - f1(other):+.4f} [{low:+.4f}, {high:+.4f}]"
        print(line)


def write(trained: Trained, path: Path) -> None:
    """Write the weights to *path*: half precision, which changes no probability by more than 0.01."""
    arrays: dict[str, NDArray[Any]] = {}
    for what, table in (("names", trained.names), ("words", trained.texts)):
        odds: Mapping[int, float] = dict(sorted(table.all_odds().items()))
        arrays[f"{what}_keys"] = np.array(list(odds), np.uint32)
        arrays[f"{what}_odds"] = np.array(list(odds.values()), np.float16)
    for name, each in (("first", trained.first), ("second", trained.second)):
        for part in ("mean", "deviation", "into", "bias", "out"):
            kind = np.float32 if part in ("mean", "deviation") else np.float16
            arrays[f"{name}_{part}"] = getattr(each, part).astype(kind)
        arrays[f"{name}_constant"] = np.float32(each.constant)
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]
    print(f"wrote {path.name}, {path.stat().st_size // 1024} KiB", file=sys.stderr)


def main() -> int:
    """Train, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--dry", action="store_true", help="print the figures only")
    options = parser.parse_args()
    pages = read(options.folder)
    said = out_of_fold(pages)
    show(
        pages, [scores(page, each) for page, each in zip(pages, said, strict=True)], peer_scores(options.folder, pages)
    )
    if not options.dry:
        write(train(pages), TARGET)
    return 0


if __name__ == "__main__":
    sys.exit(main())
