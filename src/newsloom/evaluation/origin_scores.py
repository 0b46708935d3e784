"""`newsloom eval records --profile origin`: score a portal's records anew from their own fields, and compare."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from newsloom.adapters.files.organizations import by_domain, read_organizations
from newsloom.adapters.files.profiles import read_profile
from newsloom.errors import ConfigError, DataLayoutError, RecordError
from newsloom.model.article import Article
from newsloom.model.item import Item
from newsloom.model.record import Record, Related
from newsloom.model.score import Profile, Score, Term
from newsloom.model.topic import Topic, TopicLabel
from newsloom.ports.deciding import Scorer, StoryView
from newsloom.stages.rank import HeadlineModels, ProfileScorer
from newsloom.vocab.frontmatter import parse
from newsloom.vocab.typed_values import WrongValue, members, required, text
from newsloom.vocab.yaml12 import YamlError, read_mapping

_NOW = datetime(2000, 1, 1, tzinfo=UTC)
"""The origin's numbers know no time; the port asks for one."""


def score_records(path: Path, settings: Path | None = None, *, profile: str = "origin") -> dict[str, object]:
    """Return how many records under *path* get the numbers they have, computed from their own fields and related list.

    Args:
        path: a folder with `_news/` and `_data/` (an `_archive/_news/` counts too).
        settings: a TOML file with a table `[<profile>]` of parameters; None for the profile as it is.
        profile: the packaged profile to score by.

    Returns:
        scored (records that have all three numbers and could be read), quality_exact, heat_exact, published_exact, and
        profile. Records that cannot be read are not scored.

    Raises:
        DataLayoutError: *path* has no `_news/`.
        ConfigError: *settings* cannot be.
    """
    if not (path / "_news").is_dir():
        raise DataLayoutError("there is no folder _news in it", where=str(path), hint="Give the folder of a portal.")
    scorer = portal_scorer(path, read_profile(profile, _settings(settings, profile)))
    counts = {"scored": 0, "quality_exact": 0, "heat_exact": 0, "published_exact": 0}
    for record in _records(path):
        if record.quality is None or record.heat is None or record.published is None:
            continue
        quality, heat, published = rescore(record, scorer)
        counts["scored"] += 1
        counts["quality_exact"] += quality.total == record.quality
        counts["heat_exact"] += heat.total == record.heat
        counts["published_exact"] += published == record.published
    return {**counts, "profile": profile}


def portal_scorer(path: Path, profile: Profile, *, headlines: HeadlineModels | None = None) -> ProfileScorer:
    """Return the scorer of the portal in *path*: its topics, its providers, *profile*."""
    organizations = by_domain(read_organizations(path / "_data" / "organizations"))
    topics = _topics(path / "_data" / "topics")
    return ProfileScorer(profile, organizations=organizations, topics=topics, headlines=headlines)


def rescore(record: Record, scorer: Scorer) -> tuple[Score, Score, bool]:
    """Return quality, heat and publication of *record* from its own fields and its related list, nothing else."""
    item = item_of(record)
    quality = scorer.quality(item)
    related = tuple(_related_item(f"{item.id}/{number}", entry) for number, entry in enumerate(record.related))
    heat = scorer.heat(_with(item, quality), StoryView(item.id, (_with(item, quality), *related)), _NOW)
    return quality, heat, scorer.published(_with(item, quality, heat), before=None)[0]


def item_of(record: Record) -> Item:
    """Return *record* as an item for scoring: its fields, its topics as certain."""
    article = Article(
        url=record.web_url or record.original_url or "",
        original_url=record.original_url or record.web_url or "",
        title=record.title,
        excerpt=record.excerpt,
        type=record.type,
        provider=record.provider,
        published_date_time=record.published_date_time,
        amp_web_url=record.amp_web_url,
        cdn_amp_web_url=record.cdn_amp_web_url,
        featured_content=record.featured_content,
        images=record.images,
    )
    labels = tuple(TopicLabel(topic, 1.0) for topic in record.topics)
    return Item(id="scored", article=article, first_seen=record.published_date_time, topics=labels)


def _related_item(key: str, entry: Related) -> Item:
    """Return a related entry as an item with the quality the list gives it. Its own id: one address listed twice counts twice."""
    url = entry.web_url or ""
    article = Article(url, url, entry.title, entry.excerpt, entry.type, entry.provider, entry.published_date_time)
    quality = Score((Term("listed", entry.quality or 0),))
    return Item(id=key, article=article, first_seen=entry.published_date_time, quality=quality)


def _with(item: Item, quality: Score, heat: Score | None = None) -> Item:
    return Item(item.id, item.article, item.first_seen, topics=item.topics, quality=quality, heat=heat)


def _records(path: Path) -> Iterable[Record]:
    for folder in (path / "_news", path / "_archive" / "_news"):
        for file in sorted(folder.glob("*.md")):
            try:
                yield parse(file.read_bytes(), path=str(file))
            except RecordError:
                continue  # `eval records` counts it as quarantined


def _topics(folder: Path) -> Sequence[Topic]:
    """Return what scoring needs of the topic files in *folder*: names and keywords, an entry listed twice twice."""
    topics = []
    for file in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        try:
            tree, _ = read_mapping(file.read_text(encoding="utf-8-sig").replace("\r\n", "\n"))
            name = required(text(tree["name"], "name"), "name") if "name" in tree else file.stem
            identity = (text(tree["_id"], "_id") if "_id" in tree else None) or file.stem
            keywords = tuple(members(tree["keywords"], "keywords", text)) if "keywords" in tree else ()
        except (YamlError, WrongValue) as error:
            raise DataLayoutError(f"the topic file cannot be read: {error.message}", where=str(file)) from error
        except (OSError, UnicodeDecodeError) as error:
            raise DataLayoutError("the topic file cannot be read", where=str(file)) from error
        topics.append(Topic(id=identity, name=name, keywords=keywords))
    return topics


def _settings(path: Path | None, profile: str) -> Mapping[str, object]:
    if path is None:
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")).get(profile)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"the settings cannot be read: {error}", where=str(path)) from error
    if not isinstance(table, dict):
        raise ConfigError(f"the settings have no table [{profile}]", where=str(path))
    return table
