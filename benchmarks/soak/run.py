"""Let newsloom live through weeks of a restless web in minutes, and judge what it did to others and to itself.

    python benchmarks/soak/run.py                                    # 5,000 feeds on 300 hosts, 30 days: hours of processor time
    python benchmarks/soak/run.py --feeds 60 --hosts 8 --days 3      # the form that the tests run

A process beside this one serves the feeds over real HTTP on loopback, all of them but the behaving ones broken in one of the ways of
`restless_web.HABITS`, and counts what each host sees. Here newsloom runs every few hours of a simulated clock. Prints a
line a day, then the figures and what they promise; exits with 1 when a promise is broken.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import resource
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from restless_web import RestlessWeb, Shape
from served import Door, serve

from newsloom.adapters.memory import give_back
from newsloom.adapters.store.sqlite import SqliteStore
from newsloom.app import WebOptions, run
from newsloom.flow.politeness import politeness
from newsloom.model.notice import Notice
from newsloom.portal import Portal, open_portal
from newsloom.queries import read_records
from newsloom.stages.collect import ADOPT_AFTER

START = datetime(2026, 3, 2, tzinfo=UTC)
PAUSE_SECONDS = 0.02  # between two requests to a host, in real time: the clock is simulated, the pauses are not
MOST_MB_PER_DAY = 1.0
MOST_DUPLICATES = 0.02
LEAST_NOT_MODIFIED = 0.90


@dataclass
class Soak:
    """What was measured while it ran, a value a simulated day."""

    resident_mb: list[float] = field(default_factory=list)
    descriptors: list[int] = field(default_factory=list)
    children: list[int] = field(default_factory=list)
    store_mb: list[float] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)


def write_portal(folder: Path, web: RestlessWeb, workers: int) -> Portal:
    """Write a portal of every feed of *web*."""
    (folder / "_data" / "topics").mkdir(parents=True)
    (folder / "newsloom.toml").write_text(
        '[site]\ntitle = "Soak"\nimages = "none"\n[text]\nembedder = "none"\n[fetch]\ncontact = "desk@soak.example"\n'
        f"timeout_seconds = 3.0\nparse_workers = {workers}\n"
    )
    (folder / "_data/topics/01-harbor.yaml").write_text("_id: harbor\nname: Harbor\nkeywords: [harbor, ferry, mills]\n")
    outlines = "".join(
        f'<outline type="rss" text="Paper {feed}" xmlUrl="{web.feed_url(feed)}"/>' for feed in range(web.shape.feeds)
    )
    (folder / "sources.opml").write_text(f'<opml version="2.0"><head/><body>{outlines}</body></opml>')
    return open_portal(folder)


def live(portal: Portal, shape: Shape, port: int, orders: Any, step: timedelta, quiet_days: int) -> Soak:
    """Run the portal every *step* of the simulated clock; return what was measured."""
    soak, now = Soak(), shape.start
    web = WebOptions(
        hosts=dict.fromkeys(RestlessWeb(shape).hosts(), f"127.0.0.1:{port}"),
        allow=("127.0.0.1",),
        delay_seconds=PAUSE_SECONDS,
    )
    end = shape.start + timedelta(days=shape.days + quiet_days)

    def notify(notice: Notice) -> None:
        soak.told[notice.kind] += 1

    begun = time.monotonic()
    while now < end:
        orders.send(now)
        orders.recv()
        asyncio.run(run(portal, now, notify, publish=False, web=web))
        now += step
        if (now - shape.start) % timedelta(days=1) < step:
            measure(soak, portal)
            print(
                f"day {len(soak.resident_mb):3}  {soak.resident_mb[-1]:7.1f} MB resident  {soak.descriptors[-1]:4} descriptors  "
                f"store {soak.store_mb[-1]:7.2f} MB  {soak.told['recorded']:6} recorded  {soak.told['source-failed']:6} failures  "
                f"{time.process_time():7.0f} CPU s  {time.monotonic() - begun:7.0f} s",
                file=sys.stderr,
                flush=True,
            )
    return soak


def measure(soak: Soak, portal: Portal) -> None:
    """Take what this process holds at the end of a day."""
    give_back()  # as `run --every` does between two runs
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    soak.resident_mb.append(pages * resource.getpagesize() / 1e6)
    soak.descriptors.append(len(os.listdir("/proc/self/fd")))  # noqa: PTH208 - no paths are wanted
    tasks = Path("/proc/self/task").iterdir()
    soak.children.append(sum(len((task / "children").read_text().split()) for task in tasks))
    soak.store_mb.append(sum(path.stat().st_size for path in portal.paths.state.glob("*.sqlite*")) / 1e6)


def slope(values: Sequence[float]) -> float:
    """Return by how much *values* grow from one to the next, after the first third; least squares."""
    late = values[len(values) // 3 :]
    return statistics.linear_regression(range(len(late)), late).slope if len(late) > 1 else 0.0


def identity(portal: Portal, web: RestlessWeb, served: set[str]) -> dict[str, Any]:
    """Compare the records with the truth: what is there twice, what is under another's address or words, what is lost."""
    records = read_records(portal)[0]
    by_code: Counter[str] = Counter()
    wrong, held = [], {}
    for file in records:
        record = file.record
        at = (record.original_url or record.web_url or "").partition("?")[0].rpartition("/")[2]
        code = at.removesuffix(".html").removesuffix("-story")
        words = record.excerpt.split()
        if words[:1] != ["File"] or words[1] != code:
            wrong.append(f"{file.path}: address of {code}, words of {' '.join(words[:2])}")
        by_code[code] += 1
        held[record.bookkeeping.id if record.bookkeeping else ""] = code
    wrong += claimed_by_another(portal, web, served, held)
    extra = {code: count - 1 for code, count in by_code.items() if count > 1}
    habits = Counter(web.habit(int(code[1:].partition("x")[0])) or "none" for code in extra)
    missing = sorted(code for code in served - by_code.keys())
    return {
        "items": len(served),
        "records": len(records),
        "duplicates": sum(extra.values()),
        "duplicates_share": sum(extra.values()) / max(1, len(served)),
        "duplicates_by_habit": dict(habits),
        "duplicate_examples": sorted(extra)[:10],
        "wrong_merges": len(wrong),
        "wrong_examples": wrong[:10],
        "lost": len(missing),
        "lost_by_habit": dict(Counter(web.habit(int(code[1:].partition("x")[0])) or "none" for code in missing)),
        "lost_examples": missing[:10],
    }


def claimed_by_another(portal: Portal, web: RestlessWeb, served: set[str], held: dict[str, str]) -> list[str]:
    """Return the items whose address the store takes for another item's."""
    from newsloom.vocab.urls import identity as address_key

    found = []
    store = SqliteStore(portal.paths.database)
    with store.begin() as work:
        for code in sorted(served):
            feed, _, number = code[1:].partition("x")
            post = web.posts(int(feed))[int(number)]
            for moment in (post.at, START + timedelta(days=365)):
                item = work.items.find_by_key(address_key(web.link(post, moment)))
                if item is not None and held.get(item, code) != code:
                    found.append(f"the address of {code} is known as {held[item]}")
    store.close()
    return found


def known_hosts(portal: Portal, now: datetime) -> dict[str, Any]:
    """Return newsloom's own report of its manners."""
    store = SqliteStore(portal.paths.database)
    with store.begin() as work:
        told = politeness(work.sources.get_hosts(), now)
    store.close()
    return {key: value for key, value in told.items() if key != "by_host"}


def figures(soak: Soak, counted: dict[str, Any]) -> dict[str, Any]:
    """Return the figures of manners and upkeep."""
    doors: dict[str, Door] = counted["doors"]
    asked: Counter[str] = counted["asked"]
    pauses = [door.shortest_pause for door in doors.values() if door.shortest_pause is not None]
    dead = counted["dead_by_day"]
    last = max(dead, default=0)
    return {
        "polls": asked["polls"],
        "unchanged_polls": asked["unchanged"],
        "not_modified_share": asked["not modified"] / max(1, asked["unchanged"]),
        "wrongly_not_modified": asked["wrongly not modified"],
        "most_at_once": max(door.most_at_once for door in doors.values()),
        "shortest_pause_seconds": min(pauses, default=None),
        "hurried": sum(door.hurried for door in doors.values()),
        "throttled": sum(door.throttled for door in doors.values()),
        "asked_in_silence": sum(door.early for door in doors.values()),
        "most_polls_of_a_moved_address": max(counted["old_addresses"], default=0),
        "dead_polls_first_day": dead[0],
        "dead_polls_a_day_last_week": sum(n for day, n in dead.items() if day > last - 7) / min(7, last + 1),
        "memory_mb": [round(mb, 1) for mb in soak.resident_mb],
        "memory_mb_per_day": round(slope(soak.resident_mb), 3),
        "descriptors": soak.descriptors,
        "children": soak.children,
        "store_mb": [round(mb, 2) for mb in soak.store_mb],
        "store_kb_per_item": round(1000 * soak.store_mb[-1] / max(1, soak.told["new"]), 1),
    }


def broken(found: dict[str, Any], *, long: bool) -> list[str]:
    """Return the promises that *found* breaks. Slopes of memory mean something over a *long* time only."""
    promises = {
        "resident memory grows by 1 MB a day or more": not long or found["memory_mb_per_day"] < MOST_MB_PER_DAY,
        "file descriptors grow": max(found["descriptors"][1:]) <= found["descriptors"][0] + 2,
        "processes are left behind": max(found["children"]) <= found["children"][0],
        "a host was asked twice at once": found["most_at_once"] == 1,
        "a host was asked too soon": found["hurried"] == 0,
        "a host was asked in the silence it wanted": found["asked_in_silence"] == 0,
        "no host wanted silence": found["throttled"] > 0,
        "unchanged polls were answered in full": found["not_modified_share"] >= LEAST_NOT_MODIFIED,
        "a 304 hid news": found["wrongly_not_modified"] == 0,
        "a moved feed is asked at its old address": found["most_polls_of_a_moved_address"] <= ADOPT_AFTER,
        "items are there twice": found["duplicates_share"] <= MOST_DUPLICATES,
        "two items were taken for one": found["wrong_merges"] == 0,
        "items were lost": found["lost"] == 0,
        "newsloom's own report names breaches": found["own_report"]["breaches"] == 0,
    }
    return [name for name, kept in promises.items() if not kept]


def main() -> int:
    """Run, print the figures as JSON on standard output, and return 1 when a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=5000)
    parser.add_argument("--hosts", type=int, default=300)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument(
        "--quiet-days", type=int, default=4, help="days without news at the end, for what waits or is tried again"
    )
    parser.add_argument("--items-per-day", type=float, default=100.0, help="new items a day over all feeds")
    parser.add_argument("--least-items", type=int, default=0, help="items of each feed that misbehaves")
    parser.add_argument("--every-hours", type=float, default=4.0, help="simulated time between two runs")
    parser.add_argument("--workers", type=int, default=1, help="parse_workers of the portal")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    shape = Shape(
        options.feeds, options.hosts, START, options.days, options.items_per_day, options.seed, options.least_items
    )
    web = RestlessWeb(shape)
    context = multiprocessing.get_context("spawn")
    orders, theirs = context.Pipe()
    server = context.Process(target=serve, args=(theirs, shape, PAUSE_SECONDS), daemon=True)
    server.start()
    with tempfile.TemporaryDirectory(prefix="newsloom-soak-") as folder:
        portal = write_portal(Path(folder) / "portal", web, options.workers)
        soak = live(portal, shape, orders.recv(), orders, timedelta(hours=options.every_hours), options.quiet_days)
        orders.send("tell")
        counted = orders.recv()
        orders.send("stop")
        end = START + timedelta(days=options.days + options.quiet_days)
        found = {
            "shape": {**vars(options), "dead": sum(bool(web.death(feed)) for feed in range(shape.feeds))},
            **identity(portal, web, counted["served"]),
            **figures(soak, counted),
            "own_report": known_hosts(portal, end),
            "cpu_seconds": round(time.process_time(), 1),
        }
    server.join(10)
    found["broken"] = broken(found, long=options.days >= 10)
    print(json.dumps(found, indent=2))
    return 1 if found["broken"] else 0


if __name__ == "__main__":
    sys.exit(main())
