"""OPML 2.0: the portal's own sources.opml, and the subscription lists of other readers, in and out.

newsloom's own attributes stand in a namespace, so that other readers open the file and pass them over. Reading a person's
portal is strict and names the line; reading another program's export takes what can be understood and notes the rest.

Source: http://opml.org/spec2.opml
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import cast, get_args

from lxml import etree

from newsloom.errors import ConfigError
from newsloom.model.source import Source, SourceKind
from newsloom.vocab import urls

NAMESPACE = "https://newsloom.org/ns/opml"
MAX_OPML_BYTES = 32 * 1024 * 1024
MAX_SOURCES = 100_000
MAX_DEPTH = 50

_KINDS: tuple[str, ...] = get_args(SourceKind)
_WEB_KINDS = ("feed", "sitemap", "page")
_BARE_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});)")
_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]{0,2000}>", re.IGNORECASE)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_UNKNOWN_PREFIX = re.compile(r"^(?:\{[^}]*\}|[\w.-]+:)")

Problem = Callable[[int, str], None]


def read_opml(data: bytes) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    """Return the sources of an OPML file in order, each address once, and a sentence for everything that was not understood.

    Mended on the way: bare ampersands, unclosed elements, a missing head, attribute names in any case, `url` for `xmlUrl`.

    Raises:
        ConfigError: the file is no OPML at all, declares entities, or is too large.
    """
    notes: list[str] = []

    def note(line: int, problem: str) -> None:
        notes.append(f"line {line}: {problem}")

    try:
        root = _parse(data, recover=False)
    except ConfigError as error:
        if _refused(data):
            raise
        notes.append(f"{error.message}; read as far as it can be")
        root = _parse(_BARE_AMPERSAND.sub(b"&amp;", _DOCTYPE.sub(b"", data, count=1)), recover=True)
    return _sources(root, note), tuple(notes)


def read_sources(path: Path) -> tuple[Source, ...]:
    """Return the sources that a portal's sources.opml declares, in order, each address once.

    Raises:
        ConfigError: the file cannot be read, or says something that cannot be; `where` is `file:line`.
    """

    def refuse(line: int, problem: str) -> None:
        raise ConfigError(problem, where=f"{path}:{line}")

    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot be read ({error.strerror})", where=str(path)) from error
    try:
        return _sources(_parse(data, recover=False), refuse)
    except ConfigError as error:
        line = re.search(r", line (\d+)(, column \d+)?$", error.message)
        if line:
            error.message = error.message[: line.start()] + (line[2] or "")
        error.where = error.where or (f"{path}:{line[1]}" if line else str(path))
        raise


def write_opml(sources: Sequence[Source], *, title: str, now: datetime | None = None) -> bytes:
    """Return *sources* as OPML 2.0, which `read_opml` gives back unchanged. Same input, same bytes.

    Args:
        title: of the list.
        now: when it was made, timezone-aware; None leaves that out.
    """
    root = etree.Element("opml", {"version": "2.0"}, nsmap={"newsloom": NAMESPACE})
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = _clean(title)
    if now is not None:
        etree.SubElement(head, "dateCreated").text = format_datetime(now)
    # A folder continues only where it was the last one written, so that the order of sources is kept.
    open_folders: list[tuple[str, etree._Element]] = []
    body = etree.SubElement(root, "body")
    for source in sources:
        shared = 0
        for (name, _), wanted in zip(open_folders, source.folders, strict=False):
            if name != wanted:
                break
            shared += 1
        del open_folders[shared:]
        for name in source.folders[shared:]:
            parent = open_folders[-1][1] if open_folders else body
            open_folders.append((name, etree.SubElement(parent, "outline", {"text": _clean(name)})))
        etree.SubElement(open_folders[-1][1] if open_folders else body, "outline", _attributes(source))
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def add_to_opml(data: bytes, sources: Sequence[Source]) -> bytes:
    """Return the OPML file *data* with *sources* at the end of their folders, and all else in it as somebody wrote it.

    Raises:
        ConfigError: *data* is no OPML.
    """
    root = _parse(data, recover=False, keep_comments=True)
    body = next((child for child in root if _name(child) == "body"), None)
    if body is None:
        body = _append(root, "body", {})
    for source in sources:
        parent = body
        for name in source.folders:
            parent = _folder(parent, name)
        _append(parent, "outline", _attributes(source))
    written: bytes = etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8")
    return written + b"\n"


def _folder(parent: etree._Element, name: str) -> etree._Element:
    for child in parent:
        if _name(child) == "outline" and not _address(lowered := _lowered(child)) and lowered.get("text") == name:
            return child
    return _append(parent, "outline", {"text": _clean(name)})


def _append(parent: etree._Element, name: str, attributes: dict[str, str]) -> etree._Element:
    """Put a new element at the end of *parent*, on a line of its own as its neighbours are."""
    depth = sum(1 for _ in parent.iterancestors()) + 1
    inner, outer = "\n" + "  " * depth, "\n" + "  " * (depth - 1)
    if len(parent):
        inner, outer = parent.text or "", parent[-1].tail or ""
        parent[-1].tail = inner
    else:
        parent.text = inner
    own = any(key.startswith("{") for key in attributes)
    made = etree.SubElement(parent, name, attributes, nsmap={"newsloom": NAMESPACE} if own else None)
    made.tail = outer
    return made


def _attributes(source: Source) -> dict[str, str]:
    found = {"type": "rss" if source.kind == "feed" else "link", "text": source.title or source.url}
    if source.title is not None:
        found["title"] = source.title
    found["xmlUrl" if source.kind == "feed" else "url"] = source.url
    optional = {
        "htmlUrl": source.site_url,
        "category": ",".join(source.categories) or None,
        "language": source.language,
        f"{{{NAMESPACE}}}kind": source.kind if source.kind != "feed" else None,
        f"{{{NAMESPACE}}}topics": "; ".join(source.topics) or None,
        f"{{{NAMESPACE}}}standing": str(source.standing) if source.standing is not None else None,
        f"{{{NAMESPACE}}}licence": source.licence,
    }
    found |= {name: value for name, value in optional.items() if value is not None}
    return {name: _clean(value) for name, value in found.items()}


def _refused(data: bytes) -> bool:
    return len(data) > MAX_OPML_BYTES or b"<!ENTITY" in data.upper()


def _parse(data: bytes, *, recover: bool, keep_comments: bool = False) -> etree._Element:
    if len(data) > MAX_OPML_BYTES:
        raise ConfigError(f"larger than {MAX_OPML_BYTES} bytes")
    if _refused(data):
        raise ConfigError("it declares entities, which no subscription list needs")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, recover=recover,
        remove_comments=not keep_comments,
    )  # fmt: skip
    try:
        root = etree.fromstring(data.lstrip(b"\xef\xbb\xbf \t\r\n"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        # lxml's own words end with "(<string>, line 1)": a place that was named before.
        told = re.sub(r" \(<string>, line \d+\)$", "", str(error))
        raise ConfigError(f"no well-formed XML: {told}") from error
    if root is None or _name(root) != "opml":
        raise ConfigError("this is no OPML file", hint='Expected <opml version="2.0">')
    return root


def _sources(root: etree._Element, problem: Problem) -> tuple[Source, ...]:
    bodies = [child for child in root if _name(child) == "body"]
    found: dict[str, Source] = {}
    for top in bodies or [root]:
        for element, folders in _outlines(top, (), problem):
            source = _source(element, folders, problem)
            if source is not None:
                found.setdefault(source.url, source)
            if len(found) >= MAX_SOURCES:
                raise ConfigError(f"more than {MAX_SOURCES} sources")
    return tuple(found.values())


def _outlines(
    parent: etree._Element, folders: tuple[str, ...], problem: Problem
) -> Iterator[tuple[etree._Element, tuple[str, ...]]]:
    for element in parent:
        if _name(element) != "outline":
            continue
        attributes = _lowered(element)
        if _address(attributes):
            yield element, folders
            yield from _outlines(element, folders, problem)
        elif len(folders) >= MAX_DEPTH:
            problem(element.sourceline or 0, f"folders nest more than {MAX_DEPTH} deep")
        elif len(element):
            name = " ".join((attributes.get("text") or attributes.get("title") or "").split())
            yield from _outlines(element, (*folders, name) if name else folders, problem)
        elif attributes.get("type", "").lower() in ("rss", "atom", "link"):
            problem(element.sourceline or 0, f"outline {attributes.get('text', '')[:80]!r} has no xmlUrl")


def _source(element: etree._Element, folders: tuple[str, ...], problem: Problem) -> Source | None:
    line = element.sourceline or 0
    attributes = _lowered(element)
    kind = attributes.get("kind", "").strip().lower() or _kind_by_type(attributes)
    if kind == "link":
        problem(line, f"a link, not a feed: {_address(attributes)[:200]!r}; newsloom:kind would say what it is")
        return None
    if kind not in _KINDS:
        problem(line, f"{kind!r} is no kind of source; there are: {', '.join(_KINDS)}")
        kind = "feed"
    url = _address(attributes)
    if url.lower().startswith("feed:"):
        rest = url[5:]
        url = rest if rest.lower().startswith("http") else "http:" + rest
    if kind in _WEB_KINDS and urls.parse_web(url) is None:
        problem(line, f"{url[:200]!r} is no http or https address")
        return None
    text = " ".join((attributes.get("title") or attributes.get("text") or "").split())
    has_title = bool(attributes.get("title")) or text != url
    return Source(
        url=url,
        kind=cast(SourceKind, kind),
        title=(text or None) if has_title else None,
        site_url=attributes.get("htmlurl", "").strip() or None,
        folders=folders,
        categories=_list(attributes.get("category", ""), ","),
        topics=_list(attributes.get("topics", ""), ";"),
        standing=_standing(attributes.get("standing", ""), line, problem),
        licence=attributes.get("licence", "").strip() or None,
        language=attributes.get("language", "").strip() or None,
    )


def _address(attributes: dict[str, str]) -> str:
    kind = attributes.get("kind", "").strip().lower()
    names = ("xmlurl", "url") if kind in ("", "feed", "sitemap") else ("url", "xmlurl")
    for name in names:
        if attributes.get(name, "").strip():
            return attributes[name].strip()
    return ""


def _kind_by_type(attributes: dict[str, str]) -> str:
    kind = attributes.get("type", "").strip().lower()
    if kind == "link" and not attributes.get("xmlurl", "").strip():
        return kind
    return kind if kind in ("sitemap", "page") else "feed"


def _standing(text: str, line: int, problem: Problem) -> int | None:
    text = text.strip()
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) < 4 and int(text) <= 100:
        return int(text)
    problem(line, f"standing {text[:40]!r} is no whole number from 0 to 100")
    return None


def _list(text: str, separator: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for part in text.split(separator) if (name := " ".join(part.split()))))


def _lowered(element: etree._Element) -> dict[str, str]:
    """Return attributes by lower-case name without namespace or prefix; newsloom's own win over others of that name."""
    found: dict[str, str] = {}
    for name, value in element.attrib.items():
        bare = _UNKNOWN_PREFIX.sub("", str(name)).lower()
        own = str(name).startswith((f"{{{NAMESPACE}}}", "newsloom:"))
        if own or bare not in found:
            found[bare] = str(value)
    return found


def _name(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)
