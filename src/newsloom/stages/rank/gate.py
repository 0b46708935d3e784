"""The publish rules: whether an item is published, why in a few words, and what would change it."""

from __future__ import annotations

from dataclasses import dataclass

from newsloom.model.item import Item
from newsloom.model.score import Score


@dataclass(frozen=True, slots=True)
class GateFacts:
    """What a publish rule sees.

    `before` is what was decided last time, None for the first. `heat` is None before the item's story is known.
    `has_topics` tells whether the portal has topics at all: without any, none can be asked for.
    """

    item: Item
    quality: Score
    heat: int | None
    before: bool | None
    has_topics: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision, its reason, and each single change that would turn it (all of them together when several fail).

    `holds` is what holds the item back, in words that several items can share; `missing` the points of quality it lacks.
    """

    published: bool
    reason: str
    flips: tuple[str, ...]
    holds: tuple[str, ...] = ()
    missing: int = 0


def heat_gate(facts: GateFacts, *, threshold: int = 70) -> Verdict:
    """Publish from a heat of *threshold* on: the origin's rule."""
    heat = facts.heat if facts.heat is not None else facts.quality.total
    if heat >= threshold:
        return Verdict(True, f"heat {heat}, needs {threshold}", (f"a heat below {threshold}, now {heat}",))
    flips = (f"a heat of {threshold} or more, now {heat}",)
    return Verdict(False, f"heat {heat}, below {threshold}", flips, (f"under heat {threshold}",))


def quality_gate(
    facts: GateFacts,
    *,
    threshold: int = 70,
    keep_from: int = 65,
    topic_confidence: float = 0.5,
) -> Verdict:
    """Publish a story's lead with enough quality and a certain enough topic. Heat has no say.

    Args:
        facts: the item, scored.
        threshold: quality that is enough.
        keep_from: quality that keeps a published item published, at most *threshold*: scores near the line do not flap.
        topic_confidence: how certain the best topic must be, 0..1; not asked for when the portal has no topics.
    """
    item, quality = facts.item, facts.quality.total
    needed = min(keep_from, threshold) if facts.before else threshold
    best = max((label.confidence for label in item.topics or ()), default=0.0)
    failures: list[tuple[str, str, tuple[str, ...]]] = []
    if item.duplicate_of is not None:
        failures.append(
            (
                "copied from another",
                f"copy of {item.duplicate_of}",
                (f"being told apart from {item.duplicate_of}, whose copy it is",),
            )
        )
    if quality < needed:
        told = _quality_flips(facts.quality, needed)
        failures.append((f"under quality {needed}", f"quality {quality}, below {needed}", told))
    if facts.has_topics and best < topic_confidence:
        known = "no topic fits" if not item.topics else f"best topic only {best:.2f} certain"
        failures.append(
            ("without a certain topic", known, (f"a topic at least {topic_confidence:.2f} certain, now {best:.2f}",))
        )
    if item.lead is False:
        failures.append(
            ("behind the lead", "another item leads its story", ("leading its story, or being split from it",))
        )
    if failures:
        return Verdict(
            False,
            "; ".join(reason for _, reason, _ in failures),
            tuple(flip for *_, told in failures for flip in told),
            tuple(hold for hold, *_ in failures),
            max(0, needed - quality),
        )
    kept = min(keep_from, threshold)
    flips = [
        f"a quality below {kept}, now {quality}",
        "another item leading its story",
        "being found a copy of another item",
    ]
    if facts.has_topics:
        flips.append(f"its best topic less than {topic_confidence:.2f} certain, now {best:.2f}")
    reason = f"quality {quality}, needs {needed}; leads its story"
    return Verdict(True, reason + (f", topic {best:.2f} certain" if facts.has_topics else ""), tuple(flips))


def _quality_flips(quality: Score, needed: int) -> tuple[str, ...]:
    """Say what would lift *quality* to *needed*: the points missing, penalties that alone make the difference, unknowns."""
    missing = needed - quality.total
    more = "1 more point" if missing == 1 else f"{missing} more points"
    flips = [f"{more} of quality, it has {quality.total} and needs {needed}"]
    for term in quality.terms:
        if term.points < 0 and quality.total - term.points >= needed:
            flips.append(
                f"without {term.name} ({term.points}: {term.evidence}) its quality would be {quality.total - term.points}"
            )
    neutral = [term.name for term in quality.terms if "neutral" in term.evidence]
    if neutral:
        flips.append(f"knowing more of what counts as neutral now: {', '.join(neutral)}")
    return tuple(flips)
