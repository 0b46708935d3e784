"""Writing YAML that a YAML 1.1 and a YAML 1.2 reader both give back as it was: scalars and the lines they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsloom.vocab.yaml12 import Plain, Tree

# What YAML forbids or folds when raw: C0, DEL-U+009F, line and paragraph separator, BOM, the two noncharacters.
_RAW_UNSAFE = "\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff"
_ESCAPED = re.compile(f'["\\\\{_RAW_UNSAFE}]')
_NAMED = {"\\": "\\\\", '"': '\\"', "\r": "\\r", "\n": "\\n", "\t": "\\t", "\x00": "\ufffd"}
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")

_NOT_PLAIN = re.compile(
    rf"""
      \Z                                            # nothing
    | [\s\-?:,\[\]{{}}#&*!|>'"%@`]                  # an indicator, or a blank, to begin with
    | .*(?: :(?:\s|\Z) | \s\# | \s\Z | [{_RAW_UNSAFE}] )
    | (?: y|n|yes|no|on|off|true|false|null|~|=|<< )\Z
    | [-+]? (?: [0-9.][0-9_.,]* (?: e[-+]?[0-9]+ )?  # 1, 1.5, 1_000, 1,000, 1.2.3, 1e3
              | [0-9][0-9_]* (?: :[0-5]?[0-9] )+ (?: \.[0-9_]* )?        # 12:30, base 60 in YAML 1.1
              | 0b[01_]+ | 0o[0-7_]+ | 0x[0-9a-f_]+ | \.inf | \.nan ) \Z
    | [0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}} (?: \Z | [t\s] )               # a date
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_LONGEST_KEY = 120
"""Characters. Readers look for the colon of a key only so far (libyaml and ruamel 1,024); longer ones get a `?`."""


def quoted(text: str) -> str:
    """Return *text* as a double-quoted scalar on one line; NUL and lone surrogates become U+FFFD."""
    return f'"{_ESCAPED.sub(_escape, text)}"' if _ESCAPED.search(text) else f'"{text}"'


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if (named := _NAMED.get(character)) is not None:
        return named
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    return f"\\x{code:02X}" if code <= 0xFF else f"\\u{code:04X}"


def scalar(text: str) -> str:
    """Return *text* without quotes when every reader takes that for the very same string, else double-quoted.

    The rule covers what YAML 1.1, YAML 1.2 and Ruby's Psych resolve, so it quotes a little more than each alone needs.
    """
    text = _NO_TEXT.sub("\ufffd", text)  # first: the same text must look the same when it is written again
    return quoted(text) if _NOT_PLAIN.match(text) else text


def lines(key: str, value: Tree, indent: str = "") -> Iterator[str]:
    """Yield the lines of `key: value` for any tree, block style, two spaces a level, list items two deeper than their key.

    `Plain` scalars are written as they are: whoever made them knows that they are safe, or read them so.
    """
    head = f"{indent}{scalar(key)}:" if len(key) <= _LONGEST_KEY else f"{indent}? {quoted(key)}\n{indent}:"
    if isinstance(value, str):
        yield f"{head} {_scalar_text(value)}\n"
    elif not value:
        yield f"{head} {'{}' if isinstance(value, dict) else '[]'}\n"
    else:
        yield f"{head}\n"
        yield from _members(value, indent + "  ")


def _members(value: Tree, indent: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, member in value.items():
            yield from lines(key, member, indent)
        return
    for member in value:
        if isinstance(member, str):
            yield f"{indent}- {_scalar_text(member)}\n"
        elif not member:
            yield f"{indent}- {'{}' if isinstance(member, dict) else '[]'}\n"
        else:
            first, *rest = _members(member, indent + "  ")
            yield f"{indent}- {first[len(indent) + 2 :]}"
            yield from rest


def _scalar_text(value: str) -> str:
    return value if type(value) is Plain else quoted(value)
