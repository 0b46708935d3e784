"""The speech of generated streams: invented names out of syllables, and templates of a language filled in."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

_CHOICE = re.compile(r"\[([^\[\]|]*(?:\|[^\[\]|]*)+)\]")
_SLOT = re.compile(r"\{(\w+?)(\d?)\}")
_ONSETS = (
    [
        "b",
        "br",
        "c",
        "d",
        "dr",
        "f",
        "fl",
        "g",
        "gr",
        "h",
        "j",
        "k",
        "kl",
        "l",
        "m",
        "n",
        "p",
        "pr",
        "qu",
        "r",
        "s",
        "sk",
        "st",
        "t",
        "th",
        "tr",
        "v",
        "w",
        "z",
    ],
    ["", *["b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z"]],
)
_VOWELS = ["a", "e", "i", "o", "u", "ai", "ea", "ie", "ou", "ei"]
_CODAS = ["", "", "", *["n", "r", "l", "s", "th", "ck", "m", "nd", "rt", "ld", "st"]]
_FROM_THE_EVENT = 0.7


@dataclass(frozen=True, slots=True)
class Speech:
    """The words and templates of one language, as `data/stream.yaml` has them."""

    tag: str
    words: Mapping[str, tuple[str, ...]]
    data: Mapping[str, Any]


@cache
def speeches() -> dict[str, Speech]:
    """Return the languages of generated streams by tag."""
    text = (files("newsloom.demo") / "data" / "stream.yaml").read_text("utf-8")
    found = {}
    for tag, data in yaml.safe_load(text).items():
        kinds = {"noun": "nouns", "verb": "verbs", "adjective": "adjectives", "role": "roles"}
        found[tag] = Speech(tag, {name: tuple(data[key].split()) for name, key in kinds.items()}, data)
    return found


def name(rng: random.Random, syllables: int = 0) -> str:
    """Return an invented name of two or three syllables, capitalised."""
    parts = [
        rng.choice(_ONSETS[place > 0]) + rng.choice(_VOWELS) for place in range(syllables or rng.choice((2, 2, 2, 3)))
    ]
    return ("".join(parts) + rng.choice(_CODAS)).capitalize()


def bag(speech: Speech, rng: random.Random) -> dict[str, tuple[str, ...]]:
    """Return the words of *speech* that one event is mostly told with."""
    return {kind: tuple(rng.sample(words, min(len(words), 7))) for kind, words in speech.words.items()}


def said(
    template: str,
    facts: Mapping[str, str],
    speech: Speech,
    own: Mapping[str, tuple[str, ...]],
    rng: random.Random,
) -> str:
    """Return *template* with one of each `[a|b]` taken and each `{slot}` filled in.

    Args:
        facts: what the event settles. Slots that it does not name are words of the language, most of them from *own*, or
            newly invented (`surname`, `street`, `number`).
    """
    drawn: dict[str, str] = {}

    def fill(match: re.Match[str]) -> str:
        kind, slot = match[1], match[1] + match[2]
        if slot in facts:
            return facts[slot]
        if slot not in drawn:
            drawn[slot] = _word(kind, speech, own, rng)
        return drawn[slot]

    chosen = _CHOICE.sub(lambda match: rng.choice(match[1].split("|")), template)
    return _SLOT.sub(fill, chosen)


def _word(kind: str, speech: Speech, own: Mapping[str, tuple[str, ...]], rng: random.Random) -> str:
    if kind in speech.words:
        return rng.choice(own[kind] if rng.random() < _FROM_THE_EVENT else speech.words[kind])
    if kind == "number":
        return str(rng.randint(2, 900))
    if kind == "street":
        return f"{name(rng)} {rng.choice(('Lane', 'Quay', 'Street', 'Hill', 'Gate'))}"
    return name(rng)
