"""The text of a feed as a tree, within bounds: strictly when the feed is well-formed, repaired otherwise."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from newsloom.adapters.feeds.repair import repaired
from newsloom.errors import FeedError

MAX_TAGS = 400_000
"""Most tags (and attributes) of a feed. A node costs 120 bytes: the tree stays under 100 MB."""
MAX_NAMESPACES = 500

ROOTS = frozenset(("rss", "feed", "rdf", "channel", "entry", "urlset", "sitemapindex"))

_ROOT_NAME = re.compile(r"(?:\s|<\?[^>]*\?>|<!--(?:[^-]|-(?!->))*+-->)*+<(?:[\w.-]{1,40}:)?([\w.-]{1,40})[\s/>]")


@dataclass(frozen=True, slots=True)
class FeedTree:
    """A parsed feed. `is_cut` when it broke off; `source` is its text, for cheap questions about what is in it at all.

    `is_embedded` when it was found inside an HTML page: then it is only one when it has entries. `repairs` say what was put right.
    """

    root: etree._Element
    source: str
    is_cut: bool = False
    is_embedded: bool = False
    repairs: tuple[str, ...] = ()


def parse_feed(text: str) -> FeedTree:
    """Return the tree of the feed in *text*. Its root is one of `ROOTS` (lower case, whatever its namespace) or unknown.

    Raises:
        FeedError: no XML of a feed, or a bound is broken.
    """
    if not text:
        raise FeedError("the feed is empty")
    if len(text) > MAX_TAGS and (text.count("<") > MAX_TAGS or text.count("=") > MAX_TAGS):
        raise FeedError(f"the feed has more than {MAX_TAGS} tags or attributes")
    if text.count("xmlns:") > MAX_NAMESPACES:
        raise FeedError(f"more than {MAX_NAMESPACES} namespaces")
    repairs: tuple[str, ...] = ()
    if "<!DOCTYPE" not in text and root_name(text) in ROOTS:
        try:
            return FeedTree(etree.fromstring(text.encode("utf-8", "replace"), _parser(recover=False)), text)
        except (etree.XMLSyntaxError, ValueError) as error:
            # Most of what is broken can be repaired.
            repairs = (f"not well-formed: {' '.join(str(getattr(error, 'msg', error)).split())[:160]}",)
    elif root_name(text) not in ROOTS and "<!DOCTYPE" not in text:
        repairs = ("what stands before the feed was cut off",)
    whole, is_cut = repaired(text)
    try:
        root = etree.fromstring(whole.encode("utf-8", "replace"), _parser(recover=True))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FeedError(f"the feed cannot be read: {str(error)[:200]}") from error
    if root is None:
        raise FeedError("the feed is empty")
    return FeedTree(root, text, is_cut, is_embedded="<html" in text[:8192].lower(), repairs=repairs)


def root_name(text: str) -> str:
    """Return the name of the first element of *text*, lower case without prefix; "" when there is none at its start."""
    match = _ROOT_NAME.match(text)
    return match[1].lower() if match else ""


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
