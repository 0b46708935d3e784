"""Whether two texts are one: how much of each stands in the other, whether its lead does, and whether they state the same facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from newsloom.stages.dedupe.texts import Text

Mask = npt.NDArray[np.bool_]

# Between two runs that both texts have, so many words may be others: a light edit. What is longer was written anew.
_LONGEST_EDIT, _EDIT_SHIFT = 8, 4
_SHORTEST_PASSAGE = 8


@dataclass(frozen=True, slots=True)
class CopyRule:
    """When two texts are copies of one.

    A copy keeps the lead, a follow-up and an article that quotes write their own; a template keeps the wording and swaps
    names and figures, a copy keeps these.

    Attributes:
        lead_words: so many words at the start are a text's lead.
        lead: share of a lead that must stand in the other text, for at least one of the two.
        both_leads: share of the shorter text that must stand in the longer one where each has the other's lead.
        one_lead: share of a text that must stand in the other one where its own lead does not: a local paragraph was put in front
            of a copy, while an article that quotes is mostly its own.
        one_lead_later: the same from `later` on: most copies run within the day, and what a follow-up repeats is a day old.
        excerpt: share of the shorter text that is enough where the titles are alike, or where it is no mere quotation: of
            `whole_words` at least, which make up the share `whole` of the longer text.
        same_provider: the same, for both texts, where one provider wrote them under different titles: it repeats itself
            in follow-ups.
        titles_alike: titles that share this much of their words are the same but for an edit.
        swapped: share of the names and figures in the common passages that only one text has; from there on it is a template.
        swapped_figures: the same for figures alone.
        least_words: a shorter text says too little to be told a copy by.
        brief_words / brief: of a text with fewer words this share must stand in the other one: an official's title and the name of
            a place may be a third of it.
    """

    lead_words: int = 30
    lead: float = 0.28
    both_leads: float = 0.4
    one_lead: float = 0.4
    one_lead_later: float = 0.6
    excerpt: float = 0.9
    whole_words: int = 60
    whole: float = 0.33
    same_provider: float = 0.75
    titles_alike: float = 0.6
    swapped: float = 0.5
    swapped_figures: float = 0.75
    least_words: int = 12
    brief_words: int = 40
    brief: float = 0.6
    later: timedelta = timedelta(hours=16)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two texts are, shares in 0..1.

    Attributes:
        short / long: share of the words of the shorter and of the longer text that stand in the other one.
        short_lead / long_lead: the same of their leads.
        titles: words that both titles have, of all their words.
        swapped / swapped_figures: see `CopyRule`; 0 where too few are stated to tell.
        other_subject: each title states names or figures of its text, and the other text knows half of them at most.
    """

    short: float
    long: float
    short_lead: float
    long_lead: float
    titles: float
    swapped: float
    swapped_figures: float
    other_subject: bool


def likeness(one: Text, two: Text, rule: CopyRule) -> Likeness:
    """Return how alike *one* and *two* are. Symmetrical."""
    short, long = sorted((one, two), key=lambda text: (len(text.words), text.whole))
    in_long, in_short = covered(short, long), covered(long, short)
    common = {*short.words[in_long].tolist(), *long.words[in_short].tolist()}
    union = len(short.title_words | long.title_words)
    return Likeness(
        _share(in_long),
        _share(in_short),
        _share(in_long[: rule.lead_words]),
        _share(in_short[: rule.lead_words]),
        len(short.title_words & long.title_words) / union if union else 0.0,
        _swapped(common & (short.names | short.figures), common & (long.names | long.figures), short, long),
        _swapped(common & short.figures, common & long.figures, short, long),
        _is_unknown(short.subject, long) and _is_unknown(long.subject, short),
    )


def are_copies(found: Likeness, words: int, apart: timedelta, rule: CopyRule, *, same_provider: bool) -> bool:
    """Return whether two texts that are *found* alike are copies; the shorter one has *words*, they were seen *apart*."""
    if (
        words < rule.least_words
        or found.other_subject
        or found.swapped >= rule.swapped
        or found.swapped_figures >= rule.swapped_figures
    ):
        return False
    if max(found.short_lead, found.long_lead) < rule.lead:
        return False
    if same_provider and found.titles < rule.titles_alike:
        return min(found.short, found.long) >= rule.same_provider
    is_whole = words >= rule.whole_words and found.long >= rule.whole
    if found.short >= rule.excerpt and (is_whole or found.titles >= rule.titles_alike):
        return True
    own_lead = rule.one_lead if apart < rule.later else rule.one_lead_later
    return (
        found.short >= (rule.both_leads if words >= rule.brief_words else rule.brief)
        and (found.short_lead >= rule.lead or found.short >= own_lead)
        and (found.long_lead >= rule.lead or found.long >= own_lead)
    )


def covered(text: Text, other: Text) -> Mask:
    """Return for each word of *text* whether it stands in a passage that *other* has too, light edits inside it included.

    A passage is a chain of runs that both texts have in the same order with at most a few other words in between. Short ones
    are turns of phrase that anybody uses, and do not count.
    """
    mask = np.zeros(len(text.words), dtype=np.bool_)
    if text.size != other.size or not len(text.runs) or not len(other.runs):
        return mask
    ranked, order = other.ranked
    place = np.minimum(np.searchsorted(ranked, text.runs), len(ranked) - 1)
    starts = np.flatnonzero(ranked[place] == text.runs)
    if not len(starts):
        return mask
    step, jump = np.diff(starts), np.diff(order[place[starts]])
    breaks = np.flatnonzero((step > text.size + _LONGEST_EDIT) | (jump <= 0) | (np.abs(jump - step) > _EDIT_SHIFT))
    firsts = starts[np.concatenate(([0], breaks + 1))]
    ends = starts[np.append(breaks, len(starts) - 1)] + text.size
    for first, end in zip(firsts.tolist(), ends.tolist(), strict=True):
        if end - first >= _SHORTEST_PASSAGE or end - first == len(text.words):
            mask[first:end] = True
    return mask


def _is_unknown(subject: frozenset[int], other: Text) -> bool:
    return bool(subject) and 2 * len(subject & other.word_set) <= len(subject)


def _share(mask: Mask) -> float:
    return float(mask.mean()) if len(mask) else 0.0


def _swapped(of_short: set[int], of_long: set[int], short: Text, long: Text) -> float:
    """Return the share of the facts that only one text knows; one more is taken as kept, so that few facts decide nothing."""
    lost = len(of_short - long.word_set) + len(of_long - short.word_set)
    kept = len((of_short | of_long) & long.word_set & short.word_set)
    return lost / (lost + kept + 1)
