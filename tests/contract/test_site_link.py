"""`_site` as a link that is replaced in one step: what is foreign stays, what is old goes, and what cannot be taken over is not."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsloom.adapters.files import site_link
from newsloom.adapters.files.site_folder import PublishedFolder
from newsloom.adapters.files.site_link import PublishedLink
from newsloom.errors import PortalLocked, StorageError
from newsloom.model.portal import PublishedFile


def files(**bodies: str) -> Iterator[PublishedFile]:
    return (PublishedFile(name.replace("__", "/").replace("_", "."), body.encode()) for name, body in bodies.items())


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return tmp_path / "_site"


@pytest.fixture
def link(site: Path) -> PublishedLink:
    return PublishedLink(site, site.with_name(".site"))


def seen(folder: Path) -> dict[str, str]:
    """Return what a web server finds below *folder*."""
    found = [path for path in folder.resolve().rglob("*") if path.is_file() and path.name != ".newsloom-manifest.json"]
    return {path.relative_to(folder.resolve()).as_posix(): path.read_text() for path in found}


def old_folders(site: Path) -> list[str]:
    """Return the folders that are kept besides the one that is published."""
    return sorted(p.name for p in site.with_name(".site").iterdir() if p.is_dir() and p.resolve() != site.resolve())


def test_publishes_a_link_that_survives_a_move_of_the_portal(link: PublishedLink, site: Path) -> None:
    assert link.publish(files(index_html="a", news__x_html="b")) == ["index.html", "news/x.html"]
    assert seen(site) == {"index.html": "a", "news/x.html": "b"}
    assert site.is_symlink() and not site.readlink().is_absolute()


def test_what_did_not_change_is_not_published_again_and_takes_no_room(link: PublishedLink, site: Path) -> None:
    link.publish(files(a_html="a", b_html="b"))
    first, led = (site / "a.html").stat(), site.readlink()
    assert link.publish(files(a_html="a", b_html="b")) == [] and site.readlink() == led
    assert link.publish(files(a_html="a", b_html="new")) == ["b.html"] and site.readlink() != led
    assert os.path.samestat((site / "a.html").stat(), first)
    assert seen(site) == {"a.html": "a", "b.html": "new"}


def test_a_plain_folder_is_taken_over_with_what_others_put_there(
    link: PublishedLink, site: Path, tmp_path: Path
) -> None:
    PublishedFolder(site).publish(files(index_html="old", gone_html="x"))
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "a.txt").write_text("media")
    (site / "CNAME").write_text("news.example")
    (site / ".well-known").mkdir()
    (site / ".well-known" / "security.txt").write_text("Contact")
    (site / "media").symlink_to("../media")
    (site / "home.html").symlink_to("index.html")
    assert link.publish(files(index_html="new")) == ["gone.html", "index.html"]
    assert site.is_symlink()
    assert seen(site) == {
        "index.html": "new", "CNAME": "news.example", ".well-known/security.txt": "Contact", "home.html": "new"
    }  # fmt: skip
    assert (site / "media" / "a.txt").read_text() == "media"
    (site / "ads.txt").write_text("later")
    link.publish(files(index_html="newer"))
    assert (site / "ads.txt").read_text() == "later" and (site / "CNAME").exists()


def test_a_folder_is_taken_over_where_names_cannot_be_exchanged(
    link: PublishedLink, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site_link, "_exchange", lambda *_: False)
    PublishedFolder(site).publish(files(index_html="old"))
    link.publish(files(index_html="new"))
    assert site.is_symlink() and seen(site) == {"index.html": "new"}


def test_a_take_over_that_was_killed_between_its_two_steps_is_finished(
    link: PublishedLink, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> bool:
        site.rename(site.with_name(".site") / "former-1")
        raise KeyboardInterrupt

    PublishedFolder(site).publish(files(index_html="old"))
    (site / "CNAME").write_text("news.example")
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(site_link, "_exchange", killed)
        link.publish(files(index_html="new"))
    assert not site.exists()
    assert link.publish(files(index_html="new")) == []
    assert seen(site) == {"index.html": "new", "CNAME": "news.example"}


@pytest.mark.parametrize("linking", ["file system without hard links"])
def test_files_are_copied_where_they_cannot_be_linked(
    link: PublishedLink, site: Path, monkeypatch: pytest.MonkeyPatch, linking: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(1, linking)

    link.publish(files(a_html="a", b_html="b"))
    monkeypatch.setattr(os, "link", refuse)
    link.publish(files(a_html="a", b_html="new"))
    assert seen(site) == {"a.html": "a", "b.html": "new"}


def test_the_owners_own_link_is_published_through(link: PublishedLink, site: Path, tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    site.symlink_to(tmp_path / "www")
    link.publish(files(index_html="a"))
    assert (tmp_path / "www" / "index.html").read_text() == "a" and site.readlink() == tmp_path / "www"


def test_old_folders_are_few_and_go(link: PublishedLink, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for turn in range(5):
        link.publish(files(index_html=str(turn)))
    assert len(old_folders(site)) == 4, "each was published until just now"
    monkeypatch.setattr(site_link, "KEPT_SECONDS", 0.0)
    time.sleep(0.01)
    for turn in range(5, 8):
        link.publish(files(index_html=str(turn)))
    assert len(old_folders(site)) <= 2


def test_an_item_that_goes_leaves_the_disk_at_once(link: PublishedLink, site: Path) -> None:
    link.publish(files(index_html="a secret name", news__a__index_html="a secret name"))
    link.publish(files(index_html="nothing"))
    assert old_folders(site) == []


def test_deleted_links_and_folders_come_back(link: PublishedLink, site: Path) -> None:
    link.publish(files(index_html="a"))
    site.unlink()
    assert link.publish(files(index_html="a")) == ["index.html"]
    for folder in site.with_name(".site").iterdir():
        if folder.is_dir():
            folder.rename(folder.with_name("x" + folder.name))
    assert not site.exists() and site.is_symlink()
    link.publish(files(index_html="a"))
    assert seen(site) == {"index.html": "a"}


def test_a_publishing_that_fails_or_dies_changes_nothing(link: PublishedLink, site: Path) -> None:
    link.publish(files(index_html="a"))

    def dying() -> Iterator[PublishedFile]:
        yield PublishedFile("index.html", b"new")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        link.publish(dying())
    with pytest.raises(StorageError):
        link.publish(iter([PublishedFile("index.html", b"new"), PublishedFile("../x", b"")]))
    assert seen(site) == {"index.html": "a"}
    assert link.publish(files(index_html="a")) == [] and old_folders(site) == []


def test_who_was_overtaken_publishes_nothing(site: Path) -> None:
    PublishedLink(site, site.with_name(".site")).publish(files(index_html="successor"))
    allowed = iter(range(2))

    def guard() -> None:
        if next(allowed, None) is None:
            raise PortalLocked("this run was overtaken")

    with pytest.raises(PortalLocked):
        PublishedLink(site, site.with_name(".site"), guard).publish(files(index_html="late"))
    assert seen(site) == {"index.html": "successor"}


def test_readers_meet_all_of_one_publishing(link: PublishedLink, site: Path) -> None:
    """Twenty publishings while readers read without pause: nothing is missing, cut, or of two publishings at once."""
    pages = [f"news/{number}.html" for number in range(12)]

    def edition(turn: int) -> Iterator[PublishedFile]:
        return (PublishedFile(page, f"{turn}\n".encode() * 20_000) for page in pages)

    PublishedFolder(site).publish(edition(0))  # a plain folder, as older versions left it
    troubles: list[str] = []
    reads = [0, 0]
    done = threading.Event()

    def read(reader: int) -> None:
        while not done.is_set():
            folder = site.resolve() if reader else site
            turns = set()
            for page in pages:
                try:
                    lines = (folder / page).read_text().splitlines()
                except OSError as error:
                    troubles.append(str(error))
                    continue
                turns.add(lines[0])
                if len(lines) != 20_000 or len(set(lines)) != 1:
                    troubles.append(f"{page} is not whole")
                reads[reader] += 1
            # Who follows the link once has one publishing before them.
            if reader and len(turns) != 1 and folder != site:
                troubles.append(f"two publishings at once: {turns}")

    readers = [threading.Thread(target=read, args=(number,)) for number in (0, 1)]
    for reader in readers:
        reader.start()
    try:
        for turn in range(1, 21):
            link.publish(edition(turn))
    finally:
        done.set()
        for reader in readers:
            reader.join()
    assert troubles == [] and min(reads) > 20
