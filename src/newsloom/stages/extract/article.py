"""One Article out of a page's reading and the feed entry that led to it: each field by a small rule, each with its method."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from newsloom.errors import PageError
from newsloom.model.article import Access, Article, Candidate, PageReading
from newsloom.model.page import FeedEntry
from newsloom.model.record import Image, ItemType, Provider
from newsloom.model.source import Source
from newsloom.model.topic import Organization
from newsloom.stages.extract.addresses import choose_amp, choose_url
from newsloom.stages.extract.agreement import agreement
from newsloom.stages.extract.excerpts import choose_excerpt
from newsloom.stages.extract.instants import choose_modified, choose_published
from newsloom.stages.extract.providers import author_kinds, choose_authors, choose_provider, names_of_site
from newsloom.stages.extract.refusals import LISTING_TEXT, refuse_non_articles
from newsloom.stages.extract.titles import choose_title, without_site_name
from newsloom.vocab import urls
from newsloom.vocab.headings import heading_of
from newsloom.vocab.languages import language_tag
from newsloom.vocab.plain import markup_text, one_line, shorten
from newsloom.vocab.rights import allows_pictures

_VIDEO_PATH = re.compile(r"/videos?(?:/|-)", re.IGNORECASE)
_LITTLE_TEXT = 200
_TEXT_WITHOUT_TITLE = 250  # characters from which a text without a title is an article all the same
_LONGEST_BEGINNING = 100


@dataclass(frozen=True, slots=True)
class ExtractOptions:
    """Limits of extraction: characters of an excerpt, number of images and of keywords kept."""

    max_excerpt: int = 300
    max_images: int = 4
    max_keywords: int = 50


def article(
    reading: PageReading,
    *,
    entry: FeedEntry | None,
    original_url: str,
    organizations: Mapping[str, Organization],
    first_seen: datetime,
    options: ExtractOptions | None = None,
) -> Article:
    """Return the article that *reading* carries.

    Args:
        reading: all the page says of itself.
        entry: what the feed said of it; None for a page that came without one.
        original_url: address as the source gave it.
        organizations: the owner's provider files by domain.
        first_seen: timezone-aware; a date later than a day after it is not believed.
        options: limits; the defaults are the record's.

    Raises:
        PageError: the page is no article, or shows nothing without running its scripts; the message says which.
    """
    refuse_non_articles(reading, entry)
    return article_of(
        reading,
        entry=entry,
        original_url=original_url,
        organizations=organizations,
        first_seen=first_seen,
        options=options,
    )


def article_of(
    reading: PageReading,
    *,
    entry: FeedEntry | None,
    original_url: str,
    organizations: Mapping[str, Organization],
    first_seen: datetime,
    options: ExtractOptions | None = None,
) -> Article:
    """Return what `article` returns, for pages too that are likely none: to show what was read of them.

    Raises:
        PageError: the page has no title, and too little text to be called by how that begins.
    """
    options = options or ExtractOptions()
    chosen = _choose(reading, entry, organizations, first_seen, options)
    return Article(
        url=chosen.url.value,
        original_url=urls.canonical(original_url) or chosen.url.value,
        title=chosen.title.value,
        excerpt=chosen.excerpt.value,
        type=chosen.type.value,
        provider=chosen.provider.value,
        published_date_time=chosen.published.value if chosen.published else None,
        date_modified=chosen.modified.value if chosen.modified else None,
        amp_web_url=chosen.amp.value[0] if chosen.amp else None,
        cdn_amp_web_url=chosen.amp.value[1] if chosen.amp else None,
        featured_content=chosen.embed.value if chosen.embed else None,
        images=chosen.images.value if chosen.images else (),
        authors=chosen.authors.value if chosen.authors else (),
        author_kinds=author_kinds(chosen.authors.value, reading.organizations, chosen.houses) if chosen.authors else (),
        in_language=chosen.language.value if chosen.language else None,
        access=chosen.access.value if chosen.access else None,
        keywords=chosen.keywords.value[: options.max_keywords] if chosen.keywords else (),
        article_section=chosen.section.value if chosen.section else None,
        article_body=chosen.body.value if chosen.body else "",
        robots=reading.robots,
        tdm_reservation=reading.tdm_reservation,
        methods=chosen.methods(),
        agreement=agreement(reading, chosen.title, chosen.published, chosen.authors, chosen.houses),
    )


def _beginning(body: Candidate[str] | None) -> Candidate[str] | None:
    """Return how a text of some length begins, for pages that give it no title, as feeds' untitled posts are called."""
    if body is None or len(body.value) < _TEXT_WITHOUT_TITLE:
        return None
    return Candidate(shorten(body.value.split("\n", 1)[0], _LONGEST_BEGINNING), "text:beginning")


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The candidate chosen for each field of an article, None where there was none."""

    url: Candidate[str]
    title: Candidate[str]
    excerpt: Candidate[str]
    type: Candidate[ItemType]
    provider: Candidate[Provider]
    published: Candidate[datetime] | None
    modified: Candidate[datetime] | None
    amp: Candidate[tuple[str, str]] | None
    embed: Candidate[str] | None
    images: Candidate[tuple[Image, ...]] | None
    authors: Candidate[tuple[str, ...]] | None
    language: Candidate[str] | None
    access: Candidate[Access] | None
    keywords: Candidate[tuple[str, ...]] | None
    section: Candidate[str] | None
    body: Candidate[str] | None
    houses: tuple[str, ...]

    def methods(self) -> dict[str, str]:
        """Return the method that found each field, by the names that records use."""
        found: dict[str, Candidate[Any] | None] = {
            "webUrl": self.url, "title": self.title, "excerpt": self.excerpt, "type": self.type, "provider": self.provider,
            "publishedDateTime": self.published, "modified": self.modified, "ampWebUrl": self.amp,
            "featuredContent": self.embed, "images": self.images, "authors": self.authors, "language": self.language,
            "access": self.access, "keywords": self.keywords, "section": self.section, "body": self.body,
        }  # fmt: skip
        return {key: candidate.method for key, candidate in found.items() if candidate and candidate.method}


def _choose(
    reading: PageReading,
    entry: FeedEntry | None,
    organizations: Mapping[str, Organization],
    first_seen: datetime,
    options: ExtractOptions,
) -> _Chosen:
    """Return what is chosen for each field; raise PageError where nothing can be the title."""
    url = choose_url(reading)
    provider, provider_method = choose_provider(url.value, reading.site_names, organizations)
    names = names_of_site(provider, reading.site_names, reading.titles)
    body = _body(reading, entry)
    title = choose_title([*reading.titles, *_feed_title(entry)], names) or _beginning(body)
    if title is None:
        raise PageError(
            "the page has no title, and too little text to be called by how it begins",
            where=reading.url,
            hint="Is it an article's page? `newsloom add` finds the feeds of a site's other pages",
        )
    excerpt = choose_excerpt(
        reading.descriptions,
        entry.summary if entry else None,
        body.value if body else "",
        title.value,
        robots=reading.robots,
        limit=options.max_excerpt,
    )
    published = choose_published(reading.published, entry.published if entry else None, first_seen)
    modified = choose_modified(
        reading.modified, entry.updated if entry else None, published.value if published else None, first_seen
    )
    amp = choose_amp(reading, url.value)
    kind = _type(reading, body)
    return _Chosen(
        url=url,
        title=title,
        excerpt=excerpt,
        type=kind,
        provider=Candidate(provider, provider_method),
        published=published,
        modified=modified,
        amp=Candidate(amp[:2], amp[2]) if amp else None,
        embed=reading.embeds[0] if kind.value == "video" and reading.embeds else None,
        images=_images(reading, entry, options.max_images),
        authors=choose_authors(reading.authors or _feed_authors(entry), names),
        language=_language(reading, entry),
        access=_access(reading.access),
        keywords=_keywords(reading, entry),
        section=next(iter(reading.sections), None),
        houses=names,
        body=body,
    )


def article_from_entry(
    entry: FeedEntry, *, source: Source, organizations: Mapping[str, Organization], first_seen: datetime
) -> Article | None:
    """Return the article as far as the feed alone tells it, None when *entry* has no link, or neither title nor text.

    For pages that may not or cannot be read: robots.txt, a paywall, a failed fetch.
    """
    url = urls.canonical(entry.link) if entry.link else None
    heading = heading_of(entry)
    title_text = one_line(heading) if heading and heading != entry.link else ""
    if url is None or not title_text:
        return None
    named = [
        Candidate(name, method)
        for name, method in ((entry.publisher, "feed:publisher"), (_own_name(source, url), "feed:title"))
        if name
    ]
    provider, provider_method = choose_provider(url, named, organizations)
    names = names_of_site(provider, named)
    title = without_site_name(title_text, names)
    content = markup_text(entry.content_html) if entry.content_html else ""
    excerpt = choose_excerpt((), entry.summary, content, title, robots=frozenset(), limit=ExtractOptions().max_excerpt)
    published = choose_published((), entry.published or entry.updated, first_seen)
    modified = choose_modified((), entry.updated, published.value if published else None, first_seen)
    authors = choose_authors(_feed_authors(entry), names)
    images = _unique(entry.images)[: ExtractOptions().max_images]
    language = language_tag(entry.language or source.language or "")
    methods = {
        "webUrl": "feed:link", "title": "feed:title", "excerpt": excerpt.method, "type": "feed:entry", "provider": provider_method,
        "publishedDateTime": _method(published), "modified": _method(modified), "images": "feed:image" if images else None,
        "authors": _method(authors), "language": "feed:language" if language else None,
        "keywords": "feed:category" if entry.categories else None, "body": "feed:content" if content else None,
    }  # fmt: skip
    return Article(
        url=url,
        original_url=url,
        title=title,
        excerpt=excerpt.value,
        type="video" if (entry.enclosure_type or "").startswith("video/") else "article",
        provider=provider,
        published_date_time=published.value if published else None,
        date_modified=modified.value if modified else None,
        images=images,
        authors=authors.value if authors else (),
        author_kinds=author_kinds(authors.value, frozenset(), names) if authors else (),
        in_language=language,
        keywords=entry.categories,
        article_body=content,
        methods={key: method for key, method in methods.items() if method},
    )


def _feed_title(entry: FeedEntry | None) -> list[Candidate[str]]:
    title = one_line(entry.title) if entry and entry.title else ""
    return [Candidate(title, "feed:title")] if title else []


def _feed_authors(entry: FeedEntry | None) -> Sequence[Candidate[tuple[str, ...]]]:
    return [Candidate(entry.authors, "feed:author")] if entry and entry.authors else []


def _body(reading: PageReading, entry: FeedEntry | None) -> Candidate[str] | None:
    """Return the page's text, or the feed's or the page's own other one where that is much longer than a stump."""
    found = list(reading.bodies)
    if entry is not None and entry.content_html:
        found.append(Candidate(markup_text(entry.content_html), "feed:content"))
    found = [candidate for candidate in found if candidate.value]
    if not found:
        return None
    if len(found[0].value) >= _LITTLE_TEXT:
        return found[0]
    return max(found, key=lambda candidate: len(candidate.value))


def _type(reading: PageReading, body: Candidate[str] | None) -> Candidate[ItemType]:
    """Return what the page mainly is: what it says, else a video when it lies among videos, has a player and hardly a text."""
    if reading.types:
        return reading.types[0]
    if reading.embeds and _VIDEO_PATH.search(reading.url) and (body is None or len(body.value) < LISTING_TEXT):
        return Candidate("video", "url:path")
    return Candidate("article", "text:default")


def _images(reading: PageReading, entry: FeedEntry | None, limit: int) -> Candidate[tuple[Image, ...]] | None:
    """Return the pictures of the page, else of the feed; none where the page forbids showing them."""
    if not allows_pictures(reading.robots):
        return None
    if reading.images:
        return Candidate(tuple(candidate.value for candidate in reading.images[:limit]), reading.images[0].method)
    if entry is not None and entry.images:
        return Candidate(_unique(entry.images)[:limit], "feed:image")
    return None


def _unique(images: Sequence[Image]) -> tuple[Image, ...]:
    return tuple({image.url: image for image in images if urls.parse_web(image.url)}.values())


def _language(reading: PageReading, entry: FeedEntry | None) -> Candidate[str] | None:
    if reading.languages:
        return reading.languages[0]
    tag = language_tag(entry.language) if entry and entry.language else None
    return Candidate(tag, "feed:language") if tag else None


def _access(candidates: Sequence[Candidate[Access]]) -> Candidate[Access] | None:
    """Return the page's word on access; where it contradicts itself in structured data the paywall counts, a class name never does.

    That it is metered says more than that it must be paid for, and goes first.
    """
    metered = [candidate for candidate in candidates if candidate.value == "metered"]
    if metered:
        return metered[0]
    paid = [
        candidate
        for candidate in candidates
        if candidate.value == "paywalled" and not candidate.method.startswith("html:")
    ]
    return paid[0] if paid else next(iter(candidates), None)


def _keywords(reading: PageReading, entry: FeedEntry | None) -> Candidate[tuple[str, ...]] | None:
    """Return the page's keywords, else the feed's categories.

    JSON-LD comes first, but it often carries marks of the publishing system, or a part only: a list of the page's `<meta>` that
    shares half of it with the shorter one is taken instead.
    """
    if not reading.keywords:
        return Candidate(entry.categories, "feed:category") if entry and entry.categories else None
    first = reading.keywords[0]
    if first.method in _META_KEYWORDS:
        return first
    mine = {keyword.casefold() for keyword in first.value}
    for other in reading.keywords[1:]:
        theirs = {keyword.casefold() for keyword in other.value}
        shared = len(mine & theirs)
        if other.method in _META_KEYWORDS and first.method == "json-ld:keywords" and len(theirs) > 1:
            run_together = len(mine) == 1 and all(word in first.value[0].casefold() for word in theirs)
            if 2 * shared >= min(len(mine), len(theirs)) or run_together:
                return other
        if other.method in _SEEN_TAGS and (mine < theirs or not first.method.endswith("keywords")):
            return other
    return first


_META_KEYWORDS = ("meta:news_keywords", "meta:keywords", "meta:dc.subject")
_SEEN_TAGS = ("html:tags", "html:rel-tag")


def _own_name(source: Source, url: str) -> str | None:
    """Return the source's title when the source is the provider's own feed: an aggregator's name is nobody's provider."""
    return source.title if source.title and urls.same_site(source.url, url) else None


def _method(candidate: Candidate[Any] | None) -> str | None:
    return candidate.method if candidate is not None else None
