"""Candidates for the text fields of a page: titles, descriptions, addresses, site names, languages, access, keywords.

The order within a field is the order of trust; what is found twice keeps its first method.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from newsloom.adapters.pages import jsonld
from newsloom.adapters.pages.document import attribute
from newsloom.adapters.pages.evidence import Candidates, Evidence, item_value
from newsloom.model.article import Access, Candidate
from newsloom.vocab import urls
from newsloom.vocab.languages import language_tag
from newsloom.vocab.plain import one_line

MAX_TITLE = 500
MAX_DESCRIPTION = 5_000
_MAX_ROBOTS = 500

_MAX_ANCESTORS = 40
_PAYWALLED_CLASSES = frozenset(
    {
        "paywalled",
        "is-paywalled",
        "has-paywall",
        "paywall-active",
        "premium-article",
        "article-premium",
        "is-premium",
        "subscriber-only",
        "locked-content",
        "article-locked",
        "paid-content",
    }
)


def titles(evidence: Evidence) -> tuple[Candidate[str], ...]:
    """Return the page's titles: JSON-LD headline, h1, Open Graph, Twitter, meta, microdata, `<title>`; once per method."""
    found = Candidates[str](witnesses=True)
    for name, value in evidence.of_article("headline", "name"):
        found.add(jsonld.text(value)[:MAX_TITLE], f"json-ld:{name}")
    headings = evidence.document.headings
    headlines = [text for node, text in headings if _is_headline(node)]
    for text in [*headlines[:3], *(text for _, text in headings[:4])]:
        found.add(text[:MAX_TITLE], "html:h1")
    metas = (
        "og:title",
        "twitter:title",
        "parsely-title",
        "sailthru.title",
        "cxenseparse:title",
        "citation_title",
        "dc.title",
        "dcterms.title",
        "title",
        "hdl",
        "headline",
    )
    for name, content in evidence.document.meta(*metas):
        found.add(one_line(content)[:MAX_TITLE], f"opengraph:{name}" if name.startswith("og:") else f"meta:{name}")
    for node in evidence.items("headline", 1):
        found.add(one_line(item_value(node))[:MAX_TITLE], "microdata:headline")
    for video in evidence.videos[:1]:
        found.add(jsonld.text(video.get("name"))[:MAX_TITLE], "json-ld:VideoObject.name")
    found.add(evidence.document.title[:MAX_TITLE], "html:title")
    return found.found()


def _is_headline(node: LexborNode) -> bool:
    """Return True for a heading that is called headline or title, or stands in the article, the main part or a headline's box."""
    own = attribute(node, "class").lower()
    if "headline" in own or "title" in own:
        return True
    parent = node.parent
    for _ in range(_MAX_ANCESTORS):
        if parent is None:
            return False
        if parent.tag in ("article", "main") or "headline" in attribute(parent, "class").lower():
            return True
        parent = parent.parent
    return False


def descriptions(evidence: Evidence) -> tuple[Candidate[str], ...]:
    """Return the publisher's own descriptions of the page."""
    found = Candidates[str]()
    document = evidence.document
    for name, content in document.meta("og:description", "description", "twitter:description"):
        found.add(
            one_line(content)[:MAX_DESCRIPTION], f"opengraph:{name}" if name.startswith("og:") else f"meta:{name}"
        )
    for name, value in evidence.of_article("description", "abstract"):
        found.add(jsonld.text(value)[:MAX_DESCRIPTION], f"json-ld:{name}")
    for name, content in document.meta(
        "sailthru.description", "dc.description", "dcterms.description", "dcterms.abstract"
    ):
        found.add(one_line(content)[:MAX_DESCRIPTION], f"meta:{name}")
    for node in evidence.items("description", 1):
        found.add(one_line(item_value(node))[:MAX_DESCRIPTION], "microdata:description")
    for video in evidence.videos[:1]:
        found.add(jsonld.text(video.get("description"))[:MAX_DESCRIPTION], "json-ld:VideoObject.description")
    return found.found()


def canonical_urls(evidence: Evidence) -> tuple[Candidate[str], ...]:
    """Return the addresses that the page says it is known under, absolute, tracking still in."""
    found = Candidates[str]()
    document = evidence.document
    for link in document.linked("canonical"):
        found.add(document.absolute(link["href"]), "link:canonical")
    for name, content in document.meta("og:url", "twitter:url", "parsely-link", "al:web:url"):
        found.add(document.absolute(content), f"opengraph:{name}" if name.startswith("og:") else f"meta:{name}")
    for name, value in evidence.of_article("url", "mainEntityOfPage"):
        found.add(document.absolute(jsonld.address(value)), f"json-ld:{name}")
    return found.found()


def amp_urls(evidence: Evidence) -> tuple[Candidate[str], ...]:
    """Return the addresses of the page's AMP form."""
    found = Candidates[str]()
    for link in evidence.document.linked("amphtml"):
        found.add(evidence.document.absolute(link["href"]), "link:amphtml")
    return found.found()


def feeds(evidence: Evidence) -> tuple[str, ...]:
    """Return the addresses of the feeds that the page names, without comment feeds, in document order."""
    found: dict[str, None] = {}
    for link in evidence.document.linked("alternate"):
        kind = link.get("type", "").split(";")[0].strip().lower()
        if kind in (
            "application/rss+xml",
            "application/atom+xml",
            "application/feed+json",
            "application/rdf+xml",
            "text/xml",
        ):
            address = urls.canonical(link["href"], evidence.document.base_url)
            if address and "comment" not in (address + link.get("title", "")).lower():
                found.setdefault(address)
    return tuple(found)[:20]


def site_names(evidence: Evidence) -> tuple[Candidate[str], ...]:
    """Return what the site or its publisher is called."""
    found = Candidates[str]()
    for name, content in evidence.document.meta("og:site_name"):
        found.add(one_line(content)[:200], f"opengraph:{name}")
    for name, value in evidence.of_article("publisher", "isPartOf", "sourceOrganization"):
        if not (name == "isPartOf" and isinstance(value, dict) and "WebSite" not in jsonld.types_of(value)):
            found.add(jsonld.text(value)[:200], f"json-ld:{name}")
    for node in evidence.graph.nodes_of(frozenset({"WebSite", "NewsMediaOrganization"})):
        found.add(jsonld.text(node.get("name"))[:200], "json-ld:WebSite.name")
    for name, content in evidence.document.meta(
        "application-name",
        "apple-mobile-web-app-title",
        "dc.publisher",
        "publisher",
        "copyright",
        "twitter:app:name:iphone",
    ):
        found.add(one_line(content)[:200], f"meta:{name}")
    return found.found()


def languages(evidence: Evidence) -> tuple[Candidate[str], ...]:
    """Return the languages the page declares, as BCP 47 tags."""
    found = Candidates[str]()
    for name, value in evidence.of_article("inLanguage"):
        alternate = value.get("alternateName") if isinstance(value, dict) else None
        found.add(language_tag(jsonld.text(alternate or value)), f"json-ld:{name}")
    for attribute_name in ("lang", "xml:lang"):
        found.add(language_tag(evidence.document.root_attributes.get(attribute_name) or ""), "html:lang")
    for name, content in evidence.document.meta(
        "content-language", "language", "dc.language", "dcterms.language", "og:locale"
    ):
        found.add(
            language_tag(content.split(",")[0]), f"opengraph:{name}" if name.startswith("og:") else f"meta:{name}"
        )
    return found.found()


def access(evidence: Evidence) -> tuple[Candidate[Access], ...]:
    """Return whether the page says that it must be paid for.

    Source: schema.org isAccessibleForFree and hasPart, as "Structured data for subscription and paywalled content" (Google) asks for.
    """
    found = Candidates[Access]()
    for name, value in [*evidence.of_article("isAccessibleForFree"), *evidence.of_pages("isAccessibleForFree")]:
        found.add(_as_access(value), f"json-ld:{name}")
    for name, part in [*evidence.of_article("hasPart"), *evidence.of_pages("hasPart")]:
        if isinstance(part, dict) and _as_access(part.get("isAccessibleForFree")) == "paywalled":
            found.add("paywalled", f"json-ld:{name}.isAccessibleForFree")
    for name, content in evidence.document.meta("article:content_tier"):
        found.add({"free": "free", "locked": "paywalled", "metered": "metered"}.get(content.lower()), f"meta:{name}")  # type: ignore[arg-type]
    for node in evidence.items("isAccessibleForFree", 1):
        found.add(_as_access(item_value(node)), "microdata:isAccessibleForFree")
    classes = {
        name
        for tag in ("html", "body", "article", "main")
        for _, attributes in evidence.document.described(tag)[:4]
        for name in (attributes.get("class") or "").lower().split()
    }
    if classes & _PAYWALLED_CLASSES:
        found.add("paywalled", "html:class")
    return found.found()


def _as_access(value: object) -> Access | None:
    text = str(value).strip().lower().rsplit("/", 1)[-1]
    return {"true": "free", "false": "paywalled", "yes": "free", "no": "paywalled"}.get(text)  # type: ignore[return-value]


def robots(evidence: Evidence, header: str) -> frozenset[str]:
    """Return the page's robots directives in lower case, from `<meta name=robots>` and the X-Robots-Tag header.

    Directives for one named crawler are not ours. `unavailable_after` keeps its date whole.
    """
    found: set[str] = set()
    for text in [
        *(content for _, content in evidence.document.meta("robots")),
        header if not _NAMED_CRAWLER.match(header.strip()) else "",
    ]:
        text = text[:_MAX_ROBOTS].lower()
        dated = re.search(r"unavailable_after\s*:\s*(.+)$", text)
        if dated:
            found.add(f"unavailable_after:{dated[1].strip()}")
            text = text[: dated.start()]
        found.update(re.sub(r"\s*:\s*", ":", part.strip()) for part in text.split(",")[:30] if part.strip())
    return frozenset(found)


def tdm_reservation(evidence: Evidence, header: str) -> bool | None:
    """Return whether the page reserves the rights for text and data mining, None when neither header nor `<meta>` says.

    Source: TDM Reservation Protocol (W3C Community Group), 2024: `tdm-reservation` is 1 or 0; the header comes first.
    """
    for text in (header, *(content for _, content in evidence.document.meta("tdm-reservation"))):
        if text.strip() in ("0", "1"):
            return text.strip() == "1"
    return None


_NAMED_CRAWLER = re.compile(r"^(?!max-|unavailable_after)[\w-]+\s*:", re.IGNORECASE)
