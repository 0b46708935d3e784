"""`newsloom eval records --profile newsloom`: what a profile keeps and what it rejects of a portal's records, each with its receipt."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from newsloom.adapters.files.profiles import read_profile
from newsloom.adapters.text.headlines import headline_models
from newsloom.errors import DataLayoutError, RecordError
from newsloom.evaluation.origin_scores import item_of, portal_scorer
from newsloom.model.article import Article
from newsloom.model.item import Item, item_id
from newsloom.model.record import Provider
from newsloom.model.topic import TopicLabel
from newsloom.ports.embedding import Embedder
from newsloom.stages.rank import ProfileScorer
from newsloom.vocab.frontmatter import parse
from newsloom.vocab.urls import host, registrable_domain

_UNKNOWN = datetime(2000, 1, 1, tzinfo=UTC)


def evaluate_verdicts(path: Path, profile: str, *, embedder: Embedder | None = None) -> dict[str, object]:
    """Return what *profile* keeps and rejects of the records in *path*, from what the records alone tell.

    Args:
        path: a folder with `_news/` and `_data/`, or a JSON file with entries of title and quality.

    Returns:
        scored, kept, rejected, kept_like_origin (how many are published as the record says, None where it does not say), profile, model,
        and verdicts: of each its name, its title, whether it is kept and why, quality,
        the quality in the file, and the terms that are not 0.

    Raises:
        DataLayoutError: *path* is neither.
    """
    chosen = read_profile(profile)
    models = headline_models(embedder)
    if path.is_file():
        scorer = ProfileScorer(chosen, organizations={}, topics=(), headlines=models)
        rows: Iterable[tuple[str, Item, Mapping[str, object]]] = _entries(path)
    else:
        scorer = portal_scorer(path, chosen, headlines=models)
        rows = _records(path)
    verdicts = [_verdict(name, item, said, scorer) for name, item, said in rows]
    known = [v for v in verdicts if v["published_in_file"] is not None]
    return {
        "scored": len(verdicts),
        "kept": sum(bool(v["kept"]) for v in verdicts),
        "rejected": sum(not v["kept"] for v in verdicts),
        "kept_like_origin": sum(v["kept"] == v["published_in_file"] for v in known) if known else None,
        "profile": profile,
        "model": models.name,
        "verdicts": verdicts,
    }


def _verdict(name: str, item: Item, said: Mapping[str, object], scorer: ProfileScorer) -> dict[str, object]:
    quality = scorer.quality(item)
    scored = replace(item, quality=quality, lead=True)
    kept, why = scorer.published(scored, before=None)
    return {
        "name": name,
        "title": item.article.title,
        "kept": kept,
        "why": why,
        "quality": quality.total,
        "quality_in_file": said.get("quality"),
        "published_in_file": said.get("published"),
        "terms": [{"name": t.name, "points": t.points, "evidence": t.evidence} for t in quality.terms if t.points],
    }


def _records(path: Path) -> Iterable[tuple[str, Item, Mapping[str, object]]]:
    if not (path / "_news").is_dir():
        raise DataLayoutError("there is no folder _news in it", where=str(path), hint="Give the folder of a portal.")
    for folder in (path / "_news", path / "_archive" / "_news"):
        for file in sorted(folder.glob("*.md")):
            try:
                record = parse(file.read_bytes(), path=file.name)
            except RecordError:
                continue  # `eval records` counts it as quarantined
            yield file.stem, item_of(record), {"quality": record.quality, "published": record.published}


def _entries(path: Path) -> Iterable[tuple[str, Item, Mapping[str, object]]]:
    hint = 'Give a JSON list of entries: {"title": "…", "quality": 59}.'
    try:
        entries = json.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise DataLayoutError("it is no JSON file", where=str(path), hint=hint) from error
    if not isinstance(entries, list):
        raise DataLayoutError("it holds no list", where=str(path), hint=hint)
    for number, entry in enumerate(entries):
        if not isinstance(entry, dict) or not isinstance(entry.get("title"), str):
            raise DataLayoutError("the entry has no title", where=f"{path}[{number}]", hint=hint)
        url = str(entry.get("webUrl") or entry.get("url") or "")
        domain = str(entry.get("domain") or entry.get("provider") or registrable_domain(host(url)) or "unknown")
        article = Article(
            url=url,
            original_url=url,
            title=entry["title"],
            excerpt=str(entry.get("excerpt") or ""),
            type="article",
            provider=Provider(domain, domain),
        )
        topics = entry.get("topics")
        named = topics.split() if isinstance(topics, str) else topics if isinstance(topics, list) else []
        labels = tuple(TopicLabel(str(topic), 1.0) for topic in named) or None
        yield (
            f"entry-{number + 1}",
            Item(id=item_id(f"{path.name}/{number}"), article=article, first_seen=_UNKNOWN, topics=labels),
            entry,
        )
