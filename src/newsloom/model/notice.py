"""What a run tells whoever watches it: one frozen line per thing that happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

NoticeKind = Literal[
    "step",  # a stage of the run begins; text names it, count says how much there is to do
    "polled",  # a source answered with something new to look at
    "idle",  # nothing was polled, for the reason in the text
    "unchanged",  # a source answered that nothing changed
    "source-failed",  # a source could not be polled or read
    "unreachable",  # none of the `count` sources asked could be reached at all
    "source-moved",  # a permanent redirect was adopted
    "read",  # a page became an article
    "feed-only",  # only what the feed says could be kept of an item
    "page-failed",  # a page could not be fetched or read; it is tried again or given up, as the text says
    "skipped",  # something in a feed or an archive was passed over
    "new",  # a new item
    "known",  # a page told nothing new of an item, or of one that is a person's alone
    "updated",  # an item whose publisher changed it
    "copy",  # an item was recognised as a copy
    "joined",  # an item joined a story
    "opened",  # an item opened a story
    "published",  # an item is newly published
    "held",  # an item is newly not published; the text says what holds it, in words that several items can share
    "recorded",  # an item got its first record
    "written",  # a record file was written
    "kept-edit",  # a person's edit was found in a file, and is theirs from now on
    "removed",  # a record file was deleted by a person; the item will not come back
    "taken-down",  # a record became a tombstone; the text is the reason
    "same-item",  # a record file is of an item that another one is of, too
    "quarantined",  # a record file cannot be read and was left alone
    "site",  # a published file was written or removed
    "judge",  # a judge was asked about topics (`count` times), or did not answer; the text says how it went
    "committed",  # what a run changed was committed to git; the subject is the commit's
    "uncommitted",  # nothing had changed that git keeps
    "total",  # how many there are (`count`) of what the subject names: items, published
]


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that happened: its kind, what it happened to (address, item title or path), and words for a person.

    `count` is for "step": how many things the step will go through, 0 when unknown; and for "polled": how many new entries
    came. Other kinds that use it say so.
    """

    kind: NoticeKind
    subject: str = ""
    text: str = ""
    count: int = 0
