"""`newsloom init`, `newsloom add`, `newsloom import`."""

from __future__ import annotations

import re
import shlex
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from newsloom.cli.console import (
    HERE,
    JsonOption,
    NowOption,
    PortalOption,
    Watcher,
    failures,
    moment,
    print_json,
    run_async,
    say,
)

import_app = typer.Typer(no_args_is_help=True, help="Bring in what you already have: OPML, pages, WARC files, records.")
MOST_LINES = 20
"""So many pages that failed or were skipped are named by an import; the rest is counted."""
_Path = Annotated[Path, typer.Argument(help="File or folder to import.")]


def init(
    folder: Annotated[Path, typer.Argument(help="Folder of the new portal; made when missing.")] = HERE,
    template: Annotated[
        str,
        typer.Option(
            "--template", "-t", help="`ai`: 21 topics on artificial intelligence and public feeds. `blank`: empty."
        ),
    ] = "blank",
) -> None:
    """Make a new portal: settings, sources and topics as files that you edit. Never overwrites a file."""
    with failures():
        from newsloom.adapters.files.scaffold import scaffold

        made = scaffold(template, folder)
        say(f"made {len(made)} files in {folder.resolve()}")
        say(
            "next: edit newsloom.toml and sources.opml, then: `newsloom run"
            + ("`" if folder == HERE else f" --portal {escape(shlex.quote(str(folder)))}`")
        )


def add(
    url: Annotated[
        str,
        typer.Argument(help="Address of a feed, or of a site whose feed newsloom finds; `https://` may be left out."),
    ],
    portal: PortalOption = HERE,
    folder: Annotated[str | None, typer.Option("--folder", help="Folder in sources.opml, e.g. Tech/AI.")] = None,
    page: Annotated[bool, typer.Option("--page", help="Watch this single page instead of looking for a feed.")] = False,
) -> None:
    """Add a source to sources.opml; finds the feed of a site, and checks that it can be read.

    Headers that newsloom.toml sets for the address are sent. Exit code 1 when there is no feed, 3 when nothing can be fetched.
    """
    with failures():
        run_async(_add(url, portal, folder, page))


async def _add(url: str, portal_folder: Path, folder: str | None, page: bool) -> None:
    from newsloom.adapters.feeds.discovery import discover
    from newsloom.app import WebOptions, fetcher, present, remember_hosts, remembered_hosts
    from newsloom.errors import FeedError
    from newsloom.model.source import Source
    from newsloom.portal import add_sources, headers_for, open_portal
    from newsloom.vocab.urls import resolve, same_origin

    portal = open_portal(portal_folder)
    folders = tuple(part for part in (folder or "").split("/") if part)
    url = _web_address(url)
    if resolve(url, "") in {resolve(source.url, "") for source in portal.sources}:
        say(f"{escape(url)} is already in sources.opml")
        return
    if page:
        source = Source(url=url, kind="page", folders=folders)
    else:
        client = fetcher(portal, present, remembered_hosts(portal), WebOptions())
        try:
            own = {address for address in portal.settings.sources if same_origin(url, address)}
            found = await discover(client, url, headers_for(portal, own), guess=True)
        finally:
            remember_hosts(portal, client.host_states())
            await client.close()
        if not found:
            raise FeedError(
                "no feed was found there", where=url, hint="Give the feed's own address, or watch one page with --page"
            )
        best = found[0]
        source = Source(url=best.url, kind=best.kind, title=best.title, folders=folders)
        for other in found[1:]:
            say(f"  also there: {escape(other.url)} ({escape(other.title or 'untitled')})")
    if not add_sources(portal, (source,)):
        say(f"{escape(source.url)} is already in sources.opml")
        return
    say(f"added {escape(source.title or source.url)} ({escape(source.url)})")
    if url in portal.settings.sources and source.url not in portal.settings.sources:
        table = f'[sources."{source.url}"]'
        say(f"  newsloom.toml names another address: write {escape(table)} there")


def _web_address(text: str) -> str:
    """Return the http(s) address that a person means by *text*: `https://` may be left out. Raises UsageError."""
    from newsloom.errors import UsageError
    from newsloom.vocab.urls import parse_web

    url = text.strip()
    if re.fullmatch(r"(?:[\w-]+(?:\.[\w-]+)+\.?|localhost|\[[\da-fA-F:.]+\])(?::\d+)?(?:[/?#].*)?", url):
        url = f"https://{url}"
    if parse_web(url) is None:
        raise UsageError(
            "this is no http or https address", where=text, hint="Write it as https://news.example/feed.xml"
        )
    return url


@import_app.command("opml")
def import_opml(path: _Path, portal: PortalOption = HERE) -> None:
    """Add every source of an OPML file to sources.opml, folders and categories kept."""
    with failures():
        from newsloom.adapters.files.opml import read_opml
        from newsloom.errors import ConfigError, DataLayoutError
        from newsloom.portal import add_sources, open_portal

        try:
            sources, notes = read_opml(path.read_bytes())
        except OSError as error:
            raise DataLayoutError(f"cannot be read ({error.strerror})", where=str(path)) from error
        except ConfigError as error:
            error.where = str(path)
            raise
        # A list from somewhere else must not make the next run read this machine's folders.
        web = tuple(source for source in sources if source.kind not in ("html", "warc"))
        local = tuple(f"{source.url} is a local archive and was left out" for source in sources if source not in web)
        added = add_sources(open_portal(portal), web)
        for note in (*notes, *local):
            say(f"  [yellow]note[/] {escape(note)}")
        say(f"{len(sources)} sources in the file, {added} added")


def _archive(kind: str, path: Path, portal: Path, now: datetime | None, as_json: bool) -> None:
    from newsloom.app import import_archive
    from newsloom.model.source import Source
    from newsloom.portal import open_portal

    opened = open_portal(portal)
    # Not quiet with --json either: what could not be read is told on standard error.
    with Watcher(most_lines=MOST_LINES) as watcher:
        source = Source(url=str(path.resolve()), kind="html" if kind == "html" else "warc")
        run_async(import_archive(opened, source, moment(now), watcher.notify))
    counts = watcher.counts
    figures = {
        "read": counts["read"], "new": counts["new"], "updated": counts["updated"],
        "already_known": counts["known"], "failed": counts["page-failed"], "skipped": counts["skipped"],
    }  # fmt: skip
    if as_json:
        print_json(figures)
    else:
        told = ", ".join(f"{value} {name.replace('_', ' ')}" for name, value in figures.items())
        say(told + ("; next: `newsloom run`" if counts["read"] else ": nothing was read"))
    if not counts["read"]:
        raise typer.Exit(1)


@import_app.command("html")
def import_html(path: _Path, portal: PortalOption = HERE, now: NowOption = None, as_json: JsonOption = False) -> None:
    """Read a folder of HTML pages: `pages/` with a manifest.jsonl (id, url, fetched) or truth.jsonl, or plain .html files.

    Exit code 1 when nothing could be read.
    """
    with failures():
        _archive("html", path, portal, now, as_json)


@import_app.command("warc")
def import_warc(path: _Path, portal: PortalOption = HERE, now: NowOption = None, as_json: JsonOption = False) -> None:
    """Read the pages of a WARC file (.warc, .warc.gz) or of a folder of them; damaged members are skipped and named.

    Exit code 1 when nothing could be read.
    """
    with failures():
        _archive("warc", path, portal, now, as_json)


@import_app.command("records")
def import_records(path: _Path, portal: PortalOption = HERE, as_json: JsonOption = False) -> None:
    """Copy the records, topics and providers of another portal, byte for byte; files that are there already stay."""
    with failures():
        from newsloom.portal import import_records, open_portal

        figures = import_records(open_portal(portal), path)
        if as_json:
            print_json(figures)
        else:
            say(", ".join(f"{value} {name.replace('_', ' ')}" for name, value in figures.items()))
