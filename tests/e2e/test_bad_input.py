"""Whatever is wrong: one clear message that says where and what next, the right exit code, and nothing lost."""

from __future__ import annotations

import json
import shutil
import socket
from pathlib import Path

import pytest

from invented_news import NOW_TEXT, put, stories, write_portal
from loopback_web import LoopbackWeb
from portal_runs import done, newsloom, one_error, open_way, record_bytes, refused, remove_site, unprivileged


@pytest.fixture
def web(shared_web: LoopbackWeb) -> LoopbackWeb:
    return shared_web


@pytest.fixture
def portal(copied: Path) -> Path:
    return copied


@pytest.mark.parametrize("command", [["run"], ["publish"], ["doctor"], ["review", "list"], ["search", "x"], ["serve"]])
def test_no_portal(command: list[str], tmp_path: Path) -> None:
    message = refused(2, *command, "--portal", tmp_path)
    assert "there is no portal here" in message
    assert "newsloom init" in message
    assert list(tmp_path.iterdir()) == []


def test_a_torn_record_stops_nobody(portal: Path, web: LoopbackWeb) -> None:
    paths = sorted((portal / "_news").iterdir())
    torn = paths[2].read_bytes()[:300]
    paths[2].write_bytes(torn)
    put(web, stories(6))
    try:
        told = done("run", "--portal", portal, "--now", "2026-03-03T22:00:00Z")
    finally:
        put(web, stories(5))
    assert f"quarantined _news/{paths[2].name}" in told.err
    assert "1 record quarantined" in told.out
    assert len(list((portal / "_news").iterdir())) == len(paths) + 1
    assert paths[2].read_bytes() == torn
    assert newsloom("records", "check", "--portal", portal).code == 1
    told = newsloom("doctor", "--portal", portal)
    assert told.code == 1
    assert paths[2].name in told.out
    assert "quarantined" in done("review", "list", "--portal", portal).out
    assert len(done("export", "jsonl", "--portal", portal).out.splitlines()) == len(paths)


def test_a_folder_that_cannot_be_read(portal: Path) -> None:
    open_way(portal)
    for place in (portal, *portal.rglob("*")):
        place.chmod(place.stat().st_mode | (0o077 if place.is_dir() else 0o066))
    done("doctor", "--portal", portal)
    portal.chmod(0o000)
    with unprivileged():
        for command in (["run"], ["publish"], ["doctor"], ["review", "list"], ["serve"]):
            assert "Permission denied" in refused(4, *command, "--portal", portal)
    portal.chmod(0o777)
    for name, code in (("newsloom.toml", 2), ("sources.opml", 2), ("_data/topics", 2), ("_news", 4), (".newsloom", 4)):
        place = portal / name
        mode = place.stat().st_mode
        place.chmod(0o000)
        with unprivileged():
            message = refused(code, "run", "--portal", portal, "--now", NOW_TEXT)
        assert "Permission denied" in message, message
        assert name.removeprefix("_data/") in message
        place.chmod(mode)
    for place in portal.rglob("*"):
        place.chmod(0o755 if place.is_dir() else 0o644)
    with unprivileged():  # what may be read and not written
        assert "Permission denied" in refused(4, "run", "--portal", portal, "--now", NOW_TEXT)


def test_a_record_that_may_not_be_read_is_left_alone(portal: Path) -> None:
    open_way(portal)
    done("records", "check", "--portal", portal)
    path = sorted((portal / "_news").iterdir())[0]
    path.chmod(0o000)
    with unprivileged():
        told = newsloom("records", "check", "--portal", portal)
    assert told.code == 1
    assert path.name in told.out
    assert "Permission denied" in told.out


@pytest.mark.parametrize("damage", ["garbage", "half", "text", "folder"])
def test_a_damaged_working_state(portal: Path, damage: str) -> None:
    before = record_bytes(portal)
    state = portal / ".newsloom/state.sqlite"
    for name in ("state.sqlite-wal", "state.sqlite-shm"):
        (portal / ".newsloom" / name).unlink(missing_ok=True)
    data = state.read_bytes()
    if damage == "garbage":
        state.write_bytes(data[:4096] + bytes(len(data) - 4096))
    elif damage == "half":
        state.write_bytes(data[: len(data) // 2])
    elif damage == "text":
        state.write_text("not a database, but as long as the head of one would be " * 20)
    else:
        state.unlink()
        state.mkdir()
    message = refused(4, "run", "--portal", portal, "--now", NOW_TEXT)
    assert "state.sqlite" in message
    assert ".newsloom" in message
    shutil.rmtree(portal / ".newsloom")  # as the hint says
    done("run", "--portal", portal, "--now", NOW_TEXT)
    assert record_bytes(portal) == before


def test_an_empty_working_state_is_made_anew(portal: Path) -> None:
    before = record_bytes(portal)
    (portal / ".newsloom/state.sqlite").write_bytes(b"")
    done("run", "--portal", portal, "--now", NOW_TEXT)
    assert record_bytes(portal) == before


def test_a_port_that_is_in_use(portal: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        message = refused(2, "serve", "--portal", portal, "--port", port)
        before_the_work = refused(2, "demo", portal.parent / "demo", "--serve", "--port", port)
    assert f"port {port} of 127.0.0.1 is taken" in message
    assert "--port" in message
    assert f"port {port} of 127.0.0.1 is taken" in before_the_work
    assert not (portal.parent / "demo").exists()
    assert "--host" in refused(2, "serve", "--portal", portal, "--host", "192.0.2.1", "--port", "0")


def test_nothing_published_to_serve(tmp_path: Path) -> None:
    portal = write_portal(tmp_path / "portal")
    assert "nothing is published yet" in refused(2, "serve", "--portal", portal)


@pytest.mark.parametrize(
    "name", ["records", "extract", "stories", "duplicates", "topics", "spam", "clickbait", "heat", "feeds"]
)
def test_data_of_no_known_layout(name: str, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/readme.txt").write_text("nothing here")
    refused(2, "eval", name, "--data", tmp_path / "data")
    refused(2, "eval", name, "--data", tmp_path / "nowhere")
    (tmp_path / "lines.jsonl").write_text('{"id": 1}\n[1, 2]\nnot json\n')
    assert newsloom("eval", name, "--data", tmp_path / "lines.jsonl").code == 2


def test_unknown_items(portal: Path) -> None:
    for command in (
        ["explain", "ffff"], ["review", "show", "ffff"], ["review", "hold", "nowhere"], ["review", "publish", "ffff"],
        ["review", "edit", "ffff", "title", "x"], ["review", "merge", "ffff", "eeee"], ["review", "split", "ffff"],
    ):  # fmt: skip
        message = refused(2, *command, "--portal", portal)
        assert "no record answers to that" in message
        assert "newsloom review list" in message


def test_impossible_edits(portal: Path) -> None:
    before = record_bytes(portal)
    item = done("review", "list", "--portal", portal, "--json").json[0]["id"]
    for field, value, said in (
        ("titel", "x", "a record has no such field"),
        ("title", "", "cannot be empty"),
        ("quality", "many", "quality"),
        ("quality", "900", "a whole number from 0 to 200, not 900"),
        ("publishedDateTime", "yesterday", "publishedDateTime"),
        ("images", "[{", "images"),
        ("published", "perhaps", "published"),
    ):
        assert said in refused(2, "review", "edit", item, field, value, "--portal", portal)
    assert "one story already" in refused(2, "review", "merge", item, item, "--portal", portal)
    assert record_bytes(portal) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "--now", "yesterday"], ["run", "--now", "2026-13-01"], ["review", "list", "--only", "some"], ["export", "xml"],
        ["eval", "beauty", "--data", "."], ["serve", "--port", "70000"], ["frobnicate"], ["review", "list", "--limit", "-1"],
    ],
)  # fmt: skip
def test_malformed_arguments(portal: Path, arguments: list[str]) -> None:
    told = newsloom(*arguments, *(["--portal", str(portal)] if arguments[0] in ("run", "serve", "export") else []))
    assert told.code == 2, told
    assert "Traceback" not in told.err
    assert told.out == ""


@pytest.mark.parametrize("every", ["15", "m", "0m", "-1m", "1.5h", "15 minutes", "99999d", "٣m"])
def test_a_malformed_interval(portal: Path, every: str) -> None:
    assert "is no interval" in refused(2, "run", "--portal", portal, "--every", every)


def test_imports_of_what_is_not_there_or_not_that(portal: Path, tmp_path: Path) -> None:
    nothing = tmp_path / "nothing"
    empty = tmp_path / "empty"
    empty.mkdir()
    text = tmp_path / "text"
    text.write_text("Hello.")
    before = (portal / "sources.opml").read_bytes(), record_bytes(portal)
    for kind in ("html", "warc", "opml", "records"):
        for path in (nothing, empty, text):
            told = newsloom("import", kind, path, "--portal", portal)
            if kind == "warc" and path == text:
                assert (
                    "Traceback" not in told.err
                )  # a WARC may be damaged from its first byte on: that is told as skipped
                continue
            assert told.code in (1, 2), told
            assert str(path) in one_error(told)
    assert ((portal / "sources.opml").read_bytes(), record_bytes(portal)) == before


def test_folders_that_cannot_become_portals(portal: Path, tmp_path: Path) -> None:
    before = (portal / "newsloom.toml").read_bytes()
    assert "there is a portal here already" in refused(2, "init", portal)
    assert (portal / "newsloom.toml").read_bytes() == before
    file = tmp_path / "file"
    file.write_text("x")
    assert "file" in refused(2, "init", file)
    assert "There are: ai, blank" in refused(2, "init", tmp_path / "new", "--template", "red")
    assert not (tmp_path / "new").exists()
    assert "holds no demo" in refused(2, "demo", portal)
    assert "this is a file" in refused(2, "demo", file)
    read_only = tmp_path / "read-only"
    read_only.mkdir()
    open_way(tmp_path)
    read_only.chmod(0o555)
    with unprivileged():
        assert "Permission denied" in refused(4, "init", read_only)
        assert "Permission denied" in refused(4, "init", read_only / "new")
        assert "Permission denied" in refused(4, "export", "csv", "-o", read_only / "x.csv", "--portal", portal)


def test_search_without_a_hit_or_words(portal: Path) -> None:
    told = newsloom("search", "nosuchword", "--portal", portal)
    assert (told.code, told.out, told.err) == (1, "", "nothing found\n")
    assert newsloom("search", '"(*)"', "--portal", portal).code == 1
    assert json.loads(newsloom("search", "nosuchword", "--portal", portal, "--json").out) == []


def test_a_site_folder_that_is_in_the_way(portal: Path) -> None:
    remove_site(portal)
    (portal / "_site").write_text("a file")
    before = record_bytes(portal)
    assert "Move it away" in refused(4, "publish", "--portal", portal, "--now", NOW_TEXT)
    assert (portal / "_site").read_text() == "a file"
    assert record_bytes(portal) == before


def test_a_records_folder_that_is_a_link(portal: Path, tmp_path: Path) -> None:
    shutil.move(portal / "_news", tmp_path / "elsewhere")
    (portal / "_news").symlink_to(tmp_path / "elsewhere")
    assert "symbolic link" in refused(4, "run", "--portal", portal, "--now", NOW_TEXT)


def test_a_portal_nearby_is_named(portal: Path) -> None:
    for folder in (portal / "_news", portal.parent):
        message = refused(2, "run", "--portal", folder)
        assert str(folder) in message
        assert f"--portal {portal}" in message


def test_a_torn_record_is_named_once(portal: Path) -> None:
    path = next((portal / "_news").iterdir())
    path.write_bytes(path.read_bytes()[:200])
    told = newsloom("records", "check", "--portal", portal)
    assert (told.code, told.out.count(path.name)) == (1, 1)


def test_an_export_makes_no_folders(portal: Path, tmp_path: Path) -> None:
    target = tmp_path / "nowhere" / "x.jsonl"
    assert "there is no such folder" in refused(4, "export", "jsonl", "--portal", portal, "-o", target)
    assert not target.parent.exists()


def test_a_host_that_speaks_no_https_is_told_with_what_to_try(portal: Path, shared_web: LoopbackWeb) -> None:
    told = refused(3, "add", shared_web.url.removeprefix("http://"), "--portal", portal)
    assert "does not speak https on that port; try http://" in told


def test_a_file_that_is_no_page_is_named(portal: Path) -> None:
    assert str(portal / "newsloom.toml") in refused(1, "read", portal / "newsloom.toml")
