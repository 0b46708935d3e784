"""What happened, for the log that is kept with the records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

EventKind = Literal[
    "recorded",
    "published",
    "held",
    "joined",
    "left",
    "lead",
    "copied",
    "merged",
    "split",
    "removed",
    "decided",
    "taken-down",
    "stated",
    "revised",
]


@dataclass(frozen=True, slots=True)
class Event:
    """One line of `_log/YYYY-MM.jsonl`: at *at*, *kind* happened to *item*. `detail` is a story id, a field name or a reason.

    `stated`: from now on readers see of it what *detail* says, a JSON object (`flow.past`).
    `revised`: its publisher changed headline, byline or figures; *detail* is a JSON object of what each said before and after
    (`flow.revised`).
    `copied`: what was an original, or a copy of another item, is a copy of *detail* from now on. `merged`, `split`: later
    reports showed that its story is part of another, or that it does not belong there; *detail* is that story and the words
    that show it (`s0123456789ab: ferry, pier`); `left` and `joined` follow.
    """

    at: datetime
    kind: EventKind
    item: str
    detail: str = ""
