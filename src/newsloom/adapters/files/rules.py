"""Reads `rules.toml`: the owner's rules, one table each, every mistake named with its line.

[[rule]]
name = "No lottery numbers"
action = "hold"                                 # include, mute, hold, tag, boost
title.word = ["lottery", "jackpot"]             # FIELD.MATCHER = value, or a list: any of them
unless.title.word = "inquiry"                   # none of these
examples = [{ title = "Jackpot rolls over", hits = true }, { title = "Lottery inquiry opens", hits = false }]
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from newsloom.errors import ConfigError
from newsloom.model.rule import Condition, Matcher, Rule, RuleAction, RuleExample
from newsloom.stages.rules.matching import DECIDED_FIELDS, FIELDS, NUMBER_FIELDS, pattern_problem
from newsloom.vocab.urls import public_address

MAX_BYTES = 1024 * 1024
MOST_RULES = 1000
MOST_POINTS = 100
_ACTIONS: tuple[RuleAction, ...] = get_args(RuleAction)
_MATCHERS: tuple[Matcher, ...] = get_args(Matcher)
_KEYS = ("name", "action", "topics", "points", "unless", "examples")
_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*rule[ \t]*\]\]", re.MULTILINE)


def read_rules(path: Path, *, topics: Collection[str] = ()) -> tuple[Rule, ...]:
    """Return the rules in the file at *path*, in its order; none when there is no such file.

    Args:
        topics: the portal's topics; a tag that is none of them is an error where there are any.

    Raises:
        ConfigError: the file cannot be read, or a rule is wrong: the message names its line and what is right.
    """
    try:
        if not path.exists():
            return ()
        if path.stat().st_size > MAX_BYTES:
            raise ConfigError(f"is larger than {MAX_BYTES} bytes", where=str(path))
        text = path.read_text("utf-8")
        tree = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"not valid TOML: {error}", where=str(path)) from error
    except OSError as error:
        raise ConfigError(f"cannot be read ({error.strerror})", where=str(path)) from error
    wrong = [key for key in tree if key != "rule"]
    tables = tree.get("rule", [])
    if wrong or not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ConfigError(
            f"there is no {wrong[0] if wrong else 'rule'!r} here",
            where=str(path),
            hint="Each rule begins with [[rule]]",
        )
    if len(tables) > MOST_RULES:
        raise ConfigError(f"holds {len(tables)} rules, more than {MOST_RULES}", where=str(path))
    places = [text.count("\n", 0, match.start()) + 1 for match in _HEADER.finditer(text)]
    if len(places) != len(tables):  # written another way, as one array: lines are not known
        places = [0] * len(tables)
    rules = tuple(_Reader(path, text, line, topics).rule(table) for table, line in zip(tables, places, strict=True))
    seen: dict[str, Rule] = {}
    for rule in rules:
        if rule.name in seen:
            where = f"{path}:{rule.line}" if rule.line else str(path)
            raise ConfigError(f"there are two rules {rule.name!r}", where=where, hint="Give each its own name")
        seen[rule.name] = rule
    return rules


class _Reader:
    """Reads one rule, and knows where it stands."""

    def __init__(self, path: Path, text: str, line: int, topics: Collection[str]) -> None:
        self.path, self.line, self.topics = path, line, topics
        self.lines = text.split("\n")

    def rule(self, table: Mapping[str, Any]) -> Rule:
        name = table.get("name")
        if not isinstance(name, str) or not name.strip() or len(name) > 100:
            raise self.wrong("a rule needs a name of 1 to 100 characters", "name")
        action = next((known for known in _ACTIONS if known == table.get("action")), None)
        if action is None:
            raise self.wrong(f"action must be one of {', '.join(_ACTIONS)}, not {table.get('action')!r}", "action")
        unless = table.get("unless", {})
        if not isinstance(unless, dict):
            raise self.wrong("unless must name a field and a matcher: unless.title.word = …", "unless")
        conditions = self.conditions({key: value for key, value in table.items() if key not in _KEYS}, action)
        if not conditions:
            raise self.wrong(
                f"rule {name!r} has no condition and would hit everything", "name", "Write FIELD.MATCHER = …"
            )
        topics, points = self.texts(table.get("topics", []), "topics"), table.get("points", 0)
        if (action == "tag") != bool(topics):
            raise self.wrong(
                "topics belong to a rule with action tag, and only there", "topics" if topics else "action"
            )
        for topic in topics:
            if self.topics and topic not in self.topics:
                raise self.wrong(f"there is no topic {topic!r}", "topics", _near(topic, self.topics))
        if (
            isinstance(points, bool)
            or not isinstance(points, int)
            or abs(points) > MOST_POINTS
            or (action == "boost") != bool(points)
        ):
            raise self.wrong(
                f"points belong to action boost: a whole number from −{MOST_POINTS} to {MOST_POINTS}, 0 left out; not {points!r}",
                "points",
            )
        return Rule(
            name,
            action,
            conditions,
            self.conditions(unless, action),
            topics,
            points,
            self.examples(table.get("examples", [])),
            self.line,
        )

    def conditions(self, table: Mapping[str, Any], action: str) -> tuple[Condition, ...]:
        found = []
        for field, matchers in table.items():
            if field not in FIELDS:
                raise self.wrong(f"there is no field {field!r}", field, _near(field, (*FIELDS, *_KEYS)))
            if field in DECIDED_FIELDS and action in ("tag", "boost"):
                raise self.wrong(
                    f"a rule with action {action} cannot ask for {field}, which is decided after it", field
                )
            if not isinstance(matchers, dict) or not matchers:
                raise self.wrong(
                    f"{field} needs a matcher", field, f"Write {field}.is = …; matchers: {', '.join(_MATCHERS)}"
                )
            found += [self.condition(field, matcher, values) for matcher, values in matchers.items()]
        return tuple(found)

    def condition(self, field: str, matcher: str, values: object) -> Condition:
        known = next((known for known in _MATCHERS if known == matcher), None)
        if known is None:
            raise self.wrong(f"there is no matcher {matcher!r}", f"{field}.{matcher}", _near(matcher, _MATCHERS))
        listed = tuple(values) if isinstance(values, list) else (values,)
        wants_number = field in NUMBER_FIELDS
        if wants_number != (matcher in ("above", "below")) and not (wants_number and matcher == "is"):
            kind = "is a number: above, below or is" if wants_number else "is a text: word, phrase, regex, is or starts"
            raise self.wrong(f"{field} {kind}, not {matcher}", f"{field}.{matcher}")
        kinds = (int, float) if wants_number else str
        right = listed and all(isinstance(v, kinds) and not isinstance(v, bool) and v != "" for v in listed)
        if not right or (matcher in ("above", "below") and len(listed) != 1):
            raise self.wrong(
                f"{field}.{matcher} must be {'a number' if wants_number else 'a text or a list of texts, none empty'}, not {values!r}",
                f"{field}.{matcher}",
            )
        for value in listed:
            if matcher == "word" and len(str(value).split()) != 1:
                raise self.wrong(f"{value!r} is more than a word", f"{field}.{matcher}", f"Write {field}.phrase = …")
            if matcher == "regex" and (problem := pattern_problem(str(value))):
                raise self.wrong(f"the pattern {value!r} {problem}", f"{field}.{matcher}")
        if field == "source":
            listed = tuple(public_address(str(value)) for value in listed)
        return Condition(field, known, tuple(float(v) if wants_number else str(v) for v in listed))

    def examples(self, listed: object) -> tuple[RuleExample, ...]:
        if not isinstance(listed, list):
            raise self.wrong('examples must be a list: [{ title = "…", hits = true }]', "examples")
        found = []
        for entry in listed:
            if not isinstance(entry, dict) or not isinstance(entry.get("hits"), bool):
                raise self.wrong("an example needs hits = true or hits = false", "examples")
            fields = {key: value for key, value in entry.items() if key != "hits"}
            for key, value in fields.items():
                if key not in FIELDS:
                    raise self.wrong(f"there is no field {key!r}", "examples", _near(key, FIELDS))
                wanted = (int, float) if key in NUMBER_FIELDS else (str, list)
                if not isinstance(value, wanted) or isinstance(value, bool):
                    raise self.wrong(
                        f"the example's {key} must be a {'number' if key in NUMBER_FIELDS else 'text'}", "examples"
                    )
            values = {
                k: tuple(map(str, v)) if isinstance(v, list) else float(v) if k in NUMBER_FIELDS else v
                for k, v in fields.items()
            }
            told = [str(values[key]) for key in ("title", "excerpt", "body") if key in values]
            found.append(RuleExample({"text": "\n".join(told), **values} if told else values, entry["hits"]))
        return tuple(found)

    def texts(self, value: object, key: str) -> tuple[str, ...]:
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(entry, str) and entry for entry in listed):
            raise self.wrong(f"{key} must be a list of texts", key)
        return tuple(listed)

    def wrong(self, message: str, key: str, hint: str = "") -> ConfigError:
        """Return the error for *key* of this rule, at the line where the rule has it, else where the rule begins."""
        line = self.line
        names = key.split(".")
        for number in range(self.line, min(self.line + 200, len(self.lines)) if self.line else 0):
            if _HEADER.match(self.lines[number]):
                break
            before = self.lines[number].partition("=")[0]
            if all(name in re.findall(r"\w+", before) for name in names):
                line = number + 1
                break
        return ConfigError(message, where=f"{self.path}:{line}" if line else str(self.path), hint=hint)


def _near(wrong: str, right: Collection[str]) -> str:
    close = get_close_matches(wrong, list(right), n=1, cutoff=0.5)
    return f"Did you mean {close[0]!r}?" if close else f"There are: {', '.join(right)}"
