"""The quality rules of profile `newsloom`: bounded, each with its evidence; what is not known is neutral, not bad."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2

from newsloom.model.score import Term
from newsloom.stages.rank.facts import ItemFacts
from newsloom.stages.rank.headlines import judge_clickbait, judge_press_release
from newsloom.stages.rank.prose import read_prose, word_count

NEUTRAL_STANDING = 50


def source_standing(name: str, facts: ItemFacts, *, at_most: int = 50) -> tuple[Term, ...]:
    """Give 0..*at_most* for the provider's standing 0..100; an unknown one stands in the middle."""
    provider, known = facts.item.article.provider, facts.standing
    named = provider.domain if provider.name in ("", provider.domain) else f"{provider.name} ({provider.domain})"
    standing = NEUTRAL_STANDING if known is None else min(100, max(0, known))
    evidence = f"{named}: standing unknown, neutral" if known is None else f"{named}: standing {standing} of 100"
    return (Term(name, round(at_most * standing / 100), evidence),)


def originality(
    name: str,
    facts: ItemFacts,
    *,
    first: int = 10,
    at_most_evidence: int = 20,
    unread: int = 8,
    rewritten: int = 6,
) -> tuple[Term, ...]:
    """Give *first* to an item that copies no other, and up to *at_most_evidence* for quotations, figures, first-hand words.

    Two points a quotation (at most 8), one a figure (at most 5), three a mark of first-hand reporting (at most 9; 3 where the
    language has no table of them). A text that credits another outlet and shows no reporting of its own gets *rewritten* less. A
    text that was not read counts *unread* instead. A copy gets nothing.
    """
    item = facts.item
    if item.duplicate_of is not None:
        return (Term(name, 0, f"copy of {item.duplicate_of}"),)
    article = item.article
    if not article.article_body:
        return (Term(name, first + min(unread, at_most_evidence), "first of its text; text not read, neutral"),)
    prose = read_prose(article.article_body, article.in_language)
    marks = min(9, 3 * len(prose.first_hand)) if prose.known else 3
    shown = min(at_most_evidence, min(8, 2 * prose.quotations) + min(5, prose.numbers) + marks)
    evidence = f"first of its text; {_counted(prose.quotations, 'quotation')}, {_counted(prose.numbers, 'figure')}"
    if prose.first_hand:
        evidence += ", " + _quoted(prose.first_hand)
    if prose.rewrites and not prose.first_hand:
        shown -= min(rewritten, first + shown)
        evidence += f"; owed to another outlet: {_quoted(prose.rewrites)}"
    return (Term(name, first + shown, evidence),)


def depth(
    name: str, facts: ItemFacts, *, at_most: int = 20, from_words: int = 30, full_words: int = 600, unread: int = 11
) -> tuple[Term, ...]:
    """Give 0..*at_most* growing with the logarithm of the word count between *from_words* and *full_words*.

    A text that was not read, and a video, whose words are not its substance, count *unread*.
    """
    article = facts.item.article
    if article.type == "video":
        return (Term(name, min(unread, at_most), "video, neutral"),)
    if not article.article_body:
        return (Term(name, min(unread, at_most), "text not read, neutral"),)
    words = read_prose(article.article_body, article.in_language).words
    share = log2(max(words, 1) / from_words) / log2(max(full_words, from_words + 1) / from_words)
    return (Term(name, round(at_most * min(1.0, max(0.0, share))), f"{words} words"),)


def transparency(
    name: str, facts: ItemFacts, *, byline: int = 4, date: int = 4, changes: int = 2, sources: int = 4
) -> tuple[Term, ...]:
    """Give *byline* for named authors, *date* for a date with a time of day, *changes* for telling of a change or correction,
    and *sources* for three or more people named as having said something, a share of it for fewer.

    Most of *byline* is given when the page was not read, so that nothing could be seen there; half of *date* for a day alone; half
    of *sources* when the text was not read or its language has no table of such phrases.
    """
    article = facts.item.article
    prose = read_prose(article.article_body, article.in_language) if article.article_body else None
    points, evidence = 0, []
    if article.authors:
        points += byline
        evidence.append("by " + ", ".join(article.authors[:3]))
    elif prose is None:
        points += round(0.8 * byline)
        evidence.append("byline unknown, neutral")
    else:
        evidence.append("no byline")
    told = article.published_date_time
    if told is not None and (told.hour, told.minute, told.second) != (0, 0, 0):
        points += date
        evidence.append("dated to the minute" if told.second == 0 else "dated to the second")
    else:
        points += round(0.6 * date)
        evidence.append("dated to the day" if told else "date unknown")
    if prose is not None and prose.corrections:
        points += changes
        evidence.append(f"tells of a correction: {_quoted(prose.corrections)}")
    elif article.date_modified is not None and told is not None and article.date_modified > told:
        points += changes
        evidence.append("says when it was changed")
    if prose is None or not prose.known:
        points += round(sources / 2)
        evidence.append("named sources unknown, neutral")
    else:
        points += round(sources * min(3, len(prose.sources)) / 3)
        evidence.append("names " + ", ".join(prose.sources[:3]) if prose.sources else "names no source")
    return (Term(name, points, "; ".join(evidence)),)


def relevance(name: str, facts: ItemFacts, *, at_most: int = 15) -> tuple[Term, ...]:
    """Give 0..*at_most* for the most certain topic; an item that was not classified, or a portal without topics, is neutral."""
    labels = facts.item.topics
    if labels is None or (not labels and not facts.topics):
        return (Term(name, round(at_most / 2), "topics not known, neutral"),)
    if not labels:
        return (Term(name, 0, "no topic fits"),)
    best = max(labels, key=lambda label: label.confidence)
    return (Term(name, round(at_most * min(1.0, max(0.0, best.confidence))), f"{best.topic} {best.confidence:.2f}"),)


def clickbait(name: str, facts: ItemFacts, *, at_most: int = 25, from_score: float = 0.45) -> tuple[Term, ...]:
    """Take up to *at_most* for a headline that baits; nothing below *from_score*."""
    article = facts.item.article
    score, cues = judge_clickbait(article.title, article.in_language, facts.headlines)
    return (Term(name, -_penalty(score, at_most, from_score), ", ".join(cues) or "no cue"),)


def press_release(name: str, facts: ItemFacts, *, at_most: int = 60, from_score: float = 0.45) -> tuple[Term, ...]:
    """Take up to *at_most* for a press release, market report or investor notice; nothing below *from_score*."""
    score, cues = judge_press_release(facts.item.article, facts.headlines)
    return (Term(name, -_penalty(score, at_most, from_score), ", ".join(cues) or "no cue"),)


def _penalty(score: float, at_most: int, from_score: float) -> int:
    return round(at_most * max(0.0, (score - from_score) / (1.0 - from_score)))


def copy(name: str, facts: ItemFacts, *, points: int = 20) -> tuple[Term, ...]:
    """Take *points* from a copy of another item."""
    primary = facts.item.duplicate_of
    return (Term(name, -points if primary else 0, f"copy of {primary}" if primary else "no copy"),)


def thin(name: str, facts: ItemFacts, *, points: int = 15, below_words: int = 60) -> tuple[Term, ...]:
    """Take up to *points* from a text that was read and has fewer than *below_words* words; videos are spared."""
    article = facts.item.article
    if not article.article_body or article.type == "video":
        return (Term(name, 0, "text not read" if article.type != "video" else "video"),)
    words = word_count(article.article_body[: 20 * below_words + 2000])
    missing = max(0.0, (below_words - words) / below_words)
    return (Term(name, -round(points * min(1.0, 2 * missing)), f"{words} words" if missing else "long enough"),)


def paywalled(name: str, facts: ItemFacts, *, points: int = 5) -> tuple[Term, ...]:
    """Take *points* from an item that readers cannot read freely."""
    access = facts.item.article.access
    return (Term(name, -points if access == "paywalled" else 0, access or "access unknown"),)


def _quoted(found: Sequence[str]) -> str:
    return ", ".join(f'"{phrase}"' for phrase in found[:3])


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
