"""Finding the feeds of a site when its owner only knows its address."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from selectolax.lexbor import LexborHTMLParser

from newsloom.adapters.feeds.reader import DefaultFeedReader
from newsloom.errors import FeedError, FetchError, GateRefused
from newsloom.model.page import FeedDocument, FetchedPage, FetchFailure, FetchRequest
from newsloom.ports.fetching import Fetcher
from newsloom.vocab import urls

_FEED_TYPES = (
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
    "application/json",
    "text/xml",
    "application/xml",
)
_USUAL_PATHS = ("/feed", "/rss.xml", "/atom.xml", "/feed.json", "/rss", "/index.xml", "/feed.xml")
_SITEMAP_PATHS = ("/news-sitemap.xml", "/sitemap-news.xml")
_MAX_TRIED = 20
_HOST_FAILURES = frozenset({"refused_by_gate", "dns", "connect", "tls", "timeout", "throttled"})
_MAX_HTML_BYTES = 3_000_000

# What addresses of feeds look like, and what links to them are called.
_FEED_ADDRESS = re.compile(
    r"/(?:feeds?|rss|atom|rdf|rss2)(?:[/.?]|$)|\.(?:rss|atom|rdf)(?:\?|$)|(?:feed|rss|atom)[\w-]{0,20}\.(?:xml|json|php)(?:\?|$)"
    r"|[?&](?:feed|format|type)=(?:rss|atom|feed|json)",
    re.IGNORECASE,
)
_FEED_WORDS = re.compile(
    r"\s*(?:subscribe (?:via|by|with) )?(?:rss|atom)(?:[ -]?feeds?)?\s*|\s*(?:news ?)?feeds?\s*", re.IGNORECASE
)
_MAX_ANCHORS = 5000

Found = Literal["given", "link", "anchor", "path", "robots"]


@dataclass(frozen=True, slots=True)
class FeedCandidate:
    """A feed or sitemap that was fetched and read.

    `kind` is what a source of it would be; `found` how it was come by: it was the address given, the page declares it, a
    link on the page looks like one, a usual path, or robots.txt names it.
    """

    url: str
    kind: Literal["feed", "sitemap"]
    title: str | None
    entries: int
    found: Found
    site_url: str | None = None
    language: str | None = None


async def discover(
    fetcher: Fetcher,
    url: str,
    headers: Mapping[str, Mapping[str, str]] | None = None,
    *,
    guess: bool = False,
) -> tuple[FeedCandidate, ...]:
    """Return the feeds of the page or feed at *url*, best first; each was fetched and does parse. Empty when there is none.

    What the page declares comes before links that look like feeds, feeds before sitemaps, comment feeds last. Links are only
    followed when the page declares no feed.

    Args:
        guess: where the page leads to no feed, also try usual paths and what robots.txt names; not where the host cannot be
            reached or does not let us in.
        headers: source address → the owner's request headers for it; those for *url* go to its whole origin.

    Raises:
        GateRefused: the gate does not let the request out.
        FetchError: nothing came back for *url*, and no feed was found at the usual paths either.
    """
    known = headers or {}

    def ask(address: str, accept: Literal["feed", "any"] = "feed") -> FetchRequest:
        own = known.get(address) or (known.get(url, {}) if urls.same_origin(url, address) else {})
        return FetchRequest(address, accept=accept, headers=own)

    outcome = await fetcher.fetch(ask(url, "any"))
    if isinstance(outcome, FetchFailure):
        home = urls.resolve(url, "/")
        may_guess = guess and home and not _is_hopeless(outcome)
        guessed = await _try_all(fetcher, ask, _usual(home)) if may_guess and home else []
        if not guessed:
            raise _error_of(outcome)
        return _best_first(guessed)
    if not isinstance(outcome, FetchedPage):
        return ()
    document = _read(outcome)
    if document is not None and (document.entries or document.next_sitemaps or document.title):
        return (_candidate(outcome, document, "given"),)
    # Addresses, type names and the word RSS are ASCII: whatever the page's encoding, Latin-1 shows them.
    tree = LexborHTMLParser(outcome.body[:_MAX_HTML_BYTES].decode("latin-1"))
    for find in (_declared, _anchors):
        linked = await _try_all(fetcher, ask, find(tree, _base(tree, outcome.final_url)))
        if linked:
            return _best_first(linked)
    if not guess:
        return ()
    home = urls.resolve(outcome.final_url, "/")
    named = await _named_by_robots(fetcher, home) if home else []
    return _best_first(await _try_all(fetcher, ask, [*(_usual(home) if home else ()), *named]))


def _is_hopeless(failure: FetchFailure) -> bool:
    """Return whether another path of the host would fail for the same reason."""
    return failure.kind in _HOST_FAILURES or failure.status in (401, 403, 407, 429)


def _error_of(failure: FetchFailure) -> FetchError:
    where = urls.public_address(failure.url)
    if failure.kind == "refused_by_gate":
        return GateRefused(failure.message, where=where, hint="If it is yours, allow it in [fetch] allow_networks")
    hint = ""
    if failure.status in (401, 403, 407):
        hint = f'Set what it needs in newsloom.toml, under [sources."{where}"]'
    elif failure.kind == "throttled" and failure.retry_at:
        hint = f"Try again after {failure.retry_at:%Y-%m-%d %H:%M} UTC"
    return FetchError(failure.message, where=where, hint=hint)


def _base(tree: LexborHTMLParser, address: str) -> str:
    tag = tree.css_first("base[href]")
    return (urls.resolve(address, tag.attributes.get("href") or "") if tag else None) or address


def _declared(tree: LexborHTMLParser, base: str) -> list[tuple[str, Found]]:
    found: list[tuple[str, Found]] = []
    for link in tree.css("link[rel][href], a[rel][type][href]"):
        relations = (link.attributes.get("rel") or "").lower().split()
        media_type = (link.attributes.get("type") or "").partition(";")[0].strip().lower()
        if ("alternate" in relations and media_type in _FEED_TYPES) or "feed" in relations:
            address = urls.resolve(base, link.attributes.get("href") or "")
            if address:
                found.append((address, "link"))
    return list(dict.fromkeys(found))


def _anchors(tree: LexborHTMLParser, base: str) -> list[tuple[str, Found]]:
    """Return links that look like feeds by address or by name, those of the page's own site first."""
    found: list[tuple[str, Found]] = []
    for anchor in tree.css("a[href]")[:_MAX_ANCHORS]:
        address = urls.resolve(base, anchor.attributes.get("href") or "")
        if address is None or urls.is_home_page(address):
            continue
        media_type = (anchor.attributes.get("type") or "").partition(";")[0].strip().lower()
        if media_type in _FEED_TYPES[:4] or _FEED_ADDRESS.search(address) or _FEED_WORDS.fullmatch(anchor.text()[:60]):
            found.append((address, "anchor"))
    return sorted(dict.fromkeys(found), key=lambda pair: not urls.same_site(pair[0], base))


def _usual(home: str) -> list[tuple[str, Found]]:
    return [(address, "path") for path in (*_USUAL_PATHS, *_SITEMAP_PATHS) if (address := urls.resolve(home, path))]


async def _named_by_robots(fetcher: Fetcher, home: str) -> list[tuple[str, Found]]:
    address = urls.resolve(home, "/robots.txt")
    outcome = await fetcher.fetch(FetchRequest(address)) if address else None
    if not isinstance(outcome, FetchedPage):
        return []
    found: list[tuple[str, Found]] = []
    for line in outcome.body[:500_000].decode("utf-8", "replace").splitlines():
        field, _, value = line.partition(":")
        if field.strip().lower() == "sitemap" and (named := urls.resolve(home, value.strip())):
            found.append((named, "robots"))
    return found


async def _try_all(
    fetcher: Fetcher, ask: Callable[[str], FetchRequest], addresses: list[tuple[str, Found]]
) -> list[FeedCandidate]:
    candidates: dict[str, FeedCandidate] = {}
    how = dict(reversed(addresses[:_MAX_TRIED]))
    async for request, outcome in fetcher.fetch_all([ask(address) for address in how]):
        document = _read(outcome) if isinstance(outcome, FetchedPage) else None
        if isinstance(outcome, FetchedPage) and document is not None and (document.entries or document.next_sitemaps):
            candidates.setdefault(outcome.final_url, _candidate(outcome, document, how[request.url]))
    order = {address: place for place, (address, _) in enumerate(addresses)}
    return sorted(candidates.values(), key=lambda candidate: (order.get(candidate.url, len(order)), candidate.url))


def _read(page: FetchedPage) -> FeedDocument | None:
    try:
        return DefaultFeedReader().read(page)
    except FeedError:
        return None


def _candidate(page: FetchedPage, document: FeedDocument, found: Found) -> FeedCandidate:
    is_sitemap = document.dialect.startswith("sitemap")
    return FeedCandidate(
        url=page.permanent_url or page.url,
        kind="sitemap" if is_sitemap else "feed",
        title=document.title,
        entries=len(document.entries),
        found=found,
        site_url=document.link,
        language=document.language,
    )


def _best_first(candidates: list[FeedCandidate]) -> tuple[FeedCandidate, ...]:
    def rank(candidate: FeedCandidate) -> tuple[bool, bool, bool]:
        path = candidate.url.lower()
        is_comments = "comment" in path or "comment" in (candidate.title or "").lower()
        return (is_comments, candidate.kind == "sitemap", "news" not in path and candidate.kind == "sitemap")

    return tuple(sorted(candidates, key=rank))
