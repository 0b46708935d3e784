"""Whatever is wrong in what the owner wrote: a message that says where and what next, and nobody is stopped."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from invented_news import NOW_TEXT, write_portal, write_sources
from loopback_web import Answer, LoopbackWeb
from portal_runs import add_setting, done, newsloom, one_error, record_bytes, refused


@pytest.fixture
def web(shared_web: LoopbackWeb) -> LoopbackWeb:
    return shared_web


@pytest.fixture
def portal(copied: Path) -> Path:
    return copied


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("[stories]\nwindow_day = 3\n", "did you mean 'stories.window_days'?"),
        ("[storys]\nwindow_days = 3\n", "did you mean 'stories'?"),
        ("[stories]\nwindow_days = 0\n", "stories.window_days: Input should be greater than 0"),
        ("[related]\nlimit = 'many'\n", "related.limit"),
        ('[scoring]\nprofile = "newslom"\n', "there is no such scoring profile"),
        ("[scoring.parameters]\nthreshhold = 60\n", "threshold"),
        ("[scoring.parameters]\nthreshold = 'high'\n", "threshold"),
        ("[stories\n", "not valid TOML"),
    ],
)
def test_wrong_settings(portal: Path, settings: str, said: str) -> None:
    before = record_bytes(portal)
    add_setting(portal, settings)
    message = refused(2, "run", "--portal", portal, "--now", NOW_TEXT)
    assert said in message
    assert "newsloom.toml" in message or "newslom" in message
    assert record_bytes(portal) == before


@pytest.mark.parametrize(
    ("secret", "said"),
    [('cookie = "env:NO_SUCH_SECRET"', "NO_SUCH_SECRET is not set"), ('headers = {"X Y" = "1"}', "cannot be sent")],
)
def test_wrong_secrets_of_a_source(portal: Path, web: LoopbackWeb, secret: str, said: str) -> None:
    add_setting(portal, f'[sources."{web.url}/feed.xml"]\n{secret}\n')
    message = refused(2, "run", "--portal", portal, "--now", "2026-03-09T12:00:00Z")
    assert said in message
    assert web.url in message
    # What asks nothing of the web goes on without them.
    done("review", "list", "--portal", portal)


def test_settings_that_are_no_text(portal: Path) -> None:
    (portal / "newsloom.toml").write_bytes(b"\xff\xfe\x00")
    assert "not valid TOML" in refused(2, "run", "--portal", portal)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("04-x.yaml", "name: X\nkeyword: [x]\n", "Did you mean `keywords`?"),
        ("04-x.yaml", "name: X\nparent: Robot\n", "Did you mean `Robots`?"),
        ("04-x.yaml", "name: Robots\n", "also that of 01-robots.yaml"),
        ("04-x.yaml", "name: [x\n", "04-x.yaml"),
        ("04-x.yaml", "keywords: [x]\n", "`name`"),
    ],
)
def test_a_wrong_topic_file(portal: Path, name: str, text: str, said: str) -> None:
    (portal / "_data/topics" / name).write_text(text)
    message = refused(2, "run", "--portal", portal, "--now", NOW_TEXT)
    assert said in message
    assert name in message
    assert refused(2, "topics", "test", "--portal", portal) == message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<opml><body><outline", "no well-formed XML"),
        ("<html><body/></html>", "this is no OPML file"),
        ('<opml><body><outline type="rss" xmlUrl="ftp://x.example/"/></body></opml>', "is no http or https address"),
        ('<!DOCTYPE opml [<!ENTITY x "y">]><opml><body/></opml>', "it declares entities"),
    ],
)
def test_broken_sources(portal: Path, text: str, said: str) -> None:
    (portal / "sources.opml").write_text(text)
    message = refused(2, "run", "--portal", portal)
    assert said in message
    assert "sources.opml" in message


def test_a_wrong_provider_file_is_passed_over_and_named_by_doctor(portal: Path) -> None:
    folder = portal / "_data/organizations"
    folder.mkdir()
    (folder / "x.example.md").write_text("---\nname: X\ndomain: [\n---\n")
    done("run", "--portal", portal, "--now", NOW_TEXT)
    told = newsloom("doctor", "--portal", portal)
    assert told.code == 1
    assert "x.example.md" in told.out


def test_a_broken_template_of_the_owner(portal: Path) -> None:
    folder = portal / "templates"
    folder.mkdir()
    (folder / ".story.html.swp").write_bytes(b"\xff an editor's own")
    done("publish", "--portal", portal, "--now", NOW_TEXT)
    (folder / "story.html").write_text("{% if %}")
    (folder / "item.html").write_text("{% if %}")
    assert "templates/" in refused(2, "publish", "--portal", portal, "--now", NOW_TEXT)
    (folder / "other").mkdir()
    (folder / "story.html").write_bytes(b"\xff")
    assert "UTF-8" in refused(2, "publish", "--portal", portal, "--now", NOW_TEXT)


def test_bad_sources_are_named_and_stop_nobody(web: LoopbackWeb, tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        unreachable = f"http://127.0.0.1:{closed.getsockname()[1]}/feed.xml"
    web.pages["/broken.xml"] = Answer(b"\x1f\x8b\x00broken", "application/rss+xml")
    web.pages["/hello.xml"] = Answer(b"<p>Hello", "application/rss+xml")
    web.pages["/picture.xml"] = Answer(b"\x89PNG", "image/png")
    web.pages["/error.xml"] = Answer(b"", "text/plain", 500)
    web.pages["/gone.xml"] = Answer(b"", "text/plain", 410)
    bad = [
        *(f"{web.url}/{name}.xml" for name in ("broken", "hello", "picture", "error", "gone", "missing")),
        unreachable,
    ]
    # Not allowed out: an address of this machine that the settings do not name, and a name that exists nowhere.
    bad += ["http://127.0.0.2/feed.xml", "http://no-such-host.invalid/feed.xml"]
    portal = write_portal(tmp_path / "portal", *bad, web.url + "/feed.xml")
    told = done("run", "--portal", portal, "--now", NOW_TEXT)
    for url in bad:
        line = next((line for line in told.err.splitlines() if url in line), None)
        assert line, f"{url} is not named: {told.err}"
        assert "unexpected" not in line
    assert "error:" not in told.err
    assert len(record_bytes(portal)) == 5
    assert f"{len(bad)} sources failed" in told.out
    told = newsloom("doctor", "--portal", portal)
    assert told.code == 1, "a source that is gone for good is an error"
    assert all(url in told.out for url in bad)


def test_no_feed_where_one_was_expected(portal: Path) -> None:
    before = (portal / "sources.opml").read_bytes()
    with LoopbackWeb() as plain:
        plain.pages["/plain"] = Answer(b"<title>Hello</title>")
        assert "no feed was found there" in refused(1, "add", plain.url + "/plain", "--portal", portal)
    for url in ("not an address", "ftp://x.example/", "http://10.0.0.1/feed.xml", "http://no-such-host.invalid/"):
        told = newsloom("add", url, "--portal", portal)
        assert told.code in (1, 2, 3), told
        assert url in one_error(told)
    assert "no http or https address" in refused(2, "add", "--page", "javascript:alert(1)", "--portal", portal)
    assert (portal / "sources.opml").read_bytes() == before


def test_a_source_given_twice(web: LoopbackWeb, tmp_path: Path) -> None:
    portal = write_portal(tmp_path / "portal")
    write_sources(portal, web.url + "/feed.xml", web.url + "/feed.xml")
    done("run", "--portal", portal, "--now", NOW_TEXT)
    assert len(record_bytes(portal)) == 5
