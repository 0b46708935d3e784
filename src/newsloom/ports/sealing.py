"""Keeping private fields private."""

from __future__ import annotations

from typing import Protocol

from newsloom.vocab.secured import SealedField


class Sealer(Protocol):
    """Seals private fields with the current key, opens those sealed with any key at hand."""

    @property
    def current(self) -> str:
        """The id of the key that new values are sealed with: 8 hex digits."""
        ...

    def seal(self, text: str, *, record: str, field: str) -> SealedField:
        """Return *text* sealed for the *field* of the *record* (an item id), and for no other place."""
        ...

    def open(self, sealed: SealedField, *, record: str, field: str) -> str:
        """Return the text in *sealed*.

        Raises:
            SecuredError: its key is not at hand, or the value was changed, or moved from another record or field.
        """
        ...
