"""Candidates for the keywords and the section of a page: structured data, then the list of tags that readers see."""

from __future__ import annotations

import re
from collections.abc import Iterable

from selectolax.lexbor import LexborNode

from newsloom.adapters.pages import jsonld
from newsloom.adapters.pages.document import attribute, text_of
from newsloom.adapters.pages.evidence import Candidates, Evidence, item_value
from newsloom.model.article import Candidate
from newsloom.vocab.plain import one_line

MAX_KEYWORDS = 100
_MAX_KEYWORD = 100
_ENOUGH = 2
_MAX_SECTION = 60
_TAG_LINKS = (
    "[class*=tag i] a, a[class*=tag i], a[href*='/tag'], a[href*='/them'], a[href*='/topic'], a[href*='/keyword']"
)
_MAX_TAG_LINKS = 120
_LONGEST_TAG = 50
_MOST_TAGS = 25
_FRAME = re.compile(
    r"(?:^|[^a-z])(?:nav\w*|menu\w*|teaser\w*|card\w*|footer\w*|trending|popular|cloud)(?:[^a-z]|$)", re.IGNORECASE
)

_FRAME_TAGS = frozenset(["header", "footer", "aside", "figure"])


def keywords(evidence: Evidence) -> tuple[Candidate[tuple[str, ...]], ...]:
    """Return the lists of keywords that the page carries, each whole."""
    found = Candidates[tuple[str, ...]]()
    found.add(_keyword_list(jsonld.text(value) for _, value in evidence.of_article("keywords")), "json-ld:keywords")
    for name in (
        "news_keywords",
        "article:tag",
        "parsely-tags",
        "sailthru.tags",
        "cxenseparse:tags",
        "mrf:tags",
        "keywords",
        "dc.subject",
    ):
        found.add(_keyword_list(content for _, content in evidence.document.meta(name)), f"meta:{name}")
    found.add(_keyword_list(item_value(node) for node in evidence.items("keywords")), "microdata:keywords")
    found.add(_keyword_list(text_of(node) for node in evidence.related("tag")[:MAX_KEYWORDS]), "html:rel-tag")
    if all(len(candidate.value) < _ENOUGH for candidate in found.found()):
        found.add(_keyword_list(_tag_list(evidence)), "html:tags")
    found.add(
        _keyword_list(jsonld.text(value) for _, value in evidence.of_article("articleSection")),
        "json-ld:articleSection",
    )
    found.add(
        _keyword_list(content for _, content in evidence.document.meta("article:section", "section")),
        "meta:article:section",
    )
    return found.found()


def _keyword_list(values: Iterable[str]) -> tuple[str, ...] | None:
    """Return keywords out of *values*: several values are one keyword each, a lone one may be a list with separators."""
    texts = [one_line(value[: MAX_KEYWORDS * _MAX_KEYWORD]) for value in values]
    parts = [part for text in texts for part in _split_keywords(text)]
    if parts and all("/" in part for part in parts):
        parts = [part.rsplit("/", 1)[1] for part in parts]  # paths in the publisher's own taxonomy
    clean = [
        part
        for part in (part.strip(" \"'[]|") for part in parts)
        if 1 < len(part) <= _MAX_KEYWORD and not _FOR_MACHINES.search(part)
    ]
    if len(clean) >= 4 and 2 * sum(bool(_CODE.match(part)) for part in clean) > len(clean):
        return None
    unique = {part.casefold(): part for part in reversed(clean)}
    return tuple(reversed(unique.values()))[:MAX_KEYWORDS] or None


_FOR_MACHINES = re.compile(
    r"^https?:|^[0-9a-f]{8}-[0-9a-f-]{20,}$|^_|\w:\S|^(?:category|tag|topic|nlp [\w ]+|type|section):", re.IGNORECASE
)
_CODE = re.compile(r"^[A-Z0-9:-]{2,12}$")


def _split_keywords(text: str) -> list[str]:
    for separator in (";", ",", "|", "、", "，"):
        if separator in text:
            return text.split(separator)
    return [text]


def sections(evidence: Evidence) -> tuple[Candidate[str], ...]:
    """Return the parts of the site that the article is filed under."""
    found = Candidates[str]()
    for name, value in evidence.of_article("articleSection"):
        found.add(_section(jsonld.text(value)), f"json-ld:{name}")
    for name, content in evidence.document.meta("article:section", "section", "parsely-section", "cxenseparse:section"):
        found.add(_section(one_line(content)), f"meta:{name}")
    for node in evidence.items("articleSection", 2):
        found.add(_section(one_line(item_value(node))), "microdata:articleSection")
    return found.found()


def _section(text: str) -> str:
    """Return *text* when it can be a section's name, else ""."""
    name = text.strip(" |>/")
    return name if len(name) <= _MAX_SECTION and not _FOR_MACHINES.search(name) and any(map(str.isalpha, name)) else ""


def _tag_list(evidence: Evidence) -> list[str]:
    """Return the texts of the first list of tags that stands neither in the frame of the page nor in a teaser."""
    lists: dict[int, dict[str, str]] = {}
    frames: dict[int, bool] = {}
    for node in evidence.document.select(_TAG_LINKS, _MAX_TAG_LINKS):
        text = text_of(node)
        if not text or len(text) > _LONGEST_TAG or _stands_in_frame(node, frames):
            continue
        parent = node.parent
        alone = parent is not None and parent.tag in ("li", "span", "p") and len(parent.css("a")) == 1
        box = parent.parent if alone and parent is not None else parent
        if box is not None:
            lists.setdefault(box.mem_id, {}).setdefault(text.casefold(), text)
    whole = [list(tags.values()) for tags in lists.values() if len(tags) <= _MOST_TAGS]
    return next((tags for tags in whole if len(tags) >= _ENOUGH), [])


def _stands_in_frame(node: LexborNode, known: dict[int, bool]) -> bool:
    """Return True when *node* stands in the frame of the page; *known* remembers the elements looked at, which links share."""
    parent = node.parent
    for _ in range(12):
        if parent is None:
            return False
        place = parent.mem_id
        if place not in known:
            known[place] = parent.tag in _FRAME_TAGS or _FRAME.search(attribute(parent, "class")) is not None
        if known[place]:
            return True
        parent = parent.parent
    return False
