"""Scoring profiles: the packaged ones, and a portal's own in TOML.

A profile file has a table per term, in the order in which the terms are shown:

    extends = "newsloom"          # optional: start from a packaged profile and change what is written here
    [quality.source]              # a term of quality, by name
    rule = "source_standing"      # not needed for a term that the extended profile has
    at_most = 60                  # the rule's parameters
    [heat.coverage] …
    [publish]
    rule = "quality_gate"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

from newsloom.errors import ConfigError
from newsloom.model.score import Profile, TermSpec
from newsloom.stages.rank.rules import (
    GATES,
    HEAT_RULES,
    LEAD_PARAMETERS,
    QUALITY_RULES,
    check_profile,
    nearest,
    parameters_of,
)

PACKAGED = ("newsloom", "origin")
MAX_BYTES = 256 * 1024

_KEYS = ("description", "extends", "quality", "heat", "publish")


def read_profile(source: str | Path, settings: Mapping[str, object] | None = None) -> Profile:
    """Return a scoring profile, every rule and parameter of it checked.

    Args:
        source: `newsloom` or `origin`, or the path of a profile file.
        settings: parameter name → value, set on the one term whose rule has it; a portal's weights for the profile, such as
            official_url_patterns for `origin`.

    Raises:
        ConfigError: no such profile, unreadable TOML, or an unknown key, rule or parameter: the hint names the nearest one.
    """
    if isinstance(source, str) and source in PACKAGED:
        profile = _packaged(source)
    else:
        profile = _own(Path(source))
    if settings:
        profile = with_settings(profile, settings)
    return profile


def with_settings(profile: Profile, settings: Mapping[str, object]) -> Profile:
    """Return *profile* with each of *settings* put on the term, or the publish rule, that has a parameter of that name.

    Raises:
        ConfigError: no rule, or the rules of several terms, have a parameter of that name; or its value cannot be.
    """
    parts = {"quality": list(profile.quality), "heat": list(profile.heat), "publish": [profile.publish]}
    for key, value in settings.items():
        slots = [
            (specs, n) for part, specs in parts.items() for n, spec in enumerate(specs) if key in _known(part, spec)
        ]
        if len(slots) != 1:
            known = {name for part, specs in parts.items() for spec in specs for name in _known(part, spec)}
            what = (
                f"several terms of profile {profile.name!r} have"
                if slots
                else f"no term of profile {profile.name!r} has"
            )
            hint = "Set it in a profile file, under its term" if slots else nearest(key, sorted(known))
            raise ConfigError(f"{what} a parameter {key!r}", hint=hint)
        specs, number = slots[0]
        specs[number] = replace(specs[number], parameters={**specs[number].parameters, key: value})
    profile = replace(profile, quality=tuple(parts["quality"]), heat=tuple(parts["heat"]), publish=parts["publish"][0])
    check_profile(profile)
    return profile


def _known(part: str, spec: TermSpec) -> Sequence[str]:
    """Return the parameters that the term *spec* of *part* has."""
    if part == "publish":
        return (*parameters_of(GATES[spec.rule]), *LEAD_PARAMETERS)
    rules = QUALITY_RULES if part == "quality" else HEAT_RULES
    return tuple(parameters_of(rules[spec.rule]))


def _packaged(name: str) -> Profile:
    text = (resources.files("newsloom") / "profiles" / f"{name}.toml").read_text(encoding="utf-8")
    return _profile(name, tomllib.loads(text), None, f"{name}.toml")


def _own(path: Path) -> Profile:
    where = str(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ConfigError(f"a profile file of more than {MAX_BYTES // 1024} KiB", where=where)
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        hint = nearest(path.name, PACKAGED) + " Or give the path of a profile file."
        raise ConfigError("there is no such scoring profile", where=where, hint=hint) from error
    except OSError as error:
        raise ConfigError(f"the profile cannot be read ({error.strerror})", where=where) from error
    except UnicodeDecodeError as error:
        raise ConfigError("the profile is not UTF-8 text", where=where) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"the profile is no TOML: {error}", where=where) from error
    base = document.get("extends")
    if base is not None and base not in PACKAGED:
        raise ConfigError(f"extends an unknown profile {base!r}", where=where, hint=nearest(str(base), PACKAGED))
    return _profile(path.stem, document, _packaged(base) if base else None, where)


def _profile(name: str, document: Mapping[str, Any], base: Profile | None, where: str) -> Profile:
    for key in document:
        if key not in _KEYS:
            raise ConfigError(f"a profile has no key {key!r}", where=where, hint=nearest(key, _KEYS))
    publish = _table(document.get("publish", {}), "publish", where)
    profile = Profile(
        name=name,
        quality=_terms(document, "quality", base.quality if base else (), where),
        heat=_terms(document, "heat", base.heat if base else (), where),
        publish=_term("publish", publish, base.publish if base else None, where),
    )
    check_profile(profile, where=where)
    return profile


def _terms(document: Mapping[str, Any], part: str, base: tuple[TermSpec, ...], where: str) -> tuple[TermSpec, ...]:
    """Return the terms of *part*: those of *base* with what the document changes, then its new ones in its order."""
    tables = _table(document.get(part, {}), part, where)
    terms = {spec.name: spec for spec in base}
    for name, table in tables.items():
        terms[name] = _term(name, _table(table, f"{part}.{name}", where), terms.get(name), where)
    if not terms:
        raise ConfigError(
            f"a profile needs at least one [{part}.…] table", where=where, hint='Or extends = "newsloom".'
        )
    return _floors_last(tuple(terms.values()))


def _floors_last(terms: tuple[TermSpec, ...]) -> tuple[TermSpec, ...]:
    """Return *terms* with those that look at the sum so far at the end, where new terms cannot slip in behind them."""
    closing = ("floor", "outranked", "not_leading")
    return tuple(sorted(terms, key=lambda spec: spec.rule in closing))


def _term(name: str, table: Mapping[str, Any], base: TermSpec | None, where: str) -> TermSpec:
    rule = table.get("rule", base.rule if base else None)
    if not isinstance(rule, str):
        known = sorted({*QUALITY_RULES, *HEAT_RULES, *GATES})
        raise ConfigError(f"term {name!r} names no rule", where=where, hint=f"Known rules: {', '.join(known)}.")
    kept = dict(base.parameters) if base and base.rule == rule else {}
    if base and base.rule != rule:  # how a lead is chosen is not the gate's own
        kept = {key: value for key, value in base.parameters.items() if key in LEAD_PARAMETERS}
    return TermSpec(name, rule, {**kept, **{key: value for key, value in table.items() if key != "rule"}})


def _table(value: object, name: str, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ConfigError(f"{name!r} must be a table", where=where)
    return value
