"""`newsloom eval extract`: how well pages are read, on any folder of pages with truth (data/README.md, `extract`)."""

from __future__ import annotations

import re
import time
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

from newsloom.adapters.pages.reader import Extractor, HtmlPageReader
from newsloom.errors import PageError, UsageError
from newsloom.evaluation.bootstrap import f1, mean, paired_difference
from newsloom.evaluation.extract_memory import peak_memory_mb
from newsloom.evaluation.extract_peers import checked_peer, peer_record
from newsloom.evaluation.extract_sets import Truth, folded, page_bytes, truths
from newsloom.model.article import Article, Moment, PageReading
from newsloom.model.page import FetchedPage
from newsloom.ports.reading import PageReader
from newsloom.stages.extract import article
from newsloom.stages.extract.instants import falls_on
from newsloom.vocab.plain import letters_and_digits, one_line

SHINGLE = 4
SAME_INSTANT_SECONDS = 60
_SOFT_HYPHEN = "\u00ad"

_WORD = re.compile(r"\w+")
_SHOWN_FAILURES = 20

FIELDS = (
    "title_accuracy",
    "date_accuracy",
    "instant_accuracy",
    "authors_accuracy",
    "keywords_f1",
    "site_name_accuracy",
    "excerpt_accuracy",
)


@dataclass(frozen=True)
class Answer:
    """What a system said of one page; empty where it found nothing. `day` is the calendar day as the page counts it."""

    body: str = ""
    title: str = ""
    day: date | None = None
    instant: datetime | None = None
    authors: frozenset[str] = frozenset()
    keywords: frozenset[str] = frozenset()
    site_name: str = ""
    excerpt: str = ""


@dataclass
class Scores:
    """Sums of one system's scores over pages; a field without truth on a page is left out of that field's mean."""

    cpu_seconds: float = 0.0
    pages: int = 0
    failures: list[dict[str, str]] = field(default_factory=list)
    values: dict[str, list[float]] = field(default_factory=dict)

    def add(self, truth: Truth, answer: Answer) -> None:
        """Score *answer* against *truth*."""
        self.pages += 1
        if truth.body is not None:
            precision, recall = shingle_scores(truth.body, answer.body)
            self._add("body_precision", precision)
            self._add("body_recall", recall)
        for name, right, said in (
            ("title", truth.title, answer.title),
            ("site_name", truth.site_name, answer.site_name),
        ):
            if right is not None:
                self._add(f"{name}_accuracy", letters_and_digits(right) == letters_and_digits(said))
        if truth.excerpt is not None:
            self._add("excerpt_accuracy", is_same_excerpt(truth.excerpt, answer.excerpt))
        if truth.day is not None:
            self._add("date_accuracy", is_same_day(truth, answer))
        if truth.instant is not None:
            near = (
                answer.instant is not None
                and abs((answer.instant - truth.instant).total_seconds()) <= SAME_INSTANT_SECONDS
            )
            self._add("instant_accuracy", near)
        if truth.authors is not None:
            self._add("authors_accuracy", truth.authors == answer.authors)
        if truth.keywords is not None:
            common = len(truth.keywords & answer.keywords)
            self._add("keywords_f1", 2 * common / (len(truth.keywords) + len(answer.keywords)))

    def _add(self, name: str, value: float) -> None:
        self.values.setdefault(name, []).append(float(value))

    def summary(self) -> dict[str, Any]:
        """Return the means, null where no page had truth."""
        precision, recall = self._mean("body_precision"), self._mean("body_recall")
        f1 = (
            None
            if precision is None or recall is None
            else (2 * precision * recall / (precision + recall) if precision + recall else 0.0)
        )
        return {
            "pages": self.pages,
            "failures": len(self.failures),
            "body_precision": precision,
            "body_recall": recall,
            "body_f1": f1,
            **{name: self._mean(name) for name in FIELDS},
            "pages_per_cpu_second": round(self.pages / self.cpu_seconds, 2) if self.cpu_seconds else None,
        }

    @classmethod
    def pooled(cls, parts: Sequence[Scores]) -> Scores:
        """Return the scores of all *parts* as one."""
        whole = cls()
        for part in parts:
            whole.cpu_seconds += part.cpu_seconds
            whole.pages += part.pages
            whole.failures += part.failures
            for name, values in part.values.items():
                whole.values.setdefault(name, []).extend(values)
        return whole

    def _mean(self, name: str) -> float | None:
        values = self.values.get(name)
        return sum(values) / len(values) if values else None


def evaluate_extract(
    path: Path | Sequence[Path],
    *,
    peer: str | None = None,
    limit: int | None = None,
    extractor: Extractor = "newsloom",
) -> dict[str, Any]:
    """Return how well newsloom reads the pages in *path*, as `newsloom eval extract` prints it.

    Args:
        path: a folder with `pages/<id>.html[.gz]` and `truth.jsonl`; several are measured as one, and each by itself.
        peer: one of `extract_peers.PEERS`, to score its full record (text and metadata) on the same pages in the same run.
        limit: only the first so many pages of each folder.
        extractor: the engine that finds the article's text.

    Raises:
        DataLayoutError: a folder is not of that layout.
        UsageError: there is no such peer, or no folder.
    """
    paths = [path] if isinstance(path, Path) else list(path)
    if not paths:
        raise UsageError("there is no data to measure on")
    reader = HtmlPageReader(extractor)
    systems = _Systems(reader, checked_peer(peer) if peer is not None else None)
    runs = [systems.run(each, limit) for each in paths]
    pooled = Run(ours=Scores.pooled([run.ours for run in runs]), theirs=Scores.pooled([run.theirs for run in runs]))
    result: dict[str, Any] = {
        "name": "extract",
        "data": paths[0].name if len(paths) == 1 else [each.name for each in paths],
        "reader": reader.name,
        **pooled.ours.summary(),
        "peak_memory_mb": peak_memory_mb(paths),
        "failed_pages": pooled.ours.failures[:_SHOWN_FAILURES],
    }
    if peer is not None:
        result["peer"] = {
            "name": peer, "version": version("trafilatura"), **pooled.theirs.summary(), "peak_memory_mb": peak_memory_mb(paths, peer),
        }  # fmt: skip
        result |= pooled.compared()
    if len(paths) > 1:
        result["sets"] = {
            each.name: run.ours.summary() | (run.compared() if peer is not None else {})
            for each, run in zip(paths, runs, strict=True)
        }
    return result


@dataclass
class Run:
    """The scores of newsloom and of its peer (empty without one) on the same pages in the same order."""

    ours: Scores = field(default_factory=lambda: Scores())
    theirs: Scores = field(default_factory=lambda: Scores())

    def compared(self) -> dict[str, Any]:
        """Return the paired difference of each figure that the pages have truth for, and the ratio of the speeds."""
        found: dict[str, Any] = {}
        ours, theirs = self.ours.values, self.theirs.values
        if ours.get("body_precision"):
            found["body_f1"] = paired_difference(_body_rows(ours), _body_rows(theirs), f1).as_dict()
        for name in FIELDS:
            if ours.get(name):
                own, other = ([(value,) for value in values[name]] for values in (ours, theirs))
                found[name] = paired_difference(own, other, mean).as_dict()
        ratio = self.theirs.cpu_seconds / self.ours.cpu_seconds if self.ours.cpu_seconds else None
        return {"difference_to_peer": found, "speed_ratio": None if ratio is None else round(ratio, 2)}


def _body_rows(values: dict[str, list[float]]) -> list[tuple[float, float]]:
    return list(zip(values["body_precision"], values["body_recall"], strict=True))


class _Systems:
    """newsloom's reader and its peer, both warm: what loading them costs is nobody's page."""

    def __init__(self, reader: PageReader, peer: str | None) -> None:
        self._reader, self._peer, self._now = reader, peer, datetime.now(UTC)
        _own_answer(reader, _WARM_UP, _WARM_UP_PAGE, self._now, Scores())
        if peer is not None:
            peer_record(peer, _WARM_UP_PAGE, _WARM_UP.url)

    def run(self, path: Path, limit: int | None) -> Run:
        """Read and score each page of *path* by both, one after the other."""
        run = Run()
        for truth in truths(path, limit):
            body = page_bytes(path, truth.id)
            started = time.process_time()
            answer = _own_answer(self._reader, truth, body, self._now, run.ours)
            run.ours.cpu_seconds += time.process_time() - started
            run.ours.add(truth, answer)
            if self._peer is not None:
                started = time.process_time()
                answer = _peer_answer(self._peer, truth, body, run.theirs)
                run.theirs.cpu_seconds += time.process_time() - started
                run.theirs.add(truth, answer)
        return run


_WARM_UP = Truth("warm-up", "https://warm-up.example/")
_WARM_UP_PAGE = (
    b"<html><title>Warm-up</title><body><article>"
    + b"<p>Nothing but words that load the engines for text, date and language.</p>" * 8
    + b"</article></body></html>"
)


def shingle_scores(truth: str, answer: str) -> tuple[float, float]:
    """Return precision and recall of *answer* by bags of runs of four words (`\\w+`); 0 when only one side has text.

    Both sides are brought to NFC without soft hyphens first: `\\w+` would end a word at either, in the truth as well.

    Source: Zyte, article-extraction-benchmark, evaluate.py.
    """
    expected, found = _shingles(truth), _shingles(answer)
    if not expected or not found:
        same = 1.0 if not expected and not found else 0.0
        return same, same
    common = (expected & found).total()
    return common / found.total(), common / expected.total()


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(unicodedata.normalize("NFC", text.replace(_SOFT_HYPHEN, "")))
    return (
        Counter(tuple(words[start : start + SHINGLE]) for start in range(max(1, len(words) - SHINGLE + 1)))
        if words
        else Counter()
    )


def is_same_excerpt(truth: str, answer: str) -> bool:
    """Return True when both say the same (letters and digits), or *answer* is *truth* cut short, as excerpts are."""
    right, said = letters_and_digits(truth), letters_and_digits(answer)
    cut = len(answer) >= 100 and len(one_line(truth)) > len(answer)
    return right == said or (cut and right.startswith(said))


def is_same_day(truth: Truth, answer: Answer) -> bool:
    """Return True when *answer* names the day of *truth*: the day the page shows, or, of an instant with a zone, its day in UTC."""
    days = {truth.day} if truth.instant is None else {truth.day, truth.instant.astimezone(UTC).date()}
    return answer.day in days


def page_day(reading: PageReading, found: Article) -> date | None:
    """Return the calendar day of *found*'s publication in the page's own time zone, which is what annotators see.

    The zone is the one the instant was told in; failing that, the day in the page's address, where the instant can fall on it;
    failing that, UTC.
    """
    instant = found.published_date_time
    if instant is None:
        return None
    for candidate in reading.published:
        offset = candidate.value.utc_offset_minutes
        if candidate.value.instant.replace(microsecond=0) == instant and offset is not None:
            return (instant + timedelta(minutes=offset)).date()
    for candidate in reading.published:
        day = candidate.value.instant
        if candidate.method == "url:path" and falls_on(Moment(instant, "second"), day):
            return day.date()
    return instant.date()


def _own_answer(reader: PageReader, truth: Truth, body: bytes, now: datetime, scores: Scores) -> Answer:
    try:
        reading = reader.read(FetchedPage(truth.url, truth.url, 200, body, now, content_type="text/html"))
        found = article(reading, entry=None, original_url=truth.url, organizations={}, first_seen=now)
    except PageError as error:
        scores.failures.append({"id": truth.id, "reason": error.message})
        return Answer()
    return Answer(
        body=found.article_body,
        title=found.title,
        day=page_day(reading, found),
        instant=found.published_date_time,
        authors=folded(found.authors),
        keywords=folded(found.keywords),
        site_name=found.provider.name,
        excerpt=found.excerpt,
    )


def _peer_answer(peer: str, truth: Truth, body: bytes, scores: Scores) -> Answer:
    found = peer_record(peer, body, truth.url)
    if found is None:
        scores.failures.append({"id": truth.id, "reason": "no result"})
        return Answer()
    return Answer(
        body=found.text or "",
        title=found.title or "",
        day=date.fromisoformat(found.date) if found.date else None,
        authors=folded((found.author or "").split("; ")),
        keywords=folded(found.tags or ()),
        site_name=found.sitename or "",
        excerpt=found.description or "",
    )
