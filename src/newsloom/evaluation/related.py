"""How well related coverage is found: whether the same story stands first, and whether what is called that is that."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

from newsloom.evaluation.measures import rounded
from newsloom.evaluation.ranking_measures import ndcg, share
from newsloom.evaluation.streams import Row
from newsloom.model.item import Item
from newsloom.model.record import FOLLOWED
from newsloom.ports.embedding import Embedder
from newsloom.stages.relate import SAME_STORY, CoverageRelator, RelateOptions

_DEPTH = 5


def related_measures(rows: Sequence[Row], items: Sequence[Item], embedder: Embedder | None) -> dict[str, object]:
    """Return what `eval stories` tells of related coverage.

    Args:
        rows: the labelled items; those without a story are candidates, and not judged.
        items: the same, woven into stories.
        embedder: as the portal would use it; None for words alone.

    Returns:
        related_ndcg5: mean nDCG@5 over items whose true story has another member; all other items are candidates, whatever
        their likeness or provider. related_same_story_precision: of the links that a record shows as "same story", the share
        that is; related_same_story_links: how many those are.
    """
    true = {row.id: row.story for row in rows}
    sizes = Counter(story for story in true.values() if story)
    options = RelateOptions(similarity=0.0, off_topic=0.0)
    relator = CoverageRelator(options, embedder).with_candidates(items)
    scores: list[float] = []
    followed: set[tuple[str, str]] = set()
    right = links = 0
    for item in items:
        story = true[item.id]
        if not story:
            continue
        notes = relator.ranked(item)
        told = (true[note.item] for note in notes if note.reason == FOLLOWED)
        followed |= {(story, other) for other in told if other and other != story}
        shown = [note for note in notes[: options.limit] if note.reason == SAME_STORY and true[note.item]]
        links += len(shown)
        right += sum(true[note.item] == story for note in shown)
        if sizes[story] < 2:
            continue
        ranked = np.array([float(true[note.item] == story) for note in notes[:_DEPTH]])
        score = ndcg(ranked, np.ones(sizes[story] - 1), _DEPTH)
        if score is not None:
            scores.append(score)
    wanted = {(row.story, row.fields["follows"]) for row in rows if row.story and row.fields.get("follows")}
    hits = len(followed & wanted)
    return {
        "related_ndcg5": rounded(math.fsum(scores) / len(scores) if scores else None),
        "related_same_story_precision": rounded(share(right, links)),
        "related_same_story_links": links,
        "follow_up_links": len(followed) if wanted else None,
        "follow_up_precision": rounded(share(hits, len(followed))) if wanted else None,
        "follow_up_recall": rounded(share(hits, len(wanted))) if wanted else None,
    }
