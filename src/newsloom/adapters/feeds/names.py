"""The names of feed elements, whatever namespace, prefix or case their authors gave them.

`title` is RSS's and Atom's title, `dc:date` Dublin Core's date, and so on: the prefixes that everybody uses, whether the
feed declares them, declares them wrongly, or forgets to.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from lxml import etree

# Namespace without scheme, trailing slash and case → prefix; "" is the feed's own vocabulary.
_PREFIXES = {
    "www.w3.org/2005/atom": "", "purl.org/atom/ns": "", "purl.org/rss/1.0": "", "purl.org/net/rss1.1": "",
    "my.netscape.com/rdf/simple/0.9": "", "channel.netscape.com/rdf/simple/0.9": "", "my.netscape.com/publish/formats/rss-0.91.dtd": "",
    "backend.userland.com/rss": "", "backend.userland.com/rss2": "", "backend.userland.com/rss091": "", "backend.userland.com/rss092": "",
    "blogs.law.harvard.edu/tech/rss": "", "cyber.law.harvard.edu/rss": "", "www.rssboard.org/rss-specification": "",
    "purl.org/dc/elements/1.1": "dc", "purl.org/dc/elements/1.0": "dc", "purl.org/dc/terms": "dcterms",
    "purl.org/rss/1.0/modules/content": "content", "search.yahoo.com/mrss": "media", "www.rssboard.org/media-rss": "media",
    "www.itunes.com/dtds/podcast-1.0.dtd": "itunes", "itunes.apple.com/dtds/podcast-1.0.dtd": "itunes",
    "www.google.com/schemas/play-podcasts/1.0": "googleplay", "purl.org/syndication/thread/1.0": "thr",
    "purl.org/rss/1.0/modules/syndication": "sy", "rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "www.pheedo.com/namespace/pheedo": "pheedo", "www.w3.org/1999/02/22-rdf-syntax-ns": "rdf", "www.w3.org/1999/xhtml": "xhtml",
    "prismstandard.org/namespaces/basic/2.0": "prism", "prismstandard.org/namespaces/1.2/basic": "prism",
    "www.sitemaps.org/schemas/sitemap/0.9": "", "www.google.com/schemas/sitemap/0.84": "", "www.google.com/schemas/sitemap-news/0.9": "news",
    "www.google.com/schemas/sitemap-image/1.1": "image", "www.google.com/schemas/sitemap-video/1.1": "video",
}  # fmt: skip
_ALIASES = {prefix: prefix for prefix in _PREFIXES.values() if prefix} | {
    "atom": "",
    "atom10": "",
    "a10": "",
    "rss": "",
}
_MOST_NAMES = 10_000


class Names(dict[str, str]):
    """The tag of an element as lxml writes it → its name as newsloom writes it: lower case, with a usual prefix or none.

    Args:
        root: root of the feed: an unknown namespace that it is in is the feed's own, and unknown namespaces that it
            declares under a usual prefix are taken for what the prefix says.
    """

    def __init__(self, root: etree._Element) -> None:
        super().__init__()
        self._prefixes: Mapping[str, str] = _PREFIXES
        own = {
            _key(uri): _ALIASES[prefix.lower()]
            for prefix, uri in root.nsmap.items()
            if prefix and prefix.lower() in _ALIASES and _key(uri) not in _PREFIXES
        }
        namespace = _key(root.tag[1:].partition("}")[0]) if root.tag[0] == "{" else ""
        if namespace and namespace not in _PREFIXES:
            own[namespace] = ""
        if own:
            self._prefixes = _PREFIXES | own

    def __missing__(self, tag: str) -> str:
        uri, brace, local = tag.rpartition("}")
        if brace:
            prefix = self._prefixes.get(_key(uri[1:]))
            if prefix is None:
                local = f"?:{local}"
        elif ":" in local:  # declared nowhere
            prefix, _, local = local.partition(":")
            alias = _ALIASES.get(prefix.lower())
            prefix, local = (alias, local) if alias is not None else (None, f"?:{local}")
        else:
            prefix = None
        name = (f"{prefix}:{local}" if prefix else local).lower()
        if len(self) < _MOST_NAMES:
            self[tag] = name
        return name


@lru_cache(maxsize=1024)
def _key(uri: str) -> str:
    return uri.strip().lower().removeprefix("https://").removeprefix("http://").rstrip("/#")
