"""`newsloom publish` and `newsloom serve`."""

from __future__ import annotations

from typing import Annotated

import typer

from newsloom.cli.console import (
    HERE,
    JsonOption,
    NowOption,
    PortalOption,
    Watcher,
    clock_from,
    failures,
    print_json,
    run_async,
    say,
)


def publish(portal: PortalOption = HERE, now: NowOption = None, as_json: JsonOption = False) -> None:
    """Publish the records as they are now: site, JSON API, feeds. Collects nothing; writes only what changed."""
    with failures():
        from newsloom.app import open_portal
        from newsloom.app import publish as publish_now

        opened = open_portal(portal)
        with Watcher(quiet=as_json) as watcher:
            clock = clock_from(now)
            changed = run_async(publish_now(opened, clock(), watcher.notify, clock=clock))
        if as_json:
            print_json({"changed": list(changed)})
        else:
            say(f"{len(changed)} files changed in {opened.paths.site}")


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
        from newsloom.errors import UsageError

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
            raise UsageError(
                f"cannot listen on {host}:{port} ({error.strerror})", hint="Choose another with --port"
            ) from error
