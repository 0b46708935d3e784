"""Forms of publication."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from newsloom.model.portal import Edition, PublishedFile


class Outlet(Protocol):
    """Turns an edition into files. Pure: same edition, same bytes."""

    name: str

    def files(self, edition: Edition) -> Iterator[PublishedFile]:
        """Yield the files of this outlet. Lazy; paths are unique across all outlets of a portal."""
        ...


class SiteFolder(Protocol):
    """Where published files go."""

    def publish(self, files: Iterator[PublishedFile]) -> Sequence[str]:
        """Write files whose bytes differ, remove those no longer published, and return the paths that changed.

        A reader sees each file old or new, never half. Files newsloom did not publish are left alone.
        """
        ...
