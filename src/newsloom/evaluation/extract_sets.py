"""Folders of pages with truth, as `newsloom eval extract` reads them: `pages/<id>.html[.gz]` and `truth.jsonl`."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from newsloom.errors import DataLayoutError
from newsloom.vocab import credits
from newsloom.vocab.plain import markup_text, one_line


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


def truths(path: Path, limit: int | None = None) -> Iterator[Truth]:
    """Yield what is known of each page of the folder *path*, in the file's order, the first *limit* only.

    Raises:
        DataLayoutError: there is no pages/ or truth.jsonl in it, or a line of the latter is no truth.
    """
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
        keywords=folded(row["keywords"]) if row.get("keywords") else None,
        site_name=metadata.get("siteName") or None,
        excerpt=metadata.get("excerpt") or None,
    )


def _credited(authors: str | Sequence[str] | None) -> frozenset[str] | None:
    """Return the names of a list, of a comma-separated string, or of a byline as a page writes it."""
    if not authors:
        return None
    return folded(authors if not isinstance(authors, str) else credits.names([authors]) or [authors])


def folded(names: Sequence[str]) -> frozenset[str]:
    """Return *names* as sets are compared: one line each, case folded, blank ones left out."""
    return frozenset(plain for name in names if (plain := one_line(name).casefold()))


def _day_and_instant(text: str) -> tuple[date | None, datetime | None]:
    """Return the day, and the instant where *text* has a time with a zone."""
    try:
        parsed = datetime.fromisoformat(text.strip())
    except ValueError:
        match = re.match(r"\d{4}-\d\d-\d\d", text.strip())
        return (date.fromisoformat(match[0]), None) if match else (None, None)
    return parsed.date(), parsed if parsed.tzinfo is not None else None


def page_bytes(path: Path, identifier: str) -> bytes:
    """Return the page *identifier* of the folder *path*, unpacked.

    Raises:
        DataLayoutError: there is none, or it cannot be read.
    """
    pages = path / "pages"
    packed, plain = pages / f"{identifier}.html.gz", pages / f"{identifier}.html"
    if Path(identifier).name != identifier:
        raise DataLayoutError(f"{identifier!r} is no page id", where=str(path))
    try:
        return gzip.decompress(packed.read_bytes()) if packed.is_file() else plain.read_bytes()
    except (OSError, EOFError) as error:
        raise DataLayoutError(f"the page {identifier!r} cannot be read: {error}", where=str(pages)) from error
