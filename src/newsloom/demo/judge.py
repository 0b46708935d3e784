"""Judge a portal made from the invented web against its truth, from nothing but its records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from newsloom.demo.truth import truth_rows
from newsloom.demo.world import World
from newsloom.model.record import Record, RecordFile

LEAST_BCUBED_F1 = 0.90


@dataclass(frozen=True, slots=True)
class _Match:
    """A truth row and the record that stands for it. `story` is the story the portal put it in."""

    row: Mapping[str, Any]
    file: RecordFile
    story: str


def judge(records: Sequence[RecordFile], world: World) -> dict[str, Any]:
    """Return how well *records* tell what happened in *world*.

    Rates are in 0..1. A record stands for the article whose canonical address it has (tracking parameters aside).

    Returns:
        items, records, matched; missing and expected_missing (the latter with the reason: javascript, robots),
        unknown (paths of records of no article), duplicate_records (articles with more than one record);
        bcubed_precision / recall / f1 over matched items; false_merges (pairs of look-alike stories that share a story
        of the portal); copies_found / missed / wrong, originals_demoted (an original called a copy of one of its copies); titles_exact
        (any of the article's versions); topics_precision / recall over matched items that rank (no spam,
        no copies); spam, spam_published; instants_told, instants_exact (within 60 s, or the day where only the day is told);
        published.

    Cost: O(items · log) time.
    """
    rows = truth_rows(world)
    by_address = {_identity(row["url"]): row for row in rows}
    found: dict[str, RecordFile] = {}
    repeats: Counter[str] = Counter()
    unknown = []
    for file in sorted(records, key=lambda file: file.path):
        row = _row_of(file.record, by_address)
        if row is None:
            unknown.append(file.path)
        elif row["id"] in found:
            repeats[row["id"]] += 1
        else:
            found[row["id"]] = file
    matches = _matches(rows, found)
    missing = [row for row in rows if row["id"] not in found]
    return {
        "items": len(rows),
        "records": len(records),
        "matched": len(matches),
        "missing": [row["id"] for row in missing if not row["obstacle"]],
        "expected_missing": [f"{row['id']} ({row['obstacle']})" for row in missing if row["obstacle"]],
        "unknown": unknown,
        "duplicate_records": sorted(repeats),
        **_bcubed(matches),
        "false_merges": _false_merges(matches, world.look_alikes()),
        **_copies(matches, found),
        "originals_demoted": [
            m.row["id"] for m in matches if m.row["duplicate_of"] is None and _is_copy(m.file.record)
        ],
        "titles_exact": _exact_titles(matches, world),
        **_topics(matches),
        "spam": sum(match.row["press_release_spam"] for match in matches),
        "spam_published": sorted(
            match.row["id"] for match in matches if match.row["press_release_spam"] and match.file.record.published
        ),
        **_instants(matches, world),
        "published": sum(bool(match.file.record.published) for match in matches),
    }


def broken_promises(judged: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what in *judged*, the result of `judge`, newsloom promises not to happen, a sentence each; empty when all is well."""
    f1 = judged["bcubed_f1"]
    broken = []
    if f1 is None or f1 < LEAST_BCUBED_F1:
        told = "nothing to compare" if f1 is None else f"B-cubed F1 is {f1:.3f}"
        broken.append(f"stories are not told apart: {told}, not {LEAST_BCUBED_F1:.2f} or more")
    for key, what in (
        ("false_merges", "different events share a story"),
        ("duplicate_records", "articles have more than one record"),
        ("spam_published", "press-release spam is published"),
    ):
        if judged[key]:
            broken.append(f"{what}: {', '.join(judged[key])}")
    return tuple(broken)


def _identity(url: str) -> str:
    """Return what two addresses of one page share: host without www., path without end slash, query without tracking."""
    parts = urlsplit(url)
    host = parts.netloc.lower().removeprefix("www.").removesuffix(":80")
    query = sorted(pair for pair in parse_qsl(parts.query) if not pair[0].startswith("utm_"))
    return f"{host}{parts.path.rstrip('/')}?{query}"


def _row_of(record: Record, by_address: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any] | None:
    for url in (record.web_url, record.original_url):
        row = by_address.get(_identity(url)) if url else None
        if row is not None:
            return row
    return None


def _matches(rows: Sequence[Mapping[str, Any]], found: Mapping[str, RecordFile]) -> list[_Match]:
    """Pair rows with records; a copy without a story of its own is in its primary's, anything else alone is a story of one."""
    by_id = {f.record.bookkeeping.id: f.record for f in found.values() if f.record.bookkeeping}
    matches = []
    for row in rows:
        file = found.get(row["id"])
        if file is None:
            continue
        kept = file.record.bookkeeping
        story = kept.story if kept else None
        if story is None and kept and kept.duplicate_of in by_id:
            primary = by_id[kept.duplicate_of].bookkeeping
            story = primary.story if primary else None
        matches.append(_Match(row, file, story or file.path))
    return matches


def _bcubed(matches: Sequence[_Match]) -> dict[str, float | None]:
    """Return B-cubed precision, recall and their harmonic mean. Source: Bagga and Baldwin, COLING-ACL 1998."""
    if not matches:
        return {"bcubed_precision": None, "bcubed_recall": None, "bcubed_f1": None}
    both = Counter((match.story, match.row["story"]) for match in matches)
    ours = Counter(match.story for match in matches)
    theirs = Counter(match.row["story"] for match in matches)
    precision = sum(n * n / ours[story] for (story, _), n in both.items()) / len(matches)
    recall = sum(n * n / theirs[story] for (_, story), n in both.items()) / len(matches)
    f1 = 2 * precision * recall / (precision + recall)
    return {"bcubed_precision": precision, "bcubed_recall": recall, "bcubed_f1": f1}


def _false_merges(matches: Sequence[_Match], pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Return each look-alike pair of which some story of the portal holds both."""
    held: dict[str, set[str]] = {}
    for match in matches:
        held.setdefault(match.row["story"], set()).add(match.story)
    return [f"{one} + {other}" for one, other in pairs if held.get(one, set()) & held.get(other, set())]


def _copies(matches: Sequence[_Match], found: Mapping[str, RecordFile]) -> dict[str, list[str]]:
    """Compare `duplicate_of` with the families of copies; which member counts as the primary does not matter."""
    family = {match.row["id"]: match.row["duplicate_of"] or match.row["id"] for match in matches}
    article_of = {f.record.bookkeeping.id: name for name, f in found.items() if f.record.bookkeeping}
    right, wrong, folded = set(), set(), Counter[str]()
    for match in matches:
        name, kept = match.row["id"], match.file.record.bookkeeping
        if kept is None or kept.duplicate_of is None:
            continue
        primary = article_of.get(kept.duplicate_of)
        if primary is not None and family[primary] == family[name]:
            right.add(name)
            folded[family[name]] += 1
        else:
            wrong.add(name)
    sizes = Counter(family.values())
    missed = [
        m.row["id"]
        for m in matches
        if m.row["duplicate_of"]
        and m.row["id"] not in right
        and folded[family[m.row["id"]]] < sizes[family[m.row["id"]]] - 1
    ]
    return {"copies_found": sorted(right), "copies_missed": sorted(missed), "copies_wrong": sorted(wrong)}


def _is_copy(record: Record) -> bool:
    return record.bookkeeping is not None and record.bookkeeping.duplicate_of is not None


def _exact_titles(matches: Sequence[_Match], world: World) -> int:
    told = {article.id: {version.title for version in article.versions} for article in world.articles}
    return sum(match.file.record.title in told[match.row["id"]] for match in matches)


def _topics(matches: Sequence[_Match]) -> dict[str, float | None]:
    ranked = [m for m in matches if not m.row["press_release_spam"] and not m.row["duplicate_of"]]
    given = sum(len(m.file.record.topics) for m in ranked)
    right = sum(len(set(m.file.record.topics) & set(m.row["topics"])) for m in ranked)
    wanted = sum(len(m.row["topics"]) for m in ranked)
    return {
        "topics_precision": right / given if given else None,
        "topics_recall": right / wanted if wanted else None,
    }


def _instants(matches: Sequence[_Match], world: World) -> dict[str, Any]:
    """Count publication instants that can be known and are right; name those that are not."""
    offsets = {article.id: article.provider.offset for article in world.articles}
    told = exact = 0
    off = []
    for match in matches:
        if match.row["told"] == "none":
            continue
        told += 1
        truth = datetime.fromisoformat(match.row["published"])
        claimed = match.file.record.published_date_time.astimezone(UTC)
        local_day = (truth + timedelta(minutes=offsets[match.row["id"]])).date()
        is_right = abs((claimed - truth).total_seconds()) <= 60
        if match.row["told"] == "day":
            is_right = claimed.date() in (truth.date(), local_day)
        exact += is_right
        if not is_right:
            off.append(match.row["id"])
    return {"instants_told": told, "instants_exact": exact, "instants_off": off}
