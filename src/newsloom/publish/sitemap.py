"""What search engines are told: sitemap.xml, news-sitemap.xml, robots.txt. Pages of this site only, never a provider's.

Source: sitemaps.org, "Sitemaps XML format"; Google Search Central, "News sitemaps": articles of the last two days, at most
1,000 in a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from lxml import etree

from newsloom.model.portal import Edition, PublishedFile
from newsloom.publish.addresses import Addresses, addresses
from newsloom.publish.feeds import xml_text
from newsloom.publish.stories import Newsroom, newsroom

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
_LARGEST = 50_000
_NEWS_AGE = timedelta(hours=48)
_NEWS_LARGEST = 1_000


class Sitemap:
    """The sitemaps and robots.txt. Without an absolute address of the site there is no sitemap, only robots.txt.

    Args:
        largest: addresses in one sitemap; more of them are cut into several under an index.
    """

    name = "sitemap"

    def __init__(self, largest: int = _LARGEST) -> None:
        self._largest = largest

    def files(self, edition: Edition) -> Iterator[PublishedFile]:
        """Yield the sitemaps of *edition*. The news sitemap depends on its `now`; nothing else does."""
        places = addresses(edition.site)
        lines = ["User-agent: *", "Allow: /"]
        if places.url:
            news = newsroom(edition)
            yield from self._sitemaps(_pages(news), places)
            yield PublishedFile("news-sitemap.xml", _news_sitemap(news, edition.now, places))
            lines += ["", *(f"Sitemap: {places.absolute(name)}" for name in ("sitemap.xml", "news-sitemap.xml"))]
        yield PublishedFile("robots.txt", "\n".join([*lines, ""]).encode())

    def _sitemaps(self, pages: Sequence[tuple[str, datetime | None]], places: Addresses) -> Iterator[PublishedFile]:
        parts = [pages[start : start + self._largest] for start in range(0, len(pages), self._largest)]
        if len(parts) == 1:
            yield PublishedFile("sitemap.xml", _list("urlset", "url", parts[0], places))
            return
        names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
        for name, part in zip(names, parts, strict=True):
            yield PublishedFile(name, _list("urlset", "url", part, places))
        ages = [max((at for _, at in part if at), default=None) for part in parts]
        yield PublishedFile(
            "sitemap.xml", _list("sitemapindex", "sitemap", list(zip(names, ages, strict=True)), places)
        )


def _pages(news: Newsroom) -> Sequence[tuple[str, datetime | None]]:
    """Return the site's pages and when each last changed: oldest first, so that a new one does not move the others."""
    fixed: list[tuple[str, datetime | None]] = [
        ("", news.published[0].at if news.published else None),
        ("topics/", None),
        ("archive/", None),
        ("about/", None),
    ]
    topics = [(view.page, view.entries[0].at if view.entries else None) for view in news.topics.values()]
    items = [(e.page, max(e.at, e.modified) if e.modified else e.at) for e in reversed(news.published)]
    stories = [(s.page, s.newest) for s in sorted(news.stories, key=lambda s: (s.newest, s.id)) if s.has_page]
    return [*fixed, *topics, *stories, *items]


def _list(root: str, element: str, pages: Sequence[tuple[str, datetime | None]], places: Addresses) -> bytes:
    top = etree.Element(f"{{{_NAMESPACE}}}{root}", nsmap={None: _NAMESPACE})
    for page, changed in pages:
        line = etree.SubElement(top, f"{{{_NAMESPACE}}}{element}")
        etree.SubElement(line, f"{{{_NAMESPACE}}}loc").text = places.absolute(page)
        if changed is not None:
            etree.SubElement(line, f"{{{_NAMESPACE}}}lastmod").text = _instant(changed)
    return _bytes(top)


def _news_sitemap(news: Newsroom, now: datetime, places: Addresses) -> bytes:
    top = etree.Element(f"{{{_NAMESPACE}}}urlset", nsmap={None: _NAMESPACE, "news": _NEWS})
    fresh = [entry for entry in news.published if now - _NEWS_AGE <= entry.at <= now]
    for entry in fresh[:_NEWS_LARGEST]:
        line = etree.SubElement(top, f"{{{_NAMESPACE}}}url")
        etree.SubElement(line, f"{{{_NAMESPACE}}}loc").text = places.absolute(entry.page)
        about = etree.SubElement(line, f"{{{_NEWS}}}news")
        publication = etree.SubElement(about, f"{{{_NEWS}}}publication")
        etree.SubElement(publication, f"{{{_NEWS}}}name").text = xml_text(news.site.title)
        etree.SubElement(publication, f"{{{_NEWS}}}language").text = _news_language(news.site.language)
        etree.SubElement(about, f"{{{_NEWS}}}publication_date").text = _instant(entry.at)
        etree.SubElement(about, f"{{{_NEWS}}}title").text = xml_text(entry.title)
    return _bytes(top)


def _news_language(language: str) -> str:
    """Return the form the news sitemap wants: ISO 639, but `zh-cn` and `zh-tw` for Chinese."""
    tag = language.lower().replace("_", "-")
    if tag.split("-")[0] != "zh":
        return xml_text(tag.split("-")[0])
    return "zh-tw" if {"tw", "hk", "hant"} & set(tag.split("-")) else "zh-cn"


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _bytes(top: etree._Element) -> bytes:
    etree.indent(top, " ")
    written: bytes = etree.tostring(top, xml_declaration=True, encoding="utf-8")
    return written + b"\n"
