"""What a page is about, in schema.org's terms for search engines. The original stays the provider's: we never claim it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from newsloom.publish.addresses import Addresses
from newsloom.publish.entries import Entry
from newsloom.publish.stories import Story

_CONTEXT = "https://schema.org"
# The block ends where the parser sees `</script`, and U+2028/9 end a line in older script parsers.
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def script_json(value: object) -> Markup:
    """Return *value* as JSON that can stand inside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup("".join(_ESCAPES.get(c, c) for c in text) if any(c in text for c in _ESCAPES) else text)


def _article(entry: Entry, places: Addresses) -> dict[str, object]:
    """Return the provider's article or video, told as theirs: its url and publisher are the provider's."""
    record = entry.record
    told: dict[str, object] = {
        "@type": "VideoObject" if entry.is_video else "NewsArticle",
        "name" if entry.is_video else "headline": entry.title,
        "description": entry.excerpt or None,
        "url": entry.link,
        "uploadDate" if entry.is_video else "datePublished": record.published_date_time.isoformat(),
        "dateModified": entry.modified.isoformat() if entry.modified else None,
        "inLanguage": entry.language,
        "isAccessibleForFree": False if entry.is_paywalled else None,
        "author": [{"@type": "Person", "name": name} for name in entry.authors] or None,
        "publisher": {
            "@type": "NewsMediaOrganization",
            "name": entry.provider,
            "url": f"https://{record.provider.domain}/" if record.provider.domain else None,
        },
        "about": [{"@type": "Thing", "name": topic.name} for topic in entry.topics] or None,
    }
    picture = places.absolute(entry.picture.path) if entry.picture else None
    if picture:
        told["thumbnailUrl" if entry.is_video else "image"] = picture
    return _told(told)


def item_page(entry: Entry, places: Addresses) -> Markup:
    """Return the description of an item's page: a page of ours whose subject is, and is based on, the provider's article."""
    return script_json(
        _told(
            {
                "@context": _CONTEXT,
                "@type": "WebPage",
                "url": places.absolute(entry.page),
                "name": entry.title,
                "isBasedOn": entry.link,
                "mainEntity": _article(entry, places),
            }
        )
    )


def story_page(story: Story, places: Addresses) -> Markup:
    """Return the description of a story's page: the list of its coverage, oldest first."""
    return _collection(story.lead.title, story.page, [c.entry for c in story.coverage], places)


def list_page(name: str, page: str, listed: Sequence[Entry], places: Addresses) -> Markup:
    """Return the description of a page that lists *listed*."""
    return _collection(name, page, listed, places)


def _collection(name: str, page: str, listed: Sequence[Entry], places: Addresses) -> Markup:
    elements = [
        {"@type": "ListItem", "position": n, "item": _article(e, places)} for n, e in enumerate(listed, start=1)
    ]
    return script_json(
        _told(
            {
                "@context": _CONTEXT,
                "@type": "CollectionPage",
                "url": places.absolute(page),
                "name": name,
                "mainEntity": {"@type": "ItemList", "itemListElement": elements},
            }
        )
    )


def _told(values: Mapping[str, object]) -> dict[str, object]:
    return {
        key: _told(value) if isinstance(value, dict) else value for key, value in values.items() if value is not None
    }
