"""The invented web: providers, stories and articles, read from the data files in `data/`.

Everything in it is made up. A story file is a YAML list of stories, each with its reports; `copy_of` makes a report out of
another one's text (`keep` paragraphs of it, `add` one of its own). See `data/stories/*.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from newsloom.demo.shapes import Article, Provider, Story, Version, World

__all__ = ["FIRST_STEP", "STEPS", "Article", "Provider", "Story", "Version", "World", "load_world"]

FIRST_STEP = datetime(2026, 3, 2, 6, tzinfo=UTC)
STEPS: tuple[datetime, ...] = tuple(FIRST_STEP + timedelta(hours=8 * n) for n in range(30))
"""When the demo runs: every eight hours from 2026-03-02 06:00 to 2026-03-11 22:00 UTC."""


@cache
def load_world() -> World:
    """Read the invented web from the package's data files.

    Raises:
        ValueError: the data contradict themselves (a copy of nothing, a provider nobody declared).

    Cost: about 0.2 s the first time, nothing after.
    """
    root = files("newsloom.demo") / "data"
    providers = {p.id: p for p in map(_provider, _yaml((root / "providers.yaml").read_text("utf-8")))}
    topics = tuple(_yaml((root / "topics.yaml").read_text("utf-8")))
    parents = {topic["name"]: topic.get("parent") for topic in topics}
    told: list[dict[str, Any]] = []
    for path in sorted((root / "stories").iterdir(), key=lambda item: item.name):
        told += _yaml(path.read_text("utf-8"))
    reports = list(_reports(told))
    articles = _articles(reports, providers, parents)
    return World(providers, _stories(told, articles, parents), articles, topics)


def _yaml(text: str) -> Any:
    return yaml.safe_load(text)


def _provider(row: dict[str, Any]) -> Provider:
    row = dict(row)
    if "picture" in row:
        width, height = row["picture"].split("x")
        row["picture"] = (int(width), int(height))
    if "precision" in row:
        row["told"] = row.pop("precision")
    row["throttled"] = tuple((start, end) for start, end in row.get("throttled", ()))
    return Provider(**row)


def _reports(told: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield every report with its story's id and topics on it."""
    for story in told:
        for report in story["reports"]:
            yield {"story": story["id"], "topics": story["topics"], "id": f"{report['by']}/{report['slug']}", **report}


def _articles(
    reports: Sequence[dict[str, Any]], providers: Mapping[str, Provider], parents: Mapping[str, str | None]
) -> tuple[Article, ...]:
    by_id = {report["id"]: report for report in reports}
    if len(by_id) != len(reports):
        raise ValueError("two reports of the demo have one provider and slug")
    counts: dict[str, int] = {}
    articles = []
    for report in sorted(reports, key=lambda row: (row["at"], row["id"])):
        counts[report["by"]] = counts.get(report["by"], 0) + 1
        number = 1000 + 7 * counts[report["by"]]
        articles.append(_article(report, providers[report["by"]], number, by_id, parents))
    return tuple(sorted(articles, key=lambda article: (article.appears, article.id)))


def _article(
    report: dict[str, Any],
    provider: Provider,
    number: int,
    by_id: Mapping[str, dict[str, Any]],
    parents: Mapping[str, str | None],
) -> Article:
    original = by_id[report["copy_of"]] if "copy_of" in report else report
    dates = {key: _instant(value) for key, value in report.get("dates", {}).items()}
    local = provider.local(report["at"])
    names = {
        "slug": report["slug"], "number": number, "yyyy": f"{local:%Y}", "mm": f"{local:%m}", "dd": f"{local:%d}",
        "m": local.month, "d": local.day, "kind": "video" if report.get("video") else "story",
    }  # fmt: skip
    base = f"http://{provider.host}"
    url = base + (report.get("path") or provider.pattern.format(**names))
    amp = base + provider.amp_pattern.format(**names) if provider.amp_pattern else None
    return Article(
        id=report["id"],
        provider=provider,
        story=report["story"],
        number=number,
        url=url,
        published=report["at"],
        appears=report["at"] + timedelta(minutes=provider.delay),
        versions=tuple(_versions(report, original)),
        topics=_with_parents(report["topics"], parents),
        author=report.get("author") or original["author"],
        page_date=dates.get("page", report["at"]),
        feed_date=dates.get("feed", report["at"]) if provider.feed_dates else None,
        told=report.get("precision", provider.told),
        copy_of=report.get("copy_of"),
        amp_url=f"{url}amp/" if report.get("amp") else amp,
        redirect_url=base + provider.redirect_pattern.format(**names) if provider.redirect_pattern else None,
        video=bool(report.get("video")),
        live=bool(report.get("live")),
        spam=bool(report.get("spam", original.get("spam"))),
        obstacle=report.get("obstacle"),
    )


def _versions(report: dict[str, Any], original: dict[str, Any]) -> Iterator[Version]:
    if "updates" in report:
        told: list[str] = []
        for update in report["updates"]:
            told.insert(0, f"{update['at']:%H:%M} UTC. {update['head']}. {update['text']}")
            yield Version(update["at"], report["title"], tuple(told))
        return
    paragraphs = _paragraphs(original["text"])[: report.get("keep")] + _paragraphs(report.get("add", ""))
    title = report.get("title") or original["title"]
    yield Version(report["at"], title, paragraphs)
    for change in report.get("versions", ()):
        text = "\n\n".join(paragraphs)
        for old, new in change.get("replace", {}).items():
            if old not in text:
                raise ValueError(f"{report['id']}: a correction replaces what is not there: {old!r}")
            text = text.replace(old, new)
        paragraphs, title = _paragraphs(text), change.get("title", title)
        yield Version(change["since"], title, paragraphs, change["note"])


def _stories(
    told: Sequence[dict[str, Any]], articles: Sequence[Article], parents: Mapping[str, str | None]
) -> dict[str, Story]:
    rows = {row["id"]: row for row in told}
    members: dict[str, list[Article]] = {}
    for article in articles:
        members.setdefault(article.story, []).append(article)
    stories = {}
    for name, group in members.items():
        row = rows.get(name, {})
        stories[name] = Story(
            name,
            row.get("event", group[0].versions[0].title),
            _with_parents(row["topics"], parents) if row else group[0].topics,
            tuple(article.id for article in group),
            row.get("follows"),
            tuple(row.get("look_alikes", ())),
        )
    return stories


def _with_parents(topics: Sequence[str], parents: Mapping[str, str | None]) -> tuple[str, ...]:
    wanted: list[str] = []
    for topic in topics:
        name: str | None = topic
        while name:
            if name not in wanted:
                wanted.append(name)
            name = parents[name]
    return tuple(sorted(wanted))


def _instant(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("\n\n") if part.strip())
