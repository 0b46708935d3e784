"""Where pages live, and which addresses may leave: every path of the site is made here, every foreign link passes here."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from newsloom.model.portal import SiteOptions
from newsloom.model.topic import Topic
from newsloom.vocab.urls import parse_web

# A browser strips these from an address before it reads the scheme, so an address that holds one cannot be judged by eye.
_CONTROLS = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]")
_IN_FULL = re.compile(r"https?://[^/]", re.IGNORECASE)
_PLAIN_ID = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
_LONGEST_URL = 4096


def safe_link(url: str | None) -> str | None:
    """Return *url* when a reader may be sent there: absolute http or https with a host and without credentials; else None."""
    if not url or len(url) > _LONGEST_URL:
        return None
    url = url.strip()
    if _CONTROLS.search(url) or "\\" in url or not _IN_FULL.match(url):
        return None
    # The parser that browsers share, so that nothing is judged by one reading and followed by another.
    parsed = parse_web(url)
    return url if parsed is not None and not parsed.username and not parsed.password else None


@dataclass(frozen=True, slots=True)
class Addresses:
    """Makes addresses of the site's pages. A *page* is a path relative to the site: `news/x/`, `feed.xml`, "" for the front."""

    base_path: str
    url: str

    def local(self, page: str) -> str:
        """Return the address of *page* for a link inside the site, percent-encoded."""
        return f"{self.base_path}/{quote(page)}"

    def absolute(self, page: str) -> str | None:
        """Return the absolute address of *page*, None when the site does not know its own."""
        return f"{self.url}/{quote(page)}" if self.url else None


def addresses(site: SiteOptions) -> Addresses:
    """Return the addresses of *site*."""
    base = "/".join(quote(part, safe="%") for part in site.base_path.split("/") if part)
    return Addresses(base_path=f"/{base}" if base else "", url=(safe_link(site.url) or "").rstrip("/"))


def page_file(page: str) -> str:
    """Return the file that holds *page*: `news/x/` is `news/x/index.html`."""
    return page + "index.html" if not page or page.endswith("/") else page


def item_pages(paths: Iterable[str]) -> Mapping[str, str]:
    """Return record path → page of the item. A record keeps its page when it moves to the archive.

    Where `_news` and the archive hold the same name, the record under `_news` keeps the plain page.
    """
    pages: dict[str, str] = {}
    taken: set[str] = set()
    for path in sorted(paths, key=lambda path: (not path.startswith("_news/"), path)):
        root, _, name = path.rpartition("_news/")
        stem = "/".join(_plain_part(part) for part in name.removesuffix(".md").split("/"))
        page = f"news/{stem}/"
        if page.casefold() in taken:
            page = f"news/{stem}-{_digest(root + name)}/"
        taken.add(page.casefold())
        pages[path] = page
    return pages


def topic_pages(topics: Iterable[Topic]) -> Mapping[str, str]:
    """Return topic name → page of the topic, by its id where that is a plain one."""
    pages: dict[str, str] = {}
    taken: set[str] = set()
    for topic in topics:
        plain = topic.id.lower()
        if not _PLAIN_ID.fullmatch(plain) or plain in taken:
            plain = f"topic-{_digest(topic.name)}"
        taken.add(plain)
        pages.setdefault(topic.name, f"topics/{plain}/")
    return pages


def _plain_part(part: str) -> str:
    """Return *part* as one safe path component: file systems and hosts treat dots at the start in their own ways."""
    cleaned = re.sub(r"[\x00-\x1f\x7f/\\:*?\"<>|]", "-", part).strip(". ")
    return cleaned or f"item-{_digest(part)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
