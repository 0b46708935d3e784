"""What a page said, for tests of the stage that chooses from it."""

from __future__ import annotations

from datetime import UTC, datetime

from newsloom.model.article import Article, Candidate, Moment, PageReading
from newsloom.model.page import FeedEntry
from newsloom.stages.extract import article

SEEN = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
URL = "https://www.harborpost.example/news/face-scans-paused"
BODY = "The council voted on Monday to pause face scans for two years, after a long debate. " * 5


def c(value: object, method: str = "html:h1") -> Candidate:  # type: ignore[type-arg]
    return Candidate(value, method)


def at(text: str, precision: str = "second") -> Moment:
    return Moment(datetime.fromisoformat(text).replace(tzinfo=UTC), precision)  # type: ignore[arg-type]


def reading(**fields: object) -> PageReading:
    given_fields = {"url": URL, "titles": (c("Face scans paused"),), "bodies": (c(BODY, "trafilatura:text"),), **fields}
    return PageReading(**given_fields)  # type: ignore[arg-type]


def extract(page: PageReading, entry: FeedEntry | None = None, **more: object) -> Article:
    return article(
        page,
        entry=entry,
        original_url=page.url + "?utm_source=x",
        organizations=more.get("organizations", {}),
        first_seen=SEEN,
    )  # type: ignore[arg-type]
