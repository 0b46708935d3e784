"""Provider files: read as the origin wrote them, and never trusted."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsloom.adapters.files.organizations import (
    by_domain,
    by_name,
    name_key,
    read_organization,
    read_organizations,
    scan_organizations,
)
from newsloom.errors import ConfigError
from newsloom.model.record import Image
from newsloom.model.topic import Organization

WHOLE = """---
taxonomy: organization
_id: harborpost.example
name: The Harbor Post
domain: www.HarborPost.example
description: "News: of the harbor"
otherNames:
  - Harbor Post Weekly
standing: 80
kind: local
images:
  - url: /assets/harborpost-50x50.jpg
    width: 50
    height: 50
---
Notes of the owner.
"""


def put(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize("change", [str, lambda text: text.replace("\n", "\r\n"), lambda text: "\ufeff" + text])
def test_a_whole_file_is_read(tmp_path: Path, change: object) -> None:
    folder = tmp_path / "_data" / "organizations"
    folder.mkdir(parents=True)
    path = put(folder, "harborpost.example.md", change(WHOLE))  # type: ignore[operator]
    assert read_organization(path) == Organization(
        domain="harborpost.example",
        name="The Harbor Post",
        description="News: of the harbor",
        images=(Image("/assets/harborpost-50x50.jpg", 50, 50),),
        standing=80,
        kind="local",
        path="_data/organizations/harborpost.example.md",
        other_names=("Harbor Post Weekly",),
    )


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("name: x\n", 1, "no front matter"),
        ("---\nname: x\n", 1, "no front matter"),
        ("---\ntaxonomy: organization\nstanding: 80\n---\n", 2, "`name` is missing"),
        ("---\nname: A\nstanding: 101\n---\n", 3, "from 0 to 100"),
        ("---\nname: A\nstanding: high\n---\n", 3, "whole number"),
        ("---\nname: A\nstanding: -1\n---\n", 3, "whole number"),
        ("---\nname: A\n\ndomain: ../../etc\n---\n", 4, "host name"),
        ("---\nname: A\nimages:\n  - width: 5\n---\n", 3, "images[0].url"),
        ("---\nname: &a A\n---\n", 2, "anchors"),
        ("---\nname: A\nname: B\n---\n", 3, "twice"),
        ("---\nname: [\n---\n", 3, "no valid YAML"),
        (b"---\nname: \xff\n---\n", 1, "not UTF-8"),
        ("---\nname: A\n---\n" + "x" * 70_000, 1, "larger than"),
    ],
)
def test_a_broken_file_is_left_out_and_named_with_its_line(
    tmp_path: Path, text: str | bytes, line: int, says: str
) -> None:
    path = put(tmp_path, "broken.example.md", text)
    put(tmp_path, "harborpost.example.md", WHOLE)
    found, wrong = scan_organizations(tmp_path)
    assert [organization.domain for organization in found] == ["harborpost.example"]
    assert [error.where for error in wrong] == [f"{path}:{line}"]
    assert says in wrong[0].message
    assert read_organizations(tmp_path) == found


def test_a_folder_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert scan_organizations(tmp_path / "none") == ((), ())


def test_a_second_file_for_a_domain_is_an_error_and_the_first_counts(tmp_path: Path) -> None:
    put(tmp_path, "a.md", "---\nname: First\ndomain: same.example\n---\n")
    put(tmp_path, "b.md", "---\nname: Second\ndomain: same.example\n---\n")
    found, wrong = scan_organizations(tmp_path)
    assert [organization.name for organization in found] == ["First"]
    assert "a.md" in wrong[0].message


def test_the_file_name_serves_where_no_domain_is_told(tmp_path: Path) -> None:
    put(tmp_path, "bay.example.md", "---\nname: Bay Weekly\n---\n")
    assert by_domain(read_organizations(tmp_path))["bay.example"].name == "Bay Weekly"


def test_names_find_a_provider_unless_two_claim_them(tmp_path: Path) -> None:
    put(tmp_path, "a.example.md", "---\nname: The Post\notherNames: [Post  A]\n---\n")
    put(tmp_path, "b.example.md", "---\nname: the POST\n---\n")
    names = by_name(read_organizations(tmp_path))
    assert names[name_key("post a")].domain == "a.example"
    assert name_key("The Post") not in names


def test_a_wrong_file_is_a_config_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        read_organization(tmp_path / "none.md")
