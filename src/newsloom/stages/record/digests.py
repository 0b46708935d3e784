"""Digests of what newsloom wrote, by which a later run knows a person's edit, with nothing but the file at hand."""

from __future__ import annotations

import hashlib

from newsloom.model.record import Record
from newsloom.vocab.bookkeeping import KEY, bookkeeping_tree
from newsloom.vocab.record_keys import KEYS, key_text
from newsloom.vocab.yaml_text import lines

FACTS = {
    "language": "language",
    "access": "access",
    "authors": "authors",
    "modified": "modified",
    "story": "story",
    "lead": "lead",
    "duplicateOf": "duplicate_of",
}
"""Sub-keys of `newsloom` that state something of the item and may be corrected by hand, and their fields."""

RECORD_KEYS = tuple(key for key in KEYS if key != KEY)
OWNED = (*RECORD_KEYS, *FACTS)
"""Everything that is newsloom's to write until a person writes it."""


def digests(record: Record) -> dict[str, str]:
    """Return the digest of each of OWNED that *record* has a value for."""
    texts = {key: key_text(record, key) for key in RECORD_KEYS}
    if record.bookkeeping is not None:
        tree = bookkeeping_tree(record.bookkeeping)
        texts |= {key: "".join(lines(key, tree[key])) for key in FACTS if key in tree}
    return {key: hashlib.sha256(text.encode()).hexdigest()[:12] for key, text in texts.items() if text}
