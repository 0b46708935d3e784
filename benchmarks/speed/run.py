"""How fast each stage is, and how much memory it takes, as ratios to trafilatura's full record on the same pages.

    python benchmarks/speed/run.py                      the pages at NEWSLOOM_DATA/extraction/fundus (default ../shared/data)
    python benchmarks/speed/run.py --pages FOLDER       any folder that `newsloom import html` reads
    python benchmarks/speed/run.py --records 10000      how many invented records `publish` and the runs get

Every stage runs in a process of its own: CPU seconds of that process and its children (user and system, without start-up and
imports), and its peak memory. Wall time is not looked at. One run on one machine: compare the ratios, not the seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from busy_month import NOW, invented_item

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("NEWSLOOM_DATA", ROOT.parent / "shared" / "data"))


@dataclass(slots=True)
class Cost:
    """What a measured block took."""

    cpu_seconds: float = 0.0


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


@contextmanager
def measured(cost: Cost) -> Iterator[None]:
    """Add the CPU seconds of the block, children included, to *cost*."""
    start = _cpu()
    yield
    cost.cpu_seconds += _cpu() - start


def pages_of(folder: Path) -> list[Any]:
    """Return the archived pages of *folder*."""
    from newsloom.adapters.archive.reader import LocalArchiveReader
    from newsloom.model.source import Source

    return list(LocalArchiveReader(ROOT).pages(Source(url=str(folder), kind="html")))


def stage_reference(cost: Cost, pages: Path, _: Path) -> int:
    """trafilatura's full record: text and metadata."""
    from trafilatura import bare_extraction
    from trafilatura.settings import use_config

    config = use_config()
    archived = pages_of(pages)
    with measured(cost):
        for page in archived:
            bare_extraction(page.body, url=page.url, with_metadata=True, config=config)
    return len(archived)


def stage_read(cost: Cost, pages: Path, work: Path) -> int:
    """Read each page and decide its article; leaves the items for the later stages."""
    from newsloom.adapters.pages.reader import HtmlPageReader
    from newsloom.errors import PageError
    from newsloom.model.item import Item, item_id
    from newsloom.model.page import FetchedPage
    from newsloom.stages.extract import article

    reader, archived = HtmlPageReader(), pages_of(pages)
    reader.read(FetchedPage("https://warm.example/up", "https://warm.example/up", 200, b"<p>warm up</p>" * 50, NOW))
    items = []
    with measured(cost):
        for page in archived:
            fetched = FetchedPage(page.url, page.url, 200, page.body, NOW, page.content_type, page.charset)
            try:
                found = article(
                    reader.read(fetched), entry=None, original_url=page.url, organizations={}, first_seen=NOW
                )
            except PageError:
                continue
            items.append(Item(item_id(found.url), found, NOW))
    (work / "items.pickle").write_bytes(pickle.dumps(list({item.id: item for item in items}.values())))
    return len(archived)


def _items(work: Path) -> list[Any]:
    return pickle.loads((work / "items.pickle").read_bytes())  # noqa: S301 - written by this very run


def _topics() -> Sequence[Any]:
    from newsloom.adapters.files.topics import read_topics

    return read_topics(ROOT / "src" / "newsloom" / "portals" / "ai" / "_data" / "topics")


def stage_dedupe(cost: Cost, _: Path, work: Path) -> int:
    """Find copies among all items."""
    from newsloom.stages.dedupe import DedupeOptions, ShingleDeduplicator

    items = _items(work)
    with measured(cost):
        ShingleDeduplicator(DedupeOptions()).duplicates(items, ())
    return len(items)


def stage_cluster(cost: Cost, _: Path, work: Path) -> int:
    """Weave all items into stories."""
    from newsloom.ports.deciding import StoryConstraints
    from newsloom.stages.cluster import ClusterOptions, StreamClusterer

    items = _items(work)
    with measured(cost):
        StreamClusterer(ClusterOptions()).stories(items, (), StoryConstraints())
    return len(items)


def stage_classify(cost: Cost, _: Path, work: Path) -> int:
    """Decide among the 21 topics of the `ai` template."""
    from newsloom.stages.classify import TopicClassifier

    items, classifier = _items(work), TopicClassifier(_topics())
    with measured(cost):
        for item in items:
            classifier.labels(item)
    return len(items)


def stage_quality(cost: Cost, _: Path, work: Path) -> int:
    """Score quality by the default profile."""
    from newsloom.adapters.files.profiles import read_profile
    from newsloom.stages.rank import ProfileScorer

    items, scorer = _items(work), ProfileScorer(read_profile("newsloom"), organizations={}, topics=_topics())
    with measured(cost):
        for item in items:
            scorer.quality(item)
    return len(items)


def stage_relate(cost: Cost, _: Path, work: Path) -> int:
    """Link related coverage among all items."""
    from newsloom.stages.relate import CoverageRelator, RelateOptions

    items = _items(work)
    with measured(cost):
        bound = CoverageRelator(RelateOptions()).with_candidates(items)
        for item in items:
            bound.relations(item)
    return len(items)


def stage_record(cost: Cost, _: Path, work: Path) -> int:
    """Make each item's record, write it as bytes, and parse it back."""
    from newsloom.stages.record import machine_record
    from newsloom.vocab.frontmatter import parse, serialise

    items = _items(work)
    with measured(cost):
        for item in items:
            parse(serialise(machine_record(item, ())))
    return len(items)


def _newsloom(*arguments: str | Path) -> None:
    subprocess.run([sys.executable, "-m", "newsloom", *map(str, arguments)], check=True, capture_output=True)


def stage_whole(cost: Cost, pages: Path, work: Path) -> int:
    """The commands of a user: init, import html, run (records written, site published). Start-up included."""
    portal = work / "portal"
    with measured(cost):
        _newsloom("init", portal, "--template", "ai")
        (portal / "sources.opml").write_text('<opml version="2.0"><head/><body/></opml>')
        _newsloom("import", "html", pages, "--portal", portal)
        # Pictures would be fetched from the publishers; a benchmark asks nobody.
        os.environ["NEWSLOOM_SITE__IMAGES"] = "none"
        _newsloom("run", "--portal", portal)
    return len(pages_of(pages))


def _invent_records(portal: Path, count: int) -> None:
    from newsloom.model.article import Article
    from newsloom.model.item import Item, item_id
    from newsloom.model.record import Provider, Record
    from newsloom.model.score import Score, Term
    from newsloom.model.topic import TopicLabel
    from newsloom.stages.record import machine_record, merge
    from newsloom.vocab.frontmatter import serialise

    folder = portal / "_news"
    folder.mkdir(exist_ok=True)
    for n in range(count):
        url = f"https://paper{n % 40}.example/{n}"
        instant = NOW - timedelta(minutes=17 * n)
        article = Article(
            url=url, original_url=url, title=f"Harbour council weighs plan number {n} for the old mill",
            excerpt=f"The council of the harbour town met for the {n}th time to weigh what should become of the old mill.",
            type="article", provider=Provider(f"Paper {n % 40}", f"paper{n % 40}.example"), published_date_time=instant,
            in_language="en",
        )  # fmt: skip
        item = Item(
            item_id(url), article, instant, story=f"s{n // 3:012x}", lead=n % 3 == 0, published=n % 3 == 0,
            topics=(TopicLabel("AI", 0.9),), quality=Score((Term("source", 80),)), heat=Score((Term("coverage", n % 50),)),
        )  # fmt: skip
        record: Record = merge(machine_record(item, ()), None, now=NOW)[0]
        (folder / f"{instant:%Y-%m-%d}-plan-{n}.md").write_bytes(serialise(record))


def stage_publish(cost: Cost, _: Path, work: Path) -> int:
    """`newsloom publish` of invented records, everything new."""
    count = int(os.environ["BENCH_RECORDS"])
    portal = work / "large"
    _newsloom("init", portal, "--template", "ai")
    _invent_records(portal, count)
    with measured(cost):
        _newsloom("publish", "--portal", portal, "--now", "2026-03-12T00:00:00Z")
    return count


def stage_publish_again(cost: Cost, _: Path, work: Path) -> int:
    """`newsloom publish` again after one record changed."""
    portal = work / "large"
    first = min((portal / "_news").glob("*.md"))
    first.write_text(first.read_text("utf-8").replace("weighs plan", "drops plan"), "utf-8")
    with measured(cost):
        _newsloom("publish", "--portal", portal, "--now", "2026-03-12T00:00:00Z")
    return len(list((portal / "_news").glob("*.md")))


def _store(portal: Path) -> Any:
    from newsloom.adapters.files.portal import make_state_folder, open_portal_folder
    from newsloom.adapters.store.sqlite import SqliteStore

    paths = open_portal_folder(portal)
    make_state_folder(paths)
    return SqliteStore(paths.database)


def _busy_portal(portal: Path, count: int) -> None:
    """Make a portal of *count* items of the last month, all recorded, their texts at hand."""
    from newsloom.stages.record import machine_record, merge
    from newsloom.vocab.frontmatter import serialise

    _newsloom("init", portal, "--template", "ai")
    (portal / "sources.opml").write_text('<opml version="2.0"><head/><body/></opml>')
    (portal / "_news").mkdir(exist_ok=True)
    items = [invented_item(number) for number in range(1, count + 1)]
    store = _store(portal)
    with store.begin() as work:
        for item in items:
            (portal / (item.path or "")).write_bytes(serialise(merge(machine_record(item, ()), None, now=NOW)[0]))
            work.items.put(item, keys=(item.article.url,))
        work.items.mark_recorded(item.id for item in items)
    store.close()
    time.sleep(2.5)  # a record that was written just now is read again, to be on the safe side
    _newsloom("run", "--no-publish", "--portal", portal, "--now", "2026-03-12T00:00:00Z")


def stage_run_nothing_new(cost: Cost, _: Path, work: Path) -> int:
    """`newsloom run --no-publish` of a portal of recorded items of one month, nothing new."""
    count = int(os.environ["BENCH_RECORDS"])
    portal = work / "busy"
    _busy_portal(portal, count)
    with measured(cost):
        _newsloom("run", "--no-publish", "--portal", portal, "--now", "2026-03-12T00:00:00Z")
    return count


def stage_run_one_new(cost: Cost, _: Path, work: Path) -> int:
    """The same with one new item."""
    portal = work / "busy"
    if not portal.exists():
        _busy_portal(portal, int(os.environ["BENCH_RECORDS"]))
    item = replace(
        invented_item(0), story=None, topics=None, quality=None, heat=None, lead=None, published=None, path=None
    )
    store = _store(portal)
    with store.begin() as unit:
        unit.items.put(item, keys=(item.article.url,))
    store.close()
    with measured(cost):
        _newsloom("run", "--no-publish", "--portal", portal, "--now", "2026-03-12T00:00:00Z")
    return len(list((portal / "_news").glob("*.md")))


STAGES: dict[str, Callable[[Cost, Path, Path], int]] = {
    "reference": stage_reference, "read": stage_read, "dedupe": stage_dedupe, "cluster": stage_cluster,
    "classify": stage_classify, "quality": stage_quality, "relate": stage_relate, "record": stage_record,
    "whole": stage_whole, "publish": stage_publish, "publish-again": stage_publish_again,
    "run-nothing-new": stage_run_nothing_new, "run-one-new": stage_run_one_new,
}  # fmt: skip


def child(stage: str, pages: Path, work: Path) -> None:
    """Run one stage and print its figures as JSON."""
    cost = Cost()
    count = STAGES[stage](cost, pages, work)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak = max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024
    print(json.dumps({"count": count, "cpu_seconds": cost.cpu_seconds, "peak_memory_mb": peak}))


def main() -> int:
    """Measure all stages, or those named, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stages", nargs="*", choices=[*STAGES, []], help="only these (the reference always runs)")
    parser.add_argument("--pages", type=Path, default=DATA / "extraction" / "fundus")
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--child", nargs=2, metavar=("STAGE", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child[0], options.pages, Path(options.child[1]))
        return 0
    os.environ["BENCH_RECORDS"] = str(options.records)
    figures: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as work:
        for stage in STAGES:
            if options.stages and stage not in (*options.stages, "reference", "read"):
                continue
            command = [sys.executable, __file__, "--pages", str(options.pages), "--child", stage, work]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
            figures[stage] = json.loads(done.stdout)
    reference = figures["reference"]["count"] / figures["reference"]["cpu_seconds"]
    for row in figures.values():
        row["per_cpu_second"] = row["count"] / max(row["cpu_seconds"], 1e-9)
        row["ratio_to_reference"] = row["per_cpu_second"] / reference
    if options.json:
        print(json.dumps(figures, indent=2))
        return 0
    print(f"{'stage':<16}{'things':>8}{'CPU s':>9}{'a CPU s':>11}{'x reference':>13}{'peak MB':>9}   what")
    for stage, row in figures.items():
        what = (STAGES[stage].__doc__ or "").splitlines()[0]
        print(
            f"{stage:<16}{row['count']:>8}{row['cpu_seconds']:>9.2f}{row['per_cpu_second']:>11.1f}"
            f"{row['ratio_to_reference']:>13.2f}{row['peak_memory_mb']:>9.0f}   {what}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
