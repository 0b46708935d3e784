"""Topics: which of the owner's topics an item belongs to, how certainly, and by what evidence."""

from newsloom.stages.classify.classifier import ClassifyOptions, KeywordClassifier
from newsloom.stages.classify.keywords import Hit, KeywordIndex
from newsloom.stages.classify.trial import TopicTrial, test_topics

__all__ = ["ClassifyOptions", "Hit", "KeywordClassifier", "KeywordIndex", "TopicTrial", "test_topics"]
