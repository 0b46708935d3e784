"""The true sizes of pictures come into records: those that published items show are fetched, each once, before records are written."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image as Picture

from fake_web import FakeFetcher
from invented_bench import NOW, Desk
from invented_news import feed, page, stories
from newsloom.adapters.pages.thumbnails import ThumbnailShelf
from newsloom.flow.pictures import measured
from newsloom.flow.weave import Woven
from newsloom.flow.world import Bench
from newsloom.model.item import Item
from newsloom.model.record import Image
from newsloom.model.source import Source

BASE = "https://harborpost.example"
NEWS = stories(3)
DECLARED = (1200, 630)


def photo() -> bytes:
    out = io.BytesIO()
    Picture.linear_gradient("L").resize((640, 360)).convert("RGB").save(out, "JPEG")
    return out.getvalue()


WEB = {f"{BASE}/{name}.jpg": ("image/jpeg", photo()) for name in ("shown", "held")}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path, (Source(f"{BASE}/feed.xml"),))
    desk.run(
        {
            f"{BASE}/feed.xml": ("application/rss+xml", feed(NEWS, BASE)),
            **{BASE + story.path: ("text/html", page(story, BASE)) for story in NEWS},
        }
    )
    yield desk
    desk.store.close()


def bench(desk: Desk) -> Bench:
    shelf = ThumbnailShelf(desk.folder / "pictures", pixels=200)
    return replace(desk.bench, ports=replace(desk.bench.ports, pictures=shelf))


def pictured(desk: Desk) -> Woven:
    """Return the items of the desk: one shown, one whose picture cannot be had, one held back; all of declared size."""
    with desk.store.begin() as work:
        items = sorted(work.items.iter_all(), key=lambda item: item.article.url)
    names = (("shown", True), ("lost", True), ("held", False))
    return Woven(tuple(_with(item, *name) for item, name in zip(items, names, strict=True)), ())


def _with(item: Item, name: str, published: bool) -> Item:
    images = (Image(f"{BASE}/{name}.jpg", *DECLARED, title="A ferry"),)
    return replace(item, published=published, article=replace(item.article, images=images))


def sizes(woven: Woven) -> list[tuple[int | None, int | None]]:
    return [(image.width, image.height) for item in woven.items for image in item.article.images]


def test_published_pictures_get_their_true_size_and_others_keep_the_declared_one(desk: Desk) -> None:
    fetcher = FakeFetcher(WEB)
    woven = asyncio.run(measured(bench(desk), fetcher, pictured(desk), NOW))
    assert sizes(woven) == [(640, 360), DECLARED, DECLARED]
    assert [image.title for item in woven.items for image in item.article.images] == ["A ferry"] * 3
    assert [request.url for request in fetcher.asked] == [f"{BASE}/shown.jpg", f"{BASE}/lost.jpg"]


def test_no_picture_is_fetched_twice_and_what_is_known_is_told_again(desk: Desk) -> None:
    asyncio.run(measured(bench(desk), FakeFetcher(WEB), pictured(desk), NOW))
    again = FakeFetcher(WEB)
    assert sizes(asyncio.run(measured(bench(desk), again, pictured(desk), NOW))) == [(640, 360), DECLARED, DECLARED]
    assert again.asked == []


def test_without_a_shelf_nothing_is_fetched(desk: Desk) -> None:
    fetcher, woven = FakeFetcher(WEB), pictured(desk)
    assert asyncio.run(measured(desk.bench, fetcher, woven, NOW)) is woven
    assert fetcher.asked == []


def test_a_page_that_is_read_again_does_not_undo_what_was_measured(desk: Desk) -> None:
    first, *others = NEWS
    head = (
        f'<meta property="og:image" content="{BASE}/shown.jpg"><meta property="og:image:width" content="1200">'
        '<meta property="og:image:height" content="630"></head>'
    )

    def web(title: str) -> dict[str, tuple[str, bytes]]:
        story = first.corrected(title)
        shown = page(story, BASE).replace(b"</head>", head.encode())
        return {
            f"{BASE}/feed.xml": ("application/rss+xml", feed([story, *others], BASE)),
            BASE + story.path: ("text/html", shown),
        }

    def kept() -> Item:
        with desk.store.begin() as work:
            return next(item for item in work.items.iter_all() if item.article.url == BASE + first.path)

    desk.run(web("Night boat is late"), timedelta(hours=2))
    assert sizes(Woven((kept(),), ())) == [DECLARED]
    with desk.store.begin() as work:
        item = kept()
        measured_images = tuple(replace(image, width=640, height=360) for image in item.article.images)
        work.items.put(replace(item, article=replace(item.article, images=measured_images)))
    desk.run(web("Night boat is later still"), timedelta(hours=4))
    assert kept().article.title == "Night boat is later still"
    assert sizes(Woven((kept(),), ())) == [(640, 360)]
