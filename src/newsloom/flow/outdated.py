"""What the owner changed since the last run, and which items have to be decided again for it: those, and no others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, replace

from newsloom.flow.leading import leader_of
from newsloom.flow.reconcile import Shelf
from newsloom.flow.world import Bench
from newsloom.model.item import Item
from newsloom.ports.deciding import StoryView
from newsloom.ports.storing import UnitOfWork


def mark_outdated(bench: Bench, shelf: Shelf) -> frozenset[str]:
    """Have those items decided again that the owner's topics, scores or rules, changed since the last run, may decide otherwise.

    Items whose text is not at hand keep their topics and quality, with the owner's rules brought to them: nothing better could be
    computed. Rules alone change what they hit, and who leads or is published by them, and nothing else.

    Returns:
        The ids of the items that wait for nothing but another rank: what they say is as it was.
    """
    digests: Mapping[str, str] = asdict(bench.declared.digests)
    reranked: set[str] = set()
    with bench.ports.store.begin() as work:
        changed = changed_since(bench, work)
        if changed:
            waiting = {item.id for item in work.items.pending()}
            items = {item.id: item for item in work.items.iter_all() if item.id not in shelf.foreign}
            again = {key: new for key, item in items.items() if (new := _again(bench, item, changed)) != item}
            for item in again.values():
                work.items.put(item)
            led = set(_led_otherwise(bench, shelf, items.values(), again.keys()))
            work.items.mark_pending(led)
            reranked = {key for key in again.keys() | led if again.get(key, items[key]).topics is not None} - waiting
        for what, digest in digests.items():
            work.put_meta(_key(what), digest)
    return frozenset(reranked)


def changed_since(bench: Bench, work: UnitOfWork) -> frozenset[str]:
    """Return which of `topics`, `scores` and `rules` are not those of the last run.

    Where no run is remembered only rules can be told to be new: that there are some. They may be brought to any item, at any time.
    """
    digests: Mapping[str, str] = asdict(bench.declared.digests)
    before = {"rules": work.get_meta(_key("rules")) or ""}
    before.update((what, work.get_meta(_key(what)) or digests[what]) for what in digests if what != "rules")
    return frozenset(what for what, digest in digests.items() if before[what] != digest)


def _key(what: str) -> str:
    return f"{what} in force"


def _again(bench: Bench, item: Item, changed: Collection[str]) -> Item:
    """Return *item* without what has to be computed anew."""
    if item.topics is None:
        return item
    has_text = bool(item.article.article_body)
    if has_text and "topics" in changed:
        return replace(item, topics=None, quality=None)
    again = bench.declared.ruled(item)
    return (
        replace(again, quality=None) if has_text and ("scores" in changed or _given(again) != _given(item)) else again
    )


def _given(item: Item) -> list[tuple[str, float]]:
    """Return the topics of *item* as quality knows them."""
    return [(label.topic, label.confidence) for label in item.topics or ()]


def _led_otherwise(bench: Bench, shelf: Shelf, items: Iterable[Item], pending: Collection[str]) -> Iterator[str]:
    """Yield the items whose lead or publication is not what is decided now, in stories that none of *pending* is in."""
    stories: dict[str, list[Item]] = {}
    for item in items:
        if item.story and item.quality is not None:
            stories.setdefault(item.story, []).append(item)
    for story, members in stories.items():
        if any(item.id in pending for item in members):
            continue
        members.sort(key=lambda item: (item.seen_at, item.id))
        lead = leader_of(bench, shelf, StoryView(story, tuple(members)))
        for item in members:
            ranked = replace(item, lead=item.id == lead)
            published, _ = bench.stages.score.published(ranked, before=item.published)
            if ranked.lead is not item.lead or published is not item.published:
                yield item.id
