"""The API of the origin's own portal, made from its records, against the origin's own answers.

The differences that remain are the origin's bugs; docs/explanation/origin-api.md lists them with their reasons.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from newsloom.model.portal import Edition, SiteOptions
from newsloom.model.record import RecordFile
from newsloom.model.topic import Topic
from newsloom.publish.api import OriginApi
from newsloom.vocab.frontmatter import parse
from shared_data import shared

ALIAS = re.compile(r"/page(\d+)/index\.json$")
STALE_KEYS = {"content"}


def answers(portal: Path) -> dict[str, bytes]:
    """Return the origin's files by path."""
    return {
        path.relative_to(portal).as_posix(): path.read_bytes()
        for path in sorted((portal / "api" / "news").rglob("index.json"))
    }


def made(portal: Path) -> dict[str, bytes]:
    """Return what newsloom publishes from the portal's records and topics."""
    records = [RecordFile(f"_news/{path.name}", parse(path.read_bytes())) for path in (portal / "_news").glob("*.md")]
    rows = [
        yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted((portal / "_data" / "topics").glob("*.yaml"))
    ]
    topics = tuple(Topic(id=row["_id"], name=row["name"], services=row.get("services") or {}) for row in rows)
    edition = Edition(tuple(records), topics, (), SiteOptions(), datetime(2021, 6, 3, tzinfo=UTC))
    return {file.path: file.body for file in OriginApi().files(edition)}


def differences(ours: Any, theirs: Any, place: str = "") -> Iterator[str]:
    """Yield each place where two answers differ in value, or in the order of keys; instants are compared as instants."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        if list(ours) != list(theirs):
            yield f"{place}: keys {list(ours)} and {list(theirs)}"
        for key in ours.keys() & theirs.keys():
            yield from differences(ours[key], theirs[key], f"{place}.{key}")
    elif isinstance(ours, list) and isinstance(theirs, list):
        if len(ours) != len(theirs):
            yield f"{place}: {len(ours)} and {len(theirs)} entries"
        for number, (one, other) in enumerate(zip(ours, theirs, strict=False)):
            yield from differences(one, other, f"{place}[{number}]")
    elif place.endswith("DateTime") and isinstance(ours, str) and isinstance(theirs, str):
        if datetime.fromisoformat(ours) != datetime.fromisoformat(theirs):
            yield f"{place}: {ours} and {theirs}"
    elif ours != theirs or type(ours) is not type(theirs):
        yield f"{place}: {ours!r} and {theirs!r}"


def test_every_page_equals_the_origin_s_in_every_value_and_in_the_order_of_keys() -> None:
    portal = shared("origin", "power-apps")
    ours, theirs = made(portal), answers(portal)
    pages = {path for path in theirs if not ALIAS.search(path)}
    assert set(ours) == pages
    assert len(pages) >= 15
    for path in sorted(pages):
        assert list(differences(json.loads(ours[path]), json.loads(theirs[path]))) == [], path


def test_all_that_is_not_written_are_aliases_that_add_nothing() -> None:
    portal = shared("origin", "power-apps")
    ours, theirs = made(portal), answers(portal)
    orphans = set()
    for alias in set(theirs) - set(ours):
        match = ALIAS.search(alias)
        assert match is not None, alias
        page = ALIAS.sub(f"/page/{match[1]}/index.json", alias)
        if page not in ours:
            orphans.add(alias)
        else:
            assert list(differences(json.loads(ours[page]), json.loads(theirs[alias]))) == [], alias
    # Left behind by an earlier version of the origin's generator: its topic names no news service (any more).
    assert orphans == {"api/news/model-driven-apps/page1/index.json"}
    whole = {
        told["path"]: told
        for path, body in ours.items()
        if path.startswith("api/news/page/")
        for told in json.loads(body)["value"]
    }
    for told in json.loads(theirs[orphans.pop()])["value"]:
        current = whole[told["path"]]
        assert set(current) - set(told) == STALE_KEYS
        assert list(differences({key: current[key] for key in told}, told)) == []
