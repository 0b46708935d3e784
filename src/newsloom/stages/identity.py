"""What makes an item the same item: its address first; then what its source says of it, and that never on one word alone.

Sources change their GUIDs, give one GUID to many entries, move every address at once, and date everything anew. So an entry is
recognised by three keys, in this order: the identity of its link; its title and time together; its GUID. Only the first is
believed by itself. What the others claim is believed when the words agree, since two items taken for one cannot be
told apart again, while one kept twice can still be folded.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsloom.model.article import Article
from newsloom.model.page import FeedDocument, FeedEntry
from newsloom.model.source import Source
from newsloom.vocab import urls
from newsloom.vocab.text import fingerprint, shingles, tokens

REVISIT_FOR = timedelta(days=7)
"""An entry that its feed changes is read again only while it is young: later changes are seldom corrections."""

FIRST_REVISIT = timedelta(minutes=15)
"""The first time a changed entry may be read again; each later time twice as long after the item was first seen."""

_SHORTEST_TRUSTED_ID = 6
_GUID, _TOLD, _TEXT = "guid:", "told:", "text:"
_COMPARABLE_CHARACTERS = 200  # shorter texts say too little
_TELLING_WORDS = 150  # a text of so many words is no notice that stands for many texts
_SAME_TEXT, _VERY_SAME_TEXT, _SAME_TITLE = 0.5, 0.8, 0.5


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of a feed with the keys it is recognised by, the strongest first."""

    entry: FeedEntry
    keys: tuple[str, ...]


def entry_keys(source: Source, entry: FeedEntry) -> tuple[str, ...]:
    """Return the keys under which *entry* is recognised again: its link's identity, its title and time within the site that
    it links to, its id within *source*.

    The identity ignores scheme, `www.` and tracking parameters, so that a feed which renews its GUIDs or decorates its
    links brings nothing twice. An id that says nothing (very short, or the site's front page) is no key beside a link.
    Empty only when the entry has neither link nor id.
    """
    keys = [urls.identity(entry.link)] if entry.link else []
    title = fingerprint(entry.title or "")
    if entry.link and title and entry.published:
        keys.append(_TOLD + _digest(_site(entry.link), title, entry.published.isoformat()))
    telling = entry.id and len(entry.id) >= _SHORTEST_TRUSTED_ID and not urls.is_home_page(entry.id)
    if telling or (entry.id and not keys):
        keys.append(_GUID + _digest(source.url, entry.id or ""))
    return tuple(keys)


def text_keys(url: str, body: str) -> tuple[str, ...]:
    """Return the key of the text *body* within the site of *url*; none for a text too short to be its own."""
    return (_TEXT + _digest(_site(url), fingerprint(body)),) if len(body) >= _COMPARABLE_CHARACTERS else ()


def is_address(key: str) -> bool:
    """Return whether *key* is the identity of an address: the one kind that is believed by itself."""
    return not key.startswith((_GUID, _TOLD, _TEXT))


def is_telling(key: str) -> bool:
    """Return whether *key* is of title and time."""
    return key.startswith(_TOLD)


def listed(document: FeedDocument, source: Source) -> tuple[Listed, ...]:
    """Return the entries of *document* that have a link, none twice, each with its keys.

    Entries that stand in a feed beside each other are different items: what they share is no key of theirs.
    """
    found: dict[str, Listed] = {}
    for entry in document.entries:
        if entry.link:
            keys = entry_keys(source, entry)
            found.setdefault(keys[0], Listed(entry, keys))
    shared = Counter(key for one in found.values() for key in one.keys[1:])
    return tuple(
        Listed(one.entry, (one.keys[0], *(key for key in one.keys[1:] if shared[key] == 1))) for one in found.values()
    )


def is_same(before: Article, found: Article) -> bool:
    """Return whether *found*, which a GUID, a title with its time or a text claims to be *before*, is.

    Its title or its time must be the same, and its text when both are known. A long text that stayed is enough by itself.
    """
    at, found_at = before.published_date_time, found.published_date_time
    same_title = _alike(tokens(before.title), tokens(found.title)) >= _SAME_TITLE
    if min(len(before.article_body), len(found.article_body)) >= _COMPARABLE_CHARACTERS:
        share = _alike(shingles(before.article_body), shingles(found.article_body))
        long_text = len(tokens(found.article_body)) >= _TELLING_WORDS
        told = same_title or (at is not None and at == found_at)
        return share >= (_SAME_TEXT if told else _VERY_SAME_TEXT) and (told or long_text)
    return same_title and (at == found_at or at is None or found_at is None)


def revisit_at(first_seen: datetime, readings: int, now: datetime) -> datetime:
    """Return when an item may be read again that was read *readings* times already: ever more rarely as it grows old.

    So a source that changes every entry with every poll costs its host a dozen readings of a page, not hundreds.
    """
    if readings == 0:  # nobody remembers that it was read
        return now
    return max(now, first_seen + FIRST_REVISIT * (1 << min(readings - 1, 12)))


def keeps_date(before: Article, found: Article, first_seen: datetime) -> bool:
    """Return whether *before* tells better than *found* when the item was published: what is dated anew stays as old as it was.

    A date that was only guessed, or told to the day, gives way to one that is told better; an earlier one is believed.
    """
    at, found_at = before.published_date_time, found.published_date_time
    if found_at is None:
        return at is not None
    if at is None:
        return found_at > first_seen + timedelta(days=1)
    if _is_guess(before) != _is_guess(found):
        return _is_guess(found)
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return found_at > at and not (at == midnight and found_at < midnight + timedelta(days=1))


def _is_guess(article: Article) -> bool:
    return article.methods.get("publishedDateTime", "").startswith(("url:", "text:", "script:"))


def _alike(words: Sequence[str], others: Sequence[str]) -> float:
    """Return the share of the shorter one's words, or runs of words, that the other has too; 0.0 when one has none."""
    mine, theirs = set(words), set(others)
    return len(mine & theirs) / max(1, min(len(mine), len(theirs)))


def _site(url: str) -> str:
    return urls.registrable_domain(urls.host(url))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
