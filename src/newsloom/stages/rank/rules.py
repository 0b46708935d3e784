"""The rules a profile may name, and the check that it names them rightly. To add a rule: write it, list it here.

A quality or heat rule is a pure function `(name, facts, *, parameters) → terms`; a gate is `(facts, *, parameters) → Verdict`.
The keyword-only parameters with their types and defaults are the rule's settings; there is no second list of them.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from functools import partial
from typing import Any, get_type_hints

from newsloom.errors import ConfigError
from newsloom.model.score import Profile, Term, TermSpec
from newsloom.stages.rank import gate, heat, origin, quality
from newsloom.stages.rank.gate import Verdict

Rule = Callable[..., tuple[Term, ...]]
Gate = Callable[..., Verdict]

QUALITY_RULES: Mapping[str, Rule] = {
    "has_image": origin.has_image,
    "has_amp": origin.has_amp,
    "has_video": origin.has_video,
    "listed_source": origin.listed_source,
    "title_keywords": origin.title_keywords,
    "long_title": origin.long_title,
    "floor": origin.floor,
    "source_standing": quality.source_standing,
    "originality": quality.originality,
    "depth": quality.depth,
    "transparency": quality.transparency,
    "relevance": quality.relevance,
    "clickbait": quality.clickbait,
    "press_release": quality.press_release,
    "copy": quality.copy,
    "thin": quality.thin,
    "paywalled": quality.paywalled,
}

HEAT_RULES: Mapping[str, Rule] = {
    "own_quality": origin.own_quality,
    "related_items": origin.related_items,
    "outranked": origin.outranked,
    "coverage": heat.coverage,
    "not_leading": heat.not_leading,
    "floor": origin.floor,
}

GATES: Mapping[str, Gate] = {"heat_gate": gate.heat_gate, "quality_gate": gate.quality_gate}

LEAD_PARAMETERS = ("lead_by", "lead_step")
"""Parameters of every `[publish]` table that choose a story's lead; see `ProfileScorer.lead`."""


def parameters_of(rule: Callable[..., object]) -> Mapping[str, Any]:
    """Return the settings *rule* takes: parameter name → its type."""
    hints = get_type_hints(rule)
    return {
        name: hints[name]
        for name, parameter in inspect.signature(rule).parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    }


def nearest(wrong: str, right: Sequence[str]) -> str:
    """Return a hint that names the entry of *right* most like *wrong*, or all of them when none is."""
    close = get_close_matches(wrong, right, n=1, cutoff=0.5)
    return f"Did you mean {close[0]!r}?" if close else f"Known: {', '.join(sorted(right)) or 'none'}."


def bind(spec: TermSpec, rules: Mapping[str, Callable[..., Any]], *, where: str = "") -> Callable[..., Any]:
    """Return the rule of *spec* with its parameters set.

    Raises:
        ConfigError: no such rule or parameter (the hint names the nearest right one), or a value of a wrong type.
    """
    rule = rules.get(spec.rule)
    if rule is None:
        raise ConfigError(
            f"term {spec.name!r} names an unknown rule {spec.rule!r}", where=where, hint=nearest(spec.rule, list(rules))
        )
    known = parameters_of(rule)
    for key, value in spec.parameters.items():
        if key not in known:
            raise ConfigError(
                f"term {spec.name!r}: rule {spec.rule!r} has no parameter {key!r}",
                where=where,
                hint=nearest(key, list(known)),
            )
        _check(value, known[key], f"term {spec.name!r}: parameter {key!r}", where)
        if key.endswith("_patterns"):
            _check_patterns(value, f"term {spec.name!r}: parameter {key!r}", where)
    return partial(rule, **spec.parameters)


def bind_gate(spec: TermSpec, *, where: str = "") -> tuple[Gate, tuple[str, ...], int]:
    """Return the gate of *spec*, and by which terms and in what steps a lead is chosen.

    Raises:
        ConfigError: as for `bind`.
    """
    own = {key: value for key, value in spec.parameters.items() if key not in LEAD_PARAMETERS}
    lead_by, lead_step = spec.parameters.get("lead_by", ()), spec.parameters.get("lead_step", 1)
    _check(lead_by, Sequence[str], "publish: parameter 'lead_by'", where)
    _check(lead_step, int, "publish: parameter 'lead_step'", where)
    assert isinstance(lead_by, Sequence) and isinstance(lead_step, int)
    if lead_step < 1:
        raise ConfigError("publish: parameter 'lead_step' must be over zero", where=where)
    return bind(TermSpec(spec.name, spec.rule, own), GATES, where=where), tuple(lead_by), lead_step


def check_profile(profile: Profile, *, where: str = "") -> None:
    """Raise ConfigError when *profile* names a rule, a parameter or a value that cannot be."""
    for specs, rules in ((profile.quality, QUALITY_RULES), (profile.heat, HEAT_RULES)):
        for spec in specs:
            bind(spec, rules, where=where)
    names = {spec.name for spec in profile.quality}
    for name in bind_gate(profile.publish, where=where)[1]:
        if name not in names:
            raise ConfigError(
                f"publish: 'lead_by' names no quality term {name!r}", where=where, hint=nearest(name, list(names))
            )


def _check(value: object, wanted: Any, what: str, where: str) -> None:
    if wanted is int:
        right, kind = isinstance(value, int) and not isinstance(value, bool), "a whole number"
    elif wanted is float:
        right, kind = isinstance(value, int | float) and not isinstance(value, bool), "a number"
    elif wanted is str:
        right, kind = isinstance(value, str), "a text"
    else:
        right = isinstance(value, list | tuple) and all(isinstance(entry, str) for entry in value)
        kind = "a list of texts"
    if not right:
        raise ConfigError(f"{what} must be {kind}, not {value!r}", where=where)


def _check_patterns(patterns: object, what: str, where: str) -> None:
    assert isinstance(patterns, list | tuple)
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ConfigError(f"{what}: {pattern!r} is no regular expression ({error})", where=where) from error
