"""Whether a rule hits an item, and by what. Bounded: a person's pattern on a stranger's text must not stop a run."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import prod

from newsloom.model.item import Item
from newsloom.model.rule import Condition, Rule
from newsloom.vocab.urls import host, public_address

TEXT_FIELDS = (
    "title", "excerpt", "body", "text", "url", "domain", "provider", "author", "language", "topic", "source", "section", "keyword",
    "type", "access",
)  # fmt: skip
NUMBER_FIELDS = ("quality", "confidence", "words", "images")
FIELDS = TEXT_FIELDS + NUMBER_FIELDS
DECIDED_FIELDS = ("quality",)
"""Known only after topics and quality: what decides those cannot ask for them."""

CHARACTERS = 20_000
"""A longer text is judged by its beginning."""

MOST_PATHS = 500
MOST_PATTERN = 300
"""How many ways a pattern may have to match at one place, and how long it may be: together with `CHARACTERS` this bounds its time."""

_COUNTED = re.compile(r"\{(\d{1,4})(?:,(\d{1,4}))?\}")

Value = str | float | tuple[str, ...]


def fields_of(item: Item) -> Mapping[str, Value]:
    """Return what rules see of *item*, by field; lists as tuples, unknown ones absent."""
    article = item.article
    labels = item.topics or ()
    told: dict[str, Value | None] = {
        "title": article.title,
        "excerpt": article.excerpt,
        "body": article.article_body or None,
        "text": "\n".join((article.title, article.excerpt, article.article_body)),
        "url": tuple(dict.fromkeys((article.url, article.original_url))),
        "domain": tuple(dict.fromkeys((article.provider.domain.lower(), host(article.url)))),
        "provider": article.provider.name,
        "author": article.authors or None,
        "language": tuple(dict.fromkeys((article.in_language.lower(), article.in_language.lower().partition("-")[0])))
        if article.in_language
        else None,
        "topic": tuple(label.topic for label in labels),
        "source": public_address(item.source) if item.source else None,
        "section": article.article_section,
        "keyword": article.keywords or None,
        "type": article.type,
        "access": article.access,
        "quality": float(item.quality.total) if item.quality else None,
        "confidence": max((label.confidence for label in labels), default=0.0),
        "words": float(len(article.article_body[:CHARACTERS].split())) if article.article_body else None,
        "images": float(len(article.images)),
    }
    return {key: value for key, value in told.items() if value is not None}


def hit(rule: Rule, fields: Mapping[str, Value]) -> str | None:
    """Return what *rule* hit in *fields*, in words (`title: "jackpot"`), or None when it does not mean it.

    Cost: linear in the text for words and phrases; at most `MOST_PATHS` steps a character for a pattern.
    """
    found = []
    for condition in rule.conditions:
        what = _met(condition, fields)
        if what is None:
            return None
        found.append(f"{condition.field}: {what}")
    if any(_met(condition, fields) is not None for condition in rule.unless):
        return None
    return "; ".join(found)


def _met(condition: Condition, fields: Mapping[str, Value]) -> str | None:
    value = fields.get(condition.field)
    if value is None:
        return None
    if condition.matcher in ("above", "below"):
        (bound,) = condition.values
        if not isinstance(value, float | int) or not isinstance(bound, float | int):
            return None
        holds = value > bound if condition.matcher == "above" else value < bound
        return f"{value:g} {condition.matcher} {bound:g}" if holds else None
    if isinstance(value, float | int):
        return f"{value:g}" if value in condition.values else None
    for text in (value,) if isinstance(value, str) else value:
        if found := _found(condition, text[:CHARACTERS]):
            return f'"{found}"'
    return None


def _found(condition: Condition, text: str) -> str | None:
    if condition.matcher == "is":
        return next((text for value in condition.values if text.casefold() == str(value).casefold()), None)
    if condition.matcher == "starts":
        return next((str(v) for v in condition.values if text.casefold().startswith(str(v).casefold())), None)
    match = _compiled(condition.matcher, tuple(map(str, condition.values))).search(text)
    return match.group(0)[:80] if match else None


@lru_cache(maxsize=512)
def _compiled(matcher: str, values: tuple[str, ...]) -> re.Pattern[str]:
    if matcher == "regex":
        return re.compile("|".join(f"(?:{value})" for value in values), re.IGNORECASE)
    words = (r"\s+".join(map(re.escape, value.split())) for value in values)
    return re.compile(r"(?<!\w)(?:" + "|".join(words) + r")(?!\w)", re.IGNORECASE)


def pattern_problem(pattern: str) -> str | None:
    """Return why *pattern* may not be used, None when it may.

    Only patterns whose time is bounded by their length are taken: repeats with a bound, none inside another, nothing that looks
    around or back.
    """
    if len(pattern) > MOST_PATTERN:
        return f"is longer than {MOST_PATTERN} characters"
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return f"is no regular expression ({error})"
    bare = re.sub(r"\\[^\d]", "x", pattern)
    bare = re.sub(r"\[\^?\]?[^\]]*\]", "x", bare)
    if re.search(r"\\\d", bare):
        return "refers back to a group, which has no bound on its time"
    if re.search(r"\(\?(?!:)", bare):
        return "looks around or sets flags; only (?:…) is taken"
    if re.search(r"[*+]|\{\d*,\}", bare):
        return "repeats without a bound; write {0,40} instead of * and {1,40} instead of +"
    if re.search(r"\)\{", bare):
        return "repeats a group; repeat single characters or classes only"
    ranges = [int(high or low) - int(low) + 1 for low, high in _COUNTED.findall(bare)]
    singles = 2 ** bare.replace("(?:", "(").count("?")
    ways = prod(ranges) * singles * (1 + bare.count("|"))
    if ways > MOST_PATHS:
        return f"can match in {ways} ways at one place, more than {MOST_PATHS}; use fewer or narrower repeats"
    return None


def first_hits(rules: Sequence[Rule], fields: Mapping[str, Value], *actions: str) -> list[tuple[Rule, str]]:
    """Return the rules with one of *actions* that hit *fields*, in the file's order, each with what it hit."""
    found = []
    for rule in rules:
        if rule.action in actions and (what := hit(rule, fields)) is not None:
            found.append((rule, what))
    return found
