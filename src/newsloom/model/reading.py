"""What the working state remembers of how items were read, for telling how reading is doing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ReadFacts:
    """How one item was read.

    `provider` is a domain. `at` is when it counts as reported. `methods` are the article's. `access` and `unread` as there.
    """

    url: str
    provider: str
    at: datetime
    methods: Mapping[str, str] = field(default_factory=dict)
    access: str | None = None
    unread: str = ""
