"""Copies: the same text under another address. Reports of one event in other words are not copies.

Three signs, strongest first: the same address but for its mobile or AMP form; the same text; much of one text inside the
other, found by MinHash and then checked shingle by shingle.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from urllib.parse import parse_qsl, urlencode, urlsplit

import numpy as np
import numpy.typing as npt
import rensa

from newsloom.model.item import Duplicate, Item
from newsloom.vocab.languages import same_language
from newsloom.vocab.text import fingerprint, shingles, terms

Hashes = npt.NDArray[np.uint64]

_MOBILE_HOST = re.compile(r"^(?:www\d?|m|mobile|amp|touch|edition)\.")
_AMP_PATH = re.compile(r"/amp(?=/|$)|\.amp(?=\.html?$|$)|/$", re.IGNORECASE)
_AMP_QUERY = frozenset({"amp", "outputtype", "output", "m", "mobile"})
_AMP_VALUES = frozenset({"", "1", "true", "amp", "amp-type"})

# A page that all addresses of a source lead to is like every item before it: the earliest tell enough.
_MOST_COMPARED = 200


@dataclass(frozen=True, slots=True)
class DedupeOptions:
    """How copies are recognised.

    Attributes:
        window: only items seen within this time of each other are compared.
        containment: share of the shorter text's shingles that must be in the longer one, in 0..1.
        strangers: the same, where the titles have hardly a word in common: a press-release template or a follow-up
            that repeats the background is no copy.
        least_shingles: a text with fewer says too little to be told a copy by its text.
        part_shingles: a text with fewer is also looked up as a part of a longer one, which MinHash is bad at.
        boilerplate: a shingle in this many items of one provider is its boilerplate and does not count.
        bands / rows: of the MinHash index; together they set which likeness is found.
        text_characters: how much of a text is read.
    """

    window: timedelta = timedelta(days=7)
    containment: float = 0.4
    strangers: float = 0.5
    least_shingles: int = 15
    part_shingles: int = 120
    boilerplate: int = 4
    bands: int = 64
    rows: int = 2
    text_characters: int = 60_000


class MinHashDeduplicator:
    """Finds copies by address, exact text and shingle containment. Holds no state between calls; safe to share.

    Cost: some hundred items per CPU second with full bodies, known ones included.
    """

    def __init__(self, options: DedupeOptions | None = None) -> None:
        self.options = options or DedupeOptions()

    def duplicates(self, fresh: Sequence[Item], known: Sequence[Item]) -> tuple[Duplicate, ...]:
        """Return which of *fresh* are copies; see `ports.deciding.Deduplicator`.

        A copy of a known item points to that item's original. Among fresh copies of one text the original is the one that
        others credit by name ("originally published by …"), else the one seen first (seen_at, first_seen, id).
        """
        ordered = sorted(fresh, key=_order)
        settled = sorted(known, key=_order)
        return _Search(settled, ordered, self.options).decide()


@dataclass(frozen=True, slots=True)
class _Text:
    """What of an item is compared: hashes of its shingles, sorted; whole text and title in normal form; title words."""

    hashes: Hashes
    whole: str
    title: str
    title_terms: frozenset[str]
    address: str
    is_long: bool


class _Search:
    """One call's working state: the texts of all items, known first, and an index of those already passed."""

    def __init__(self, known: Sequence[Item], fresh: Sequence[Item], options: DedupeOptions) -> None:
        self._items = [*known, *fresh]
        self._known = len(known)
        self._options = options
        self._texts = _texts(self._items, options)
        self._primary: dict[int, str] = {i: item.duplicate_of or item.id for i, item in enumerate(known)}

    def decide(self) -> tuple[Duplicate, ...]:
        """Return the decisions for the fresh items, in order of (seen_at, first_seen, id)."""
        found: dict[int, tuple[int, Duplicate]] = {}
        by_address: dict[tuple[str, str, str], int] = {}
        by_text: dict[str, list[int]] = defaultdict(list)
        index = rensa.RMinHashLSH(
            threshold=0.1, num_perm=self._options.bands * self._options.rows, num_bands=self._options.bands
        )
        signatures = _signatures(self._texts, self._options)
        parts = _PartIndex(self._options.part_shingles)
        for place, text in enumerate(self._texts):
            signature = signatures[place]
            # A live page keeps its address while its title changes; two pages never share one.
            names = (text.address, "url", self._items[place].article.url), (text.address, "title", text.title)
            if place >= self._known:
                same = min((by_address[name] for name in names if name in by_address), default=None)
                decision = self._same(place, same, by_text[text.whole])
                if decision is None and signature is not None:
                    decision = self._nearest(place, {*index.query(signature), *parts.query(text.hashes)})
                if decision is not None:
                    found[place] = decision
                    self._primary[place] = decision[1].primary
                else:
                    self._primary[place] = self._items[place].id
            for name in names:
                by_address.setdefault(name, place)
            by_text[text.whole].append(place)
            if signature is not None:
                index.insert(place, signature)
                parts.insert(place, text.hashes)
        return self._credited([decision for _, decision in found.values()])

    def _same(self, place: int, same_page: int | None, same_text: Sequence[int]) -> tuple[int, Duplicate] | None:
        """Return the earlier item that *place* is the same page or the same text as, with the decision, or None."""
        item = self._items[place]
        if same_page is not None:
            return same_page, Duplicate(item.id, self._primary[same_page], "same-url")
        if self._texts[place].is_long:
            for other in same_text:
                if self._in_window(place, other):
                    return other, Duplicate(item.id, self._primary[other], "same-text")
        return None

    def _nearest(self, place: int, near: Collection[int]) -> tuple[int, Duplicate] | None:
        """Return the earlier item of *near* that shares most with *place*, with the decision, or None."""
        item, text = self._items[place], self._texts[place]
        best: tuple[float, int] | None = None
        for other in islice((other for other in sorted(near) if self._in_window(place, other)), _MOST_COMPARED):
            share = self._containment(place, other)
            if share is not None and (best is None or share > best[0]):
                best = share, other
                if share == 1.0:
                    break  # none can be nearer, and the earliest counts
        if best is None:
            return None
        share, other = best
        longer = max(len(text.hashes), len(self._texts[other].hashes))
        part = min(len(text.hashes), len(self._texts[other].hashes)) < 0.6 * longer
        return other, Duplicate(item.id, self._primary[other], "partial-copy" if part else "near-copy", round(share, 4))

    def _containment(self, place: int, other: int) -> float | None:
        """Return the share of the shorter text inside the longer, None when that makes no copy."""
        mine, theirs = self._texts[place], self._texts[other]
        shorter = min(len(mine.hashes), len(theirs.hashes))
        if shorter < self._options.least_shingles:
            return None
        share = len(np.intersect1d(mine.hashes, theirs.hashes, assume_unique=True)) / shorter
        union = mine.title_terms | theirs.title_terms
        alike = len(mine.title_terms & theirs.title_terms) / len(union) if union else 0.0
        needed = self._options.containment if alike >= 0.2 else self._options.strangers
        return share if share >= needed else None

    def _in_window(self, place: int, other: int) -> bool:
        mine, theirs = self._items[place], self._items[other]
        return abs(mine.seen_at - theirs.seen_at) <= self._options.window and same_language(
            mine.article.in_language, theirs.article.in_language
        )

    def _credited(self, decisions: Sequence[Duplicate]) -> tuple[Duplicate, ...]:
        """Return *decisions* with each all-fresh group led by the provider that its other members credit, if one is."""
        known = {item.id for item in self._items[: self._known]}
        known.update(item.duplicate_of for item in self._items[: self._known] if item.duplicate_of)
        items = {item.id: item for item in self._items[self._known :]}
        groups: dict[str, list[Duplicate]] = defaultdict(list)
        for decision in decisions:
            groups[decision.primary].append(decision)
        settled: list[Duplicate] = []
        for primary, copies in groups.items():
            leader = primary
            if primary not in known:
                leader = _credited_member([items[primary], *(items[copy.item] for copy in copies)])
            settled.extend(_led_by(leader, primary, copies))
        order = {item.id: place for place, item in enumerate(self._items)}
        return tuple(sorted(settled, key=lambda decision: order[decision.item]))


class _PartIndex:
    """Finds short texts inside long ones by every eighth shingle, chosen by its value, so that part and whole choose alike.

    Source: Manber, "Finding Similar Files in a Large File System", USENIX Winter 1994 (sampling by hash modulus).
    """

    def __init__(self, short: int) -> None:
        self._short = short
        self._places: dict[int, list[tuple[int, bool]]] = defaultdict(list)

    def query(self, hashes: Hashes) -> set[int]:
        """Return the places that share a sampled shingle, where one of the two texts is short."""
        is_short = len(hashes) < self._short
        return {
            place for value in _sampled(hashes) for place, other in self._places.get(value, ()) if is_short or other
        }

    def insert(self, place: int, hashes: Hashes) -> None:
        """Make the text at *place* findable."""
        for value in _sampled(hashes):
            self._places[value].append((place, len(hashes) < self._short))


def _sampled(hashes: Hashes) -> list[int]:
    sampled: list[int] = hashes[hashes % np.uint64(8) == 0].tolist()
    return sampled


def _led_by(leader: str, primary: str, copies: Sequence[Duplicate]) -> list[Duplicate]:
    """Return the decisions of one group after *leader* took the place of *primary*."""
    if leader == primary:
        return list(copies)
    own = next(copy for copy in copies if copy.item == leader)
    return [
        Duplicate(primary, leader, own.kind, own.containment),
        *(Duplicate(copy.item, leader, copy.kind, copy.containment) for copy in copies if copy.item != leader),
    ]


def _credited_member(members: Sequence[Item]) -> str:
    """Return the id of the member whose provider most of the others credit by name, else of the first."""
    credits = {
        member.id: sum(_credits(other, member) for other in members if other is not member) for member in members
    }
    best = max(credits.values())
    return next(member.id for member in members if credits[member.id] == best)


def _credits(item: Item, original: Item) -> bool:
    """Return True when *item* says that its text is from the provider of *original*, another provider than its own."""
    mine, theirs = item.article.provider, original.article.provider
    if mine.domain == theirs.domain or len(theirs.name) < 2:
        return False
    text = item.article.article_body or item.article.excerpt
    edges = f"{text[:300]} {text[-400:]} {' '.join(item.article.authors)}"
    name = re.escape(theirs.name)
    return (
        re.search(
            rf"\({name}\)\s*[-–—]"
            rf"|(?i:(?:first|originally|previously)\s+(?:published|appeared)\s+(?:by|on|in|at)\s+(?:the\s+)?{name}\b)"
            rf"|(?i:(?:republished|reprinted|syndicated)\s+(?:from|with permission (?:of|from))\s+(?:the\s+)?{name}\b)",
            edges,
        )
        is not None
    )


def _order(item: Item) -> tuple[object, ...]:
    return item.seen_at, item.first_seen, item.id


def address_key(url: str) -> str:
    """Return *url* without what tells its mobile and AMP forms apart: scheme, host prefix, /amp, ?amp=1, final slash."""
    try:
        parts = urlsplit(url)
        host = _MOBILE_HOST.sub("", (parts.hostname or "").lower())
    except ValueError:
        return url
    query = [
        (key, value)
        for key, value in parse_qsl(parts.query, keep_blank_values=True)
        if not (key.lower() in _AMP_QUERY and value.lower() in _AMP_VALUES)
    ]
    return f"{host}{_AMP_PATH.sub('', parts.path)}?{urlencode(query)}"


def _texts(items: Sequence[Item], options: DedupeOptions) -> list[_Text]:
    found: list[tuple[str, list[str]]] = []
    for item in items:
        article = item.article
        text = article.article_body or f"{article.title}\n{article.excerpt}"
        text = text[: options.text_characters]
        found.append((fingerprint(text), shingles(text)))
    hashed = [
        np.unique(np.array(row, dtype=np.uint64)) for row in rensa.RMinHash.hash_token_sets([row for _, row in found])
    ]
    kept = _without_boilerplate(items, hashed, options.boilerplate)
    return [
        _Text(
            hashes,
            whole,
            fingerprint(item.article.title),
            frozenset(terms(item.article.title)),
            address_key(item.article.url),
            len(row) >= options.least_shingles,
        )
        for item, (whole, row), hashes in zip(items, found, kept, strict=True)
    ]


def _without_boilerplate(items: Sequence[Item], hashed: Sequence[Hashes], limit: int) -> list[Hashes]:
    """Return *hashed* without the shingles that stand in *limit* or more differently titled items of their provider."""
    providers: dict[str, list[int]] = defaultdict(list)
    for place, item in enumerate(items):
        if item.article.provider.domain:
            providers[item.article.provider.domain].append(place)
    kept = list(hashed)
    for places in providers.values():
        titles = {fingerprint(items[place].article.title): place for place in places}
        if len(titles) < limit:
            continue
        values, counts = np.unique(np.concatenate([hashed[place] for place in titles.values()]), return_counts=True)
        common = values[counts >= limit]
        if len(common):
            for place in places:
                kept[place] = np.setdiff1d(hashed[place], common, assume_unique=True)
    return kept


def _signatures(texts: Sequence[_Text], options: DedupeOptions) -> list[rensa.RMinHash | None]:
    """Return a MinHash for each text long enough to be compared."""
    long = [text.hashes if len(text.hashes) >= options.least_shingles else None for text in texts]
    made = iter(
        rensa.RMinHash.from_token_sets(
            [[value.tobytes() for value in hashes] for hashes in long if hashes is not None],
            num_perm=options.bands * options.rows,
            seed=1,
        )
    )
    return [next(made) if hashes is not None else None for hashes in long]
