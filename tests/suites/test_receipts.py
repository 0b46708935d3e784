"""On every record of every corpus the terms sum to the score, and without one term the score moves by exactly that term."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from invented_items import article, item
from newsloom.adapters.files.profiles import read_profile
from newsloom.adapters.text.choice import make_embedder
from newsloom.adapters.text.headlines import headline_models
from newsloom.evaluation.origin_scores import item_of
from newsloom.model.item import Item
from newsloom.stages.rank import ProfileScorer
from newsloom.vocab.frontmatter import parse
from shared_data import shared


def _records() -> Iterator[Item]:
    for file in sorted(shared("origin", "power-apps", "_news").glob("*.md")):
        yield item_of(parse(file.read_bytes(), path=file.name))
    yield item_of(parse(shared("origin", "example-record.md").read_bytes(), path="example-record.md"))


def _entries() -> Iterator[Item]:
    for entry in json.loads(shared("origin", "ai-scored-entries.json").read_text("utf-8")):
        yield item(article(entry["title"], excerpt="", body=""))


def _texts(*parts: str, every: int) -> Callable[[], Iterator[Item]]:
    def found() -> Iterator[Item]:
        for line in shared(*parts).read_text("utf-8", "replace").splitlines()[::every]:
            row = json.loads(line)
            body = str(row.get("text") or row.get("excerpt") or "")
            yield item(article(str(row["title"]), excerpt=body[:250], body=body))

    return found


CORPORA = {
    "origin": _records,
    "ai": _entries,
    "allsides": _texts("stories", "allsides", "dev.jsonl", every=10),
    "ecbplus": _texts("stories", "ecbplus", "dev.jsonl", every=4),
    "agnews": _texts("topics", "agnews.dev.jsonl", every=20),
    "bbc": _texts("topics", "bbc.dev.jsonl", every=10),
    "press": _texts("quality", "press_release_spam.jsonl", every=1),
}


@pytest.mark.parametrize("corpus", CORPORA)
def test_receipts_are_exact(corpus: str) -> None:
    profile, models = read_profile("newsloom"), headline_models(make_embedder("default"))

    def scorer(without: str = "") -> ProfileScorer:
        terms = tuple(spec for spec in profile.quality if spec.name != without)
        return ProfileScorer(replace(profile, quality=terms), organizations={}, topics=(), headlines=models)

    whole, less = scorer(), {spec.name: scorer(spec.name) for spec in profile.quality}
    count = 0
    for number, made in enumerate(CORPORA[corpus]()):
        score = whole.quality(made)
        assert score.total == sum(term.points for term in score.terms) == sum(score.parts.values()) >= 0
        if number % 8 == 0:
            for name, other in less.items():
                left = other.quality(made)
                if not (score.parts.get("floor") or left.parts.get("floor")):
                    assert score.total - left.total == score.parts.get(name, 0), (made.article.title, name)
        count += 1
    assert count > 50
