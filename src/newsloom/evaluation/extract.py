"""`newsloom eval extract`: how well pages are read, on any folder of pages with truth (data/README.md, `extract`)."""

from __future__ import annotations

import gzip
import json
import re
import resource
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

from newsloom.adapters.pages.reader import HtmlPageReader
from newsloom.errors import DataLayoutError, PageError, UsageError
from newsloom.model.article import Article, Moment, PageReading
from newsloom.model.page import FetchedPage
from newsloom.ports.reading import PageReader
from newsloom.stages.extract import article
from newsloom.stages.extract.instants import falls_on
from newsloom.vocab import credits
from newsloom.vocab.plain import letters_and_digits, markup_text, one_line

SHINGLE = 4
SAME_INSTANT_SECONDS = 60
_SOFT_HYPHEN = "\u00ad"
PEERS = ("trafilatura",)

_WORD = re.compile(r"\w+")
_SHOWN_FAILURES = 20


@dataclass(frozen=True)
class Truth:
    """What is known of one page; None where nothing is."""

    id: str
    url: str
    body: str | None = None
    title: str | None = None
    day: date | None = None
    instant: datetime | None = None
    authors: frozenset[str] | None = None
    keywords: frozenset[str] | None = None
    site_name: str | None = None
    excerpt: str | None = None


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
        names = (
            "title_accuracy",
            "date_accuracy",
            "instant_accuracy",
            "authors_accuracy",
            "keywords_f1",
            "site_name_accuracy",
            "excerpt_accuracy",
        )
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
            **{name: self._mean(name) for name in names},
            "pages_per_cpu_second": round(self.pages / self.cpu_seconds, 2) if self.cpu_seconds else None,
        }

    def _mean(self, name: str) -> float | None:
        values = self.values.get(name)
        return sum(values) / len(values) if values else None


def evaluate_extract(path: Path, *, peer: str | None = None, limit: int | None = None) -> dict[str, Any]:
    """Return how well newsloom reads the pages in *path*, as `newsloom eval extract` prints it.

    Args:
        path: a folder with `pages/<id>.html[.gz]` and `truth.jsonl`.
        peer: `trafilatura` to score its full record (text and metadata) on the same pages in the same run.
        limit: only the first so many pages.

    Raises:
        DataLayoutError: the folder is not of that layout.
        UsageError: there is no such peer.
    """
    if peer is not None and peer not in PEERS:
        raise UsageError(f"there is no peer {peer!r} for extract", hint=f"Known: {', '.join(PEERS)}")
    reader = HtmlPageReader()
    ours, theirs = Scores(), Scores()
    now = datetime.now(UTC)
    _own_answer(reader, _WARM_UP, _WARM_UP_PAGE, now, Scores())  # loads the engines: their import is nobody's page
    for truth in _truths(path, limit):
        body = _page_bytes(path, truth.id)
        started = time.process_time()
        answer = _own_answer(reader, truth, body, now, ours)
        ours.cpu_seconds += time.process_time() - started
        ours.add(truth, answer)
        if peer is not None:
            started = time.process_time()
            answer = _trafilatura_answer(truth, body, theirs)
            theirs.cpu_seconds += time.process_time() - started
            theirs.add(truth, answer)
    result: dict[str, Any] = {
        "name": "extract",
        "data": path.name,
        "reader": reader.name,
        "engine_version": version("trafilatura"),
        **ours.summary(),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "failed_pages": ours.failures[:_SHOWN_FAILURES],
    }
    if peer is not None:
        result["peer"] = {"name": peer, "version": version(peer), **theirs.summary()}
    return result


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
        authors=_folded(found.authors),
        keywords=_folded(found.keywords),
        site_name=found.provider.name,
        excerpt=found.excerpt,
    )


def _trafilatura_answer(truth: Truth, body: bytes, scores: Scores) -> Answer:
    import trafilatura

    found: Any = trafilatura.bare_extraction(body, url=truth.url, include_comments=False, with_metadata=True)
    if found is None:
        scores.failures.append({"id": truth.id, "reason": "no result"})
        return Answer()
    return Answer(
        body=found.text or "",
        title=found.title or "",
        day=date.fromisoformat(found.date) if found.date else None,
        authors=_folded((found.author or "").split("; ")),
        keywords=_folded(found.tags or ()),
        site_name=found.sitename or "",
        excerpt=found.description or "",
    )


def _truths(path: Path, limit: int | None) -> Iterator[Truth]:
    file = path / "truth.jsonl"
    if not file.is_file() or not (path / "pages").is_dir():
        raise DataLayoutError("a folder with pages/ and truth.jsonl is needed", where=str(path))
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if limit is not None and number >= limit:
                return
            try:
                row = json.loads(line)
                yield _truth(row)
            except (ValueError, KeyError, TypeError) as error:
                raise DataLayoutError(f"line {number + 1} is no truth of a page: {error}", where=str(file)) from error


def _truth(row: Mapping[str, Any]) -> Truth:
    """Return what a row tells, in the names of newsloom's own sets or of mozilla/readability's."""
    metadata = row.get("metadata") or {}
    told = row.get("datePublished") or metadata.get("publishedTime")
    day, instant = _day_and_instant(told) if isinstance(told, str) else (None, None)
    expected_html = row.get("expectedHtml")
    body = markup_text(expected_html) if expected_html else row.get("articleBody")
    return Truth(
        id=row["id"],
        url=row["url"],
        body=body or None,
        title=row.get("title") or metadata.get("title") or None,
        day=day,
        instant=instant,
        authors=_credited(row.get("authors") or metadata.get("byline")),
        keywords=_folded(row["keywords"]) if row.get("keywords") else None,
        site_name=metadata.get("siteName") or None,
        excerpt=metadata.get("excerpt") or None,
    )


def _credited(authors: str | Sequence[str] | None) -> frozenset[str] | None:
    """Return the names of a list, of a comma-separated string, or of a byline as a page writes it."""
    if not authors:
        return None
    return _folded(authors if not isinstance(authors, str) else credits.names([authors]) or [authors])


def _folded(names: Sequence[str]) -> frozenset[str]:
    return frozenset(folded for name in names if (folded := one_line(name).casefold()))


def _day_and_instant(text: str) -> tuple[date | None, datetime | None]:
    """Return the day, and the instant where *text* has a time with a zone."""
    try:
        parsed = datetime.fromisoformat(text.strip())
    except ValueError:
        match = re.match(r"\d{4}-\d\d-\d\d", text.strip())
        return (date.fromisoformat(match[0]), None) if match else (None, None)
    return parsed.date(), parsed if parsed.tzinfo is not None else None


def _page_bytes(path: Path, identifier: str) -> bytes:
    pages = path / "pages"
    packed, plain = pages / f"{identifier}.html.gz", pages / f"{identifier}.html"
    if Path(identifier).name != identifier:
        raise DataLayoutError(f"{identifier!r} is no page id", where=str(path))
    try:
        return gzip.decompress(packed.read_bytes()) if packed.is_file() else plain.read_bytes()
    except (OSError, EOFError) as error:
        raise DataLayoutError(f"the page {identifier!r} cannot be read: {error}", where=str(pages)) from error
