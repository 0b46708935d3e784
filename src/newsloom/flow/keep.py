"""What was read becomes an item, or the new text of the item it is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from newsloom.flow.reconcile import Shelf, identity_keys
from newsloom.flow.reservations import Reservations, with_reservation
from newsloom.flow.world import Bench
from newsloom.model.article import Article, PageReading
from newsloom.model.item import Item, item_id
from newsloom.model.notice import Notice, NoticeKind
from newsloom.model.page import FailureKind, FeedEntry, FetchedPage, QueuedEntry
from newsloom.model.record import Image
from newsloom.model.source import Source
from newsloom.model.version import Version
from newsloom.ports.storing import UnitOfWork
from newsloom.stages.extract import article, article_from_entry
from newsloom.stages.identity import (
    REVISIT_FOR,
    entry_keys,
    is_address,
    is_same,
    is_telling,
    keeps_date,
    revisit_at,
    text_keys,
)
from newsloom.stages.record import machine_record
from newsloom.stages.versions import changes

# Claims the keys of an entry that could not become an item, so that it is not tried for ever.
_GIVEN_UP = "given-up"
_VERSION = "version {} "


@dataclass(frozen=True, slots=True)
class _Kept:
    """Who spoke for an item in this run: the place of the entry, and the item as it was before."""

    place: int
    before: Item | None


@dataclass(slots=True)
class Keeper:
    """Turns what sources and archives brought into items of the working state, each in one unit of work."""

    bench: Bench
    shelf: Shelf
    now: datetime
    reservations: Reservations = field(default_factory=dict)
    order: Mapping[str, int] = field(default_factory=dict)
    """The places of the queue's keys: where two entries are one item, the one that stands first speaks, whichever page came first."""
    _kept: dict[str, _Kept] = field(default_factory=dict)

    def queued(self, source: Source, entry: FeedEntry, keys: Sequence[str] = ()) -> QueuedEntry:
        """Return *entry* of *source* as it waits for its page; *keys* are its own where others of its feed share some."""
        keys = tuple(keys or entry_keys(source, entry))
        return QueuedEntry(key=keys[0], keys=keys, source=source.url, entry=entry, first_seen=self.now)

    def due(self, work: UnitOfWork, queued: QueuedEntry) -> datetime | None:
        """Return when *queued* is to be read: now what is new, later what was reworded, None what need not be."""
        if self.bench.declared.takedowns.reason((queued.entry.link,)) is not None:
            return None
        claims = {key: claim for key in queued.keys if (claim := work.items.find_by_key(key))}
        # What a GUID alone claims may be another item: it is read, and its words decide.
        sure = next((claim for key, claim in claims.items() if is_address(key) or is_telling(key)), None)
        known = sure or next((claim for claim in claims.values() if claim != _GIVEN_UP), None)
        if known is None:
            return self.now
        if known == _GIVEN_UP or known in self.shelf.barred or known in self.shelf.foreign:
            return None if sure else self.now
        at_home = is_address(next(iter(claims))) or len(set(claims.values())) == 1 < len(claims)
        if at_home and work.items.find_by_key(_version_key(known, queued)) is not None:
            return None
        item = work.items.find(known)
        if item is None or (sure and self.now - item.first_seen > REVISIT_FOR):
            return None if sure else self.now
        return revisit_at(item.first_seen, work.items.count_keys(_VERSION.format(known)), self.now)

    def page(self, page: FetchedPage, reading: PageReading, queued: QueuedEntry) -> None:
        """Keep the article that *page* carries by its *reading*. Raises PageError when it carries none, StorageError."""
        found = article(
            replace(reading, tdm_reservation=with_reservation(reading, self.reservations)),
            entry=queued.entry,
            original_url=queued.entry.link or page.url,
            organizations=self.bench.declared.organizations,
            first_seen=queued.first_seen,
        )
        self._keep(found, queued, (page.url, page.final_url))

    def feed_only(self, queued: QueuedEntry, reason: str, kind: FailureKind) -> None:
        """Keep what the feed says of an entry whose page cannot be had for *reason*, which is of *kind*. Raises StorageError."""
        source = next((s for s in self.bench.declared.sources if s.url == queued.source), Source(url=queued.source))
        found = article_from_entry(
            queued.entry,
            source=source,
            organizations=self.bench.declared.organizations,
            first_seen=queued.first_seen,
        )
        subject = queued.entry.link or queued.key
        if found is None:
            with self.bench.ports.store.begin() as work:
                work.queue.done(queued.key)
                work.items.put_keys(_GIVEN_UP, queued.keys)
            self.bench.notify(Notice("page-failed", subject, f"{reason}; given up: the feed says too little"))
            return
        self._keep(replace(found, unread=kind), queued, ())
        self.bench.notify(Notice("feed-only", subject, f"{reason}; kept what the feed says"))

    def _keep(self, found: Article, queued: QueuedEntry, urls: Sequence[str]) -> None:
        """Store *found* as a new item, or as the new text of the item it is."""
        reason = self.bench.declared.takedowns.reason((found.url, found.original_url, found.amp_web_url, *urls))
        if reason is not None:
            self.drop(queued, reason)
            return
        addresses = identity_keys((found.url, found.original_url, found.amp_web_url, *urls))
        # Two addresses with one text in an archive are two pages; a feed that names both in turn has moved one.
        texts = text_keys(found.url, found.article_body) if queued.entry.title else ()
        with self.bench.ports.store.begin() as work:
            key = self._known(work, (*addresses, *queued.keys, *texts), found)
            is_moved = key is not None and work.items.find_by_key(queued.keys[0]) != key
            key = key or item_id(found.url)
            work.queue.done(queued.key)
            marks = (*queued.keys, *addresses, *texts, _version_key(key, queued))
            if is_moved:  # counted as a reading of its own: a source may move its entries with every poll
                marks = (*marks, _version_key(key, queued, queued.key))
            kind = self._put(work, key, found, queued)
            work.items.put_keys(key, marks)
        self.bench.notify(Notice("read", found.url))
        told: NoticeKind = "new" if kind == "new" else "updated" if kind == "updated" else "known"
        self.bench.notify(Notice(told, found.url, found.title))

    def _put(self, work: UnitOfWork, key: str, found: Article, queued: QueuedEntry) -> str:
        """Make *found* the text of the item *key*; return "new", "updated", or "" when it says nothing new of it."""
        place, spoken = self.order.get(queued.key, 0), self._kept.get(key)
        if key in self.shelf.barred or key in self.shelf.foreign or (spoken and spoken.place < place):
            return ""
        before = spoken.before if spoken else work.items.find(key)
        self._kept[key] = _Kept(place, before)
        if before is None:
            work.items.put(Item(key, found, queued.first_seen, source=queued.source))
            return "" if spoken else "new"
        if spoken:
            work.items.put(before)
            work.items.drop_version(key, self.now)
        return self._renew(work, before, found)

    def _known(self, work: UnitOfWork, keys: Sequence[str], found: Article) -> str | None:
        """Return the id of the item that *found* is by its *keys*, None when it is none that is known."""
        claims = [(key, claim) for key in keys if (claim := work.items.find_by_key(key)) and claim != _GIVEN_UP]
        at_home = next((claim for key, claim in claims if is_address(key)), None)
        if at_home is not None:
            return at_home
        for key, claim in claims:
            item = work.items.find(claim)
            if is_same(item.article, found) if item else is_telling(key):
                return claim
        return None

    def drop(self, queued: QueuedEntry, reason: str) -> None:
        """Give *queued* up for good: what it leads to was taken down for *reason*."""
        with self.bench.ports.store.begin() as work:
            work.queue.done(queued.key)
            work.items.put_keys(_GIVEN_UP, queued.keys)
        self.bench.notify(Notice("skipped", queued.entry.link or queued.key, f"taken down: {reason}"))

    def _renew(self, work: UnitOfWork, before: Item, found: Article) -> str:
        """Give the item *before* the text *found*; return "updated" when that is news about it, else ""."""
        images = tuple(_sized_as(image, before.article.images) for image in found.images)
        changed = replace(found, url=before.article.url, original_url=before.article.original_url, images=images)
        if keeps_date(before.article, found, before.first_seen):
            changed = replace(changed, published_date_time=before.article.published_date_time)
        if changed == before.article or (before.article.article_body and not found.article_body):
            return ""
        if not before.article.article_body and self._is_recorded(before, changed):
            # The working state was lost, and the text with it: what was decided with the text at hand stands.
            work.items.put(replace(before, article=changed))
            if before.id not in self.shelf.edited:
                work.items.mark_recorded([before.id])
            return ""
        work.items.put(replace(before, article=changed, topics=None, quality=None, judged=()))
        if changes(before.article, changed):
            work.items.put_version(before.id, Version(self.now, before.article))
        return "updated"

    def _is_recorded(self, item: Item, found: Article) -> bool:
        """Return whether the record of *item* was made of an article that said what *found* says, as its digests tell."""
        file = self.shelf.files.get(item.id)
        book = file.record.bookkeeping if file else None
        ours = machine_record(replace(item, article=found), ()).bookkeeping
        if book is None or ours is None or item.article.methods.get("body") != found.methods.get("body"):
            return False
        theirs = self.shelf.decided.get(item.id, frozenset())
        return all(ours.digests.get(key) == book.digests.get(key) for key in _OF_THE_PAGE if key not in theirs)


def _sized_as(image: Image, known: Sequence[Image]) -> Image:
    """Return *image* with the size it has among *known* ones: once it was measured, what a page declares is no news."""
    return next(
        (replace(image, width=k.width, height=k.height) for k in known if k.url == image.url and k.width), image
    )


# What a record tells of its page, and nothing that newsloom decided. Addresses stay those of the first reading.
_OF_THE_PAGE = (
    "title", "excerpt", "publishedDateTime", "ampWebUrl", "cdnAmpWebUrl", "type", "featuredContent", "provider", "images",
    "language", "access", "authors", "modified",
)  # fmt: skip


def _version_key(known: str, queued: QueuedEntry, place: str = "") -> str:
    """Return the key that says: this wording of the item *known* was read. A changed title or update time makes another."""
    entry = queued.entry
    said = "\x1f".join((entry.title or "", entry.updated.isoformat() if entry.updated else "", place))
    return _VERSION.format(known) + hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:12]
