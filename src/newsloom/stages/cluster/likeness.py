"""How an item resembles a story, and a story another: what the learned weights are about."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from newsloom.stages.cluster.pool import Pool
from newsloom.stages.cluster.stories import Near, Stories, Story, Terms

_COMPARED = 2
_FEW_NAMES = 4.0
"""Added to the weight of names on the poorer side: one shared common name shall not count as full agreement."""
_ALIKE = 0.5
"""Two titles that share this much of their words besides names are worded alike."""
_OTHERS = 0.5
"""Two texts of which each never mentions half of what the other is about, numbers included, tell of different events."""
_APART = 0.9
"""Names of this share of the weight, or more, that do not turn up on the other side tell two events apart."""


class Likeness(NamedTuple):
    """How an item resembles a story. Cosines and shares are in 0..1.

    Attributes:
        one: 1, for the intercept.
        nearest, centroid, mean: the cosine to the nearest member, to the sum of the members, and the mean to all of them.
        cohesion: the mean cosine between two members.
        crowd: the mean nearness of the second to sixth other story; it adapts the join to quiet and crowded subjects.
        margin: how much nearer the story is than the nearest other one.
        lead: the greatest cosine between the openings of item and member.
        names: the weight of shared names, as a share of the side that names less.
        names_apart, keys_apart, subjects_apart: the share of names, of the weightiest terms, and of subjects (title words that the
            text comes back to) that the other side never mentions; the lesser of both sides.
        size: the natural logarithm of the number of members.
        brief: 1 when the item, or each member compared, is a headline only.
        meaning, meaning_centroid: the cosine by meaning to the nearest member compared and to the sum; 0 without an embedder.
        meaning_margin: how much nearer by meaning than the nearest other story.
    """

    one: float
    nearest: float
    centroid: float
    mean: float
    cohesion: float
    crowd: float
    margin: float
    lead: float
    names: float
    names_apart: float
    keys_apart: float
    subjects_apart: float
    size: float
    brief: float
    meaning: float = 0.0
    meaning_centroid: float = 0.0
    meaning_margin: float = 0.0


class Kinship(NamedTuple):
    """How two stories resemble each other; the same in both directions.

    Attributes:
        one: 1, for the intercept.
        odds: the greatest log odds with which an item of the one was weighed for the other when it came.
        rival: the greatest with which one was weighed for a third story.
        centroid: the cosine of the sums of their members.
        mean: the mean cosine between a member of the one and one of the other.
        cohesion_most, cohesion_least: the mean cosine between two members of the one story, and of the other.
        tight: `mean` less the mean cohesion of those with two members or more.
        names: the weight of shared names, as a share of the side that names less.
        names_apart, subjects_apart: the share of names, and of subjects, that the other story never mentions; the lesser of both sides.
        crowd: the mean of the cosines by `mean` to the nearest third story, of both sides.
        mutual: 1 when each is the other's nearest.
        size_least, size_most: the natural logarithms of the numbers of members.
        single: 1 when one of them has one member only.
        brief: 1 when one of them consists of headlines only.
        meaning, meaning_mean: the cosine by meaning of the sums, and the mean between members; 0 without an embedder.
    """

    one: float
    odds: float
    rival: float
    centroid: float
    mean: float
    cohesion_most: float
    cohesion_least: float
    tight: float
    names: float
    names_apart: float
    subjects_apart: float
    crowd: float
    mutual: float
    size_least: float
    size_most: float
    single: float
    brief: float
    meaning: float = 0.0
    meaning_mean: float = 0.0


class Weights(NamedTuple):
    """How much each `Likeness` of an item and a story counts, and each `Kinship` of two stories: log odds by logistic regression."""

    join: tuple[float, ...]
    kin: tuple[float, ...]


def compare(stories: Stories, index: int, near: Sequence[Near], limit: int) -> list[tuple[Likeness, bool]]:
    """Return how item *index* resembles each of the first *limit* stories of *near*, and whether it only looks alike.

    *near* are all stories in sight, nearest first: those behind crowd the ones in front.
    """
    pool = stories.pool
    chosen = near[:limit]
    best = [[other for _, other in one.members[:_COMPARED]] for one in chosen]
    compared = [other for members in best for other in members]
    leads = dict(zip(compared, pool.lead.dots(index, compared), strict=True))
    meanings = [_meanings(stories, index, one, members) for one, members in zip(chosen, best, strict=True)]
    terms, names, keys = pool.term_set(index), pool.named(index), pool.keys(index)
    subjects = pool.subjects(index)
    found = []
    for place, (one, members) in enumerate(zip(chosen, best, strict=True)):
        others = [other.nearness for position, other in enumerate(near) if position != place]
        told = [pool.named(member) for member in members]
        said = one.story.total if stories.of.get(index) is not one.story else _others_terms(stories, index, one.story)
        names_apart = min(_missing(names, said), min(_missing(theirs, terms) for theirs in told))
        keys_apart = min(
            _missing(keys, said),
            min(_missing(pool.keys(member), terms) for member in members),
        )
        subjects_apart = min(
            _missing(subjects, said),
            min(_missing(pool.subjects(member), terms) for member in members),
        )
        meaning, meaning_centroid = meanings[place]
        next_meaning = max(
            (pair[0] for position, pair in enumerate(meanings) if position != place),
            default=0.0,
        )
        likeness = Likeness(
            one=1.0,
            nearest=one.members[0][0],
            centroid=one.centroid,
            mean=one.mean,
            cohesion=one.cohesion,
            crowd=math.fsum(others[1:6]) / 5,
            margin=one.nearness - (others[0] if others else 0.0),
            lead=max(leads[member] for member in members),
            names=max(_shared(names, theirs) for theirs in told),
            names_apart=names_apart,
            keys_apart=keys_apart,
            subjects_apart=subjects_apart,
            size=math.log(max(1, one.size)),
            brief=float(pool.brief[index] or all(pool.brief[member] for member in members)),
            meaning=meaning,
            meaning_centroid=meaning_centroid,
            meaning_margin=meaning - next_meaning,
        )
        is_look_alike = subjects_apart >= _OTHERS or _looks_alike(pool, index, members, said, names_apart)
        found.append((likeness, is_look_alike))
    return found


def kinship(
    stories: Stories,
    one: Story,
    other: Story,
    *,
    odds: float,
    rival: float,
    crowd: float,
    mutual: bool,
) -> Kinship:
    """Return how *one* and *other* resemble each other; what comes by keyword as `Kinship` has it."""
    mean = mean_cosine(one, other)
    sizes = sorted((len(one.members), len(other.members)))
    cohesions = sorted((one.cohesion, other.cohesion))
    grown = [story.cohesion for story in (one, other) if len(story.members) > 1]
    names, names_other = stories.names(one), stories.names(other)
    subjects_apart = _subjects_apart(stories, one, other)
    centroid = mean * sizes[0] * sizes[1] / math.sqrt(max(one.square * other.square, 1e-9))
    meaning = meaning_mean = 0.0
    if one.meaning is not None and other.meaning is not None:
        dot = float(one.meaning @ other.meaning)
        meaning = dot / (float(np.linalg.norm(one.meaning)) * float(np.linalg.norm(other.meaning)) or 1.0)
        meaning_mean = dot / (sizes[0] * sizes[1])
    return Kinship(
        one=1.0,
        odds=odds,
        rival=rival,
        centroid=centroid,
        mean=mean,
        cohesion_most=cohesions[1],
        cohesion_least=cohesions[0],
        tight=mean - math.fsum(grown) / len(grown) if grown else 0.0,
        names=_shared(names, names_other),
        names_apart=min(_missing(names, other.total), _missing(names_other, one.total)),
        subjects_apart=subjects_apart,
        crowd=crowd,
        mutual=float(mutual),
        size_least=math.log(sizes[0]),
        size_most=math.log(sizes[1]),
        single=float(sizes[0] == 1),
        brief=float(any(all(stories.pool.brief[index] for index in story.members[:4]) for story in (one, other))),
        meaning=meaning,
        meaning_mean=meaning_mean,
    )


def mean_cosine(one: Story, other: Story) -> float:
    """Return the mean cosine between a member of *one* and one of *other*."""
    small, large = sorted((one.total, other.total), key=len)
    dot = sum(weight * large[term] for term, weight in small.items() if term in large)
    return dot / (len(one.members) * len(other.members))


def share_facts(stories: Stories, one: Story, other: Story) -> bool:
    """Return True when a name or a number of two digits or more stands in both stories: what is alike in most languages."""
    names, names_other = stories.names(one), stories.names(other)
    if any(term in other.total for term in names) or any(term in one.total for term in names_other):
        return True
    words = stories.pool.lexicon.words
    small, large = sorted((one.total, other.total), key=len)
    return any(term in large and words[term][0].isdigit() and len(words[term]) > 1 for term in small)


def look_alikes(stories: Stories, one: Story, other: Story) -> bool:
    """Return True when neither story mentions what the other is about, or names: two events, however alike they are told."""
    if _subjects_apart(stories, one, other) >= _OTHERS:
        return True
    names, names_other = stories.names(one), stories.names(other)
    if not names or not names_other:
        return False
    return min(_missing(names, other.total), _missing(names_other, one.total)) >= _APART


def _subjects_apart(stories: Stories, one: Story, other: Story) -> float:
    return min(
        _missing(stories.subjects(one), other.total),
        _missing(stories.subjects(other), one.total),
    )


def _looks_alike(pool: Pool, index: int, members: Sequence[int], said: Terms, names_apart: float) -> bool:
    """Return True when item *index* and *members* name different ones in titles worded alike, or in all they say."""
    mine, words = pool.title_names(index)
    if not mine or any(term in said for term in mine):
        return False
    terms = pool.term_set(index)
    for member in members:
        theirs, their_words = pool.title_names(member)
        if not theirs or any(term in terms for term in theirs):
            continue
        union = len(words | their_words)
        if names_apart >= _APART or (union and len(words & their_words) >= _ALIKE * union):
            return True
    return False


def _meanings(stories: Stories, index: int, near: Near, members: Sequence[int]) -> tuple[float, float]:
    if stories.meanings is None or near.story.meaning is None:
        return 0.0, 0.0
    mine = stories.meanings[index]
    total = near.story.meaning - mine if stories.of.get(index) is near.story else near.story.meaning
    length = float(np.linalg.norm(total))
    return float((stories.meanings[list(members)] @ mine).max()), float(total @ mine) / length if length else 0.0


def _others_terms(stories: Stories, index: int, story: Story) -> Terms:
    """Return the terms of the members of *story* other than item *index*."""
    ids, weights = stories.pool.full.row(index)
    mine = dict(zip(ids.tolist(), weights.tolist(), strict=True))
    return {term: weight for term, weight in story.total.items() if weight - mine.get(term, 0.0) > 1e-5}


def _shared(mine: Terms, theirs: Terms) -> float:
    shared = sum(min(weight, theirs[term]) for term, weight in mine.items() if term in theirs)
    return shared / (min(sum(mine.values()), sum(theirs.values())) + _FEW_NAMES) if shared else 0.0


def _missing(weights: Terms, there: Terms | frozenset[int]) -> float:
    """Return the share of *weights* on terms that are not *there*; 0.0 when there are none."""
    total = sum(weights.values())
    return sum([weight for term, weight in weights.items() if term not in there]) / total if total else 0.0
