"""How much memory reading pages takes: in a process of its own, which reads the pages and does nothing else.

Run as a module by `newsloom eval extract`: no other extractor, no truth and no scoring is loaded beside the reader.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

MEMORY_PAGES = 500
"""The first so many pages by id are read, over all folders together."""

_OWN = "newsloom"


def peak_memory_mb(folders: Sequence[Path], peer: str | None = None) -> float:
    """Return the peak memory, in MB of 2**20 bytes, of a process that reads the first 500 pages of *folders* by id.

    Args:
        folders: folders with `pages/` and `truth.jsonl`.
        peer: one of `extract_peers.PEERS` to measure instead of newsloom's own reader.

    Cost: reads the pages once more.
    """
    command = [sys.executable, "-m", __spec__.name, peer or _OWN, *map(str, folders)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    return round(float(json.loads(done.stdout)), 1)


def _read_all(system: str, folders: Sequence[Path]) -> None:
    from newsloom.evaluation.extract_sets import page_bytes

    pages = [(truth_id, url, folder) for folder in folders for truth_id, url in _addresses(folder)]
    for identifier, url, folder in sorted(pages, key=lambda page: page[0])[:MEMORY_PAGES]:
        _read(system, page_bytes(folder, identifier), url)


def _addresses(folder: Path) -> list[tuple[str, str]]:
    with (folder / "truth.jsonl").open(encoding="utf-8") as lines:
        return [(row["id"], row["url"]) for row in map(json.loads, lines)]


def _read(system: str, body: bytes, url: str) -> None:
    if system != _OWN:
        from newsloom.evaluation.extract_peers import peer_record

        peer_record(system, body, url)
        return
    from newsloom.adapters.pages.reader import HtmlPageReader
    from newsloom.errors import PageError
    from newsloom.model.page import FetchedPage
    from newsloom.stages.extract import article

    now = datetime.now(UTC)
    page = FetchedPage(url, url, 200, body, now, content_type="text/html")
    try:
        article(HtmlPageReader().read(page), entry=None, original_url=url, organizations={}, first_seen=now)
    except PageError:
        return


def _peak_mb() -> float:
    """Return this process's peak memory. Linux's own count for the program: `getrusage` also remembers the parent's."""
    try:
        status = Path("/proc/self/status").read_text("ascii")
    except OSError:
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(peak.split()[1]) / 1024


if __name__ == "__main__":
    _read_all(sys.argv[1], [Path(folder) for folder in sys.argv[2:]])
    sys.stdout.write(json.dumps(_peak_mb()))
