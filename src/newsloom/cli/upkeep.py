"""`newsloom backup`, `restore`, `purge`, `repair`."""

from __future__ import annotations

import shlex
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.filesize import decimal
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


def backup(
    file: Annotated[Path, typer.Argument(help="File to write, such as portal.tar.gz; never overwritten.")],
    portal: PortalOption = HERE,
    state: Annotated[
        bool, typer.Option(" /--no-state", help="Leave the working state out: texts of articles, what is queued.")
    ] = True,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the whole portal to one file. Any tar opens it; `newsloom restore` makes the portal of it again."""
    with failures():
        from newsloom.portal import open_portal
        from newsloom.upkeep import backup as back_up

        contents = back_up(open_portal(portal), file, moment(now), state=state)
        if as_json:
            print_json(asdict(contents))
            return
        for name in contents.left_out:
            err.print(f"[yellow]left out[/] {escape(name)}")
        say(f"{counted(contents.files, 'file')}, {decimal(contents.size_bytes)}, in {escape(str(file))}")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `newsloom backup` wrote.")],
    folder: Annotated[Path, typer.Argument(help="Folder for the portal; new or empty.")],
    as_json: JsonOption = False,
) -> None:
    """Make a portal of a backup, whole or not at all."""
    with failures():
        from newsloom.adapters.files.backup import restore_backup

        contents = restore_backup(file, folder)
        if as_json:
            print_json(asdict(contents))
        else:
            say(f"{counted(contents.files, 'file')} of {contents.made} in {escape(str(folder))}")
            say(f"`newsloom publish --portal {escape(shlex.quote(str(folder)))}` makes its site")


def purge(
    portal: PortalOption = HERE,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Remove nothing; say what would go.")] = False,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove what the portal keeps no longer (table keep of newsloom.toml): old texts, pictures nothing shows. Records and log stay.

    `newsloom run` does it once a day.
    """
    with failures():
        from newsloom.portal import open_portal
        from newsloom.upkeep import purge as remove

        with Watcher(quiet=True) as watcher:
            gone = remove(open_portal(portal), moment(now), watcher.notify, dry_run=dry_run)
        if as_json:
            print_json({**asdict(gone), "removed": not dry_run})
            return
        for name in gone.files[:20] if dry_run else ():
            say(f"  {escape(name)}")
        if dry_run and len(gone.files) > 20:
            say(f"  … and {len(gone.files) - 20} more")
        say(
            f"{'would remove' if dry_run else 'removed'} {counted(gone.texts, 'text')} ({decimal(gone.text_characters)}), "
            f"{counted(len(gone.files), 'file')} ({decimal(gone.file_bytes)})"
        )


def repair(
    portal: PortalOption = HERE,
    force: Annotated[
        bool, typer.Option("--force", help="Make the working state anew even when nothing is wrong with it.")
    ] = False,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Mend the working state: rebuild it from the records, and save the texts that can still be read of a damaged one.

    The records are never touched. Exit code 1 when some of them cannot be read.
    """
    with failures():
        from newsloom.portal import open_portal
        from newsloom.upkeep import repair as mend

        with Watcher(quiet=as_json) as watcher:
            done = mend(open_portal(portal), moment(now), watcher.notify, force=force)
        if as_json:
            print_json(asdict(done))
        else:
            if done.was_healthy and done.saved is None:
                say("nothing is wrong with the working state")
            elif done.saved is None:
                say("rebuilt from the records")
            else:
                saved = done.saved
                say(
                    f"rebuilt from the records; saved {counted(saved.texts, 'text')}, {saved.queued} queued, "
                    f"{counted(saved.sources, 'state')} of sources"
                )
                say(f"the old one is kept for 30 days: {escape(done.aside or '')}")
            for bad in done.quarantined:
                say(f"[red]{escape(bad.path)}[/]: {escape(bad.reason)}")
        if done.quarantined:
            raise typer.Exit(1)
