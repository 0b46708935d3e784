"""A bench to try the flow at: real stages and store, files in memory, a fetcher without a network."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from fake_web import MOMENT, FakeFetcher
from in_memory_files import MemoryEventLog, MemoryRecordFolder
from newsloom import pipeline
from newsloom.adapters.archive.reader import LocalArchiveReader
from newsloom.adapters.feeds.reader import DefaultFeedReader
from newsloom.adapters.files.profiles import read_profile
from newsloom.adapters.pages.reader import HtmlPageReader
from newsloom.adapters.store.sqlite import SqliteStore
from newsloom.flow.world import Bench, Declared, Digests, Ports, Stages
from newsloom.model.notice import Notice
from newsloom.model.source import Source
from newsloom.model.topic import Topic
from newsloom.stages.classify import TopicClassifier
from newsloom.stages.cluster import ClusterOptions, StreamClusterer
from newsloom.stages.dedupe import DedupeOptions, ShingleDeduplicator
from newsloom.stages.rank import ProfileScorer
from newsloom.stages.relate import CoverageRelator, RelateOptions

NOW = MOMENT
TOWN = Topic("town", "Town Life", keywords=("ferry", "kitchen", "bridge", "council", "robots"), path="town.yaml")


@dataclass
class Desk:
    """A bench with what was told at it. `lose_state()` forgets the working state, as deleting .newsloom does."""

    folder: Path
    sources: tuple[Source, ...] = ()
    topics: tuple[Topic, ...] = (TOWN,)
    records: MemoryRecordFolder = field(default_factory=MemoryRecordFolder)
    log: MemoryEventLog = field(default_factory=MemoryEventLog)
    notices: list[Notice] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store = SqliteStore(self.folder / "state.sqlite")

    @property
    def bench(self) -> Bench:
        scorer = ProfileScorer(read_profile("newsloom"), organizations={}, topics=self.topics)
        return Bench(
            ports=Ports(
                DefaultFeedReader(),
                HtmlPageReader(),
                LocalArchiveReader(self.folder),
                self.store,
                self.records,
                self.log,
            ),
            stages=Stages(
                dedupe=ShingleDeduplicator(DedupeOptions()),
                cluster=StreamClusterer(ClusterOptions()),
                classify=TopicClassifier(self.topics),
                score=scorer,
                relate=CoverageRelator(RelateOptions()),
            ),
            declared=Declared(sources=self.sources, organizations={}, digests=Digests(topics=repr(self.topics))),
            notify=self.notices.append,
        )

    def run(self, pages: Mapping[str, Any], after: timedelta = timedelta()) -> list[Notice]:
        """Run on *pages* (see FakeFetcher), and return what was told."""
        del self.notices[:]
        now = NOW + after
        asyncio.run(pipeline.run(self.bench, FakeFetcher(pages, moment=now), now))
        return list(self.notices)

    def lose_state(self) -> None:
        self.store.close()
        for path in self.folder.glob("state.sqlite*"):
            path.unlink()
        self.store = SqliteStore(self.folder / "state.sqlite")

    def retopic(self, name: str) -> None:
        """Give the one topic another name, as its owner would in its file."""
        self.topics = (replace(self.topics[0], name=name),)
