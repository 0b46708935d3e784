"""`newsloom publish` and `newsloom serve`."""

from __future__ import annotations

import errno
import os
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from newsloom.cli.console import (
    HERE,
    AcceptDeletionsOption,
    JsonOption,
    NowOption,
    PortalOption,
    Watcher,
    clock_from,
    counted,
    err,
    failures,
    moment,
    print_json,
    run_async,
    say,
)
from newsloom.cli.front import AtOption
from newsloom.errors import UsageError


def publish(
    portal: PortalOption = HERE,
    now: NowOption = None,
    at: AtOption = None,
    out: Annotated[Path | None, typer.Option("--out", help="With --at: the folder to publish the past into.")] = None,
    accept_deletions: AcceptDeletionsOption = False,
    as_json: JsonOption = False,
) -> None:
    """Publish the records as they are now: site, JSON API, feeds. Collects nothing; writes only what changed.

    With --at and --out the whole portal as it stood at a moment of the past, made again from the log and the records: titles,
    stories, topics, qualities and what was published as of then; excerpts, pictures, settings and topics as they are today.
    """
    with failures():
        if at is not None or out is not None:
            _publish_past(portal, at, out, as_json)
            return
        from newsloom.app import publish as publish_now
        from newsloom.portal import open_portal

        opened = open_portal(portal)
        with Watcher(quiet=as_json) as watcher:
            clock = clock_from(now)
            changed = run_async(
                publish_now(opened, clock(), watcher.notify, accept_deletions=accept_deletions, clock=clock)
            )
        if as_json:
            print_json({"changed": list(changed)})
        else:
            say(f"{counted(len(changed), 'file')} changed in {opened.paths.site}")


def _publish_past(portal: Path, at: datetime | None, out: Path | None, as_json: bool) -> None:
    from newsloom.adapters.files.site_folder import PublishedFolder
    from newsloom.portal import open_portal
    from newsloom.queries import past_site

    if at is None or out is None:
        raise UsageError(
            "--at and --out belong together", hint="Name the moment and a folder for it; --now publishes the present"
        )
    opened = open_portal(portal)
    if out.resolve() == opened.paths.site.resolve():
        raise UsageError("the past is not published over the present", where=str(out), hint="Name another folder")
    files, unlogged = past_site(opened, moment(at))
    changed = PublishedFolder(out).publish(files)
    if as_json:
        print_json({"changed": list(changed), "as_today": unlogged})
    else:
        say(f"{counted(len(changed), 'file')} changed in {out}")
    if unlogged:
        err.print(f"records without a state in the log, shown as they are today: {unlogged}")


def serve(
    portal: PortalOption = HERE,
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.", min=0, max=65535)] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on; only this machine by default.")] = "127.0.0.1",
) -> None:
    """Show the published portal in a browser on this machine, with the headers a public server should send."""
    with failures():
        from newsloom.adapters.files.portal import open_portal_folder
        from newsloom.adapters.http.serve import serve_site
        from newsloom.config import read_settings

        paths = open_portal_folder(portal)
        if not (paths.site / "index.html").exists():
            raise UsageError(
                "nothing is published yet", where=str(paths.site), hint="Run `newsloom run` or `newsloom publish` first"
            )
        base = read_settings(paths.settings).site.base_path
        try:
            run_async(
                serve_site(
                    paths.site,
                    host=host,
                    port=port,
                    base_path=base,
                    ready=lambda url: say(f"serving {url} (Ctrl-C ends)"),
                )
            )
        except KeyboardInterrupt:
            return  # the way to end it, as it says
        except OSError as error:
            raise not_listening(host, port, error) from error


def not_listening(host: str, port: int, error: OSError) -> UsageError:
    """Return what to tell of *error*, which kept us from listening: whether the port or the host is the problem."""
    if error.errno == errno.EADDRINUSE:
        return UsageError(f"port {port} of {host} is taken", hint="Choose another with --port; 0 takes a free one")
    said = (
        os.strerror(error.errno)
        if error.errno and error.errno > 0 and error.errno < 200
        else str(error.strerror or error)
    )
    if error.errno == errno.EACCES:
        return UsageError(f"cannot listen on {host}:{port} ({said})", hint="Choose a --port of 1024 or more")
    hint = "Choose another --host: 127.0.0.1 for this machine only, 0.0.0.0 for everybody who can reach it"
    return UsageError(f"cannot listen on {host}:{port} ({said})", hint=hint)


def require_free_port(host: str, port: int) -> None:
    """Raise UsageError when nothing could be served on *host* and *port*: better told before long work than after it."""
    from newsloom.adapters.http.serve import try_port

    try:
        try_port(host, port)
    except OSError as error:
        raise not_listening(host, port, error) from error
