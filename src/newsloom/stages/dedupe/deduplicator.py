"""The decision: groups of copies out of pairs, and who copies whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np

from newsloom.model.article import Article
from newsloom.model.item import Duplicate, Item
from newsloom.stages.dedupe.alike import CopyRule, are_copies, likeness
from newsloom.stages.dedupe.footers import Footers
from newsloom.stages.dedupe.neighbours import near_pairs
from newsloom.stages.dedupe.originals import choose_original
from newsloom.stages.dedupe.texts import Text, read_text
from newsloom.vocab.text import terms

_PART = 0.6
"""A text of which less than this share stands in the other one is the whole, the other a part."""


@dataclass(frozen=True, slots=True)
class DedupeOptions:
    """How copies are recognised: only items seen within *window* of each other are compared by text, and by *rule*."""

    window: timedelta = timedelta(days=7)
    rule: CopyRule = field(default_factory=CopyRule)


class ShingleDeduplicator:
    """Finds copies by address and by runs of words that two texts share. Decides by its arguments alone.

    What it read of the items of the last call is kept, so that a process that asks again reads only what is new.

    Args:
        standing: provider domain → standing 0..100, for the choice of the original.

    Cost: O(n log n) for the words of all items given, fresh and known; what lies outside the window is never asked for.
    """

    def __init__(self, options: DedupeOptions | None = None, standing: Mapping[str, int] | None = None) -> None:
        self.options = options or DedupeOptions()
        self._standing = dict(standing or {})
        self._read: dict[str, tuple[Article, Text]] = {}

    def duplicates(self, fresh: Sequence[Item], known: Sequence[Item]) -> tuple[Duplicate, ...]:
        """Return who copies whom, as far as *fresh* changes it; see `ports.deciding.Deduplicator`.

        Copies are groups: what is a copy of a copy copies the same original. Which texts form a group does not depend on the
        order they come in.
        """
        if not fresh:
            return ()
        new = {item.id for item in fresh}
        items = sorted([*(item for item in known if item.id not in new), *fresh], key=_order)
        texts = self._texts(items)
        footers = Footers(items, texts)
        groups = _Groups(items)
        is_fresh = np.array([item.id in new for item in items])
        for one, two in self._pages_and_texts(items, texts):
            groups.join(one, two)
        for one, two in near_pairs([text.sample for text in texts], is_fresh):
            # What is in one group already needs no comparing: of fifty copies each is compared with a few.
            if not groups.are_joined(one, two) and self._are_copies(one, two, items, texts, footers):
                groups.join(one, two)
        decided = [
            decision
            for members in groups.groups()
            if any(items[place].id in new for place in members)
            for decision in self._decisions(members, items, texts, new)
        ]
        order = {item.id: place for place, item in enumerate(items)}
        return tuple(sorted(decided, key=lambda decision: order[decision.item]))

    def _texts(self, items: Sequence[Item]) -> list[Text]:
        read = {}
        for item in items:
            kept = self._read.get(item.id)
            is_same = kept is not None and (kept[0] is item.article or kept[0] == item.article)
            read[item.id] = kept if kept is not None and is_same else (item.article, read_text(item))
        self._read = read
        return [text for _, text in read.values()]

    def _pages_and_texts(self, items: Sequence[Item], texts: Sequence[Text]) -> Iterable[tuple[int, int]]:
        """Yield the pairs of places that are one page, or have one text."""
        by_address: dict[str, int] = {}
        by_text: dict[str, int] = {}
        for place, text in enumerate(texts):
            first = by_address.setdefault(text.address, place)
            if first != place and _are_one_page(items[first], items[place]):
                yield first, place
            if len(text.words) >= self.options.rule.least_words:
                same = by_text.get(text.whole)
                if same is not None and self._in_window(items[same], items[place]):
                    yield same, place
                by_text[text.whole] = place

    def _in_window(self, one: Item, two: Item) -> bool:
        return abs(one.seen_at - two.seen_at) <= self.options.window

    def _are_copies(self, one: int, two: int, items: Sequence[Item], texts: Sequence[Text], footers: Footers) -> bool:
        if not self._in_window(items[one], items[two]):
            return False
        rule, text, other = self.options.rule, texts[one], texts[two]
        domain = items[one].article.provider.domain
        same_provider = bool(domain) and domain == items[two].article.provider.domain
        if same_provider:
            text, other = footers.without(domain, text), footers.without(domain, other)
        words = min(len(text.words), len(other.words))
        if words < rule.least_words:
            return False
        apart = abs(items[one].seen_at - items[two].seen_at)
        return are_copies(likeness(text, other, rule), words, apart, rule, same_provider=same_provider)

    def _decisions(
        self, members: Sequence[int], items: Sequence[Item], texts: Sequence[Text], new: set[str]
    ) -> Iterable[Duplicate]:
        """Yield what changes in one group. Only what is new or led a group before can lead it."""
        inside = {items[place].id: place for place in members}
        leads = {items[place].duplicate_of or items[place].id for place in members if items[place].id not in new}
        away = sorted(lead for lead in leads if lead not in inside)
        if away:
            primary = away[0]  # not at hand, so that nothing can be shown to be better
        else:
            candidates = [items[place] for place in members if items[place].id in new or items[place].id in leads]
            primary = choose_original(candidates, [items[place] for place in members], self._standing)
        for name, place in inside.items():
            if name != primary and items[place].duplicate_of != primary:
                yield self._decision(items[place], texts[place], primary, texts, inside)

    def _decision(
        self, item: Item, text: Text, primary: str, texts: Sequence[Text], inside: Mapping[str, int]
    ) -> Duplicate:
        # Where the original is not at hand, the first of the group speaks for it.
        nearest = next(place for name, place in inside.items() if name != item.id)
        original = texts[inside.get(primary, nearest)]
        if original.address == text.address:
            return Duplicate(item.id, primary, "same-url")
        if original.whole == text.whole:
            return Duplicate(item.id, primary, "same-text")
        found = likeness(text, original, self.options.rule)
        return Duplicate(item.id, primary, "partial-copy" if found.long < _PART else "near-copy", round(found.short, 4))


class _Groups:
    """Union-find over places; known copies stand with their original from the start."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._above = list(range(len(items)))
        first: dict[str, int] = {}
        for place, item in enumerate(items):
            self.join(first.setdefault(item.duplicate_of or item.id, place), place)

    def join(self, one: int, two: int) -> None:
        """Make the groups of *one* and *two* one, led by the earlier place."""
        one, two = self._top(one), self._top(two)
        self._above[max(one, two)] = min(one, two)

    def are_joined(self, one: int, two: int) -> bool:
        """Return whether *one* and *two* are in one group."""
        return self._top(one) == self._top(two)

    def _top(self, place: int) -> int:
        while self._above[place] != place:
            self._above[place] = self._above[self._above[place]]
            place = self._above[place]
        return place

    def groups(self) -> list[list[int]]:
        """Return the groups of more than one, in order of their first place."""
        found: dict[int, list[int]] = defaultdict(list)
        for place in range(len(self._above)):
            found[self._top(place)].append(place)
        return [members for members in found.values() if len(members) > 1]


def _are_one_page(one: Item, two: Item) -> bool:
    """Return whether two items whose addresses differ in form only are one page: a live page changes its title, two pages differ in it."""
    if one.article.url == two.article.url:
        return True
    mine, theirs = set(terms(one.article.title)), set(terms(two.article.title))
    return 2 * len(mine & theirs) >= len(mine | theirs)


def _order(item: Item) -> tuple[object, ...]:
    return item.seen_at, item.first_seen, item.id
