"""The one codec between a record and the bytes of its file (record format, section 1).

`parse` remembers how the file wrote everything; `serialise` gives that back byte for byte and rewrites only the keys whose
value changed. `canonical` writes a record as newsloom alone would.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from newsloom.errors import RecordError
from newsloom.model.record import Block, Layout, Record
from newsloom.vocab import yaml12
from newsloom.vocab.record_keys import FIELDS, KEYS, PARAGRAPH_KEYS, extended_keys, key_text, read_record
from newsloom.vocab.typed_values import WrongValue

MAX_FRONT_MATTER_BYTES = 256 * 1024
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_FENCE = re.compile(r"---[ \t\r]*(?:\n|\Z)")
_CLOSING = re.compile(r"^---[ \t\r]*(?:\n|\Z)", re.MULTILINE)
_EMPTY_LAST_LINE = re.compile(r"(?:\A|\n)\n\Z")
# A block scalar that keeps its line breaks (YAML 1.2 §8.1.1.2): empty lines after it are its own.
_KEEPS_BREAKS = re.compile(r"[|>][1-9]?\+[1-9]?[ \t]*(?:#.*)?$", re.MULTILINE)
_KEEP_HINT = "Correct the file, or put back an earlier version of it; until then it is left alone and not published"
_PLACES = {key: place for place, key in enumerate(KEYS)}


def parse(data: bytes, *, path: str = "") -> Record:
    """Return the record in *data*, with its layout.

    Args:
        data: the whole file.
        path: the file's name, for messages.

    Raises:
        RecordError: the file is torn, is no UTF-8, breaks a bound, or holds a value that is not of its key's kind.

    Cost: linear; about 6,000 records of the origin a CPU second.
    """
    text, newline, marked = _text(data, path)
    opening, front, closing, body = _split(text, path)
    try:
        tree, spans = yaml12.read_mapping(front)
    except yaml12.YamlError as error:
        raise RecordError(error.message, where=_where(path, error.line), hint=_KEEP_HINT) from None
    try:
        record = read_record(tree, body)
    except WrongValue as error:
        top = re.split(r"[.\[]", error.key, maxsplit=1)[0]
        line = next((span.line for span in spans if span.key == top), None)
        raise RecordError(error.message, where=_where(path, line), hint=_KEEP_HINT) from None
    layout = Layout(_blocks(front, spans), newline, marked, opening, closing, extended_keys(tree), record)
    return replace(record, layout=layout)


def serialise(record: Record) -> bytes:
    """Return the bytes of *record*: as its file wrote it where a value is the same, canonical where it changed.

    Raises:
        RecordError: the front matter would get larger than can be read back.
    """
    layout = record.layout
    if layout is None:
        return canonical(record)
    return _bytes(record, layout, _revised(record, layout))


def canonical(record: Record) -> bytes:
    """Return *record* as newsloom writes it anew: of a layout only line ends, byte order mark and unknown keys are kept.

    Raises:
        RecordError: the front matter would get larger than can be read back.
    """
    layout = record.layout or Layout(())
    followers: dict[str, str] = {}  # known key → text of the unknown keys after it
    anchor, gap = "", ""
    for block in layout.blocks:
        if block.key in _PLACES:
            anchor = block.key
        elif block.key is not None:
            followers[anchor] = followers.get(anchor, "") + gap + block.raw
        gap = "\n" if (block.key, block.raw) == (None, "\n") else ""
    front = followers.get("", "")
    for key in KEYS:
        if text := key_text(record, key):
            front += ("\n" if key in PARAGRAPH_KEYS else "") + text
        front += followers.get(key, "")
    return _bytes(record, replace(layout, opening="---\n", closing="---\n"), front)


def _text(data: bytes, path: str) -> tuple[str, Literal["\n", "\r\n"], bool]:
    """Return the text of *data*, its line ends made LF when all are CRLF, and whether a byte order mark led it."""
    marked = data.startswith(_BYTE_ORDER_MARK)
    data = data.removeprefix(_BYTE_ORDER_MARK)
    if (place := data.find(b"\x00")) >= 0:
        raise RecordError(
            "the file is torn (it holds NUL bytes)",
            where=_where(path, data.count(b"\n", 0, place) - 1),
            hint=_KEEP_HINT,
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) - 1
        raise RecordError("the file is torn or not UTF-8", where=_where(path, line), hint=_KEEP_HINT) from None
    if "\r\n" in text and text.count("\r\n") == text.count("\n"):
        return text.replace("\r\n", "\n"), "\r\n", marked
    return text, "\n", marked


def _split(text: str, path: str) -> tuple[str, str, str, str]:
    """Return opening line, front matter, closing line and body."""
    opening = _FENCE.match(text)
    if not opening:
        raise RecordError("the file is torn (it does not begin with a line `---`)", where=path, hint=_KEEP_HINT)
    closing = _CLOSING.search(text, opening.end(), opening.end() + MAX_FRONT_MATTER_BYTES + 5)
    if closing and closing.end() < len(text) and not closing[0].endswith("\n"):
        closing = None  # `\Z` met the end of the search, not of the file
    front = text[opening.end() : closing.start()] if closing else ""
    if not closing or len(front.encode("utf-8")) > MAX_FRONT_MATTER_BYTES:
        problem = "the file is torn (no line `---` ends its front matter)"
        if len(text) > MAX_FRONT_MATTER_BYTES:
            problem = f"the front matter does not end within {MAX_FRONT_MATTER_BYTES // 1024} KiB"
        raise RecordError(problem, where=path, hint=_KEEP_HINT)
    return opening[0], front, closing[0], text[closing.end() :]


def _blocks(front: str, spans: tuple[yaml12.KeySpan, ...]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    place = 0
    for span in spans:
        if span.start > place:
            blocks.append(Block(None, front[place : span.start]))
        blocks.append(Block(span.key, front[span.start : span.end]))
        place = span.end
    if place < len(front):
        blocks.append(Block(None, front[place:]))
    return tuple(blocks)


def _where(path: str, line: int | None) -> str:
    """Return file and line for a message; *line* counts from 0 after the opening line."""
    place = f"line {line + 2}" if line is not None else ""
    return ", ".join(part for part in (path, place) if part)


def _revised(record: Record, layout: Layout) -> str:
    """Return the front matter of *layout* with the keys that changed since it was read written anew, in their place."""
    before = layout.read or parse(_bytes(record, layout, "".join(block.raw for block in layout.blocks)))
    changed = {key: key_text(record, key) for key in KEYS if _differs(record, before, key)}
    pieces: list[tuple[str | None, str]] = []
    was_removed = False
    for block in layout.blocks:
        raw = changed.pop(block.key, block.raw) if block.key is not None else block.raw
        if was_removed and block.key is None and pieces and _KEEPS_BREAKS.search(pieces[-1][1]):
            raw = raw.lstrip("\n")  # these empty lines would become part of the value that now stands before them
        was_removed = block.key is not None and not raw
        if raw:
            pieces.append((block.key, raw))
        elif (
            block.key in PARAGRAPH_KEYS and pieces and pieces[-1][0] is None and _EMPTY_LAST_LINE.search(pieces[-1][1])
        ):
            pieces[-1] = (None, pieces[-1][1][:-1])  # the empty line that set the paragraph off goes with it
    for key, text in changed.items():
        if text:
            _insert(pieces, key, text)
    return "".join(raw for _, raw in pieces)


def _differs(record: Record, before: Record, key: str) -> bool:
    """Return whether *key* of *record* would be written otherwise than it was *before*."""
    field = FIELDS[key]
    return getattr(record, field) != getattr(before, field) and key_text(record, key) != key_text(before, key)


def _insert(pieces: list[tuple[str | None, str]], key: str, text: str) -> None:
    """Put a key that the file does not have after the nearest one that stands before it in the format."""
    place = 0
    best = -1
    for number, (other, _) in enumerate(pieces):
        if other is not None and best < _PLACES.get(other, -1) < _PLACES[key]:
            best, place = _PLACES[other], number + 1
    if key == KEYS[-1]:
        place = len(pieces)  # newsloom's own key is the last one, after unknown keys too
    before = pieces[place - 1][1] if place else ""
    if key in PARAGRAPH_KEYS and not (_EMPTY_LAST_LINE.search(before) or _KEEPS_BREAKS.search(before)):
        text = "\n" + text
    pieces.insert(place, (key, text))


def _bytes(record: Record, layout: Layout, front: str) -> bytes:
    if len(front.encode("utf-8", "replace")) > MAX_FRONT_MATTER_BYTES:
        raise RecordError(
            f"the front matter of “{record.title[:60]}” would be larger than {MAX_FRONT_MATTER_BYTES // 1024} KiB",
            hint="Shorten its fields or its related list",
        )
    closing = layout.closing
    if record.body and not closing.endswith("\n"):
        closing += "\n"
    text = layout.opening + front + closing + record.body
    if layout.newline == "\r\n":
        text = text.replace("\n", "\r\n")
    return _BYTE_ORDER_MARK * layout.byte_order_mark + text.encode("utf-8", "replace")
