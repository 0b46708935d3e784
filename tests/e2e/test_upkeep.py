"""Backup, restore, purge and repair, as an owner meets them."""

from __future__ import annotations

import gzip
import io
import shutil
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from portal_runs import Demo, done, newsloom, record_bytes, refused, tree

NOW = "2026-03-20T12:00:00Z"
STATE = ".newsloom/state.sqlite"


@pytest.fixture
def portal(demo: Demo, tmp_path: Path) -> Path:
    """The demo's portal, its sources left out so that runs end at once."""
    folder = tmp_path / "portal"
    shutil.copytree(demo.portal, folder)
    (folder / "sources.opml").unlink()
    done("run", "--portal", folder, "--now", NOW)  # takes in that the sources are gone
    return folder


def rows(portal: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(portal / STATE)) as connection:
        return connection.execute(query).fetchall()


def texts(portal: Path) -> dict[object, object]:
    return dict(rows(portal, "SELECT id, body FROM items WHERE body != ''"))  # type: ignore[arg-type]


def test_a_backup_becomes_the_same_portal(portal: Path, tmp_path: Path) -> None:
    done("backup", tmp_path / "away" / "b.tar.gz", "--portal", portal, "--now", NOW)
    done("restore", tmp_path / "away" / "b.tar.gz", tmp_path / "again")
    for name in ("_news", "_log", "_data"):
        assert tree(tmp_path / "again" / name) == tree(portal / name)
    assert texts(tmp_path / "again") == texts(portal)
    assert not [name for name in ("_site", ".site") if (tmp_path / "again" / name).exists()]
    done("run", "--portal", tmp_path / "again", "--now", NOW)
    assert record_bytes(tmp_path / "again") == record_bytes(portal)
    assert sorted(tmp_path.iterdir()) == [tmp_path / name for name in ("again", "away", "portal")]
    assert [path.name for path in (tmp_path / "away").iterdir()] == ["b.tar.gz"]


def test_a_backup_without_state_is_enough_for_the_records(portal: Path, tmp_path: Path) -> None:
    done("backup", tmp_path / "b.tar.gz", "--portal", portal, "--no-state")
    done("restore", tmp_path / "b.tar.gz", tmp_path / "again")
    assert not (tmp_path / "again" / ".newsloom").exists()
    done("run", "--portal", tmp_path / "again", "--now", NOW)
    assert record_bytes(tmp_path / "again") == record_bytes(portal)


def test_the_history_of_git_is_said_to_be_left_out(copied: Path, tmp_path: Path) -> None:
    (copied / ".git").mkdir()
    (copied / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    assert "left out .git" in done("backup", tmp_path / "b.tar.gz", "--portal", copied).err
    (copied / ".git" / "HEAD").unlink()
    (copied / ".git").rmdir()
    (copied / ".git").write_text("gitdir: /elsewhere\n")
    assert "left out .git" in done("backup", tmp_path / "c.tar.gz", "--portal", copied).err
    with tarfile.open(tmp_path / "c.tar.gz") as tar:
        assert ".git" not in tar.getnames()


def test_nothing_is_overwritten(portal: Path, tmp_path: Path) -> None:
    done("backup", tmp_path / "b.tar.gz", "--portal", portal)
    assert "exists" in refused(2, "backup", tmp_path / "b.tar.gz", "--portal", portal)
    assert "does not belong" in refused(2, "backup", portal / "b.tar.gz", "--portal", portal)
    before = tree(portal)
    assert "not empty" in refused(2, "restore", tmp_path / "b.tar.gz", portal)
    assert tree(portal) == before


def test_a_cut_or_foreign_file_restores_nothing(portal: Path, tmp_path: Path) -> None:
    done("backup", tmp_path / "b.tar.gz", "--portal", portal)
    whole = (tmp_path / "b.tar.gz").read_bytes()
    plain = gzip.decompress(whole)
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 0x40
    broken = {
        "cut": whole[: len(whole) // 2],
        "shorter": gzip.compress(plain[: 200 * 512], 1),
        "flipped": bytes(flipped),
        "text": b"hello",
        "empty": b"",
    }
    for name, data in broken.items():
        (tmp_path / name).write_bytes(data)
        told = newsloom("restore", tmp_path / name, tmp_path / "again")
        assert told.code == 1, (name, told)
        assert "Traceback" not in told.err
        assert not (tmp_path / "again").exists()
    assert "cannot be read" in refused(2, "restore", tmp_path / "none", tmp_path / "again")


@pytest.mark.parametrize("name", ["../evil", "/tmp/evil", "a/../../evil", "newsloom-backup.json"])
def test_a_forged_backup_writes_nowhere_else(tmp_path: Path, name: str) -> None:
    with tarfile.open(tmp_path / "forged", "w:gz") as tar:
        for member, body in (
            ("newsloom-backup.json", b'{"format": 1, "made": "x", "files": 9, "bytes": 99}'),
            (name, b"x"),
        ):
            info = tarfile.TarInfo(member)
            info.size = len(body)
            tar.addfile(info, io.BytesIO(body))
    assert "which no backup does" in refused(1, "restore", tmp_path / "forged", tmp_path / "again")
    assert [path.name for path in tmp_path.iterdir()] == ["forged"]


def test_old_texts_go_and_what_was_decided_by_them_stays(portal: Path) -> None:
    before, kept = record_bytes(portal), texts(portal)
    later = "2027-04-12T12:00:00Z"  # 400 days after the middle of the demo's ten days
    told = done("purge", "--portal", portal, "--now", later, "--dry-run", "--json").json
    assert 0 < told["texts"] < len(kept)
    assert texts(portal) == kept
    done("purge", "--portal", portal, "--now", later)
    assert len(texts(portal)) == len(kept) - told["texts"]
    assert done("purge", "--portal", portal, "--now", later, "--json").json["texts"] == 0
    size = (portal / STATE).stat().st_size
    done("run", "--portal", portal, "--now", "2028-06-01")
    assert not texts(portal)
    assert (portal / STATE).stat().st_size < size
    assert record_bytes(portal) == before


def test_pictures_go_when_nothing_shows_them(portal: Path) -> None:
    done("publish", "--portal", portal, "--now", NOW)
    shelf = portal / ".newsloom" / "images"
    shown = {path.name for path in (portal / "_site" / "images").iterdir()}
    done("purge", "--portal", portal, "--now", NOW)
    assert shown <= {path.name for path in shelf.rglob("*.webp")}
    for row in done("review", "list", "--portal", portal, "--only", "published", "-n", "0", "--json").json:
        newsloom("review", "hold", row["id"], "--portal", portal, "--now", NOW)
    done("purge", "--portal", portal, "--now", NOW)
    assert not [path for path in shelf.rglob("*") if path.is_file()]


def test_a_damaged_database_is_mended_by_one_command(portal: Path) -> None:
    before, kept = record_bytes(portal), texts(portal)
    with (portal / STATE).open("r+b") as file:
        size = file.seek(0, 2)
        file.seek(size // 2 // 4096 * 4096)
        file.write(b"\x5a" * 4096 * 4)
    told = done("repair", "--portal", portal, "--now", NOW, "--json").json
    assert not told["was_healthy"]
    assert told["saved"]["texts"] > len(kept) // 2
    saved = texts(portal)
    assert saved.items() <= kept.items()
    assert len(saved) == told["saved"]["texts"]
    done("run", "--portal", portal, "--now", NOW)
    assert record_bytes(portal) == before
    assert list((portal / ".newsloom").glob("state.sqlite.damaged-*"))
    done("purge", "--portal", portal, "--now", "2026-04-20")
    assert not list((portal / ".newsloom").glob("state.sqlite.damaged-*"))


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 400, b"SQLite format 3\0" + bytes(5000)])
def test_a_database_of_rubbish_is_named_and_mended(portal: Path, content: bytes) -> None:
    before = record_bytes(portal)
    for path in (portal / ".newsloom").glob("state.sqlite*"):
        path.unlink()
    (portal / STATE).write_bytes(content)
    if content:
        assert "newsloom repair" in refused(4, "run", "--portal", portal, "--now", NOW)
    done("repair", "--portal", portal, "--now", NOW)
    done("run", "--portal", portal, "--now", NOW)
    assert record_bytes(portal) == before


def test_a_healthy_portal_is_left_alone(portal: Path) -> None:
    before = texts(portal)
    assert "nothing is wrong" in done("repair", "--portal", portal, "--now", NOW).out
    assert texts(portal) == before
    assert "saved" in done("repair", "--portal", portal, "--now", NOW, "--force").out
    assert texts(portal) == before


def test_a_torn_record_is_named(portal: Path) -> None:
    torn = min((portal / "_news").glob("*.md"))
    torn.write_bytes(torn.read_bytes()[:300])
    told = newsloom("repair", "--portal", portal, "--now", NOW)
    assert told.code == 1
    assert torn.name in told.out


def test_a_lost_folder_of_records_ends_every_command_that_would_publish_or_forget(portal: Path) -> None:
    whole, kept = tree(portal), texts(portal)
    (portal / "_news").rename(portal.parent / "aside")
    before = tree(portal)
    for arguments in (("run",), ("run", "--no-publish"), ("publish",), ("purge",)):
        told = refused(4, *arguments, "--portal", portal, "--now", NOW)
        assert "are gone" in told
        assert "--accept-deletions" in told
    assert (tree(portal), texts(portal)) == (before, kept)
    (portal.parent / "aside").rename(portal / "_news")
    done("run", "--portal", portal, "--now", NOW)
    assert (tree(portal), texts(portal)) == (whole, kept)
    shutil.rmtree(portal / "_news")
    done("publish", "--accept-deletions", "--portal", portal, "--now", NOW)
    refused(4, "publish", "--portal", portal, "--now", NOW)
    told = done("run", "--accept-deletions", "--portal", portal, "--now", NOW, "--json").json
    assert (told["records_removed"], told["items"]) == (sum(name.startswith("_news/") for name in whole), 0)
    done("publish", "--portal", portal, "--now", NOW)
