"""Forms of publication."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from newsloom.model.portal import Edition, PublishedFile


class Outlet(Protocol):
    """Turns an edition into files. Pure: same edition, same bytes."""

    name: str

    def files(self, edition: Edition) -> Iterator[PublishedFile]:
        """Yield the files of this outlet. Lazy; paths are unique across all outlets of a portal."""
        ...


class PictureShelf(Protocol):
    """The pictures that were fetched before, as small copies, by the address of the original."""

    def has(self, url: str) -> bool:
        """Return whether *url* needs no fetching now: it is here, is no picture, or failed a short while ago."""
        ...

    def put(self, url: str, data: bytes) -> None:
        """Keep what the picture at *url* is, made of its untrusted bytes. Raises StorageError."""
        ...

    def put_failure(self, url: str, now: datetime) -> None:
        """Remember that *url* could not be fetched at *now*, timezone-aware. Raises StorageError."""
        ...

    def size(self, url: str) -> tuple[int, int] | None:
        """Return the true width and height of the picture at *url* in pixels, None when it is not known."""
        ...


class SiteFolder(Protocol):
    """Where published files go."""

    def publish(self, files: Iterator[PublishedFile]) -> Sequence[str]:
        """Write files whose bytes differ, remove those no longer published, and return the paths that changed.

        A reader sees each file old or new, never half. Files newsloom did not publish are left alone.
        """
        ...
