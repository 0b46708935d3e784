"""Ask a judge about the topics that the classifier is unsure of, within a budget. Answers are pinned to the items and never asked again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsloom.errors import FetchError, ReadError
from newsloom.flow.world import Bench
from newsloom.model.item import Item
from newsloom.model.notice import Notice
from newsloom.model.topic import Topic
from newsloom.ports.judging import Judge
from newsloom.stages.judging import INSTRUCTION, Question, is_reserved, pinned, question, read_answer, unsure

_GIVE_UP_AFTER = 3
"""Failures in a row after which the judge counts as down for this run."""


@dataclass(frozen=True, slots=True)
class JudgeOptions:
    """The budget: at most *requests* a run, *characters* of a text in each; asked where confidence is from *low* to below *high*."""

    requests: int = 50
    characters: int = 3000
    low: float = 0.2
    high: float = 0.6


@dataclass(frozen=True, slots=True)
class Asking:
    """Whom to ask about which topics, within which budget."""

    judge: Judge
    topics: Sequence[Topic]
    options: JudgeOptions = JudgeOptions()


async def ask_judge(bench: Bench, asking: Asking) -> None:
    """Ask about the items that wait to be classified, and pin what was answered to them.

    A judge that is slow, wrong or down costs answers and nothing else: what it does not answer is decided without it.
    """
    told: Counter[str] = Counter()
    with bench.ports.store.begin() as work:
        waiting = [item for item in work.items.pending() if item.topics is None and item.duplicate_of is None]
    told["reserved by the publisher"] = sum(is_reserved(item) for item in waiting)
    candidates = [item for item in waiting if not is_reserved(item)]
    failures = 0
    for item, ask in _questions(bench, asking, candidates):
        if told["asked"] >= asking.options.requests:
            told["over the budget"] += 1
            continue
        told["asked"] += 1
        try:
            answers = read_answer(await asking.judge.ask(INSTRUCTION, ask.text), ask)
        except (FetchError, ReadError) as error:
            failures += 1
            told["failed"] += 1
            bench.notify(Notice("judge", item.article.title, f"the judge did not answer: {error}"))
            if failures >= _GIVE_UP_AFTER:
                told["given up"] += 1
                break
            continue
        failures = 0
        if answers is None:
            told["refused for their form"] += 1
            continue
        told["answered"] += 1
        with bench.ports.store.begin() as work:
            work.items.put(pinned(item, answers, asking.judge.name))
    summary = ", ".join(f"{number} {what}" for what, number in told.items() if number)
    if summary:
        bench.notify(Notice("judge", asking.judge.name, summary, count=told["asked"]))


def _questions(bench: Bench, asking: Asking, items: Sequence[Item]) -> Iterator[tuple[Item, Question]]:
    """Yield what there is to ask: each item with topics that the classifier is unsure of and no answer was pinned for."""
    by_name = {topic.name: topic for topic in asking.topics}
    options = asking.options
    judgement = bench.stages.classify.among(items)
    for item in items:
        known = {verdict.topic for verdict in item.judged}
        names = unsure(judgement.judgements(item), low=options.low, high=options.high, known=known)
        if names:
            yield item, question(item, [by_name[name] for name in names], characters=options.characters)
