"""The invented web over real HTTP: hosts, dialects, validators, and every trap where it is said to be."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

import aiohttp
import feedparser
import pytest
from lxml import etree, html
from PIL import Image

from newsloom.demo.answers import Answer, answer, hosts
from newsloom.demo.portal import portal_files
from newsloom.demo.server import DemoWeb
from newsloom.demo.world import STEPS, Article, Provider, World, load_world

T = TypeVar("T")
LAST = STEPS[-1]
EARLY = datetime(2026, 3, 4, 6, tzinfo=UTC)
WORKING = [p.id for p in load_world().providers.values() if not (p.broken or p.unreachable or p.gone)]


@pytest.fixture(scope="module")
def world() -> World:
    return load_world()


@dataclass(frozen=True)
class Got:
    """A response read whole."""

    status: int
    body: bytes
    headers: Mapping[str, str]


def over_http(world: World, now: datetime, job: Callable[[Callable[..., Any]], Any]) -> Any:
    """Run *job* with a function that asks the served web; addresses are the world's own, dialled at its port."""

    async def run() -> Any:
        async with DemoWeb(world, lambda: now) as web, aiohttp.ClientSession(auto_decompress=False) as session:
            host, port = web.address

            async def ask(url: str, **headers: str) -> Got:
                parts = urlsplit(url)
                target = f"http://{host}:{port}{parts.path}" + (f"?{parts.query}" if parts.query else "")
                named = {"Host": parts.netloc, **{key.replace("_", "-"): value for key, value in headers.items()}}
                async with session.get(target, headers=named, allow_redirects=False) as response:
                    return Got(response.status, await response.read(), response.headers)

            return await job(ask)

    return asyncio.run(run())


def get(world: World, url: str, now: datetime = LAST, **headers: str) -> Answer:
    parts = urlsplit(url)
    return answer(world, parts.netloc, parts.path + (f"?{parts.query}" if parts.query else ""), headers, now)


def article(world: World, name: str) -> Article:
    return next(a for a in world.articles if a.id == name)


@pytest.mark.parametrize("name", WORKING)
def test_every_feed_parses_in_its_dialect(world: World, name: str) -> None:
    provider = world.providers[name]

    async def job(ask: Callable[..., Any]) -> Got:
        return await ask(provider.feed_url, Accept_Encoding="identity")

    got: Got = over_http(world, LAST, job)
    assert got.status == 200
    shown = world.of(name, LAST)[:15]
    titles = feed_titles(provider, got.body)
    assert len(titles) == len(shown) > 0
    if not provider.entities_twice:
        assert titles == [a.at(LAST).title for a in shown]


def feed_titles(provider: Provider, body: bytes) -> list[str]:
    if provider.feed == "jsonfeed":
        return [item["title"] for item in json.loads(body)["items"]]
    if provider.feed == "newssitemap":
        return [str(node.text) for node in etree.fromstring(body).iter("{*}title")]
    parsed = feedparser.parse(body)
    wanted = {
        "rss20": "rss20",
        "mediarss": "rss20",
        "rss091": "rss091n",
        "rss092": "rss092",
        "rdf10": "rss10",
        "atom10": "atom10",
    }
    assert parsed.version == wanted[provider.feed]
    return [entry.title for entry in parsed.entries]


def test_every_page_is_there_and_says_its_text(world: World) -> None:
    async def job(ask: Callable[..., Any]) -> list[tuple[Article, Got]]:
        return [(a, await ask(a.url, Accept_Encoding="identity")) for a in world.articles if not a.provider.gone]

    for found, got in over_http(world, LAST, job):
        assert got.status == 200, found.url
        if found.obstacle == "javascript":
            continue
        page = html.fromstring(got.body.decode(found.provider.charset))
        text = " ".join(page.text_content().split())
        for paragraph in found.at(LAST).paragraphs[: found.provider.teaser]:
            assert " ".join(paragraph.split()) in text, f"{found.id}: {paragraph[:40]}"


def test_encodings_are_what_the_pages_say(world: World) -> None:
    old = get(world, article(world, "oldmill/weir-bridge-shut").url)
    assert "charset" not in old.headers["Content-Type"]
    assert "“I would not send a bread van over it.”" in old.body.decode("windows-1252")
    with pytest.raises(UnicodeDecodeError):
        old.body.decode("utf-8")
    japanese = get(world, article(world, "minato/face-gates").url)
    assert "顔認証" in japanese.body.decode("shift_jis")
    arabic = get(world, article(world, "alminara/solar-plant-opens").url).body.decode("utf-8")
    assert 'dir="rtl"' in arabic and "للطاقة الشمسية" in arabic


def test_validators_and_compression(world: World) -> None:
    url = world.providers["harborpost"].feed_url

    async def job(ask: Callable[..., Any]) -> list[Got]:
        plain = await ask(url, Accept_Encoding="identity")
        packed = await ask(url, Accept_Encoding="gzip")
        known = await ask(url, If_None_Match=plain.headers["ETag"])
        dated = await ask(url, If_Modified_Since=plain.headers["Last-Modified"])
        other = await ask(url, If_None_Match='"else"', If_Modified_Since=plain.headers["Last-Modified"])
        return [plain, packed, known, dated, other]

    plain, packed, known, dated, other = over_http(world, LAST, job)
    assert packed.headers["Content-Encoding"] == "gzip" and gzip.decompress(packed.body) == plain.body
    assert (known.status, known.body) == (304, b"")
    assert dated.status == 304
    assert other.status == 200, "If-None-Match counts before If-Modified-Since"


def test_the_clock_decides_what_is_there(world: World) -> None:
    late = article(world, "meridianwire/tarn-flood-recedes")
    assert get(world, late.url, EARLY).status == 404
    assert late.url.encode() not in get(world, late.provider.feed_url, EARLY).body
    assert get(world, late.url, late.appears - timedelta(seconds=1)).status == 404
    assert get(world, late.url, late.appears).status == 200


def test_the_same_moment_gives_the_same_bytes(world: World) -> None:
    for target in (world.providers["plainspoken"].feed_url, article(world, "meridianwire/quake-port-ansel").url):
        assert get(world, target) == get(world, target)


def test_a_page_does_not_change_because_others_appear(world: World) -> None:
    url = article(world, "harborpost/council-pauses-police-face-scans").url
    assert get(world, url, EARLY).body == get(world, url, LAST).body


def test_a_correction_changes_title_text_and_validators_at_the_same_address(world: World) -> None:
    corrected = article(world, "wardnotes/triage-algorithm-audit-kingsferry")
    before, after = (
        get(world, corrected.url, corrected.versions[1].since - timedelta(hours=1)),
        get(world, corrected.url),
    )
    assert "21 minutes longer" in before.body.decode() and "12 minutes longer" in after.body.decode()
    assert "Correction, 8 March" in after.body.decode()
    assert before.headers["ETag"] != after.headers["ETag"]
    assert before.headers["Last-Modified"] != after.headers["Last-Modified"]


def test_a_live_blog_grows(world: World) -> None:
    live = article(world, "channeltwelve/calder-point-budget-live")
    first, last = get(world, live.url, live.appears), get(world, live.url)
    assert first.body.count(b"live-post") == 1 and last.body.count(b"live-post") == 5
    assert b"LiveBlogPosting" in last.body


def test_sources_that_fail(world: World) -> None:
    assert get(world, world.providers["signalfire"].feed_url).status == 500
    gone = world.providers["eveningferry"]
    assert get(world, gone.feed_url, EARLY).status == 200
    assert get(world, gone.feed_url, LAST).status == 410

    async def job(ask: Callable[..., Any]) -> None:
        with pytest.raises(aiohttp.ClientConnectionError):
            await ask(world.providers["nightmail"].feed_url)

    over_http(world, LAST, job)


def test_a_throttled_host_says_when_to_come_back(world: World) -> None:
    quarry = world.providers["quarry"]
    (start, end), _ = quarry.throttled
    refused = get(world, quarry.feed_url, start + timedelta(hours=1))
    assert refused.status == 429
    assert int(refused.headers["Retry-After"]) == (end - start - timedelta(hours=1)).total_seconds()
    assert any(start <= step < end for step in STEPS)
    assert get(world, quarry.feed_url, end).status == 200


def test_guids_change_and_links_gain_tracking_parameters(world: World) -> None:
    blog = world.providers["plainspoken"]
    assert blog.guids_change
    before = feedparser.parse(get(world, blog.feed_url, blog.guids_change - timedelta(minutes=1)).body).entries
    after = feedparser.parse(get(world, blog.feed_url, blog.guids_change).body).entries
    assert [entry.title for entry in before] == [entry.title for entry in after] and before
    assert not {entry.id for entry in before} & {entry.id for entry in after}
    assert all("utm_source=" in entry.link for entry in after)
    assert get(world, after[0].link).status == 200


def test_redirects(world: World) -> None:
    relayed = next(a for a in world.articles if a.redirect_url)
    found = get(world, str(relayed.redirect_url))
    assert (found.status, found.headers["Location"]) == (301, relayed.url)
    assert (
        get(world, "http://harborpost.example/feed.xml").headers["Location"] == "http://www.harborpost.example/feed.xml"
    )


def test_robots_forbids_one_article(world: World) -> None:
    import protego

    forbidden = [a for a in world.articles if a.obstacle == "robots"]
    assert len(forbidden) == 1
    rules = protego.Protego.parse(get(world, f"http://{forbidden[0].provider.host}/robots.txt").body.decode())
    assert not rules.can_fetch(forbidden[0].url, "newsloom")
    assert rules.can_fetch(forbidden[0].provider.feed_url, "newsloom")


def test_wrong_dates(world: World) -> None:
    quiz = get(world, article(world, "eveningferry/ferry-quiz-night").url, datetime(2026, 3, 5, tzinfo=UTC))
    assert b'content="2026-03-28"' in quiz.body
    feed = feedparser.parse(get(world, world.providers["eveningferry"].feed_url, datetime(2026, 3, 5, tzinfo=UTC)).body)
    assert {entry.published_parsed[0] for entry in feed.entries} >= {1970, 2026}
    relay = get(world, article(world, "relay/quake-port-ansel").url).body
    assert b"2026-03-04" not in relay.replace(b"/2026/03/04/", b"") and b"datePublished" not in relay
    chips = article(world, "harborpost/chip-shop-of-the-year")
    assert chips.page_date == chips.published != chips.feed_date


def test_paywall_amp_video_and_script_pages(world: World) -> None:
    locked = article(world, "thelantern/the-girl-who-heard-the-kettle")
    body = get(world, locked.url).body.decode()
    assert '"isAccessibleForFree": false' in body and locked.versions[0].paragraphs[-1] not in body
    pair = article(world, "ledger/strand-in-no-hurry")
    assert f'<link rel="amphtml" href="{pair.amp_url}">' in get(world, pair.url).body.decode()
    assert f'<link rel="canonical" href="{pair.url}">' in get(world, str(pair.amp_url)).body.decode()
    assert b"VideoObject" in get(world, article(world, "channeltwelve/port-ansel-quake-rescue").url).body
    script = article(world, "appward/five-points-from-the-pass-line")
    assert script.versions[0].paragraphs[0].encode() not in get(world, script.url).body


def test_entities_are_escaped_twice(world: World) -> None:
    feed = get(world, world.providers["relay"].feed_url, datetime(2026, 3, 5, 14, tzinfo=UTC)).body
    assert b"&amp;mdash;" in feed
    page = get(world, article(world, "relay/quake-port-ansel").url).body
    assert b"&amp;mdash;" in page


def test_pictures_have_the_size_their_pages_declare(world: World) -> None:
    sized = [a for a in world.articles if a.provider.picture and not a.provider.gone]
    for found in {a.provider.id: a for a in sized}.values():
        got = get(world, str(found.picture_url))
        assert got.headers["Content-Type"] == "image/jpeg"
        assert Image.open(io.BytesIO(got.body)).size == found.provider.picture
        assert got.body == get(world, str(found.picture_url)).body
    assert Image.open(io.BytesIO(get(world, "http://pictures.example/placeholder.png").body)).size == (600, 315)


def test_unknown_hosts_and_paths(world: World) -> None:
    assert get(world, "http://nobody.example/").status == 421
    assert get(world, "http://voltagereview.example/nothing").status == 404
    assert "pictures.example" in hosts(world)


def test_the_portal_names_every_source_and_topic(world: World) -> None:
    files = portal_files(world)
    assert {"newsloom.toml", "sources.opml"} < files.keys()
    outlines = etree.fromstring(files["sources.opml"]).iter("outline")
    assert {node.get("xmlUrl") for node in outlines} - {None} == {p.feed_url for p in world.providers.values()}
    assert sum(path.startswith("_data/topics/") for path in files) == len(world.topics) >= 8
    assert b"standing: 90" in files["_data/organizations/meridianwire.example.md"]
