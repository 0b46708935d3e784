"""`newsloom eval stories`: how well items are woven into stories, and how well related coverage is found."""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Sequence
from pathlib import Path

from newsloom.errors import DataLayoutError, UsageError
from newsloom.evaluation.measures import adjusted_rand, bcubed, rounded
from newsloom.evaluation.related import related_measures
from newsloom.evaluation.story_peers import tfidf_peer
from newsloom.evaluation.streams import Row, in_stream_order, read_rows
from newsloom.ports.deciding import StoryConstraints
from newsloom.ports.embedding import Embedder
from newsloom.stages.cluster import StreamClusterer


def evaluate_stories(
    path: Path, *, errors: int = 0, embedder: Embedder | None = None, peer: str | None = None
) -> dict[str, object]:
    """Return the measures of `eval stories` on the labelled stream at *path*.

    Args:
        path: a .jsonl whose lines have story or cluster; lines without one take part but are not judged.
        errors: how many of the worst merges and splits to list.
        embedder: what turns texts into vectors; None for words alone.
        peer: `tfidf` to measure the single-threshold baseline in the same run, on the same rows.

    Raises:
        UsageError: there is no such peer.
        DataLayoutError: the file is no labelled stream, or no line has a story.
    """
    if peer not in (None, "tfidf"):
        raise UsageError(f"there is no peer {peer!r} for stories", where="--peer", hint="Give `tfidf`")
    rows, timed = in_stream_order(read_rows(path))
    if not any(row.story for row in rows):
        raise DataLayoutError("no item has a story", where=str(path), hint="Give each line a `story` or `cluster`")
    items = [row.item(timed=timed) for row in rows]
    clusterer = StreamClusterer(embedder=embedder)
    started = time.process_time()
    choices = clusterer.stories(items, (), StoryConstraints()).choices
    seconds = time.process_time() - started
    judged = [(row, choice.story) for row, choice in zip(rows, choices, strict=True) if row.story]
    true = [row.story or "" for row, _ in judged]
    found = [story for _, story in judged]
    rates = bcubed(found, true)
    woven = [dataclasses.replace(item, story=choice.story) for item, choice in zip(items, choices, strict=True)]
    result: dict[str, object] = {
        "documents": len(rows),
        "stories": len(set(true)),
        "stories_found": len(set(found)),
        "bcubed_precision": rounded(rates.precision),
        "bcubed_recall": rounded(rates.recall),
        "bcubed_f1": rounded(rates.f1),
        "ari": rounded(adjusted_rand(found, true)),
        **related_measures(rows, woven, embedder),
        "documents_per_cpu_second": round(len(rows) / seconds, 1) if seconds else None,
        "order": "time" if timed else "sha1",
        "clusterer": "stream",
        "embedder": embedder.name if embedder else None,
        "options": {key: str(value) for key, value in dataclasses.asdict(clusterer.options).items()},
    }
    if peer:
        result["peer"] = tfidf_peer(rows)
    if errors > 0:
        result["errors"] = {"merges": worst_merges(judged, errors), "splits": worst_splits(judged, errors)}
    return result


def worst_merges(judged: Sequence[tuple[Row, str]], limit: int) -> list[dict[str, object]]:
    """Return the found stories that hold most wrong pairs, each with a title of every true story in it, side by side."""
    return _mixed([(row, found, row.story or "") for row, found in judged], limit, "found", "true_stories")


def worst_splits(judged: Sequence[tuple[Row, str]], limit: int) -> list[dict[str, object]]:
    """Return the true stories that miss most pairs, each with a title of every found story it fell into, side by side."""
    return _mixed([(row, row.story or "", found) for row, found in judged], limit, "story", "found_stories")


def _mixed(labelled: Sequence[tuple[Row, str, str]], limit: int, name: str, parts: str) -> list[dict[str, object]]:
    groups: dict[str, dict[str, list[Row]]] = {}
    for row, group, part in labelled:
        groups.setdefault(group, {}).setdefault(part, []).append(row)
    ranked = []
    for group, inside in groups.items():
        sizes = [len(members) for members in inside.values()]
        wrong = math.comb(sum(sizes), 2) - sum(math.comb(size, 2) for size in sizes)
        if wrong:
            ranked.append((wrong, group, inside))
    ranked.sort(key=lambda entry: (-entry[0], entry[1]))
    return [
        {
            name: group,
            "wrong_pairs": wrong,
            parts: [
                {"id": part, "items": len(members), "titles": [row.title for row in members[:3]]}
                for part, members in sorted(inside.items(), key=lambda entry: (-len(entry[1]), entry[0]))[:8]
            ],
        }
        for wrong, group, inside in ranked[:limit]
    ]
