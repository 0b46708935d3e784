"""XML sitemaps, sitemap indexes and news sitemaps.

Source: https://www.sitemaps.org/protocol.html and Google's "News sitemaps".
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from newsloom.adapters.feeds.entries import MAX_ENTRIES, MAX_LIST, absolute, instant, language_tag
from newsloom.adapters.feeds.text import plain_text
from newsloom.errors import FeedError
from newsloom.model.page import FeedDocument, FeedEntry
from newsloom.model.record import Image

_MAX_SITEMAPS = 1000


def read_sitemap(text: str, address: str) -> FeedDocument:
    """Return the sitemap or sitemap index in *text*, which is mended XML; links absolute against *address*.

    Pages without a news section are entries without a title, dated by lastmod (`updated`): a page reader must say more.

    Raises:
        FeedError: the XML is beyond reading.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, recover=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FeedError(f"the sitemap cannot be read: {error}") from error
    if root is None:
        raise FeedError("the sitemap is empty")
    if _name(root) == "sitemapindex":
        return FeedDocument("sitemap-index", (), next_sitemaps=_newest_sitemaps(root, address))
    entries: list[FeedEntry] = []
    left_out = 0
    is_news = False
    for page in _children(root, "url"):
        if len(entries) == MAX_ENTRIES:
            left_out += 1
            continue
        entry, has_news = _entry(page, address)
        is_news = is_news or has_news
        entries.append(entry)
    notes = (f"{left_out} pages beyond {MAX_ENTRIES} left out",) if left_out else ()
    return FeedDocument("sitemap-news" if is_news else "sitemap", tuple(entries), notes=notes)


def _newest_sitemaps(root: etree._Element, address: str) -> tuple[str, ...]:
    """Return the sitemaps of an index, the most recently changed first, since indexes list years of archives."""
    found = [
        (instant(_text(part, "lastmod")), absolute(_text(part, "loc"), address)) for part in _children(root, "sitemap")
    ]
    dated = sorted(found, key=lambda pair: pair[0].timestamp() if pair[0] else float("-inf"), reverse=True)
    return tuple(dict.fromkeys(link for _, link in dated if link))[:_MAX_SITEMAPS]


def _entry(page: etree._Element, address: str) -> tuple[FeedEntry, bool]:
    link = absolute(_text(page, "loc"), address)
    changed = instant(_text(page, "lastmod"))
    pictures = tuple(Image(url) for part in _children(page, "image") if (url := absolute(_text(part, "loc"), address)))[
        :MAX_LIST
    ]
    news = next(_children(page, "news"), None)
    if news is None:
        return FeedEntry(link=link, updated=changed, images=pictures), False
    publication = next(_children(news, "publication"), None)
    keywords = [plain_text(word, 200) for word in _text(news, "keywords").split(",")]
    return (
        FeedEntry(
            link=link,
            title=plain_text(_text(news, "title"), 2000) or None,
            published=instant(_text(news, "publication_date")),
            updated=changed,
            categories=tuple(dict.fromkeys(word for word in keywords if word))[:MAX_LIST],
            language=language_tag(_text(publication, "language")) if publication is not None else None,
            images=pictures,
            publisher=(plain_text(_text(publication, "name"), 300) or None) if publication is not None else None,
        ),
        True,
    )


def _name(element: etree._Element) -> str:
    """Return the local name, whatever the namespace: sitemaps get theirs wrong."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in element if _name(child) == name)


def _text(element: etree._Element, name: str) -> str:
    child = next(_children(element, name), None)
    return "".join(child.itertext())[:10_000].strip() if child is not None else ""
