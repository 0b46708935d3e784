"""The origin-compatible JSON API on an invented edition: paths, keys, nulls, pages, what is never told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from newsloom.errors import ConfigError
from newsloom.model.portal import Edition, SiteOptions
from newsloom.model.record import Bookkeeping, Image, Provider, Record, RecordFile
from newsloom.model.topic import Topic
from newsloom.publish.api import OriginApi, has_own_api

BEGIN = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
VALUE_KEYS = [
    "path",
    "title",
    "excerpt",
    "sourceUrl",
    "webUrl",
    "originalUrl",
    "featuredContent",
    "highlight",
    "heat",
    "tags",
    "images",
    "content",
    "type",
    "ampWebUrl",
    "cdnAmpWebUrl",
    "publishedDateTime",
    "updatedDateTime",
    "provider",
    "locale",
    "categories",
    "topics",
]


def record(number: int = 0, **fields: Any) -> Record:
    told: dict[str, Any] = {
        "title": f"Ferry {number} leaves “on time” — again",
        "excerpt": "It did.",
        "published_date_time": BEGIN - timedelta(hours=number),
        "type": "article",
        "provider": Provider("Harbor Post", "harborpost.example"),
        "heat": 12,
        "quality": 80,
        "published": True,
        "topics": ("Ferries",),
        **fields,
    }
    return Record(**told)


def published(
    *records: Record, topics: tuple[Topic, ...] = (), heats: dict[str, int] | None = None, **site: Any
) -> dict[str, Any]:
    files = tuple(RecordFile(f"_news/{number:03d}.md", made) for number, made in enumerate(records))
    edition = Edition(files, topics, (), SiteOptions(**site), BEGIN, heats=heats or {})
    return {file.path: json.loads(file.body) for file in OriginApi().files(edition)}


def value(made: Record, **more: Any) -> dict[str, Any]:
    found = published(made, **more)["api/news/index.json"]["value"][0]
    assert isinstance(found, dict)
    return found


def test_every_key_is_there_in_order_with_nulls_for_what_is_unknown() -> None:
    found = value(record(images=(Image("https://x.example/a.jpg", 9, 5),)))
    assert list(found) == VALUE_KEYS
    assert list(found["images"][0]) == ["url", "width", "height", "title", "attribution", "isCached"]
    assert list(found["provider"]) == ["name", "domain", "images", "publishers", "authors"]
    assert found["images"][0]["isCached"] is False
    nulls = {key for key, told in found.items() if told is None}
    assert nulls == {
        "sourceUrl",
        "webUrl",
        "originalUrl",
        "featuredContent",
        "highlight",
        "tags",
        "ampWebUrl",
        "cdnAmpWebUrl",
        "updatedDateTime",
    }
    assert (found["content"], found["locale"], found["categories"]) == ("\r\n", "en-us", ["news"])


def test_pages_hold_25_newest_first_and_the_index_is_page_1() -> None:
    found = published(*(record(number) for number in reversed(range(53))))
    assert sorted(found) == sorted(
        ["api/news/index.json", *(f"api/news/page/{number}/index.json" for number in (1, 2, 3))]
    )
    assert found["api/news/index.json"] == found["api/news/page/1/index.json"]
    pages = [found[f"api/news/page/{number}/index.json"] for number in (1, 2, 3)]
    assert [list(page) for page in pages] == [["page", "value", "nextPage"]] * 3
    assert [(page["page"], len(page["value"]), page["nextPage"]) for page in pages] == [
        (1, 25, 2),
        (2, 25, 3),
        (3, 3, None),
    ]
    times = [told["publishedDateTime"] for page in pages for told in page["value"]]
    assert times == sorted(times, reverse=True)


def test_an_empty_portal_has_one_empty_page() -> None:
    assert published()["api/news/index.json"] == {"page": 1, "value": [], "nextPage": None}


def test_only_what_is_published_and_alive_is_told() -> None:
    removed = Bookkeeping(id="0" * 16, tombstone="taken down at the publisher's wish")
    hidden = (record(published=False), record(published=None), record(bookkeeping=removed))
    assert published(*hidden)["api/news/index.json"]["value"] == []


def test_text_that_newsloom_kept_is_not_published_but_a_person_s_note_is() -> None:
    kept = Bookkeeping(id="0" * 16, digests={"body": "0123456789ab"})
    assert value(record(body="\nThe whole article.\n", bookkeeping=kept))["content"] == "\r\n"
    assert value(record(body="\nA note.\n"))["content"] == "<p>A note.</p>\n"


def test_heat_is_live_where_the_edition_knows_it() -> None:
    kept = Bookkeeping(id="a" * 16, modified=BEGIN, authors=("Mara Lindqvist",))
    told = value(record(bookkeeping=kept), heats={"a" * 16: 3})
    assert (told["heat"], told["updatedDateTime"]) == (3, "2026-03-02T13:00:00Z")
    assert told["provider"]["authors"] == [{"name": "Mara Lindqvist"}]
    assert value(record(bookkeeping=replace(kept, id="b" * 16)), heats={"a" * 16: 3})["heat"] == 12


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("UTC", "2026-03-02T13:00:00Z"),
        ("utc", "2026-03-02T13:00:00Z"),
        ("America/Los_Angeles", "2026-03-02T05:00:00-08:00"),
    ],
)
def test_instants_are_printed_in_the_zone_of_the_settings(zone: str, told: str) -> None:
    assert value(record(), api_instants=zone)["publishedDateTime"] == told


def test_an_unknown_zone_is_a_config_error() -> None:
    with pytest.raises(ConfigError):
        published(record(), api_instants="Mars/Olympus")


@pytest.mark.parametrize(
    ("services", "has_api"),
    [
        ({}, True),
        ({"news": "https://x.example/api/news/ferries/", "events": "https://x.example/api/events/ferries/"}, True),
        ({"events": "https://x.example/api/events/ferries/"}, False),
        ({"news": "https://x.example/api/news/"}, False),
    ],
)
def test_a_topic_has_lists_unless_its_services_leave_news_out(services: dict[str, str], has_api: bool) -> None:
    topic = Topic(id="ferries", name="Ferries", services=services)
    found = published(record(0), record(1, topics=("Tolls",)), topics=(topic,))
    assert ("api/news/ferries/page/1/index.json" in found) is has_api
    if has_api:
        assert [told["path"] for told in found["api/news/ferries/index.json"]["value"]] == ["_news/000.md"]


@pytest.mark.parametrize("identity", ["", "..", ".", "a/../../b"])
def test_a_topic_id_never_leads_out_of_the_folder(identity: str) -> None:
    assert not has_own_api(Topic(id=identity, name="X"))


def test_the_same_edition_gives_the_same_bytes_with_raw_letters() -> None:
    edition = Edition((RecordFile("_news/a.md", record()),), (), (), SiteOptions(), BEGIN)
    first, second = (list(OriginApi().files(edition)) for _ in range(2))
    assert first == second
    assert "“on time” — again".encode() in first[0].body


_FRAME = (
    '<iframe width="800" height="500" frameborder="0" src="https://video.example/e/1?a=1&amp;b=2" allow="accelerometer; '
    'autoplay; encrypted-media; gyroscope; picture-in-picture" allowfullscreen></iframe>'
)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (_FRAME, _FRAME),
        (_FRAME.replace("800", "640"), _FRAME.replace("800", "640")),
        (f"<script>x()</script><p onclick=x()>Hi {_FRAME}<b>", _FRAME.replace("fullscreen>", 'fullscreen="">')),
        ("<IFRAME SRC=//v.example/1 onload=x() srcdoc='<script>'>text", '<iframe src="https://v.example/1"></iframe>'),
        ('<iframe src="https://v.example/" allow="camera *"></iframe>', '<iframe src="https://v.example/"></iframe>'),
        ('<iframe src="javascript:alert(1)"></iframe>', None),
        ('<iframe src="http://v.example/1"></iframe>', None),
        ('<iframe src="/local"></iframe>', None),
        ('<iframe srcdoc="<script>x()</script>"></iframe>', None),
        ("<script>x()</script>", None),
        ("<img src=x onerror=x()>", None),
        ("https://v.example/1", None),
        ("", None),
        ("<iframe src='https://v.example/'>" + "x" * 20_000, None),
    ],
)
def test_only_a_frame_of_an_https_address_is_told_as_featured_content(written: str, told: str | None) -> None:
    assert value(record(featured_content=written))["featuredContent"] == told


@pytest.mark.parametrize(
    "bad", ["javascript:alert(1)", "data:text/html,x", "//x.example/", "java\tscript:x", "ftp://x.example/"]
)
def test_addresses_that_are_no_web_address_are_told_as_null(bad: str) -> None:
    logo = Image(bad, 9, 5)
    found = value(
        record(
            web_url=bad,
            original_url=bad,
            amp_web_url=bad,
            cdn_amp_web_url=bad,
            images=(logo, Image("https://x.example/a.jpg", 9, 5)),
            provider=Provider("Harbor Post", "harborpost.example", (logo,)),
        )
    )
    keys = ("webUrl", "originalUrl", "ampWebUrl", "cdnAmpWebUrl")
    assert [found[key] for key in keys] == [None] * 4
    assert [image["url"] for image in found["images"]] == ["https://x.example/a.jpg"]
    assert found["provider"]["images"] is None
