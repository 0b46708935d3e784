"""Topic files: `_data/topics/*.yaml`, one topic each, in order of file name.

Keys of the origin: taxonomy, _id, name, shortname, description, parent, keywords, hashtags, images, services. newsloom's own:
exclude (phrases that hide a keyword), examples, either `{yes: [...], no: [...]}` or a list of `{title, excerpt, belongs}`,
media_topic (its code in IPTC's Media Topics) and floor (precision and recall that a test of the examples must reach).
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from newsloom.adapters.files.declarations import read_declaration, read_image
from newsloom.errors import ConfigError
from newsloom.model.topic import Example, Topic
from newsloom.vocab.keyword_entry import parse_keyword
from newsloom.vocab.slugs import slug
from newsloom.vocab.typed_values import WrongValue, boolean, mapping, members, ratio, required, text
from newsloom.vocab.yaml12 import KeySpan, Plain, Tree, YamlError, read_mapping

MAX_BYTES = 1024 * 1024
MAX_FILES = 2_000
_KEYS = (
    "taxonomy", "_id", "name", "shortname", "description", "parent", "keywords", "exclude", "hashtags", "images", "services",
    "examples", "media_topic", "floor",
)  # fmt: skip
_HINT = "Correct the file; the reference of topic files shows every key"
_MEDIA_TOPIC = re.compile(r"medtop:\d{8}")
_AS_OURS = {"id": "_id", "definition": "description"}


def read_topics(folder: Path, *, media_topics: Mapping[str, str] | None = None) -> tuple[Topic, ...]:
    """Return the topics described in *folder*, in order of file name.

    *media_topics* are the codes that exist, code → name (`read_media_topics`); None: codes are not checked.

    Raises:
        ConfigError: a file cannot be read or says something that cannot be, two have one id or name, a parent is missing,
            or parents go in a circle; `where` is `file:line`.
    """
    if not folder.is_dir():
        raise ConfigError("there is no such folder of topics", where=str(folder))
    paths = sorted(path for path in folder.iterdir() if path.suffix in {".yaml", ".yml"})
    if len(paths) > MAX_FILES:
        raise ConfigError(f"more than {MAX_FILES} topic files", where=str(folder))
    read = [_read(path) for path in paths]
    spans = {topic.name: lines for topic, lines in read}
    _check([topic for topic, _ in read], spans)
    for topic, _ in read if media_topics is not None else ():
        if topic.media_topic is not None and topic.media_topic not in (media_topics or {}):
            raise _at(topic, "media_topic", spans, f"the list of Media Topics has no `{topic.media_topic}`")
    return tuple(topic for topic, _ in read)


def read_media_topics(path: Path) -> dict[str, str]:
    """Return code → name of the Media Topics in the JSON list at *path*: entries with `id` (`medtop:20001298`) and `name`.

    Raises:
        ConfigError: the file is no such list.
    """
    return {topic.id: topic.name for topic in read_topic_list(path)}


def read_topic_list(path: Path) -> tuple[Topic, ...]:
    """Return the topics of a JSON list of {name, parent, keywords, description, exclude?, examples?}, in order.

    The keys of IPTC's lists do too: `id`, `definition`, and a parent told by its id. Other keys are passed over.

    Raises:
        ConfigError: the file is no such list.
    """
    try:
        if path.stat().st_size > 64 * MAX_BYTES:
            raise ConfigError(f"larger than {64 * MAX_BYTES} bytes", where=str(path))
        loaded = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"no JSON ({error})", where=str(path)) from error
    except OSError as error:
        raise ConfigError(f"cannot be read ({error.strerror})", where=str(path)) from error
    if not isinstance(loaded, list) or not all(isinstance(entry, dict) for entry in loaded):
        raise ConfigError("not a list of topics", where=str(path), hint='Write [{"name": …, "keywords": […]}, …]')
    topics = []
    for number, entry in enumerate(loaded):
        named = {_AS_OURS[key]: value for key, value in entry.items() if key in _AS_OURS} | entry
        tree = {key: _as_tree(value) for key, value in named.items() if key in _KEYS}
        try:
            topics.append(_topic(tree, path))
        except WrongValue as error:
            raise ConfigError(error.message, where=f"{path}, topic {number + 1}") from None
    topics = _parents_by_name(topics)
    _check(topics, {})
    return tuple(topics)


def _parents_by_name(topics: Sequence[Topic]) -> list[Topic]:
    """Return *topics* with a parent told by its id told by its name; a name counts first."""
    names = {topic.id: topic.name for topic in topics} | {topic.name: topic.name for topic in topics}
    return [replace(topic, parent=names.get(topic.parent, topic.parent)) if topic.parent else topic for topic in topics]


def _as_tree(value: object) -> Tree:
    """Return a JSON *value* in the terms of the YAML reader."""
    if isinstance(value, list):
        return [_as_tree(member) for member in value]
    if isinstance(value, dict):
        return {str(key): _as_tree(member) for key, member in value.items()}
    return value if isinstance(value, str) else Plain(json.dumps(value))


def _read(path: Path) -> tuple[Topic, tuple[KeySpan, ...]]:
    try:
        tree, spans = read_mapping(read_declaration(path, MAX_BYTES, hint=_HINT))
    except YamlError as error:
        raise _wrong(path, error.line + 1, error.message) from None
    for span in spans:
        if span.key not in _KEYS:
            near = difflib.get_close_matches(span.key, _KEYS, n=1, cutoff=0.5)
            hint = f"Did you mean `{near[0]}`?" if near else f"The keys are {', '.join(_KEYS)}"
            raise ConfigError(f"a topic has no key `{span.key[:40]}`", where=f"{path}:{span.line + 1}", hint=hint)
    try:
        return _topic(tree, path), spans
    except WrongValue as error:
        raise _wrong(path, _line_of(error.key, spans), error.message) from None


def _topic(tree: Mapping[str, Tree], path: Path) -> Topic:
    def told(key: str) -> str | None:
        return text(tree[key], key) if key in tree else None

    def listed(key: str) -> tuple[str, ...]:
        return tuple(members(tree[key], key, text)) if key in tree else ()

    taxonomy = told("taxonomy")
    if taxonomy not in {None, "topic"}:
        raise WrongValue("taxonomy", "`taxonomy` must be topic")
    name = required(told("name"), "name").strip()
    if not name:
        raise WrongValue("name", "the key `name` is missing, or empty")
    services = mapping(tree["services"], "services") if "services" in tree else {}
    return Topic(
        id=told("_id") or slug(name, fallback_url=name),
        name=name,
        shortname=told("shortname"),
        description=told("description") or "",
        parent=told("parent"),
        keywords=tuple(members(tree["keywords"], "keywords", _keyword)) if "keywords" in tree else (),
        exclude=listed("exclude"),
        hashtags=listed("hashtags"),
        images=tuple(members(tree["images"], "images", read_image)) if "images" in tree else (),
        services={key: text(value, f"services.{key}") or "" for key, value in services.items()},
        examples=_examples(tree["examples"]) if "examples" in tree else (),
        path=path.name,
        media_topic=_media_topic(told("media_topic")),
        floor=ratio(tree["floor"], "floor") if "floor" in tree else 0.5,
    )


def _keyword(value: Tree, key: str) -> str | None:
    entry = text(value, key)
    if entry is not None and (not entry.strip() or not entry.isprintable() or "\ufffd" in entry):
        raise WrongValue(key, f"a keyword must be words, not {entry[:40]!r}")
    try:
        if entry is not None:
            parse_keyword(entry)
    except ValueError as error:
        raise WrongValue(key, str(error)) from None
    return entry


def _media_topic(code: str | None) -> str | None:
    if code is not None and not _MEDIA_TOPIC.fullmatch(code):
        raise WrongValue("media_topic", f"`{code[:40]}` is no code such as medtop:20001298")
    return code


def _examples(value: Tree) -> tuple[Example, ...]:
    if not isinstance(value, dict):
        return tuple(members(value, "examples", partial(_example, belongs=None)))
    for key in value:
        if key not in {"yes", "no"}:
            raise WrongValue("examples", f"`examples` has lists `yes` and `no`, not `{key[:40]}`")
    found: list[Example] = []
    for key, belongs in (("yes", True), ("no", False)):
        if key in value:
            found.extend(members(value[key], f"examples.{key}", partial(_example, belongs=belongs)))
    return tuple(found)


def _example(value: Tree, key: str, belongs: bool | None) -> Example | None:
    if isinstance(value, str):
        title = text(value, key)
        return Example(title, "", True if belongs is None else belongs) if title else None
    fields = mapping(value, key)
    for name in fields:
        if name not in {"title", "excerpt", "belongs"}:
            raise WrongValue(key, f"an example has title, excerpt and belongs, not `{name[:40]}`")
    if belongs is None:
        told = boolean(fields["belongs"], f"{key}.belongs") if "belongs" in fields else True
        belongs = True if told is None else told
    title = text(fields["title"], f"{key}.title") if "title" in fields else None
    excerpt = text(fields["excerpt"], f"{key}.excerpt") if "excerpt" in fields else None
    return Example(required(title, f"{key}.title"), excerpt or "", belongs)


def _check(topics: Sequence[Topic], spans: Mapping[str, tuple[KeySpan, ...]]) -> None:
    """Raise ConfigError when ids or names come twice, or a parent is missing or its own descendant."""
    parents = {topic.name: topic.parent for topic in topics}
    for what in ("_id", "name"):
        first: dict[str, Topic] = {}
        for topic in topics:
            value = topic.id if what == "_id" else topic.name
            earlier = first.setdefault(value, topic)
            if earlier is not topic:
                raise _at(topic, what, spans, f"{what} `{value}` is also that of {earlier.path}")
    for topic in topics:
        if topic.parent is None:
            continue
        if topic.parent not in parents:
            near = difflib.get_close_matches(topic.parent, list(parents), n=1)
            hint = f"Did you mean `{near[0]}`?" if near else "Name a topic by its `name`"
            raise _at(topic, "parent", spans, f"there is no topic `{topic.parent}`", hint)
        line = [topic.name]
        while (above := parents.get(line[-1])) is not None:
            if above in line:
                raise _at(topic, "parent", spans, f"parents go in a circle: {' → '.join([*line, above])}")
            line.append(above)


def _at(topic: Topic, key: str, spans: Mapping[str, tuple[KeySpan, ...]], message: str, hint: str = "") -> ConfigError:
    line = _line_of(key, spans[topic.name]) if topic.name in spans else 1
    return ConfigError(message, where=f"{topic.path}:{line}", hint=hint)


def _line_of(key: str, spans: Sequence[KeySpan]) -> int:
    outermost = key.split(".")[0].split("[")[0]
    return next((span.line + 1 for span in spans if span.key == outermost), 1)


def _wrong(path: Path, line: int, message: str) -> ConfigError:
    return ConfigError(message, where=f"{path}:{line}", hint=_HINT)
