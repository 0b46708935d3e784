"""How well altered copies are told from texts that only share passages: seeded variants of any stories set.

    python benchmarks/quality/near_copies.py ../shared/data/stories/ecbplus/dev.jsonl --documents 300 --seed 1

Takes one text of each labelled story and makes copies of it (a new headline, trimmed, a local paragraph, both, 20 % of the words
changed, the first 40 words, an attribution line) and texts that are none: a follow-up that repeats half of it, an article that
quotes one of its sentences, a shared closing paragraph, the same template with other names and figures. Prints precision, recall
and F1 over pairs, recall for each kind of copy and how many of each kind of decoy were taken for one, for newsloom and for two
baselines in the same run: exact Jaccard and exact containment of word 3-grams, their thresholds tuned on the even half of the
bases; all are reported on the odd half.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import combinations
from pathlib import Path

from newsloom.evaluation.streams import Row, read_rows
from newsloom.model.item import Item
from newsloom.stages.dedupe import DedupeOptions, ShingleDeduplicator
from newsloom.vocab.text import shingles

LEAST_WORDS, LEAST_SENTENCES = 60, 3
COPIES = ("headline", "trimmed", "local", "trimmed_local", "edited", "excerpt", "credited")
DECOYS = ("follow_up", "quoting", "boilerplate", "template")
CREDITS = (
    "(Meridian Wire) - ", "PORT ANSEL (Meridian Wire) — ", "Von Meridian Wire. ", "Source : Meridian Wire. ", "Con información de Meridian Wire. ",
    "This article was originally published by Meridian Wire. ", "Fonte: Meridian Wire. ", "(メリディアン通信) ",
)  # fmt: skip
SYLLABLES = ("ka", "lo", "mi", "tor", "ven", "sa", "ru", "del", "pin", "ost", "bra", "fen")

Pair = tuple[int, int]


@dataclasses.dataclass(frozen=True, slots=True)
class Made:
    """One text of the experiment: the base it comes from, how it was made, what it says, in paragraphs of sentences."""

    base: int
    kind: str
    title: str
    text: str
    is_excerpt: bool = False

    @property
    def group(self) -> tuple[int, str]:
        """Return what it is a copy of: a base and its copies share it, a decoy has its own."""
        return self.base, self.kind if self.kind in DECOYS else ""


def sentences(text: str) -> list[str]:
    """Return the sentences of *text*, roughly."""
    return [part for part in re.split(r"(?<=[.!?…”\"])\s+(?=[^a-z])", text.strip()) if part]


def variants(bases: Sequence[Row], reserve: Sequence[Row], seed: int) -> list[Made]:
    """Return every base with its copies and decoys; the same for the same rows and *seed*.

    What is not the base's comes from *reserve*, each row of it used once: reports of other stories, since two of one story may
    be copies that nobody labelled.
    """
    vocabulary = sorted({word for row in bases for word in row.text.split() if word.isalpha()})
    unused = list(reserve)
    made = []
    for number, row in enumerate(bases):
        rng = random.Random(f"{seed} {row.id}")
        others = sorted(unused, key=lambda other: (other.story == row.story, rng.random()))[: 1 + len(DECOYS)]
        unused = [other for other in unused if other not in others]
        made.append(Made(number, "base", row.title, row.text))
        made += [_copy(number, kind, row, others[0], vocabulary, rng) for kind in COPIES]
        made += [_decoy(number, kind, row, other, rng) for kind, other in zip(DECOYS, others[1:], strict=True)]
    return made


def _copy(number: int, kind: str, row: Row, other: Row, vocabulary: Sequence[str], rng: random.Random) -> Made:
    parts = sentences(row.text)
    half = " ".join(parts[: max(1, (len(parts) + 1) // 2)])
    local = " ".join(sentences(other.text)[:2])
    title = row.title if rng.random() < 0.5 else other.title
    if kind == "trimmed":
        text = half
    elif kind in ("local", "trimmed_local"):
        kept = row.text if kind == "local" else half
        text = f"{kept}\n\n{local}" if rng.random() < 0.6 else f"{local}\n\n{kept}"
    elif kind == "edited":
        text = " ".join(_edited(row.text.split(), vocabulary, rng))
    elif kind == "excerpt":
        text = " ".join(row.text.split()[:40]) + "…"
    elif kind == "credited":
        text = rng.choice(CREDITS) + row.text + " " + rng.choice(CREDITS)
    else:
        text, title = row.text, other.title
    return Made(number, kind, title, text, is_excerpt=kind == "excerpt")


def _edited(words: Sequence[str], vocabulary: Sequence[str], rng: random.Random) -> Iterable[str]:
    """Yield *words* with one in five replaced (most), left out or doubled by another."""
    for word in words:
        if rng.random() >= 0.2:
            yield word
        elif (how := rng.random()) < 0.6:
            yield rng.choice(vocabulary)
        elif how < 0.8:
            yield from (word, rng.choice(vocabulary))


def _decoy(number: int, kind: str, row: Row, other: Row, rng: random.Random) -> Made:
    parts, own = sentences(row.text), sentences(other.text)
    if kind == "follow_up":
        kept = _second_half(parts)
        return Made(number, kind, other.title, f"{' '.join(other.text.split()[: len(kept.split())])}\n\n{kept}")
    if kind == "quoting":
        quoted, middle = rng.choice(parts[1:]), max(1, len(own) // 2)
        return Made(number, kind, other.title, " ".join([*own[:middle], f"“{quoted}”", *own[middle:]]))
    if kind == "boilerplate":
        about = "About the company: it makes instruments for ports and rivers, was founded by two sisters in a boathouse, employs four hundred people in nine towns and is owned by those who work there. Forward-looking statements in this text may turn out otherwise."
        return Made(number, kind, other.title, f"{' '.join(own[:6])} {about}")
    return Made(number, kind, _renamed(row.title, rng), _renamed(row.text, rng))


def _second_half(parts: Sequence[str]) -> str:
    """Return the last sentences, together at most half of the words, at least one."""
    total, kept = sum(len(part.split()) for part in parts), [parts[-1]]
    for part in reversed(parts[1:-1]):
        if 2 * sum(len(one.split()) for one in (part, *kept)) > total:
            break
        kept.insert(0, part)
    return " ".join(kept)


def _renamed(text: str, rng: random.Random) -> str:
    """Return *text* with every name and figure another one, the same for the same name."""
    salt = rng.random()
    names = sorted(set(re.findall(r"(?<=[a-z,] )[A-Z]\w+", text)))

    def other(match: re.Match[str]) -> str:
        mine = random.Random(f"{salt} {match[0]}")
        if match[0][0].isdigit():
            return str(mine.randrange(10 ** (len(match[0]) - 1), 10 ** len(match[0])))
        return "".join(mine.choices(SYLLABLES, k=3)).capitalize()

    return re.sub(r"\d+" + "".join(rf"|\b{name}\b" for name in names), other, text)


def as_items(made: Sequence[Made], row: Row) -> list[Item]:
    """Return *made* as items of the stream: each by another publisher, some minutes apart, the base not always first."""
    model = row.item(timed=False)
    items = []
    for place, one in enumerate(made):
        provider = dataclasses.replace(model.article.provider, name=f"Paper {place}", domain=f"paper{place}.example")
        article = dataclasses.replace(
            model.article,
            url=f"https://paper{place}.example/{place}", title=one.title, provider=provider, in_language=None,
            excerpt=one.text if one.is_excerpt else "", article_body="" if one.is_excerpt else one.text,
        )  # fmt: skip
        items.append(Item(f"{place:08d}", article, model.first_seen + timedelta(minutes=place * 7919 % 4000)))
    return items


def ours(made: Sequence[Made], row: Row, options: DedupeOptions | None = None) -> set[Pair]:
    """Return the pairs that newsloom calls copies of one text."""
    groups: dict[str, list[int]] = defaultdict(list)
    primary = {one.item: one.primary for one in ShingleDeduplicator(options).duplicates(as_items(made, row), ())}
    for place in range(len(made)):
        groups[primary.get(f"{place:08d}", f"{place:08d}")].append(place)
    return {pair for group in groups.values() for pair in combinations(group, 2)}


def shared_shares(made: Sequence[Made]) -> tuple[dict[Pair, float], dict[Pair, float]]:
    """Return exact Jaccard and exact containment of word 3-grams for every pair that shares one."""
    rows = [set(shingles(one.text)) for one in made]
    holders: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        for run in row:
            holders[run].append(place)
    counts: Counter[Pair] = Counter()
    for inside in holders.values():
        if len(inside) <= 60:
            counts.update(combinations(inside, 2))
    jaccard = {(a, b): n / (len(rows[a]) + len(rows[b]) - n) for (a, b), n in counts.items()}
    containment = {(a, b): n / min(len(rows[a]), len(rows[b])) for (a, b), n in counts.items()}
    return jaccard, containment


def rates(found: set[Pair], made: Sequence[Made], half: int) -> dict[str, float]:
    """Return precision, recall and F1 over the pairs of which both come from bases of *half* (0 even, 1 odd)."""
    inside = {pair for pair in found if made[pair[0]].base % 2 == half == made[pair[1]].base % 2}
    groups: dict[tuple[int, str], list[int]] = defaultdict(list)
    for place, one in enumerate(made):
        if one.base % 2 == half:
            groups[one.group].append(place)
    true = {pair for group in groups.values() for pair in combinations(group, 2)}
    right = len(inside & true)
    precision, recall = right / max(1, len(inside)), right / max(1, len(true))
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / max(1e-9, precision + recall)}


def by_kind(found: set[Pair], made: Sequence[Made], half: int) -> dict[str, float]:
    """Return for each kind of copy the share tied to its base, for each kind of decoy the share tied to anything."""
    base = {one.base: place for place, one in enumerate(made) if one.kind == "base"}
    tied = {place for pair in found for place in pair}
    hits: dict[str, list[bool]] = defaultdict(list)
    for place, one in enumerate(made):
        if one.base % 2 == half and one.kind != "base":
            pair = (base[one.base], place)
            hits[one.kind].append(place in tied if one.kind in DECOYS else pair in found)
    return {kind: sum(inside) / len(inside) for kind, inside in hits.items()}


def tuned(shares: Mapping[Pair, float], made: Sequence[Made]) -> float:
    """Return the threshold, in steps of 0.05, with the best F1 on the even half."""
    steps = [step / 20 for step in range(1, 20)]
    return max(steps, key=lambda least: rates(_over(shares, least), made, 0)["f1"])


def _over(shares: Mapping[Pair, float], least: float) -> set[Pair]:
    return {pair for pair, share in shares.items() if share >= least}


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="a stories set or labelled stream (.jsonl)")
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    bases: dict[str, Row] = {}
    rows = [row for row in read_rows(given.data) if len(row.text.split()) >= LEAST_WORDS]
    for row in rows:
        if not row.fields.get("duplicate_of") and len(sentences(row.text)) >= LEAST_SENTENCES:
            bases.setdefault(row.story or row.id, row)
    order = {row.id: random.Random(f"{given.seed} {row.id}").random() for row in rows}
    chosen = sorted(bases.values(), key=lambda row: order[row.id])[: given.documents]
    taken = {row.id for row in chosen}
    reserve = sorted((row for row in rows if row.id not in taken), key=lambda row: order[row.id])
    made = variants(chosen, reserve[: 20 * len(chosen)], given.seed)
    result: dict[str, object] = {"bases": len(chosen), "texts": len(made), "seed": given.seed}

    def timed(name: str, work: Callable[[], set[Pair]], **more: object) -> None:
        started = time.process_time()
        found = work()
        seconds = time.process_time() - started
        figures = {key: round(value, 4) for key, value in (rates(found, made, 1) | by_kind(found, made, 1)).items()}
        result[name] = figures | {"cpu_seconds": round(seconds, 2)} | more

    timed("newsloom", lambda: ours(made, chosen[0]))
    jaccard, containment = shared_shares(made)
    for name, shares in (("exact Jaccard", jaccard), ("exact containment", containment)):
        least = tuned(shares, made)
        timed(name, lambda shares=shares, least=least: _over(shares, least), threshold=least)  # type: ignore[misc]
    print(json.dumps(result, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
