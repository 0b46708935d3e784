"""Records as flat rows, for people who want the data."""

from __future__ import annotations

from newsloom.model.item import recorded_id
from newsloom.model.record import Bookkeeping, RecordFile

Row = dict[str, object]


COLUMNS = (
    "id", "path", "title", "excerpt", "published_date_time", "web_url", "original_url", "amp_web_url", "type", "provider",
    "domain", "authors", "language", "access", "topics", "quality", "heat", "published", "story", "lead", "duplicate_of",
    "first_seen", "decided", "image", "related",
)  # fmt: skip
"""The keys of every row, in order."""


def row(file: RecordFile) -> Row:
    """Return the values of one record as a flat mapping, every key always there. Instants are ISO 8601 UTC strings."""
    record = file.record
    book = record.bookkeeping or Bookkeeping(id="")
    return {
        "id": recorded_id(file),
        "path": file.path,
        "title": record.title,
        "excerpt": record.excerpt,
        "published_date_time": record.published_date_time.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "web_url": record.web_url,
        "original_url": record.original_url,
        "amp_web_url": record.amp_web_url,
        "type": record.type,
        "provider": record.provider.name,
        "domain": record.provider.domain,
        "authors": list(book.authors),
        "language": book.language,
        "access": book.access,
        "topics": list(record.topics),
        "quality": record.quality,
        "heat": record.heat,
        "published": record.published,
        "story": book.story,
        "lead": book.lead,
        "duplicate_of": book.duplicate_of,
        "first_seen": book.first_seen.strftime("%Y-%m-%dT%H:%M:%SZ") if book.first_seen else None,
        "decided": sorted({decision.field for decision in book.decisions}),
        "image": record.images[0].url if record.images else None,
        "related": [related.web_url for related in record.related],
    }
