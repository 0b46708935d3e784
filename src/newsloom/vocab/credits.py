"""Bylines: who is credited, out of the ways pages write it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

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
_LEFT_OVER = re.compile(r"\s+(?:and|und|et|y|e|en|och|og|&)[\s,;]*$", re.IGNORECASE)
_ASIAN_TAIL = re.compile(r"\s*(?:기자|특파원|논설위원|記者|记者)$")
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

_PARTICLES = frozenset(
    [
        "al",
        "bin",
        "bint",
        "da",
        "dal",
        "de",
        "del",
        "della",
        "den",
        "der",
        "di",
        "do",
        "dos",
        "du",
        "e",
        "el",
        "ibn",
        "la",
        "le",
        "lo",
        "los",
        "mac",
        "of",
        "ter",
        "van",
        "von",
        "y",
        "zu",
        "zum",
    ]
)
_HOUSE_WORDS = re.compile(
    r"\b(?:afp|agence|agencies|agency|agentur|ansa|ap|associated press|agencia|agenzia|bbc|bureau|bloomberg|cnn|committee|company|correspondents?|council|daily|desk|dpa"
    r"|editors?|editorial|efe|facebook|foundation|group|gmbh|inc|instagram|institute|journal|kyodo|magazine|media|network|news|newspaper|newsroom|nachrichten|online|post|press|radio"
    r"|redaktion|redacci[oó]n|redazione|r[eé]daction|reuters|service|services|sid|staff|studio|team|times|tribune|tv|twitter|university|wire|xinhua|zeitung)\b|通信|新聞|编辑|編集|연합뉴스",
    re.IGNORECASE,
)
MAX_NAMES = 20
_MAX_NAME = 80
_MAX_CREDIT = 2_000


def names(credits: Iterable[str]) -> tuple[str, ...]:
    """Return the names in *credits*, bylines as pages write them (`By A. Writer and B. Author, Staff`), in order, each once.

    Lead-ins, job titles, addresses, handles and stand-ins such as `Staff` or `admin` are dropped. A text that does not look
    like a list of names gives none.
    """
    found: dict[str, str] = {}
    for credit in credits:
        for name in _split(credit[:_MAX_CREDIT]):
            found.setdefault(name.casefold(), name)
    return tuple(found.values())[:MAX_NAMES]


def is_personal(name: str) -> bool:
    """Return True when *name* is built like a person's: two to five capitalised words, or a few signs of a script without case."""
    if any(character.isdigit() for character in name) or _HOUSE_WORDS.search(name):
        return False
    if not name.isascii() and not any(character.isupper() or character.islower() for character in name):
        return 2 <= len(name) <= 20
    words = name.replace("-", " ").split()
    capitals = [word for word in words if word[0].isupper()]
    return (
        2 <= len(words) <= 6
        and len(capitals) >= 2
        and all(word.casefold() in _PARTICLES for word in words if word not in capitals)
    )


def is_organization(name: str) -> bool:
    """Return True when *name* has a word in it that houses, agencies and desks carry, and people do not."""
    return _HOUSE_WORDS.search(name) is not None


@lru_cache(maxsize=512)
def _split(credit: str) -> tuple[str, ...]:
    # A page names its authors in several places, and a site the same ones again.
    text = _HANDLE.sub(" ", _ADDRESS.sub(" ", one_line(credit)))
    text = _DATE_TAIL.sub("", _LEAD_IN.sub("", text.strip(" ,;:|-–—•")))
    text = _LEFT_OVER.sub("", text)  # of "A and http://…" the address has gone
    parts = [part for piece in _SEPARATOR.split(text) for part in _AMPERSAND.split(piece)]
    return tuple(name for name in map(_clean, parts) if _could_be_a_name(name))


def _clean(part: str) -> str:
    part = _LEAD_IN.sub("", part.strip(" ,;:|-–—•*_"))
    name = _PARENTHESIS.sub("", _ASIAN_TAIL.sub("", _TAIL.sub("", part))).strip(' ,;:|-–—•*_"')
    return name.rstrip("([ ") if name.count("(") > name.count(")") else name


def _could_be_a_name(name: str) -> bool:
    if not 2 <= len(name) <= _MAX_NAME or len(name.split()) > 7:
        return False
    if (
        name.startswith("(")
        or name.count(")") > name.count("(")
        or _NOT_A_NAME.match(name)
        or not any(character.isalpha() for character in name)
    ):
        return False
    return sum(character.isdigit() for character in name) <= 2
