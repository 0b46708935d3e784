"""Topics: which of the owner's topics an item belongs to, how certainly, and by what evidence."""

from newsloom.stages.classify.classifier import ClassifyOptions, JudgedItems, TopicClassifier
from newsloom.stages.classify.keywords import Hit, KeywordIndex
from newsloom.stages.classify.trial import TopicTrial, try_topics

__all__ = ["ClassifyOptions", "Hit", "JudgedItems", "KeywordIndex", "TopicClassifier", "TopicTrial", "try_topics"]
