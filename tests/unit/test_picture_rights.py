"""A page that forbids previews of its pictures gets none; others keep theirs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newsloom.model.article import Candidate, PageReading
from newsloom.model.record import Image
from newsloom.stages.extract import article

PICTURE = Image("https://harbor.example/p.jpg", 1200, 675)


@pytest.mark.parametrize(
    ("directives", "kept"),
    [((), True), (("max-image-preview:large",), True), (("max-image-preview:standard",), True),
     (("max-image-preview:none",), False), (("noimageindex",), False), (("none",), False)],
)  # fmt: skip
def test_robots_meta_decides_about_pictures(directives: tuple[str, ...], kept: bool) -> None:
    page = PageReading(
        url="https://harbor.example/news/council-votes",
        titles=(Candidate("Council votes to pause face scans", "html:h1"),),
        bodies=(Candidate("The council voted six to three. " * 30, "trafilatura:text"),),
        images=(Candidate(PICTURE, "opengraph:og:image"),),
        robots=frozenset(directives),
    )
    found = article(
        page, entry=None, original_url=page.url, organizations={}, first_seen=datetime(2026, 3, 2, tzinfo=UTC)
    )
    assert (found.images == (PICTURE,)) is kept
