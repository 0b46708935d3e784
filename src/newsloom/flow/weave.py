"""Decide: copies, stories, topics, quality, leads, heat, publication, relations. Pure stages decide, the store keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from newsloom.flow.history import history
from newsloom.flow.leading import leader_of
from newsloom.flow.owed import owe
from newsloom.flow.reconcile import Shelf
from newsloom.flow.world import Bench
from newsloom.model.event import Event, EventKind
from newsloom.model.item import Duplicate, Item, StoryRevision
from newsloom.model.notice import Notice
from newsloom.ports.deciding import StoryView
from newsloom.ports.storing import UnitOfWork
from newsloom.stages.tidy import tidied

# A person may date a record in the year 1, and time has no room before that: older items are looked around as of here.
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Woven:
    """What weaving decided: every item whose record may have to change, and what happened."""

    items: tuple[Item, ...]
    events: tuple[Event, ...]


def weave(bench: Bench, shelf: Shelf, now: datetime, reranked: Set[str] = frozenset()) -> Woven:
    """Decide everything for the items that are pending, and for the stories they touch; keep it in one unit of work.

    *reranked* are pending items that wait for nothing but another rank: nothing is linked anew for them alone.
    """
    with bench.ports.store.begin() as work:
        pending = [item for item in work.items.pending() if item.id not in shelf.foreign]
        if not pending:
            return Woven((), ())
        background = _around(work, pending, bench.declared.background)
    before = {item.id: item for item in (*background, *pending)}
    fresh = frozenset(item.id for item in pending)
    bench.notify(Notice("step", "stories", "Weaving stories", len(pending)))
    items, revisions = _with_stories(bench, shelf, _tidied(pending, background), background)
    items = _judged(bench, shelf, items, background)
    touched = {item.story for item in items.values() if item.story}
    left = {revision.before for revision in revisions}
    members = _members(bench, touched | left, items)
    for inside in members.values():
        before.update((member.id, member) for member in inside if member.id not in items)
    pool = {**before, **items}
    past = history(shelf.files.values(), pending, bench.stages.score, now)
    for story in sorted(members):
        # A story that lost a member is heated anew; of one that was put into another nothing is left.
        inside = [replace(item, heat=None) for item in members[story]] if story in left else members[story]
        for item in _ranked(bench, shelf, past.view(story, inside), before, now) if inside else ():
            items[item.id] = pool[item.id] = item
    bench.notify(Notice("step", "relations", "Linking related coverage", len(items)))
    items = _related(bench, shelf, items, pool, _with_news(items, before, fresh - reranked))
    changed = [item for item in items.values() if item != before.get(item.id) or item.id in fresh]
    events = _events(before, changed, revisions, now)
    with bench.ports.store.begin() as work:
        for item in changed:
            work.items.put(item)
        owe(work, events)
    for event in events:
        if event.kind == "joined":
            bench.notify(Notice("joined", items[event.item].article.title, event.detail))
    return Woven(tuple(sorted(changed, key=lambda item: (item.first_seen, item.seen_at, item.id))), events)


def _tidied(pending: Sequence[Item], background: Sequence[Item]) -> list[Item]:
    """Return *pending* with the bodies that were just read freed of what their provider puts on every page."""
    read = [item for item in pending if item.topics is None]
    clean = {item.id: item for item in tidied(read, background)}
    return [clean.get(item.id, item) for item in pending]


def _spans(items: Iterable[Item], reach: timedelta) -> list[tuple[datetime, datetime]]:
    """Return the stretches of time within *reach* of any of *items*, in order, none overlapping.

    One item with a date of long ago must not drag in all that lies between.
    """
    spans: list[tuple[datetime, datetime]] = []
    for seen_at in sorted(max(item.seen_at, _EARLIEST) for item in items):
        start, end = seen_at - reach, seen_at + reach
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _around(work: UnitOfWork, items: Iterable[Item], reach: timedelta) -> list[Item]:
    """Return the items that have a story and were seen within *reach* of any of *items*."""
    return [item for start, end in _spans(items, reach) for item in work.items.window(start, end)]


def _with_stories(
    bench: Bench, shelf: Shelf, pending: Sequence[Item], background: Sequence[Item]
) -> tuple[dict[str, Item], tuple[StoryRevision, ...]]:
    """Return the pending items by id, each with its story, and the settled ones that moved, with the revisions that moved them.

    Copies stand in the story of their primary.
    """
    fresh = [item for item in pending if item.story is None]
    items = {item.id: item for item in pending}
    settled = {item.id: item for item in (*background, *pending) if item.story is not None}
    for story_member in list(items.values()):
        decided = shelf.constraints.must.get(story_member.id)
        if decided and story_member.story not in (None, decided):
            items[story_member.id] = settled[story_member.id] = replace(story_member, story=decided)
    if not fresh:
        return items, ()
    window = bench.declared.window
    # Twice the window: words are weighed by what else was written, also where no story can be joined any more.
    spans = _spans(fresh, 2 * window)
    known = [item for item in settled.values() if any(start <= item.seen_at <= end for start, end in spans)]
    copies = bench.stages.dedupe.duplicates(fresh, known)
    leaders = _leaders(copies, items, settled)
    for leader, story in leaders.items():
        items[leader] = replace(items[leader], story=shelf.constraints.must.get(leader) or story)
    copied = {copy.item for copy in copies}
    originals = [item for item in fresh if item.id not in copied and item.id not in leaders]
    live = [item for item in known if item.duplicate_of is None and item.id not in copied]
    live += [items[leader] for leader in leaders]
    woven = bench.stages.cluster.stories(originals, live, shelf.constraints)
    for choice in woven.choices:
        items[choice.item] = replace(items[choice.item], story=choice.story)
        title = items[choice.item].article.title
        if choice.opens:
            bench.notify(Notice("opened", title, choice.story))
    items.update(_revised(woven.revisions, {**settled, **{leader: items[leader] for leader in leaders}}, shelf))
    for copy in copies:
        primary = items.get(copy.primary) or settled.get(copy.primary)
        item = items.get(copy.item) or settled[copy.item]
        taken = shelf.constraints.must.get(copy.item) or (primary.story if primary else item.story)
        # A copy scores as one: what was an original until now is judged again, where its text is at hand.
        quality = None if item.article.article_body else item.quality
        items[copy.item] = replace(item, duplicate_of=copy.primary, story=taken, quality=quality)
        of = primary.article.title if primary else copy.primary
        bench.notify(Notice("copy", item.article.title, f"{copy.kind} of {of}"))
    return items, woven.revisions


def _revised(revisions: Sequence[StoryRevision], settled: Mapping[str, Item], shelf: Shelf) -> dict[str, Item]:
    """Return the settled items that move, and the copies that go with their originals."""
    found: dict[str, Item] = {}
    places = {revision.item: revision.story for revision in revisions}
    for item in settled.values():
        place = places.get(item.id) or places.get(item.duplicate_of or "")
        if place and item.id not in shelf.constraints.must:
            found[item.id] = replace(item, story=place)
    return found


def _leaders(copies: Sequence[Duplicate], items: Mapping[str, Item], settled: Mapping[str, Item]) -> dict[str, str]:
    """Return the fresh items that turn out to be the originals of settled ones, each with the story it takes over."""
    found: dict[str, Item] = {}
    for copy in copies:
        old = settled.get(copy.item)
        if old is None or copy.primary not in items or items[copy.primary].story is not None:
            continue
        first = found.get(copy.primary)
        if first is None or (old.seen_at, old.id) < (first.seen_at, first.id):
            found[copy.primary] = old
    return {leader: old.story for leader, old in found.items() if old.story}


def _judged(bench: Bench, shelf: Shelf, items: Mapping[str, Item], background: Sequence[Item]) -> dict[str, Item]:
    """Return *items* with topics and quality, computed where they are not yet known; topics learn from the *background*."""
    unread = [item for item in items.values() if item.topics is None]
    found = {}
    if unread:
        known = [item for item in background if item.topics is not None]
        decided = {item.id for item in known if "topics" in shelf.decided.get(item.id, frozenset())}
        judgement = bench.stages.classify.among(unread, known, decided)
        found = {item.id: judgement.labels(item) for item in unread}
    judged = {}
    for key, item in items.items():
        item = replace(item, topics=found[item.id]) if item.id in found else item
        judged[key] = replace(item, quality=bench.stages.score.quality(item)) if item.quality is None else item
    return judged


def _members(bench: Bench, stories: Iterable[str], items: Mapping[str, Item]) -> dict[str, list[Item]]:
    """Return the members of each story in order of (seen_at, id), with what was just decided."""
    found: dict[str, dict[str, Item]] = {story: {} for story in stories}
    with bench.ports.store.begin() as work:
        for story, inside in found.items():
            inside.update((m.id, m) for m in work.items.story(story) if m.id not in items)
    for item in items.values():
        if item.story:
            found[item.story][item.id] = item
    return {story: sorted(inside.values(), key=lambda item: (item.seen_at, item.id)) for story, inside in found.items()}


def _ranked(bench: Bench, shelf: Shelf, story: StoryView, before: Mapping[str, Item], now: datetime) -> Iterable[Item]:
    """Yield the members of one story with lead, heat and publication.

    Heat is computed anew only when the story gained or lost a member or another lead: time alone changes no record.
    """
    members = story.members
    lead = leader_of(bench, shelf, story)
    same_members = all(item.id in before and before[item.id].story == story.id for item in members)
    same_lead = all(item.lead is (item.id == lead) for item in members)
    for item in members:
        ranked = replace(item, lead=item.id == lead)
        if item.heat is None or not (same_members and same_lead):
            ranked = replace(ranked, heat=bench.stages.score.heat(ranked, story, now))
        published, _ = bench.stages.score.published(ranked, before=item.published)
        yield replace(ranked, published=published)


def _with_news(items: Mapping[str, Item], before: Mapping[str, Item], fresh: Set[str]) -> frozenset[str]:
    """Return which of *items* have to be linked anew: the *fresh* ones, what got other topics, and all in the stories of these.

    Another quality, lead or decision alone makes no other coverage related.
    """
    news = {
        key for key, item in items.items() if key in fresh or key not in before or _told(before[key]) != _told(item)
    }
    stories = {side[key].story for key in news for side in (items, before) if key in side}
    return frozenset(news | {item.id for item in items.values() if item.story in stories})


def _told(item: Item) -> tuple[object, ...]:
    """Return what an item's links go by, as far as it is decided here."""
    return item.story, item.duplicate_of, tuple(label.topic for label in item.topics or ())


def _related(
    bench: Bench, shelf: Shelf, items: Mapping[str, Item], pool: Mapping[str, Item], fresh: Set[str]
) -> dict[str, Item]:
    """Return *items*, the *fresh* ones with their relations, and the older items that gain a link to one of them by it.

    Candidates are all of *pool* that were seen within the background span. An older item is looked at anew only when a
    fresh one links to it, and changes only when another item stands among its links.
    """
    if not fresh:
        return dict(items)
    candidates = sorted(pool.values(), key=lambda item: (item.seen_at, item.id))
    bound = bench.stages.relate.with_candidates(candidates)
    linked = dict(items)
    linked.update((key, replace(items[key], relations=bound.relations(items[key]))) for key in sorted(fresh))
    targets = {note.item for key in fresh for note in linked[key].relations}
    for key in sorted(targets & pool.keys() - items.keys() - shelf.foreign):
        older = replace(pool[key], relations=bound.relations(pool[key]))
        if {note.item for note in older.relations} != {note.item for note in pool[key].relations}:
            linked[key] = older
    return linked


def _events(
    before: Mapping[str, Item], changed: Sequence[Item], revisions: Sequence[StoryRevision], now: datetime
) -> tuple[Event, ...]:
    """Return what happened to *changed* in the words of the log."""
    events = []
    revised = {revision.item: revision for revision in revisions}
    for item in sorted(changed, key=lambda item: (item.seen_at, item.id)):
        old = before.get(item.id)

        def happened(kind: EventKind, detail: str = "", item: Item = item) -> None:
            events.append(Event(now, kind, item.id, detail))

        if item.story and (old is None or old.story != item.story):
            if item.id in revised:
                revision = revised[item.id]
                words = f": {', '.join(revision.evidence)}" if revision.evidence else ""
                happened(revision.kind, revision.before + words)
            if old is not None and old.story:
                happened("left", old.story)
            happened("joined", item.story)
        if old is not None and old.story and item.duplicate_of not in (None, old.duplicate_of):
            happened("copied", item.duplicate_of or "")
        if item.lead and not (old and old.lead):
            happened("lead", item.story or "")
        if item.published is not (old.published if old else None):
            happened("published" if item.published else "held")
    return tuple(events)
