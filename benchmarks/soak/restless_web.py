"""An invented web that behaves as badly as the real one: feeds whose ids, links, dates and titles do not hold still.

Everything is a function of the feed's number and the simulated moment, so that the server and the judge know the same truth
without telling each other. An item's code (`q17x3`) stands in its address, which tells where it was seen, and in its text,
which tells whose words they are.
"""

from __future__ import annotations

import hashlib
import html
import itertools
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache

# How many feeds in a hundred have each habit; the rest behave. A feed that fails in one of the ways of `DEAD` is dead for good.
HABITS = {
    "dead": 5,
    "slow": 3,
    "new-ids-once": 5,  # the software was updated: every id is another one from that day on
    "new-ids-daily": 3,
    "one-id": 2,  # all entries share it
    "ids-by-place": 2,  # the newest entry is always "entry-number-0"
    "moved-links": 4,  # from one day on every address is another one; the old one leads there
    "moved-all": 2,  # address and id are others from one day on, and the old address leads nowhere
    "decorated": 3,  # tracking parameters, others every day
    "redated": 4,  # every entry is of today
    "future": 2,
    "retitled": 5,
    "moved-feed": 3,
    "same-title": 3,  # a column under one headline every day
    "batches": 2,  # three notices with one headline and one time
    "twin": 5,  # a second feed with the entries of the one before it on the same host
}
DEAD = ("gone", "missing", "failing", "garbage", "hung-up", "stuck")
SHOWN = 10  # entries in a feed
SLOW_SECONDS = 0.15
_SYLLABLES = (
    "ba", "be", "bo", "da", "del", "dun", "fen", "gar", "hol", "ker", "lan", "lor", "mar", "mil",
    "nor", "pel", "rin", "sal", "tor", "vel", "wick", "yar", "zan", "tes", "qui", "mor",
)  # fmt: skip
# One language, its words as often as words are, by Zipf's law: what newsloom remembers of words must fill and then stay.
_WORDS = ["".join(parts) for parts in itertools.islice(itertools.product(_SYLLABLES, repeat=3), 0, None, 9)]
_OFTEN = list(itertools.accumulate(1 / (rank + 20) for rank in range(len(_WORDS))))


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of the invented web: feeds, hosts, when it begins, days with news, items a day over all feeds.

    A feed with a habit has `least` items, so that a small web shows every habit too.
    """

    feeds: int
    hosts: int
    start: datetime
    days: int
    items_per_day: float
    seed: int = 1
    least: int = 0


@dataclass(frozen=True, slots=True)
class Post:
    """One item as its publisher means it: what must be one record, and no other's."""

    feed: int
    number: int
    at: datetime

    @property
    def code(self) -> str:
        """Return the word that only this item has."""
        return f"q{self.feed}x{self.number}"


@dataclass(frozen=True, slots=True)
class Served:
    """An answer of the invented web; `changed` is when its content changed last."""

    body: bytes
    content_type: str
    changed: datetime


class RestlessWeb:
    """The feeds and pages of one `Shape`."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape

    def host(self, feed: int) -> str:
        """Return the host of *feed*; a twin lives beside the feed it repeats."""
        return f"h{self._elder(feed) % self.shape.hosts:03}.example"

    def hosts(self) -> list[str]:
        """Return every host name."""
        return [f"h{number:03}.example" for number in range(self.shape.hosts)]

    @lru_cache(maxsize=16_384)  # noqa: B019 - one web a process
    def habit(self, feed: int) -> str:
        """Return how *feed* misbehaves, "" when it does not."""
        name = self._habits()[feed % 100]
        return "" if name == "twin" and (feed == 0 or self.habit(feed - 1) == "twin") else name

    @lru_cache(maxsize=1)  # noqa: B019 - one web a process
    def _habits(self) -> list[str]:
        """Return the habits of a hundred feeds, in an order of the seed's own."""
        every = [name for name, percent in HABITS.items() for _ in range(percent)]
        every += [""] * (100 - len(every))
        self._dice("habits").shuffle(every)
        return every

    def death(self, feed: int) -> str:
        """Return in which way *feed* is dead, "" when it lives."""
        return DEAD[feed % len(DEAD)] if self.habit(feed) == "dead" else ""

    def validators(self, feed: int) -> str:
        """Return what of `em` (ETag, Last-Modified) the feed's server sends; 4 of 100 send nothing."""
        return self._dice("validators", feed).choices(("em", "e", "m", ""), (50, 26, 20, 4))[0]

    def silences(self, host: str, now: datetime) -> datetime | None:
        """Return until when *host* wants silence at *now*; one host in fifteen does for some hours of many days."""
        dice = self._dice("silence", host, now.date())
        if (int(host[1:4]) + self.shape.seed) % 15 or dice.random() < 0.4:
            return None
        begin = now.replace(hour=0, minute=0, second=0) + timedelta(hours=dice.randrange(20))
        end = begin + timedelta(hours=dice.choice((1, 3, 9, 15)))
        return end if begin <= now < end else None

    def feed_url(self, feed: int) -> str:
        """Return the address that the portal declares."""
        return f"http://{self.host(feed)}/feed-{feed}.xml"

    @lru_cache(maxsize=8192)  # noqa: B019 - one web a process
    def posts(self, feed: int) -> tuple[Post, ...]:
        """Return all items of *feed*, oldest first."""
        if self.habit(feed) in ("twin", "dead"):
            return self.posts(feed - 1) if self.habit(feed) == "twin" else ()
        shape, dice = self.shape, self._dice("posts", feed)
        # A few feeds bring most of the news.
        wanted = shape.items_per_day / shape.feeds * shape.days * dice.paretovariate(1.3) / 4.3
        if self.habit(feed) == "batches":
            wanted = min(wanted, shape.days / 3)
        count = min(int(wanted) + (dice.random() < wanted % 1), shape.days * 6)
        count = max(count, shape.least if self.habit(feed) else 0)
        seconds = sorted(dice.randrange(shape.days * 86_400) for _ in range(count))
        if self.habit(feed) == "same-title":
            seconds = sorted({second // 86_400 * 86_400 + 7 * 3600 for second in seconds})
        if self.habit(feed) == "batches":
            seconds = [second for second in seconds for _ in range(3)]
        return tuple(Post(feed, n, shape.start + timedelta(seconds=second)) for n, second in enumerate(seconds))

    def shown(self, feed: int, now: datetime) -> list[Post]:
        """Return what *feed* lists at *now*, newest first."""
        return [post for post in self.posts(feed) if post.at <= now][::-1][:SHOWN]

    @lru_cache(maxsize=16_384)  # noqa: B019 - one web a process
    def turn(self, feed: int) -> datetime:
        """Return the moment from which ids or addresses of *feed* are others."""
        days = self.shape.days
        return self.shape.start + timedelta(days=days * (0.35 + 0.4 * self._dice("turn", feed).random()))

    def link(self, post: Post, now: datetime, feed: int | None = None) -> str:
        """Return the address under which *feed* (the post's own, or its twin) lists *post* at *now*."""
        habit = self.habit(post.feed)
        moved = habit in ("moved-links", "moved-all") and now >= self.turn(post.feed)
        path = f"/archive/{post.at:%Y}/{post.code}-story" if moved else f"/news/{post.code}.html"
        query = "?utm_source=feed&utm_campaign=" + f"{now:%j}" if habit == "decorated" else ""
        if feed is not None and feed != post.feed:
            query = "?utm_medium=twin"
        return f"http://{self.host(post.feed)}{path}{query}"

    def feed(self, feed: int, now: datetime) -> Served:
        """Return the feed as it is at *now*."""
        habit, posts = self.habit(feed), self.shown(feed, now)
        entries = "".join(self._entry(feed, post, place, now) for place, post in enumerate(posts))
        changed = max([self.shape.start, *(post.at for post in posts)])
        if habit in ("new-ids-daily", "decorated", "redated"):
            changed = max(changed, now.replace(hour=0, minute=0, second=0))
        if habit in ("new-ids-once", "moved-links", "moved-all") and now >= self.turn(feed):
            changed = max(changed, self.turn(feed))
        if habit == "retitled":
            changed = max([changed, *(at for post in posts if (at := self._corrected(post)) <= now)])
        body = (
            f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Paper {feed}</title>'
            f"<link>http://{self.host(feed)}/</link><description>News</description>{entries}</channel></rss>"
        )
        return Served(body.encode(), "application/rss+xml", changed)

    def page(self, path: str, now: datetime) -> Served | str | None:
        """Return the page at *path*, the address it moved to, or None for nothing."""
        code = path.rpartition("/")[2].removesuffix(".html").removesuffix("-story")
        feed, _, number = code.removeprefix("q").partition("x")
        if not (code.startswith("q") and feed.isdigit() and number.isdigit() and int(feed) < self.shape.feeds):
            return None
        posts = self.posts(int(feed))
        if int(number) >= len(posts) or posts[int(number)].at > now:
            return None
        post = posts[int(number)]
        here = self.link(post, now).partition("?")[0]
        if not here.endswith(path):
            return here if self.habit(post.feed) == "moved-links" else None
        return Served(self._page(post, here, now), "text/html; charset=utf-8", post.at)

    def title(self, post: Post, now: datetime) -> str:
        """Return the headline of *post* at *now*."""
        habit = self.habit(post.feed)
        if habit == "same-title":
            return f"Morning notes from {self._name('column', post.feed)} harbor"
        if habit == "batches":
            return f"Notice of a meeting in {self._name('batch', post.feed, post.number // 3)}"
        dice = self._dice("title", post.code)
        names = [self._name("title", post.code, n) for n in range(4)]
        act = dice.choice(
            ("opens a night ferry to", "sells its mills to", "asks the court about", "builds a tower with")
        )
        title = f"{names[0]} {names[1]} {act} {names[2]} {names[3]}"
        return f"Corrected: {title} after all" if habit == "retitled" and now >= self._corrected(post) else title

    def _entry(self, feed: int, post: Post, place: int, now: datetime) -> str:
        habit = self.habit(post.feed)
        name = f"urn:item:{post.code}"
        if habit in ("new-ids-once", "moved-all") and now >= self.turn(post.feed):
            name = f"https://new.example/?p={post.code}"
        name = {
            "new-ids-daily": f"{name}-{now:%Y%m%d}",
            "one-id": "urn:item:the-one",
            "ids-by-place": f"entry-number-{place}",
        }.get(habit, name)
        at = now.replace(hour=0, minute=0, second=0) if habit == "redated" else post.at
        at = at + timedelta(days=3 + post.number % 400) if habit == "future" else at
        return (
            f"<item><title>{html.escape(self.title(post, now))}</title><guid isPermaLink='false'>{html.escape(name)}</guid>"
            f"<link>{html.escape(self.link(post, now, feed))}</link><pubDate>{format_datetime(at, usegmt=True)}</pubDate>"
            f"<description>{html.escape(self._paragraphs(post)[0])}</description></item>"
        )

    def _page(self, post: Post, here: str, now: datetime) -> bytes:
        title, told = html.escape(self.title(post, now)), self._paragraphs(post)
        at = now if self.habit(post.feed) == "redated" else post.at
        body = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in told)
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
            f'<link rel="canonical" href="{here}"><meta name="description" content="{html.escape(told[0])}">'
            f'<meta property="article:published_time" content="{at.isoformat()}"></head>'
            f"<body><article><h1>{title}</h1>{body}</article></body></html>"
        ).encode()

    @lru_cache(maxsize=20_000)  # noqa: B019 - one web a process
    def _paragraphs(self, post: Post) -> tuple[str, ...]:
        dice = self._dice("text", post.code)
        told = [" ".join(dice.choices(_WORDS, cum_weights=_OFTEN, k=32)).capitalize() + "." for _ in range(4)]
        return (f"File {post.code} of the harbor desk: {told[0]}", *told[1:])

    def _corrected(self, post: Post) -> datetime:
        return post.at + timedelta(hours=self._dice("corrected", post.code).choice((2, 9, 30, 70)))

    def _elder(self, feed: int) -> int:
        return feed - 1 if self.habit(feed) == "twin" else feed

    def _name(self, *parts: object) -> str:
        return "".join(self._dice(*parts).choices(_SYLLABLES, k=3)).capitalize()

    def _dice(self, *parts: object) -> random.Random:
        # By a digest: Python's own hash of a string is another one in every process.
        text = " ".join(map(str, (self.shape.seed, *parts)))
        return random.Random(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big"))
