"""Write the reference pages that are made from the code: settings, errors, commands. Run: python docs/generate.py

A test compares the pages with what the code says, so they cannot lag behind.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from newsloom import errors
from newsloom.config import Settings, SourceSettings

REFERENCE = Path(__file__).parent / "reference"
_MADE = "<!-- Made by docs/generate.py from {source}. Do not edit: change the code, then run it. -->"
_BOUNDS = {"ge": "at least {}", "gt": "over {}", "le": "at most {}", "lt": "under {}", "min_length": "not empty"}
_TYPES = {str: "text", int: "whole number", float: "number", bool: "true or false"}


def settings_page() -> str:
    """Return the reference of newsloom.toml."""
    parts = [
        _MADE.format(source="newsloom.config.Settings"),
        "# Settings: newsloom.toml",
        (
            "Every key is optional. A key that does not exist, or a value that cannot be, stops newsloom with a message that names "
            "the place and the nearest right key."
        ),
        (
            "Each setting can also be given by an environment variable, which wins over the file: `NEWSLOOM_`, the table, two "
            'underscores, the key. `NEWSLOOM_SITE__TITLE="My portal"` sets `title` in `[site]`.'
        ),
    ]
    for name, field in Settings.model_fields.items():
        table: Any = SourceSettings if name == "sources" else field.annotation
        heading = '[sources."ADDRESS"]' if name == "sources" else f"[{name}]"
        parts += [f"## {heading}", _about(table), "\n".join(_setting_rows(table))]
    return "\n\n".join(parts) + "\n"


def _about(table: type[BaseModel]) -> str:
    said = inspect.getdoc(table) or ""
    sentence = " ".join(said.partition(": ")[2].split())
    return sentence[:1].upper() + sentence[1:]


def _setting_rows(table: type[BaseModel]) -> Iterator[str]:
    yield "| key | kind | default | meaning |"
    yield "|---|---|---|---|"
    for name, field in table.model_fields.items():
        yield f"| `{name}` | {_kind(field)} | {_default(field)} | {_cell(field.description or '')} |"


def _kind(field: FieldInfo) -> str:
    words = _type_words(field.annotation)
    bounds = [
        pattern.format(f"{limit:,}" if isinstance(limit, int) else limit)
        for name, pattern in _BOUNDS.items()
        for constraint in field.metadata
        if (limit := getattr(constraint, name, None)) is not None
    ]
    return ", ".join([words, *bounds])


def _type_words(kind: Any) -> str:
    origin, inside = get_origin(kind), get_args(kind)
    if kind in _TYPES:
        return _TYPES[kind]
    if origin is Literal:
        return " or ".join(f"`{value}`" for value in inside)
    if origin in (Union, UnionType):
        return " or ".join(_type_words(part) for part in inside if part is not NoneType)
    if origin is list:
        return f"list of {_type_words(inside[0])}s"
    if origin is dict:
        return f"table of {_type_words(inside[-1])}s"
    return _type_words(inside[0]) if inside else "text"


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    if value is None or value is PydanticUndefined:
        return "none"
    return "empty" if value in ("", [], {}) else f"`{value}`"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def errors_page() -> str:
    """Return the reference of errors and exit codes."""
    tree = inspect.getdoc(errors) or ""
    drawn = "\n".join(line for line in tree.splitlines()[1:] if line.startswith("    ")).rstrip()
    rows = [
        f"| `{kind.__name__}` | {kind.exit_code} | {(inspect.getdoc(kind) or '').splitlines()[0]} |"
        for kind in _family(errors.NewsloomError)
    ]
    return "\n\n".join(
        [
            _MADE.format(source="newsloom.errors"),
            "# Errors and exit codes",
            "Every error newsloom raises on purpose says what happened, where, and what you can do next. There is one tree:",
            f"```text\n{inspect.cleandoc(drawn)}\n```",
            "\n".join(["| error | exit code | meaning |", "|---|---|---|", *rows]),
            "## Exit codes",
            "\n".join(
                [
                    "| code | meaning |",
                    "|---|---|",
                    "| 0 | done |",
                    "| 1 | done, with a negative answer: nothing found, a check failed, something could not be read |",
                    "| 2 | wrong use: an argument, a setting, a missing portal, data of the wrong layout |",
                    "| 3 | the network answered badly, or not at all |",
                    "| 4 | the disk or the working state did not take what must be kept |",
                    "| 5 | another run is at work in this portal |",
                    "| 130 | interrupted; what was stored is kept |",
                ]
            ),
        ]
    ) + "\n"  # fmt: skip


def _family(kind: type[errors.NewsloomError]) -> Iterator[type[errors.NewsloomError]]:
    yield kind
    for child in kind.__subclasses__():
        # A module's own finer kinds never reach the user: they are turned into these on the way.
        if child.__module__ == errors.__name__:
            yield from _family(child)


def commands_page() -> str:
    """Return the reference of the command line."""
    from typer.main import get_command

    from newsloom.cli.main import app

    root = get_command(app)
    parts = [_MADE.format(source="newsloom.cli.main"), "# Commands", _plain(root.help)]
    for words, command in _commands(root, ("newsloom",)):
        parts += [f"## {' '.join(words)}", _plain(command.help)]
        hints = get_type_hints(inspect.unwrap(command.callback))
        shown = [parameter for parameter in command.params if not getattr(parameter, "hidden", False)]
        arguments = [parameter for parameter in shown if not _is_option(parameter)]
        usage = [*words, *(_argument(argument) for argument in arguments)]
        parts.append(f"```text\n{' '.join(usage)}{' [OPTIONS]' if len(arguments) < len(shown) else ''}\n```")
        rows = [_parameter_row(parameter, hints[parameter.name]) for parameter in shown]
        if rows:
            parts.append("\n".join(["| argument or option | default | meaning |", "|---|---|---|", *rows]))
    return "\n\n".join(part for part in parts if part) + "\n"


def _commands(command: Any, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, child in getattr(command, "commands", {}).items():
        if hasattr(child, "commands"):
            yield from _commands(child, (*words, name))
        else:
            yield (*words, name), child


def _is_option(parameter: Any) -> bool:
    return any(name.startswith("-") for name in (*parameter.opts, *parameter.secondary_opts))


def _argument(parameter: Any) -> str:
    name = parameter.name.upper()
    shown = f"{name}..." if parameter.nargs == -1 else name
    return shown if parameter.required else f"[{shown}]"


def _parameter_row(parameter: Any, kind: Any) -> str:
    choices = _choices(kind)
    if not _is_option(parameter):
        name = f"`{_argument(parameter).strip('[]')}`" + (f": {choices}" if choices else "")
    else:
        names = sorted([*parameter.opts, *parameter.secondary_opts], key=lambda option: (len(option) > 2, option))
        takes = "" if parameter.is_flag else f" {(parameter.metavar or _value_name(kind))}"
        name = ", ".join(f"`{option}{takes}`" for option in names) + (f": {choices}" if choices and takes else "")
    meaning = _plain(parameter.help)
    if getattr(parameter, "envvar", None):
        meaning += f" Also from the environment: `{parameter.envvar}`."
    return f"| {_cell(name)} | {_parameter_default(parameter)} | {_cell(meaning)} |"


def _choices(kind: Any) -> str:
    return ", ".join(f"`{value}`" for value in get_args(kind)) if get_origin(kind) is Literal else ""


def _value_name(kind: Any) -> str:
    kinds = [part for part in get_args(kind) if part is not NoneType] or [kind]
    return {Path: "PATH", int: "N", float: "N", datetime: "TIME", str: "TEXT"}.get(kinds[0], "NAME")


def _parameter_default(parameter: Any) -> str:
    if parameter.required:
        return "required"
    if isinstance(getattr(parameter, "show_default", None), str):
        return str(parameter.show_default)
    value = parameter.default
    if getattr(parameter, "is_flag", False):
        return "off"
    if value is None or value == () or callable(value):
        return "none"
    return "this folder" if value == Path() else f"`{value}`"


def _plain(text: str | None) -> str:
    """Return *text* without the terminal's markup, paragraphs kept, each on one line."""
    cleaned = re.sub(r"\[/?(?:bold|dim)?\]", "`", inspect.cleandoc(text or ""))
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in cleaned.split("\n\n"))


PAGES: dict[str, Callable[[], str]] = {"settings.md": settings_page, "errors.md": errors_page, "cli.md": commands_page}


if __name__ == "__main__":
    for page, made in PAGES.items():
        (REFERENCE / page).write_text(made(), "utf-8")
