"""The static site: which pages there are and what stands on each. What they look like is in `templates/` and `static/`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from markupsafe import Markup

from newsloom.model.portal import Edition, PublishedFile
from newsloom.model.source import Source
from newsloom.publish import jsonld
from newsloom.publish.addresses import Addresses, addresses, page_file, safe_link
from newsloom.publish.entries import Entry
from newsloom.publish.front import latest_reports
from newsloom.publish.opml import is_public
from newsloom.publish.pagination import stable_pages
from newsloom.publish.search import search_files
from newsloom.publish.stories import Newsroom, Story, TopicView, newsroom
from newsloom.publish.templating import Templates, static_files
from newsloom.publish.theme import icon_svg, theme_css
from newsloom.publish.words import Words, direction, words

# What a page may load: its own site's files. No script or style stands in a page; a description for search engines is data.
CONTENT_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'"
)

_LATEST_ON_FRONT = 10
_WITH_PICTURES_ON_FRONT = 12
_FOREMOST_OF_A_DAY = 5
_TOPICS_IN_BAR = 7
_LINES_PER_DAY_PAGE = 200
# A card's heat under this tells a reader nothing; the fold below it still does.
_LEAST_HEAT_TOLD = 5
_CUSTOM_CSS = "custom.css"


@dataclass(frozen=True, slots=True)
class _Day:
    date: date
    page: str
    entries: tuple[Entry, ...]

    @property
    def foremost(self) -> list[Entry]:
        """Return the few items of the day that stand for it, by the records' own numbers, so that time changes nothing."""
        return sorted(self.entries, key=lambda e: (e.record.heat or 0, e.record.quality or 0), reverse=True)[
            :_FOREMOST_OF_A_DAY
        ]


@dataclass(frozen=True, slots=True)
class _Month:
    year: int
    month: int
    page: str
    days: tuple[_Day, ...]

    @property
    def count(self) -> int:
        return sum(len(day.entries) for day in self.days)


class Site:
    """The pages that people read. Only the front page depends on `now`, through live heat; no page holds the moment it was made.

    Args:
        overrides: the owner's templates by name (`item.html`), and `custom.css`, loaded after the site's own style sheet.
    """

    name = "site"

    def __init__(self, overrides: Mapping[str, str] | None = None) -> None:
        self._overrides = dict(overrides or {})

    def files(self, edition: Edition) -> Iterator[PublishedFile]:
        """Yield the site of *edition*.

        Raises:
            ConfigError: a colour, the time zone or one of the owner's templates is wrong.
        """
        return _Build(edition, self._overrides).files()


class _Build:
    """One making of the site: what all its pages share."""

    def __init__(self, edition: Edition, overrides: Mapping[str, str]) -> None:
        self.edition = edition
        self.news: Newsroom = newsroom(edition)
        self.places: Addresses = addresses(edition.site)
        self.words: Words = words(edition.site.language)
        self.custom_css = overrides.get(_CUSTOM_CSS)
        self.named_pages = frozenset(
            ("topics/", "archive/", "search/", *(view.page for view in self.news.topics.values()))
        )
        self.mastheads: dict[str, Markup] = {}
        pages = {name: text for name, text in overrides.items() if name.endswith((".html", ".xml", ".txt"))}
        self.templates = Templates(
            pages,
            {
                "site": edition.site,
                "dir": direction(edition.site.language).replace("auto", "ltr"),
                "policy": CONTENT_POLICY,
                "t": self.words,
                "url": self.places.local,
                "absolute": self.places.absolute,
                "nav": _bar(self.news.topics),
                "masthead": self._masthead,
                "topics": self.news.topics,
                "story_of": self.news.story_of,
                "least_heat": _LEAST_HEAT_TOLD,
                "has_custom_css": self.custom_css is not None,
                "has_sources": bool(edition.sources),
            },
        )

    def files(self) -> Iterator[PublishedFile]:
        yield from self._assets()
        yield self._front()
        yield from self._items()
        yield from self._stories()
        yield from self._topics()
        yield from self._archive()
        yield from search_files(self.news, self.places, self.words)
        yield from self._others()

    def _masthead(self, page: str) -> Markup:
        """Return the head of *page*, made once for all pages that the bar does not name: it is a third of a page's work."""
        named = page if page in self.named_pages else "other"
        if named not in self.mastheads:
            self.mastheads[named] = self.templates.fragment("masthead.html", page=named)
        return self.mastheads[named]

    def _page(self, template: str, page: str, title: str, description: str = "", **values: object) -> PublishedFile:
        body = self.templates.render(template, page=page, title=title, description=description, **values)
        return PublishedFile(page_file(page), body)

    def _assets(self) -> Iterator[PublishedFile]:
        for name, text in static_files().items():
            yield PublishedFile(f"assets/{name}", text.encode())
        yield PublishedFile("assets/theme.css", theme_css(self.edition.site.colors).encode())
        yield PublishedFile("assets/icon.svg", icon_svg(self.edition.site.colors).encode())
        if self.custom_css is not None:
            yield PublishedFile(f"assets/{_CUSTOM_CSS}", self.custom_css.encode("utf-8", "replace"))
        for thumbnail in {t.path: t for t in self.edition.thumbnails.values() if t.body}.values():
            yield PublishedFile(thumbnail.path, thumbnail.body)

    def _front(self) -> PublishedFile:
        site, stories = self.edition.site, self.news.stories[: self.edition.site.stories_on_front]
        leads = [story.lead for story in stories]
        latest = latest_reports(self.news, stories, _LATEST_ON_FRONT)
        return self._page(
            "front.html", "", site.title, site.description,
            stories=stories, beside=_beside_the_rail(stories, len(latest)), split=_WITH_PICTURES_ON_FRONT,
            latest=latest, as_of=max((entry.seen for story in self.news.stories for entry in story.members), default=None),
            structured=jsonld.list_page(site.title, "", leads, self.places),
        )  # fmt: skip

    def _items(self) -> Iterator[PublishedFile]:
        for entry in self.news.published:
            story = self.news.story_of.get(entry.id)
            yield self._page(
                "item.html", entry.page, entry.title, entry.excerpt,
                entry=entry, story=story, related=self.news.related(entry),
                followed=self.news.followed(story) if story else (), following=self.news.following(story) if story else (),
                structured=jsonld.item_page(entry, self.places),
            )  # fmt: skip

    def _stories(self) -> Iterator[PublishedFile]:
        for story in self.news.stories:
            if story.has_page:
                yield self._page(
                    "story.html", story.page, story.lead.title, story.lead.excerpt,
                    story=story, background=self.news.background(story),
                    followed=self.news.followed(story), following=self.news.following(story),
                    structured=jsonld.story_page(story, self.places),
                )  # fmt: skip

    def _topics(self) -> Iterator[PublishedFile]:
        views = self.news.topics
        roots = [name for name, view in views.items() if view.parent is None]
        yield self._page("topics.html", "topics/", self.words("topics"), roots=roots)
        for name, view in views.items():
            for part in stable_pages(view.entries, self.edition.site.items_per_page):
                page = f"{view.page}page/{part.number}/" if part.number else view.page
                structured = jsonld.list_page(name, page, part.items, self.places)
                yield self._page(
                    "topic.html", page, name, view.topic.description, topic=view, list=part, structured=structured
                )

    def _archive(self) -> Iterator[PublishedFile]:
        months = _months(self.news.published)
        years = [(year, list(of_year)) for year, of_year in groupby(months, key=lambda month: month.year)]
        yield self._page("archive.html", "archive/", self.words("archive"), years=years)
        for month in months:
            name = self.words.month(month.year, month.month)
            yield self._page("month.html", month.page, name, days=month.days)
            for day in month.days:
                for part in stable_pages(day.entries, _LINES_PER_DAY_PAGE):
                    page = f"{day.page}page/{part.number}/" if part.number else day.page
                    title = self.words.date(day.date)
                    yield self._page(
                        "day.html", page, title, list=part, day_page=day.page, month_page=month.page, month_name=name
                    )

    def _others(self) -> Iterator[PublishedFile]:
        yield self._page("search.html", "search/", self.words("search"), index=False)
        contact = self.edition.site.contact
        link = f"mailto:{contact}" if "@" in contact and ":" not in contact else safe_link(contact)
        yield self._page(
            "about.html", "about/", self.words("about"), contact_link=link, sources=_readable(self.edition.sources)
        )
        yield self._page("404.html", "404.html", self.words("missing_title"), index=False)


def _bar(topics: Mapping[str, TopicView]) -> Sequence[TopicView]:
    """Return the topics that stand in the bar: the top ones, or, where all hang under one, that one's children."""
    top = [view for view in topics.values() if view.parent is None]
    while len(top) == 1 and top[0].children:
        only = top[0]
        top = [topics[name] for name in only.children]
        if len(top) > 1:
            return [only, *top][:_TOPICS_IN_BAR]
    return top[:_TOPICS_IN_BAR]


def _months(published: Sequence[Entry]) -> list[_Month]:
    """Return the months with items, newest first, by the days of the site's time zone."""
    months = []
    for (year, number), of_month in groupby(published, key=lambda e: (e.at.year, e.at.month)):
        page = f"archive/{year:04}/{number:02}/"
        days = tuple(
            _Day(day, f"{page}{day.day:02}/", tuple(of_day))
            for day, of_day in groupby(of_month, key=lambda e: e.at.date())
        )
        months.append(_Month(year, number, page, days))
    return months


def _readable(sources: Sequence[Source]) -> list[tuple[str, str]]:
    """Return title and address of each source that may be told, by title: its site's address, else its own."""
    told = [(s.title or s.url, safe_link(s.site_url) or s.url) for s in sources if is_public(s)]
    return sorted(set(told), key=lambda pair: (pair[0].casefold(), pair))


def _beside_the_rail(stories: Sequence[Story], lines: int) -> int:
    """Return how many stories fill the column beside *lines* of latest items: the lead, then rows of two, fewer with pictures.

    Heights in units of about 70 pixels, as the style sheet draws them.
    """
    if not stories:
        return 0
    count, room = 1, 4 + lines - (9 if stories[0].lead.picture else 4)
    while count < len(stories) and room >= 3:
        room -= 5 if any(story.lead.picture for story in stories[count : count + 2]) else 3
        count += 2
    return count
