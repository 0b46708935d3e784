"""Who leads a story: what the scorer says, under what people decided."""

from __future__ import annotations

from dataclasses import replace

from newsloom.flow.reconcile import Shelf
from newsloom.flow.world import Bench
from newsloom.model.item import Item
from newsloom.ports.deciding import StoryView


def leader_of(bench: Bench, shelf: Shelf, story: StoryView) -> str:
    """Return the id of the member that leads *story*.

    An item that a person holds does not lead while another can; the one that a person pinned leads.
    """
    free = [item for item in story.members if not _is_held(shelf, item)] or list(story.members)
    free = [item for item in free if _is_pinned(shelf, item)] or free
    return bench.stages.score.lead(replace(story, members=tuple(free)))


def _is_held(shelf: Shelf, item: Item) -> bool:
    file = shelf.files.get(item.id)
    return file is not None and file.record.published is False and "published" in shelf.decided.get(item.id, ())


def _is_pinned(shelf: Shelf, item: Item) -> bool:
    file = shelf.files.get(item.id)
    book = file.record.bookkeeping if file else None
    return book is not None and book.lead is True and "lead" in shelf.decided.get(item.id, ())
