"""The record's keys, in order: what each reads from YAML and how it is written (record format, section 1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from newsloom.model.record import Image, ItemType, Provider, Record, Related
from newsloom.vocab import typed_values as typed
from newsloom.vocab.bookkeeping import bookkeeping_tree, read_bookkeeping
from newsloom.vocab.yaml12 import Plain, Tree, is_null
from newsloom.vocab.yaml_text import lines, scalar

LINE_KEYS = (
    "category",
    "title",
    "excerpt",
    "publishedDateTime",
    "originalUrl",
    "webUrl",
    "ampWebUrl",
    "cdnAmpWebUrl",
    "type",
    "quality",
    "heat",
    "published",
)
"""Keys that follow each other, one a line."""

PARAGRAPH_KEYS = ("featuredContent", "provider", "topics", "images", "related", "secured", "newsloom")
"""Keys that stand after an empty line each."""

KEYS = LINE_KEYS + PARAGRAPH_KEYS

_Schema = Mapping[str, "_Schema | None"]
_IMAGE: _Schema = dict.fromkeys(("url", "width", "height", "title", "isCached"))
_PROVIDER: _Schema = {"name": None, "domain": None, "images": _IMAGE}
_RELATED: _Schema = {
    **dict.fromkeys(
        ("title", "excerpt", "publishedDateTime", "webUrl", "ampWebUrl", "cdnAmpWebUrl", "type", "quality")
    ),
    "provider": _PROVIDER,
    "images": _IMAGE,
}
_NESTED: _Schema = {"provider": _PROVIDER, "images": _IMAGE, "related": _RELATED}


def extended_keys(tree: Mapping[str, Tree]) -> frozenset[str]:
    """Return the known keys of *tree* that hold sub-keys unknown to the format, at any depth."""
    return frozenset(key for key, schema in _NESTED.items() if schema and key in tree and _strange(tree[key], schema))


def _strange(value: Tree, schema: _Schema | None) -> bool:
    if schema is None or isinstance(value, str):
        return False
    if isinstance(value, list):
        return any(_strange(member, schema) for member in value)
    return any(key not in schema or _strange(member, schema[key]) for key, member in value.items())


def read_record(tree: Mapping[str, Tree], body: str) -> Record:
    """Return the record that the front matter *tree* tells, with *body*.

    A missing category, excerpt or type is read as `news`, empty and `article`; a null stands for an absent key.

    Raises:
        WrongValue: title, publishedDateTime or provider is missing, or a value is not of the kind its key needs.
    """
    values: dict[str, Any] = {"excerpt": "", "type": "article"}
    for key, value in tree.items():
        if key in _READERS and (found := read_key(key, value)) is not None:
            values[FIELDS[key]] = found
    for key in _REQUIRED:
        typed.required(values.get(FIELDS[key]), key)
    return Record(**values, body=body)


def read_key(key: str, value: Tree) -> Any:
    """Return what the field of `Record` that belongs to *key* holds when the file says *value*; None when it is null.

    Raises:
        WrongValue: *value* is not of the kind that *key* needs.
    """
    return None if is_null(value) else _READERS[key](value, key)


def _read_type(value: Tree, key: str) -> ItemType | None:
    return cast("ItemType | None", typed.choice(value, key, ("article", "video")))


def _read_topics(value: Tree, key: str) -> tuple[str, ...]:
    return tuple(typed.members(value, key, typed.text))


def _read_images(value: Tree, key: str) -> tuple[Image, ...]:
    return tuple(typed.members(value, key, _read_image))


def _read_image(value: Tree, key: str) -> Image:
    tree = typed.mapping(value, key)
    return Image(
        url=typed.required(typed.text(tree.get("url", Plain()), f"{key}.url"), f"{key}.url"),
        width=typed.whole(tree.get("width", Plain()), f"{key}.width", 0),
        height=typed.whole(tree.get("height", Plain()), f"{key}.height", 0),
        title=typed.text(tree.get("title", Plain()), f"{key}.title"),
        is_cached=typed.boolean(tree.get("isCached", Plain()), f"{key}.isCached") or False,
    )


def _read_named_provider(value: Tree, key: str) -> Provider:
    provider = _read_provider(value, key)
    typed.required(provider.name or provider.domain or None, f"{key}.name")
    return provider


def _read_provider(value: Tree, key: str) -> Provider:
    tree = typed.mapping(value, key)
    return Provider(
        name=typed.text(tree.get("name", Plain()), f"{key}.name") or "",
        domain=typed.text(tree.get("domain", Plain()), f"{key}.domain") or "",
        images=_read_images(tree.get("images", Plain()), f"{key}.images"),
    )


def _read_related(value: Tree, key: str) -> Related:
    tree = typed.mapping(value, key)

    def text(name: str) -> str | None:
        return typed.text(tree[name], f"{key}.{name}") if name in tree else None

    moment = typed.instant(tree.get("publishedDateTime", Plain()), f"{key}.publishedDateTime")
    return Related(
        title=typed.required(text("title"), f"{key}.title"),
        excerpt=text("excerpt") or "",
        published_date_time=typed.required(moment, f"{key}.publishedDateTime"),
        web_url=text("webUrl"),
        type=_read_type(tree.get("type", Plain()), f"{key}.type") or "article",
        provider=_read_provider(tree.get("provider", Plain()), f"{key}.provider"),
        quality=typed.whole(tree.get("quality", Plain()), f"{key}.quality", 0),
        amp_web_url=text("ampWebUrl"),
        cdn_amp_web_url=text("cdnAmpWebUrl"),
        images=_read_images(tree.get("images", Plain()), f"{key}.images"),
    )


_REQUIRED = ("title", "publishedDateTime", "provider")
_READERS: Mapping[str, Callable[[Tree, str], Any]] = {
    **dict.fromkeys(("category", "title", "excerpt", "originalUrl", "webUrl", "ampWebUrl", "cdnAmpWebUrl"), typed.text),
    "publishedDateTime": typed.instant,
    "type": _read_type,
    "quality": lambda value, key: typed.whole(value, key, 0),
    "heat": lambda value, key: typed.whole(value, key, -1),
    "published": typed.boolean,
    "featuredContent": typed.text,
    "provider": _read_named_provider,
    "topics": _read_topics,
    "images": _read_images,
    "related": lambda value, key: tuple(typed.members(value, key, _read_related)),
    "secured": typed.text,
    "newsloom": lambda value, _: read_bookkeeping(value),
}


def key_text(record: Record, key: str) -> str:
    """Return the lines with which newsloom writes *key* of *record*; empty when the record has no such value."""
    value = _TREES[key](record)
    return "" if value is None or value in ([], {}) else "".join(lines(key, value))


def _number(value: int | None) -> Tree | None:
    return None if value is None else Plain(value)


def _boolean(value: bool | None) -> Tree | None:
    return None if value is None else Plain("true" if value else "false")


def _plain(value: str) -> Tree:
    return Plain(scalar(value))


def _present(pairs: Mapping[str, Tree | None]) -> dict[str, Tree]:
    return {key: value for key, value in pairs.items() if value is not None and value != []}


def _image_tree(image: Image) -> Tree:
    return _present(
        {
            "url": image.url,
            "width": _number(image.width),
            "height": _number(image.height),
            "isCached": _boolean(image.is_cached or None),
            "title": image.title,
        }
    )


def _provider_tree(provider: Provider) -> Tree:
    return _present(
        {
            "name": _plain(provider.name) if provider.name else None,
            "domain": _plain(provider.domain) if provider.domain else None,
            "images": [_image_tree(image) for image in provider.images],
        }
    )


def _related_tree(related: Related) -> Tree:
    return _present(
        {
            "title": related.title,
            "excerpt": related.excerpt,
            "publishedDateTime": Plain(typed.instant_text(related.published_date_time)),
            "webUrl": related.web_url,
            "ampWebUrl": related.amp_web_url,
            "cdnAmpWebUrl": related.cdn_amp_web_url,
            "type": Plain(related.type),
            "provider": _provider_tree(related.provider) or None,
            "quality": _number(related.quality),
            "images": [_image_tree(image) for image in related.images],
        }
    )


_TREES: Mapping[str, Callable[[Record], Tree | None]] = {
    "category": lambda record: _plain(record.category),
    "title": lambda record: record.title,
    "excerpt": lambda record: record.excerpt,
    "publishedDateTime": lambda record: Plain(typed.instant_text(record.published_date_time)),
    "originalUrl": lambda record: record.original_url,
    "webUrl": lambda record: record.web_url,
    "ampWebUrl": lambda record: record.amp_web_url,
    "cdnAmpWebUrl": lambda record: record.cdn_amp_web_url,
    "type": lambda record: Plain(record.type),
    "quality": lambda record: _number(record.quality),
    "heat": lambda record: _number(record.heat),
    "published": lambda record: _boolean(record.published),
    "featuredContent": lambda record: record.featured_content,
    "provider": lambda record: _provider_tree(record.provider),
    "topics": lambda record: [_plain(topic) for topic in record.topics],
    "images": lambda record: [_image_tree(image) for image in record.images],
    "related": lambda record: [_related_tree(related) for related in record.related],
    "secured": lambda record: record.secured,
    "newsloom": lambda record: bookkeeping_tree(record.bookkeeping) if record.bookkeeping else None,
}

FIELDS: Mapping[str, str] = {
    "category": "category",
    "title": "title",
    "excerpt": "excerpt",
    "publishedDateTime": "published_date_time",
    "originalUrl": "original_url",
    "webUrl": "web_url",
    "ampWebUrl": "amp_web_url",
    "cdnAmpWebUrl": "cdn_amp_web_url",
    "type": "type",
    "quality": "quality",
    "heat": "heat",
    "published": "published",
    "featuredContent": "featured_content",
    "provider": "provider",
    "topics": "topics",
    "images": "images",
    "related": "related",
    "secured": "secured",
    "newsloom": "bookkeeping",
}
"""Record key → the field of `Record` that holds it."""
