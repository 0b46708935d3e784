"""Candidates for the authors of a page, each a whole list of names as the page credits them."""

from __future__ import annotations

from typing import Any

from newsloom.adapters.pages import jsonld
from newsloom.adapters.pages.document import text_of
from newsloom.adapters.pages.evidence import Candidates, Evidence, item_value
from newsloom.model.article import Candidate
from newsloom.vocab import credits

_BYLINES = (
    ("html:rel-author", 'a[rel~="author"]'),
    (
        "html:byline",
        '[class~="byline" i] a, [class*="byline-name" i], [class*="author-name" i], [class*="author__name" i], [class*="authorname" i], [class*="byline__name" i]',
    ),
    ("html:byline", '[class*="byline" i]'),
    ("html:author", 'a[href*="/author/"], a[href*="/authors/"], a[href*="/autor/"], a[href*="/auteur/"]'),
    ("html:author", '[class~="author" i], [id="author" i], [class~="vcard" i] [class~="fn" i]'),
)
_MAX_BYLINE = 200


def authors(evidence: Evidence) -> tuple[Candidate[tuple[str, ...]], ...]:
    """Return who the page credits: JSON-LD, meta, microdata, then the visible byline."""
    found = Candidates[tuple[str, ...]]()
    for name in ("author", "creator"):
        found.add(_structured(evidence, name), f"json-ld:{name}")
    for name in (
        "parsely-author",
        "sailthru.author",
        "author",
        "byl",
        "article:author",
        "dc.creator",
        "dcterms.creator",
        "citation_author",
        "cxenseparse:author",
        "og:article:author",
        "article:author_name",
        "mrf:authors",
    ):
        found.add(credits.names(content for _, content in evidence.document.meta(name)), f"meta:{name}")
    found.add(credits.names(_microdata_names(evidence)), "microdata:author")
    for method, selector in _BYLINES:
        nodes = list(evidence.document.select(selector, 12))
        texts = [text for node in nodes if 0 < len(text := text_of(node)) <= _MAX_BYLINE]
        found.add(credits.names(texts[:1] if method == "html:byline" and len(texts) > 8 else texts[:6]), method)
    return found.found()


def _structured(evidence: Evidence, name: str) -> tuple[str, ...]:
    """Return the names under a JSON-LD property; a Person's name is one name, however it is written."""
    whole: list[str] = []
    for _, value in evidence.of_article(name):
        whole.extend(_names_of(value))
    return credits.names(whole)


def _names_of(value: Any) -> list[str]:
    if isinstance(value, dict):
        names = value.get("name")
        if names is None and (value.get("givenName") or value.get("familyName")):
            names = f"{jsonld.text(value.get('givenName'))} {jsonld.text(value.get('familyName'))}"
        return [jsonld.text(name) for name in (names if isinstance(names, list) else [names])][: credits.MAX_NAMES]
    return [jsonld.text(value)]


def _microdata_names(evidence: Evidence) -> list[str]:
    found = []
    for node in evidence.items("author"):
        inner = node.css_first('[itemprop~="name"]')
        text = item_value(inner) if inner is not None else item_value(node)
        if len(text) <= _MAX_BYLINE:
            found.append(text)
    return found
