"""`newsloom eval duplicates`: how well copies are found, over pairs."""

from __future__ import annotations

import time
from pathlib import Path

from newsloom.errors import DataLayoutError
from newsloom.evaluation.measures import grouped, pairs_within, precision_recall, rounded
from newsloom.evaluation.streams import in_stream_order, read_rows
from newsloom.stages.dedupe import ShingleDeduplicator


def evaluate_duplicates(path: Path) -> dict[str, object]:
    """Return the measures of `eval duplicates` on the labelled stream at *path*.

    A pair is a copy and its original, or two copies of one. Which of them is called the original does not matter.

    Raises:
        DataLayoutError: the file is no labelled stream, no line has the key duplicate_of, or one names an unknown id.
    """
    rows, timed = in_stream_order(read_rows(path))
    if not any("duplicate_of" in row.fields for row in rows):
        raise DataLayoutError("no item has `duplicate_of`", where=str(path), hint="Give each line an id, or null")
    originals = {row.id: _original(row.fields.get("duplicate_of"), path) for row in rows}
    unknown = sorted({original for original in originals.values() if original is not None} - originals.keys())
    if unknown:
        raise DataLayoutError(f"`duplicate_of` names an unknown id, {unknown[0]!r}", where=str(path))
    true = _pairs(originals)
    items = [row.item(timed=timed) for row in rows]
    started = time.process_time()
    decisions = ShingleDeduplicator().duplicates(items, ())
    seconds = time.process_time() - started
    found = _pairs({**dict.fromkeys(originals), **{decision.item: decision.primary for decision in decisions}})
    rates = precision_recall(len(found & true), len(found), len(true))
    return {
        "documents": len(rows),
        "precision": rounded(rates.precision),
        "recall": rounded(rates.recall),
        "f1": rounded(rates.f1),
        "pairs": len(true),
        "pairs_found": len(found),
        "documents_per_cpu_second": round(len(rows) / seconds, 1) if seconds else None,
        "order": "time" if timed else "sha1",
        "deduplicator": "minhash 64x2 and containment",
    }


def _original(value: object, path: Path) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, int):
        return str(value)
    raise DataLayoutError("`duplicate_of` must be an id or null", where=str(path))


def _pairs(originals: dict[str, str | None]) -> set[tuple[str, str]]:
    """Return all pairs inside groups of copies, chains followed to their end."""

    def root(item: str) -> str:
        seen = {item}
        while (above := originals.get(item)) is not None and above not in seen:
            seen.add(above)
            item = above
        return item

    return pairs_within(grouped((item, root(item)) for item in originals).values())
