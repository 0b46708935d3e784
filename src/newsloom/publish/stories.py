"""Entries woven into stories: who reported first, which are copies of which, what else belongs to it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from newsloom.model.insight import StoryInsight
from newsloom.model.item import story_id
from newsloom.model.portal import Edition, SiteOptions
from newsloom.model.record import FOLLOW_UP, FOLLOWED
from newsloom.model.topic import Topic
from newsloom.model.version import Change
from newsloom.publish.addresses import safe_link, topic_pages
from newsloom.publish.entries import Entry, entries
from newsloom.vocab.text import fingerprint

_PLAIN_STORY = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LONGEST_COPY_CHAIN = 8
_UNRANKED = -1
_REVISIONS = 30


@dataclass(frozen=True, slots=True)
class Coverage:
    """One provider's own report, and the copies of it that others ran, oldest first."""

    entry: Entry
    copies: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Revised:
    """What the publisher of *entry* changed in it at *at*."""

    at: datetime
    entry: Entry
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """One event and who reported it.

    `coverage` is oldest first, never empty. `page` is the story's own, or its only item's where there is but one report.
    `lead` is the published entry that stands for it. `heat` is the highest of its members, live where the edition has it.
    `insight` says who was first and how many independent sources there are; None for records that were not made by newsloom.
    """

    id: str
    page: str
    lead: Entry
    coverage: tuple[Coverage, ...]
    heat: int
    insight: StoryInsight | None = None

    @property
    def first(self) -> str:
        """Return the id of the report that was first: what the insight says, else the earliest."""
        shown = {report.entry.id for report in self.coverage}
        if self.insight is not None and self.insight.first.item in shown:
            return self.insight.first.item
        return self.coverage[0].entry.id

    @property
    def independent_sources(self) -> float | None:
        """Return the effective number of independent sources, None when it is unknown or there is but one report."""
        return self.insight.independent_sources if self.insight and len(self.coverage) > 1 else None

    @property
    def latest(self) -> Entry | None:
        """Return its newest report where that is not the lead: no copy, and none that credits another provider of the story.

        None also where it has the lead's very headline.
        """
        origins = {line.item: line.origin == line.domain for line in self.insight.timeline} if self.insight else {}
        own = [report.entry for report in self.coverage if origins.get(report.entry.id, True)]
        newest = own[-1] if own else self.lead
        is_later = newest.id != self.lead.id and newest.at > self.lead.at
        return newest if is_later and fingerprint(newest.title) != fingerprint(self.lead.title) else None

    @property
    def revisions(self) -> tuple[Revised, ...]:
        """Return what publishers changed in their reports, oldest first, the last 30 of them."""
        found = (
            Revised(revision.at, entry, revision.changes) for entry in self.members for revision in entry.revisions
        )
        return tuple(sorted(found, key=lambda one: (one.at, one.entry.id)))[-_REVISIONS:]

    @property
    def copied_at(self) -> int:
        """Return how many providers, besides those who reported it themselves, ran a copy."""
        own = {report.entry.record.provider.domain for report in self.coverage}
        return len({c.record.provider.domain for report in self.coverage for c in report.copies} - own)

    @property
    def providers(self) -> tuple[str, ...]:
        """Return the names of those who reported it themselves, first reporter first, each once."""
        names: dict[str, str] = {}
        for report in self.coverage:
            names.setdefault(report.entry.record.provider.domain, report.entry.provider)
        return tuple(names.values())

    @property
    def has_page(self) -> bool:
        """Return whether it has a page of its own: more than one report, or copies."""
        return len(self.coverage) > 1 or bool(self.coverage[0].copies)

    @property
    def newest(self) -> datetime:
        """Return when its latest report appeared."""
        return self.coverage[-1].entry.at

    @property
    def members(self) -> tuple[Entry, ...]:
        """Return all its entries, copies included."""
        return tuple(e for c in self.coverage for e in (c.entry, *c.copies))


@dataclass(frozen=True, slots=True)
class RelatedLink:
    """A link to other coverage and why it is there. `page` is set when this site has the item itself."""

    title: str
    link: str | None
    page: str | None
    provider: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TopicView:
    """A topic with its page, its published entries (newest first), its parent and its sub-topics."""

    topic: Topic
    page: str
    entries: tuple[Entry, ...]
    parent: str | None
    children: tuple[str, ...]

    @property
    def name(self) -> str:
        """Return the topic's name."""
        return self.topic.name


@dataclass(frozen=True, slots=True)
class Newsroom:
    """All that the outlets show of an edition.

    `published` is newest first; `stories` are those with a published lead, hottest first, then newest. `story_of` maps item
    ids to their story. `topics` maps names to topics, in the portal's order. `follow_ups` are pairs of ids of stories of which
    the first follows up the second.
    """

    site: SiteOptions
    published: tuple[Entry, ...]
    stories: tuple[Story, ...]
    story_of: Mapping[str, Story]
    topics: Mapping[str, TopicView]
    by_id: Mapping[str, Entry]
    by_link: Mapping[str, Entry]
    follow_ups: frozenset[tuple[str, str]] = frozenset()

    def followed(self, story: Story) -> tuple[Story, ...]:
        """Return the stories that *story* follows up, by what its records and theirs say, oldest first."""
        return self._in_order({earlier for later, earlier in self.follow_ups if later == story.id})

    def following(self, story: Story) -> tuple[Story, ...]:
        """Return the stories that follow up *story*, oldest first."""
        return self._in_order({later for later, earlier in self.follow_ups if earlier == story.id})

    def _in_order(self, ids: Set[str]) -> tuple[Story, ...]:
        found = (story for story in self.stories if story.id in ids)
        return tuple(sorted(found, key=lambda story: (story.coverage[0].entry.at, story.id)))

    def related(self, entry: Entry) -> tuple[RelatedLink, ...]:
        """Return what the record of *entry* links to outside its own story, in the record's order, each address once."""
        kept = entry.record.bookkeeping
        notes = kept.relations if kept else ()
        story = self.story_of.get(entry.id)
        inside = {member.id for member in story.members} if story else {entry.id}
        seen: set[str | None] = {entry.link, None}
        links: list[RelatedLink] = []
        for position, related in enumerate(entry.record.related):
            note = notes[position] if len(notes) == len(entry.record.related) else None
            link = safe_link(related.web_url)
            known = (self.by_id.get(note.item) if note else None) or self.by_link.get(link or "")
            if link in seen or (known is not None and (known.id in inside or known.withheld)):
                continue
            seen.add(link)
            links.append(
                RelatedLink(
                    title=related.title,
                    link=link,
                    page=known.page if known is not None and known.published else None,
                    provider=related.provider.name or related.provider.domain,
                    at=related.published_date_time.astimezone(entry.at.tzinfo),
                    reason=note.reason if note else "",
                )
            )
        return tuple(links)

    def background(self, story: Story, limit: int = 12) -> tuple[RelatedLink, ...]:
        """Return what the members of *story* link to outside it, newest first, each once, at most *limit*."""
        found: dict[str | None, RelatedLink] = {}
        for member in story.members:
            for related in self.related(member):
                found.setdefault(related.link, related)
        return tuple(sorted(found.values(), key=lambda r: (r.at, r.title), reverse=True)[:limit])


def newsroom(edition: Edition) -> Newsroom:
    """Return what *edition* shows. Cost: O(n log n) in its records, O(1) in pages."""
    everything = entries(edition)
    by_id = {entry.id: entry for entry in reversed(everything)}
    stories = _stories([entry for entry in everything if not entry.withheld], by_id, edition.insights)
    published = tuple(sorted((e for e in everything if e.published), key=lambda e: (e.at, e.id), reverse=True))
    story_of = {member.id: story for story in stories for member in story.members}
    return Newsroom(
        site=edition.site,
        published=published,
        stories=tuple(sorted(stories, key=lambda s: (s.heat, s.newest, s.id), reverse=True)),
        story_of=story_of,
        topics=_topics(edition.topics, published),
        by_id=by_id,
        by_link={link: e for e in reversed(everything) for link in _links(e)},
        follow_ups=frozenset(_follow_ups(story_of, by_id)),
    )


def _follow_ups(story_of: Mapping[str, Story], by_id: Mapping[str, Entry]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of stories of which records say that the first follows up the second."""
    for key, story in story_of.items():
        notes = by_id[key].record.bookkeeping
        for note in notes.relations if notes else ():
            other = story_of.get(note.item)
            if other is None or other.id == story.id:
                continue
            if note.reason == FOLLOWED:
                yield story.id, other.id
            elif note.reason == FOLLOW_UP:
                yield other.id, story.id


def _links(entry: Entry) -> set[str]:
    record = entry.record
    return {link for link in (entry.link, record.web_url, record.original_url, record.amp_web_url) if link}


def _primary(entry: Entry, by_id: Mapping[str, Entry]) -> Entry | None:
    """Return the entry that *entry* is in the end a copy of, None when it is no copy of anything shown."""
    current = entry
    for _ in range(_LONGEST_COPY_CHAIN):
        following = by_id.get(current.copy_of) if current.copy_of else None
        if following is None or following.withheld:
            break
        current = following
    return None if current is entry or current.copy_of in by_id else current


def _stories(shown: Sequence[Entry], by_id: Mapping[str, Entry], insights: Mapping[str, StoryInsight]) -> list[Story]:
    own: dict[str, list[Entry]] = defaultdict(list)
    copies: dict[str, list[Entry]] = defaultdict(list)
    for entry in sorted(shown, key=lambda e: (e.at, e.id)):
        primary = _primary(entry, by_id)
        if primary is not None:
            copies[primary.id].append(entry)
        else:
            own[entry.story or story_id(entry.id)].append(entry)
    stories = (
        _story(name, tuple(Coverage(e, tuple(copies[e.id])) for e in members), insights.get(name))
        for name, members in own.items()
    )
    return [story for story in stories if story is not None]


def _story(name: str, coverage: tuple[Coverage, ...], insight: StoryInsight | None) -> Story | None:
    members = [e for c in coverage for e in (c.entry, *c.copies)]
    candidates = [e for e in members if e.published]
    if not candidates:
        return None
    lead = max(candidates, key=lambda e: (e.leads, _value(e.heat), _value(e.record.quality), -e.at.timestamp(), e.id))
    single = len(members) == 1
    plain = name if _PLAIN_STORY.fullmatch(name) else story_id(coverage[0].entry.id)
    return Story(
        id=plain,
        page=lead.page if single else f"stories/{plain}/",
        lead=lead,
        coverage=coverage,
        heat=max(_value(e.heat) for e in members),
        insight=insight,
    )


def _value(score: int | None) -> int:
    return _UNRANKED if score is None else score


def _topics(topics: Sequence[Topic], published: Sequence[Entry]) -> dict[str, TopicView]:
    pages = topic_pages(topics)
    of_topic: dict[str, list[Entry]] = defaultdict(list)
    for entry in published:
        for name in dict.fromkeys(entry.record.topics):
            of_topic[name].append(entry)
    views: dict[str, TopicView] = {}
    for topic in topics:
        children = tuple(dict.fromkeys(t.name for t in topics if t.parent == topic.name and t.name != topic.name))
        parent = topic.parent if topic.parent in pages and topic.parent != topic.name else None
        views.setdefault(topic.name, TopicView(topic, pages[topic.name], tuple(of_topic[topic.name]), parent, children))
    return views
