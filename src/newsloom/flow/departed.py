"""What items that went away (deleted, taken down), or came back, leave to be decided again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace

from newsloom.model.item import Item


def left_behind(items: Mapping[str, Item], gone: Set[str], stories: Set[str]) -> Iterator[Item]:
    """Yield the items that are another way without those that are *gone*: unlinked from them, lead and heat to be decided.

    Of the copies of an original that is gone the one seen first stands in for it.

    Args:
        items: every item at hand, by id; those that are gone among them or not.
        gone: ids that no item may name any more.
        stories: ids of stories that lost or regained a member.
    """
    heirs: dict[str, str] = {}
    for item in sorted(items.values(), key=lambda item: (item.seen_at, item.id)):
        if item.duplicate_of in gone and item.id not in gone:
            heirs.setdefault(item.duplicate_of or "", item.id)
    for item in items.values():
        if item.id in gone:
            continue
        changed = replace(item, relations=tuple(note for note in item.relations if note.item not in gone))
        if item.duplicate_of in gone:
            heir = heirs[item.duplicate_of or ""]
            # What was a copy until now is judged again, where its text is at hand.
            quality = None if item.article.article_body else item.quality
            changed = replace(changed, duplicate_of=None if heir == item.id else heir, quality=quality)
        if item.story in stories:
            changed = replace(changed, heat=None)
        if changed != item:
            yield changed
