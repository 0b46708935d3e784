"""Related coverage: the rest of the story first, then what went before, what came after, and what is near.

Build the index once with `CoverageRelator.with_candidates` when many items are to be linked.
"""

from newsloom.stages.relate.relator import IN_STORY, SAME_STORY, BoundRelator, CoverageRelator, RelateOptions

__all__ = ["IN_STORY", "SAME_STORY", "BoundRelator", "CoverageRelator", "RelateOptions"]
