"""Quality, heat, lead and publication, by a profile of named rules (design: scores are sums you can read)."""

from newsloom.stages.rank.clickbait import clickbait_cues
from newsloom.stages.rank.press_release import press_release_cues
from newsloom.stages.rank.scorer import ProfileScorer

__all__ = ["ProfileScorer", "clickbait_cues", "press_release_cues"]
