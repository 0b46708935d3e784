"""Nothing that a source says runs, loads or leads astray in any form of the portal: site, API, feeds, lists of sources, sitemaps."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from lxml import etree

from hostile_edition import hostile
from live_markup import fragment_faults, link_fault, page_faults, xml_faults
from newsloom.publish.markup import embed
from newsloom.publish.outlets import outlets
from shared_data import shared

ROWS = [json.loads(line)["v"] for line in shared("suites", "xss", "vectors.jsonl").read_text("utf-8").splitlines()]
REDIRECTS = shared("suites", "open-redirect", "redirects.txt").read_text("utf-8", "replace").splitlines()
NAUGHTY = json.loads(shared("suites", "blns", "blns.json").read_text("utf-8"))
TEXTS = list(dict.fromkeys([*ROWS, *REDIRECTS, *NAUGHTY]))

_RSS = "rss channel title link description language lastBuildDate generator item guid pubDate creator category comments source"
_ATOM = "feed id title subtitle updated author name link generator entry published summary category"
_OPML = "opml head title body outline"
_SITEMAP = "urlset sitemapindex sitemap url loc lastmod news publication name language publication_date title"
# What Markdown of a person may become.
_NOTE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "code",
        "del",
        "em",
        "h2",
        "h3",
        "h4",
        "hr",
        "i",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "u",
        "ul",
    ]
)
_ADDRESS = re.compile("url|link|href|feed_url|image", re.IGNORECASE)

Made = Mapping[str, bytes]


def faults(files: Iterator[tuple[str, Iterator[str]]]) -> list[str]:
    """Return the first faults of *files*, each with its path."""
    return [f"{path}: {fault[:200]}" for path, found in files for fault in found][:20]


def pages(made: Made) -> None:
    found = {path: body for path, body in made.items() if path.endswith(".html")}
    assert sum(path.startswith("news/") for path in found) == len(TEXTS)
    assert len({path.split("/")[0] for path in found}) >= 8, "every kind of page"
    assert not faults((path, page_faults(body)) for path, body in found.items())


def xml(made: Made, name: str, known: str) -> None:
    files = {path: body for path, body in made.items() if path.endswith(name)}
    assert files
    assert not faults((path, xml_faults(body, frozenset(known.split()))) for path, body in files.items())


def rss_texts(made: Made) -> None:
    """Texts of RSS are text for readers that take them for HTML, too."""
    for path in (path for path in made if path.endswith("feed.xml")):
        for item in etree.fromstring(made[path]).iter("item"):
            for node in item:
                assert not list(fragment_faults(node.text or "")), (path, node.tag, node.text)


def json_files(made: Made) -> None:
    """No address that acts, no HTML but the note's; every other value is said to be text."""

    def walk(value: object, key: str) -> Iterator[str]:
        if isinstance(value, dict):
            for name, inner in value.items():
                yield from walk(inner, name)
        elif isinstance(value, list):
            for inner in value:
                yield from walk(inner, key)
        elif isinstance(value, str) and _ADDRESS.search(key) and (fault := link_fault(value)):
            yield f"{key} {value}: {fault}"
        elif isinstance(value, str) and key == "featuredContent":
            if embed(value) != value:
                yield f"{key} {value}"
        elif isinstance(value, str) and key in ("content", "content_html"):
            yield from fragment_faults(value, allowed=_NOTE)

    files = {path: json.loads(body) for path, body in made.items() if path.endswith(".json")}
    assert len(files) > 20
    assert not faults((path, walk(value, "")) for path, value in files.items())


def naughty_strings(made: Made) -> None:
    """What naughty strings say is told unchanged: where text is text, it comes back to the character (but for what no UTF-8 and no XML can hold)."""
    wanted = [text for text in dict.fromkeys(NAUGHTY) if text.strip()]
    said = {item["title"] for path, body in made.items() if re.fullmatch(r"api/news/page/\d+/index.json", path)
            for item in json.loads(body)["value"]}  # fmt: skip
    assert [text for text in wanted if text not in said] == []


def test_no_form_of_the_portal_lets_anything_live_out() -> None:
    """One portal that says every row of the three suites in every field: made once, since that is what takes time."""
    edition = hostile(TEXTS)
    made = {file.path: file.body for outlet in outlets(edition.site, {}) for file in outlet.files(edition)}
    pages(made)
    for name, known in (("feed.xml", _RSS), ("atom.xml", _ATOM), ("sources.opml", _OPML), ("sitemap.xml", _SITEMAP)):
        xml(made, name, known)
    rss_texts(made)
    json_files(made)
    naughty_strings(made)


def test_the_rows_are_live_without_us() -> None:
    """The checker sees what it looks for: most rows, put into a page as they are, are found."""
    live = sum(any(fragment_faults(row)) for row in ROWS)
    assert live > 0.6 * len(ROWS)
    assert link_fault("javascript:alert(1)") and link_fault("//evil.example") and link_fault("/\\evil.example")
    assert link_fault("http:evil.example") and not link_fault("https://other.example/") and not link_fault("../y/")
