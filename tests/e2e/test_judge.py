"""The optional judge over real HTTP: right, slow, wrong, hostile and down. Without it everything works."""

from __future__ import annotations

from pathlib import Path

import pytest

from invented_news import NOW_TEXT, Story, put, stories, write_portal
from loopback_judge import LoopbackJudge, Reply, always, completion, told
from loopback_web import LoopbackWeb
from portal_runs import Told, done, newsloom, record_bytes, record_files

TOPIC = {"01-knots.yaml": "_id: knots\nname: Knots\ndescription: Ropes and how they are tied.\nkeywords: [bowline]\n"}


@pytest.fixture
def news(web: LoopbackWeb) -> list[Story]:
    found = stories(5)
    put(web, found)
    return found


def portal_with(folder: Path, web: LoopbackWeb, url: str, extra: str = "") -> Path:
    settings = f'[judge]\nurl = "{url}"\nmodel = "small-model"\nunsure_from = 0.0\nunsure_below = 1.0\ntimeout_seconds = 1.0\n{extra}'
    return write_portal(folder, web.url + "/feed.xml", settings=settings, topics=TOPIC)


def run(portal: Path) -> Told:
    return done("run", "--portal", portal, "--now", NOW_TEXT)


def topics_of(portal: Path) -> list[tuple[str, ...]]:
    return [file.record.topics for file in record_files(portal)]


def test_answers_are_pinned_and_never_asked_for_again(
    web: LoopbackWeb, news: list[Story], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUDGE_KEY", "s3cret")
    with LoopbackJudge(always("yes")) as judge:
        portal = portal_with(tmp_path / "p", web, judge.url, 'key = "env:JUDGE_KEY"\n')
        output = run(portal)
        asked = len(judge.requests)
        assert asked == len(news)
        assert set(judge.paths) == {"/v1/chat/completions"} and set(judge.keys) == {"Bearer s3cret"}
        assert {request["temperature"] for request in judge.requests} == {0}
        assert topics_of(portal) == [("Knots",)] * len(news)
        first = record_bytes(portal)
        assert b"Knots: yes by small-model" in next(iter(first.values()))
        assert "s3cret" not in output.out + output.err and all(b"s3cret" not in data for data in first.values())
        (portal / "rules.toml").write_text(
            '[[rule]]\nname = "x"\naction = "hold"\ntitle.word = "zzz"\n'
        )  # all is decided anew
        run(portal)
        assert len(judge.requests) == asked and record_bytes(portal) == first
        for path in (portal / ".newsloom").rglob("*"):
            if path.is_file():
                path.unlink()
        run(portal)
        assert len(judge.requests) == asked and record_bytes(portal) == first
    name = record_files(portal)[0].path
    assert "Knots" in done("explain", name, "--portal", portal).out


def test_the_budget_holds(web: LoopbackWeb, news: list[Story], tmp_path: Path) -> None:
    with LoopbackJudge(always("no")) as judge:
        portal = portal_with(tmp_path / "p", web, judge.url, "requests_per_run = 2\n")
        told = run(portal)
        assert len(judge.requests) == 2
    assert f"{len(news) - 2} over the budget" in told.err.replace("\n", " ")


def _hang(request: dict[str, object]) -> None:
    return None


def _redirects(request: dict[str, object]) -> tuple[int, bytes]:
    return 307, b"http://127.0.0.1:9/v1/chat/completions"


BAD: dict[str, Reply] = {
    "slow": _hang,
    "error": lambda request: (500, b"broken"),
    "no JSON": lambda request: (200, b"<html>hello</html>"),
    "deep JSON": lambda request: (200, b"[" * 100_000),
    "no choices": lambda request: (200, b'{"choices": []}'),
    "no text": lambda request: (200, b'{"choices": [{"message": {"content": null}}]}'),
    "endless": lambda request: (200, b" " * 5_000_000),
    "redirects": _redirects,
    "chatty": lambda request: completion("Of course! The answer is yes."),
    "another form": lambda request: completion('{"1": "yes", "2": "yes", "topics": "all"}'),
    "obeys the text": lambda request: completion(told(request)["text"]),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_judge_costs_nothing_but_its_answers(
    kind: str, web: LoopbackWeb, news: list[Story], tmp_path: Path
) -> None:
    without = write_portal(tmp_path / "without", web.url + "/feed.xml", topics=TOPIC)
    run(without)
    with LoopbackJudge(BAD[kind]) as judge:
        portal = portal_with(tmp_path / "p", web, judge.url)
        told = run(portal)
        assert len(judge.requests) in (3, len(news))
    assert record_bytes(portal) == record_bytes(without)
    assert "given up" in told.err or "refused for their form" in told.err, told


def test_a_judge_that_is_down_is_given_up(web: LoopbackWeb, news: list[Story], tmp_path: Path) -> None:
    with LoopbackJudge(always("yes")) as judge:
        gone = judge.url
    portal = portal_with(tmp_path / "p", web, gone)
    told = run(portal)
    assert "3 failed" in told.err.replace("\n", " ") and len(record_files(portal)) == len(news)


def test_a_private_judge_must_be_allowed(web: LoopbackWeb, news: list[Story], tmp_path: Path) -> None:
    portal = portal_with(tmp_path / "p", web, "http://192.168.3.4:8000/v1")
    told = run(portal)
    assert "192.168.3.4 is no public address" in told.err.replace("\n", " ")


def test_wrong_settings_stop_before_anything_is_asked(web: LoopbackWeb, tmp_path: Path) -> None:
    portal = portal_with(tmp_path / "p", web, "http://127.0.0.1:1/v1", 'key = "env:NOT_SET_ANYWHERE"\n')
    told = newsloom("run", "--portal", portal, "--now", NOW_TEXT)
    assert told.code == 2 and "NOT_SET_ANYWHERE" in told.err
    assert web.paths() == []
