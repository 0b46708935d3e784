"""What a person writes into the files stays, whatever publishers, rules and losses do around it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from invented_news import Story, put, stories
from loopback_web import LoopbackWeb
from newsloom.model.record import Record
from portal_runs import done, ended, newsloom, record_bytes, record_files, start

LATER = "2026-03-03T20:00:00Z"


@pytest.fixture
def news() -> list[Story]:
    return stories(8)


def of(portal: Path, story: Story) -> tuple[Path, Record]:
    """Return the record file of *story*, and what it says."""
    file = next(f for f in record_files(portal) if f.record.web_url and f.record.web_url.endswith(story.path))
    return portal / file.path, file.record


def rewrite(path: Path, *changes: tuple[str, str]) -> None:
    """Edit the file by hand: each pattern must be there once."""
    text = path.read_text("utf-8")
    for pattern, replacement in changes:
        text, count = re.subn(pattern, lambda _, new=replacement: new, text, count=1, flags=re.MULTILINE | re.DOTALL)
        assert count == 1, pattern
    path.write_text(text, "utf-8")


def shake(portal: Path, web: LoopbackWeb, news: list[Story], *, lose: bool) -> None:
    """Let everything change at once: every headline is corrected, topics and profile are others, the state is lost."""
    corrected = [story.corrected(f"Corrected: {story.title}") for story in news]
    put(web, corrected)
    (portal / "_data/topics/03-town.yaml").write_text(
        "taxonomy: topic\n_id: town\nname: Harbour Towns\nkeywords: [ferry, kitchen, bridge, council]\n"
    )
    settings = portal / "newsloom.toml"
    settings.write_text(settings.read_text() + "[scoring.parameters]\nthreshold = 60\n")
    if lose:
        shutil.rmtree(portal / ".newsloom")
    done("run", "--portal", portal, "--now", LATER)


@pytest.mark.parametrize("lose", [False, True])
def test_edits_in_files_survive_everything(portal: Path, web: LoopbackWeb, news: list[Story], lose: bool) -> None:
    titled, topical, held, cut, noted, plain = news[:6]
    path, _ = of(portal, titled)
    rewrite(path, (r'^title: "[^\n]*"', 'title: "A headline of our own: \\"no\\""'))
    rewrite(of(portal, topical)[0], (r"^topics:\n(  - [^\n]*\n)+", "topics:\n  - Our Own Topic\n"))
    rewrite(of(portal, held)[0], (r"^published: true", "published: false"), (r'^excerpt: "[^\n]*"', 'excerpt: "Ours."'))
    rewrite(of(portal, cut)[0], (r"^quality: \d+", "quality: 3"), (r"^  authors:\n    - [^\n]*\n", ""))
    noted_path = of(portal, noted)[0]
    rewrite(noted_path, (r"^type: article", "editorNote: keep an eye on this\ntype: article"))
    noted_path.write_text(noted_path.read_text("utf-8") + "\nWritten by us, with *stress*.\n", "utf-8")

    shake(portal, web, news, lose=lose)

    assert of(portal, titled)[1].title == 'A headline of our own: "no"'
    assert of(portal, topical)[1].topics == ("Our Own Topic",)
    assert of(portal, held)[1].published is False
    assert of(portal, held)[1].excerpt == "Ours."
    assert of(portal, cut)[1].quality == 3
    book = of(portal, cut)[1].bookkeeping
    assert book is not None
    assert book.authors == ()
    assert "editorNote: keep an eye on this\n" in noted_path.read_text("utf-8")
    assert of(portal, noted)[1].body.endswith("Written by us, with *stress*.\n")
    # What nobody edited follows the publisher and the rules.
    assert of(portal, plain)[1].title == f"Corrected: {plain.title}"
    assert of(portal, topical)[1].title == f"Corrected: {topical.title}"
    assert of(portal, held)[1].title == f"Corrected: {held.title}"
    assert any("Harbour Towns" in of(portal, story)[1].topics for story in news)
    assert not any("Town Life" in of(portal, story)[1].topics for story in news)
    # And once is enough: nothing is left to do.
    before = record_bytes(portal)
    done("run", "--portal", portal, "--now", LATER)
    assert record_bytes(portal) == before


def test_an_edit_in_a_file_is_a_decision_from_the_next_run_on(portal: Path, news: list[Story]) -> None:
    path, before = of(portal, news[2])
    assert before.published
    rewrite(path, (r"^published: true", "published: false"))
    told = done("run", "--portal", portal, "--now", LATER, "--json").json
    assert told["edits_kept"] == 1
    book = of(portal, news[2])[1].bookkeeping
    assert book is not None
    assert [(decision.field, decision.by) for decision in book.decisions] == [("published", "file")]
    # Setting it back is no way to give it away: it is the person's for ever.
    rewrite(path, (r"^published: false", "published: true"))
    assert done("run", "--portal", portal, "--now", LATER, "--json").json["records_written"] == 0
    assert of(portal, news[2])[1].published is True


def test_a_story_written_into_a_file_is_obeyed(portal: Path, news: list[Story]) -> None:
    """As `review merge` would: the item moves, one of the two leads, and it stays so without the working state."""
    _, kept = of(portal, news[0])
    path, moved = of(portal, news[5])
    assert kept.bookkeeping
    assert moved.bookkeeping
    rewrite(path, (r"^  story: \w+", f"  story: {kept.bookkeeping.story}"))
    done("run", "--portal", portal, "--now", LATER)
    for _ in range(2):
        books = [of(portal, story)[1].bookkeeping for story in (news[0], news[5])]
        assert {book.story for book in books if book} == {kept.bookkeeping.story}
        assert sorted(bool(book.lead) for book in books if book) == [False, True]
        shutil.rmtree(portal / ".newsloom")
        done("run", "--portal", portal, "--now", LATER)


def test_a_held_lead_gives_the_lead_away(portal: Path, web: LoopbackWeb, news: list[Story]) -> None:
    """Held by command or by editing the file: the same comes of it."""
    leads = {}
    for how, pair in {"command": (news[0], news[5]), "file": (news[1], news[6])}.items():
        ids = [of(portal, story)[1].bookkeeping.id for story in pair]  # type: ignore[union-attr]
        done("review", "merge", *ids, "--portal", portal, "--now", LATER)
        lead = next(story for story in pair if of(portal, story)[1].published)
        leads[how] = lead, next(story for story in pair if story is not lead)
    lead, other = leads["command"]
    done("review", "hold", of(portal, lead)[1].bookkeeping.id, "--portal", portal, "--now", LATER)  # type: ignore[union-attr]
    lead, other = leads["file"]
    rewrite(of(portal, lead)[0], (r"^published: true", "published: false"))
    done("run", "--portal", portal, "--now", LATER)
    for lead, other in leads.values():
        assert of(portal, lead)[1].published is False
        assert of(portal, other)[1].published is True


def test_a_deleted_record_stays_away_and_a_restored_one_is_taken_back(portal: Path, news: list[Story]) -> None:
    path, record = of(portal, news[3])
    data = path.read_bytes()
    path.unlink()
    assert done("run", "--portal", portal, "--now", LATER, "--json").json["records_removed"] == 1
    assert not path.exists()
    assert newsloom("search", *news[3].title.split()[:2], "--portal", portal).code == 1
    path.write_bytes(data)
    done("run", "--portal", portal, "--now", LATER)
    assert path.read_bytes() == data
    assert of(portal, news[3])[1] == record
    assert newsloom("search", *news[3].title.split()[:2], "--portal", portal).code == 0


def test_a_record_moved_to_the_archive_stays_there(portal: Path, web: LoopbackWeb, news: list[Story]) -> None:
    path, _ = of(portal, news[4])
    place = portal / "_archive/_news" / path.name
    place.parent.mkdir(parents=True)
    path.rename(place)
    put(web, [story.corrected("Corrected: " + story.title) for story in news])
    done("run", "--portal", portal, "--now", LATER)
    assert not path.exists()
    assert of(portal, news[4])[0] == place
    assert of(portal, news[4])[1].title == "Corrected: " + news[4].title


@pytest.mark.parametrize("lose", [False, True])
def test_a_torn_record_is_left_alone_and_not_made_twice(
    portal: Path, web: LoopbackWeb, news: list[Story], lose: bool
) -> None:
    path, _ = of(portal, news[2])
    whole = path.read_bytes()
    torn = whole[: len(whole) // 2]
    path.write_bytes(torn)
    put(web, [story.corrected("Corrected: " + story.title) for story in news])
    if lose:
        shutil.rmtree(portal / ".newsloom")
    told = done("run", "--portal", portal, "--now", LATER, "--json").json
    assert told["quarantined"] == 1
    assert told["updated_items"] >= len(news) - 1
    assert path.read_bytes() == torn
    assert len(record_bytes(portal)) == len(news)
    path.write_bytes(whole)
    done("run", "--portal", portal, "--now", LATER)
    assert len(record_bytes(portal)) == len(news)
    if not lose:  # what came while the file was torn was kept for it
        assert of(portal, news[2])[1].title == "Corrected: " + news[2].title


def test_an_edit_in_the_midst_of_a_run_wins_and_stops_nobody(portal: Path, web: LoopbackWeb, news: list[Story]) -> None:
    corrected = [story.corrected("Corrected: " + story.title) for story in news]
    put(web, corrected)
    web.hold = news[-1].path
    run = start("run", "--portal", portal, "--now", LATER)
    assert web.held.wait(60)
    path, _ = of(portal, news[0])
    rewrite(path, (r'^title: "[^\n]*"', 'title: "Written while you were reading"'))
    web.let_go()
    told = ended(run)
    assert told.code == 0, told
    assert f"skipped _news/{path.name}: not overwritten" in told.err
    assert of(portal, news[0])[1].title == "Written while you were reading"
    assert of(portal, news[1])[1].title == "Corrected: " + news[1].title
    done("run", "--portal", portal, "--now", LATER)
    _, record = of(portal, news[0])
    assert record.title == "Written while you were reading"
    assert record.bookkeeping
    assert [decision.field for decision in record.bookkeeping.decisions] == ["title"]
    assert record.bookkeeping.modified, "the correction itself was kept for it"
