"""What an item said before its publisher changed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from newsloom.model.article import Article

ChangedField = Literal["title", "byline", "figures", "excerpt", "text", "access"]


@dataclass(frozen=True, slots=True)
class Version:
    """A wording of an item that stood until newsloom read another one at *until*."""

    until: datetime
    article: Article


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that two wordings of an item say differently, in words for a person; "" where one of them has none of it.

    `figures` names those that only one of them has; `text` counts paragraphs that only one of them has.
    """

    field: ChangedField
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Revision:
    """What newsloom found changed at *at*."""

    at: datetime
    changes: tuple[Change, ...]
