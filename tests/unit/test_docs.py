"""The documents keep up with the code: links resolve, commands exist, examples run, generated pages are current."""

from __future__ import annotations

import doctest
import importlib.util
import json
import re
import shlex
import tomllib
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.main import get_command

from newsloom.adapters.files.profiles import read_profile
from newsloom.adapters.files.topics import read_topics
from newsloom.cli.main import app
from newsloom.config import Settings
from newsloom.model.portal import Edition, SiteOptions
from newsloom.publish.site import Site
from newsloom.vocab.bookkeeping import SUB_KEYS
from newsloom.vocab.record_keys import KEYS

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
PORTAL_PAGES = sorted((ROOT / "src/newsloom/portals").glob("*/README.md"))
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))

_FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_INLINE = re.compile(r"`newsloom ([^`]+)`")
_INDENTED = re.compile(r"^    newsloom (.*)", re.MULTILINE)
_IN_SHELL = re.compile(r"(?:^(?:\$ )?|.* (?:/\S+/)?|.*\$\(/\S+/)(?:newsloom|python3 run\.py) ([a-z].*)", re.MULTILINE)
# Where a command stands in a block of each language.
_SHOWN = {
    "sh": _IN_SHELL,
    "cron": _IN_SHELL,
    "ini": re.compile(r"^ExecStart=\S+/newsloom (.*)", re.MULTILINE),
    "yaml": re.compile(r"^ *run: newsloom (.*)", re.MULTILINE),
}


def _name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


every_page = pytest.mark.parametrize("page", PAGES, ids=_name)
# The settings reference quotes values, which are no commands.
every_page_with_commands = pytest.mark.parametrize(
    "page", [page for page in (*PAGES, *PORTAL_PAGES) if page.name != "settings.md"], ids=_name
)


def _fences(page: Path, language: str) -> Iterator[str]:
    return (body for info, body in _FENCE.findall(page.read_text("utf-8")) if info.strip() == language)


def _prose(page: Path) -> str:
    return _FENCE.sub("", page.read_text("utf-8"))


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", _prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@every_page
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    for link in _LINK.findall(_prose(page)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{_name(page)} links to {link}, which is not there"
        assert target.is_relative_to(ROOT), f"{_name(page)} links out of the repository: {link}"
        if anchor:
            assert anchor in _anchors(target), f"{_name(page)} links to {link}: no such heading"


def test_every_page_is_reached_from_the_index() -> None:
    seen = {DOCS / "README.md"}
    waiting = list(seen)
    while waiting:
        page = waiting.pop()
        for link in _LINK.findall(_prose(page)):
            target = (page.parent / link.partition("#")[0]).resolve()
            if target.suffix == ".md" and target not in seen:
                seen.add(target)
                waiting.append(target)
    assert {_name(page) for page in DOCS.rglob("*.md")} <= {_name(page) for page in seen}


@cache
def _root_command() -> Any:
    return get_command(app)


def _commands_in(page: Path) -> Iterator[str]:
    """Yield every newsloom command that *page* shows, in blocks and in lines."""
    text = page.read_text("utf-8")
    for info, body in _FENCE.findall(text):
        if pattern := _SHOWN.get(info.strip()):
            yield from pattern.findall(body)
    yield from _INDENTED.findall(_prose(page))
    yield from _INLINE.findall(_prose(page))


def _check_command(text: str) -> None:
    words = shlex.split(re.split(r" 2>| >>|…", text)[0], comments=True)
    if words[:1] == ["test"]:
        return  # run.py's own
    command = _root_command()
    while words and hasattr(command, "commands"):
        if words[0].startswith("-"):
            break
        assert words[0] in command.commands, f"there is no command {words[0]!r} in: newsloom {text}"
        command = command.commands[words.pop(0)]
    options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    options |= {"--help", "-h"}
    for word in words:
        if re.match(r"--?[a-z]", word):
            assert word.split("=")[0] in options, f"there is no option {word!r} in: newsloom {text}"


@every_page_with_commands
def test_every_command_shown_exists_with_its_options(page: Path) -> None:
    for text in _commands_in(page):
        _check_command(text)


def test_the_check_of_commands_can_fail() -> None:
    for wrong in ("runn", "run --evry 15m", "review frobnicate 3f9a", "topics test --nope"):
        with pytest.raises(AssertionError):
            _check_command(wrong)


def test_commands_are_found_where_people_look(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "```sh\n$ newsloom run --every 15m # often\npython3 run.py demo\nTOKEN=a newsloom publish\n```\n"
        "```cron\n* * * * *  cd x && out=$(/opt/bin/newsloom run --json 2>&1) || echo\n```\n"
        "```ini\nDescription=Run newsloom often\nExecStart=%h/bin/newsloom run\n```\nSay `newsloom doctor`:\n\n    newsloom serve\n"
    )
    assert [text.split()[0] for text in _commands_in(page)] == [
        "run",
        "demo",
        "publish",
        "run",
        "run",
        "serve",
        "doctor",
    ]


def test_every_command_has_its_place_in_the_reference() -> None:
    reference = (DOCS / "reference" / "cli.md").read_text("utf-8")
    for name in _root_command().commands:
        assert f"## newsloom {name}" in reference


@every_page
def test_python_examples_run(page: Path) -> None:
    test = doctest.DocTestParser().get_doctest(page.read_text("utf-8"), {}, _name(page), str(page), 0)
    results = doctest.DocTestRunner(verbose=False).run(test)
    assert results.failed == 0


@every_page
def test_examples_of_settings_profiles_topics_and_data_are_valid(page: Path, tmp_path: Path) -> None:
    for body in _fences(page, "toml settings"):
        Settings(**tomllib.loads(body))
    for number, body in enumerate(_fences(page, "toml profile")):
        file = tmp_path / f"{number}.toml"
        file.write_text(body, "utf-8")
        assert read_profile(file).quality
    for body in _fences(page, "yaml topic"):
        (tmp_path / "01-topic.yaml").write_text(body, "utf-8")
        assert read_topics(tmp_path)[0].keywords
    for body in _fences(page, "json"):
        for line in body.splitlines():
            assert json.loads(line)


def test_the_template_shown_changes_the_front_page() -> None:
    page = DOCS / "how-to" / "themes.md"
    (body,) = _fences(page, "html front.html")
    edition = Edition((), (), (), SiteOptions(), datetime(2026, 3, 2, tzinfo=UTC))
    files = {file.path: file.body.decode() for file in Site({"front.html": body}).files(edition)}
    assert "Welcome to our little portal." in files["index.html"]
    assert "Welcome to our little portal." not in files["topics/index.html"]


def test_the_page_on_themes_names_every_template() -> None:
    text = (DOCS / "how-to" / "themes.md").read_text("utf-8")
    there = {path.name for path in (ROOT / "src/newsloom/publish/templates").iterdir() if path.suffix == ".html"}
    assert set(re.findall(r"`(\w+\.html)`", text)) == there


def test_the_record_reference_names_every_key() -> None:
    reference = (DOCS / "reference" / "record.md").read_text("utf-8")
    assert [key for key in (*KEYS, *SUB_KEYS) if f"`{key}`" not in reference] == []


@cache
def _generator() -> ModuleType:
    specification = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", ["settings.md", "errors.md", "cli.md"])
def test_generated_pages_are_current(page: str) -> None:
    there = (DOCS / "reference" / page).read_text("utf-8")
    assert there == _generator().PAGES[page](), "run: python docs/generate.py"


@pytest.mark.parametrize("page", DECISIONS, ids=_name)
def test_a_decision_is_short_and_says_when_to_look_again(page: Path) -> None:
    text = page.read_text("utf-8")
    assert len(text.splitlines()) <= 60
    assert re.match(r"# \d{4} \S", text)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Question", "Options", "Choice", "Look again when"]


def test_the_picture_of_the_flow_is_valid_and_asks_nothing_of_the_web() -> None:
    text = (DOCS / "images" / "flow.svg").read_text("utf-8")
    assert ElementTree.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", text) == []


def test_the_architecture_tells_the_flow_in_nine_sentences() -> None:
    text = (DOCS / "explanation" / "architecture.md").read_text("utf-8")
    assert re.findall(r"^(\d)\. ", text, re.MULTILINE) == [str(number) for number in range(1, 10)]


def test_the_house_in_the_architecture_is_the_house() -> None:
    text = (DOCS / "explanation" / "architecture.md").read_text("utf-8")
    package = ROOT / "src" / "newsloom"
    named = set(re.findall(r"\b([a-z]+)/ ", text)) | set(re.findall(r"\b([a-z]+\.py)\b", text))
    there = {path.name for path in package.iterdir() if path.is_dir() and not path.name.startswith("_")}
    assert there - named == set()
    assert {name for name in named if name.endswith(".py")} >= {"app.py", "pipeline.py", "config.py", "errors.py"}
