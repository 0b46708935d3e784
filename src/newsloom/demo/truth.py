"""The truth of the invented web as a labelled stream: one line an article, as data for `newsloom eval` and the demo's judge."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from newsloom.demo.world import STEPS, Article, World, load_world


def truth_path() -> Path:
    """Return where the bundled truth lies."""
    return Path(str(files("newsloom.demo") / "truth.jsonl"))


def truth_rows(world: World) -> list[dict[str, Any]]:
    """Return the labelled stream of *world*, in order of first_seen, then appearance.

    `first_seen` is the first step that can see an article; title, excerpt and body are what it then says, a paywalled
    body only as far as it is shown. Beyond the stream's layout: `url`, the canonical address; `obstacle`, why an honest
    reader cannot get at the page (`javascript`, `robots`, null); `told`, how precisely the instant can be known.
    """
    firsts = {story.id: _first(world, story.id) for story in world.stories.values()}
    rows = [_row(world, article, article.id == firsts[article.story]) for article in world.articles]
    return [row for row in rows if row["first_seen"]]


def write_truth(world: World, path: Path) -> None:
    """Write the labelled stream of *world* to *path*, UTF-8, one JSON object a line."""
    lines = (json.dumps(row, ensure_ascii=False) for row in truth_rows(world))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def first_step(article: Article) -> datetime | None:
    """Return the first step of the demo at which *article* can be seen, None when the demo is over by then."""
    provider = article.provider
    for step in STEPS:
        throttled = any(start <= step < end for start, end in provider.throttled)
        gone = provider.gone is not None and step >= provider.gone
        if step >= article.appears and not throttled and not gone:
            return step
    return None


def _row(world: World, article: Article, broke_first: bool) -> dict[str, Any]:
    seen = first_step(article)
    version = article.at(seen or article.appears)
    story = world.stories[article.story]
    return {
        "id": article.id,
        "publisher": article.provider.name,
        "domain": article.provider.domain,
        "source_kind": article.provider.kind,
        "published": _text(article.published),
        "first_seen": _text(seen) if seen else None,
        "title": version.title,
        "excerpt": article.excerpt(seen or article.appears),
        "body": "\n\n".join(version.paragraphs[: article.provider.teaser]),
        "lang": article.provider.language,
        "story": article.story,
        "duplicate_of": article.copy_of,
        "follows": story.follows,
        "topics": list(article.topics),
        "press_release_spam": article.spam,
        "broke_first": broke_first,
        "url": article.url,
        "obstacle": article.obstacle,
        "told": article.told,
    }


def _first(world: World, story: str) -> str:
    """Return the article that appeared first in *story*; the world's articles stand in that order."""
    return world.stories[story].articles[0]


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


if __name__ == "__main__":
    # `python -m newsloom.demo.truth [PATH]` writes the bundled file anew after the world has changed.
    write_truth(load_world(), Path(sys.argv[1]) if len(sys.argv) > 1 else truth_path())
