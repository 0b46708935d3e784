"""Choosing the excerpt, within what the publisher allows to be quoted."""

from __future__ import annotations

import re
from collections.abc import Sequence

from newsloom.model.article import Candidate
from newsloom.vocab.plain import letters_and_digits, one_line, shorten
from newsloom.vocab.rights import snippet_limit

_SHORTEST = 25
_CUT_OFF = re.compile(r"(?:…|\.\.\.|\[(?:…|\.\.\.|&hellip;)\])\s*$")
_FEED_TAIL = re.compile(
    r"\s*(?:The post .{1,300} (?:appeared first on|first appeared on) .{1,100}|(?:Continue reading|Read more|Read the full story|Read full article|Weiterlesen|Lire la suite|Leer más)\b.{0,150})$",
    re.IGNORECASE,
)
_SAME_START = 40
_MUCH_LONGER = 4
_MAX_SUMMARY = 5_000


def choose_excerpt(
    descriptions: Sequence[Candidate[str]],
    summary: str | None,
    body: str,
    title: str,
    *,
    robots: frozenset[str],
    limit: int,
) -> Candidate[str]:
    """Return the excerpt in at most *limit* characters: the publisher's description, else the feed's, the body's start, the title.

    `nosnippet`, `noindex` and `none` leave nothing but the title, `max-snippet:N` at most N characters. A description that
    repeats the title or says next to nothing is passed over; of two with the same start the one that is not cut off is taken.
    """
    limit = snippet_limit(robots, limit)
    if limit == 0:
        return Candidate(shorten(title, 300), "text:title")
    offered = list(descriptions)
    if summary:
        offered.append(Candidate(_FEED_TAIL.sub("", one_line(summary[:_MAX_SUMMARY])), "feed:summary"))
    usable = [candidate for candidate in offered if says_more(candidate.value, title)]
    if usable:
        chosen = _whole(usable)
    elif says_more(body, title):
        chosen = Candidate(_opening(body, title), "text:body")
    else:
        chosen = offered[0] if offered and offered[0].value else Candidate(title, "text:title")
    return Candidate(shorten(chosen.value, limit), chosen.method)


def says_more(text: str, title: str) -> bool:
    """Return True when *text* is long enough to tell something and is not just the title again."""
    if len(text) < _SHORTEST:
        return bool(text) and any(character > "\u2e7f" for character in text) and len(text) >= _SHORTEST // 3
    # A text many times as long says more whatever it says; folding a whole article to find that out costs more than all the rest.
    return len(text) > _MUCH_LONGER * len(title) + 100 or letters_and_digits(text) != letters_and_digits(title)


def _whole(usable: Sequence[Candidate[str]]) -> Candidate[str]:
    first = usable[0]
    if _CUT_OFF.search(first.value):
        for other in usable[1:]:
            if other.value[:_SAME_START] == first.value[:_SAME_START] and not _CUT_OFF.search(other.value):
                return other
    return first


def _opening(body: str, title: str) -> str:
    """Return the first paragraphs of *body* that are text: not the title again, not a dateline or caption of a few words."""
    paragraphs = [one_line(paragraph) for paragraph in body[:5_000].split("\n\n")]
    telling = [paragraph for paragraph in paragraphs if says_more(paragraph, title)]
    return telling[0] if telling else one_line(body[:5_000])
