"""Every error newsloom raises on purpose. One tree, drawn here.

    NewsloomError
    ├── UsageError            the user asked for something that cannot be            exit 2
    │   ├── ConfigError         newsloom.toml, a topic, an organisation or sources.opml is wrong
    │   ├── PortalMissing       this folder holds no portal
    │   └── DataLayoutError     data given to eval or import is not of the documented layout
    ├── ReadError             bytes from outside could not be understood
    │   ├── RecordError         a record file is torn or breaks the format
    │   ├── FeedError           a feed or sitemap cannot be read
    │   ├── PageError           a page cannot be read
    │   │   └── NeedsJavascript   it shows nothing without running its scripts
    │   ├── ArchiveError        a WARC or folder of pages cannot be read
    │   └── SecuredError        a private field cannot be opened, or not be sealed
    ├── FetchError            the network answered badly, or not at all
    │   ├── GateRefused         the outgoing gate does not let this request out
    │   └── TooLarge            more bytes, or more time, than allowed
    └── StorageError          the disk or the store did not take what must be kept   exit 4
        ├── PortalLocked        another run is at work in this portal                exit 5
        ├── RecordsMissing      most records are gone at once, which nobody said they meant
        ├── RecordChanged       a person changed a record file while newsloom was at work
        └── StoreDamaged        the working state cannot be opened

A message says what happened; `where` names the file, address or key; `hint` says what to do next.
"""

from __future__ import annotations


class NewsloomError(Exception):
    """Root of newsloom's own errors: a sentence for the user, never a surprise.

    Args:
        message: what happened, one sentence without a trailing full stop.
        where: the file, address or key concerned; empty when there is none.
        hint: what the user can do next; empty when there is nothing to do.
    """

    exit_code = 1

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text}. {self.hint}" if self.hint else text


class UsageError(NewsloomError):
    """The user asked for something that cannot be done."""

    exit_code = 2


class ConfigError(UsageError):
    """A settings, topic, organisation or sources file is wrong."""


class PortalMissing(UsageError):
    """The folder holds no portal."""


class DataLayoutError(UsageError):
    """Data given to eval or import is not of the documented layout."""


class ReadError(NewsloomError):
    """Bytes from outside could not be understood."""


class RecordError(ReadError):
    """A record file is torn or breaks the record format."""


class FeedError(ReadError):
    """A feed or sitemap cannot be read."""


class PageError(ReadError):
    """A page cannot be read."""


class NeedsJavascript(PageError):
    """A page shows nothing without running its scripts."""


class ArchiveError(ReadError):
    """A WARC file or a folder of pages cannot be read."""


class SecuredError(ReadError):
    """A private field of a record cannot be opened (no key, a wrong one, a changed value), or cannot be sealed."""


class FetchError(NewsloomError):
    """The network answered badly, or not at all."""

    exit_code = 3


class GateRefused(FetchError):
    """The outgoing gate does not let this request out."""


class TooLarge(FetchError):
    """An answer had more bytes, or took more time, than allowed."""


class StorageError(NewsloomError):
    """The disk or the store did not take what must be kept."""

    exit_code = 4


class PortalLocked(StorageError):
    """Another run is at work in this portal."""

    exit_code = 5


class RecordsMissing(StorageError):
    """All records, or most of them, are gone at once: nobody said that this is meant."""


class RecordChanged(StorageError):
    """A person changed a record file while newsloom was at work."""


class StoreDamaged(StorageError):
    """The working state cannot be opened."""
