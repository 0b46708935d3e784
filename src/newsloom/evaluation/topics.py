"""`newsloom eval topics`: how well topics are decided."""

from __future__ import annotations

import hashlib
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from newsloom.adapters.files.topics import read_topic_list, read_topics
from newsloom.adapters.text.choice import is_static
from newsloom.adapters.text.general_words import general_words
from newsloom.errors import DataLayoutError
from newsloom.evaluation.measures import macro_f1, precision_recall, rounded
from newsloom.evaluation.streams import Row, read_rows
from newsloom.model.topic import Example, Topic
from newsloom.ports.embedding import Embedder
from newsloom.stages.classify import TopicClassifier

_TSV_LABELS = {"b": "Business", "t": "Technology", "e": "Entertainment", "m": "Health"}
_LINE_CHARACTERS = 100_000


@dataclass(frozen=True, slots=True)
class Case:
    """An item to be judged: the topics that are right; or one topic, and whether it belongs."""

    row: Row
    right: frozenset[str]
    asked: str | None = None
    belongs: bool = False


def evaluate_topics(
    path: Path, *, topics: Path | None, examples: int = 0, seed: int = 0, embedder: Embedder | None = None
) -> dict[str, object]:
    """Return the measures of `eval topics` on the labelled items at *path*.

    Args:
        path: a .jsonl with topics, or topic and label; or a .tsv of headline and letter (b, t, e, m).
        topics: a folder of topic files or a JSON list; None: the label names alone, and the result says so.
        examples: how many items of each topic to learn from; they are left out of the score.
        seed: which items those are.
        embedder: what turns texts into vectors; None for words alone.

    Raises:
        DataLayoutError: the data is not of the layout, or labels a topic that *topics* does not have.
        ConfigError: *topics* cannot be read.
    """
    cases = read_cases(path)
    declared = _read_declared(topics) if topics else _named(cases)
    _check_names(cases, declared, path)
    learned, judged = _split(cases, examples, seed)
    # Ids of a set need not be unique.
    items = [replace(case.row.item(timed=False), id=f"{place}") for place, case in enumerate(judged)]
    taught = _taught(declared, learned)
    started = time.process_time()
    classifier = TopicClassifier(
        taught, embedder=embedder, single_words=is_static(embedder), vocabulary=general_words()
    )
    decided = classifier.among(items)
    given = [{label.topic for label in decided.labels(item)} for item in items]
    seconds = time.process_time() - started
    confidences = decided.confidences()
    right = [with_ancestors(case.right, declared) for case in judged]
    if any(case.asked for case in cases):
        measured = _judge_asked(judged, given)
    elif all(len(case.right) == 1 for case in cases):
        measured = _judge_one(judged, confidences, [topic.name for topic in declared])
    else:
        measured = _judge_several(right, given)
    return {
        "items": len(judged),
        "accuracy": None,
        "macro_f1": None,
        "false_tag_rate": None,
        "recall": None,
        **measured,
        "items_per_cpu_second": round(len(items) / seconds, 1) if seconds else None,
        "topics": "declared" if topics else "label names only",
        "learned_from": sum(len(group) for group in learned.values()),
        "classifier": "keywords, company, meaning, pile",
        "embedder": embedder.name if embedder else None,
    }


def _judge_one(
    cases: Sequence[Case], confidences: Sequence[Mapping[str, float]], names: Sequence[str]
) -> dict[str, object]:
    """Judge one label per item: the highest confidence, the earlier topic on a tie, no abstaining."""
    cells: Counter[tuple[str, str]] = Counter()
    for case, confidence in zip(cases, confidences, strict=True):
        chosen = max(names, key=lambda name: confidence[name])
        cells[next(iter(case.right)), chosen] += 1
    right = sum(n for (true, chosen), n in cells.items() if true == chosen)
    counts = _per_topic({(frozenset({true}), frozenset({chosen})): n for (true, chosen), n in cells.items()})
    accuracy = rounded(right / len(cases)) if cases else None
    return {"accuracy": accuracy, "macro_f1": rounded(macro_f1(counts)), "recall": accuracy}


def _judge_several(rights: Sequence[frozenset[str]], given: Sequence[set[str]]) -> dict[str, object]:
    """Judge items that may have several topics or none: accuracy is the share of items with exactly the right ones."""
    cells = Counter((right, frozenset(labels)) for right, labels in zip(rights, given, strict=True))
    counts = _per_topic(cells)
    exact = sum(n for (true, found), n in cells.items() if true == found)
    right, true = sum(c[0] for c in counts.values()), sum(c[2] for c in counts.values())
    wrong_chances = sum(n * len(counts.keys() - true_set) for (true_set, _), n in cells.items())
    wrong = sum(n * len(found - true_set) for (true_set, found), n in cells.items())
    return {
        "accuracy": rounded(exact / len(rights)) if rights else None,
        "macro_f1": rounded(macro_f1(counts)),
        "false_tag_rate": rounded(wrong / wrong_chances) if wrong_chances else None,
        "recall": rounded(precision_recall(right, 0, true).recall),
        "off_topic": sum(n for (true_set, _), n in cells.items() if not true_set),
        "off_topic_tagged": sum(n for (true_set, found), n in cells.items() if found and not true_set),
    }


def _judge_asked(cases: Sequence[Case], given: Sequence[set[str]]) -> dict[str, object]:
    """Judge one question per item: does this topic belong?"""
    answers = Counter((case.belongs, case.asked in labels) for case, labels in zip(cases, given, strict=True))
    per_topic: dict[str, tuple[int, int, int]] = {}
    for case, labels in zip(cases, given, strict=True):
        name, got = case.asked or "", case.asked in labels
        right, found, true = per_topic.get(name, (0, 0, 0))
        per_topic[name] = right + (got and case.belongs), found + got, true + case.belongs
    wrong, refused = answers[False, True], answers[False, False]
    rates = precision_recall(
        answers[True, True], answers[True, True] + wrong, answers[True, True] + answers[True, False]
    )
    return {
        "accuracy": rounded((answers[True, True] + refused) / len(cases)) if cases else None,
        "macro_f1": rounded(macro_f1(per_topic)),
        "false_tag_rate": rounded(wrong / (wrong + refused)) if wrong + refused else None,
        "recall": rounded(rates.recall),
        "precision": rounded(rates.precision),
    }


def _per_topic(cells: Mapping[tuple[frozenset[str], frozenset[str]], int]) -> dict[str, tuple[int, int, int]]:
    """Return topic → (right, found, true) of counted (true, found) sets of topics."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for (true, found), n in cells.items():
        for name in true & found:
            counts[name][0] += n
        for name in found:
            counts[name][1] += n
        for name in true:
            counts[name][2] += n
    return {name: (right, found, true) for name, (right, found, true) in sorted(counts.items())}


def read_cases(path: Path) -> list[Case]:
    """Return the labelled items at *path*, in order.

    Raises:
        DataLayoutError: the data is not of the layout.
    """
    return _read_tsv(path) if path.suffix == ".tsv" else _read_jsonl(path)


def with_ancestors(names: frozenset[str], topics: Sequence[Topic]) -> frozenset[str]:
    """Return *names* with the ancestors of each: what belongs to a topic belongs to its parents too."""
    parents = {topic.name: topic.parent for topic in topics}
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            above = parents.get(name)
            waiting.extend([above] if above else [])
    return frozenset(found)


def _read_jsonl(path: Path) -> list[Case]:
    cases = []
    for number, row in enumerate(read_rows(path), start=1):
        topics, topic, label = (row.fields.get(key) for key in ("topics", "topic", "label"))
        if isinstance(topics, list) and all(isinstance(name, str) for name in topics):
            cases.append(Case(row, frozenset(topics)))
        elif isinstance(topic, str) and label in (0, 1):
            cases.append(Case(row, frozenset(), topic, bool(label)))
        else:
            raise DataLayoutError(
                "the item has neither `topics` (a list) nor `topic` and `label` (0 or 1)",
                where=f"{path}, item {number}",
            )
    if any(case.asked for case in cases) and not all(case.asked for case in cases):
        raise DataLayoutError("some items have `topics`, others `topic` and `label`", where=str(path))
    return cases


def _read_tsv(path: Path) -> list[Case]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DataLayoutError(f"the file cannot be read ({error})", where=str(path)) from error
    cases = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        headline, tab, letter = line.rstrip("\r").rpartition("\t")
        if not tab or letter not in _TSV_LABELS or len(line) > _LINE_CHARACTERS:
            raise DataLayoutError("not a headline, a tab and one of b, t, e, m", where=f"{path}:{number}")
        row = Row(f"line-{number}", headline, "", "", None, None, None)
        cases.append(Case(row, frozenset({_TSV_LABELS[letter]})))
    if not cases:
        raise DataLayoutError("the file holds no items", where=str(path))
    return cases


def _read_declared(path: Path) -> tuple[Topic, ...]:
    return read_topics(path) if path.is_dir() else read_topic_list(path)


def _named(cases: Sequence[Case]) -> tuple[Topic, ...]:
    """Return a topic for each label, with nothing but its name: the words of the name are its keywords."""
    names = sorted({name for case in cases for name in case.right} | {case.asked for case in cases if case.asked})
    return tuple(Topic(name, name, keywords=tuple(part.strip() for part in name.split("/"))) for name in names)


def _check_names(cases: Sequence[Case], declared: Sequence[Topic], path: Path) -> None:
    if not declared:
        raise DataLayoutError("no item has a topic", where=str(path))
    names = {topic.name for topic in declared}
    missing = ({name for case in cases for name in case.right} | {case.asked for case in cases if case.asked}) - names
    if missing:
        raise DataLayoutError(
            f"labels without a declared topic: {', '.join(sorted(missing)[:5])}",
            where=str(path),
            hint=f"The topics are {', '.join(sorted(names)[:30])}",
        )


def _split(cases: Sequence[Case], examples: int, seed: int) -> tuple[dict[str, list[Case]], list[Case]]:
    """Return topic → the cases to learn from, and the cases left to judge.

    Which ones is decided by a hash of seed and id, so that it depends neither on file order nor on Python's random numbers.
    """

    def key(case: Case) -> str:
        return hashlib.sha256(f"{seed}\0{case.row.id}\0{case.row.title}".encode("utf-8", "replace")).hexdigest()

    learned: dict[str, list[Case]] = defaultdict(list)
    judged: list[Case] = []
    taken: set[int] = set()
    if examples:
        for case in sorted(cases, key=key):
            names = [case.asked] if case.asked else sorted(case.right)
            hungry = [name for name in names if len(learned[name]) < examples]
            for name in hungry:
                learned[name].append(case)
            if hungry:
                taken.add(id(case))
    judged = [case for case in cases if id(case) not in taken]
    return dict(learned), judged


def _taught(declared: Sequence[Topic], learned: Mapping[str, Sequence[Case]]) -> tuple[Topic, ...]:
    """Return *declared* with the learned cases among their examples."""
    taught = []
    for topic in declared:
        added = tuple(
            Example(case.row.title, case.row.text or case.row.excerpt, case.belongs if case.asked else True)
            for case in learned.get(topic.name, ())
        )
        taught.append(replace(topic, examples=(*topic.examples, *added)))
    return tuple(taught)
