"""Other feed parsers' test suites, lowered to facts: number of entries; title, link, id and instant of each; feed title and link."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from newsloom.errors import DataLayoutError

What = Literal["count", "title", "link", "id", "instant"]

_ENTRY = re.compile(r"Entries\[(\d+)\]\.(Title|URL|Date)")
_GO_DATE = re.compile(r"(\d{4}), time\.(\w+), (\d+), (\d+), (\d+), (\d+), 0, time\.UTC")
_CHARSET = re.compile(r"charset=[\"']?([\w.:-]+)", re.IGNORECASE)
_NO_BASE = "http://127.0.0.1:8097/"
"""Where a suite names no address: the one feedparser's own tests are served from."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a suite states: of entry number *entry*, or of the feed when that is None."""

    what: What
    value: object
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One feed of a suite and the facts it states; `charset` is what its server would say."""

    name: str
    body: bytes
    facts: tuple[Fact, ...]
    address: str = _NO_BASE
    charset: str | None = None


def cases_of(path: Path) -> list[Case]:
    """Return the cases of the suite at *path* in order of name; those that state no fact are left out where others do.

    Raises:
        DataLayoutError: *path* holds no suite that is known.
    """
    lower = _SUITES.get(path.name)
    if lower is None or not (path / "cases").is_dir():
        raise DataLayoutError(
            "this is no feed suite",
            where=str(path),
            hint=f"Expected a folder named {', '.join(_SUITES)} with cases/ in it",
        )
    try:
        cases = list(lower(path))
    except (json.JSONDecodeError, KeyError, TypeError, OSError) as error:
        raise DataLayoutError(f"the suite is not as documented: {error!r}", where=str(path)) from error
    stating = [case for case in cases if case.facts]
    found = stating or cases
    if not found:
        raise DataLayoutError("the suite has no cases", where=str(path))
    return sorted(found, key=lambda case: case.name)


def _gofeed(path: Path) -> Iterator[Case]:
    for expected, body, name in _pairs(path / "cases", (".json",)):
        if not isinstance(expected, dict):
            continue
        entries = expected.get("items", expected.get("entries"))
        facts = _feed_facts(expected.get("title"), expected.get("link") or _alternate(expected))
        if entries is not None and (entries or _has_root_only(expected)):
            facts.append(Fact("count", len(entries)))
        for number, entry in enumerate(entries or ()):
            guid = entry.get("guid", entry.get("id"))
            dates = ("publishedParsed", "pubDateParsed", "updatedParsed", "date_published", "date_modified")
            facts += _entry_facts(
                number,
                title=entry.get("title"),
                link=entry.get("link") or entry.get("url") or _alternate(entry),
                identity=guid.get("value") if isinstance(guid, dict) else guid,
                instants=[entry.get(key) for key in dates],
            )
        yield Case(name, body, tuple(facts))


def _has_root_only(expected: Mapping[str, Any]) -> bool:
    return len(expected.keys() - {"items", "entries", "version", "feedType", "feedVersion"}) > 0


def _feed_rs(path: Path) -> Iterator[Case]:
    for expected, body, name in _pairs(path / "cases", (".serde.json",)):
        text = body.decode("utf-8", "replace")
        facts = _feed_facts(_content(expected.get("title")), _alternate(expected))
        facts.append(Fact("count", len(expected["entries"])))
        for number, entry in enumerate(expected["entries"]):
            identity = entry.get("id")
            facts += _entry_facts(
                number,
                title=_content(entry.get("title")),
                link=_alternate(entry),
                identity=identity if identity and identity in text else None,  # the others are feed-rs's private hashes
                instants=[entry.get("published"), entry.get("updated")],
            )
        yield Case(name, body, tuple(facts))


def _feedparser(path: Path) -> Iterator[Case]:
    for row in _rows(path / "expect.jsonl"):
        facts = [fact for check in row["checks"] or () if (fact := _feedparser_fact(check)) is not None]
        headers = {name.lower(): value for name, value in row["headers"]}
        charset = _CHARSET.search(headers.get("content-type", ""))
        address = _NO_BASE + "tests/" + row["case"]
        file = path / "cases" / row["case"]
        if file.is_file():
            yield Case(row["case"], file.read_bytes(), tuple(facts), address, charset[1] if charset else None)


def _feedparser_fact(check: Mapping[str, Any]) -> Fact | None:
    operation, where, value = check["op"], check["path"], check.get("value")
    if operation == "len==" and where == ["entries"]:
        return Fact("count", value)
    if operation != "==" or not value:
        return None
    if where[:1] == ["feed"]:
        where, number = where[1:], None
    elif where[:1] == ["entries"] and len(where) > 2:
        where, number = where[2:], where[1]
    else:
        return None
    if where in (["title"], ["title_detail", "value"]):
        return Fact("title", value, number)
    if where == ["link"]:
        return Fact("link", value, number)
    if number is not None and where in (["id"], ["guid"]):
        return Fact("id", value, number)
    if number is not None and where in (["published_parsed"], ["updated_parsed"]):
        return Fact("instant", _utc(value), number)
    return None


def _miniflux(path: Path) -> Iterator[Case]:
    for row in _rows(path / "expect.jsonl"):
        facts = [
            fact
            for where, operation, value in row["checks"]
            if (fact := _miniflux_fact(where, operation, value)) is not None
        ]
        file = path / "cases" / row["case"]
        if file.is_file() and not row["expect_error"]:
            yield Case(row["case"], file.read_bytes(), tuple(facts), str(row.get("base_url") or _NO_BASE).strip())


def _miniflux_fact(where: str, operation: str, value: Any) -> Fact | None:
    if where == "len(Entries)" and operation == "==":
        return Fact("count", value)
    if where in ("Title", "SiteURL") and operation == "==" and value:
        return Fact("title" if where == "Title" else "link", value)
    entry = _ENTRY.fullmatch(where)
    if entry is None or not value:
        return None
    number = int(entry[1])
    if operation == "==" and entry[2] != "Date":
        return Fact("title" if entry[2] == "Title" else "link", value, number)
    date = _GO_DATE.fullmatch(str(value)) if operation == "date" else None
    if date is None:
        return None
    moment = datetime.strptime(" ".join(date.groups()) + " +0000", "%Y %B %d %H %M %S %z")
    return Fact("instant", moment.isoformat(), number)


def _bare(path: Path) -> Iterator[Case]:
    root = path / "cases"
    for file in sorted(root.rglob("*")):
        if file.is_file():
            yield Case(str(file.relative_to(root)), file.read_bytes(), ())


def _pairs(root: Path, endings: tuple[str, ...]) -> Iterator[tuple[Any, bytes, str]]:
    """Yield (expectation, input, name) for each input with one: `X.xml` and `X.json`, or `X.json` and `X_expected.json`."""
    for file in sorted(root.rglob("*")):
        if file.suffix not in (".xml", ".json") or file.name.endswith(("_expected.json", ".serde.json")):
            continue
        stem = file.name.removesuffix(file.suffix)
        names = (
            [stem + ending for ending in endings]
            if file.suffix == ".xml"
            else [stem + "_expected.json", stem + ".serde.json"]
        )
        found = next((file.with_name(name) for name in names if file.with_name(name).is_file()), None)
        if found is not None:
            yield json.loads(found.read_text("utf-8")), file.read_bytes(), str(file.relative_to(root))


def _feed_facts(title: object, link: object) -> list[Fact]:
    facts = [Fact("title", title)] if isinstance(title, str) and title.strip() else []
    return facts + ([Fact("link", link)] if isinstance(link, str) and link.strip() else [])


def _entry_facts(number: int, *, title: object, link: object, identity: object, instants: list[object]) -> list[Fact]:
    stated: tuple[tuple[What, object], ...] = (("title", title), ("link", link), ("id", identity))
    facts = [Fact(what, value, number) for what, value in stated if isinstance(value, str) and value.strip()]
    return facts + [Fact("instant", value, number) for value in dict.fromkeys(instants) if isinstance(value, str)]


def _alternate(thing: Mapping[str, Any]) -> str | None:
    links = [link for link in thing.get("links") or () if isinstance(link, dict)]
    return next(
        (link["href"] for link in links if link.get("rel") in (None, "", "alternate") and link.get("href")), None
    )


def _content(text: object) -> object:
    return text.get("content") if isinstance(text, dict) else text


def _rows(file: Path) -> list[Any]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]


_SUITES: Mapping[str, Callable[[Path], Iterator[Case]]] = {
    "gofeed": _gofeed,
    "feed-rs": _feed_rs,
    "feedparser": _feedparser,
    "miniflux": _miniflux,
    "feedvalidator": _bare,
    "feedjira": _bare,
}


def _utc(parts: list[int]) -> str:
    year, month, day, hour, minute, second = parts[:6]
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC).isoformat()
