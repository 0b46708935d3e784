"""File names of records: readable, and safe on every file system (record format, section 2)."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import UTC, datetime

LONGEST_SLUG = 145
"""Characters, all ASCII: with date, a suffix of 17 and the ending a name has at most 176 bytes, under the 200 allowed."""

_DROPPED = re.compile(r"[^a-z0-9 -]")
_BLANKS = re.compile(r"[ -]+")
# Device names of Windows, whatever stands around them today: somebody will take the date off one day.
_RESERVED = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]")


def slug(title: str, *, fallback_url: str) -> str:
    """Return *title* in the letters a-z, digits and single hyphens, at most 145 of them, cut between words.

    Nothing left, or a name that an operating system keeps for itself, becomes `item-` and 8 hexadecimal digits of the
    SHA-256 of *fallback_url*, the item's canonical address.
    """
    letters = _DROPPED.sub("", unicodedata.normalize("NFD", title.lower()))
    found = _BLANKS.sub("-", letters).strip("-")
    if len(found) > LONGEST_SLUG:
        # Up to the last hyphen within one more character: a word that ends exactly at the limit stays whole.
        found = found[: LONGEST_SLUG + 1].rpartition("-")[0] or found[:LONGEST_SLUG]
    if not found or _RESERVED.fullmatch(found):
        return "item-" + hashlib.sha256(fallback_url.encode("utf-8", "replace")).hexdigest()[:8]
    return found


def file_name(date: datetime, title: str, url: str) -> str:
    """Return `<UTC date>-<slug>.md`, e.g. `2026-03-02-council-pauses-face-scans.md`."""
    return f"{date.astimezone(UTC).date().isoformat()}-{slug(title, fallback_url=url)}.md"


def folded(name: str) -> str:
    """Return what *name* is to a file system that ignores case and Unicode form: equal when two names are one file there."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())
