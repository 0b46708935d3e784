"""Choosing the address an article is known under, and its AMP pair."""

from __future__ import annotations

import re
from collections.abc import Sequence

from newsloom.model.article import Candidate, PageReading
from newsloom.vocab import amp, urls

_ID_PARAMETER = re.compile(
    r"[?&](?:id|p|idx|no|nid|aid|sid|newsid|news_id|article|articleid|article_id|story|storyid|artid|uid|seq|docid|a|n|wr_id|idxno|code)=[\w-]*\d",
    re.IGNORECASE,
)
_NAMES_ARTICLE = re.compile(r"\d{4,}|[^/-]+-[^/-]+-[^/]+|%[0-9A-F]{2}.*%[0-9A-F]{2}")


def choose_url(reading: PageReading) -> Candidate[str]:
    """Return the article's canonical address, tracking removed.

    The page's own word is taken unless it names another site (a syndicated copy is an item of its own), the home page, an index above
    the page, or one address for many pages (`view.php` for `view.php?id=7`). Then the address it was read from stands.
    """
    here = urls.canonical(reading.url) or reading.url
    for candidate in reading.canonical_urls:
        claimed = urls.canonical(candidate.value)
        if claimed and names_this_page(claimed, here):
            return Candidate(claimed, candidate.method)
    return Candidate(here, "url:final")


def names_this_page(claimed: str, here: str) -> bool:
    """Return True when *claimed* can be the address of the page at *here*; see `choose_url`."""
    if is_amp_cache(here):
        return not urls.is_home_page(claimed)
    if not urls.same_site(claimed, here):
        return False
    if urls.is_home_page(claimed) and not urls.is_home_page(here):
        return False
    return not (_is_index_above(claimed, here) or _drops_id(claimed, here))


def is_amp_cache(url: str) -> bool:
    """Return True when *url* lies in an AMP cache, whose pages belong to another site."""
    return urls.host(url).endswith((".cdn.ampproject.org", ".bing-amp.com")) or (
        "google." in urls.host(url) and "/amp/s/" in url
    )


def choose_amp(reading: PageReading, url: str) -> tuple[str, str, str] | None:
    """Return (AMP address, its cache address, method), or None when there is no AMP form on the article's own site.

    A page that is AMP itself and names another canonical address is that article's AMP form.
    """
    here = urls.canonical(reading.url)
    named: Sequence[Candidate[str]] = reading.amp_urls
    if reading.is_amp and here and not is_amp_cache(here) and urls.identity(here) != urls.identity(url):
        named = [Candidate(here, "html:amp"), *named]
    for candidate in named:
        web = urls.canonical(candidate.value)
        if web is None or is_amp_cache(web) or urls.is_home_page(web) or not (urls.same_site(web, url)):
            continue
        cached = amp.cdn_amp_url(web)
        if cached is not None:
            return web, cached, candidate.method
    return None


def _is_index_above(claimed: str, here: str) -> bool:
    """Return True when *claimed* is a section that *here* lies in: a short path that the page's path goes on from."""
    above, below = urls.parse_web(claimed), urls.parse_web(here)
    if above is None or below is None or above.search:
        return False
    section, page = str(above.pathname).rstrip("/"), str(below.pathname).rstrip("/")
    rest = page.removeprefix(section + "/") if page.startswith(section + "/") else ""
    return bool(_NAMES_ARTICLE.search(rest)) and not _NAMES_ARTICLE.search(section)


def _drops_id(claimed: str, here: str) -> bool:
    """Return True when *claimed* leaves out the parameter that tells *here* from its neighbours on the same script."""
    if not _ID_PARAMETER.search(here) or _ID_PARAMETER.search(claimed):
        return False
    one, other = urls.parse_web(claimed), urls.parse_web(here)
    return (
        one is not None
        and other is not None
        and one.pathname == other.pathname
        and not one.search
        and not _NAMES_ARTICLE.search(str(one.pathname))
    )
