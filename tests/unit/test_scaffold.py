"""Making a new portal: every file of a template is valid as it is, and nothing that exists is ever overwritten."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from news_items import news
from newsloom.adapters.files.opml import read_sources
from newsloom.adapters.files.organizations import scan_organizations
from newsloom.adapters.files.scaffold import scaffold, template_names
from newsloom.adapters.files.topics import read_topics
from newsloom.adapters.text.choice import make_embedder
from newsloom.adapters.text.general_words import general_words
from newsloom.config import Settings, read_settings
from newsloom.errors import StorageError, UsageError
from newsloom.model.topic import Topic
from newsloom.stages.classify import TopicClassifier, try_topics

TEMPLATES = ("ai", "blank")


@pytest.fixture(params=TEMPLATES)
def portal(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a fresh portal of each template."""
    scaffold(request.param, tmp_path / "portal")
    return tmp_path / "portal"


@pytest.fixture(scope="module")
def ai(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a portal of the template `ai`."""
    folder = tmp_path_factory.mktemp("ai")
    scaffold("ai", folder)
    return folder


def _files(folder: Path) -> Iterator[str]:
    return (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file())


def test_the_templates_are_known_by_name() -> None:
    assert template_names() == TEMPLATES


def test_scaffold_tells_every_file_it_made(tmp_path: Path) -> None:
    made = scaffold("ai", tmp_path / "new" / "portal")
    assert sorted(made) == sorted(_files(tmp_path / "new" / "portal"))
    assert {"newsloom.toml", "sources.opml", "README.md", ".gitignore", "_data/topics/00-ai.yaml"} <= set(made)


def test_an_unknown_template_names_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="ai, blank"):
        scaffold("ia", tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["../ai", "ai/../blank", "", ".", "ai/_data"])
def test_a_template_is_a_name_not_a_path(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        scaffold(name, tmp_path)


@pytest.mark.parametrize("existing", ["newsloom.toml", "sources.opml", "_data/topics/x.yaml", "_news/2026-01-01-a.md"])
def test_a_folder_with_a_portal_in_it_is_left_alone(existing: str, tmp_path: Path) -> None:
    file = tmp_path / existing
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("mine")
    with pytest.raises(UsageError, match="already"):
        scaffold("blank", tmp_path)
    assert list(_files(tmp_path)) == [existing]
    assert file.read_text() == "mine"


def test_other_files_of_the_same_name_stay(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    made = scaffold("blank", tmp_path)
    assert "README.md" not in made
    assert (tmp_path / "README.md").read_text() == "mine"


def test_a_link_that_leads_nowhere_is_not_written_through(tmp_path: Path) -> None:
    folder = tmp_path / "portal"
    folder.mkdir()
    (folder / "README.md").symlink_to(tmp_path / "elsewhere.md")
    scaffold("blank", folder)
    assert not (tmp_path / "elsewhere.md").exists()


def test_a_file_in_place_of_the_folder_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "portal").write_text("")
    with pytest.raises(UsageError, match="not a folder"):
        scaffold("blank", tmp_path / "portal")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_a_storage_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(StorageError, match="Permission denied"):
            scaffold("blank", tmp_path / "portal")
    finally:
        tmp_path.chmod(0o700)


def test_what_was_made_before_the_disk_failed_is_taken_away(tmp_path: Path) -> None:
    # A plain file where the template has a folder: the disk refuses half-way.
    (tmp_path / "_data").write_text("mine")
    with pytest.raises(StorageError):
        scaffold("ai", tmp_path)
    assert list(_files(tmp_path)) == ["_data"]


def test_every_settings_file_is_valid_as_it_is(portal: Path) -> None:
    assert read_settings(portal / "newsloom.toml").scoring.profile == "newsloom"


def test_every_commented_setting_is_valid_too(portal: Path) -> None:
    lines = (portal / "newsloom.toml").read_text().splitlines()
    uncommented = [line.removeprefix("# ") if _is_setting(line) else line for line in lines]
    assert Settings(**tomllib.loads("\n".join(uncommented))).site.url == "https://news.example.org"


def _is_setting(line: str) -> bool:
    return line.startswith("# ") and (line.startswith("# [") or " = " in line)


def test_topics_sources_and_providers_read_without_a_complaint(portal: Path) -> None:
    topics = read_topics(portal / "_data" / "topics")
    assert topics
    assert scan_organizations(portal / "_data" / "organizations")[1] == ()
    known = {topic.name for topic in topics}
    assert {topic.parent for topic in topics} - {None} <= known
    assert {name for source in read_sources(portal / "sources.opml") for name in source.topics} <= known


def test_every_topic_passes_its_own_test(portal: Path) -> None:
    topics = read_topics(portal / "_data" / "topics")
    trials = try_topics(TopicClassifier(topics, vocabulary=general_words()))
    assert [trial.topic for trial in trials] == [topic.name for topic in topics]
    assert all(trial.passed for trial in trials)
    assert sum(trial.right for trial in trials) >= 0.75 * sum(trial.examples for trial in trials)


def test_the_ai_portals_topics_decide_nearly_all_examples_by_the_others(ai: Path) -> None:
    trials = try_topics(TopicClassifier(read_topics(ai / "_data" / "topics"), vocabulary=general_words()))
    assert sum(trial.right for trial in trials) >= 0.95 * sum(trial.examples for trial in trials)


def test_the_definitions_alone_decide_the_examples_of_the_ai_portal(ai: Path) -> None:
    topics = read_topics(ai / "_data" / "topics")
    classifier = TopicClassifier([replace(topic, examples=()) for topic in topics], vocabulary=general_words())
    right = [
        example.belongs
        == (topic.name in {label.topic for label in classifier.labels(news(example.title, example.excerpt))})
        for topic in topics
        for example in topic.examples
    ]
    assert sum(right) >= 0.96 * len(right)


def test_a_plain_keyword_that_no_dictionary_has_counts_alone_in_the_ai_portal(ai: Path) -> None:
    topics = tuple(replace(topic, examples=()) for topic in read_topics(ai / "_data" / "topics"))
    classifier = TopicClassifier(topics, vocabulary=general_words(), embedder=make_embedder())
    for title, topic in (
        ("SageMaker adds a cheaper mode for small teams", "AWS AI"),
        ("Robotaxi permits are suspended in the city centre", "AI in Autos"),
        ("Trainium powers a new cluster in Ohio", "AWS AI"),
        ("Waymo extends its service to the airport", "AI in Autos"),
    ):
        assert topic in {label.topic for label in classifier.labels(news(title))}, title


def test_the_ai_portal_has_the_21_topics_with_examples(ai: Path) -> None:
    topics = read_topics(ai / "_data" / "topics")
    assert len(topics) == 21
    for topic in topics:
        assert topic.description.endswith("."), topic.name
        assert 4 <= sum(example.belongs for example in topic.examples) <= 8, topic.name
        assert 4 <= sum(not example.belongs for example in topic.examples) <= 8, topic.name
        assert len(set(topic.keywords)) == len(topic.keywords), topic.name


def test_no_keyword_belongs_to_two_sisters_by_accident(ai: Path) -> None:
    """Amazon's and DeepMind's services stand under their maker and under their subject; other keywords have one home."""
    owners: dict[str, list[Topic]] = {}
    for topic in read_topics(ai / "_data" / "topics"):
        for keyword in topic.keywords:
            owners.setdefault(keyword.casefold(), []).append(topic)
    makers = {"AWS AI", "Google AI", "Facebook AI", "Microsoft AI", "IBM AI"}
    shared = {word: {t.name for t in topics} for word, topics in owners.items() if len(topics) > 1}
    allowed = {"prompt injection", "deepracer", "deeplens"}
    assert {word for word, names in shared.items() if not names & makers} <= allowed


def test_the_ai_portal_watches_public_feeds_over_https(ai: Path) -> None:
    sources = read_sources(ai / "sources.opml")
    assert 25 <= len(sources) <= 40
    assert len({source.url for source in sources}) == len(sources)
    for source in sources:
        assert urlsplit(source.url).scheme == "https", source.url
        assert source.title, source.url
        assert source.folders, source.url
        assert source.kind == "feed", source.url


def test_standings_are_given_only_where_they_can_be_justified(ai: Path) -> None:
    for organization in scan_organizations(ai / "_data" / "organizations")[0]:
        if organization.kind in ("national", "local", "trade", "wire", "company", "advocacy", "blog"):
            assert organization.standing is None, organization.domain
        elif organization.kind == "press_release":
            assert organization.standing is not None, organization.domain
            assert organization.standing <= 10, organization.domain
