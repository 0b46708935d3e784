"""The rules of the origin's numbers, as solved from its data (record format, section 3). Profile `origin` lists them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from newsloom.model.score import Term
from newsloom.stages.rank.facts import ItemFacts, StoryFacts


def has_image(name: str, facts: ItemFacts, *, points: int = 20) -> tuple[Term, ...]:
    """Give *points* to an item with a picture."""
    images = facts.item.article.images
    return (Term(name, points if images else 0, images[0].url if images else "no image"),)


def has_amp(name: str, facts: ItemFacts, *, points: int = 20) -> tuple[Term, ...]:
    """Give *points* to an item with an AMP address."""
    amp = facts.item.article.amp_web_url
    return (Term(name, points if amp else 0, amp or "no AMP page"),)


def has_video(name: str, facts: ItemFacts, *, points: int = 50) -> tuple[Term, ...]:
    """Give *points* to an item that carries an embedded video."""
    embedded = bool(facts.item.article.featured_content)
    return (Term(name, points if embedded else 0, "embedded video" if embedded else "no embedded video"),)


def listed_source(
    name: str,
    facts: ItemFacts,
    *,
    official_url_patterns: Sequence[str] = (),
    official_weight: int = 50,
    organisation_weight: int = 0,
) -> tuple[Term, ...]:
    """Give *official_weight* to an official source of the portal, *organisation_weight* to a provider with a file, else 0.

    Args:
        name: what the term is called.
        facts: the item.
        official_url_patterns: regular expressions, searched in the original address; one that matches makes it official.
        official_weight: points of an official source.
        organisation_weight: points of a provider with a file in `_data/organizations`.
    """
    article = facts.item.article
    for pattern in official_url_patterns:
        if _compiled(pattern).search(article.original_url):
            return (Term(name, official_weight, f"official source: {pattern}"),)
    if facts.organization is not None:
        return (Term(name, organisation_weight, f"{facts.organization.domain} has a file"),)
    return (Term(name, 0, f"{article.provider.domain} has no file"),)


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def title_keywords(
    name: str, facts: ItemFacts, *, per_topic: int = 2, per_keyword: int = 15, root_topic: str = ""
) -> tuple[Term, ...]:
    """Give *per_topic* for each topic and *per_keyword* for each of its keyword entries that is a substring of the title.

    The title is lower-cased, the entries are not, and an entry listed twice counts twice: that is how the origin did it.
    An item that was given no topic counts as filed under *root_topic*, which every record of the origin carries.
    """
    labels = facts.item.topics or ()
    names = [label.topic for label in labels] or ([root_topic] if root_topic else [])
    title = facts.item.article.title.lower()
    points, evidence = 0, []
    for topic_name in names:
        topic = facts.topics.get(topic_name)
        hits = [word for word in topic.keywords if word in title] if topic else []
        points += per_topic + per_keyword * len(hits)
        evidence.append(f"{topic_name}: " + (", ".join(f'"{hit}"' for hit in hits) or "no keyword in the title"))
    return (Term(name, points, "; ".join(evidence) or "no topic"),)


def long_title(name: str, facts: ItemFacts, *, free_characters: int = 70, per_point: int = 2) -> tuple[Term, ...]:
    """Take one point for every *per_point* characters that the title has beyond *free_characters*."""
    length = len(facts.item.article.title)
    return (Term(name, -max(0, (length - free_characters) // per_point), f"{length} characters"),)


def floor(name: str, facts: ItemFacts | StoryFacts, *, lowest: int = 0) -> tuple[Term, ...]:
    """Lift the sum of the terms before to *lowest* when it is below."""
    lift = max(0, lowest - facts.subtotal)
    return (Term(name, lift, f"not below {lowest}" if lift else ""),)


def own_quality(name: str, facts: StoryFacts) -> tuple[Term, ...]:
    """Give the item's quality."""
    return (Term(name, facts.quality, f"quality {facts.quality}"),)


def related_items(name: str, facts: StoryFacts, *, points: int = 10, from_quality: int = 60) -> tuple[Term, ...]:
    """Give *points* for each related item when the item's quality is *from_quality* or more."""
    count = len(facts.others)
    if facts.quality < from_quality:
        return (Term(name, 0, f"{count} related, but quality below {from_quality}"),)
    return (Term(name, points * count, f"{count} related"),)


def outranked(name: str, facts: StoryFacts) -> tuple[Term, ...]:
    """Bring the heat to −1 when a related item has strictly higher quality."""
    best = max(facts.others, key=lambda pair: pair[1], default=None)
    if best is None or best[1] <= facts.quality:
        return (Term(name, 0, "no related item has higher quality"),)
    other, quality = best
    return (Term(name, -1 - facts.subtotal, f'"{other.article.title}" has quality {quality}'),)
