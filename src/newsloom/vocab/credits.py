"""Bylines: who is credited, out of the ways pages write it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from newsloom.vocab.plain import one_line

_LEAD_IN = re.compile(
    r"^(?:view all (?:posts|articles|stories) by\s+|(?:more|all) (?:posts|articles|stories) (?:by|from)\s+|contributions? (?:from|by)\s+|(?:(?:story|words|text|article|report|photos?|written|reported|posted|published|reviewed|analysis|opinion|updated|edited|reporting)\s+)?"
    r"(?:by|von|par|por|di|da|av|af|door|przez|od|автор|作者|文|記者|oleh|yazan|bởi|by line|author|authors|autor|autore|auteur|autorin|text)(?:\s*[:：|]\s*|\s+))",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r"\s*(?:[;|/•·]|\s&\s|\n)\s*|\s*,\s*(?:and|und|et|y|e|og|och|en|i)\s+|\s+(?:and|und|et|og|och)\s+|,\s+|、|，",
    re.IGNORECASE,
)
_AMPERSAND = re.compile(r"\s+(?:&|\+|y|i)\s+(?=[^\W\d_a-z])")
_TAIL = re.compile(
    r"(?:\s*[-–—|,]\s*|\s+)(?:(?:staff|senior|chief|contributing|associated press|special|political|business|sports?|crime|news)\s+)*"
    r"(?:writer|reporter|editor|correspondent|columnist|contributor|journalist|redakteurin|redakteur|producer)s?\b.*$",
    re.IGNORECASE,
)
_DATE_TAIL = re.compile(
    r"(?:\s*[-–—|,•]\s*|\s+)(?:on\s+)?(?:\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2}\.? \w{3,9}\.? \d{4}|\w{3,9}\.? \d{1,2}, \d{4}|\d{4}-\d\d-\d\d|updated|published|posted|last updated).*$",
    re.IGNORECASE,
)
_NOT_A_NAME = re.compile(
    r"^(?:staff|staff (?:writer|reporter|report)s?|admin(?:istrator)?|editor(?:ial)?(?: (?:staff|team|board|desk))?|redaktion|redaction|redacción|redazione|rédaction|newsroom|news desk|web ?desk"
    r"|web ?master|user|guest|anonymous|unknown|none|null|undefined|n/a|author|authors|by|contributors?|reporter|online|press release|see all|follow|more|about|view profile|comments?|sponsored|advertisement|view all articles by this author|(?:chief|head|director|vice president|co-?founder|founder|president|ceo|professor)\b.{0,60}(?:officer|editor|of|at|for)\b.*)$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"[(<\[]?[^\s()<>]+@[^\s()<>]+\.\w+[)>\]]?|(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|org|net)/\S*", re.IGNORECASE
)
_HANDLE = re.compile(r"\(?(?<!\w)@\w{2,}\)?")
_PARENTHESIS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")

MAX_NAMES = 20
_MAX_NAME = 80


def names(credits: Iterable[str]) -> tuple[str, ...]:
    """Return the names in *credits*, bylines as pages write them (`By A. Writer and B. Author, Staff`), in order, each once.

    Lead-ins, job titles, addresses, handles and stand-ins such as `Staff` or `admin` are dropped. A text that does not look
    like a list of names gives none.
    """
    found: dict[str, str] = {}
    for credit in credits:
        for name in _split(credit):
            found.setdefault(name.casefold(), name)
    return tuple(found.values())[:MAX_NAMES]


def _split(credit: str) -> list[str]:
    text = _HANDLE.sub(" ", _ADDRESS.sub(" ", one_line(credit[:2000])))
    text = _DATE_TAIL.sub("", _LEAD_IN.sub("", text.strip(" ,;:|-–—•")))
    parts = [part for piece in _SEPARATOR.split(text) for part in _AMPERSAND.split(piece)]
    return [name for name in map(_clean, parts) if _could_be_a_name(name)]


def _clean(part: str) -> str:
    part = _LEAD_IN.sub("", part.strip(" ,;:|-–—•*_"))
    name = _PARENTHESIS.sub("", _TAIL.sub("", part)).strip(' ,;:|-–—•*_"')
    return name.rstrip("([ ") if name.count("(") > name.count(")") else name


def _could_be_a_name(name: str) -> bool:
    if not 2 <= len(name) <= _MAX_NAME or len(name.split()) > 7:
        return False
    if name.startswith("(") or _NOT_A_NAME.match(name) or not any(character.isalpha() for character in name):
        return False
    return sum(character.isdigit() for character in name) <= 2
