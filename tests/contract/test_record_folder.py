"""The contract of `RecordFolder`, held by the folder on disk and by the fake; then what only a disk can do."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest

from in_memory_files import MemoryRecordFolder
from invented import item
from newsloom.adapters.files import atomic
from newsloom.adapters.files.records import MarkdownRecordFolder
from newsloom.errors import RecordError, StorageError
from newsloom.model.record import Record
from newsloom.ports.storing import RecordFolder
from newsloom.stages.record import machine_record
from newsloom.vocab.frontmatter import serialise

PATH = "_news/2026-03-02-x.md"
TORN = b'---\ntitle: "cut sho'


def record(number: int = 1) -> Record:
    return machine_record(item(number), ())


@pytest.fixture(params=["disk", "memory"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> RecordFolder:
    return MarkdownRecordFolder(tmp_path) if request.param == "disk" else MemoryRecordFolder()


def put(folder: RecordFolder, path: str, data: bytes) -> None:
    """Put *data* there behind the folder's back, as a person does."""
    if isinstance(folder, MemoryRecordFolder):
        folder.files[path] = data
    else:
        place = folder._portal / path  # type: ignore[attr-defined]
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)


def get(folder: RecordFolder, path: str) -> bytes:
    return folder.files[path] if isinstance(folder, MemoryRecordFolder) else (folder._portal / path).read_bytes()  # type: ignore[attr-defined]


def test_an_empty_portal_has_no_records(folder: RecordFolder) -> None:
    assert tuple(map(list, folder.read_all())) == ([], [])


def test_what_is_written_is_read_in_order_of_path(folder: RecordFolder) -> None:
    for path in ("_news/b.md", "_archive/_news/c.md", "_news/a.md"):
        assert folder.write(path, record()) is True
    files, quarantined = folder.read_all()
    assert [file.path for file in files] == ["_archive/_news/c.md", "_news/a.md", "_news/b.md"]
    assert all(file.record == record() for file in files) and not quarantined


def test_the_same_bytes_are_not_written_again(folder: RecordFolder) -> None:
    folder.write(PATH, record())
    assert folder.write(PATH, record()) is False
    assert folder.write(PATH, folder.read(PATH).record) is False
    assert folder.write(PATH, replace(folder.read(PATH).record, title="Other")) is True


def test_a_missing_record_is_not_found(folder: RecordFolder) -> None:
    with pytest.raises(FileNotFoundError):
        folder.read(PATH)


def test_a_torn_record_is_quarantined_and_never_overwritten(folder: RecordFolder) -> None:
    put(folder, PATH, TORN)
    folder.write("_news/fine.md", record())
    files, quarantined = folder.read_all()
    assert [file.path for file in files] == ["_news/fine.md"]
    assert [bad.path for bad in quarantined] == [PATH] and "torn" in quarantined[0].reason
    with pytest.raises(RecordError):
        folder.read(PATH)
    with pytest.raises(StorageError):
        folder.write(PATH, record())
    assert get(folder, PATH) == TORN
    assert folder.free_path(replace(record(), title="x"), item().id) != PATH


@pytest.mark.parametrize("path", ["../x.md", "_news/../../x.md", "/etc/x.md", "_site/x.md", "x.md"])
def test_nothing_is_written_outside_the_folders_of_records(folder: RecordFolder, path: str) -> None:
    with pytest.raises(StorageError):
        folder.write(path, record())


def test_an_item_keeps_its_path_and_another_gets_its_own(folder: RecordFolder) -> None:
    first = folder.free_path(record(), item(1).id)
    assert first == "_news/2026-03-02-council-votes-to-pause-face-scans-part-1.md"
    folder.write(first, record())
    assert folder.free_path(record(), item(1).id) == first
    second = folder.free_path(record(), item(2).id)
    assert second == first.removesuffix(".md") + f"-{item(2).id[:8]}.md"


def test_names_that_differ_in_case_alone_are_one(folder: RecordFolder) -> None:
    put(folder, "_archive/_news/2026-03-02-COUNCIL-votes-to-pause-face-scans-part-1.md", serialise(record(2)))
    assert folder.free_path(record(), item(1).id).endswith(f"-{item(1).id[:8]}.md")


# What only a disk can do.


def test_a_promised_name_is_not_promised_twice(tmp_path: Path) -> None:
    folder = MarkdownRecordFolder(tmp_path)
    assert folder.free_path(record(), item(1).id) == folder.free_path(record(), item(1).id)
    assert folder.free_path(record(), item(1).id) != folder.free_path(record(), item(2).id)


def test_an_edit_made_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    folder = MarkdownRecordFolder(tmp_path)
    folder.write(PATH, record())
    read = folder.read(PATH).record
    data = (tmp_path / PATH).read_bytes().replace(b"Council votes", b"My headline:")
    (tmp_path / PATH).write_bytes(data)
    for stale in (replace(read, title="The machine's"), replace(record(), title="The machine's")):
        with pytest.raises(StorageError, match="changed while newsloom was at work"):
            folder.write(PATH, stale)
    assert (tmp_path / PATH).read_bytes() == data
    assert folder.write(PATH, replace(folder.read(PATH).record, excerpt="Newer.")) is True


def test_symbolic_links_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_bytes(serialise(record()))
    portal = tmp_path / "portal"
    (portal / "_news").mkdir(parents=True)
    (portal / "_news" / "link.md").symlink_to(outside / "secret.md")
    (portal / "_news" / "sub").symlink_to(outside)
    os.mkfifo(portal / "_news" / "pipe.md")
    folder = MarkdownRecordFolder(portal)
    files, quarantined = folder.read_all()
    assert not files
    assert [bad.path for bad in quarantined] == ["_news/link.md", "_news/pipe.md"]
    before = (outside / "secret.md").read_bytes()
    for path in ("_news/link.md", "_news/sub/secret.md"):
        with pytest.raises(StorageError):
            folder.write(path, record(2))
    assert (outside / "secret.md").read_bytes() == before


def test_a_root_that_is_a_symbolic_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "else").mkdir()
    (tmp_path / "portal").mkdir()
    (tmp_path / "portal" / "_news").symlink_to(tmp_path / "else")
    with pytest.raises(StorageError, match="symbolic link"):
        MarkdownRecordFolder(tmp_path / "portal").read_all()


def test_only_markdown_counts_and_stale_temporary_files_go(tmp_path: Path) -> None:
    news = tmp_path / "_news"
    news.mkdir()
    (news / "notes.txt").write_text("x")
    (news / ".hidden.md").write_text("x")
    stale = news / f".newsloom-{2**22 + 1}-0123456789abcdef.tmp"  # beyond the largest process id of Linux
    alive = news / f".newsloom-{os.getpid()}-0123456789abcdef.tmp"
    stale.write_text("half")
    alive.write_text("half")
    assert tuple(map(list, MarkdownRecordFolder(tmp_path).read_all())) == ([], [])
    assert not stale.exists() and alive.exists() and (news / "notes.txt").exists()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EIO])
def test_a_full_or_broken_disk_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    folder = MarkdownRecordFolder(tmp_path)
    folder.write(PATH, record())
    before = (tmp_path / PATH).read_bytes()

    def full(_: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(atomic.os, "fsync", full)
    with pytest.raises(StorageError) as caught:
        folder.write(PATH, replace(folder.read(PATH).record, title="Newer"))
    assert caught.value.hint and caught.value.exit_code == 4
    assert (tmp_path / PATH).read_bytes() == before
    assert [path.name for path in (tmp_path / "_news").iterdir()] == [Path(PATH).name]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "_news").mkdir(mode=0o000)
    with pytest.raises(StorageError):
        MarkdownRecordFolder(tmp_path).read_all()


def test_a_folder_that_cannot_be_listed_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "_news").write_text("a file, not a folder")
    with pytest.raises(StorageError, match="list the records"):
        MarkdownRecordFolder(tmp_path).read_all()


def test_permissions_of_a_file_stay(tmp_path: Path) -> None:
    folder = MarkdownRecordFolder(tmp_path)
    folder.write(PATH, record())
    (tmp_path / PATH).chmod(0o640)
    folder.write(PATH, replace(folder.read(PATH).record, title="Newer"))
    assert (tmp_path / PATH).stat().st_mode & 0o777 == 0o640
