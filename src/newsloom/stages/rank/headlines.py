"""Whether an item is a press release or its like, and whether its headline baits: one number each, with one line of evidence.

The trained models (`wording`) judge the wording where they know the language; elsewhere, and without them, the cues do alone. What a
text says of itself (a wire's dateline, a safe-harbour notice) counts beside either.
"""

from __future__ import annotations

from newsloom.model.article import Article
from newsloom.stages.rank.clickbait import clickbait_cues
from newsloom.stages.rank.press_release import headline_cues, press_release_cues, text_cues
from newsloom.stages.rank.wording import HeadlineModels

PRESS_RELEASE, CLICKBAIT = 0.5, 0.5
"""From here on `newsloom eval` calls an item a press release, a headline bait: so that few honest ones are."""

_TOLD_FROM = 0.25
"""Below this the wording is not worth a word of evidence."""


def judge_press_release(article: Article, models: HeadlineModels | None) -> tuple[float, tuple[str, ...]]:
    """Return how sure newsloom is that *article* is a press release, a market report or other promotion, and by what.

    Returns:
        A number in 0..1, and the evidence, strongest first; the number is 0.0 without any by cues alone.

    Cost: linear; at most 300 characters of the title and 9,000 of the text are read.
    """
    title, excerpt, body, domain = article.title, article.excerpt, article.article_body, article.provider.domain
    if models is None or not models.knows(article.in_language):
        return press_release_cues(title, excerpt, body, domain=domain)
    cues = headline_cues(title)
    wording = models.wording(title, excerpt, cues)
    worded = models.press_release.probability(wording)
    text, found = text_cues(excerpt, body, domain)
    evidence: tuple[str, ...] = ()
    if worded >= _TOLD_FROM:
        evidence = (_told(worded, "promotion", models.press_release.telling(wording)), *cues)
    return 1.0 - (1.0 - worded) * (1.0 - text), (*evidence, *found)


def judge_clickbait(title: str, language: str | None, models: HeadlineModels | None) -> tuple[float, tuple[str, ...]]:
    """Return how sure newsloom is that *title* baits, and by what; as `judge_press_release`."""
    _, cues = found = clickbait_cues(title)
    if models is None or not models.knows(language):
        return found
    wording = models.wording(title, "", cues)
    worded = models.clickbait.probability(wording)
    if worded < _TOLD_FROM:
        return worded, ()
    return worded, (_told(worded, "bait", models.clickbait.telling(wording)), *cues)


def _told(worded: float, what: str, words: tuple[str, ...]) -> str:
    quoted = ", ".join(f'"{word}"' for word in words)
    return f"worded like {what} {worded:.2f}" + (f" ({quoted})" if quoted else "")
