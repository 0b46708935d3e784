"""Reading the YAML that people write in records and data files: the 1.2 core schema, and no more of it than is harmless.

Scalars stay the text they are until a key says what it wants (`Plain` marks those without quotes), so `NO`, `12:30` and a
title of `2020` keep every character. Anchors, aliases, tags, merge keys, complex keys, duplicate keys and deep nesting are
refused while the events of libyaml come in, one at a time: nothing is built that was not looked at, nothing recurses.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import Any

import yaml

_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

MAX_DEPTH = 12
"""Levels of lists and mappings. A record needs 4; past a thousand the time of libyaml grows with the square."""

_INTEGER = re.compile(r"[-+]?[0-9]{1,18}|0o[0-7]{1,18}|0x[0-9a-fA-F]{1,15}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,4})?")
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})
# What no YAML file can hold, but an escape can smuggle in.
_UNTEXT = re.compile("[\x00\ud800-\udfff]")


class Plain(str):
    """A scalar written without quotes: `resolve` tells what it stands for."""

    __slots__ = ()


class BlockText(str):
    """A scalar written as a block (`|` or `>`): its last line end comes with the form, not with the text."""

    __slots__ = ()


Tree = str | list[Any] | dict[str, Any]
"""What a document is made of: strings (some of them `Plain`), lists, and mappings in file order."""


class YamlError(ValueError):
    """The text is no YAML that newsloom reads. `line` counts from 0, within the text."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


@dataclass(frozen=True, slots=True)
class KeySpan:
    """Where a key of the outermost mapping stands: characters `start` to `end` hold it and its value, whole lines."""

    key: str
    start: int
    end: int
    line: int


def resolve(value: Tree) -> object:
    """Return *value* with plain scalars resolved by the YAML 1.2 core schema: null, booleans, integers, floats, else text.

    Numbers beyond 18 digits stay text: they are no number of ours, and converting them costs the square of their length.
    """
    if isinstance(value, dict):
        return {key: resolve(member) for key, member in value.items()}
    if isinstance(value, list):
        return [resolve(member) for member in value]
    if not isinstance(value, Plain):
        return value
    if value in _NULL:
        return None
    if value in _TRUE or value in _FALSE:
        return value in _TRUE
    if _INTEGER.fullmatch(value):
        return int(value, {"0o": 8, "0x": 16}.get(value[:2], 10))
    if _FLOAT.fullmatch(value):
        return float(value)
    return str(value)


def load(text: str) -> object:
    """Return the value of the one YAML document in *text*, None when it is empty.

    Raises:
        YamlError: *text* is no YAML, or uses a part of it that is refused.
    """
    root = read_tree(text)
    return None if root is None else resolve(root)


def read_tree(text: str) -> Tree | None:
    """Return the one YAML document in *text* unresolved, None when it is empty. Raises YamlError, as `load` does."""
    return _build(text).root


def is_null(value: Tree) -> bool:
    """Return whether *value* is a plain scalar that stands for nothing."""
    return isinstance(value, Plain) and value in _NULL


def truth(value: Tree) -> bool | None:
    """Return the boolean that the scalar *value* spells, None when it spells none."""
    if isinstance(value, str):
        if value in _TRUE:
            return True
        if value in _FALSE:
            return False
    return None


def read_mapping(text: str) -> tuple[dict[str, Tree], tuple[KeySpan, ...]]:
    """Return the block mapping that *text* holds, and where each of its keys stands.

    Every key begins at the left edge. Empty text is an empty mapping.

    Raises:
        YamlError: *text* is no such mapping, or uses a part of YAML that is refused.

    Cost: linear in the text; about 100 µs for a record of 1,500 characters.
    """
    builder = _build(text)
    if builder.root is None:
        return {}, ()
    if not isinstance(builder.root, dict) or not builder.is_block:
        raise YamlError("it is not a list of `key: value` lines")
    spans = []
    for (key, mark), end in zip(builder.keys, builder.ends, strict=True):
        if mark.index and text[mark.index - 1] != "\n":  # indented, or after a line end that only YAML 1.1 knows
            raise YamlError(f"the key `{key[:40]}` does not begin at the left edge", mark.line)
        spans.append(KeySpan(key, mark.index, _line_end(text, end), mark.line))
    return builder.root, tuple(spans)


def _line_end(text: str, position: int) -> int:
    """Return the end of the line on which a value ends at *position*: *position* itself at the start of a line."""
    if position and text[position - 1] == "\n":
        return position
    newline = text.find("\n", position)
    return len(text) if newline < 0 else newline + 1


def _build(text: str) -> _TreeBuilder:
    """Return the builder that has seen all events of *text*; what the scanner makes of bad input becomes a YamlError."""
    if text.startswith("\ufeff"):  # libyaml would skip it and count every place one too low
        raise YamlError("a byte order mark inside")
    builder = _TreeBuilder()
    try:
        loader = _Loader(text)
        try:
            while (event := loader.get_event()) is not None:
                builder.see(event)
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
        raise YamlError(f"no valid YAML ({problem})", mark.line if mark else 0) from None
    except YamlError:
        raise
    except (ValueError, OverflowError):  # chr() of the pure Python scanner, for escapes beyond Unicode
        raise YamlError("no valid YAML (an escape beyond Unicode)") from None
    return builder


class _TreeBuilder:
    """Makes a tree of events, refusing what is not read, and notes where the keys of the outermost mapping stand."""

    def __init__(self) -> None:
        self.root: Tree | None = None
        self.is_block = False  # whether the outermost mapping is written as lines, not in braces
        self.keys: list[tuple[str, Any]] = []
        self.ends: list[int] = []
        self._open: list[Any] = []  # containers around the current one, outermost first
        self._container: Any = None
        self._key: str | None = None
        self._end = 0  # where the last scalar or bracket ended: block collections end only where the next token begins

    def see(self, event: Any) -> None:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._see_scalar(event)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            self._see_start(event, {} if kind is yaml.MappingStartEvent else [])
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._see_end(event)
        elif kind is yaml.AliasEvent:
            raise YamlError("aliases are not read", event.start_mark.line)
        elif kind is yaml.DocumentStartEvent and (self.root is not None or event.explicit):
            raise YamlError("a second document, or a directive", event.start_mark.line)
        elif kind is yaml.DocumentEndEvent and event.explicit:
            raise YamlError("an end of document inside", event.start_mark.line)

    def _see_scalar(self, event: Any) -> None:
        if event.anchor is not None or event.tag is not None:
            raise YamlError("anchors and tags are not read", event.start_mark.line)
        value: str = event.value
        if _UNTEXT.search(value):
            value = _UNTEXT.sub("\ufffd", value)
        if not event.style:
            value = Plain(value)
        elif event.style in "|>":
            value = BlockText(value)
        if type(self._container) is dict and self._key is None:
            self._see_key(value, event.start_mark)
        else:
            self._place(value)
        self._end = event.end_mark.index

    def _see_key(self, key: str, mark: Any) -> None:
        if key in self._container:
            raise YamlError(f"the key `{key[:40]}` is there twice", mark.line)
        if type(key) is Plain and key == "<<":
            raise YamlError("merge keys are not read", mark.line)
        self._key = key = sys.intern(str(key))  # the same few keys stand in every record
        if len(self._open) == 1:
            if self.keys:
                self.ends.append(self._end)
            self.keys.append((key, mark))

    def _see_start(self, event: Any, container: Tree) -> None:
        if event.anchor is not None or event.tag is not None:
            raise YamlError("anchors and tags are not read", event.start_mark.line)
        if type(self._container) is dict and self._key is None:
            raise YamlError("a key is a list or a mapping", event.start_mark.line)
        if len(self._open) >= MAX_DEPTH:
            raise YamlError(f"nested deeper than {MAX_DEPTH} levels", event.start_mark.line)
        if self._container is None:
            self.is_block = not event.flow_style
        self._place(container)
        self._open.append(self._container)
        self._container = container

    def _see_end(self, event: Any) -> None:
        if event.end_mark.index > event.start_mark.index:  # a bracket: a block collection's end has no width
            self._end = event.end_mark.index
        self._container = self._open.pop()
        if not self._open and self.keys:
            self.ends.append(self._end)

    def _place(self, value: Tree) -> None:
        if type(self._container) is dict:
            self._container[self._key] = value
            self._key = None
        elif type(self._container) is list:
            self._container.append(value)
        else:
            self.root = value
