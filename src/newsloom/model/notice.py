"""What a run tells whoever watches it: one frozen line per thing that happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

NoticeKind = Literal[
    "step",  # a stage of the run begins; text names it, count says how much there is to do
    "polled",  # a source answered with something new to look at
    "unchanged",  # a source answered that nothing changed
    "source-failed",  # a source could not be polled or read
    "source-moved",  # a permanent redirect was adopted
    "read",  # a page became an article
    "feed-only",  # only what the feed says could be kept of an item
    "page-failed",  # a page could not be fetched or read; it is tried again or given up, as the text says
    "skipped",  # something in a feed or an archive was passed over
    "new",  # a new item
    "updated",  # an item whose publisher changed it
    "copy",  # an item was recognised as a copy
    "joined",  # an item joined a story
    "opened",  # an item opened a story
    "published",  # an item is newly published
    "held",  # an item is newly not published
    "written",  # a record file was written
    "kept-edit",  # a person's edit was found in a file, and is theirs from now on
    "removed",  # a record file was deleted by a person; the item will not come back
    "quarantined",  # a record file cannot be read and was left alone
    "site",  # a published file was written or removed
]


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that happened: its kind, what it happened to (address, item title or path), and words for a person.

    `count` is for "step": how many things the step will go through, 0 when unknown.
    """

    kind: NoticeKind
    subject: str = ""
    text: str = ""
    count: int = 0
