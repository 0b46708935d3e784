"""JSON Feed 1.0 and 1.1. Source: https://www.jsonfeed.org/version/1.1/"""

from __future__ import annotations

import html
import json
import re
from typing import Any

from newsloom.adapters.feeds.entries import MAX_ENTRIES, author_name, with_telling_ids
from newsloom.adapters.feeds.sanitising import Sanitiser
from newsloom.adapters.feeds.text import plain_text
from newsloom.adapters.feeds.values import (
    MAX_ID,
    MAX_LIST,
    MAX_SUMMARY,
    MAX_TITLE,
    absolute,
    distinct,
    instant,
    language_tag,
)
from newsloom.errors import FeedError
from newsloom.model.page import FeedDocument, FeedEntry
from newsloom.model.record import Image

# One half of a surrogate pair without the other.
_LONE_SURROGATE = re.compile(
    r"\\u(?:[dD][89aAbB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89aAbB][0-9a-fA-F]{2}\\u)[dD][c-fC-F])"
)

# A value costs some fifty bytes of memory and more: what is made of them alone would fill it.
_MOST = {"{": 400_000, "[": 400_000, ",": 1_000_000, '"': 2_000_000}


def read_json_feed(text: str, address: str) -> FeedDocument:
    """Return the JSON Feed in *text*, its links absolute against *address*.

    Raises:
        FeedError: no JSON, or JSON that is no feed.
    """
    if len(text) > min(_MOST.values()) and any(text.count(sign) > most for sign, most in _MOST.items()):
        raise FeedError("this JSON holds more values than any feed")
    try:
        data = json.loads(text, strict=False)
        if _LONE_SURROGATE.search(text):
            # Half an emoji, cut by whoever wrote the feed. It could be stored nowhere: it becomes U+FFFD.
            data = json.loads(
                json.dumps(data, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            )
    except (ValueError, RecursionError) as error:
        raise FeedError(f"this is no readable JSON: {str(error)[:200]}") from error
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list) or not ("version" in data or "title" in data):
        raise FeedError("this JSON is no JSON Feed")
    version = str(data.get("version", ""))[:200].rstrip("/").rpartition("/")[2]
    sanitiser, authors = Sanitiser(), _authors(data)
    entries = [_entry(item, address, sanitiser, authors) for item in items[:MAX_ENTRIES] if isinstance(item, dict)]
    notes = (f"{len(items) - MAX_ENTRIES} entries beyond {MAX_ENTRIES} left out",) if len(items) > MAX_ENTRIES else ()
    return FeedDocument(
        dialect=f"json-{version}" if version in ("1", "1.0", "1.1") else "json",
        entries=with_telling_ids(entries),
        title=_plain(data.get("title"), MAX_TITLE) or None,
        link=absolute(data.get("home_page_url"), address),
        id=_string(data.get("feed_url"))[:MAX_ID] or None,
        language=language_tag(data.get("language")),
        notes=notes,
    )


def _entry(item: dict[str, Any], address: str, sanitiser: Sanitiser, feed_authors: tuple[str, ...]) -> FeedEntry:
    identity = item.get("id")
    is_telling = isinstance(identity, (str, int)) and not isinstance(identity, bool)
    link = next((url for key in ("url", "external_url") if (url := absolute(item.get(key), address))), None)
    if link is None and isinstance(identity, str) and identity.startswith(("http://", "https://")):
        link = absolute(identity, address)
    attachments = [a for a in _list(item.get("attachments")) if isinstance(a, dict)]
    kinds = [_string(a.get("mime_type")).strip().lower()[:100] for a in attachments]
    pictures = [item.get("image"), item.get("banner_image")]
    pictures += [a.get("url") for a, kind in zip(attachments, kinds, strict=True) if kind.startswith("image/")]
    images = (Image(url) for value in pictures if (url := absolute(value, address)))
    text = _string(item.get("content_text"))
    markup = _string(item.get("content_html")) or (f"<p>{html.escape(text, quote=False)}</p>" if text else "")
    return FeedEntry(
        link=link or next((url for a in attachments if (url := absolute(a.get("url"), address))), None),
        id=" ".join(str(identity).split())[:MAX_ID] or None if is_telling else None,
        title=_plain(item.get("title"), MAX_TITLE) or None,
        summary=_plain(item.get("summary"), MAX_SUMMARY) or None,
        content_html=sanitiser.clean(markup, link or address) or None,
        published=instant(item.get("date_published")),
        updated=instant(item.get("date_modified")),
        authors=_authors(item) or feed_authors,
        categories=distinct(_plain(tag, 200) for tag in _list(item.get("tags"))),
        language=language_tag(item.get("language")),
        images=tuple(dict.fromkeys(images)),
        enclosure_type=next((kind for kind in kinds if kind), None),
    )


def _authors(thing: dict[str, Any]) -> tuple[str, ...]:
    """Return the names of `authors` (1.1), else of `author` (1.0)."""
    told = _list(thing.get("authors")) or [thing.get("author")]
    return distinct(author_name(_plain(author.get("name"), 400)) for author in told if isinstance(author, dict))


def _plain(value: object, limit: int) -> str:
    """Return *value* on one line: in JSON Feed titles, summaries and tags are text, not markup."""
    return plain_text(html.escape(_string(value)[: 4 * limit], quote=False), limit)


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _list(value: object) -> list[Any]:
    return value[:MAX_LIST] if isinstance(value, list) else []
