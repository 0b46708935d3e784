"""The contract of `ports.storing.Store` and its repositories, on every implementation."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsloom.adapters.store import salvage as salvage_module
from newsloom.adapters.store import sqlite
from newsloom.adapters.store.items import MAX_VERSIONS
from newsloom.adapters.store.schema import VERSION
from newsloom.adapters.store.sqlite import SqliteStore
from newsloom.errors import StorageError, StoreDamaged
from newsloom.model.article import Article
from newsloom.model.item import Item
from newsloom.model.page import FeedEntry, QueuedEntry
from newsloom.model.reading import ReadFacts
from newsloom.model.record import Image, Provider, RelationNote
from newsloom.model.score import Score, Term
from newsloom.model.source import HostState, SourceState
from newsloom.model.topic import TopicLabel
from newsloom.model.version import Version

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def item(
    key: str, *, story: str | None = None, seen: datetime = NOON, title: str = "Council votes", body: str = ""
) -> Item:
    article = Article(
        url=f"https://harbor.example/{key}",
        original_url=f"https://harbor.example/{key}",
        title=title,
        excerpt="An excerpt.",
        type="article",
        provider=Provider("Harbor Post", "harbor.example", (Image("https://harbor.example/logo.png", 50, 50),)),
        published_date_time=seen,
        robots=frozenset({"max-snippet:50"}),
        methods={"title": "html:h1"},
        article_body=body,
    )
    return Item(key, article, NOON, story=story)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    made = SqliteStore(tmp_path / "state.sqlite")
    yield made
    made.close()


def test_items_come_back_as_they_were(store: SqliteStore) -> None:
    full = Item(
        "a", item("a", body="Text.\n\nMore.").article, NOON, source="https://x.example/feed", story="sa",
        topics=(TopicLabel("AI", 0.9, ('title: "AI"',)),), quality=Score((Term("source", 25, "unknown"),)),
        heat=Score((Term("coverage", 36),)), lead=True, published=True, relations=(RelationNote("b", "same story", 0.5),),
        path="_news/2026-03-02-a.md",
    )  # fmt: skip
    with store.begin() as work:
        work.items.put(full, keys=("harbor.example/a",))
    with store.begin() as work:
        assert work.items.get("a") == full
        assert work.items.find_by_key("harbor.example/a") == "a"
        assert work.items.find("b") is None
        with pytest.raises(KeyError):
            work.items.get("b")


def test_a_failed_block_leaves_nothing(store: SqliteStore) -> None:
    with pytest.raises(RuntimeError), store.begin() as work:
        work.items.put(item("a"))
        raise RuntimeError
    with store.begin() as work:
        assert work.items.count() == 0


def test_put_makes_pending_until_recorded(store: SqliteStore) -> None:
    with store.begin() as work:
        work.items.put(item("a"))
        work.items.put(item("b"))
        work.items.mark_recorded(["a"])
    with store.begin() as work:
        assert [found.id for found in work.items.pending()] == ["b"]
        work.items.mark_pending(["a"])
        assert [found.id for found in work.items.pending()] == ["a", "b"]


def test_the_first_claim_on_a_key_stays(store: SqliteStore) -> None:
    with store.begin() as work:
        work.items.put(item("a"), keys=("k",))
        work.items.put(item("b"), keys=("k", "l"))
        assert (work.items.find_by_key("k"), work.items.find_by_key("l")) == ("a", "b")


def test_a_removed_item_keeps_its_keys(store: SqliteStore) -> None:
    with store.begin() as work:
        work.items.put(item("a", title="Ferry strike"), keys=("k",))
        work.items.remove("a")
        work.items.remove("never-there")
        assert work.items.find("a") is None
        assert work.items.find_by_key("k") == "a"
        assert work.items.search("ferry", 5) == []


def test_window_and_story_are_ordered_by_time_seen(store: SqliteStore) -> None:
    with store.begin() as work:
        for hours, key in ((3, "c"), (1, "b"), (2, "a")):
            work.items.put(item(key, story="s1", seen=NOON - timedelta(hours=hours)))
        work.items.put(item("fresh"))
        assert [found.id for found in work.items.story("s1")] == ["c", "a", "b"]
        inside = work.items.window(NOON - timedelta(hours=2), NOON)
        assert [found.id for found in inside] == ["a", "b"]
        assert [found.id for found in work.items.iter_all()] == ["a", "b", "c", "fresh"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [("ferry", ["a"]), ("FERRY strike", ["a"]), ("ferry council", []), ("台风", ["b"]), ('"; DROP TABLE items; --', []),
     ("NEAR(ferry", []), ("", []), ("*", [])],
)  # fmt: skip
def test_search_takes_any_words(store: SqliteStore, query: str, expected: list[str]) -> None:
    with store.begin() as work:
        work.items.put(item("a", title="Ferry strike ends"))
        work.items.put(item("b", title="强台风登陆东海岸"))
        assert list(work.items.search(query, 5)) == expected


def test_search_follows_changes(store: SqliteStore) -> None:
    with store.begin() as work:
        work.items.put(item("a", title="Ferry strike"))
        work.items.put(item("a", title="Tram strike"))
        assert (list(work.items.search("ferry", 5)), list(work.items.search("tram", 5))) == ([], ["a"])


def test_queue_waits_until_due(store: SqliteStore) -> None:
    first = QueuedEntry("k1", ("k1",), "https://x.example/feed", FeedEntry(link="https://x.example/1"), NOON)
    later = QueuedEntry("k2", ("k2",), "https://x.example/feed", FeedEntry(link="https://x.example/2"), NOON,
                        tries=1, not_before=NOON + timedelta(hours=1))  # fmt: skip
    with store.begin() as work:
        work.queue.put(later)
        work.queue.put(first)
    with store.begin() as work:
        assert list(work.queue.due(NOON)) == [first]
        assert [entry.key for entry in work.queue.due(NOON + timedelta(hours=2))] == ["k1", "k2"]
        work.queue.done("k1")
        assert work.queue.count() == 1


def test_sources_and_hosts_are_remembered(store: SqliteStore) -> None:
    state = SourceState("https://x.example/feed", etag='"1"', next_poll=NOON, failures=2, condition="degraded")
    host = HostState("x.example", not_before=NOON, robots_text="User-agent: *", robots_status=200, robots_fetched=NOON)
    with store.begin() as work:
        work.sources.put_state(state)
        work.sources.put_host(host)
        work.put_meta("rules", "1")
    with store.begin() as work:
        assert work.sources.get_state(state.url) == state
        assert work.sources.get_state("other") == SourceState("other")
        assert list(work.sources.get_hosts()) == [host]
        assert (work.get_meta("rules"), work.get_meta("none")) == ("1", None)


# The tables of version 1, which kept no versions of items.
_VERSION_1 = """
CREATE TABLE meta (key VARCHAR PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE items (n INTEGER PRIMARY KEY AUTOINCREMENT, id VARCHAR NOT NULL UNIQUE, first_seen VARCHAR NOT NULL,
    seen_at VARCHAR NOT NULL, story VARCHAR, pending INTEGER NOT NULL, data TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE item_keys (key VARCHAR PRIMARY KEY, item VARCHAR NOT NULL);
CREATE TABLE queue (key VARCHAR PRIMARY KEY, first_seen VARCHAR NOT NULL, not_before VARCHAR NOT NULL, data TEXT NOT NULL);
CREATE TABLE source_states (url VARCHAR PRIMARY KEY, data TEXT NOT NULL);
CREATE TABLE host_states (host VARCHAR PRIMARY KEY, data TEXT NOT NULL);
CREATE VIRTUAL TABLE items_search USING fts5(title, excerpt, body, tokenize='unicode61');
INSERT INTO meta VALUES ('schema', '1'), ('rules', 'abc');
INSERT INTO items VALUES (7, 'a', '2026-03-02T12:00:00.000000', '2026-03-02T12:00:00.000000', 's1', 0,
    '{"id": "a", "first_seen": "2026-03-02T12:00:00Z", "story": "s1", "article": {"url": "https://x.example/a", "title": "Ferry",
      "original_url": "https://x.example/a", "type": "article", "excerpt": "", "provider": {"name": "X", "domain": "x.example"}, "gone_field": 1}}',
    'The whole text of the ferry.');
INSERT INTO item_keys VALUES ('k1', 'a');
INSERT INTO source_states VALUES ('https://x.example/feed', '{"url": "https://x.example/feed", "etag": "e1"}');
INSERT INTO host_states VALUES ('x.example', '{"host": "x.example", "not_before": "2026-03-02T12:00:00Z"}');
"""


def version_1(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("PRAGMA journal_mode=WAL;" + _VERSION_1)


def holds_version_1(path: Path) -> None:
    store = SqliteStore(path)
    with store.begin() as work:
        found = work.items.get("a")
        assert (found.article.title, found.article.article_body, found.story) == (
            "Ferry",
            "The whole text of the ferry.",
            "s1",
        )
        assert work.items.find_by_key("k1") == "a" and not work.items.pending()
        assert work.items.search("whole ferry", 5) == ["a"]
        assert work.sources.get_state("https://x.example/feed").etag == "e1"
        assert work.sources.get_hosts()[0].not_before == NOON
        assert work.get_meta("rules") == "abc"
    store.close()
    assert {path.name for path in path.parent.iterdir()} <= {"state.sqlite", "state.sqlite-wal", "state.sqlite-shm"}


def test_what_a_store_of_an_older_version_holds_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    version_1(path)
    holds_version_1(path)
    holds_version_1(path)


def test_taking_over_an_older_store_can_be_cut_short_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "state.sqlite"
    version_1(path)
    for name in ("salvage", "remove_database"):
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(sqlite, name, killed)
            SqliteStore(path)
    holds_version_1(path)


def test_what_a_store_of_a_newer_version_holds_is_taken_over_too(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    store = SqliteStore(path)
    with store.begin() as work:
        work.items.put(item("a"))
        work.put_meta("schema", "99")
    store.close()
    again = SqliteStore(path)
    with again.begin() as work:
        assert work.items.count() == 1 and work.get_meta("schema") == VERSION
    again.close()


def test_reopening_keeps_everything(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    store = SqliteStore(path)
    with store.begin() as work:
        work.items.put(item("a"))
    store.close()
    again = SqliteStore(path)
    with again.begin() as work:
        assert work.items.count() == 1
    again.close()


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    path.write_bytes(b"this is no database" * 500)
    with pytest.raises(StoreDamaged, match="newsloom repair"):
        SqliteStore(path)


@pytest.mark.parametrize("count", [1, 15, 18, 100])
def test_texts_are_saved_when_the_head_of_the_file_is_garbage(tmp_path: Path, count: int) -> None:
    path, fresh = tmp_path / "state.sqlite", SqliteStore(tmp_path / "fresh.sqlite")
    store = SqliteStore(path)
    with store.begin() as work:
        for number in range(40):
            work.items.put(item(f"a{number}", body=f"Text {number}. " * 200))
    store.close()
    damaged = b"\xa5" * count + path.read_bytes()[count:]
    path.write_bytes(damaged)
    assert not salvage_module.is_healthy(path)
    assert salvage_module.salvage(path, fresh).texts == 40
    assert path.read_bytes() == damaged
    with fresh.begin() as work:
        assert work.items.get("a7").article.article_body == "Text 7. " * 200
    fresh.close()
    assert not list(tmp_path.glob("*.mended*"))


def test_a_store_that_is_locked_by_another_program_is_a_storage_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "state.sqlite"
    SqliteStore(path).close()
    monkeypatch.setattr("newsloom.adapters.store.sqlite.BUSY_SECONDS", 0)
    other = sqlite3.connect(path)
    other.execute("BEGIN EXCLUSIVE")
    store = SqliteStore(path)
    with pytest.raises(StorageError), store.begin() as work:
        work.items.put(item("a"))
    other.rollback()
    other.close()
    store.close()


def test_old_texts_of_recorded_items_are_forgotten_and_nothing_else(store: SqliteStore) -> None:
    body = "The ferry sails at noon. " * 400
    with store.begin() as work:
        for key in ("a", "b", "c"):
            work.items.put(item(key, story="s1", body=body))
        work.items.mark_recorded(["a", "b"])
    with store.begin() as work:
        assert work.items.texts_before(NOON) == (0, 0)
        assert work.items.texts_before(NOON + timedelta(seconds=1)) == (2, 2 * len(body))
        assert work.items.forget_texts(NOON + timedelta(seconds=1)) == 2
        assert work.items.texts_before(NOON + timedelta(days=9)) == (0, 0)
        assert [one.id for one in work.items.pending()] == ["c"]
        assert work.items.get("a") == item("a", story="s1")
        assert work.items.search("ferry", 9) == ["c"]
        assert sorted(work.items.search("council", 9)) == ["a", "b", "c"]


def test_how_items_were_read_comes_newest_first_without_their_texts(store: SqliteStore) -> None:
    with store.begin() as work:
        for hour, key in enumerate(("a", "b", "c")):
            work.items.put(item(key, seen=NOON - timedelta(hours=9 - hour), body="Ferries."))
        unread = item("d", seen=NOON - timedelta(hours=1))
        work.items.put(
            replace(unread, article=replace(unread.article, unread="robots", access="paywalled", methods={}))
        )
    with store.begin() as work:
        facts = work.items.read_facts(NOON - timedelta(hours=8), 2)
        assert [fact.url[-1] for fact in facts] == ["d", "c"]
        assert facts[0] == ReadFacts(
            "https://harbor.example/d", "harbor.example", NOON - timedelta(hours=1), {}, "paywalled", "robots"
        )
        assert facts[1].methods == {"title": "html:h1"}
        assert len(work.items.read_facts(NOON - timedelta(hours=8), 9)) == 3


def test_what_was_forgotten_gives_its_space_back(store: SqliteStore, tmp_path: Path) -> None:
    with store.begin() as work:
        for number in range(50):
            work.items.put(item(f"{number}", body=f"{number} sails " * 4_000))
        work.items.mark_recorded([f"{number}" for number in range(50)])
    store.compact()
    full = (tmp_path / "state.sqlite").stat().st_size
    with store.begin() as work:
        work.items.forget_texts(NOON + timedelta(days=1))
    store.compact()
    assert (tmp_path / "state.sqlite").stat().st_size < full / 10
    with store.begin() as work:
        assert work.items.count() == 50


def test_versions_of_an_item_come_back_oldest_first_and_go_with_it(store: SqliteStore) -> None:
    with store.begin() as work:
        work.items.put(item("a"))
        for hour in range(MAX_VERSIONS + 3):
            work.items.put_version("a", Version(NOON + timedelta(hours=hour), item("a", title=f"Title {hour}").article))
        work.items.put_version("b", Version(NOON, item("b").article))
    with store.begin() as work:
        kept = work.items.versions("a")
        assert [version.article.title for version in kept] == [f"Title {n}" for n in range(3, MAX_VERSIONS + 3)]
        assert kept[0].until == NOON + timedelta(hours=3)
        work.items.remove("a")
    with store.begin() as work:
        assert work.items.versions("a") == []
        assert len(work.items.versions("b")) == 1
        assert list(work.items.versions("unknown")) == []


def test_keys_are_counted_by_how_they_begin(store: SqliteStore) -> None:
    with store.begin() as work:
        work.items.put_keys("a", ("version a 1", "version a 2", "version ab 1", "harborpost.example/version a 3"))
        assert [work.items.count_keys(prefix) for prefix in ("version a ", "version ab ", "version z ")] == [2, 1, 0]


def test_what_waits_is_found_by_its_key(store: SqliteStore) -> None:
    waiting = QueuedEntry("k1", ("k1", "g1"), "https://a.example/feed", FeedEntry("https://a.example/1"), NOON, tries=2)
    with store.begin() as work:
        work.queue.put(waiting)
        assert work.queue.find("k1") == waiting
        assert work.queue.find("g1") is None


def test_a_version_can_be_taken_back(store: SqliteStore) -> None:
    with store.begin() as work:
        work.items.put(item("a"))
        for hours in (1, 2, 3):
            work.items.put_version("a", Version(NOON + timedelta(hours=hours), item("a").article))
        work.items.drop_version("a", NOON + timedelta(hours=2))
        work.items.drop_version("b", NOON)
        assert [(version.until - NOON) // timedelta(hours=1) for version in work.items.versions("a")] == [1, 3]
