"""Where things lie in a portal."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from newsloom.errors import PortalMissing, StorageError


@dataclass(frozen=True, slots=True)
class PortalPaths:
    """The files and folders of the portal at `root` (design: a portal on disk)."""

    root: Path

    @property
    def settings(self) -> Path:
        """Return newsloom.toml."""
        return self.root / "newsloom.toml"

    @property
    def sources(self) -> Path:
        """Return sources.opml."""
        return self.root / "sources.opml"

    @property
    def rules(self) -> Path:
        """Return rules.toml."""
        return self.root / "rules.toml"

    @property
    def topics(self) -> Path:
        """Return the folder of topic files."""
        return self.root / "_data" / "topics"

    @property
    def organizations(self) -> Path:
        """Return the folder of provider files."""
        return self.root / "_data" / "organizations"

    @property
    def takedowns(self) -> Path:
        """Return the list of what was taken down."""
        return self.root / "_data" / "takedowns.jsonl"

    @property
    def templates(self) -> Path:
        """Return the folder of the owner's own page templates."""
        return self.root / "templates"

    @property
    def state(self) -> Path:
        """Return the folder of the working state; deletable."""
        return self.root / ".newsloom"

    @property
    def database(self) -> Path:
        """Return the working state's database."""
        return self.state / "state.sqlite"

    @property
    def record_cache(self) -> Path:
        """Return the cache of what unchanged record files say."""
        return self.state / "records.sqlite"

    @property
    def pictures(self) -> Path:
        """Return the folder of thumbnails made so far."""
        return self.state / "images"

    @property
    def site(self) -> Path:
        """Return where what is published is found: a link to one of the folders in `published`; deletable."""
        return self.root / "_site"

    @property
    def published(self) -> Path:
        """Return the folder of what is published and what was until just now; deletable."""
        return self.root / ".site"


def open_portal_folder(folder: Path) -> PortalPaths:
    """Return the paths of the portal in *folder*, with its state folder made.

    Raises:
        PortalMissing: *folder* holds no newsloom.toml.
        StorageError: the state folder cannot be made.
    """
    paths = PortalPaths(folder)
    try:
        is_portal = paths.settings.is_file()
    except OSError as error:
        raise StorageError(
            f"cannot be read ({error.strerror})", where=str(folder), hint="Mend its permissions"
        ) from error
    if not is_portal:
        raise PortalMissing(
            "there is no portal here (no newsloom.toml)",
            where=str(folder.absolute()),
            hint=_nearby(folder) or "Make one with `newsloom init`, or name one with --portal FOLDER",
        )
    return paths


def _nearby(folder: Path) -> str:
    """Return a hint that names a portal in a parent or a direct child of *folder*; empty when there is none."""
    here = folder.absolute()
    try:
        children = sorted(child for child in here.iterdir() if child.is_dir())[:1000] if here.is_dir() else []
        found = [place for place in (*here.parents, *children) if PortalPaths(place).settings.is_file()]
    except OSError:
        return ""
    return f"There is one in {found[0]}: name it with --portal {found[0]}" if found else ""


def make_state_folder(paths: PortalPaths) -> None:
    """Make the folder of the working state. Raises StorageError when the disk does not let us."""
    try:
        paths.state.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"cannot be made ({error.strerror})",
            where=str(paths.state),
            hint="Free disk space or mend the folder's permissions, then run again",
        ) from error
