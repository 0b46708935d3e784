"""What the invented web is made of. Frozen values; no file is read here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

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


def _shorten(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    cut = text[:limit]
    ends = [match.end() for match in re.finditer(r"[.!?]”?(?= )|。", cut)]
    return cut[: ends[-1]] if ends and ends[-1] > limit // 3 else cut.rsplit(" ", 1)[0] + " …"
