"""`newsloom eval duplicates`: how well copies are found, over pairs."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from newsloom.errors import DataLayoutError
from newsloom.evaluation.measures import grouped, pairs_within, precision_recall, rounded
from newsloom.evaluation.streams import Row, in_stream_order, read_rows
from newsloom.model.item import Duplicate, Item
from newsloom.stages.dedupe import ShingleDeduplicator

BATCH = 2_000
"""So many items arrive at once: a busy portal's day."""

_SHOWN_CHARACTERS = 240
Pair = tuple[str, str]


def evaluate_duplicates(path: Path, *, errors: int = 0) -> dict[str, object]:
    """Return the measures of `eval duplicates` on the labelled stream at *path*.

    A pair is a copy and its original, or two copies of one. Which of them is called the original does not matter.

    Args:
        path: a .jsonl whose lines have duplicate_of.
        errors: how many of the worst false and missed copies to list.

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
    decisions = streamed(items, BATCH if timed else len(items))
    seconds = time.process_time() - started
    found = _pairs({**dict.fromkeys(originals), **{copy.item: copy.primary for copy in decisions.values()}})
    rates = precision_recall(len(found & true), len(found), len(true))
    result: dict[str, object] = {
        "documents": len(rows),
        "precision": rounded(rates.precision),
        "recall": rounded(rates.recall),
        "f1": rounded(rates.f1),
        "pairs": len(true),
        "pairs_found": len(found),
        "documents_per_cpu_second": round(len(rows) / seconds, 1) if seconds else None,
        "order": "time" if timed else "sha1",
        "deduplicator": "shingle coverage",
    }
    if errors > 0:
        result["errors"] = {
            "false": worst_false(rows, decisions, true, errors),
            "missed": worst_missed(rows, originals, found, errors),
        }
    return result


def streamed(items: Sequence[Item], batch: int) -> dict[str, Duplicate]:
    """Return the last decision on each copy when *items* arrive in order, *batch* at a time, as in a portal's runs."""
    deduplicator = ShingleDeduplicator()
    reach = deduplicator.options.window
    decisions: dict[str, Duplicate] = {}
    known: list[Item] = []
    for start in range(0, len(items), batch):
        fresh = items[start : start + batch]
        earliest = min(item.seen_at for item in fresh)
        known = [item for item in known if item.seen_at >= earliest - reach]
        decisions.update((copy.item, copy) for copy in deduplicator.duplicates(fresh, known))
        known = [
            replace(item, duplicate_of=decisions[item.id].primary) if item.id in decisions else item
            for item in (*known, *fresh)
        ]
    return decisions


def worst_false(
    rows: Sequence[Row], decisions: Mapping[str, Duplicate], true: set[Pair], limit: int
) -> list[dict[str, object]]:
    """Return items wrongly called copies beside what they were called copies of, most alike first."""
    by_id = {row.id: row for row in rows}
    wrong = [copy for copy in decisions.values() if not {(copy.item, copy.primary), (copy.primary, copy.item)} & true]
    wrong.sort(key=lambda copy: (-copy.containment, copy.item))
    return [
        {"kind": copy.kind, "containment": copy.containment}
        | {"called_copy": _shown(by_id[copy.item]), "of": _shown(by_id[copy.primary])}
        for copy in wrong[:limit]
    ]


def worst_missed(
    rows: Sequence[Row], originals: Mapping[str, str | None], found: set[Pair], limit: int
) -> list[dict[str, object]]:
    """Return copies that were not tied to their original, beside it, those of the largest groups first."""
    by_id = {row.id: row for row in rows}
    sizes = grouped((item, original) for item, original in originals.items() if original)
    missed = [
        (len(sizes[original]), item, original)
        for item, original in originals.items()
        if original and not {(item, original), (original, item)} & found
    ]
    missed.sort(key=lambda entry: (-entry[0], entry[1]))
    return [{"missed_copy": _shown(by_id[item]), "of": _shown(by_id[original])} for _, item, original in missed[:limit]]


def _shown(row: Row) -> dict[str, object]:
    text = row.text or row.excerpt
    return {
        "id": row.id,
        "publisher": row.fields.get("publisher"),
        "first_seen": row.fields.get("first_seen"),
        "title": row.title,
        "words": len(text.split()),
        "starts": text[:_SHOWN_CHARACTERS],
    }


def _original(value: object, path: Path) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, int):
        return str(value)
    raise DataLayoutError("`duplicate_of` must be an id or null", where=str(path))


def _pairs(originals: Mapping[str, str | None]) -> set[Pair]:
    """Return all pairs inside groups of copies, chains followed to their end."""

    def root(item: str) -> str:
        seen = {item}
        while (above := originals.get(item)) is not None and above not in seen:
            seen.add(above)
            item = above
        return item

    return pairs_within(grouped((item, root(item)) for item in originals).values())
