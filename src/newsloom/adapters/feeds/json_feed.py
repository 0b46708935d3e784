"""JSON Feed 1.0 and 1.1. Source: https://www.jsonfeed.org/version/1.1/"""

from __future__ import annotations

import html
import json
import re
from typing import Any

from newsloom.adapters.feeds.entries import MAX_ENTRIES, Raw, absolute, entry_of, language_tag, with_telling_ids
from newsloom.adapters.feeds.text import plain_text
from newsloom.errors import FeedError
from newsloom.model.page import FeedDocument

_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


def read_json_feed(text: str, address: str) -> FeedDocument:
    """Return the JSON Feed in *text*, its links absolute against *address*.

    Raises:
        FeedError: no JSON, or JSON that is no feed.
    """
    try:
        data = json.loads(text, strict=False)
        if _SURROGATE_ESCAPE.search(text):
            # Half an emoji, cut by whoever wrote the feed. It could be stored nowhere: it becomes U+FFFD.
            data = json.loads(
                json.dumps(data, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            )
    except (ValueError, RecursionError) as error:
        raise FeedError(f"this is no readable JSON: {str(error)[:200]}") from error
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list) or not ("version" in data or "title" in data):
        raise FeedError("this JSON is no JSON Feed")
    version = str(data.get("version", "")).rstrip("/").rpartition("/")[2]
    entries = with_telling_ids(entry_of(_raw(item), address) for item in items[:MAX_ENTRIES] if isinstance(item, dict))
    notes = (f"{len(items) - MAX_ENTRIES} entries beyond {MAX_ENTRIES} left out",) if len(items) > MAX_ENTRIES else ()
    return FeedDocument(
        dialect=f"json-{version}" if version in ("1", "1.0", "1.1") else "json",
        entries=entries,
        title=plain_text(_string(data.get("title")), 2000) or None,
        link=absolute(data.get("home_page_url"), address),
        id=_string(data.get("feed_url"))[:2000] or None,
        language=language_tag(data.get("language")),
        notes=notes,
    )


def _raw(item: dict[str, Any]) -> Raw:
    """Return *item* under the keys that the XML parsers use."""
    text = _string(item.get("content_text"))
    content = _string(item.get("content_html")) or (f"<p>{html.escape(text, quote=False)}</p>" if text else "")
    authors = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    tags = item.get("tags") if isinstance(item.get("tags"), list) else []
    attachments = item.get("attachments") if isinstance(item.get("attachments"), list) else []
    identity = item.get("id")
    return {
        "id": str(identity) if isinstance(identity, (str, int)) and not isinstance(identity, bool) else None,
        # Titles, summaries and tags are plain text here, while the other dialects carry markup.
        "title": html.escape(_string(item.get("title")), quote=False),
        "summary": html.escape(_string(item.get("summary")), quote=False),
        "link": item.get("url") or item.get("external_url"),
        "content": [{"value": content}],
        "published": item.get("date_published"),
        "updated": item.get("date_modified"),
        "authors": [author for author in authors or [] if isinstance(author, dict)],
        "tags": [{"term": html.escape(tag, quote=False)} for tag in tags or [] if isinstance(tag, str)],
        "image": item.get("image") or item.get("banner_image"),
        "enclosures": [
            {"url": a.get("url"), "type": a.get("mime_type")} for a in attachments or [] if isinstance(a, dict)
        ],
        "language": item.get("language"),
    }


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
