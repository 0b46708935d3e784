"""How reading is doing: shares by provider, and drops that chance does not explain."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from newsloom.model.reading import ReadFacts
from newsloom.stages.reading_health import reading_health

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)
WHOLE = {
    "body": "text:blocks",
    "publishedDateTime": "json-ld:datePublished",
    "images": "opengraph:og:image",
    "authors": "json-ld:author",
}
EMPTY = {"publishedDateTime": "first-seen"}


def facts(
    count: int, days_ago: float, methods: dict[str, str], *, provider: str = "harbor.example", **more: str
) -> list[ReadFacts]:
    at = NOW - timedelta(days=days_ago)
    return [ReadFacts(f"https://{provider}/{days_ago}/{i}", provider, at, methods, **more) for i in range(count)]


def test_shares_and_methods_of_the_days_asked_about() -> None:
    read = [*facts(3, 1, WHOLE), *facts(1, 2, EMPTY, access="paywalled"), *facts(40, 9, EMPTY), *facts(9, 20, WHOLE)]
    (one,) = reading_health(read, now=NOW, days=7)
    assert (one.pages, one.pages_before) == (4, 40)
    assert one.shares == {"body": 0.75, "date": 0.75, "image": 0.75, "author": 0.75}
    assert one.methods["body"] == {"text:blocks": 0.75}
    assert one.paywalled == 0.25
    assert one.drops == ()


def test_a_drop_is_told_with_a_page_to_look_at() -> None:
    without = {key: method for key, method in WHOLE.items() if key != "images"}
    read = [*facts(20, 1, without), *facts(20, 9, WHOLE)]
    (one,) = reading_health(read, now=NOW, days=7)
    (drop,) = one.drops
    assert (drop.field, drop.before, drop.now) == ("image", 1.0, 0.0)
    assert drop.example.startswith("https://harbor.example/1/")


def test_few_pages_and_small_changes_are_no_drop() -> None:
    assert reading_health([*facts(9, 1, EMPTY), *facts(40, 9, WHOLE)], now=NOW, days=7)[0].drops == ()
    nearly = [*facts(18, 1, WHOLE), *facts(2, 2, EMPTY), *facts(20, 9, WHOLE)]
    assert reading_health(nearly, now=NOW, days=7)[0].drops == ()


def test_what_only_the_feed_tells_and_why() -> None:
    fed = {"type": "feed:entry"}
    read = [*facts(1, 1, fed, unread="needs_javascript"), *facts(2, 2, fed, unread="robots"), *facts(1, 3, WHOLE)]
    (one,) = reading_health(read, now=NOW, days=7)
    assert (one.feed_only, one.needs_javascript) == (0.75, 0.25)
    assert one.unread == {"robots": 2, "needs_javascript": 1}


def test_providers_with_drops_come_first_then_the_busiest() -> None:
    read = [
        *facts(30, 1, WHOLE, provider="busy.example"),
        *facts(10, 1, EMPTY, provider="fell.example"),
        *facts(10, 9, WHOLE, provider="fell.example"),
        *facts(3, 1, WHOLE, provider="calm.example"),
    ]
    assert [one.provider for one in reading_health(read, now=NOW, days=7)] == [
        "fell.example",
        "busy.example",
        "calm.example",
    ]
    assert reading_health([], now=NOW, days=7) == ()
