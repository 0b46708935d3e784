"""The record's last key, `newsloom`: newsloom's own notes on an item, as YAML (record format, section 8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal, cast

from newsloom.model.record import Bookkeeping, Decision, RelationNote
from newsloom.vocab import typed_values as typed
from newsloom.vocab.yaml12 import Plain, Tree
from newsloom.vocab.yaml_text import scalar

KEY = "newsloom"
SUB_KEYS = (
    "id",
    "firstSeen",
    "source",
    "language",
    "access",
    "authors",
    "modified",
    "rights",
    "story",
    "lead",
    "duplicateOf",
    "methods",
    "topics",
    "judged",
    "qualityParts",
    "heatParts",
    "relations",
    "decisions",
    "digests",
    "tombstone",
)


def read_bookkeeping(value: Tree) -> Bookkeeping | None:
    """Return the notes in *value*, None when the key is empty.

    Raises:
        WrongValue: the id is missing, or a value is not of the kind its key needs.
    """
    tree = typed.mapping(value, KEY)
    if not tree:
        return None

    def text(name: str) -> str | None:
        return typed.text(tree[name], f"{KEY}.{name}") if name in tree else None

    def table(name: str) -> dict[str, Tree]:
        return typed.mapping(tree.get(name, Plain()), f"{KEY}.{name}")

    access = typed.choice(tree.get("access", Plain()), f"{KEY}.access", ("free", "metered", "paywalled"))
    return Bookkeeping(
        id=typed.required(text("id"), f"{KEY}.id"),
        first_seen=typed.instant(tree.get("firstSeen", Plain()), f"{KEY}.firstSeen"),
        source=text("source"),
        language=text("language"),
        access=cast('Literal["free", "metered", "paywalled"] | None', access),
        authors=tuple(typed.members(tree.get("authors", Plain()), f"{KEY}.authors", typed.text)),
        modified=typed.instant(tree.get("modified", Plain()), f"{KEY}.modified"),
        rights=tuple(typed.members(tree.get("rights", Plain()), f"{KEY}.rights", typed.text)),
        story=text("story"),
        lead=typed.boolean(tree.get("lead", Plain()), f"{KEY}.lead"),
        duplicate_of=text("duplicateOf"),
        methods=_texts(table("methods"), "methods"),
        topics={name: typed.ratio(member, f"{KEY}.topics.{name}") for name, member in table("topics").items()},
        judged=_texts(table("judged"), "judged"),
        quality_parts=_points(table("qualityParts"), "qualityParts"),
        heat_parts=_points(table("heatParts"), "heatParts"),
        relations=tuple(typed.members(tree.get("relations", Plain()), f"{KEY}.relations", _read_relation)),
        decisions=tuple(typed.members(tree.get("decisions", Plain()), f"{KEY}.decisions", _read_decision)),
        digests=_texts(table("digests"), "digests"),
        tombstone=text("tombstone"),
        extra={name: member for name, member in tree.items() if name not in SUB_KEYS},
    )


def _texts(table: Mapping[str, Tree], name: str) -> dict[str, str]:
    read = {key: typed.text(member, f"{KEY}.{name}.{key}") for key, member in table.items()}
    return {key: member for key, member in read.items() if member is not None}


def _points(table: Mapping[str, Tree], name: str) -> dict[str, int]:
    read = {key: typed.whole(member, f"{KEY}.{name}.{key}", -999_999_999) for key, member in table.items()}
    return {key: member for key, member in read.items() if member is not None}


def _read_relation(value: Tree, key: str) -> RelationNote:
    tree = typed.mapping(value, key)
    return RelationNote(
        item=typed.required(typed.text(tree.get("item", Plain()), f"{key}.item"), f"{key}.item"),
        reason=typed.text(tree.get("reason", Plain()), f"{key}.reason") or "",
        score=typed.ratio(tree.get("score", Plain("0")), f"{key}.score"),
    )


def _read_decision(value: Tree, key: str) -> Decision:
    tree = typed.mapping(value, key)

    def needed(name: str) -> str:
        return typed.required(typed.text(tree.get(name, Plain()), f"{key}.{name}"), f"{key}.{name}")

    return Decision(
        field=needed("field"),
        by=needed("by"),
        at=typed.required(typed.instant(tree.get("at", Plain()), f"{key}.at"), f"{key}.at"),
        value=typed.text(tree.get("value", Plain()), f"{key}.value"),
    )


def bookkeeping_tree(notes: Bookkeeping) -> dict[str, Tree]:
    """Return *notes* as the mapping that the record shows: what is absent or empty has no key, unknown sub-keys come last.

    Confidences and scores keep three decimals, methods and digests stand in order of their keys, so that the same notes
    always give the same bytes.
    """
    tree: dict[str, Tree | None] = {
        "id": Plain(scalar(notes.id)),
        "firstSeen": _moment(notes.first_seen),
        "source": notes.source,
        "language": _plain(notes.language),
        "access": _plain(notes.access),
        "authors": [Plain(scalar(author)) for author in notes.authors],
        "modified": _moment(notes.modified),
        "rights": [Plain(scalar(right)) for right in notes.rights],
        "story": _plain(notes.story),
        "lead": None if notes.lead is None else Plain("true" if notes.lead else "false"),
        "duplicateOf": _plain(notes.duplicate_of),
        "methods": _sorted(notes.methods),
        "topics": {name: _ratio(confidence) for name, confidence in notes.topics.items()},
        "judged": _sorted(notes.judged),
        "qualityParts": {name: Plain(points) for name, points in notes.quality_parts.items()},
        "heatParts": {name: Plain(points) for name, points in notes.heat_parts.items()},
        "relations": [
            {"item": Plain(scalar(note.item)), "reason": note.reason, "score": _ratio(note.score)}
            for note in notes.relations
        ],
        "decisions": [_decision_tree(decision) for decision in notes.decisions],
        "digests": _sorted(notes.digests),
        "tombstone": notes.tombstone,
        **cast("Mapping[str, Tree]", notes.extra),
    }
    return {key: value for key, value in tree.items() if value is not None and (value or isinstance(value, str))}


def _decision_tree(decision: Decision) -> Tree:
    tree: dict[str, Any] = {
        "field": Plain(scalar(decision.field)),
        "by": Plain(scalar(decision.by)),
        "at": _moment(decision.at),
    }
    return tree if decision.value is None else {**tree, "value": decision.value}


def _sorted(table: Mapping[str, str]) -> Tree:
    pairs: Iterable[tuple[str, str]] = sorted(table.items())
    return {key: Plain(scalar(value)) for key, value in pairs}


def _plain(value: str | None) -> Tree | None:
    return None if value is None else Plain(scalar(value))


def _moment(value: datetime | None) -> Tree | None:
    return None if value is None else Plain(typed.instant_text(value))


def _ratio(value: float) -> Tree:
    """Return *value* to three decimals: finer differences mean nothing and would only make noise in a diff."""
    return Plain(round(min(1.0, max(0.0, value)), 3))
