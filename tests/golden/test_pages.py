"""Golden pages: each file says in its first lines what it shows, its address, and what must come out (or why it is refused)."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from newsloom.adapters.pages.reader import HtmlPageReader
from newsloom.errors import PageError
from newsloom.model.article import Article
from newsloom.model.page import FetchedPage
from newsloom.stages.extract import article

PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))
NOW = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
HEAD = re.compile(r"<!--\nShows: .+\nURL: (.+)\nExpect: (.+)\n-->\n")


def read(path: Path) -> tuple[str, FetchedPage, dict[str, Any]]:
    text = path.read_text("utf-8")
    head = HEAD.match(text)
    assert head, f"{path.name} must start with what it shows"
    url, expected = head[1], json.loads(head[2])
    body = text[head.end() :].encode()  # the page alone: a comment before the doctype would change the parse
    page = FetchedPage(url, url, 200, body, NOW, content_type="text/html")
    return url, page, expected


def extract(url: str, page: FetchedPage) -> Article:
    return article(HtmlPageReader().read(page), entry=None, original_url=url, organizations={}, first_seen=NOW)


def told(found: Article, field: str) -> object:
    value = getattr(found, field)
    if isinstance(value, datetime):
        return value.isoformat()
    if field == "images":
        return [[image.url, image.width, image.height] for image in value]
    if field == "provider":
        return [value.name, value.domain]
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_page(path: Path) -> None:
    url, page, expected = read(path)
    if "refused" in expected:
        with pytest.raises(PageError, match=expected["refused"]):
            extract(url, page)
        return
    found = extract(url, page)
    for key, method in expected.pop("methods", {}).items():
        assert found.methods[key] == method
    assert expected.pop("body_holds", "") in found.article_body
    assert expected.pop("body_lacks", "nothing to miss") not in found.article_body
    for field, value in expected.items():
        assert told(found, field) == value, field


def test_there_are_golden_pages() -> None:
    assert len(PAGES) >= 20
