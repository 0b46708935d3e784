"""Fetch the pictures that published items show, and let the records tell their true sizes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from newsloom.flow.weave import Woven
from newsloom.flow.world import Bench
from newsloom.model.item import Item
from newsloom.model.notice import Notice
from newsloom.model.page import FetchedPage, FetchRequest
from newsloom.ports.fetching import Fetcher
from newsloom.ports.outlets import PictureShelf


async def measured(bench: Bench, fetcher: Fetcher, woven: Woven, now: datetime) -> Woven:
    """Return *woven* with the true size of each picture that is at hand; those that published items show are fetched first.

    What a page declares is often the size of another crop, or what its template always says. A picture that cannot be had keeps
    the size that its page declares.

    Raises:
        StorageError: a picture could not be kept.
    """
    shelf = bench.ports.pictures
    if shelf is None:
        return woven
    shown = (item.article.images[0].url for item in woven.items if item.published and item.article.images)
    await fetch_pictures(bench, fetcher, shelf, shown, now)
    return replace(woven, items=tuple(_measured(item, shelf) for item in woven.items))


async def fetch_pictures(
    bench: Bench, fetcher: Fetcher, shelf: PictureShelf, urls: Iterable[str], now: datetime
) -> None:
    """Fetch those pictures of *urls* that are not on *shelf* yet, each once. Raises StorageError."""
    missing = [url for url in dict.fromkeys(urls) if not shelf.has(url)]
    bench.notify(Notice("step", "pictures", "Fetching pictures", len(missing)))
    if not missing:
        return
    async for request, outcome in fetcher.fetch_all([FetchRequest(url=url, accept="image") for url in missing]):
        if isinstance(outcome, FetchedPage):
            shelf.put(request.url, outcome.body)
        else:
            shelf.put_failure(request.url, now)
    with bench.ports.store.begin() as work:  # a picture's host may have asked for silence too
        for host in fetcher.host_states():
            work.sources.put_host(host)


def _measured(item: Item, shelf: PictureShelf) -> Item:
    images = tuple(
        replace(image, width=size[0], height=size[1]) if (size := shelf.size(image.url)) else image
        for image in item.article.images
    )
    return item if images == item.article.images else replace(item, article=replace(item.article, images=images))
