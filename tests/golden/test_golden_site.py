"""What three typical files of the site look like, byte for byte, so that a change of a template is seen in a review.

Write them anew with NEWSLOOM_WRITE_GOLDEN=1 and read the difference before committing it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from invented_edition import SITE, invented
from newsloom.publish.outlets import outlets

GOLDEN = Path(__file__).parent / "site"
CASES = {
    "story.html": "stories/sbig/index.html",  # a story with five reports, two copies and a background link
    "item.html": "news/2026-03-08-item-19/index.html",  # an item whose title and excerpt attack the page
    "robots.xml": "topics/robots/atom.xml",  # a topic's Atom feed
    "search.html": "search/index.html",  # the search page, words for its script included
}


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return {file.path: file.body for outlet in outlets(SITE, {}) for file in outlet.files(invented())}


@pytest.mark.parametrize("name", CASES)
def test_golden(made: dict[str, bytes], name: str) -> None:
    body = made[CASES[name]]
    if os.environ.get("NEWSLOOM_WRITE_GOLDEN") == "1":
        (GOLDEN / name).write_bytes(body)
    assert body.decode() == (GOLDEN / name).read_bytes().decode()
