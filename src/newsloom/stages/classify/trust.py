"""How far a keyword can be believed by itself: a name that no dictionary knows says it all, an everyday word needs company."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from newsloom.model.topic import Topic
from newsloom.stages.classify.meaning import Meanings
from newsloom.vocab.keyword_entry import parse_keyword
from newsloom.vocab.text import tokens

_ENGLISH = (None, "en")


class KeywordTrust:
    """What is known of each topic's keywords before any text is read. Immutable.

    Args:
        topics: the portal's topics, in order.
        meanings: the topics' meanings.
        vocabulary: the words of general English, folded, names among them; None: every word may be one.
    """

    def __init__(self, topics: Sequence[Topic], meanings: Meanings, vocabulary: Container[str] | None) -> None:
        self._rare = [
            frozenset(word for word in topic.keywords if vocabulary is not None and _is_rare(word, vocabulary))
            for topic in topics
        ]
        self._fits = meanings.of_keywords(topics)
        # Without a description there is no sense to compare with: the keyword is all its owner said.
        self._bare = [not topic.description.strip() for topic in topics]

    def is_rare(self, topic: int, keywords: Iterable[str], language: str | None) -> bool:
        """Return whether a word of one of *keywords* is no general vocabulary: it has no other sense.

        The vocabulary is English; in a text of another *language* a word that it lacks may be an everyday one.
        """
        return language in _ENGLISH and any(keyword in self._rare[topic] for keyword in keywords)

    def is_specific(self, topic: int, keywords: Iterable[str]) -> bool:
        """Return whether one of *keywords* is of several words or has capitals beyond its first letter: seldom something else."""
        return any(
            self._bare[topic] or len(tokens(keyword)) > 1 or any(letter.isupper() for letter in keyword[1:])
            for keyword in keywords
        )

    def fit(self, topic: int, keywords: Iterable[str]) -> float:
        """Return how much nearer the best of *keywords* is to the rest of the definition than to any subject; 0 without one."""
        return max((self._fits[topic][keyword] for keyword in keywords), default=0.0)


def _is_rare(keyword: str, vocabulary: Container[str]) -> bool:
    """Return whether *keyword* holds a word of letters that *vocabulary* has in no form, the singular among them."""
    parsed = parse_keyword(keyword)
    words = [word for word in tokens(f"{parsed.words} {parsed.other}") if word.isalpha() and len(word) > 2]
    return any(not any(form in vocabulary for form in (word, word.removesuffix("s"))) for word in words)
