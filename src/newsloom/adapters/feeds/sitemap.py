"""XML sitemaps, sitemap indexes and news sitemaps, read as a stream: memory does not grow with their size.

Source: https://www.sitemaps.org/protocol.html and Google's "News sitemaps".
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from newsloom.adapters.feeds.names import Names
from newsloom.adapters.feeds.repair import plain_ampersands, rooted
from newsloom.adapters.feeds.text import plain_text
from newsloom.adapters.feeds.values import MAX_LIST, absolute, instant, language_tag, raw_text
from newsloom.errors import FeedError
from newsloom.model.page import FeedDocument, FeedEntry
from newsloom.model.record import Image

MAX_SITEMAP_BYTES = 50 * 1024 * 1024
"""What the protocol allows, unpacked."""
MAX_PAGES = 50_000
"""Pages of one sitemap, or sitemaps of one index, that are read; the protocol allows no more."""

_CHUNK = 64 * 1024
_MOST_AT_ONCE = 100_000
"""Most tags and attributes inside one <url>: what does not end is hostile."""
_MOST_AMPERSANDS = 2_000_000
_FIRST_ROOT = re.compile(
    rb"<(?:[\w.-]{1,30}:)?(rss|feed|rdf|channel|entry|urlset|sitemapindex|html)[\s>/]", re.IGNORECASE
)
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""", re.IGNORECASE)
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_HEAD = 8192
_ROOT_TAG = re.compile(r"<(?:[\w.-]{1,30}:)?(?:urlset|sitemapindex)(?:\s[^<>]*)?>", re.IGNORECASE)
_PAGE = re.compile(r"<(?:[\w.-]{1,30}:)?(?:url|sitemap)[\s>]", re.IGNORECASE)
_TAGS = ("{*}url", "{*}sitemap", "{*}URL", "{*}Url", "{*}Sitemap")


@dataclass(frozen=True, slots=True)
class SitemapPart:
    """A sitemap that an index names, and when it last changed."""

    url: str
    changed: datetime | None


def is_sitemap(body: bytes) -> bool:
    """Return whether *body* begins as a sitemap or a sitemap index does."""
    first = _FIRST_ROOT.search(body[:16_384].replace(b"\0", b""))
    return first is not None and first[1].lower() in (b"urlset", b"sitemapindex")


def read_sitemap(body: bytes, charset: str | None, address: str) -> FeedDocument:
    """Return the sitemap or sitemap index in *body*; links absolute against *address*.

    Pages without a news section are entries without a title, dated by lastmod (`updated`): a page reader must say more.
    Of an index the sitemaps come most recently changed first, since indexes list years of archives.

    Raises:
        FeedError: too long, or nothing of a sitemap in it.
    """
    if len(body) > MAX_SITEMAP_BYTES:
        raise FeedError(f"the sitemap is longer than {MAX_SITEMAP_BYTES} bytes")
    view = memoryview(body)
    stream = SitemapStream((bytes(view[at : at + _CHUNK]) for at in range(0, len(body), _CHUNK)), address, charset)
    entries: list[FeedEntry] = []
    parts: list[SitemapPart] = []
    for found in stream:
        if isinstance(found, SitemapPart):
            parts.append(found)
        else:
            entries.append(found)
    sitemaps = tuple(dict.fromkeys(part.url for part in sorted(parts, key=_newest_first)))
    kind = "sitemap-index" if stream.is_index else "sitemap-news" if stream.has_news else "sitemap"
    return FeedDocument(kind, tuple(entries), next_sitemaps=sitemaps, notes=tuple(stream.notes))


class SitemapStream:
    """The pages or sitemaps that a sitemap in pieces lists, one by one; only one of them is in memory.

    Iterate once; `is_index`, `has_news` and `notes` are complete afterwards.

    Args:
        chunks: the sitemap's bytes in order, unpacked.
        address: where it came from.
        charset: what Content-Type says; UTF-8 is what the protocol demands.

    Raises:
        FeedError: (while iterating) the bytes are no sitemap, or one page of it does not end.
    """

    def __init__(self, chunks: Iterable[bytes], address: str, charset: str | None = None) -> None:
        self.is_index = False
        self.has_news = False
        self.notes: list[str] = []
        self._chunks = iter(chunks)
        self._address = address
        self._charset = charset
        self._count = self._left_out = self._ampersands = 0
        self._is_enough = False  # what is left is only counted

    def __iter__(self) -> Iterator[FeedEntry | SitemapPart]:
        parser = etree.XMLPullParser(
            events=("end",), tag=_TAGS, encoding="utf-8", recover=True, resolve_entities=False, no_network=True,
            load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True, collect_ids=False,
        )  # fmt: skip
        names: Names | None = None
        pending = 0
        tail = ""
        for text in self._texts():
            tail = (tail + text)[-40:]
            if self._is_enough:
                self._left_out += len(_PAGE.findall(text))
                continue
            pending += text.count("<") + text.count("=")
            if pending > _MOST_AT_ONCE:
                raise FeedError("a page of the sitemap does not end")
            try:
                parser.feed(text.encode("utf-8", "replace"))
                events = list(parser.read_events())
            except etree.XMLSyntaxError as error:
                raise FeedError(f"the sitemap cannot be read: {str(error)[:200]}") from error
            if events:
                pending = 0
            for _, element in events:
                if names is None:
                    names = Names(element.getroottree().getroot())
                if self._count < MAX_PAGES:
                    yield from self._read(element, names)
                else:
                    self._left_out += 1
                    self._is_enough = True
                self._count += 1
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
        if self._left_out:
            self.notes.append(f"{self._left_out} pages beyond {MAX_PAGES} left out")
        if not re.search(r"</[^<>]*(?:urlset|sitemapindex)\s*>\s*$|/>\s*$", tail, re.IGNORECASE):
            self.notes.append("the sitemap broke off: what came whole was read")

    def _texts(self) -> Iterator[str]:
        """Yield the sitemap as text, cut between tags, from its root on, with every ampersand as XML wants it."""
        rest = ""
        decoder: codecs.IncrementalDecoder | None = None
        is_started = False
        for chunk in self._chunks:
            if decoder is None:
                decoder = codecs.getincrementaldecoder(_encoding(chunk, self._charset))("replace")
            rest += decoder.decode(chunk)
            self._ampersands += chunk.count(b"&")
            if self._ampersands > _MOST_AMPERSANDS:
                raise FeedError(f"the sitemap has more than {_MOST_AMPERSANDS} entities")
            if not is_started:
                if len(rest) < _HEAD and not _ROOT_TAG.search(rest):
                    continue  # its root is still to come
                rest = rooted(rest)
                root = rest[:200].lower()
                self.is_index = "sitemapindex" in root[: root.find(">")]
                is_started = True
            cut = rest.rfind("<", 0, len(rest))
            if cut > 0:
                ready, rest = rest[:cut], rest[cut:]
                yield plain_ampersands(ready)
        if decoder is not None:
            rest += decoder.decode(b"", True)
        if not is_started:
            rest = rooted(rest)
            self.is_index = "sitemapindex" in rest[:200].lower()
        yield plain_ampersands(rest)

    def _read(self, element: etree._Element, names: Names) -> Iterator[FeedEntry | SitemapPart]:
        fields: dict[str, list[etree._Element]] = {}
        for child in element.iterchildren("*"):
            fields.setdefault(names[child.tag].removeprefix("?:"), []).append(child)
        name = names[element.tag].removeprefix("?:")
        if name == "sitemap":
            url = absolute(_text(fields, "loc"), self._address)
            if url:
                yield SitemapPart(url, instant(_text(fields, "lastmod")))
            return
        if name != "url":
            return
        news = next((found[0] for key in ("news:news", "news") if (found := fields.get(key))), None)
        self.has_news = self.has_news or news is not None
        yield _entry(fields, news, names, self._address)


def _entry(
    fields: dict[str, list[etree._Element]], news: etree._Element | None, names: Names, address: str
) -> FeedEntry:
    pictures = []
    for image in (fields.get("image:image") or fields.get("image") or [])[:MAX_LIST]:
        inner = _inner(image, names)
        if url := absolute(_text(inner, "loc"), address):
            pictures.append(Image(url))
    told = _inner(news, names) if news is not None else {}
    publication = _inner(told["publication"][0], names) if "publication" in told else {}
    keywords = [plain_text(word, 200) for word in _text(told, "keywords").split(",")]
    return FeedEntry(
        link=absolute(_text(fields, "loc"), address),
        title=plain_text(_text(told, "title"), 2000) or None,
        published=instant(_text(told, "publication_date")),
        updated=instant(_text(fields, "lastmod")),
        categories=tuple(dict.fromkeys(word for word in keywords if word))[:MAX_LIST],
        language=language_tag(_text(publication, "language")),
        images=tuple(dict.fromkeys(pictures)),
        publisher=plain_text(_text(publication, "name"), 300) or None,
    )


def _inner(element: etree._Element, names: Names) -> dict[str, list[etree._Element]]:
    """Return the children of *element* by local name: sitemaps get their namespaces wrong."""
    fields: dict[str, list[etree._Element]] = {}
    for child in element.iterchildren("*"):
        fields.setdefault(names[child.tag].rpartition(":")[2], []).append(child)
    return fields


def _text(fields: dict[str, list[etree._Element]], name: str) -> str:
    return raw_text(fields[name][0])[:10_000].strip() if name in fields else ""


def _newest_first(part: SitemapPart) -> float:
    return -part.changed.timestamp() if part.changed else float("inf")


def _encoding(head: bytes, charset: str | None) -> str:
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    try:
        head[:-4].decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError as error:
        if error.start > len(head) - 16:
            return "utf-8"
    declared = _DECLARED.search(head[:1000])
    for label in (charset, declared[1].decode("ascii", "replace") if declared else None):
        try:
            if label and getattr(codecs.lookup(label), "_is_text_encoding", True) and "a".encode(label) == b"a":
                return label
        except (LookupError, UnicodeError, ValueError):
            continue
    return "utf-8"
