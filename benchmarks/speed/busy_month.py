"""Invented items for the benchmark of whole runs: a month of news with texts as long as news is."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, datetime, timedelta

from newsloom.model.article import Article
from newsloom.model.item import Item, item_id
from newsloom.model.record import Provider
from newsloom.model.score import Score, Term
from newsloom.model.topic import TopicLabel

NOW = datetime(2026, 3, 12, tzinfo=UTC)
_SYLLABLES = ("ba", "ko", "mi", "ter", "lan", "sor", "ve", "din", "gra", "pel", "tur", "no", "ris", "cha", "fen", "mol")
_WORDS = ["".join(parts) for parts in itertools.islice(itertools.product(_SYLLABLES, repeat=4), 7, 60_000, 3)]
# As often as words are: by Zipf's law.
_OFTEN = list(itertools.accumulate(1 / (rank + 10) for rank in range(len(_WORDS))))


def invented_item(number: int) -> Item:
    """Return an item with a text of some 400 words of an invented language, in the last month, three to a story."""
    chance = random.Random(number)
    words = chance.choices(_WORDS, cum_weights=_OFTEN, k=420)
    text = ". ".join(" ".join(words[start : start + 14]).capitalize() for start in range(0, 420, 14))
    url = f"https://paper{number % 40}.example/{number}"
    instant = NOW - timedelta(minutes=4 * number)
    article = Article(
        url=url, original_url=url, title=" ".join(chance.choices(_WORDS, k=7)).capitalize(), excerpt=text[:180],
        type="article", provider=Provider(f"Paper {number % 40}", f"paper{number % 40}.example"),
        published_date_time=instant, in_language="en", article_body=text,
    )  # fmt: skip
    return Item(
        item_id(url), article, instant, story=f"s{number // 3:012x}", lead=number % 3 == 0, published=number % 3 == 0,
        topics=(TopicLabel("AI", 0.9),), quality=Score((Term("source", 80),)), heat=Score((Term("coverage", number % 50),)),
        path=f"_news/{instant:%Y-%m-%d}-plan-{number}.md",
    )  # fmt: skip
