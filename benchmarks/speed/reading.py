"""What reading a page costs, phase by phase: CPU milliseconds a page, and as a ratio to trafilatura's full record in the same run.

    python benchmarks/speed/reading.py                    every second page at NEWSLOOM_DATA/extraction/aeb (default ../shared/data)
    python benchmarks/speed/reading.py FOLDER… --step 1   other folders with `pages/` and `truth.jsonl`

All phases of a page follow each other as in the product, in several rounds, of which each phase's cheapest counts: on a busy machine
the lowest figure is the truest. CPU time of the whole process, so that work handed to other threads counts too.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from selectolax.lexbor import LexborHTMLParser

from newsloom.adapters.pages import article_text, fields, keywords, moments, people, pictures, videos
from newsloom.adapters.pages.block_classifier import shipped_classifier
from newsloom.adapters.pages.document import PageDocument
from newsloom.adapters.pages.encoding import as_utf8
from newsloom.adapters.pages.evidence import Evidence
from newsloom.adapters.pages.reader import HtmlPageReader
from newsloom.errors import PageError
from newsloom.evaluation.extract_peers import peer_record
from newsloom.evaluation.extract_sets import page_bytes, truths
from newsloom.model.page import FetchedPage
from newsloom.stages.extract import article

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("NEWSLOOM_DATA", ROOT.parent / "shared" / "data"))
NOW = datetime(2026, 3, 12, tzinfo=UTC)
PEER = "trafilatura"
FIELDS: tuple[Callable[[Evidence], object], ...] = (
    fields.titles, fields.descriptions, fields.canonical_urls, fields.amp_urls, fields.site_names, fields.languages, fields.access,
    fields.feeds, keywords.keywords, keywords.sections, people.authors, people.organizations, pictures.images, videos.types, videos.embeds,
    moments.modified, lambda evidence: moments.published(evidence, NOW),
)  # fmt: skip
T = TypeVar("T")


class Clock:
    """CPU seconds by phase of one page."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)

    def time(self, phase: str, work: Callable[[], T]) -> T:
        """Return what *work* returns, its CPU time added to *phase*."""
        started = time.process_time()
        result = work()
        self.spent[phase] += time.process_time() - started
        return result


def read_in_phases(reader: HtmlPageReader, body: bytes, url: str) -> dict[str, float]:
    """Return the CPU seconds of each phase of reading one page. Raises PageError for what is no article."""
    clock = Clock()
    markup = clock.time("decode", lambda: as_utf8(body))
    clock.time("lexbor alone", lambda: LexborHTMLParser(markup))
    evidence = Evidence(clock.time("check and parse", lambda: PageDocument(markup, url)))
    clock.time("data of the page", lambda: (evidence.document.gathered, evidence.article))
    words = clock.time("words of the page", lambda: article_text.page_words(evidence))
    blocks = clock.time("blocks", lambda: article_text.text_blocks(evidence))
    if blocks is not None:
        clock.time("judging blocks", lambda: shipped_classifier().probabilities(blocks, words))
    clock.time("fields", lambda: [read(evidence) for read in FIELDS])
    page = FetchedPage(url, url, 200, body, NOW, content_type="text/html")
    reading = clock.time("read", lambda: reader.read(page))
    clock.time(
        "choosing",
        lambda: article(reading, entry=None, original_url=url, organizations={}, first_seen=NOW),
    )
    clock.time(PEER, lambda: peer_record(PEER, body, url))
    spent = clock.spent
    spent["full record"] = spent["read"] + spent["choosing"]
    return spent


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[DATA / "extraction" / "aeb"])
    parser.add_argument("--step", type=int, default=2, help="take every so-manieth page")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    pages = [
        (page_bytes(folder, truth.id), truth.url)
        for folder in options.folders
        for truth in list(truths(folder))[:: options.step]
    ]
    reader = HtmlPageReader()
    best: list[dict[str, float]] = []
    for body, url in pages:
        try:
            rounds = [read_in_phases(reader, body, url) for _ in range(options.rounds)]
        except PageError:
            continue
        best.append({phase: min(spent[phase] for spent in rounds) for phase in rounds[0]})
    mean = {phase: sum(spent.get(phase, 0.0) for spent in best) / len(best) for phase in best[0]}
    print(
        f"{len(best)} pages, best of {options.rounds} rounds\n{'phase':<22}{'CPU ms a page':>14}{'x faster than ' + PEER:>28}"
    )
    for phase, seconds in mean.items():
        print(f"{phase:<22}{1000 * seconds:>14.2f}{mean[PEER] / max(seconds, 1e-9):>28.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
