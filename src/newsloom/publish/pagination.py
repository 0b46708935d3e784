"""Lists cut into pages that stay: a new item must not push every older one to another page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ListPage(Generic[T]):
    """One page of a list. `number` None is the landing page with the newest; others count from the oldest, 1 first.

    `older` is the number of the next older page, None on the oldest. `newer` is that of the next newer one, None when
    that is the landing page (or this is it).
    """

    number: int | None
    items: Sequence[T]
    older: int | None
    newer: int | None


def stable_pages(items: Sequence[T], size: int) -> Iterator[ListPage[T]]:
    """Yield the pages of *items* (newest first), landing page first; an empty list has one empty page.

    Pages are full and counted from the oldest, so that a new item changes the landing page only, and closes one page in
    every *size* items. The landing page holds between *size* and 2·*size* − 1 items (fewer when there are no more).
    """
    closed = max(0, len(items) // size - 1)
    landing = len(items) - closed * size
    yield ListPage(None, items[:landing], closed or None, None)
    for number in range(closed, 0, -1):
        start = landing + (closed - number) * size
        yield ListPage(number, items[start : start + size], number - 1 or None, number + 1 if number < closed else None)
