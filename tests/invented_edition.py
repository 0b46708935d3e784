"""An invented portal to publish: about 60 items, stories with copies, a video, CJK and right-to-left items, hostile text."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from PIL import Image as Picture

from newsloom.model.item import item_id
from newsloom.model.portal import Edition, SiteOptions, Thumbnail
from newsloom.model.record import Bookkeeping, Decision, Image, Provider, Record, RecordFile, Related, RelationNote
from newsloom.model.source import Source
from newsloom.model.topic import Organization, Topic
from newsloom.model.version import Change, Revision

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
SITE = SiteOptions(
    title="The Face Scan Record",
    description="Who watches, who votes, who objects: facial recognition in American cities",
    url="https://news.example/portal",
    base_path="/portal",
    time_zone="America/Chicago",
    items_per_page=5,
    contact="desk@news.example",
)
TOPICS = (
    Topic("ai", "AI", description="Machines that decide", path="_data/topics/00-ai.yaml"),
    Topic("facial-recognition", "Facial Recognition", description="Cameras that know your name", parent="AI"),
    Topic("city-policy", "City Policy", shortname="Cities", parent="AI"),
    Topic("privacy", "Privacy", parent="AI"),
    Topic("robots", "Robots", parent="AI"),
    Topic("warehouse-robots", "Warehouse Robots", parent="Robots"),
)
PROVIDERS = (
    Provider("Harbor Post", "harborpost.example"),
    Provider("Lakeside Tribune", "lakesidetribune.example"),
    Provider("Civic Wire", "civicwire.example"),
    Provider("The Dunmore Ledger", "dunmoreledger.example"),
    Provider("North Quay News", "northquay.example"),
    Provider("Signal & Noise", "signalnoise.example"),
)
REVISIONS = {
    item_id("https://dunmoreledger.example/2026/3"): (
        Revision(NOW - timedelta(hours=2), (Change("title", "Seventy groups press Chicago", "Coalition of seventy-five groups presses Chicago to drop face recognition for good"), Change("figures", "70", "75"))),
    ),
    item_id("https://harborpost.example/2026/12"): (
        Revision(NOW - timedelta(hours=20), (Change("byline", "", "Ada Brill"),)),
    ),
}  # fmt: skip
_PLACES = ("Dunmore", "Harbor City", "Lakeside", "Port Ellery", "Vance County", "Millbrook", "Eastfield", "San Brava")
_ACTS = (
    ("council votes to pause face scans in public buildings", "City Policy"),
    ("transit agency drops cameras that match faces after audit", "Facial Recognition"),
    ("schools told to delete pupils' face templates", "Privacy"),
    ("police admit wrong match led to arrest of a baker", "Facial Recognition"),
    ("warehouse trains robots to ask people for help", "Warehouse Robots"),
    ("judge lets suit over stadium cameras go ahead", "Privacy"),
)


def thumbnail(seed: int, width: int = 800, height: int = 450) -> Thumbnail:
    """Return a picture with a colour gradient that *seed* chooses."""
    small = Picture.new("RGB", (8, 5))
    for x in range(8):
        for y in range(5):
            small.putpixel(
                (x, y),
                ((seed * 53 + x * 14) % 200 + 30, (seed * 97 + y * 25) % 170 + 40, (seed * 31 + x * y * 5) % 180 + 50),
            )
    out = io.BytesIO()
    small.resize((width, height), Picture.Resampling.BICUBIC).save(out, "WEBP", quality=70)
    return Thumbnail(f"images/picture{seed:03}.webp", width, height, out.getvalue())


def record_file(number: int, title: str, **changes: object) -> RecordFile:
    """Return a published record, its fields as *changes* say: the record's, or else its bookkeeping's."""
    provider = PROVIDERS[number % len(PROVIDERS)]
    url = f"https://{provider.domain}/2026/{number}"
    at = NOW - timedelta(hours=3 * number, minutes=17 * number % 60)
    kept = Bookkeeping(
        id=item_id(url), first_seen=at, language="en", story=f"s{number:012x}", lead=True,
        topics={"AI": 0.97, "Facial Recognition": 0.88},
        quality_parts={"source": 40, "image": 12, "topic_match": 26, "headline-length": -4},
        heat_parts={"coverage": 30 + number % 7, "freshness": 20},
    )  # fmt: skip
    record = Record(
        title=title,
        excerpt=f"An invented report, number {number}, that says what happened, who decided it and what comes next, in two plain sentences. It ends here.",
        published_date_time=at,
        type="article",
        provider=provider,
        web_url=url,
        original_url=url,
        quality=74,
        heat=50 + number % 7,
        published=True,
        topics=("AI", "Facial Recognition"),
        images=(Image(f"https://{provider.domain}/{number}.jpg", 1200, 675),) if number % 3 else (),
    )
    of_record = {k: v for k, v in changes.items() if k in Record.__slots__}
    of_kept = {k: v for k, v in changes.items() if k not in Record.__slots__}
    record = replace(record, bookkeeping=replace(kept, **of_kept), **of_record)  # type: ignore[arg-type]
    return RecordFile(f"_news/{at:%Y-%m-%d}-item-{number}.md", record)


def _big_story() -> Iterator[RecordFile]:
    """Yield one story: five reports, two copies of the first, a member that a person held."""
    first = record_file(
        12, "Chicago groups ask city to end police face scans", story="sbig", lead=False, published=False, heat=-1
    )
    first_id = first.record.bookkeeping.id  # type: ignore[union-attr]
    yield first
    yield record_file(
        3, "Coalition of seventy-five groups presses Chicago to drop face recognition for good", story="sbig", heat=96,
        quality_parts={"source": 50, "image": 20, "original_reporting": 18, "clickbait": -3},
        heat_parts={"independent_coverage": 60, "freshness": 30, "local": 6}, quality=85,
        authors=("Ada Brill", "Tomás Quint"), modified=NOW - timedelta(hours=2),
        related=(
            Related("Why the lakefront cameras were switched on in 2019", "…", NOW - timedelta(days=40), "https://civicwire.example/background", "article", PROVIDERS[2], 80),
            Related("Same story, other words", "…", NOW, "https://harborpost.example/2026/6", "article", PROVIDERS[0], 70),
        ),
        relations=(RelationNote("0" * 16, "earlier report on the same cameras", 0.71), RelationNote(item_id("https://harborpost.example/2026/6"), "same story", 0.9)),
        images=(Image("https://dunmoreledger.example/3.jpg", 1200, 675),),
        body="\nOur desk has asked the mayor's office **twice** for the contract.\n\n<script>alert(1)</script>\n\n[More](javascript:alert(1)) and [safe](https://civicwire.example/).\n",
    )  # fmt: skip
    for number, title in (
        (6, "Mayor's office says it will review camera contract"),
        (8, "What the Chicago proposal would and would not ban"),
        (10, "Police union calls proposal a gift to thieves"),
    ):
        yield record_file(
            number,
            title,
            story="sbig",
            lead=False,
            published=False,
            heat=-1,
            access="paywalled" if number == 8 else None,
        )
    for number in (5, 7):
        yield record_file(
            number,
            "Chicago groups ask city to end police face scans",
            story="sbig",
            lead=False,
            published=False,
            heat=-1,
            duplicate_of=first_id,
        )
    yield record_file(
        9,
        "HELD: a report that a person held back",
        story="sbig",
        lead=False,
        published=False,
        decisions=(Decision("published", "ada", NOW, "false"),),
    )


def _special() -> Iterator[RecordFile]:
    """Yield what is unlike the rest: video, CJK, right to left, hostile, taken down, unranked, without bookkeeping."""
    yield record_file(
        14, "Inside the control room: how the cameras decide", type="video", web_url=None, heat=88,
        featured_content='<iframe width="560" height="315" src="https://www.youtube.com/embed/abc123" allowfullscreen></iframe>',
    )  # fmt: skip
    yield record_file(
        16,
        "市议会投票暂停在公共建筑中使用人脸识别",
        excerpt="经过两个小时的辩论，市议会以七比四通过了暂停使用人脸识别摄像头的提案。支持者称这是保护隐私的一步。",
        language="zh",
        heat=80,
    )
    yield record_file(
        17,
        "مجلس المدينة يصوّت على وقف كاميرات التعرف على الوجوه",
        excerpt="صوّت مجلس المدينة بأغلبية سبعة أصوات مقابل أربعة على وقف استخدام الكاميرات في المباني العامة لمدة عام.",
        language="ar",
        heat=79,
    )
    yield record_file(
        19,
        '<script>alert("x")</script> & "quotes" </title> ]]> \x0b',
        excerpt="<img src=x onerror=alert(1)> {{ 7*7 }} ‮reversed",
        web_url="javascript:alert(1)",
        original_url="data:text/html,x",
        heat=60,
    )
    yield record_file(20, "TOMBSTONE: taken down", tombstone="asked by the publisher")
    yield record_file(21, "UNRANKED: nobody decided", quality=None, heat=None, published=None)
    bare = record_file(22, "An item from before newsloom, without bookkeeping", heat=72)
    yield RecordFile(bare.path, replace(bare.record, bookkeeping=None))
    yield record_file(
        24,
        "LICENSED: item with the article's text in its file",
        body="\nFULL ARTICLE TEXT, kept under a licence.\n",
        digests={"body": "0" * 12},
    )
    moved = record_file(25, "An item that was moved to the archive")
    yield RecordFile("_archive/" + moved.path, moved.record)


def _plain() -> Iterator[RecordFile]:
    for number in range(30, 74):
        act, topic = _ACTS[number % len(_ACTS)]
        place = _PLACES[(number * 5) % len(_PLACES)]
        topics = {"AI": 0.9, topic: 0.8} | ({"Robots": 0.8} if topic == "Warehouse Robots" else {})
        yield (
            record_file(number, f"{place} {act}", topics=tuple(topics))
            if number % 4
            else _labelled(number, f"{place} {act}", topics)
        )


def _labelled(number: int, title: str, topics: dict[str, float]) -> RecordFile:
    file = record_file(number, title)
    assert file.record.bookkeeping is not None
    return RecordFile(
        file.path,
        replace(file.record, topics=tuple(topics), bookkeeping=replace(file.record.bookkeeping, topics=topics)),
    )


def invented(site: SiteOptions = SITE) -> Edition:
    """Return the invented edition."""
    plain = [RecordFile(f.path, replace(f.record, topics=f.record.topics or ("AI",))) for f in _plain()]
    records = sorted(
        [*_big_story(), *_special(), *plain], key=lambda f: (-f.record.published_date_time.timestamp(), f.path)
    )
    pictures = (
        {image.url: thumbnail(n) for n, f in enumerate(records) for image in f.record.images}
        if site.images == "thumbnail"
        else {}
    )
    return Edition(
        records=tuple(records),
        topics=TOPICS,
        organizations=(Organization("harborpost.example", "Harbor Post"),),
        site=site,
        now=NOW,
        thumbnails=pictures,
        revisions=REVISIONS,
        heats={item_id("https://dunmoreledger.example/2026/3"): 91},
        sources=(
            Source(
                "https://harborpost.example/feed.xml", title="Harbor Post", folders=("Local", "Coast"), topics=("AI",)
            ),
            Source("https://ada:secret@private.example/feed.xml", title="Private"),
            Source("https://token.example/feed.xml?token=abc", title="Token"),
            Source("/home/ada/pages", kind="html", title="My pages"),
        ),
    )
