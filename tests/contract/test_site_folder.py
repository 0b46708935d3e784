"""The port SiteFolder, over its one implementation: writes what changed, removes what it wrote, touches nothing else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsloom.adapters.files.site_folder import PublishedFolder
from newsloom.errors import StorageError
from newsloom.model.portal import PublishedFile
from newsloom.ports.outlets import SiteFolder


def files(**bodies: str) -> Iterator[PublishedFile]:
    return (PublishedFile(name.replace("__", "/").replace("_", "."), body.encode()) for name, body in bodies.items())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "made" / "_site"


@pytest.fixture
def folder(root: Path) -> SiteFolder:
    return PublishedFolder(root)


def test_writes_and_says_what_changed(folder: SiteFolder, root: Path) -> None:
    assert folder.publish(files(index_html="a", news__x__index_html="b")) == ["index.html", "news/x/index.html"]
    assert (root / "news/x/index.html").read_text() == "b"


def test_unchanged_files_are_not_written_or_read(folder: SiteFolder, root: Path) -> None:
    folder.publish(files(a_html="one", b_html="two"))
    before = (root / "a.html").stat()
    (root / "a.html").chmod(0)  # not readable, for whom that matters; the manifest knows it
    assert folder.publish(files(a_html="one", b_html="changed")) == ["b.html"]
    after = (root / "a.html").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_removes_what_it_no_longer_publishes_and_empty_folders(folder: SiteFolder, root: Path) -> None:
    folder.publish(files(a_html="a", deep__er__b_html="b"))
    assert folder.publish(files(a_html="a")) == ["deep/er/b.html"]
    assert not (root / "deep").exists()


def test_leaves_foreign_files_alone(folder: SiteFolder, root: Path) -> None:
    root.mkdir(parents=True)
    (root / "CNAME").write_text("news.example")
    (root / "old").mkdir()
    (root / "old" / "mine.html").write_text("mine")
    folder.publish(files(old__page_html="x"))
    assert folder.publish(files(index_html="y")) == ["index.html", "old/page.html"]
    assert (root / "CNAME").read_text() == "news.example" and (root / "old" / "mine.html").read_text() == "mine"


def test_restores_a_file_that_somebody_deleted_or_cut(folder: SiteFolder, root: Path) -> None:
    folder.publish(files(a_html="aaa", b_html="bbb"))
    (root / "a.html").unlink()
    (root / "b.html").write_text("b")
    assert folder.publish(files(a_html="aaa", b_html="bbb")) == ["a.html", "b.html"]


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"../../victim.txt": "x", "a.html": 3}'])
def test_lost_or_damaged_manifest_costs_only_reading(
    folder: SiteFolder, root: Path, tmp_path: Path, damage: str
) -> None:
    (tmp_path / "victim.txt").write_text("safe")
    folder.publish(files(a_html="a"))
    (root / ".newsloom-manifest.json").write_text(damage)
    assert folder.publish(files(a_html="a")) == []
    assert (tmp_path / "victim.txt").read_text() == "safe"
    assert folder.publish(files(b_html="b")) == ["a.html", "b.html"]


@pytest.mark.parametrize(
    "path",
    ["../out.html", "/abs.html", "a/../../b", "a//b", "", "a/./b", "c:/x", "a\\b", "a\x00b", ".newsloom-manifest.json"],
)
def test_paths_cannot_leave_the_folder(folder: SiteFolder, root: Path, path: str) -> None:
    with pytest.raises(StorageError):
        folder.publish(iter([PublishedFile(path, b"x")]))
    assert [
        found.name for found in root.parent.rglob("*") if found.is_file() and not found.name.startswith(".newsloom")
    ] == []


def test_link_that_leads_out_is_not_followed(folder: SiteFolder, root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "page.html").write_text("theirs")
    root.mkdir(parents=True)
    (root / "news").symlink_to(outside)
    (root / "page.html").symlink_to(outside / "page.html")
    with pytest.raises(StorageError):
        folder.publish(files(news__page_html="x"))
    folder.publish(files(page_html="ours"))
    assert (outside / "page.html").read_text() == "theirs" and (root / "page.html").read_text() == "ours"


def test_same_path_twice_is_an_error(folder: SiteFolder) -> None:
    with pytest.raises(StorageError, match="same path"):
        folder.publish(iter([PublishedFile("a.html", b"1"), PublishedFile("a.html", b"2")]))


def test_run_that_died_leaves_nothing_behind_for_good(folder: SiteFolder, root: Path) -> None:
    folder.publish(files(a_html="a"))

    def dying() -> Iterator[PublishedFile]:
        yield PublishedFile("a.html", b"new")
        yield PublishedFile("orphan.html", b"x")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        folder.publish(dying())
    assert (root / "orphan.html").exists()
    assert folder.publish(files(a_html="a")) == ["a.html", "orphan.html"]
    assert sorted(found.name for found in root.iterdir()) == [".newsloom-manifest.json", "a.html"]


def test_reader_sees_old_or_new_never_half(folder: SiteFolder, root: Path) -> None:
    bodies = (b"a" * 300_000, b"b" * 300_000)
    folder.publish(iter([PublishedFile("big.html", bodies[0])]))
    seen: set[bytes] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.add((root / "big.html").read_bytes())

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for turn in range(1, 40):
            folder.publish(iter([PublishedFile("big.html", bodies[turn % 2])]))
    finally:
        done.set()
        reader.join()
    assert seen <= set(bodies)


def test_disk_that_does_not_take_it_is_a_storage_error(root: Path) -> None:
    root.parent.mkdir()
    root.write_text("a file where the folder should be")
    with pytest.raises(StorageError) as caught:
        PublishedFolder(root).publish(files(a_html="a"))
    assert caught.value.exit_code == 4


def test_folder_in_the_place_of_a_file_is_a_storage_error(folder: SiteFolder, root: Path) -> None:
    (root / "a.html" / "deep").mkdir(parents=True)
    with pytest.raises(StorageError):
        folder.publish(files(a_html="a"))
