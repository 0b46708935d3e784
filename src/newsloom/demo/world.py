"""The invented web: providers, stories and articles, read from the data files beside this module.

Everything in it is made up. A story file is a YAML list of stories, each with its reports; `copy_of` makes a report out of
another one's text (`keep` paragraphs of it, `add` one of its own). See `world/stories/*.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

FIRST_STEP = datetime(2026, 3, 2, 6, tzinfo=UTC)
STEPS: tuple[datetime, ...] = tuple(FIRST_STEP + timedelta(hours=8 * n) for n in range(30))
"""When the demo runs: every eight hours from 2026-03-02 06:00 to 2026-03-11 22:00 UTC."""

Told = Literal["second", "day", "none"]


@dataclass(frozen=True, slots=True)
class Provider:
    """One publisher of the invented web and how its server behaves.

    `page` names a page template, `feed` a feed dialect. `offset` is minutes east of UTC in what it prints; `delay` minutes
    between the printed publication and the moment page and feed show it. `told` is how precisely an instant can be known.
    """

    id: str
    name: str
    domain: str
    host: str
    kind: str
    language: str
    page: str
    feed: str
    feed_path: str
    pattern: str
    offset: int = 0
    delay: int = 0
    standing: int = 50
    amp_pattern: str | None = None
    redirect_pattern: str | None = None
    charset: str = "utf-8"
    picture: tuple[int, int] | None = None
    teaser: int | None = None
    full_feed: bool = False
    feed_dates: bool = True
    entities_twice: bool = False
    robots: str = "User-agent: *\nAllow: /\n"
    told: Told = "second"
    throttled: tuple[tuple[datetime, datetime], ...] = ()
    guids_change: datetime | None = None
    gone: datetime | None = None
    broken: bool = False
    unreachable: bool = False

    @property
    def feed_url(self) -> str:
        """Return the address of its feed."""
        return f"http://{self.host}{self.feed_path}"

    def local(self, instant: datetime) -> datetime:
        """Return *instant* as its clock on the wall shows it."""
        return instant + timedelta(minutes=self.offset)


@dataclass(frozen=True, slots=True)
class Version:
    """What an article says from `since` on. `note` is the publisher's word on what changed."""

    since: datetime
    title: str
    paragraphs: tuple[str, ...]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One page of one provider.

    `page_date` and `feed_date` are what page and feed claim (None: nothing), `published` is the truth. `appears` is when
    page and feed show it. `obstacle` says why nobody without a browser or against robots.txt may read it.
    """

    id: str
    provider: Provider
    story: str
    number: int
    url: str
    published: datetime
    appears: datetime
    versions: tuple[Version, ...]
    topics: tuple[str, ...]
    author: str
    page_date: datetime | None
    feed_date: datetime | None
    told: Told
    copy_of: str | None = None
    amp_url: str | None = None
    redirect_url: str | None = None
    video: bool = False
    live: bool = False
    spam: bool = False
    obstacle: Literal["javascript", "robots"] | None = None

    def at(self, now: datetime) -> Version:
        """Return the version that stands at *now*, the first one before any."""
        return next((version for version in reversed(self.versions) if version.since <= now), self.versions[0])

    def excerpt(self, now: datetime) -> str:
        """Return the publisher's own description: the start of the text, cut at a sentence or a word, at most 240 characters."""
        return _shorten(self.at(now).paragraphs[0], 240)

    @property
    def picture_url(self) -> str | None:
        """Return the address of its picture, None when it has none. Two providers keep theirs at a picture host."""
        if self.provider.picture is None:
            return None
        width, height = self.provider.picture
        if self.provider.id in ("harborpost", "meridianwire"):
            return f"http://pictures.example/{self.provider.id}/{self.number}-{width}x{height}.jpg"
        return f"http://{self.provider.host}/media/{self.number}-{width}x{height}.jpg"


@dataclass(frozen=True, slots=True)
class Story:
    """One event. `look_alikes` are other events that a careless reader would take for this one."""

    id: str
    event: str
    topics: tuple[str, ...]
    articles: tuple[str, ...]
    follows: str | None = None
    look_alikes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class World:
    """The whole invented web. `articles` stand in order of (appears, id)."""

    providers: Mapping[str, Provider]
    stories: Mapping[str, Story]
    articles: tuple[Article, ...]
    topics: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)

    def of(self, provider: str, now: datetime) -> tuple[Article, ...]:
        """Return what *provider* shows at *now*, newest first."""
        shown = [a for a in self.articles if a.provider.id == provider and a.appears <= now]
        return tuple(reversed(shown))

    def look_alikes(self) -> tuple[tuple[str, str], ...]:
        """Return each pair of stories that must not be merged, once, sorted."""
        pairs = {(min(s.id, other), max(s.id, other)) for s in self.stories.values() for other in s.look_alikes}
        return tuple(sorted(pairs))


@cache
def load_world() -> World:
    """Read the invented web from the package's data files.

    Raises:
        ValueError: the data contradict themselves (a copy of nothing, a provider nobody declared).

    Cost: about 0.2 s the first time, nothing after.
    """
    root = files("newsloom.demo") / "world"
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


def _shorten(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    cut = text[:limit]
    ends = [match.end() for match in re.finditer(r"[.!?]”?(?= )|。", cut)]
    return cut[: ends[-1]] if ends and ends[-1] > limit // 3 else cut.rsplit(" ", 1)[0] + " …"
