"""Which member of a group of copies is the original: the one that others credit, that can be read, of the better provider, the first."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from newsloom.model.item import Item

_EDGES = 300, 400
_SHORTEST_NAME = 4
# A member that shows less of the text than this, as a share of the longest, is an excerpt of it.
_EXCERPT = 0.6
_CREDIT = re.compile(
    # "PORT ANSEL (Meridian Wire) —", in any language; a name in brackets at the end is the writer's
    r"\A(?:[^()（）\n]{1,60}[(（](?P<dateline>[^()（）\n]{2,40})[)）]\s*[-–—:]|[(（](?P<start>[^()（）\n]{2,40})[)）])"
    r"|(?i:(?:first|originally|previously)\s+(?:published|appeared)\s+(?:by|on|in|at))\s+(?P<first>[^.\n]{2,60})"
    r"|(?i:(?:republished|reprinted|syndicated)\s+(?:from|with permission (?:of|from)))\s+(?P<again>[^.\n]{2,60})"
    r"|(?i:\b(?:source|quelle|fuente|fonte|bron|källa|kilde|źródło|источник|kaynak|출처|المصدر)|出典|来源|來源)\s*[:：]\s*(?P<source>[^.\n]{2,60})"
)


def choose_original(candidates: Sequence[Item], members: Sequence[Item], standing: Mapping[str, int]) -> str:
    """Return the id of the one of *candidates* that is the original of the group *members*.

    The first of these that tells two apart decides:

    1. originality: more members of other providers credit its provider by name; else, one that credits nobody else;
    2. access: the text is free and shown in full (60 % of the longest at least);
    3. standing of its provider (0..100, unknown is 0), by quarters: a few points more do not make a later text the original;
    4. time: reported first (seen_at, first_seen, id).
    """
    longest = max(_length(item) for item in members)

    def rank(item: Item) -> tuple[object, ...]:
        votes = sum(_names(other, item) for other in members)
        original = votes or (-1 if _credits_another(item) else 0)
        readable = item.article.access != "paywalled" and (_length(item) >= _EXCERPT * longest or _text_was_lost(item))
        quarter = standing.get(item.article.provider.domain, 0) // 25
        return -original, not readable, -quarter, item.seen_at, item.first_seen, item.id

    return min(candidates, key=rank).id


def _length(item: Item) -> int:
    return max(len(item.article.article_body), len(item.article.excerpt))


def _text_was_lost(item: Item) -> bool:
    """Return whether the working state once had the text of *item*: what a record keeps of it says nothing about access."""
    return not item.article.article_body and "body" in item.article.methods


def _names(item: Item, original: Item) -> bool:
    """Return whether *item*, of another provider, names the provider of *original* where texts are credited."""
    mine, theirs = item.article.provider, original.article.provider
    if mine.domain == theirs.domain or mine.name == theirs.name or len(theirs.name) < _SHORTEST_NAME:
        return False
    return re.search(rf"(?<!\w){re.escape(theirs.name)}(?!\w)", _edges(item)) is not None


def _credits_another(item: Item) -> bool:
    """Return whether *item* says in so many words that its text is from somebody else."""
    own = item.article.provider.name.casefold()
    for match in _CREDIT.finditer(_edges(item)):
        name = next(group for group in match.groups() if group is not None).strip().casefold()
        if own and own not in name and name not in own:
            return True
    return False


def _edges(item: Item) -> str:
    text = item.article.article_body or item.article.excerpt
    start, end = _EDGES
    return f"{text[:start]}\n{text[start:][-end:]}\n{', '.join(item.article.authors)}"
