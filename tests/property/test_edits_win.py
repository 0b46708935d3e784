"""A person's edit of any field survives re-extraction, re-scoring and re-clustering, with and without the working state."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

from invented import NOW, item, related_items, with_relations
from newsloom.model.item import Item
from newsloom.model.record import Image, Provider, Record, RecordFile
from newsloom.model.score import Score, Term
from newsloom.model.topic import TopicLabel
from newsloom.stages.record import item_from, machine_record, merge
from newsloom.stages.record.digests import FACTS, OWNED, RECORD_KEYS
from newsloom.vocab.frontmatter import parse, serialise
from newsloom.vocab.record_keys import FIELDS

PATH = "_news/2026-03-02-council-votes.md"

# What a person may type for each key, in the forms people type it.
TYPED: dict[str, tuple[str, ...]] = {
    "category": ("category: opinion\n",),
    "title": ("title: Mine, all mine\n", "title: 'It''s mine'\n", 'title: "12:30"   # noon\n'),
    "excerpt": ("excerpt: >-\n  my own\n  words\n", 'excerpt: ""\n'),
    "publishedDateTime": ("publishedDateTime: 2026-02-28\n", "publishedDateTime: 2026-03-01 09:00:00 +01:00\n"),
    "originalUrl": ("originalUrl: https://mine.example/a\n",),
    "webUrl": ('webUrl: "https://mine.example/b"\n',),
    "ampWebUrl": ("ampWebUrl: https://mine.example/amp\n",),
    "cdnAmpWebUrl": ("cdnAmpWebUrl: https://mine-example.cdn.example/c\n",),
    "type": ("type: video\n",),
    "quality": ("quality: 99\n", "quality: 0\n"),
    "heat": ("heat: 500\n", "heat: -1\n"),
    "published": ("published: false\n", "published: true\n"),
    "featuredContent": ("featuredContent: '<b>mine</b>'\n",),
    "provider": ("provider:\n  name: NO\n  domain: mine.example\n", "provider: {name: Mine}\n"),
    "topics": ("topics: [Mine, AI]\n", "topics:\n- AI\n"),
    "images": ("images:\n  - url: https://mine.example/i.png\n", "images: []\n"),
    "related": ("related:\n- title: Mine\n  publishedDateTime: 2026-01-01\n",),
    "secured": ('secured: "abc;def"\n',),
    "language": ("  language: fr\n",),
    "access": ("  access: paywalled\n",),
    "authors": ("  authors: [Me]\n",),
    "modified": ("  modified: 2026-01-01T00:00:00Z\n",),
    "story": ("  story: smine\n",),
    "lead": ("  lead: false\n", "  lead: true\n"),
    "duplicateOf": ("  duplicateOf: 0123456789abcdef\n",),
}
NEEDED = {"title", "publishedDateTime", "provider"}


def value(record: Record, key: str) -> object:
    """Return what *record* says under *key*."""
    return getattr(record, FIELDS[key]) if key in FIELDS else getattr(record.bookkeeping, FACTS[key])


def edited(data: bytes, key: str, rng: random.Random) -> bytes:
    """Return the file with *key* typed over, added or deleted, as an editor does it."""
    lines = data.decode().split("\n---\n")[0].split("\n")[1:]
    indent = "  " if key in FACTS else ""
    start = next((n for n, line in enumerate(lines) if line.startswith(f"{indent}{key}:")), None)
    typed = rng.choice(TYPED[key]).rstrip("\n").split("\n")
    if start is None:
        place = lines.index("newsloom:") + 1 if key in FACTS else rng.choice([0, lines.index("newsloom:")])
        lines[place:place] = typed
    else:
        end = start + 1
        while end < len(lines) and lines[end].startswith(indent + " ") and lines[end].strip():
            end += 1
        lines[start:end] = [] if key not in NEEDED and rng.random() < 0.25 else typed
    return ("---\n" + "\n".join(lines) + "\n---\n\n").encode()


def changed_item(made: Item, rng: random.Random) -> Item:
    """Return *made* after re-extraction, re-scoring and re-clustering that came out differently in every way."""
    number = rng.randrange(10**6)
    article = replace(
        made.article,
        title=f"A newer headline {number}",
        excerpt=f"A newer excerpt {number}",
        published_date_time=NOW - timedelta(seconds=number),
        url=f"https://harborpost.example/moved/{number}",
        original_url=f"https://harborpost.example/moved/{number}?x",
        amp_web_url=rng.choice([None, f"https://harborpost.example/amp/{number}"]),
        cdn_amp_web_url=f"https://harborpost-example.cdn.example/{number}",
        type=rng.choice(["article", "video"]),
        featured_content=rng.choice([None, f"https://video.example/embed/{number}"]),
        provider=Provider(f"Harbor {number}", "harborpost.example"),
        images=(Image(f"https://harborpost.example/{number}.jpg", 10, 20),) * rng.randrange(3),
        authors=(f"Writer {number}",),
        in_language=rng.choice(["en", "no", None]),
        access=rng.choice(["free", "paywalled", None]),
        date_modified=NOW,
    )
    return replace(
        made,
        article=article,
        topics=tuple(TopicLabel(f"Topic {n}", 0.5) for n in range(rng.randrange(4))),
        quality=Score((Term("source", number % 90),)),
        heat=Score((Term("coverage", number % 70),)),
        published=rng.choice([True, False]),
        story=f"s{number}",
        lead=rng.choice([True, False]),
        duplicate_of=rng.choice([None, f"{number:016x}"]),
        relations=rng.choice([(), with_relations(made).relations]),
    )


def run(made: Item, data: bytes, moment: int) -> tuple[bytes, list[str]]:
    """Write *made* over the file *data* at a moment; return the new file and the fields found edited."""
    merged, decisions = merge(machine_record(made, related_items()), parse(data), now=NOW + timedelta(hours=moment))
    return serialise(merged), [decision.field for decision in decisions]


def test_every_owned_key_has_edits_to_try() -> None:
    assert set(TYPED) == set(OWNED)


def test_a_thousand_random_edits_survive() -> None:
    rng = random.Random(20260302)
    seen: set[str] = set()
    for _ in range(1000):
        made = with_relations(item(1)) if rng.random() < 0.5 else item(1)
        written = machine_record(made, related_items())
        key = rng.choice(OWNED)
        typed = edited(serialise(written), key, rng)
        read = parse(typed)
        wanted = value(read, key)
        if wanted == value(written, key):
            continue  # typed what was there
        seen.add(key)
        if rng.random() < 0.5:
            made = item_from(RecordFile(PATH, read))
        first = changed_item(made, rng)
        data, found = run(first, typed, 1)
        assert found == [key]
        read = parse(data)
        assert value(read, key) == wanted
        assert run(first, data, 2) == (data, [])
        if rng.random() < 0.5:
            first = item_from(RecordFile(PATH, read))
            assert run(first, data, 2) == (data, []), "rebuilt from the record alone, nothing changes"
        second = changed_item(first, rng)
        later, found = run(second, data, 3)
        assert found == []
        read = parse(later)
        assert value(read, key) == wanted
        tied = {key, "secured"} | {"featuredContent": {"webUrl"}, "topics": {"published"}}.get(key, set())
        others = [other for other in RECORD_KEYS if other not in tied]
        fresh = machine_record(second, related_items())
        assert all(value(read, other) == value(fresh, other) for other in others)
    assert seen == set(OWNED)


def test_an_edit_that_is_set_back_stays_theirs() -> None:
    rng = random.Random(7)
    written = serialise(machine_record(item(1), ()))
    data, _ = run(item(1), edited(written, "title", rng), 1)
    line = next(line for line in written.split(b"\n") if line.startswith(b"title:"))
    mine = next(line for line in data.split(b"\n") if line.startswith(b"title:"))
    data, found = run(changed_item(item(1), rng), data.replace(mine, line), 2)
    assert found == [] and line in data.split(b"\n")


def test_neither_a_second_run_nor_time_changes_a_byte() -> None:
    made = with_relations(item(1))
    written = serialise(machine_record(made, related_items()))
    for moment in (0, 1, 24 * 400):
        assert run(made, written, moment) == (written, [])
        assert run(item_from(RecordFile(PATH, parse(written))), written, moment) == (written, [])


def test_text_that_no_file_can_hold_is_no_edit() -> None:
    made = item(1)
    hard = "a\x00b\ud83d"
    article = replace(made.article, title=hard, provider=Provider(hard, hard), authors=(hard,), methods={"title": hard})
    made = replace(made, article=article, topics=(TopicLabel(hard, 0.123456),), source=hard)
    written = serialise(machine_record(made, ()))
    assert run(made, written, 1) == (written, [])
