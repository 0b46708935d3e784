"""Quality, heat, lead and publication, by a profile of named rules (design: scores are sums you can read)."""

from newsloom.stages.rank.headlines import judge_clickbait, judge_press_release
from newsloom.stages.rank.scorer import ProfileScorer
from newsloom.stages.rank.wording import HeadlineModels

__all__ = ["HeadlineModels", "ProfileScorer", "judge_clickbait", "judge_press_release"]
