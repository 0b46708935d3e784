"""Says what in a published file could run, load or lead somewhere: a real HTML parser, and lists of what may stand there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import ada_url
from lxml import etree
from selectolax.lexbor import LexborHTMLParser

BASE = "https://news.example/portal/x/"
ORIGIN = "https://news.example"
# What newsloom's templates and its Markdown make, element → attributes beyond those all may have.
_EVERYWHERE = frozenset(("class", "id", "dir", "lang", "hidden", "title", "tabindex", "role"))
_ATTRIBUTES = {
    "a": ("href", "rel", "hreflang"), "link": ("rel", "href", "type"), "meta": ("charset", "name", "content", "http-equiv"),
    "script": ("src", "defer", "type"), "img": ("src", "width", "height", "alt", "loading"), "time": ("datetime",),
    "form": ("action", "method"), "input": ("type", "name", "placeholder", "maxlength", "autocomplete"), "button": ("type",),
    "svg": ("viewBox", "width", "height", "preserveAspectRatio"), "rect": ("width", "height"), "th": ("scope",), "ol": ("start",),
    "main": ("tabindex",),
}  # fmt: skip
_PLAIN = frozenset(
    [
        "html",
        "head",
        "body",
        "title",
        "header",
        "footer",
        "main",
        "nav",
        "section",
        "article",
        "aside",
        "h1",
        "h2",
        "h3",
        "h4",
        "p",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "span",
        "bdi",
        "em",
        "strong",
        "code",
        "pre",
        "blockquote",
        "hr",
        "br",
        "del",
        "s",
        "table",
        "caption",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "td",
        "th",
        "figure",
        "details",
        "summary",
        "noscript",
        "div",
        "abbr",
        "b",
        "i",
        "ins",
        "kbd",
        "q",
        "small",
        "sub",
        "sup",
        "u",
    ]
)
_NAME = re.compile(r"[a-z][a-z0-9-]*")
_LINKS = frozenset(("href", "src", "action", "formaction", "xlink:href", "poster", "srcset", "data", "background"))


def page_faults(body: bytes) -> Iterator[str]:
    """Yield what is wrong with the HTML page *body*."""
    text = body.decode()
    tree = LexborHTMLParser(text)
    policies = tree.css('meta[http-equiv="Content-Security-Policy"]')
    if len(policies) != 1 or not is_strict(policies[0].attributes.get("content") or ""):
        yield "no strict policy"
    for node in tree.css("*"):
        tag = node.tag
        if tag not in _PLAIN and tag not in _ATTRIBUTES:
            yield f"<{tag}>"
            continue
        for name, value in node.attributes.items():
            if name not in _EVERYWHERE and name not in _ATTRIBUTES.get(tag, ()):
                if not name.startswith(("aria-", "data-")) or not _NAME.fullmatch(name):
                    yield f"<{tag} {name}>"
            elif name in _LINKS and (fault := link_fault(value or "")):
                yield f"<{tag} {name}={value}>: {fault}"
        if tag == "script" and (fault := _script_fault(node.attributes, node.text())):
            yield fault
        if (
            tag == "meta"
            and (node.attributes.get("http-equiv") or "Content-Security-Policy") != "Content-Security-Policy"
        ):
            yield "a meta that acts"


def is_strict(policy: str) -> bool:
    """Return whether *policy* lets nothing run or load but this site's own files."""
    told = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    return (
        told.get("default-src") == "'none'"
        and told.get("base-uri") == "'none'"
        and "form-action" in told
        and all(value in ("'none'", "'self'") for value in told.values())
    )


def _script_fault(attributes: dict[str, str | None], text: str) -> str | None:
    if attributes.get("type") == "application/ld+json" and "src" not in attributes:
        try:
            return None if isinstance(json.loads(text), dict) and "<" not in text else "a script block with a <"
        except ValueError:
            return f"a script block that is no JSON: {text[:80]}"
    source = attributes.get("src") or ""
    return None if source == "/portal/assets/search.js" and not text.strip() else f"a script: {source or text[:80]}"


def fragment_faults(html: str, *, allowed: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield what an HTML reader would take for elements in *html*, but for those *allowed* without any attribute that acts."""
    for node in LexborHTMLParser(f"<!doctype html><body><main>{html}</main>").css("*"):
        if node.tag in ("html", "head", "body", "main"):
            if node.attributes:
                yield f"<{node.tag}> with attributes"
            continue
        if node.tag not in allowed:
            yield f"<{node.tag}>"
        for name, value in node.attributes.items():
            if name not in ("href", "title", "rel", "start") or (name == "href" and link_fault(value or "")):
                yield f"<{node.tag} {name}={value}>"


def link_fault(address: str) -> str | None:
    """Return what is wrong with *address* as a browser reads it on a page of the site; None for a good one."""
    try:
        found = ada_url.URL(address, base=BASE)
    except ValueError:
        return "no address"
    if found.protocol not in ("http:", "https:", "mailto:"):
        return f"scheme {found.protocol}"
    if found.username or found.password:
        return "credentials"
    # What does not say in full that it leads away must stay: no //host, no /\\host, no https:host.
    if found.origin != ORIGIN and not re.match(r"(https?://[^/\\]|mailto:)", address, re.IGNORECASE):
        return "leads away without saying so"
    return None


def xml_faults(body: bytes, known: frozenset[str]) -> Iterator[str]:
    """Yield what is wrong with the XML document *body*: elements beyond *known* (local names), instructions, addresses."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    for node in etree.fromstring(body, parser).iter():
        if not isinstance(node.tag, str):
            yield f"{node!r}"
            continue
        name = etree.QName(node).localname
        if name not in known:
            yield f"<{name}>"
        addresses = [
            value for key, value in node.attrib.items() if key in ("href", "url", "xmlUrl", "htmlUrl", "domain")
        ]
        if name in ("link", "loc", "comments") and node.text and node.text.strip():
            addresses.append(node.text)
        for address in addresses:
            if fault := link_fault(address):
                yield f"<{name}> {address}: {fault}"
