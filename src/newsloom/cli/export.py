"""`newsloom export`."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from newsloom.cli.console import HERE, PortalOption, failures


def export(
    form: Annotated[
        Literal["jsonl", "csv"], typer.Argument(help="jsonl: one JSON object a line; csv: one row an item.")
    ],
    portal: PortalOption = HERE,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; standard output by default.")
    ] = None,
    published: Annotated[bool, typer.Option("--published", help="Only published items.")] = False,
) -> None:
    """Print every record as data, newest first: all of the record's values, without article text."""
    with failures():
        from newsloom.errors import StorageError
        from newsloom.listing import rows_for_export

        rows = rows_for_export(portal, published=published)
        text = _csv(rows) if form == "csv" else "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        if output is None:
            sys.stdout.write(text)
            return
        try:
            output.write_text(text, "utf-8")
        except FileNotFoundError as error:
            raise StorageError(
                "there is no such folder", where=str(output.parent), hint="Make it, or name another file"
            ) from error
        except OSError as error:
            raise StorageError(f"cannot be written ({error.strerror})", where=str(output)) from error


def _csv(rows: list[dict[str, object]]) -> str:
    import io

    from newsloom.publish.export import COLUMNS

    target = io.StringIO()
    writer = csv.DictWriter(target, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(row[name]) for name in COLUMNS})
    return target.getvalue()


def _cell(value: object) -> str:
    """Return *value* as a cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    text = "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else text
