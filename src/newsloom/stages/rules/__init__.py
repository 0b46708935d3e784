"""The owner's rules: include, mute, hold, tag, boost. They stand around the classifier and the scorer, which know nothing of them."""

from newsloom.stages.rules.applying import RuledClassifier, RuledScorer, ruled
from newsloom.stages.rules.matching import FIELDS, fields_of, hit, pattern_problem
from newsloom.stages.rules.trial import RuleTrial, try_rules

__all__ = [
    "FIELDS",
    "RuleTrial",
    "RuledClassifier",
    "RuledScorer",
    "fields_of",
    "hit",
    "pattern_problem",
    "ruled",
    "try_rules",
]
