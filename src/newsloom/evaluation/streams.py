"""Reading labelled streams: one .jsonl, a line an item."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from newsloom.errors import DataLayoutError
from newsloom.model.article import Article
from newsloom.model.item import Item
from newsloom.model.record import Provider

_LINE_CHARACTERS = 4_000_000
_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a labelled stream. `fields` is the whole line, for what the named fields do not hold.

    `text` is the body where there is one, else text, else excerpt. `seen` is first_seen, else date, in UTC, when it is an ISO instant.
    """

    id: str
    title: str
    excerpt: str
    text: str
    story: str | None
    seen: datetime | None
    published: datetime | None
    fields: Mapping[str, object] = field(default_factory=dict)

    def item(self, *, timed: bool) -> Item:
        """Return the row as an Item without labels; unless *timed*, seen at one fixed moment like every other row."""
        url = self.fields.get("url")
        address = url if isinstance(url, str) and url else f"https://stream.invalid/{self.id}"
        domain = _string(self.fields, "domain") or _string(self.fields, "publisher") or ""
        article = Article(
            url=address,
            original_url=address,
            title=self.title,
            excerpt=self.excerpt,
            type="article",
            provider=Provider(_string(self.fields, "publisher") or domain, domain),
            published_date_time=self.published if timed else None,
            in_language=_string(self.fields, "lang"),
            article_body=self.text,
        )
        seen = self.seen if timed and self.seen else _UNDATED
        return Item(self.id, article, seen)


def read_rows(path: Path) -> list[Row]:
    """Return the rows of the labelled stream at *path*, in file order.

    Raises:
        DataLayoutError: it is no readable .jsonl file, a line is no object with a title, or an id comes twice.
    """
    rows: list[Row] = []
    ids: set[str] = set()
    for number, fields in _objects(path):
        row = _row(fields, number, path)
        if row.id in ids:
            raise DataLayoutError(
                f"id {row.id!r} comes twice", where=f"{path}:{number}", hint="Give every item its own id"
            )
        ids.add(row.id)
        rows.append(row)
    if not rows:
        raise DataLayoutError(
            "the file holds no items", where=str(path), hint="A labelled stream has one JSON object a line"
        )
    return rows


def in_stream_order(rows: list[Row]) -> tuple[list[Row], bool]:
    """Return *rows* as they stream, and whether time counts.

    By first_seen, else date, (then id) when every row has an ISO instant; otherwise by SHA-1 of the id, without time.
    """
    if all(row.seen for row in rows):
        return sorted(rows, key=lambda row: (row.seen or _UNDATED, row.id)), True
    return sorted(rows, key=lambda row: hashlib.sha1(row.id.encode("utf-8", "replace")).hexdigest()), False


def _objects(path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    if not path.is_file():
        raise DataLayoutError("there is no such file", where=str(path), hint="Give the path of one .jsonl file")
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                if len(line) > _LINE_CHARACTERS:
                    raise DataLayoutError(
                        f"the line has over {_LINE_CHARACTERS:,} characters", where=f"{path}:{number}"
                    )
                value = json.loads(line)
                if not isinstance(value, dict):
                    raise DataLayoutError("the line is no JSON object", where=f"{path}:{number}")
                yield number, value
    except UnicodeDecodeError as error:
        raise DataLayoutError("the file is not UTF-8", where=str(path)) from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise DataLayoutError(f"the line is no JSON ({error})", where=f"{path}:{number}") from error
    except OSError as error:
        raise DataLayoutError(f"the file cannot be read ({error.strerror})", where=str(path)) from error


def _row(fields: dict[str, object], number: int, path: Path) -> Row:
    title = _string(fields, "title")
    if title is None:
        raise DataLayoutError("the item has no title", where=f"{path}:{number}", hint="Every line needs a title")
    excerpt = _string(fields, "excerpt") or ""
    identifier = fields.get("id")
    return Row(
        id=str(identifier) if isinstance(identifier, str | int) and str(identifier) else f"line-{number}",
        title=title,
        excerpt=excerpt,
        text=_string(fields, "body") or _string(fields, "text") or "",
        story=_string(fields, "story") or _string(fields, "cluster"),
        seen=_instant(fields.get("first_seen")) or _instant(fields.get("date")),
        published=_instant(fields.get("published")),
        fields=fields,
    )


def _string(fields: Mapping[str, object], key: str) -> str | None:
    value = fields.get(key)
    return value if isinstance(value, str) and value else None


def _instant(value: object) -> datetime | None:
    """Return *value* as UTC when it is an ISO 8601 instant with time and zone, else None."""
    if not isinstance(value, str) or "T" not in value:
        return None
    try:
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
