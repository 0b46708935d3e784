"""What an element of a feed says: as plain text, as HTML, as an address, as an instant.

Values come as HTML (RSS always, Atom `type="html"`), as text (Atom), as elements (XHTML) or in base64; here all of them
become HTML first, so that one way leads to plain text and one to harmless HTML.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lxml import etree

from newsloom.adapters.feeds.names import Names
from newsloom.adapters.feeds.sanitising import Sanitiser
from newsloom.adapters.feeds.text import plain_text
from newsloom.vocab import urls
from newsloom.vocab.dates import parse_instant

MAX_TITLE = 2000
MAX_SUMMARY = 20_000
MAX_LIST = 50
MAX_ID = 2000

Fields = Mapping[str, Sequence[etree._Element]]

_PREFIX = re.compile(r"<(/?)[A-Za-z_][\w.-]{0,30}:(?=[A-Za-z])")
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]+={0,2}\s*")
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# Addresses that come out of the WHATWG algorithm as they went in, which is most of them; parsing them took a tenth of the time.
_NORMAL_ADDRESS = re.compile(
    r"https?://[a-z0-9][a-z0-9-]{0,60}(?:\.[a-z0-9][a-z0-9-]{0,60}){0,8}\.[a-z]{2,20}/[A-Za-z0-9/_~&=?+,;:@!$*().-]{0,1000}"
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")


@dataclass(slots=True)
class Reading:
    """What is true of one whole feed while it is read.

    `address` is where it came from; `base` what relative addresses are relative to when no xml:base says otherwise.
    `is_atom` when text may be plain text (RSS has only HTML).
    """

    names: Names
    address: str
    base: str
    is_atom: bool
    has_bases: bool
    has_languages: bool
    sanitiser: Sanitiser = field(default_factory=Sanitiser)

    def fields(self, parent: etree._Element) -> dict[str, list[etree._Element]]:
        """Return the children of *parent* by name, in order."""
        found: dict[str, list[etree._Element]] = {}
        names = self.names
        for child in parent.iterchildren("*"):
            name = names[child.tag]
            if name in found:
                found[name].append(child)
            else:
                found[name] = [child]
        return found

    def base_of(self, element: etree._Element) -> str:
        """Return what addresses in *element* are relative to (RFC 3986 §5.1, XML Base)."""
        if not self.has_bases:
            return self.base
        told = [base for node in (element, *element.iterancestors()) if (base := node.get(_XML_BASE))]
        found = self.address if told else self.base
        for base in reversed(told):
            found = urls.resolve(found, base.strip()) or found
        return found

    def language_of(self, element: etree._Element) -> str | None:
        """Return the language that *element* or what it stands in declares."""
        if not self.has_languages:
            return None
        nodes = (element, *element.iterancestors())
        return next((tag for node in nodes if (tag := language_tag(node.get(_XML_LANG)))), None)

    def plain(self, element: etree._Element, limit: int) -> str:
        """Return what *element* says as one line of text of at most *limit* characters."""
        return plain_text(self.markup(element), limit)

    def clean_longest(self, elements: Sequence[etree._Element]) -> str:
        """Return what the most telling of *elements* says as harmless HTML, "" when there is none."""
        if not elements:
            return ""
        markup, element = max(((self.markup(element), element) for element in elements), key=lambda pair: len(pair[0]))
        return self.sanitiser.clean(markup, self.base_of(element))

    def markup(self, element: etree._Element) -> str:
        """Return what *element* says as HTML, untrusted."""
        if len(element):
            return _inner(element)
        text = element.text or ""
        if not text:
            return ""
        kind = (element.get("type") or "").strip().lower()
        mode = (element.get("mode") or "").strip().lower()
        if mode == "base64" or (self.is_atom and "/" in kind and not kind.startswith(("text/", "image/"))):
            text, kind = _decoded(text), kind if mode == "base64" else ""
        if self.is_atom and kind in ("text", "text/plain") and mode != "escaped":
            return html.escape(text, quote=False)
        if self.is_atom and not kind and not mode and "<" in text:
            return html.escape(text, quote=False)
        return text

    def first_plain(self, fields: Fields, names: Iterable[str], limit: int) -> str | None:
        """Return the first non-empty text among the elements of *names*, in that order."""
        for name in names:
            if name in fields:
                for element in fields[name]:
                    if found := self.plain(element, limit):
                        return found
        return None

    def each_plain(self, fields: Fields, name: str, limit: int) -> Iterator[str]:
        """Yield what the first elements called *name* say."""
        for element in fields.get(name, ())[:MAX_LIST]:
            yield self.plain(element, limit)


def raw_text(element: etree._Element) -> str:
    """Return the text of *element* and all in it, as written."""
    return "".join(element.itertext()) if len(element) else element.text or ""


def first_instant(fields: Fields, names: Iterable[str]) -> datetime | None:
    """Return the first date among the elements of *names* that can be read with certainty; the last of several of one name."""
    for name in names:
        for element in reversed(fields.get(name, ())[:MAX_LIST]):
            found = instant(raw_text(element))
            if found:
                return found
    return None


def instant(value: object) -> datetime | None:
    """Return the instant that a feed's date tells, None when it is not certain."""
    moment = parse_instant(value) if isinstance(value, str) else None
    return moment.instant if moment else None


def absolute(value: object, base: str) -> str | None:
    """Return the absolute http(s) address that *value* means, None when it means none."""
    text = value.strip() if isinstance(value, str) else ""
    if _NORMAL_ADDRESS.fullmatch(text) and "/." not in text and "xn--" not in text:
        return text
    return urls.resolve(base, text) if text else None


def language_tag(value: object) -> str | None:
    """Return *value* when it looks like a BCP 47 tag, `_` made `-`; None otherwise."""
    text = value.strip().replace("_", "-")[:35] if isinstance(value, str) else ""
    return text if _LANGUAGE.fullmatch(text) else None


def distinct(values: Iterable[str]) -> tuple[str, ...]:
    """Return the first non-empty *values*, each once."""
    return tuple(dict.fromkeys(value for value in values if value))[:MAX_LIST]


def _inner(element: etree._Element) -> str:
    """Return what stands inside *element* as HTML, without namespace prefixes."""
    text = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
    text = text[text.index(">") + 1 : text.rindex("</")]
    is_prefixed = any(prefix and "xhtml" in uri for prefix, uri in element.nsmap.items())
    return _PREFIX.sub(r"<\1", text) if is_prefixed else text


def _decoded(text: str) -> str:
    """Return base64 *text* decoded, or itself when it is none."""
    if _BASE64.fullmatch(text):
        try:
            return base64.b64decode("".join(text.split()), validate=True).decode("utf-8")
        except (binascii.Error, ValueError):
            pass
    return text
