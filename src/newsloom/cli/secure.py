"""`newsloom secure`."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from newsloom.cli.console import (
    HERE,
    JsonOption,
    NowOption,
    PortalOption,
    Watcher,
    counted,
    err,
    failures,
    moment,
    print_json,
    say,
)

if TYPE_CHECKING:
    from newsloom.adapters.crypto.sealing import AesGcmSealer
    from newsloom.flow.secure import Renewal
    from newsloom.flow.world import Bench
    from newsloom.portal import Portal
    from newsloom.vocab.secured import LegacyValue

app = typer.Typer(
    no_args_is_help=True,
    help=(
        "Private fields in a public record: an editor's note, a source's contact. Only your key opens them. "
        "Start with [bold]newsloom secure key ~/.config/newsloom/keys[/]."
    ),
)
_Item = Annotated[str, typer.Argument(help="Id (4 digits are enough), path, file name or address of an item.")]
OldKeyOption = Annotated[
    Path | None,
    typer.Option(
        "--old-key-file",
        help="File with the AES key of the origin's values, hexadecimal or base64; else the variable NEWSLOOM_SECURED_OLD_KEY.",
    ),
]


@app.command()
def key(
    file: Annotated[Path, typer.Argument(help="File of keys, outside of the portal; made when there is none.")],
    portal: PortalOption = HERE,
) -> None:
    """Make a key and put it first: it seals from now on, and the keys below it still open. Keep a copy in a safe place."""
    with failures():
        from newsloom.adapters.crypto.keys import add_key

        made = add_key(file.expanduser(), portal=portal)
        say(f"key {made} seals from now on")
        say(f'In newsloom.toml:\n  \\[secured]\n  key_file = "{escape(str(file))}"')
        say(
            "What is lost with the file is lost: keep a copy. `newsloom secure rotate` seals older values with this key."
        )


@app.command("set")
def set_value(
    item: _Item,
    field: Annotated[str, typer.Argument(help="Name of the field, such as note or contact.")],
    value: Annotated[
        str | None,
        typer.Argument(
            help='Its text; left out or -, it is read from standard input, which no shell history keeps. "" takes the field away.'
        ),
    ] = None,
    portal: PortalOption = HERE,
    now: NowOption = None,
    by: Annotated[str | None, typer.Option("--by", help="Who sets it.", show_default="your user name")] = None,
) -> None:
    """Seal a private field in a record. The same text again changes nothing."""
    with failures():
        from newsloom.app import at_work
        from newsloom.flow.secure import set_field
        from newsloom.portal import open_portal

        opened = open_portal(portal)
        sealer = _sealer(opened)
        text = _typed(field) if value in (None, "-") else value or ""
        with Watcher() as watcher, at_work(opened, watcher.notify) as bench:
            changed = set_field(bench, sealer, item, field, text, by=by or getpass.getuser(), now=moment(now))
        say(("sealed" if text else "taken away") if changed else "unchanged")


@app.command()
def show(
    item: _Item,
    field: Annotated[str | None, typer.Argument(help="One field; all of them by default.")] = None,
    portal: PortalOption = HERE,
    old_key_file: OldKeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Open the private fields of a record. A value of the origin's needs its old key. Exit code 1 when there is none."""
    with failures():
        from newsloom.flow.review import find_record
        from newsloom.flow.secure import ORIGIN_FIELD, show_fields
        from newsloom.listing import read_records
        from newsloom.portal import open_portal
        from newsloom.vocab.secured import LegacyValue, read_secured

        opened = open_portal(portal)
        file = find_record(read_records(opened)[0], item)
        value = read_secured(file.record.secured) if file.record.secured else {}
        if isinstance(value, LegacyValue):
            fields = {ORIGIN_FIELD: _legacy_opener(old_key_file)(value)}
            err.print("[yellow]a value of the origin's: nothing proves that nobody changed it[/]")
        else:
            fields = show_fields(_sealer(opened), file) if value else {}
        chosen = {name: text for name, text in fields.items() if field in (None, name)}
        if as_json:
            print_json(chosen)
        elif field is not None and chosen:
            say(escape(chosen[field]))
        else:
            for name, text in chosen.items():
                say(f"[bold]{name}[/]: {escape(text)}")
        if not chosen:
            err.print("no such private field" if field else "the record has no private fields")
            raise typer.Exit(1)


@app.command()
def rotate(portal: PortalOption = HERE, now: NowOption = None, as_json: JsonOption = False) -> None:
    """Seal everything with the newest key. May be stopped anywhere and run again; afterwards older keys are not needed.

    Git keeps the old values: what the old key opens stays open to whoever has it and the history.
    """
    with failures():
        from newsloom.flow.secure import rotate as seal_anew

        sealer = _sealer_of(portal)
        done = _renewed(portal, lambda bench, who, at: seal_anew(bench, sealer, by=who, now=at), now)
        _report(done, f"sealed with {sealer.current}", "of the origin's form left (`newsloom secure migrate`)", as_json)


@app.command()
def migrate(
    portal: PortalOption = HERE, old_key_file: OldKeyOption = None, now: NowOption = None, as_json: JsonOption = False
) -> None:
    """Seal the origin's values anew, as the private field `origin`. Git keeps the old ones."""
    with failures():
        from newsloom.flow.secure import migrate as take_over

        sealer, opener = _sealer_of(portal), _legacy_opener(old_key_file)
        done = _renewed(portal, lambda bench, who, at: take_over(bench, sealer, opener, by=who, now=at), now)
        _report(done, "taken over", "sealed by newsloom already", as_json)


def _renewed(portal: Path, act: Callable[[Bench, str, datetime], Renewal], now: datetime | None) -> Renewal:
    from newsloom.app import at_work
    from newsloom.portal import open_portal

    with Watcher() as watcher, at_work(open_portal(portal), watcher.notify) as bench:
        return act(bench, getpass.getuser(), moment(now))


def _report(done: Renewal, changed: str, passed: str, as_json: bool) -> None:
    """Tell what a pass did; exit code 1 when a record could not be done."""
    if as_json:
        print_json(asdict(done))
    else:
        for path, reason in done.failed:
            err.print(f"[yellow]left as it is[/] {escape(path)}: {escape(reason)}")
        say(
            f"{counted(done.changed, 'record')} {changed}, {done.unchanged} so already"
            + (f", {done.passed} {passed}" if done.passed else "")
            + (f", {len(done.failed)} failed" if done.failed else "")
        )
    if done.failed:
        raise typer.Exit(1)


def _sealer_of(portal: Path) -> AesGcmSealer:
    from newsloom.portal import open_portal

    return _sealer(open_portal(portal))


def _sealer(opened: Portal) -> AesGcmSealer:
    """Return the sealer with the owner's keys. Raises ConfigError when there are none."""
    from newsloom.adapters.crypto.keys import KEYS_VARIABLE, is_readable_by_others, read_keys
    from newsloom.adapters.crypto.sealing import AesGcmSealer

    name = opened.settings.secured.key_file
    file = Path(name).expanduser() if name else None
    ring = read_keys(file, os.environ, portal=opened.paths.root)
    if file is not None and not os.environ.get(KEYS_VARIABLE) and is_readable_by_others(file):
        err.print(f"[yellow]others on this machine can read {escape(str(file))}[/]: chmod 600 keeps it yours")
    return AesGcmSealer(ring)


def _legacy_opener(file: Path | None) -> Callable[[LegacyValue], str]:
    """Return what opens the origin's values, with the key in *file* or the environment. Raises ConfigError without one."""
    from newsloom.adapters.crypto.keys import OLD_KEY_VARIABLE, read_old_key
    from newsloom.adapters.crypto.sealing import open_legacy
    from newsloom.errors import ConfigError, SecuredError

    where = str(file) if file is not None else OLD_KEY_VARIABLE
    try:
        text = file.expanduser().read_text("utf-8") if file is not None else os.environ.get(OLD_KEY_VARIABLE, "")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError("the old key cannot be read", where=where) from error
    if not text.strip():
        raise ConfigError(
            "the origin's values need their old key", where=where, hint="Name a file with --old-key-file FILE"
        )
    key = read_old_key(text, where=where)

    def opened(value: LegacyValue) -> str:
        try:
            return open_legacy(value, key).decode("utf-8")
        except UnicodeDecodeError:
            raise SecuredError("the old value does not open with this key", hint="Check the key") from None

    return opened


def _typed(field: str) -> str:
    """Return the text of *field* from standard input, asked for when a person sits there; one line end at its end is left out.

    Raises:
        UsageError: nothing came. A job without input, or Ctrl-D alone, must not take a sealed note away.
    """
    from newsloom.errors import UsageError

    if sys.stdin.isatty():
        err.print(f"{field}, then Ctrl-D:")
    text = sys.stdin.read().removesuffix("\n")
    if not text:
        raise UsageError(
            "standard input had no text, so nothing was changed",
            where=field,
            hint='Give the text as an argument or through a pipe; "" as the argument takes the field away',
        )
    return text
